"""Quotation marks and apostrophes are set in the typeface of their script."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from lxml import html as lxml_html
from nbformat.v4 import new_markdown_cell, new_notebook

from reportkit.exporters import html_page, pdf_file, read_content
from reportkit.exporters.quotes import mark_quotes
from reportkit.page_styles import styles_of


def marked(text: str, chinese: bool) -> str:
    """The text with what is in an element between braces."""
    root = lxml_html.fromstring(f"<div><p>{text}</p><p>The end</p></div>")
    mark_quotes([root], root.text_content(), chinese)
    shown = (
        lxml_html.tostring(root, encoding="unicode").removeprefix("<div><p>").removesuffix("</p><p>The end</p></div>")
    )
    return re.sub(r'<span class="\w+-marks">(.+?)</span>', r"{\1}", shown)


@pytest.mark.parametrize(
    ("text", "chinese", "latin"),
    [
        ("The clerk’s log has “all” of it.", "The clerk{’}s log has {“}all{”} of it.", ""),
        ("使用“Python”语言，他说：“好。”", "", "使用{“}Python{”}语言，他说：{“}好。{”}"),
        ("“Python”是语言", "", "{“}Python{”}是语言"),
        ("本镇的 “平台” 与 it’s", "本镇的 “平台” 与 it{’}s", "本镇的 {“}平台{”} 与 it’s"),
        ("the residents’ use", "the residents{’} use", ""),
        ("他写道：The “big” one", "他写道：The {“}big{”} one", ""),
        ("“All of it”", "{“}All of it{”}", ""),
        ("“全文”", "", "{“}全文{”}"),
        ("says “宁海县” here", "says {“}宁海县{”} here", ""),
        ("The “<i>all</i>” <code>it’s</code> ‘x’", "The {“}<i>all</i>{”} <code>it’s</code> {‘}x{’}", ""),
        ("宁海——“县”", "", "宁海{——}{“}县{”}"),
        ("a “ b", "", ""),
    ],
)
def test_a_mark_of_the_other_script_is_marked(text: str, chinese: str, latin: str):
    assert marked(text, chinese=True) == (chinese or text)
    assert marked(text, chinese=False) == (latin or text)


def test_both_formats_set_them_in_their_script():
    nb = new_notebook(cells=[new_markdown_cell("# 年度报告\n\n本镇的平台：The clerk’s log. 使用“平台”。")])
    shown = read_content(nb, styles=styles_of("gbt-9704"))
    page = html_page(shown).decode()
    assert '<span class="latin-marks">’</span>' in page
    assert ".latin-marks { font-family:" in page
    body = pypdf.PdfReader(io.BytesIO(pdf_file(shown, use_system_fonts=False)))
    faces = {
        str(font.get_object()["/BaseFont"]).partition("+")[2] for font in body.pages[0]["/Resources"]["/Font"].values()
    }
    assert any(face.startswith("LibertinusSerif") for face in faces)
    plain = read_content(
        new_notebook(cells=[new_markdown_cell("# 年度报告\n\n使用“平台”。")]), styles=styles_of("gbt-9704")
    )
    assert "marks" not in html_page(plain).decode()
