"""The gate at the end of every page: nothing missing, doubled, moved, changed, or set where no paper is."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pypdfium2
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from reportkit.errors import ExportError
from reportkit.exporters import Content, html_page, pdf_file, read_content
from reportkit.exporters.completeness import check_html, check_pdf, squeezed
from reportkit.exporters.fonts import load_fonts
from reportkit.exporters.glyphs import Font, _least_moved, _moved
from reportkit.exporters.readback import read_back
from support.laws import examples

pytestmark = pytest.mark.usefixtures("chinese")

FILES = Path(__file__).parent / "files" / "exporters"


def content(*htmls: str) -> Content:
    cells = [
        new_code_cell("x", id=f"cell-{number}", outputs=[new_output("display_data", {"text/html": html})])
        for number, html in enumerate(htmls, 1)
    ]
    return read_content(new_notebook(cells=[new_markdown_cell("# 年度报告", id="title"), *cells]))


def made(*htmls: str) -> bytes:
    return pdf_file(content(*htmls), use_system_fonts=False)


def set_by_typst(source: str) -> bytes:
    """A tagged PDF of somebody else's template, on the same paper."""
    page = '#set page(paper: "a4", margin: (top: 37mm, right: 26mm, bottom: 35mm, left: 28mm))\n'
    text = '#set text(font: "Noto Serif SC", size: 16pt, lang: "zh")\n'
    title = '#set document(title: "年度报告")\n'
    return typst.compile(
        (page + text + title + source).encode(),
        format="pdf",
        pdf_standards=["ua-1", "a-2a"],
        font_paths=load_fonts(False),
        timestamp=0,
    )


def said(body: bytes) -> str:
    return squeezed("".join(run.text for piece in read_back(body)[1] if piece.role != "Lbl" for run in piece.runs))


TABLE = "<table><tr><th>单位</th><th>件数</th></tr><tr><td>甲镇</td><td>12</td></tr><tr><td>乙镇</td><td>3</td></tr></table>"
SAYS = ["<p>全年公开12件。</p><p>没有收费。</p>", TABLE, "<ul><li>其一</li><li>其二</li></ul>"]


@pytest.mark.parametrize(
    ("cell", "was", "instead"),
    [
        ("cell-1", "<p>没有收费。</p>", ""),  # lost
        ("cell-1", "12件", "21件"),  # changed
        (
            "cell-2",
            "<p>没有收费。</p>",
            "<p>没有收费。</p><p>没有收费。</p>",
        ),  # doubled: told where the next should begin
        ("cell-2", "<tr><td>乙镇</td><td>3</td></tr>", ""),
        ("cell-2", "<td>甲镇</td><td>12</td>", "<td>12</td><td>甲镇</td>"),  # moved
        ("cell-2", "<td>3</td>", "<td></td>"),
        ("cell-3", "<li>其一</li><li>其二</li>", "<li>其二</li><li>其一</li>"),
    ],
)
def test_a_page_that_says_something_else_is_refused_and_the_cell_named(cell, was, instead):
    wanted = content(*SAYS)
    other = [html.replace(was, instead) for html in SAYS]
    assert other != SAYS
    check_pdf(wanted, made(*SAYS))
    with pytest.raises(ExportError, match=f"单元格 {cell}：.*没有照原样印在页面上"):
        check_pdf(wanted, made(*other))
    check_html(wanted, html_page(wanted).decode())
    with pytest.raises(ExportError, match=f"单元格 {cell}：.*没有照原样印在页面上"):
        check_html(wanted, html_page(content(*other)).decode())


def test_what_a_page_says_on_top_is_told():
    with pytest.raises(ExportError, match="末尾多印了内容"):
        check_pdf(content("<p>甲</p>"), made("<p>甲</p><p>乙</p>"))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("#place(dy: 240mm)[乙镇三件]", "“乙镇三件”排到了第 1 页的版心之外"),
        ("#place(dy: 400mm)[乙镇三件]", "“乙镇三件”排到了第 1 页的版心之外"),
        ("#place(dy: -20mm)[乙镇三件]", "“乙镇三件”排到了第 1 页的版心之外"),
        ("#place(dx: 150mm)[乙镇三件]", "“乙镇三件”排到了第 1 页的版心之外"),
        ("#place(dx: -20mm)[乙镇三件]", "“乙镇三件”排到了第 1 页的版心之外"),
        ("#place(dx: 150mm)[#set text(tracking: -6pt)\n乙镇三件]", "“乙镇三件”排到了第 1 页的版心之外"),
        ("#move(dy: 240mm)[#rotate(90deg)[乙镇三件]]", "“乙镇三件”排到了第 1 页的版心之外"),
        ("#pagebreak()\n#block(height: 5mm, v(250mm) + [乙镇三件])", "“乙镇三件”排到了第 2 页的版心之外"),
    ],
)
def test_text_where_no_page_is_is_refused(source, words):
    wanted = content("<p>乙镇三件</p>")
    check_pdf(wanted, set_by_typst("年度报告 乙镇三件"))
    with pytest.raises(ExportError, match=f"单元格 cell-1：{words}"):
        check_pdf(wanted, set_by_typst(f"年度报告\n{source}"))


def test_a_picture_that_is_not_there_or_runs_off_the_page_is_refused():
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='{w}' height='{h}'><rect width='9' height='9'/></svg>"
    wanted = content(svg.format(w=20, h=20))
    check_pdf(wanted, pdf_file(wanted, use_system_fonts=False))
    with pytest.raises(ExportError, match="单元格 cell-1 共有 1 张图片，页面上有 0 张"):
        check_pdf(wanted, set_by_typst("年度报告"))
    tall = f'#image(bytes("{svg.format(w=20, h=2000)}"), alt: "图", height: 260mm)'
    with pytest.raises(ExportError, match="单元格 cell-1：图片超出了第 1 页的版心"):
        check_pdf(wanted, set_by_typst(f"年度报告\n#block(height: 1mm)[{tall}]"))


def test_what_nobody_sees_is_not_asked_of_the_pdf_and_a_quotation_gets_its_signs():
    hidden = "<table><caption class='visually-hidden'>给读屏软件</caption><tr><td>甲</td></tr></table>"
    assert said(made(hidden, "<p>a<span style='display: none'>b</span>c<q>引</q></p>")) == "年度报告甲ac“引”"


def test_a_table_is_read_as_it_is_shown():
    foot_first = (
        "<tfoot><tr><td>合计</td></tr></tfoot><tbody><tr><td>甲</td></tr></tbody><thead><tr><th>头</th></tr></thead>"
    )
    assert said(made(f"<table>{foot_first}<caption>题注</caption></table>")) == "年度报告题注头甲合计"


def test_pages_of_an_office_s_own_template_are_checked_as_well():
    wanted = content(*SAYS)
    page = html_page(wanted).decode()
    check_html(wanted, page.replace("<main>", "<header>某县政府</header><main>").replace("</main>", "</main>页脚"))
    with pytest.raises(ExportError, match="没有照原样"):
        check_html(wanted, re.sub("(?s)<ul>.*?</ul>", "", page))


# -- reading back ------------------------------------------------------------------------------------------------------

# Latin with ligatures, signs that share a glyph, composed and other odd characters, parentheses that match and do not.
SIGNS = "aàfilﬁH2(〔（）〕)\\<>[]{}%/ 年年月日人⼈一⼀—–-‐‑·・…⋯～〜,，.。：；“”‘’'\"\u00a0\u2009①㎡é\u0301±×°%‰$¥￥"


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.text(st.sampled_from(SIGNS) | st.characters(codec="gb2312"), min_size=1, max_size=60), min_size=1))
def test_read_back_is_what_was_written(lines):
    wanted = content(*(f"<pre>{line.replace('&', '&amp;').replace('<', '&lt;')}</pre>" for line in lines))
    try:
        body = pdf_file(wanted, use_system_fonts=False)
    except ExportError as error:
        assert "没有可用的字体" in str(error)  # noqa: PT017
        return
    # Each shape of a letter with an accent that has no sign of its own stands for the whole letter in a PDF.
    assert re.sub("(\\w[\u0300-\u036f]+)\\1+", r"\1", said(body)) == squeezed(wanted.text)


@pytest.mark.parametrize("name", ["report-2019.ipynb", "report-2021.ipynb"])
def test_a_finished_report_reads_as_another_reader_reads_it(name):
    wanted = read_content(nbformat.read(FILES / name, as_version=4))
    body = pdf_file(wanted, use_system_fonts=False)
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body)]
    other = "".join(re.sub(r"— \d+ —", "", page) for page in pages)
    runs = [run.text for piece in read_back(body)[1] for run in piece.runs]
    assert sorted(squeezed("".join(runs))) == sorted(squeezed(other))


def test_more_glyphs_than_a_string_can_be_cut_at_blindly():
    every = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 10_000))
    assert said(set_by_typst(every)) == every


def test_a_file_that_is_no_pdf_of_typst_is_told():
    whole = set_by_typst("正文")
    for broken in (
        b"",
        b"%PDF-1.7",
        whole[:-500],
        whole[: len(whole) // 2],
        whole.replace(b"/StructElem", b"/Structless"),
    ):
        with pytest.raises(ValueError, match="not a PDF as Typst writes it"):
            read_back(broken)
    assert said(whole) == "正文"


def test_marks_within_what_is_no_text_are_no_text_either():
    # A page number in whose typeface two signs share a glyph: Typst marks the second one inside the artifact.
    page = "#set page(footer: [— \u2014 1 \u00a0 \u2009 —])\n"
    assert said(set_by_typst(f"{page}甲 乙\u00a0丙\u2009丁")) == "甲乙丙丁"


@given(st.lists(st.tuples(st.text("甲乙.1)(", min_size=1), st.decimals(0, 900, places=3)), min_size=1, max_size=9))
def test_a_bound_on_how_far_signs_are_moved_is_never_above_what_they_are_moved(parts):
    font = Font({}, {})
    # As Typst writes it: the first byte of each glyph with a backslash, parentheses with one, too.
    escaped = {"(": "\\(", ")": "\\)"}
    pieces = [f"({''.join(chr(92) + '000' + escaped.get(sign, sign) for sign in text)}){by}" for text, by in parts]
    shown = f"[{''.join(pieces)}(\\000x)]".encode("latin-1", "replace")
    assert _least_moved(shown, font) <= _moved(shown, font) + 1e-6
    assert _moved(shown, font) == pytest.approx(float(sum(by for _, by in parts)))
