"""Damaged files by the thousand: each is read or refused, in bounded time, and no command ends with a fault of ours."""

import contextlib
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import yaml

import fuzz_readers
from reportkit.batch.purity import is_plain
from reportkit.checks import check
from reportkit.errors import ReaderError, UserError
from reportkit.kinds import KINDS, load_forms, shipped_forms
from reportkit.notebook import is_edited
from reportkit.notebook.towns import changes, copy_path, make_copy, printed, read_town
from reportkit.params.reader import read_params
from support.damaged import (
    damage_copies,
    damage_journal,
    damaged_form,
    damaged_notebook,
    damaged_text,
    journal_of,
    reasons,
)
from support.offices import GOOD, bring, files, office
from support.repository import SUQIAN


class Shop:
    """What reads a notebook, a journal, a parameter file and a form, each for a seed: what came of it, in one word."""

    def __init__(self, root: Path) -> None:
        self.project = office(root, "甲", "乙")
        bring(self.project)
        self.name = "2019/宁海县/甲"
        self.filing = self.project.read(self.project.file_of(self.name))
        make_copy(self.project, self.name, self.filing)
        self.copy = copy_path(self.project, self.name)
        self.output = self.project.dist / f"{self.name}.ipynb"
        self.raw = self.copy.read_bytes(), self.output.read_bytes(), journal_of(self.project).read_bytes()
        form = (KINDS / "ogi/forms/ogi-2021.yaml").read_bytes()
        self.form = form.replace(b'edition: "2021"', b'edition: "own"')
        self.params = SUQIAN.read_bytes()

    def read_copy(self, source: random.Random) -> str:
        self.copy.write_bytes(damaged_notebook(source, self.raw[0]))
        printed(self.project, self.name, self.filing)
        try:
            town = read_town(self.project, self.name, self.filing)
            is_plain(town.text)
            list(changes(town))
            make_copy(self.project, self.name, self.filing)
        except UserError:
            return "refused"
        return "read"

    def read_output(self, source: random.Random) -> str:
        self.output.write_bytes(damaged_notebook(source, self.raw[1]))
        return "edited" if is_edited(self.output) else "as made"

    def read_journal(self, source: random.Random) -> str:
        for path in journal_of(self.project).parent.glob("journal*"):
            path.unlink()
        journal_of(self.project).write_bytes(self.raw[2])
        damage_journal(source, journal_of(self.project))
        note, why = reasons(self.project)
        assert why == ["new", "new"] or not note
        return "put aside" if note else "read"

    def read_params(self, source: random.Random) -> str:
        try:
            check(read_params(Path("甲.yaml"), shipped_forms(), "甲.yaml", damaged_text(source, self.params)))
        except ReaderError:
            return "refused"
        return "read"

    def read_form(self, source: random.Random) -> str:
        folder = self.project.forms_folder
        folder.mkdir(exist_ok=True)
        tree = yaml.safe_load(self.form)
        content = damaged_form(source, tree) if source.random() < 0.7 else damaged_text(source, self.form)
        (folder / "own.yaml").write_bytes(content)
        forms = load_forms(folder)
        with contextlib.suppress(ReaderError):
            check(read_params(Path("甲.yaml"), forms, "", self.params.replace(b'edition: "2021"', b'edition: "own"')))
        return "broken" if forms.broken else "good"

    def read_workbook(self, source: random.Random) -> str:
        raw = fuzz_readers.damaged_inside(source, source.choice(fuzz_readers.workbooks()), [b""])
        try:
            fuzz_readers.read_sheets(raw)
        except ReaderError:
            return "refused"
        return "read"


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Shop:
    return Shop(tmp_path_factory.mktemp("shop") / "x")


SEED, TIMES = (int(os.environ.get(f"REPORTKIT_{name}", default)) for name, default in (("SEED", "1"), ("TIMES", "1")))
"""Which damages the slow tests do, and how many times as many as CI has time for."""

SECONDS = 20
"""What no damaged file may take of the processor."""


def tried(read: Callable[[random.Random], str], seeds: Iterable[int]) -> Counter[str]:
    """What came of each seed's file; nothing may be raised, and nothing may take long."""
    came: Counter[str] = Counter()
    for seed in seeds:
        start = time.process_time()
        try:
            came[read(random.Random(seed))] += 1
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
        assert time.process_time() - start < SECONDS, f"seed {seed}"
    return came


@pytest.mark.parametrize(
    ("what", "number"), [("copy", 12), ("output", 12), ("journal", 15), ("params", 60), ("form", 15)]
)
def test_some_damaged_files_are_read_or_refused(shop, what, number):
    assert len(tried(getattr(shop, f"read_{what}"), range(number))) == 2


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize(
    ("what", "number"),
    [("copy", 250), ("output", 400), ("journal", 300), ("params", 1550), ("form", 50), ("workbook", 15)],
)
def test_ten_thousand_damaged_files_are_read_or_refused(shop, what, number, part):
    first, number = SEED + part * TIMES * number, TIMES * number
    print(f"{number} seeds from {first}")
    assert len(tried(getattr(shop, f"read_{what}"), range(first, first + number))) == 2


@pytest.mark.slow
def test_commands_end_well_among_damaged_files(tmp_path):
    seed = SEED
    print(f"seed {seed}")
    source, towns = random.Random(seed), [f"合成{number}镇" for number in range(24)]
    project = office(tmp_path, *towns)
    bring(project)
    damage_copies(project, towns[:8], seed)
    for town in towns[8:14]:
        project.file_of(f"2019/宁海县/{town}").write_bytes(damaged_text(source, GOOD.replace("桑洲镇", town).encode()))
    for town in towns[14:18]:
        path = project.dist / f"2019/宁海县/{town}.ipynb"
        path.write_bytes(damaged_notebook(source, path.read_bytes()))
    damage_journal(source, journal_of(project))
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms/own.yaml").write_bytes(
        damaged_form(source, yaml.safe_load((KINDS / "ogi/forms/ogi-2021.yaml").read_bytes()))
    )
    for command in (["check"], ["status"], ["build", "--to", "html"], *([word, towns[0]] for word in ("diff", "edit"))):
        options = ["--no-open"] if command[0] == "edit" else []
        done = subprocess.run(
            [sys.executable, "-m", "reportkit", *command, *options],
            cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode in (1, 2), (seed, command, done)
        assert "Traceback" not in done.stdout + done.stderr, (seed, command)
        assert "a fault of reportkit" not in done.stdout, (seed, command)
    there = files(project.dist)
    assert [town for town in towns[18:] if f"2019/宁海县/{town}.html" not in there] == []
    assert [town for town in towns[:8] if f"2019/宁海县/{town}.html" in there] == []
