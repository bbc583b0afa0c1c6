"""The guide "a new kind in thirty minutes", followed to the letter: its boxes are typed, in a folder of their own."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

from support.commands import reportkit
from support.repository import ROOT

_PAGE = (ROOT / "docs/new-kind.md").read_text(encoding="utf-8")
_BOX = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"`([\w./-]+\.(?:html|yaml|toml))`")


class Box(NamedTuple):
    """A box of the page: its language, what is in it, and the file that was named last before it."""

    language: str
    text: str
    file: str


def boxes() -> list[Box]:
    return [Box(found[1], found[2], _file(_PAGE[: found.start()])) for found in _BOX.finditer(_PAGE)]


def _file(before: str) -> str:
    return (_NAMED.findall(before) or [""])[-1]


def typed(root: Path, line: str) -> str:
    """What a line of a box says when it is typed; it must end well."""
    if line.startswith("reportkit "):
        done = reportkit(root, *shlex.split(line)[1:])
    else:
        done = subprocess.run(["sh", "-c", line], cwd=root, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def fill_in(path: Path) -> None:
    """Type the page's figures and words into the workbook, by the labels of rows and columns."""
    table = re.search(r"^\| Collections .*?\n\n", _PAGE, re.MULTILINE | re.DOTALL)
    words = re.search(r"for \*The year in brief\*: `([^`]+)`", _PAGE)
    assert table
    assert words
    head, _line, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table[0].split("\n") if line
    ]
    book = openpyxl.load_workbook(path)
    sheet = next(one for one in book if one.title == "What was collected")
    place = {str(cell.value): cell for row in sheet.iter_rows() for cell in row if cell.value}
    for label, *figures in rows:
        for column, figure in zip(head[1:], figures, strict=True):
            sheet.cell(place[label].row, place[column].column).value = int(figure)
    text = book["Text of the report"]
    heading = next(cell for row in text.iter_rows() for cell in row if cell.value == "The year in brief")
    text.cell(heading.row + 1, heading.column).value = words[1]
    book.save(path)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the page is for a shell")
def test_the_guide_is_followed_to_the_letter(tmp_path):
    """Types all commands of the page, and makes the report twice."""
    root, said = tmp_path, ""
    for box in boxes():
        if box.language != "sh":
            (root / box.file).write_text(box.text, encoding="utf-8")
            continue
        for line in box.text.splitlines():
            if line.startswith("cd "):
                root /= line.removeprefix("cd ")
                continue
            if line.startswith("reportkit import"):
                fill_in(root / "Ashby.xlsx")
            said += f"$ {line}\n{typed(root, line)}"
    assert "6 of 6 rows as there" in said
    assert "waste        Waste and recycling report; forms: waste; of this project" in said
    assert said.count("1 built") == 2
    page = (root / "dist/2025/Ashby.html").read_text(encoding="utf-8")
    for words in ("2,685 tonnes were collected in 2025, after 2,720", "-3.4%", "The second truck", "527,500"):
        assert words in page, page
    assert "Plans" not in page
    assert (root / "dist/2025/Ashby.pdf").stat().st_size > 10_000


def test_every_box_that_is_a_file_has_its_name_before_it():
    assert {box.file for box in boxes() if box.language != "sh"} == {
        "table.html", "forms/waste.yaml", "reportkit.toml", "kinds/waste/kind.yaml",
    }  # fmt: skip


def test_the_page_of_entries_is_what_the_shapes_say(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import entries

    assert entries.PAGE.read_text(encoding="utf-8") == entries.page()
