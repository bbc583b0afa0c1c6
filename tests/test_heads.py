"""Where heads may be broken: between words, and the text stays the text."""

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.heads import content

from reportkit.exporters.heads import AHEAD, with_breaks, words

CASES = {
    "结果维持": "结果|维持",
    "科研机构": "科研|机构",
    "社会公益组织": "社会|公益|组织",
    "未经复议直接起诉": "未经|复议|直接|起诉",
    "1.属于国家秘密": "1.|属于|国家|秘密",
    "（三）不予公开": "（三）|不予|公开",
    "本年收费金额（单位：万元）": "本|年|收费|金额|（单位：|万元）",
    "Copy fees 3.5": "Copy fees 3.5",
    "总计": "总计",
}


@pytest.mark.parametrize("text", CASES)
def test_a_head_is_cut_between_words(text):
    assert "|".join(words(text)) == CASES[text]


@given(st.text("一二三甲乙丙结果维持（）《》，。、：1.5aB %&", min_size=1, max_size=20))
def test_no_sign_is_lost_and_none_stands_alone(text):
    pieces = words(text)
    assert "".join(pieces) == text
    assert all(piece[0] not in "）》，。、：" for piece in pieces[1:])
    assert all(piece[-1] not in "（《" for piece in pieces[:-1])


@given(st.text("甲乙结果维持 1&;<>", max_size=12))
def test_a_page_has_the_same_text_with_and_without(text):
    html = f"<table><tr><th scope='row'>{text}</th><td>结果维持</td></tr></table>"
    assert re.sub('<wbr>|<span class="words">|</span>', "", with_breaks(html)) == html


def test_the_heads_of_the_packaged_forms_are_cut_ahead_as_the_dictionary_cuts_them():
    told = "run: uv run python tools/heads.py"
    assert AHEAD.read_text(encoding="utf-8") == content(), told


def test_the_heads_of_a_packaged_form_do_without_the_dictionary():
    program = (
        "import sys\nfrom reportkit.exporters.formats import make_ready\nfrom reportkit.exporters.heads import words\n"
        "make_ready(['html'], ['# 字'])\nassert words('本年制发件数') == ('本年', '制发', '件数')\n"
        "assert 'rjieba' not in sys.modules\n"
        "make_ready(['html'], ['import pandas  # 字'])\nassert 'rjieba' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
