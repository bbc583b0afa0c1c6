"""A town that reads no Chinese: nothing that an English form makes or says holds a Chinese sign."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from reportkit.cli import app
from reportkit.kinds import KINDS
from reportkit.project import load_project
from reportkit.report.narrative.cell_values import english
from reportkit.skeletons import begin
from reportkit.workbench import Desk
from support.commands import reportkit
from support.languages import issues_in, speaking

HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
TOWN = "params/2025/Alder Falls.yaml"
LAST = {"New homes": "{This year: 22, Last year: 20}", "Additions": "{This year: 74, Last year: 70}",
        "Solar": "{This year: 87, Last year: 66}"}  # fmt: skip


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A project of the kind town-report, with the year before, this year beside it, and a county's towns."""
    with speaking("C"):
        begin(str(tmp_path), "town-report")
    text = (tmp_path / TOWN).read_text(encoding="utf-8")
    last = text.replace("2025", "2024")
    for row, figures in LAST.items():
        last = re.sub(rf"    {row}: .*", f"    {row}: {figures}", last)
    (tmp_path / "params/2024").mkdir()
    (tmp_path / "params/2024/Alder Falls.yaml").write_text(last, encoding="utf-8")
    (tmp_path / "params/2025/North").mkdir()
    (tmp_path / "params/2025/North/Birch.yaml").write_text(text.replace("Alder Falls", "Birch"), encoding="utf-8")
    settings = tmp_path / "reportkit.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("# compare = false", "compare = true"), encoding="utf-8"
    )
    return tmp_path


def chinese(text: str) -> list[str]:
    """Where a text has a Chinese sign, with what stands around."""
    return [text[max(found.start() - 30, 0) : found.end() + 30] for found in HAN.finditer(text)][:3]


def shown(notebook: Path) -> str:
    """What the cells of a notebook say and show; the record of its master is for nobody's eyes."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return json.dumps([[cell["source"], cell.get("outputs")] for cell in cells], ensure_ascii=False)


def inside(path: Path) -> str:
    """All that a workbook of ours says, but for the theme, which comes with the library."""
    with zipfile.ZipFile(path) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if not name.startswith("xl/theme"))


def test_what_comes_with_the_kind_is_english(town):
    files = {path.relative_to(town).as_posix(): path for path in town.rglob("*") if path.is_file()}
    texts = {name: shown(path) if path.suffix == ".ipynb" else path.read_text("utf-8") for name, path in files.items()}
    assert {name: found for name, text in texts.items() if (found := chinese(text))} == {}
    assert {path.name: chinese(path.read_text("utf-8")) for path in (KINDS / "town-report").rglob("*.yaml")} == {
        path.name: [] for path in (KINDS / "town-report").rglob("*.yaml")
    }


@pytest.mark.slow
def test_the_pages_and_the_notebook_of_a_report_are_english(town):
    """Makes the PDF, too."""
    built = reportkit(town, "build", "params/2025", "--jobs", "1")
    assert (built.returncode, chinese(built.stdout + built.stderr)) == (0, [])
    page = town / "dist/2025/Alder Falls.html"
    assert "Annex: comparison with last year" in page.read_text(encoding="utf-8")
    assert chinese(page.read_text(encoding="utf-8")) == []
    assert chinese(shown(page.with_suffix(".ipynb"))) == []
    pdf = PdfReader(page.with_suffix(".pdf"))
    said = "".join(leaf.extract_text() for leaf in pdf.pages) + str(pdf.metadata)
    assert ("General Fund" in said, chinese(said), pdf.trailer["/Root"]["/Lang"]) == (True, [], "en-US")


def test_its_workbooks_and_files_are_english_and_so_is_what_is_said_of_them(town, monkeypatch, capsys):
    monkeypatch.chdir(town)
    wrong = (town / TOWN).read_text(encoding="utf-8").replace("Spent: 146912.35", "Spent: TO CHECK").replace("New homes: {This year: 23, Last year: 22}", "New homes: {This year: 23, Last year: 9}")  # fmt: skip
    (town / TOWN).write_text(wrong, encoding="utf-8")
    with speaking("C"), issues_in(""):
        for words in (
            ["form", "-o", "blank.xlsx"],
            ["form", "--from", TOWN, "-o", "next.xlsx"],
            ["form", "--county", "--from", "params/2025/North", "-o", "county.xlsx"],
            ["new", "2026"],
            ["rollup", "params/2025/North", "-o", "north.yaml"],
            ["import", "next.xlsx", "--into", "imported"],
            ["check"],
            ["status"],
        ):
            app(words, standalone_mode=False)
    said = capsys.readouterr()
    assert "R24 error" in said.out
    assert "TO CHECK" in (town / "params/2026/Alder Falls.yaml").read_text(encoding="utf-8") or "V7" in said.out
    assert chinese(said.out + said.err) == []
    assert {path.name: chinese(inside(path)) for path in town.glob("*.xlsx")} == {
        "blank.xlsx": [], "next.xlsx": [], "county.xlsx": [],
    }  # fmt: skip
    made = [*(town / "params/2026").rglob("*.yaml"), *(town / "imported").rglob("*.yaml"), town / "north.yaml"]
    assert len(made) == 4
    assert {path.name: chinese(path.read_text(encoding="utf-8")) for path in made} == {path.name: [] for path in made}


def test_a_file_in_the_workbench_is_english(town):
    (town / TOWN).write_text(
        (town / TOWN).read_text(encoding="utf-8").replace("Spent: 146912.35", "Spent: TO CHECK"), encoding="utf-8"
    )
    told: list[str] = []
    with speaking("C"), issues_in(""):
        desk = Desk(load_project(town), lambda message: told.append(json.dumps(message, ensure_ascii=False)))
        desk.hello({})
        desk.open({"year": 2025, "inside": "Alder Falls"})
        desk.close()
    said = "".join(told)
    assert ("General Fund" in said, "TO CHECK" in said) == (True, True)
    assert chinese(said) == []


def test_a_day_is_written_as_an_english_report_writes_it():
    assert (str(english(date(2025, 5, 6))), english(date(2025, 5, 6)).month, english("x")) == ("May 6, 2025", 5, "x")
