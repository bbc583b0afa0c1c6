"""The laws of merging prose by sentence, over random paragraphs in Chinese and English that come from one another."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.notebook.both_changes import both_changes, only_adds
from reportkit.notebook.cells import Cell
from reportkit.notebook.line_merge import Lines, is_open, merge_lines, resolved
from reportkit.notebook.sentence_ends import is_prose, is_said, sentences
from support.merge_cases import many
from support.prose import Triple, prose

BITS = [
    *("甲", "信息", "12", "3.14", "a", "No", "e.g", "。", "！", "？", "；", "…", ".", "!", "?", "”", "』", "）", ")", '"', " "),
    *("\u3000", "\t", "{{ a. b。 }}", "{{", "}}", "{% if x。 %}", "`a。 b`", "`", "[甲。](http://a.b/c)", "](", "<b>", "<", "*"),
    *("http://a.b/c. ", "1. ", "(1) "),
]  # fmt: skip
seeds = st.integers(0, 2**40)


def merged(triple: Triple) -> Lines:
    return merge_lines(*triple, prose=True)


def said(text: str) -> Counter[str]:
    return Counter(part for line in text.split("\n") for part in sentences(line) if is_said(part))


# Sentences


@pytest.mark.parametrize(
    ("paragraph", "cut"),
    [
        ("收到申请3件。其中自然人2件；法人1件！", "收到申请3件。|其中自然人2件；|法人1件！"),
        ("他说：“好。”然后……走了？！", "他说：“好。”|然后……|走了？！"),
        ("（见附件。）下一句（甲。乙）。", "（见附件。）|下一句（甲。|乙）。"),
        ("\u3000\u3000段首。 下一句。", "\u3000\u3000|段首。| |下一句。"),
        ("占3.14%。v1.2.3发布。", "占3.14%。|v1.2.3发布。"),
        ("One. Two! “Three?” Four", "One.| |Two!| |“Three?”| |Four"),
        ("Dr. Smith, e.g. J. K. Lee of No. 5 etc. paid. Next.", "Dr. Smith, e.g. J. K. Lee of No. 5 etc. paid.| |Next."),
        ("1. First. (2) Second.", "1. First.| |(2) Second."),
        ("共{{ '%.1f。' % a }}件。见`x。y`。", "共{{ '%.1f。' % a }}件。|见`x。y`。"),
        ("见[甲。乙](http://a.b/c. d)。见https://a.b/c?d=ef. End", "见[甲。乙](http://a.b/c. d)。|见https://a.b/c?d=ef.| |End"),
        ("**注：** bold. Next", "**注：** bold.| |Next"),
        ("没有句号", "没有句号"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_paragraph_is_cut_behind_its_sentences_and_nowhere_else(paragraph: str, cut: str):
    assert "|".join(sentences(paragraph)) == cut


@given(st.lists(st.sampled_from(BITS), max_size=14).map("".join) | st.text(max_size=30))
def test_the_sentences_joined_are_the_paragraph(paragraph: str):
    assert "".join(sentences(paragraph)) == paragraph
    assert "" not in sentences(paragraph)


@pytest.mark.parametrize(
    ("kind", "source", "words"),
    [
        ("markdown", "一句。二句。", True),
        ("code", "%%narrative overview --own\n一句。", True),
        ("code", "report.table()  # 一句。", False),
        ("raw", "一句。", False),
        ("markdown", "一句。\n```\nx = 1. \n```", False),
    ],
)
def test_only_markdown_and_narrative_are_prose(kind, source: str, words: bool):
    assert is_prose(Cell("a", kind, source)) == words


# Laws


def hold(triple: Triple) -> None:
    """All laws of a merge of prose."""
    base, ours, theirs = triple
    once, other_way = merged(triple), merged((base, theirs, ours))
    assert once.conflict == other_way.conflict == is_open(once.text)
    nothing_is_lost_doubled_or_made_up(triple, once)
    settled = [resolved(once.text, side) for side in ("ours", "theirs")]
    if not once.conflict:
        # Of the empty lines at the end, where both sides have changed their number, ours are kept.
        assert once.text.rstrip("\n") == other_way.text.rstrip("\n")
        assert once.text == once.base
        together = both_changes(*triple, prose=True)
        assert together is None or said(together) == said(once.text)
    by_line = merge_lines(*triple)
    assert by_line.conflict or once.conflict or once.text == by_line.text
    for side, text in zip((ours, theirs), settled, strict=True):
        assert (said(side) - said(base)).keys() <= said(text).keys()
        assert not is_open(text)


def nothing_is_lost_doubled_or_made_up(triple: Triple, found: Lines) -> None:
    before, left, right = map(said, triple)
    whole = said(found.text)
    for sentence in before | left | right:
        n, o, t = before[sentence], left[sentence], right[sentence]
        if not found.conflict:
            assert whole[sentence] == (t if o == n else o)
            assert n in (o, t) or o == t
        else:
            assert whole[sentence] >= min(o, t)
    assert {part for part in whole if not part.startswith(("<<<<<<<", ">>>>>>>"))} <= (before | left | right).keys()


@many
@given(seeds)
def test_the_laws_of_merging_hold_for_prose(seed: int):
    hold(prose(Random(seed)))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_the_laws_of_merging_hold_for_a_hundred_thousand_texts(part: int):
    luck = Random(part)
    triples = [prose(luck) for _ in range(10_000)]
    for triple in triples:
        hold(triple)
    clean = sum(not merged(triple).conflict for triple in triples)
    assert 3_000 < clean < 9_000  # neither is tried too seldom


@many
@given(seeds)
def test_a_text_of_prose_that_one_side_left_alone_is_the_other_sides_exactly(seed: int):
    base, ours, theirs = prose(Random(seed))
    assert merged((base, base, theirs)).text == theirs
    assert merged((base, ours, base)).text == ours
    assert merged((base, ours, ours)).text == ours


@many
@given(seeds)
def test_additions_of_both_sides_are_all_taken_once_and_what_was_there_stays(seed: int):
    luck = Random(seed)
    base, ours, theirs = prose(luck, only_added=True)
    assert only_adds(base, ours, prose=True)
    assert only_adds(base, theirs, prose=True)
    both = both_changes(base, ours, theirs, prose=True)
    assert both is not None
    assert said(both) == said(ours) | said(theirs)
    assert only_adds(ours, both, prose=True) or only_adds(theirs, both, prose=True)


@pytest.mark.parametrize(
    ("ours", "theirs", "text"),
    [
        ("一改。二。三。四。", "一。二。三。四改。", "一改。二。三。四改。"),
        ("一。二。三。四。五。", "零。一。二。三。四。", "零。一。二。三。四。五。"),
        ("二。三。四。", "一。二。三。", "二。三。"),
        ("一。二。\n三。四。", "一。二。三。四改。", "一。二。\n三。四改。"),
        ("一改。二。三。四。", "一改。二。三。四改。", "一改。二。三。四改。"),
        # Neighbours, the same sentence, and additions at one place are for a person.
        ("一改。二。三。四。", "一。二改。三。四。", None),
        ("一改。二。三。四。", "一二。二。三。四。", None),
        ("一。二。三。四。五。", "一。二。三。四。六。", None),
        # So are one that both have moved, and one that one has moved and the other taken out.
        ("二。三。一。四。", "二。三。四。一。", None),
        ("二。三。四。", "二。三。四。一。", None),
    ],
)
def test_changes_of_different_sentences_are_merged(ours: str, theirs: str, text: str | None):
    found = merge_lines("一。二。三。四。", ours, theirs, prose=True)
    assert found[:2] == (text, False) if text else found.conflict


def test_in_a_conflict_what_could_be_merged_stands_on_both_sides_and_in_what_was_before():
    found = merge_lines("一。二。三。四。五。", "一改。二。三甲。四。五。", "一。二。三乙。四。五改。", prose=True)
    assert resolved(found.text, "ours") == "一改。二。三甲。四。五改。"
    assert resolved(found.text, "theirs") == "一改。二。三乙。四。五改。"
    assert found.base == "一改。二。三。四。五改。"


def test_a_second_change_of_the_master_keeps_what_was_merged_on_both_sides_of_a_conflict():
    base, ours, first = "一。二。三。四。", "一改。二。三甲。四。", "一。二。三乙。四。"
    once = merge_lines(base, ours, first, prose=True).text
    twice = merge_lines(first, once, "一。二。三丙。四。", prose=True).text
    assert resolved(twice, "ours") == ours
    assert resolved(twice, "theirs") == "一改。二。三丙。四。"
