"""The laws of merging three texts line by line, and of the marks around what only a person can decide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.notebook.line_merge import Labels, MarksError, is_open, merge_lines, resolved
from support.merge_cases import MARKED, SENTENCES, is_mark, lines, many, sources


@many
@given(sources(MARKED), sources(MARKED))
def test_a_text_that_one_side_left_alone_is_the_other_sides_exactly(base: str, other: str):
    assert merge_lines(base, base, other).text == other
    assert merge_lines(base, other, base).text == other
    assert merge_lines(base, other, other).text == other


@many
@given(sources(MARKED), sources(MARKED), sources(MARKED))
def test_every_line_that_somebody_wrote_is_in_the_merged_text(base: str, ours: str, theirs: str):
    merged = merge_lines(base, ours, theirs)
    new = (lines(ours) | lines(theirs)) - lines(base)
    assert {line for line in new if not is_mark(line)} <= lines(merged.text)
    assert merged.conflict == is_open(merged.text)


@many
@given(sources(SENTENCES), sources(SENTENCES), sources(SENTENCES))
def test_a_merged_text_makes_up_no_line_and_settles_to_either_side(base: str, ours: str, theirs: str):
    merged = merge_lines(base, ours, theirs)
    assert {line for line in lines(merged.text) if not is_mark(line)} <= lines(base) | lines(ours) | lines(theirs)
    for side, text in (("ours", ours), ("theirs", theirs)):
        decided = resolved(merged.text, side)  # type: ignore[arg-type]
        assert not is_open(decided)
        assert lines(text) - lines(base) <= lines(decided)


@many
@given(sources(SENTENCES), sources(SENTENCES), sources(SENTENCES))
def test_whether_texts_are_in_conflict_does_not_depend_on_who_is_who(base: str, ours: str, theirs: str):
    assert merge_lines(base, ours, theirs).conflict == merge_lines(base, theirs, ours).conflict


@many
@given(sources(MARKED), st.sampled_from(["ours", "theirs"]))
def test_settling_leaves_no_mark_and_no_line_outside_marks_out_or_refuses(source: str, side):
    try:
        text = resolved(source, side)
    except MarksError:
        assert is_open(source)
        return
    assert not is_open(text)
    assert is_open(source) or text == source


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "text"),
    [
        ("甲\n\n乙", "甲一\n\n乙", "甲\n\n乙二", "甲一\n\n乙二"),
        ("甲\n乙", "甲\n乙\n丙", "甲\n乙", "甲\n乙\n丙"),
        ("甲\n中\n乙", "甲\n中\n乙\n", "甲一\n中\n乙", "甲一\n中\n乙\n"),
        ("甲\n乙\n", "甲\n乙", "一\n甲\n乙\n", "一\n甲\n乙"),
        ("甲\n中\n乙", "新\n中\n乙", "新\n中\n乙二", "新\n中\n乙二"),
        ("甲\n中\n乙", "甲\r\n中\r\n乙", "甲\n中\n乙二", "甲\r\n中\r\n乙二"),
        ("甲\r\n中\r\n乙", "甲\n中\n乙", "甲\r\n中\r\n乙二", "甲\n中\n乙二"),
        ("甲", "甲\n乙", "甲\n", "甲\n乙\n"),
        ("甲\n中\n乙", "甲\n乙", "甲二\n中\n乙", None),
        ("甲\n乙", "甲\n新\n乙", "甲\n他\n乙", None),
    ],
)
def test_changes_of_different_lines_are_merged(base: str, ours: str, theirs: str, text: str | None):
    merged = merge_lines(base, ours, theirs)
    assert merged[:2] == (text, False) if text is not None else merged.conflict


def test_a_conflict_holds_both_texts_between_marks_and_nothing_else():
    merged = merge_lines("头\n甲\n尾", "头\n我\n尾", "头\n同\n他\n尾", Labels("桑洲镇的文字", "母版的文字"))
    assert merged.text == "头\n<<<<<<< ours 桑洲镇的文字\n我\n=======\n同\n他\n>>>>>>> theirs 母版的文字\n尾"
    assert merge_lines("甲", "同\n我", "同\n他").text.startswith("同\n<<<<<<< ours")


def test_a_second_change_of_the_master_replaces_the_first_within_the_marks():
    once = merge_lines("头\n甲\n乙\n尾", "头\n我\n乙\n尾", "头\n一\n乙\n尾").text
    twice = merge_lines("头\n一\n乙\n尾", once, "头\n二\n乙\n尾").text
    assert twice == once.replace("\n一\n", "\n二\n")
    elsewhere = merge_lines("头\n一\n乙\n尾", once, "头\n一\n乙\n尾二").text
    assert elsewhere == f"{once}二"


def test_what_the_town_wrote_between_the_marks_outlives_a_second_change_of_the_master():
    once = merge_lines("甲", "我", "一").text
    twice = merge_lines("一", once.replace("一", "一和我的补充"), "二").text
    assert {"我", "一和我的补充", "二"} <= lines(twice)
    with pytest.raises(MarksError, match=r"line 2 of the cell.*finish this cell by hand"):
        resolved(twice, "ours")


@pytest.mark.parametrize(
    "left", ["<<<<<<< ours", ">>>>>>> theirs", "<<<<<<<", ">>>>>>> theirs 母", "  <<<<<<< ours", "<<<<<<< HEAD"]
)
def test_half_a_pair_of_marks_is_still_open(left: str):
    assert is_open(f"甲\n{left}\n乙")
    assert is_open(f"甲\r\n{left}\r\n乙")
    with pytest.raises(MarksError, match="finish this cell by hand"):
        resolved(f"甲\n{left}\n乙", "ours")


@pytest.mark.parametrize("source", ["标题\n=======\n文字", "print(a << 7 >> 2)", ">>> x", "见 <<<<<<< ours 一行", ""])
def test_signs_that_only_resemble_marks_are_text(source: str):
    assert not is_open(source)
    assert resolved(source, "ours") == resolved(source, "theirs") == source


def test_a_heading_underlined_within_a_conflict_is_left_to_a_person():
    source = merge_lines("甲", "标题\n=======\n我", "他").text
    with pytest.raises(MarksError, match="line 5"):
        resolved(source, "theirs")
