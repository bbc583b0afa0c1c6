"""Near-duplicates: planted ones are found, unrelated texts are not, and crowds of copies stay few findings."""

import itertools
import random
import re
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.checks import check_project
from reportkit.checks.similarity import as_last_year, near_duplicates
from support.filings import filing, told
from support.laws import examples
from support.offices import office

SIGNS = [chr(code) for code in range(0x4E00, 0x4E00 + 600)]


def prose(seed, sentences=20, length=(20, 50)):
    """SYNTHETIC sentences that mean nothing; each seed's are its own."""
    source = random.Random(seed)
    return "".join("".join(source.choices(SIGNS, k=source.randint(*length))) + "。" for _ in range(sentences))


def town(number, text, county="甲县"):
    return filing(text, jurisdiction=f"合成{number}镇", path=f"params/2023/{county}/合成{number}镇.yaml")


def pairs(towns, **options):
    """(town, the other one, percent) for each finding."""
    found = []
    for who, finding in near_duplicates(towns, **options):
        assert finding.code == "S1"
        found.append(
            (who.jurisdiction, re.search("与“(.+?)”", told(finding).message)[1], int(finding.found.rstrip("%")))
        )
    return sorted(found)


def edited(text, share, seed=0):
    """The text with this share of its sentences replaced."""
    source, sentences = random.Random(seed), text.split("。")[:-1]
    for at in source.sample(range(len(sentences)), round(share * len(sentences))):
        sentences[at] = prose(f"{seed} {at}", 1).rstrip("。")
    return "。".join(sentences) + "。"


def test_a_copy_with_other_names_numbers_and_layout_is_the_same_text():
    text = prose("a")
    one = town(1, f"2023年，合成1镇公开信息35条。{text}")
    other = town(2, f"2023年，合成2镇人民政府公开信息，1,204条:\n\n　　{text.replace('。', '；')}")
    assert pairs([one, other, town(3, prose("b"))])[0][1:] == ("合成2镇", 99) or pairs([one, other])[0][2] == 100


def test_a_finding_names_the_other_town_its_file_the_share_and_the_passages():
    text = prose("a")
    towns = [town(1, text), town(2, edited(text, 0.2), county="乙县")]
    (who, finding), _ = near_duplicates(towns)
    assert (who.jurisdiction, finding.at, finding.expected) == ("合成1镇", "narrative", "低于 60%")
    assert re.fullmatch(
        r"正文有 (7|8)\d% 的文字与“合成2镇”（params/2023/乙县/合成2镇\.yaml）相同，例如“.{40}…”、“.{13,40}…?”、“.{13,40}…?”；请按本单位的实际情况改写",
        told(finding).message,
    )
    quotation = re.search("例如“(.{40})", told(finding).message)[1]
    assert quotation in text


@pytest.mark.parametrize(("share", "told"), [(0.0, True), (0.1, True), (0.3, True), (0.6, False), (1.0, False)])
def test_so_much_must_be_the_same(share, told):
    text = prose("a", 40)
    assert bool(pairs([town(1, text), town(2, edited(text, share))])) is told


def test_the_threshold_can_be_another():
    text = prose("a", 40)
    towns = [town(1, text), town(2, edited(text, 0.5))]
    assert pairs(towns) == []
    assert len(pairs(towns, threshold=0.4)) == 2


def test_a_short_text_that_stands_in_a_long_one():
    text = prose("a", 10)
    assert [who for who, _, _ in pairs([town(1, text), town(2, text + prose("b", 12))])] == ["合成1镇"]


def test_planted_near_duplicates_among_many_are_all_found():
    texts = [prose(number) for number in range(200)]
    planted = {(number, number + 100) for number in range(30)}
    for one, other in planted:
        texts[other] = edited(texts[one], 0.25, seed=one)
    found = pairs([town(number, text) for number, text in enumerate(texts)])
    both = [pair for one, other in planted for pair in ((one, other), (other, one))]
    assert {(who, other) for who, other, _ in found} == {(f"合成{one}镇", f"合成{other}镇") for one, other in both}


def test_the_nearest_one_is_told():
    text = prose("a", 40)
    towns = [
        town(1, text),
        town(2, edited(text, 0.3)),
        town(3, edited(text, 0.05)),
        town(4, edited(text, 0.35, seed=1)),
    ]
    assert pairs(towns)[0][:2] == ("合成1镇", "合成3镇")


@pytest.mark.parametrize("different", [False, True])
def test_a_thousand_copies_are_a_thousand_findings_and_quick(different):
    text = prose("a", 10)
    towns = [town(number, text + (prose(number, 1) if different else "")) for number in range(1000)]
    begin = time.process_time()
    found = pairs(towns)
    assert time.process_time() - begin < 6
    assert len({who for who, _, _ in found}) == len(found) == 1000


def test_how_many_more_are_the_same():
    towns = [town(number, prose("a")) for number in range(5)]
    assert all("另有 3 个单位也相同" in told(finding).message for _, finding in near_duplicates(towns))


def test_stock_phrases_of_a_folder_do_not_count_but_its_long_passages_do():
    phrases = [prose(f"phrase {number}", 1) for number in range(12)]

    def mixed(number, stock):
        return "".join(phrase + prose(f"{number} {at}", 1, (12, 20)) for at, phrase in enumerate(stock))

    with_phrases = [town(number, mixed(number, phrases)) for number in range(12)]
    assert pairs(with_phrases) == []
    assert len(pairs(with_phrases[:4])) == 4  # of four texts it cannot be known what is a phrase
    passage = prose("passage", 20)
    with_passage = [town(number, passage + prose(number, 3)) for number in range(12)]
    assert len(pairs(with_passage)) == 12


def test_short_and_empty_texts_are_left_out():
    assert pairs([town(1, "无。"), town(2, "无。"), filing({}), filing({})]) == []
    assert pairs([]) == pairs([town(1, prose("a"))]) == []


def test_the_same_text_as_last_year():
    text = prose("a")
    now, last = filing(f"2023年公开信息30条。{text}"), filing(f"2022年公开信息12条。{text}", year=2022)
    (finding,) = as_last_year(now, last)
    assert finding.found == "100%"
    assert told(finding).message.startswith("正文有 100% 的文字与 2022 年的报告相同，例如“")
    assert list(as_last_year(now, filing(edited(text, 0.4), year=2022))) == []
    assert list(as_last_year(filing("无。"), filing("无。", year=2022))) == []


@settings(max_examples=examples(40))
@given(st.lists(st.text(max_size=300), max_size=4))
def test_no_texts_are_a_traceback(texts):
    towns = [town(number, text) for number, text in enumerate(texts)]
    list(near_duplicates(towns, threshold=0))
    for now, last in itertools.pairwise(towns):
        list(as_last_year(now, last))


@settings(max_examples=examples(30))
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_unrelated_texts_are_not_told_and_a_copy_always_is(seed, another):
    one, other = prose(f"one {seed}"), prose(f"other {another}")
    assert pairs([town(1, one), town(2, other)]) == []
    assert [share for _, _, share in pairs([town(1, one), town(2, one), town(3, other)])] == [100, 100]


def test_a_file_alone_is_not_compared_and_loads_nothing_for_that(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "reportkit.checks.similarity", None)
    project = office(tmp_path, "甲镇", "乙镇")
    one, other = (project.params / f"2019/宁海县/{name}.yaml" for name in ("甲镇", "乙镇"))
    assert [checked.across for checked in check_project(project, [one])] == [False]
    with pytest.raises(ImportError):
        list(check_project(project, [one, other]))
