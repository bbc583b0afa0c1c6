"""Cells as their authors left them, and the notes that show a conflict in the notebook."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.notebook.cells import Cell, as_json, cells_of
from reportkit.notebook.conflict_note import is_note, note_of
from reportkit.notebook.line_merge import Labels
from reportkit.notebook.merge import Conflict
from reportkit.notebook.own_words import drafted
from support.merge_cases import MARKS, SENTENCES

MARKED = SENTENCES + MARKS


def nb(*cells: dict) -> dict:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def raw(source: object = "甲", cell_type: str = "code", **more: object) -> dict:
    return {"cell_type": cell_type, "metadata": {}, "source": source, **more}


def test_cells_are_what_their_author_wrote():
    left_behind = {
        "trusted": True,
        "editable": True,
        "deletable": False,
        "execution": {},
        "jupyter": {"source_hidden": True},
        "tags": [],
        "slideshow": {"slide_type": "skip"},
    }
    cells = cells_of(
        nb(
            raw(["甲\n", "乙"], id="a", metadata=left_behind, outputs=[{}], execution_count=3),
            raw("p", id="i", metadata={"tags": ["injected-parameters"]}),
            raw("note", "markdown", id="failure-note"),
            raw("picture", "markdown", attachments={"image.png": {}}),
        )
    )
    assert cells == [
        Cell("a", "code", "甲\n乙", {"deletable": False, "slideshow": {"slide_type": "skip"}}),
        Cell("cell-4", "markdown", "picture", {}, {"image.png": {}}),
    ]
    assert as_json(cells[0]) == {
        "id": "a", "cell_type": "code", "metadata": {"deletable": False, "slideshow": {"slide_type": "skip"}},
        "source": "甲\n乙", "outputs": [], "execution_count": None,
    }  # fmt: skip
    assert cells_of(nb(*map(as_json, cells))) == cells


@given(st.lists(st.sampled_from(["a", "a-2", "a-3", "cell-2", None]), max_size=6))
def test_every_cell_gets_an_id_of_its_own(names: list[str | None]):
    cells = cells_of(nb(*(raw(f"{at}") | ({"id": name} if name else {}) for at, name in enumerate(names))))
    assert len({cell.id for cell in cells}) == len(names)
    assert cells == cells_of(nb(*map(as_json, cells)))
    for name in set(names) - {None}:
        assert next(cell.source for cell in cells if cell.id == name) == str(names.index(name))


NASTY = "<script>alert(1)</script> $x_1$ *重* `码` [a](b) {{ agency }} | \\(y\\) \x1b[2J"


def test_a_note_shows_both_texts_as_text():
    note = note_of(Conflict("a" * 64, "甲", f"{NASTY}\n\n我", f"{NASTY}\n\n他"), Labels("<桑洲镇>", "母版"))
    assert note.id == f"conflict-{'a' * 64}"[:64]
    words, table = note.source.split("<table", 1)
    assert "reportkit resolve TOWN --ours" in words
    assert "\n" not in table
    for sign in ("$", "*", "_", "`", "{", "|", "[", "\\", "<script", "<桑", "\x1b"):
        assert sign not in re.sub(r'style="[^"]*"', "", table)
    assert table.count("<th ") == 3
    assert table.count("<del ") == table.count("<ins ") == 2


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [("我", "他", "双方都改过"), (None, "他", "本单位已删去，母版改过"), ("我", None, "本单位改过，母版已删去")],
)
def test_a_note_says_what_happened(ours: str | None, theirs: str | None, told: str):
    source = note_of(Conflict("overview", "甲", ours, theirs)).source
    assert told in source
    assert source.count("这一方已删去这个单元格") == (ours, theirs).count(None)


def test_notes_are_no_cells_but_what_somebody_writes_into_one_is():
    note = as_json(note_of(Conflict("a", "甲", "我", "他")))
    assert is_note(note)
    assert cells_of(nb(note, raw(id="a"))) == [Cell("a", "code", "甲")]
    written = note | {"source": note["source"] + "\n我的话"}
    assert not is_note(written)
    assert [cell.id for cell in cells_of(nb(written))] == ["conflict-a"]


def test_words_go_into_the_first_narrative_cell_of_their_section_even_if_its_heading_stands_elsewhere():
    sources = ['report.heading("other")', "%%narrative other\nA", "%%narrative other\nB", 'report.heading("problems")']
    cells = [{"id": str(at), "cell_type": "code", "source": source} for at, source in enumerate(sources)]
    found = drafted(cells, {"other": "甲\n", "problems": "乙\n"})
    assert [cell["source"] for cell in found] == [
        'report.heading("other")',
        "%%narrative other --own\n甲",
        "%%narrative other\nB",
        "%%narrative problems --own\n乙",
    ]
