"""What changed between two texts, said as a person would say it, and shown so that nothing in a text can do harm."""

import random
import re
import subprocess
import sys
import time
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.signs import visible
from reportkit.worddiff import Piece, coloured, html, plain, shortened, word_diff
from reportkit.worddiff.segmentation import clauses, sentences, words

BITS = [
    "主动公开", "政府", "信息", "的", "了", "和", "，", "。", "、", "；", "12", "3.5", "9.2万元", "2023年", "二十三", "第十二条", "件", "%",
    "{{ agency }}", "{{", "\n", "\r\n", "\t", " ", "a", "b’s", "\x1b[31m", "\u202e", "😀", "\ud800", "\u0301", "〇", "第", ",", ".", "-",
]  # fmt: skip
texts = st.lists(st.sampled_from(BITS), max_size=14).map("".join) | st.text(max_size=20)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("金额9.2万元。", "金额9.8万元。", "金额[-9.2万元-]{+9.8万元+}。"),
        ("共1,234条", "共1,235条", "共[-1,234条-]{+1,235条+}"),
        ("增长12.5%。", "增长12.6%。", "增长[-12.5%-]{+12.6%+}。"),
        ("2022年度公开", "2023年度公开", "[-2022年度-]{+2023年度+}公开"),
        ("受理二十三件", "受理二十四件", "受理[-二十三-]{+二十四+}件"),
        ("甲、乙。", "甲、丙、乙。", "甲、{+丙、+}乙。"),
        ("全县的工作", "全县重点领域的新工作", "全县{+重点领域+}的{+新+}工作"),
        ("本报告由{{ agency }}编制", "本报告由甲镇人民政府编制", "本报告由[-{{ agency }}-]{+甲镇人民政府+}编制"),
        ("提高服务水平。继续努力。", "提高服务水平。加强监督。继续努力。", "提高服务水平。{+加强监督。+}继续努力。"),
        ("没有其他需要报告的事项。", "本年度收取信息处理费0元。", "[-没有其他需要报告的事项-]{+本年度收取信息处理费0元+}。"),
        ("县的甲和乙", "市的丙与丁", "[-县的甲和乙-]{+市的丙与丁+}"),
        ("加强队伍，提高能力。", "强化人员，提升水平。", "[-加强队伍，提高能力-]{+强化人员，提升水平+}。"),
        ("桑洲镇依法公开信息", "长街镇依法公开信息", "[-桑洲-]{+长街+}镇依法公开信息"),
        ("依法公开。", "不予公开，并说明理由。", "[-依法-]{+不予+}公开{+，并说明理由+}。"),
        ("", "甲", "{+甲+}"),
        ("甲", "", "[-甲-]"),
        ("", "", ""),
        ("甲\n乙", "甲\n丙\n乙", "甲\n{+丙\n+}乙"),
    ],
)  # fmt: skip
def test_a_change_reads_as_a_person_would_say_it(before: str, after: str, told: str):
    assert plain(word_diff(before, after)) == told


@given(texts, texts)
def test_the_pieces_joined_are_both_texts_exactly(before: str, after: str):
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after


@given(texts, texts)
def test_pieces_come_in_order_and_none_is_empty_or_twice_of_a_kind(before: str, after: str):
    pieces = word_diff(before, after)
    assert all(piece.text for piece in pieces)
    assert {(one.kind, next_.kind) for one, next_ in pairwise(pieces)} <= {
        ("same", "gone"), ("same", "new"), ("gone", "new"), ("gone", "same"), ("new", "same"),
    }  # fmt: skip


@given(texts)
def test_a_text_is_the_same_as_itself(text: str):
    assert word_diff(text, text) == ([Piece("same", text)] if text else [])


@given(texts)
def test_words_clauses_and_sentences_joined_are_the_text(text: str):
    assert "".join(words(text)) == "".join(clauses(text)) == "".join(sentences(text)) == text


@given(texts, texts)
def test_no_change_cuts_a_number_in_the_middle(before: str, after: str):
    for other, text in (("new", before), ("gone", after)):
        at = 0
        for piece in word_diff(before, after):
            if piece.kind != other:
                at += len(piece.text)
                assert not re.match(r"[0-9](?:[0-9]|[.,][0-9])", text[max(at - 1, 0) : at + 2] if at else "")


@given(texts, texts)
def test_no_text_reaches_the_terminal_as_a_control(before: str, after: str):
    ours = re.compile(r"\x1b\[(?:31;9|32;4|0)m")
    for shown in (ours.sub("", coloured(word_diff(before, after))), plain(word_diff(before, after))):
        assert visible(shown) == shown
        assert "\x1b" not in shown
        assert "\r" not in shown
        shown.encode()


def test_a_towns_own_escape_sequence_is_seen_not_obeyed():
    assert coloured([Piece("same", "甲\x1b[2J"), Piece("gone", "\n"), Piece("new", "乙\u202e")]) == (
        "甲\\x1b[2J\x1b[31;9m↵\x1b[0m\n\x1b[32;4m乙\\u202e\x1b[0m"
    )


@given(texts, texts)
def test_html_is_the_visible_text_on_one_line_and_nothing_else(before: str, after: str):
    for side, text in zip(html(word_diff(before, after)), (before, after), strict=True):
        assert len(re.findall(r"<span>&#(?:36|92);</span>", side)) == len(re.findall("&#(?:36|92);", side))
        bare = re.sub(r'<(?:del|ins) style="[^"]*">|</(?:del|ins)>|</?span>', "", side)
        assert not set(bare.replace("<br>", "").replace("&#", "").replace(";", "")) & set("<>&$*_`\\[]{}|\n")
        assert unescape(bare.replace("<br>", "\n")) == plain([Piece("same", text)])


def test_html_marks_each_side_by_colour_and_by_line():
    assert html([Piece("same", "$x$")])[0] == "<span>&#36;</span>x<span>&#36;</span>"  # MathJax finds no pair
    before, after = html(word_diff("甲<b>件", "甲<i>件"))
    assert before == '甲&#60;<del style="background-color:#ffd7d5;text-decoration:line-through">b</del>&#62;件'
    assert after == '甲&#60;<ins style="background-color:#ccebd0;text-decoration:underline">i</ins>&#62;件'


def test_what_is_far_from_a_change_is_left_out_but_no_number_is_cut():
    far = "很长的文字" * 20
    pieces = shortened(word_diff(f"{far}共12345.6万元，甲方。{far}", f"{far}共12345.6万元，乙方。{far}"), 6)
    assert plain(pieces) == "…12345.6万元，[-甲方-]{+乙方+}。很长的文字…"
    assert shortened(word_diff("短", "短")) == [Piece("same", "短")]
    between = shortened([Piece("gone", "甲"), Piece("same", "0123456789" * 10), Piece("new", "乙")], 5)
    assert between[1].text == "0123456789" * 10


LEXICON = [
    "全县", "主动", "公开", "政府", "信息", "工作", "的", "，", "。", "和", "了", "宁海", "桑洲", "2023年", "12件", "、", "依", "申请", "行政复议",
    "推进", "平台", "建设", "提高", "水平", "服务",
]  # fmt: skip


def long_text(seed: int, size: int = 12_000) -> str:
    return "".join(random.Random(seed).choices(LEXICON, k=size))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (long_text(1), long_text(2)),
        (long_text(1), long_text(1).replace("。", "。又")),
        (long_text(1).replace("。", "，"), long_text(1).replace("。", "，").replace("县", "市")),
        (long_text(1).replace("。", "").replace("，", ""), long_text(2).replace("。", "").replace("，", "")),
        ("\n" * 20_000, "\n" * 19_000 + "甲\n"),
        ("的" * 20_000, "的" * 19_999 + "了"),
    ],
    ids=["rewritten", "every sentence", "no sentences", "no signs", "empty lines", "one word"],
)
def test_long_texts_take_well_under_a_second(before: str, after: str):
    word_diff("暖", "机")  # loading the dictionary is measured elsewhere
    start = time.process_time()
    pieces = word_diff(before, after)
    assert time.process_time() - start < 1
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before


def test_the_dictionary_is_loaded_only_when_it_is_needed():
    program = "import sys, reportkit.worddiff; assert 'rjieba' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
