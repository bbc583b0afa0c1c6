"""An edit survives: the laws of merging a town's cells with the master's, over thousands of random notebooks."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reportkit.notebook.cell_matching import realigned, renumbered
from reportkit.notebook.cells import Cell, has_tag
from reportkit.notebook.line_merge import MarksError, is_open, resolved
from reportkit.notebook.markers import sides_of
from reportkit.notebook.merge import Conflict, Merged, merge
from support.merge_cases import MARKED, Triple, is_mark, lines, many, triples


def by_id(cells: Iterable[Cell]) -> dict[str, Cell]:
    return {cell.id: cell for cell in cells}


def code(name: str, source: str, *tags: str) -> Cell:
    return Cell(name, "code", source, {"tags": list(tags)} if tags else {})


def ids(cells: Iterable[Cell]) -> str:
    return " ".join(cell.id for cell in cells)


def sources_of(merged: Merged) -> list[str]:
    return [cell.source for cell in merged.cells]


def numbered(*texts: str) -> list[Cell]:
    return [code(f"cell-{number}", text) for number, text in enumerate(texts, 1)]


@pytest.mark.parametrize(
    ("before", "now", "called"),
    [
        ("abc", "abc", "cell-1 cell-2 cell-3"),
        ("abc", "xabc", "cell-2 cell-3 cell-4"),
        ("abc", "axxbc", "cell-1 cell-4 cell-5"),
        ("abc", "axc", "cell-1 cell-2 cell-3"),
        ("abc", "c", "cell-1-2 cell-2 cell-1"),
        ("abc", "bca", "cell-1-2 cell-1 cell-2"),
    ],
)
def test_cells_without_ids_are_told_by_text_and_order(before: str, now: str, called: str):
    cells = numbered(*before)
    assert ids(renumbered(cells, cells, numbered(*now))) == called


texts = st.lists(st.sampled_from(["a = 1", "b = 2", "b = 3", "print(a)", "print(a, b)", ""]), max_size=8)


@many
@given(texts, texts)
def test_no_two_cells_come_to_one_number(before: list[str], now: list[str]):
    cells, others = numbered(*before), numbered(*now)
    called = renumbered(cells, cells, others)
    assert [cell.source for cell in called] == before
    assert len({cell.id for cell in called}) == len(before)
    named = [code(f"n{number}", text) for number, text in enumerate(before)]
    assert renumbered(named, named, others) == named


# Laws of notebooks


@many
@given(triples(MARKED))
def test_where_the_town_changed_nothing_the_master_is_the_result(triple: Triple):
    base, _, theirs = triple
    assert merge(base, base, theirs).cells == theirs


@many
@given(triples(MARKED))
def test_where_the_master_changed_nothing_the_town_is_the_result(triple: Triple):
    base, ours, _ = triple
    assert merge(base, ours, base).cells == realigned(base, ours, base)


@many
@given(triples(MARKED))
def test_what_both_changed_alike_is_the_result(triple: Triple):
    base, ours, _ = triple
    assert merge(base, ours, ours).cells == ours
    assert {each.cell for each in merge(base, ours, ours).conflicts} == {
        cell.id for cell in ours if is_open(cell.source)
    }


@many
@given(triples(MARKED))
def test_no_text_of_either_side_vanishes(triple: Triple):
    base, ours, theirs = triple
    merged = merge(base, ours, theirs)
    result, before = by_id(merged.cells), by_id(base)
    conflicts = {each.cell: lines(each.ours) | lines(each.theirs) for each in merged.conflicts}
    for cell in (*realigned(base, ours, theirs), *theirs):
        old = before.get(cell.id)
        new = {line for line in lines(cell.source) - lines(old and old.source) if not is_mark(line)}
        assert new <= conflicts.get(cell.id, set()) | (lines(result[cell.id].source) if cell.id in result else set())


@many
@given(triples(MARKED))
def test_every_cell_with_a_mark_is_listed_once_in_order(triple: Triple):
    merged = merge(*triple)
    assert [each.cell for each in merged.conflicts] == [cell.id for cell in merged.cells if is_open(cell.source)]
    assert len({cell.id for cell in merged.cells}) == len(merged.cells)


@many
@given(triples())
def test_a_cell_is_gone_only_if_one_side_deleted_it_and_the_other_left_it_alone(triple: Triple):
    base, ours, theirs = triple
    merged = merge(base, ours, theirs)
    left, right, result = by_id(realigned(base, ours, theirs)), by_id(theirs), by_id(merged.cells)
    conflicts = by_cell(merged)
    for old in base:
        sides = [side[old.id] for side in (left, right) if old.id in side]
        changed = any((side.kind, side.source) != (old.kind, old.source) for side in sides)
        assert (old.id in result) == (len(sides) == 2 or changed)
        if len(sides) == 1 and changed:
            ours_, theirs_ = (side[old.id].source if old.id in side else None for side in (left, right))
            assert conflicts[old.id] == Conflict(old.id, old.source, ours_, theirs_)
            assert sides_of(result[old.id].source) == (ours_, theirs_)
            assert merge(base, base, merged.cells).conflicts
    assert result.keys() - by_id(base).keys() == (left.keys() | right.keys()) - by_id(base).keys()


def by_cell(merged: Merged) -> dict[str, Conflict]:
    return {each.cell: each for each in merged.conflicts}


@many
@given(triples())
def test_whichever_side_is_chosen_all_its_new_lines_are_there(triple: Triple):
    base, ours, theirs = triple
    merged, before = merge(base, ours, theirs), by_id(base)
    for side, cells in (("ours", realigned(base, ours, theirs)), ("theirs", theirs)):
        own = by_id(cells)
        for cell in merged.cells:
            if cell.id in own:
                old = before.get(cell.id)
                new = lines(own[cell.id].source) - lines(old and old.source)
                assert new <= lines(resolved(cell.source, side))  # type: ignore[arg-type]


@many
@given(triples())
def test_whether_there_is_a_conflict_does_not_depend_on_who_is_who(triple: Triple):
    base, ours, theirs = triple
    ours = realigned(base, ours, theirs)
    assume(ours == realigned(base, ours, theirs) and theirs == realigned(base, theirs, ours))
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert {each.cell for each in one.conflicts} == {each.cell for each in other.conflicts}


@many
@given(triples(MARKED))
def test_merging_again_with_the_new_base_changes_nothing(triple: Triple):
    merged = merge(*triple)
    again = merge(triple[2], merged.cells, triple[2])
    assert again.cells == realigned(triple[2], merged.cells, triple[2])
    assert [cell.source for cell in again.cells] == sources_of(merged)
    assert {each.cell for each in again.conflicts} == {cell.id for cell in again.cells if is_open(cell.source)}


@many
@given(triples())
def test_a_conflict_left_open_is_told_again_with_both_sides(triple: Triple):
    merged = merge(*triple)
    again = merge(triple[2], merged.cells, triple[2])
    assume(by_cell(again).keys() == by_cell(merged).keys())  # no renewed id found its cell only now
    for name, each in by_cell(merged).items():
        source = by_id(merged.cells)[name].source
        assert (by_cell(again)[name].ours, by_cell(again)[name].theirs) == sides_of(source)
        assert (each.ours is None, each.theirs is None) == tuple(side is None for side in sides_of(source))


def follows(cells: Sequence[Cell], name: str, known: set[str]) -> str | None:
    """The nearest earlier cell that is among the known ones."""
    at = ids(cells).split().index(name)
    return next((cell.id for cell in reversed(cells[:at]) if cell.id in known), None)


@many
@given(triples())
def test_the_towns_new_cells_stay_after_the_cell_they_followed(triple: Triple):
    base, ours, theirs = triple
    merged, ours = merge(base, ours, theirs), realigned(base, ours, theirs)
    both = by_id(ours).keys() & by_id(merged.cells).keys()
    new = [cell.id for cell in ours if cell.id not in by_id(base) and cell.id not in by_id(theirs)]
    for name in new:
        assert follows(merged.cells, name, both) == follows(ours, name, both)


def test_new_cells_in_a_row_keep_their_order_and_go_with_the_cell_they_followed():
    base = [code(name, name) for name in "abc"]
    ours = [code(name, name) for name in "xayzbc"]
    assert ids(merge(base, ours, [code(name, name) for name in "cab"]).cells) == "x c a y z b"
    assert ids(merge(base, ours, [code(name, name) for name in "amnbc"]).cells) == "x a y z m n b c"
    assert ids(merge(base, ours, [code(name, name) for name in "bc"]).cells) == "x y z b c"


@pytest.mark.parametrize(
    ("ours", "theirs", "order"),
    [("abc", "cab", "c a b"), ("bca", "abc", "b c a"), ("bca", "cab", "b c a"), ("bca", "abnc", "b n c a")],
)
def test_the_order_is_that_of_the_side_that_moved_cells_and_ours_if_both_did(ours: str, theirs: str, order: str):
    base = [code(name, name) for name in "abc"]
    merged = merge(base, [code(name, name) for name in ours], [code(name, name) for name in theirs])
    assert ids(merged.cells) == order


@pytest.mark.usefixtures("chinese")
def test_a_cell_deleted_here_and_changed_there_is_a_conflict_both_ways():
    base, changed = [code("a", "甲"), code("b", "乙")], [code("a", "甲二"), code("b", "乙")]
    ours_gone, theirs_gone = merge(base, base[1:], changed), merge(base, changed, base[1:])
    assert ours_gone.conflicts == [Conflict("a", "甲", None, "甲二")]
    assert theirs_gone.conflicts == [Conflict("a", "甲", "甲二", None)]
    assert sources_of(ours_gone) == ["<<<<<<< ours 本单位的文字\n=======\n甲二\n>>>>>>> theirs 母版的文字", "乙"]
    assert sources_of(theirs_gone) == ["<<<<<<< ours 本单位的文字\n甲二\n=======\n>>>>>>> theirs 母版的文字", "乙"]


def test_both_added_a_cell_of_the_same_id():
    assert sources_of(merge([], [code("n", "同")], [code("n", "同")])) == ["同"]
    assert merge([], [code("n", "我")], [code("n", "他")]).conflicts == [Conflict("n", None, "我", "他")]


def test_the_kind_is_merged_as_one_value():
    base, raw = code("a", "甲\n中\n乙"), Cell("a", "raw", "甲\n中\n乙")
    assert merge([base], [raw], [code("a", "甲\n中\n乙二")]).cells == [Cell("a", "raw", "甲\n中\n乙二")]
    torn = merge([base], [raw], [Cell("a", "markdown", "甲\n中\n乙")])
    assert (torn.cells[0].kind, torn.conflicts) == ("raw", [Conflict("a", base.source, base.source, base.source)])


def test_metadata_is_merged_key_by_key_and_tags_as_a_set():
    def cell(**metadata: object) -> list[Cell]:
        return [Cell("a", "code", "甲", metadata)]

    base = cell(tags=["x", "y"], here=1, both=1, gone=1)
    merged = merge(
        base, cell(tags=["x", "y", "o"], here=2, both=2, gone=1), cell(tags=["y", "t"], here=1, both=3, there=1)
    )
    assert merged.cells == cell(tags=["y", "o", "t"], here=2, both=2, there=1)
    assert merge(base, cell(), base).cells == cell()
    assert merge(base, cell(tags=["x"]), cell(tags=["x", "y", "t"])).cells == cell(tags=["x", "t"])


def test_pasted_pictures_of_one_name_both_stay():
    def cell(**pictures: str) -> list[Cell]:
        return [Cell("a", "markdown", "甲", {}, {f"{name}.png": {"image/png": it} for name, it in pictures.items()})]

    assert merge(cell(), cell(image="我"), cell(image="他", more="三")).cells[0].attachments == {
        "image.png": {"image/png": "我"},
        "theirs-image.png": {"image/png": "他"},
        "more.png": {"image/png": "三"},
    }


def test_a_cell_with_a_renewed_id_is_known_by_its_source_or_its_narrative_line():
    base = [
        code("overview", "%%narrative overview\n甲"),
        code("table", "report.table()"),
        code("rest", "report.rest()"),
    ]
    ours = [code("1f", "%%narrative overview\n我"), code("2f", "report.table()"), code("3f", "report.else()")]
    theirs = [
        code("overview", "%%narrative overview\n甲"),
        code("table", "report.table(1)"),
        code("rest", "report.rest()"),
    ]
    merged = merge(base, ours, theirs)
    assert merged.cells == [code("overview", "%%narrative overview\n我"), code("table", "report.table(1)"), ours[2]]
    assert not merged.conflicts


def test_a_copied_cell_or_one_of_several_alike_is_a_new_cell():
    base = [code("overview", "%%narrative overview\n甲")]
    copied = [*base, code("copy", "%%narrative overview\n甲")]
    assert merge(base, copied, base).cells == copied
    alike = [code("a", "同"), code("b", "同")]
    assert ids(merge(alike, [code("new", "同")], alike).cells) == "new"


# Parameters


P = code("parameters", "year = 2024", "parameters")


@many
@given(triples(), st.integers(0, 7), st.booleans())
def test_parameters_are_the_masters_as_they_are(triple: Triple, places: int, tagged: bool):
    base, ours, theirs = triple
    own = replace(P, source="year = 1999", metadata={"tags": ["parameters"]} if tagged else {})
    base = [P, *base] if places & 1 else base
    ours = [*ours[:1], own, *ours[1:]] if places & 2 else ours
    theirs = [*theirs[:1], replace(P, source="year = 2025"), *theirs[1:]]
    merged = merge(base, ours, theirs)
    assert [cell for cell in merged.cells if cell.id == "parameters"] == [replace(P, source="year = 2025")]
    assert "parameters" not in by_cell(merged)
    assert next(cell.id for cell in merged.cells if has_tag(cell, "parameters")) == "parameters"


def test_no_other_cell_is_taken_for_the_parameters():
    base = [P, code("a", "甲")]
    ours = [code("mine", "year = 1", "parameters", "x"), P, code("a", "甲")]
    assert merge(base, ours, base).cells == [code("mine", "year = 1", "x"), P, code("a", "甲")]
    renewed = [replace(P, id="2f", source="year = 1"), code("a", "我")]
    assert merge(base, renewed, base).cells == [P, code("a", "我")]
    bare = [replace(P, id="2f", metadata={}), code("a", "我")]
    assert merge(base, bare, base).cells == [P, code("a", "我")]


# Stories


@many
@given(st.integers(0, 2**40))
def test_over_many_years_every_word_of_the_town_is_found_until_it_takes_it_back(seed: int):
    luck = Random(seed)
    decides = luck.random() < 0.5
    master = copy = [code(name, f"%%narrative {name}\n{name}的第一句。\n{name}的第二句。") for name in "abc"]
    mine: set[str] = set()
    for year in range(luck.randint(1, 8)):
        base = master
        copy, written = with_sentence(luck, copy, f"本镇第{year}句。")
        mine |= written
        master, news = with_sentence(luck, master, f"母版第{year}句。")
        if luck.random() < 0.3:
            gone = luck.randrange(len(master))
            master = master[:gone] + master[gone + 1 :] or master
        merged = merge(base, copy, master)
        found = {line for cell in merged.cells for line in lines(cell.source)}
        assert mine <= found
        assert {line for line in news if any(line in cell.source for cell in master)} <= found
        copy = merged.cells
        if decides:
            copy = [replace(cell, source=decided(cell.source)) for cell in copy]
            mine = {line for cell in copy for line in lines(cell.source) if line in mine}


def decided(source: str) -> str:
    try:
        return resolved(source, "ours")
    except MarksError:
        return source


def with_sentence(luck: Random, cells: list[Cell], sentence: str) -> tuple[list[Cell], set[str]]:
    """The cells with a new sentence in one of them, or in a new one."""
    at = luck.randrange(len(cells))
    if luck.random() < 0.3:
        return [*cells[:at], code(sentence, sentence), *cells[at:]], {sentence}
    parts = cells[at].source.split("\n")
    parts.insert(luck.randint(1, len(parts)), sentence)
    return [*cells[:at], replace(cells[at], source="\n".join(parts)), *cells[at + 1 :]], {sentence}


def test_an_open_conflict_stays_open_until_a_person_decides():
    base, ours, first = [code("a", "甲")], [code("a", "我")], [code("a", "一")]
    merged = merge(base, ours, first)
    assert merged.conflicts == [Conflict("a", "甲", "我", "一")]
    again = merge(first, merged.cells, first)
    assert again == Merged(merged.cells, [Conflict("a", "一", "我", "一")])
    later = merge(first, again.cells, [code("a", "二")])
    assert later.conflicts == [Conflict("a", "一", "我", "二")]
    gone = merge(first, again.cells, [])
    assert gone.conflicts == [Conflict("a", "一", "我", None)]
    done = [code("a", resolved(later.cells[0].source, "ours"))]
    assert merge([code("a", "二")], done, [code("a", "二")]) == Merged([code("a", "我")], [])
