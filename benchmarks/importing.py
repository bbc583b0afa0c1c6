"""The import of a county's workbook, as a command and in its two halves, beside plain readers and writers.

    uv run python benchmarks/importing.py [--quick] [--rows 1000] [--rounds 3]

The workbook is `reportkit form --county`'s, with SYNTHETIC towns in its rows: every cell of the form, the totals as
formulas with their results. Peers in the same run: `pandas.read_excel` of the same file, which gives the cells as a
table and looks at nothing; and `yaml.safe_dump` of what the parameter files hold, written without a check and without
waiting for the disk. Neither imports anything: they are the price of the file formats alone. The command's seconds have
its start and all imports in them, the peers' have not.

Seconds are the best of the rounds. Those of the processor count, as other programs share the machine; the wall's are
only those of an idle one.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from measure import expect, print_table, run, verdict, workplace
from synthetic import write_towns

from reportkit.form_workbook.county import county_bytes
from reportkit.form_workbook.prefill import entries_of
from reportkit.imports.dispatch import read_any
from reportkit.imports.importer import Importer
from reportkit.imports.targets import Places
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Filing
from reportkit.model.reading import Hints, Reading
from reportkit.notebook import parameters
from reportkit.project import load_project

YEAR = 2023
FULL = 1000
QUICK = 100
"""Rows for a look at whether everything works."""

TARGET = 5.0
"""Seconds that the import of 1,000 rows may take: the whole command, one core."""


@dataclass(frozen=True)
class Spent:
    """Seconds of the wall's clock and of the processor."""

    wall: float
    cpu: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=FULL)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} rows and one round, for CI")
    wanted = parser.parse_args()
    rows, rounds = (QUICK, 1) if wanted.quick else (wanted.rows, wanted.rounds)
    with workplace() as folder:
        measure(folder, *make(folder, rows), rounds)


def make(folder: Path, rows: int) -> tuple[Path, list[Filing]]:
    """Return a county's workbook, in a folder of its own, and the filings in it."""
    project = load_project(folder)
    filings = [project.read(path) for path in write_towns(folder / "source", rows, YEAR)]
    book = folder / "county" / "合成县.xlsx"
    book.parent.mkdir()
    book.write_bytes(county_bytes(shipped_forms()["2021"], [entries_of(filing) for filing in filings], YEAR))
    return book, filings


def measure(folder: Path, book: Path, filings: Sequence[Filing], rounds: int) -> None:
    cells = sum(len(filing.values) for filing in filings)
    print(f"{len(filings)} rows, {cells} cells, {book.stat().st_size / 1e6:.1f} MB; best of {rounds}")
    fresh = partial(new_folder, folder / "made")
    command(book, fresh(), len(filings))  # which makes the bytecode
    forms = shipped_forms()
    readings = read_any(book, forms, Hints())
    agree(readings, filings)
    holds = [parameters(replace(filing, narrative={})) for filing in filings]  # the workbook has no words
    whole = "reportkit import: the whole command"
    read, write = "  reading: read_any", "  writing: Importer.bring, each file read back"
    table, dumped = "pandas.read_excel, calamine: cells", "yaml.safe_dump: files"
    in_c = "yaml.dump with the C dumper: files"
    spent = {
        whole: best([command(book, fresh(), len(filings)) for _ in range(rounds)]),
        read: best([timed(lambda: read_any(book, forms, Hints())) for _ in range(rounds)]),
        write: best([timed(partial(bring, readings, fresh())) for _ in range(rounds)]),
        table: best([timed(lambda: pd.read_excel(book, engine="calamine", header=None)) for _ in range(rounds)]),
        dumped: best([timed(partial(dump, holds, fresh(), yaml.SafeDumper)) for _ in range(rounds)]),
        in_c: best([timed(partial(dump, holds, fresh(), yaml.CSafeDumper)) for _ in range(rounds)]),
    }  # fmt: skip
    print_table(
        ("", "wall s", "processor s", "× the command"),
        [
            (name, f"{each.wall:.2f}", f"{each.cpu:.2f}", f"{each.cpu / spent[whole].cpu:.2f}")
            for name, each in spent.items()
        ],
    )
    print(f"reading / pandas: {spent[read].cpu / spent[table].cpu:.1f}×, "
          f"writing / safe_dump: {spent[write].cpu / spent[dumped].cpu:.2f}×, "
          f"the command / both peers: {spent[whole].cpu / (spent[table].cpu + spent[dumped].cpu):.2f}×")  # fmt: skip
    if len(filings) >= FULL:  # of fewer rows the start is too large a part
        for_a_thousand = spent[whole].cpu * FULL / len(filings)
        verdict("processor seconds for 1,000 rows", for_a_thousand, f"under {TARGET:g}", met=for_a_thousand < TARGET)


def new_folder(parent: Path) -> Path:
    """Return an empty folder that nothing has been written to yet."""
    folder = parent / str(len(list(parent.iterdir())) if parent.exists() else 0)
    folder.mkdir(parents=True)
    return folder


def command(book: Path, folder: Path, rows: int) -> Spent:
    """Import the workbook by the command line. Raises CommandError if it fails, or if not every row has its file."""
    used = run([sys.executable, "-m", "reportkit", "import", book, "--into", "params"], folder)
    expect(folder / "params", rows, ["yaml"])
    return Spent(used.seconds, used.cpu)


def agree(readings: Sequence[Reading], filings: Sequence[Filing]) -> None:
    """Raise ValueError unless just the figures that the workbook was made of have been read."""
    for reading, filing in zip(readings, filings, strict=True):
        if dict(reading.values) != dict(filing.values) or reading.jurisdiction != filing.jurisdiction:
            raise ValueError(f"{filing!r} was read as {reading!r}")


def bring(readings: Sequence[Reading], folder: Path) -> None:
    importer = Importer(Places(folder), shipped_forms())
    if not all(one.well for one in importer.bring(readings)):
        raise ValueError("not every row was written")


def dump(holds: Sequence[dict[str, Any]], folder: Path, dumper: type) -> None:
    for number, parameter in enumerate(holds):
        text = yaml.dump(parameter, Dumper=dumper, allow_unicode=True, sort_keys=False)
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")


def timed(job: Callable[[], object]) -> Spent:
    """Return what a call takes, all threads of this process together."""
    wall, cpu = time.perf_counter(), time.process_time()
    job()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


def best(rounds: Sequence[Spent]) -> Spent:
    return Spent(min(each.wall for each in rounds), min(each.cpu for each in rounds))


if __name__ == "__main__":
    main()
