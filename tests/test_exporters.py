"""The exporters know no forms: their input here is notebooks made by hand, and two finished reports kept as files."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import canonicalize

import pandas as pd
import pypdf
import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html
from nbformat.v4 import new_output

from reportkit.errors import ExportError
from reportkit.exporters import HtmlReportExporter, PdfReportExporter, html_page, pdf_file, read_content
from reportkit.exporters import pdf as pdf_module
from reportkit.exporters.blocks import BlockReader
from reportkit.exporters.content import inner_html
from reportkit.exporters.fonts import load_typefaces
from reportkit.exporters.heights import add_heights
from reportkit.exporters.sanitize import clean
from reportkit.page_styles import Page, load_style, page_of
from support.exported import FILES, HOSTILE, html, notebook, page, report, shows
from support.laws import examples

MM = 72 / 25.4


# -- notebooks and what comes of them --------------------------------------------------------------------------------


def main_html(*outputs: Any, **kw: Any) -> str:
    """What stands in <main>, without the title that a notebook without one is given."""
    main = lxml_html.fromstring(page(notebook(*outputs, **kw))).find(".//main")
    return "".join(inner_html(main).split("</h1>", 1)[1:]).strip()


def pdf(nb: Any) -> bytes:
    body, _ = PdfReportExporter(use_system_fonts=False).from_notebook_node(nb)
    return body


def pages(body: bytes) -> list[str]:
    return [leaf.get_textpage().get_text_bounded().replace("\r\n", "\n") for leaf in pypdfium2.PdfDocument(body)]


def text(body: bytes) -> str:
    return re.sub(r"\s", "", "".join(pages(body)))


def char_boxes(body: bytes, number: int) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of each visible character of a page, in mm from its left upper corner."""
    leaf = pypdfium2.PdfDocument(body)[number]
    height = leaf.get_height()
    sheet = leaf.get_textpage()
    boxes = [sheet.get_charbox(i) for i in range(sheet.count_chars())]
    return [(x0 / MM, (height - y1) / MM, x1 / MM, (height - y0) / MM) for x0, y0, x1, y1 in boxes if x1 > x0]


def png(width: int = 40, height: int = 20) -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xc0\x20\x20" * width for _ in range(height))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return base64.b64encode(
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    ).decode()


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20"><title>柱状图</title>'
    '<script>alert(1)</script><rect width="30" height="10" onclick="x()" fill="#336699"/></svg>'
)


# -- the sanitiser ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_html_is_disarmed(hostile: str) -> None:
    assert inner_html(clean(hostile)) == HOSTILE[hostile]


TAGS = [
    "script",
    "style",
    "p",
    "div",
    "b",
    "td",
    "table",
    "tr",
    "ul",
    "li",
    "svg",
    "math",
    "iframe",
    "img",
    "a",
    "form",
    "template",
    "noscript",
    "title",
    "textarea",
    "xmp",
]
ATTRIBUTES = [
    "onclick=f()",
    "src=//evil",
    "href=javascript:f()",
    "style=background:url(//evil)",
    "srcset=//evil",
    "id=x",
]
word = st.sampled_from(["公开", "甲 & 乙", "5 > 3", "&lt;", "<", ">", "\n", "\x00", '"', "<!--", "]]>", "\\"])
tag = st.builds("<{}{} {}>".format, st.sampled_from(["", "/"]), st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES))


@settings(max_examples=examples(300), deadline=None)
@example("<ul onclick=f()><li onclick=f()></li onclick=f()>公开")
@example("<ol>公开<li>工作</li>年度<p>报告</p>二</ol>")
@given(st.lists(st.one_of(word, tag, st.text(max_size=8)), max_size=12).map("".join))
def test_nothing_that_acts_or_fetches_survives(hostile: str) -> None:
    out = inner_html(clean(hostile))
    assert inner_html(clean(hostile)) == out  # whatever elements have been met before
    root = lxml_html.fromstring(f"<div>{out}</div>")
    for element in root.iter():
        assert element.tag not in {"script", "iframe", "object", "embed", "form", "link", "meta", "base", "svg", "math"}
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name not in {"srcset", "background", "action"}
            assert "evil" not in value
    assert inner_html(clean(out)) == out


@given(st.lists(st.sampled_from(["一", "二", "<b>三</b>", "<p>四</p>", "<x>五</x>", "<td>六</td>", "</p>", "<div>"])))
def test_text_is_kept(parts: list[str]) -> None:
    source = "".join(parts)
    assert re.sub(r"\s", "", clean(source).text_content()) == re.sub(r"<[^>]*>", "", source)


def test_deep_nesting_neither_fails_nor_loses_text() -> None:
    assert clean("<div>" * 3000 + "<b>" * 3000 + "底").text_content().strip() == "底"


def test_a_line_end_between_chinese_characters_is_no_space() -> None:
    assert inner_html(clean("<p>公开\n工作，\n<b>年度</b>\nreport\n报告“\n二”</p>")) == (
        "<p>公开工作，<b>年度</b>\nreport\n报告“二”</p>"
    )
    assert inner_html(clean("<pre>公开\n工作</pre>")) == "<pre>公开\n工作</pre>"
    assert inner_html(clean("<b>公开</b>\n<b>工作</b>")) == "<p><b>公开</b><b>工作</b></p>"


def test_inline_svg_becomes_an_inert_image() -> None:
    image = clean(f"<p>图：{SVG}</p>").find(".//img")
    drawing = base64.b64decode(image.get("src").partition(",")[2]).decode()
    assert image.get("alt") == "柱状图"
    assert "viewBox" in drawing
    assert "script" not in drawing
    assert "onclick" not in drawing


@pytest.mark.parametrize(
    ("svg", "drawn"),
    [
        ('<svg><use xlink:href="#a"/></svg>', '<svg xmlns="{S}" xmlns:xlink="{X}"><use xlink:href="#a"/></svg>'),
        ('<svg><g><use xmlns:xlink="{X}" xlink:href="#a"/></g><use xlink:href="#b"/></svg>',
         '<svg xmlns="{S}" xmlns:xlink="{X}"><g><use xlink:href="#a"/></g><use xlink:href="#b"/></svg>'),
        ('<svg width=9 height = 8><text fill=red>甲&nbsp;&mdash;乙 & 丙</text></svg>',
         '<svg xmlns="{S}" width="9" height="8"><text fill="red">甲\xa0—乙 &amp; 丙</text></svg>'),
        ('<svg ink:v="1"><sodi:view><rect/></sodi:view><rect sodi:role="x" width="1" width="2"/></svg>',
         '<svg xmlns="{S}"><rect width="1"/></svg>'),
        ('<svg><a xlink:href="javascript:x()"><rect onclick=x() /></a></svg>',
         '<svg xmlns="{S}" xmlns:xlink="{X}"><a><rect/></a></svg>'),
    ],
)  # fmt: skip
def test_inline_svg_is_read_as_browsers_read_it(svg, drawn) -> None:
    spaces = {"S": "http://www.w3.org/2000/svg", "X": "http://www.w3.org/1999/xlink"}
    image = clean(f"<p>图：{svg.replace('{X}', spaces['X'])}</p>").find(".//img")
    assert canonicalize(drawing(image.get("src"))) == canonicalize(drawn.format(**spaces))


@pytest.mark.parametrize(
    "address",
    [
        "\"data:image/svg+xml;utf8,<svg onload='x()'><script>1</script><rect/></svg>\"",
        "'data:image/svg+xml,%3Csvg xmlns=\"http://www.w3.org/2000/svg\"%3E%3Cscript/%3E%3Crect/%3E%3C/svg%3E'",
        f'"data:image/svg+xml;base64,{base64.b64encode(b"<svg><script>1</script><rect/></svg>").decode()}"',
    ],
)
def test_a_drawing_in_an_address_is_as_inert_as_one_in_the_page(address) -> None:
    drawn = "<svg xmlns='http://www.w3.org/2000/svg'><rect/></svg>"
    page = clean(f"<p>甲<img alt='乙' src={address}>丙</p>")
    assert (page.text_content(), page.find(".//img").get("alt")) == ("甲丙", "乙")
    assert canonicalize(drawing(page.find(".//img").get("src"))) == canonicalize(drawn)
    outer = etree.fromstring(drawing(clean(f"<svg><image href={address}/></svg>").find(".//img").get("src")))
    assert canonicalize(drawing(outer[0].get("href"))) == canonicalize(drawn)


def drawing(uri: str) -> str:
    return base64.b64decode(uri.partition(",")[2]).decode()


# -- what a notebook shows -------------------------------------------------------------------------------------------


def test_code_never_shows_and_tags_remove() -> None:
    assert "secret" not in page(notebook(html("<p>a</p>")))
    assert main_html(html("<p>a</p>"), tags=["remove-cell"]) == ""
    assert main_html(html("<p>a</p>"), tags=["remove_outputs"]) == ""


def test_streams_errors_and_plain_text() -> None:
    outputs = [
        new_output("stream", name="stdout", text="a \x1b[31m1\x1b[0m\n"),
        new_output("stream", name="stderr", text="noise"),
        new_output("stream", name="stdout", text="<b>"),
        new_output("error", ename="ValueError", evalue="坏 <b>", traceback=[]),
        shows("text/latex", "$x$"),
    ]
    assert main_html(*outputs, tags=["raises-exception"]) == (
        '<pre>a 1\n&lt;b&gt;</pre>\n<div class="cell-error"><p>ValueError: 坏 &lt;b&gt;</p></div>\n<pre>$x$</pre>'
    )


def test_the_richest_form_of_an_output_is_shown() -> None:
    both = new_output("display_data", data={"text/plain": "plain", "text/html": "<p>rich</p>"})
    widget = new_output(
        "display_data", data={"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "static"}
    )
    assert main_html(both, widget) == "<p>rich</p>\n<pre>static</pre>"


def test_markdown_cells_pass_the_same_gate() -> None:
    out = main_html(html("<p>a</p>"), markdown="**强** <script>x</script>\n\n| a | b |\n|--|--:|\n| 1 | ~~2~~ |\n")
    assert "<strong>强</strong>" in out
    assert "<del>2</del>" in out
    assert "script" not in out


@pytest.mark.parametrize(
    ("output", "metadata", "alt"),
    [
        (shows("image/png", png(), **{"image/png": {"alt": "甲"}}), {}, "甲"),
        (shows("image/png", png(), alt="乙"), {}, "乙"),
        (shows("image/png", png()), {"alt": "丙"}, "丙"),
        (shows("image/svg+xml", SVG), {}, "柱状图"),
        (shows("image/png", png()), {}, "图 1"),
    ],
)
def test_every_picture_has_a_text_alternative(output: Any, metadata: Any, alt: str) -> None:
    image = lxml_html.fromstring(main_html(output, **metadata)).find(".//img")
    assert image.get("alt") == alt
    assert image.get("src").startswith("data:image/")


def test_a_nameless_picture_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    page(notebook(shows("image/png", png())))
    assert "图 1" in caplog.text


def test_a_pasted_picture_is_found() -> None:
    nb = notebook(html("<h1>题</h1>"), markdown="![图](attachment:a.png)")
    nb.cells[1].attachments = {"a.png": {"image/png": png()}}
    assert f'src="data:image/png;base64,{png()}"' in page(nb)


@pytest.mark.parametrize("output", [shows("image/png", "bm8="), shows("image/svg+xml", "no"), shows("image/jpeg", "%")])
def test_a_broken_picture_names_its_cell(output: Any) -> None:
    with pytest.raises(ExportError, match="cell-1"):
        page(notebook(output))


def test_a_content_tells_its_headings_and_its_text() -> None:
    table = "<style>td {color: red}</style><table><caption>题 注</caption><tr><th>头</th><td>1<br>2</td></tr></table>"
    text = "<h1>题</h1>一<b>二</b>\n三<p>四\n <i>五</i></p><ul><li>六<ul><li>七</li></ul>八</li></ul>"
    content = read_content(notebook(html(text), html(table), markdown="# 另一\n题\n\n```\na\n  b\n```"))
    assert content.headings == ["题", "另一"]
    assert content.text.split("\n") == [
        "题", "一二三", "四五", "六", "七", "八", "题 注", "头", "1", "2", "另一", "题", "a", "b",
    ]  # fmt: skip


@pytest.mark.parametrize("year", ["2019", "2021"])
def test_one_content_serves_for_both_files_in_any_order(year: str) -> None:
    def state() -> list[bytes]:
        return [etree.tostring(fragment.root) for fragment in content.fragments]

    content = read_content(report(year))
    before = state()
    first, both = html_page(content), pdf_file(content, use_system_fonts=False)
    assert state() == before
    assert (pdf_file(content, use_system_fonts=False), html_page(content)) == (both, first)


@pytest.mark.parametrize("name", ["", "桑洲镇"])
@pytest.mark.parametrize("year", ["2019", "2021", ""])
def test_the_exporters_of_nbconvert_give_the_same_files(year: str, name: str) -> None:
    nb = report(year) if year else notebook(html("<p>没有标题。</p>"))
    resources = {"metadata": {"name": name}}
    content = read_content(nb, name)
    assert HtmlReportExporter().from_notebook_node(nb, resources)[0].encode() == html_page(content)
    assert PdfReportExporter().from_notebook_node(nb, resources)[0] == pdf_file(content)


# -- the page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", ["2019", "2021"])
def test_the_page_stands_alone(year: str) -> None:
    body = page(report(year))
    root = lxml_html.fromstring(body)
    assert body.startswith("<!doctype html>")
    assert root.get("lang") == "zh-CN"
    assert root.findtext("head/title") == root.findtext(".//h1")
    assert len(root.findall(".//main")) == len(root.findall(".//h1")) == 1
    assert not root.findall(".//script")
    assert not re.search(r"(?:src|href)=.(?!data:|#|https?://)|url\(|@import", body)
    assert len(root.findall(".//div[@class='table-box']")) == 3
    assert len(body.encode()) < 50_000


def test_own_style_is_small() -> None:
    assert len(lxml_html.fromstring(page(notebook())).findtext("head/style").encode()) < 6_000


def test_a_table_scrolls_in_a_box_the_keyboard_reaches() -> None:
    box = lxml_html.fromstring(main_html(html("<table><caption>表一</caption><tr><td>1</td></tr></table>")))
    assert box.get("style") == "--columns: 1"
    assert {name: box.get(name) for name in ("role", "tabindex", "aria-label")} == {
        "role": "group", "tabindex": "0", "aria-label": "表一",
    }  # fmt: skip


def test_headings_make_one_outline() -> None:
    root = lxml_html.fromstring(page(notebook(html("<h1>题</h1><h4>甲</h4>"), html("<h1>乙</h1><h3></h3><h6>丙</h6>"))))
    assert [(e.tag, e.text) for e in root.iter("h1", "h2", "h3", "h4", "h5", "h6")] == [
        ("h1", "题"), ("h2", "甲"), ("h2", "乙"), ("h3", "丙"),
    ]  # fmt: skip


def test_a_report_without_title_gets_its_name() -> None:
    body, _ = HtmlReportExporter().from_notebook_node(notebook(), resources={"metadata": {"name": "桑洲镇"}})
    assert lxml_html.fromstring(body).findtext(".//h1") == "桑洲镇"


def test_ids_are_unique_and_their_users_follow() -> None:
    table = "<style>#T_a td {color: red}</style><table id=T_a><tr><th id=h>头</th></tr><tr><td headers=h>1</td></tr></table>"
    content = read_content(notebook(html("<h1>题</h1>"), html(table), html(table)))
    second = content.fragments[-1].root
    assert second.find(".//table").get("id") == "T_a-2"
    assert second.find(".//td").get("headers") == second.find(".//th").get("id") == "h-2"
    assert content.styles == ["#T_a td {color: red}", "#T_a-2 td {color: red}"]


def test_an_office_can_bring_its_template_without_conf_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "office").mkdir()
    template = (
        '{% extends "reportkit/index.html.j2" %}{% block footer %}<footer><p>某某县人民政府</p></footer>{% endblock %}'
    )
    (tmp_path / "office" / "index.html.j2").write_text(template, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    body, _ = HtmlReportExporter(template_name="office").from_notebook_node(report("2019"))
    assert "某某县人民政府" in body
    assert "--fang" in body


def test_nbconvert_finds_both_exporters() -> None:
    from nbconvert.exporters import get_exporter

    assert issubclass(get_exporter("reportkit-html"), HtmlReportExporter)
    assert issubclass(get_exporter("reportkit-pdf"), PdfReportExporter)
    assert get_exporter("reportkit_html") is HtmlReportExporter
    assert get_exporter("reportkit_pdf") is PdfReportExporter


SCOPES = {
    "<thead><tr><th>甲</th><th colspan=2>乙</th></tr></thead>": ["col", "colgroup"],
    "<tbody><tr><th rowspan=2>甲</th><th>乙</th><td>1</td></tr><tr><th>丙</th><td>2</td></tr></tbody>": [
        "rowgroup", "row", "row",
    ],
    "<tr><th>甲</th><th>乙</th></tr><tr><td>1</td><td>2</td></tr>": ["col", "col"],
    "<thead><tr><th></th><th scope=row>甲</th></tr></thead>": [None, "row"],
}  # fmt: skip


@pytest.mark.parametrize("rows", SCOPES)
def test_heads_of_an_analysts_table_say_what_they_are_heads_of(rows: str) -> None:
    root = clean(f"<table>{rows}</table>")
    assert [cell.get("scope") for cell in root.iter("th", "td") if not (cell.text or "").isdigit()] == SCOPES[rows]


def test_a_plain_and_a_styled_frame_have_scopes() -> None:
    frame = pd.DataFrame({("件", "甲"): [1, 2], ("件", "乙"): [3, 4]}, index=["东", "西"])
    for written in (frame.to_html(), frame.style.set_uuid("x").to_html()):
        heads = {head.text: head.get("scope") for head in clean(written).iter("th")}
        assert heads == {"件": "colgroup", "甲": "col", "乙": "col", "东": "row", "西": "row"}


# -- the PDF ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["2019", "2021"])
def finished(request: pytest.FixtureRequest) -> tuple[Any, bytes]:
    nb = report(request.param)
    return nb, pdf(nb)


@pytest.fixture(scope="module")
def filler() -> bytes:
    return pdf(notebook(html("<h1>题</h1>"), html(f"<p>{'政府信息公开工作年度报告全面推进依法行政' * 130}</p>")))


def test_a_full_page_has_22_lines_of_28_characters(filler: bytes) -> None:
    for leaf in pages(filler)[1:3]:
        *lines, number = leaf.strip().split("\n")
        assert [len(line) for line in lines] == [28] * 22
        assert re.fullmatch(r"— \d —", number)


def test_the_type_area_is_156_by_225_mm(filler: bytes) -> None:
    boxes = char_boxes(filler, 1)
    number = [box for box in boxes if box[1] > 262]
    body = [box for box in boxes if box[1] <= 262]
    assert pypdfium2.PdfDocument(filler)[1].get_size() == pytest.approx((210 * MM, 297 * MM), abs=0.1)
    assert 28 <= min(box[0] for box in body) < 29
    assert 183 < max(box[2] for box in body) <= 184.2
    assert 37 <= min(box[1] for box in body) < 40
    assert 259 < max(box[3] for box in body) <= 262
    assert min(box[1] for box in number) == pytest.approx(269, abs=3)


def test_page_numbers_stand_outside(filler: bytes) -> None:
    odd, even = ([box for box in char_boxes(filler, n) if box[1] > 262] for n in (2, 1))
    assert max(box[2] for box in odd) == pytest.approx(184 - 14 / MM, abs=1)
    assert min(box[0] for box in even) == pytest.approx(28 + 14 / MM, abs=1)


def test_the_text_copies_out_as_written(finished: tuple[Any, bytes]) -> None:
    nb, body = finished
    out = text(body)
    for fragment in read_content(nb).fragments:
        for block in fragment.root.iter("h1", "h2", "h3", "p"):
            written = re.sub(r"\s", "", block.text_content())
            # A paragraph may run over a page's foot, where the number stands between.
            assert written in re.sub(r"—\d+—", "", out)
    reader = pypdf.PdfReader(io.BytesIO(body))
    assert not re.search("[\u2e80-\u2fdf]", out + "".join(leaf.extract_text() for leaf in reader.pages))


def test_conformance_language_and_title(finished: tuple[Any, bytes]) -> None:
    root = pypdf.PdfReader(io.BytesIO(finished[1])).trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert root["/Lang"] == "zh-CN"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read_content(finished[0]).title in xmp


def test_fonts_are_embedded_and_none_is_type_3(finished: tuple[Any, bytes]) -> None:
    reader = pypdf.PdfReader(io.BytesIO(finished[1]))
    fonts = [f.get_object() for leaf in reader.pages for f in leaf["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert font["/Subtype"] == "/Type0"
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor


def test_tables_are_tagged_with_header_cells(finished: tuple[Any, bytes]) -> None:
    kinds = {
        str(obj.get_object().get("/S"))
        for obj in pypdf.PdfReader(io.BytesIO(finished[1])).trailer["/Root"]["/StructTreeRoot"]["/K"]
    }
    assert kinds  # the tree is there; which roles it has is told by a search through all objects
    everything = finished[1]
    reader = pypdf.PdfReader(io.BytesIO(everything))
    roles = set()
    for number in range(1, reader.trailer["/Size"]):
        obj = reader.get_object(number)
        if isinstance(obj, dict) and "/S" in obj:
            roles.add(str(obj["/S"]))
    assert {"/Table", "/TR", "/TH", "/TD", "/H1"} <= roles


def test_a_long_table_repeats_its_header() -> None:
    rows = "".join(f"<tr><th>第{n}行</th><td>{n}</td></tr>" for n in range(80))
    body = pdf(
        notebook(html("<h1>题</h1>"), html(f"<table><thead><tr><th>项目</th><th>数量</th></tr></thead>{rows}</table>"))
    )
    leaves = pages(body)
    assert len(leaves) >= 3
    assert all("项目" in leaf and "数量" in leaf for leaf in leaves)


def test_a_header_within_the_body_takes_the_place_of_the_last_one() -> None:
    def part(name: str) -> str:
        rows = "".join(f"<tr><th>{name}{n}</th><td>{n}</td></tr>" for n in range(30))
        return f"<tr><th colspan=2 scope=colgroup>{name}部分</th></tr><tr><th>{name}项目</th><th>数量</th></tr>{rows}"

    leaves = pages(pdf(notebook(html("<h1>题</h1>"), html(f"<table>{part('甲')}{part('乙')}</table>"))))
    assert "甲部分" in leaves[0]
    assert "乙部分" in leaves[1]
    assert "甲部分" not in leaves[-1]


def test_a_header_is_never_alone_at_the_foot_of_a_page() -> None:
    for lead in range(14, 22):
        body = f"<p>{'<br>'.join(['行'] * lead)}</p><h2>二、标题</h2><table><tr><th>头</th></tr>{'<tr><td>格</td></tr>' * 9}</table>"
        first = pages(pdf(notebook(html("<h1>题</h1>"), html(body))))[0]
        assert ("二、标题" in first) == ("格" in first)


def test_many_tables_find_their_places(monkeypatch: pytest.MonkeyPatch) -> None:
    import typst

    def compile_strictly(*args: Any, **kwargs: Any) -> bytes:
        body, warnings = typst.compile_with_warnings(*args, **kwargs)
        assert [warning.message for warning in warnings] == []
        return body

    def section(rows: int) -> str:
        return f"<h2>一、标题</h2><table><tr><th>头</th></tr>{'<tr><td>1</td></tr>' * rows}</table><p>文字</p>"

    monkeypatch.setattr(typst, "compile", compile_strictly)
    pdf(notebook(html("<h1>题</h1>"), html("".join(map(section, (3, 20, 7, 14, 9, 22, 5))))))


@pytest.mark.parametrize("year", ["2019", "2021"])
def test_a_row_that_is_not_measured_is_as_high_as_one_that_is(year: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known: list[int] = []

    def forget(table: Any, page: Page) -> None:
        add_heights(table, page)
        known.extend(table.pop("certain"))

    quick = pdf(report(year))
    monkeypatch.setattr(pdf_module, "add_heights", forget)
    assert pdf(report(year)) == quick
    assert sum(map(bool, known)) > len(known) / 2


def test_a_row_is_measured_unless_its_lines_are_certain() -> None:
    rows = {
        "<td>甲</td><td>1</td>": 1,
        "<td>甲</td><td></td>": 1,
        "<td></td><td></td>": 1,  # a blank row is to be seen
        "<td>甲</td><td>x</td>": 0,  # how wide is an x?
        "<td>甲</td><td><b>1</b></td>": 0,
        "<td>甲<br>乙</td><td>1</td>": 0,
        f"<td>{'长' * 60}</td><td>1</td>": 2,
        f"<td>{'长' * 78}</td><td>1</td>": 0,  # two or three
        f"<td>{'长，' * 30}</td><td>1</td>": 2,
        f"<td>{'长，' * 40}</td><td>1</td>": 0,  # no line begins with a comma
        f"<td>“{'长' * 60}”</td><td>1</td>": 0,  # may a line end beside a quotation mark?
        "<td>（一）“甲”/-1%</td><td>1</td>": 1,
        "<td rowspan=2>甲</td><td>1</td>": 1,
        "<td>2</td>": 0,  # 甲 may need it higher
    }
    root = clean(f"<table><tr>{'</tr><tr>'.join(rows)}</tr></table>")
    (table,) = pdf_module._paged(BlockReader().read(root, ""), page_of(load_style("gbt-9704")))
    assert table["certain"] == list(rows.values())


words = st.text("政府信息公开属于国家秘密（）《》、，。；：？！0123456789.x“", max_size=40)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A table whose rows have two to six cells, of which all but the first may reach over the row below."""
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(2, 6))
    taken, lines = set[tuple[int, int]](), []
    for row in range(rows):
        cells = []
        for column in range(columns):
            if (row, column) in taken:
                continue
            span = draw(st.sampled_from((1, 1, 1, 2))) if column and row + 1 < rows else 1
            taken |= {(row + below, column) for below in range(1, span)}
            cells.append(f"<td rowspan={span}>{draw(words)}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(lines)}</table>"


def measure(table: Any, page: Page) -> None:
    add_heights(table, page)
    rows = [row for part in table["parts"] for row in part["rows"]]
    # A row of blanks is as high as a line, which Typst would not make it.
    said = [any(cell["body"] for cell in row if cell["rowspan"] == 1) for row in rows]
    table["certain"] = [0 if text else lines for lines, text in zip(table["certain"], said, strict=True)]


@settings(max_examples=examples(200), deadline=None)
@example("<table><tr><td rowspan=2>属于国家秘密</td><td rowspan=2>1</td></tr><tr></tr></table>")
@example(f"<table><tr><td>{'公开' * 30}</td><td>{'信息、' * 12}</td></tr></table>")
@given(tables())
def test_no_table_is_set_otherwise_when_its_rows_are_measured(table: str) -> None:
    content = read_content(notebook(html("<h1>题</h1>"), html(table)))
    quick = pdf_file(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf_module, "add_heights", measure)
        assert pdf_file(content) == quick


def test_the_text_of_a_cell_over_rows_that_a_page_parts_is_where_it_has_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def group(number: int) -> str:
        rows = "".join(f"<tr><td>{row}.重复申请</td><td>{row}</td></tr>" for row in range(2, 6))
        return f"<tr><td rowspan=5>（{number}）不予处理{'的' * 30}</td><td>1.信访类申请</td><td>1</td></tr>{rows}"

    table = f"<table>{''.join(map(group, range(1, 9)))}</table>"
    contents = [
        read_content(notebook(html("<h1>题</h1>"), html(f"<p>{'<br>'.join('行' * lead)}</p>"), html(table)))
        for lead in range(1, 8)
    ]
    quick = [pdf_file(content) for content in contents]
    monkeypatch.setattr(pdf_module, "add_heights", measure)
    assert [pdf_file(content) for content in contents] == quick


def test_a_stub_over_many_rows_may_run_over_pages() -> None:
    rows = "<tr><th rowspan=70>三、本年度办理结果</th><td>0</td></tr>" + "".join(
        f"<tr><td>{n}</td></tr>" for n in range(1, 70)
    )
    body = pdf(notebook(html("<h1>题</h1>"), html(f"<table>{rows}</table>")))
    assert "69" in pages(body)[-1]
    assert "三、本年度办理结果" in text(body)


def test_a_wide_table_turns_the_page_and_fits() -> None:
    def wide(columns: int, digits: int) -> str:
        cells = "".join(f"<td>{10 ** (digits - 1) + n}</td>" for n in range(columns))
        return f"<h2>宽表</h2><table>{f'<tr>{cells}</tr>' * 3}</table><p>之后。</p>"

    for columns, digits in ((18, 8), (30, 9)):
        body = pdf(notebook(html("<h1>题</h1>"), html(wide(columns, digits))))
        document = pypdfium2.PdfDocument(body)
        assert [leaf.get_width() > leaf.get_height() for leaf in document] == [False, True, False]
        assert "宽表" in pages(body)[1]
        boxes = char_boxes(body, 1)
        assert min(box[0] for box in boxes) >= 34
        assert max(box[2] for box in boxes) <= 297 - 36
        assert str(10 ** (digits - 1)) in text(body)


def test_whatever_an_analyst_adds_comes_out() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"单位": ["桑洲镇", "黄坛镇"], "件数": [12, 34]})
    outputs = [
        html("<h1>题</h1>"),
        html(frame.to_html()),
        html(frame.style.set_uuid("x").set_caption("样式表").to_html()),
        shows("image/png", png(), alt="点阵图"),
        shows("image/svg+xml", SVG),
        shows(
            "text/markdown", "1. 第一\n   - 内层\n2. 第二\n\n> 引文\n\n---\n\n### 小节\n\nH<sub>2</sub>O `code` ~~旧~~"
        ),
        new_output("stream", name="stdout", text="out  put\n" + "x" * 200),
        new_output("error", ename="ValueError", evalue="坏", traceback=[]),
    ]
    body = pdf(notebook(*outputs, tags=["raises-exception"]))
    out = text(body)
    for expected in (
        "桑洲镇12",
        "样式表",
        "1.第一",
        "内层",
        "2.第二",
        "引文",
        "小节",
        "H2O",
        "code",
        "旧",
        "ValueError:坏",
    ):
        assert expected in out
    assert "x" * 200 in out
    assert max(box[2] for n in range(len(pages(body))) for box in char_boxes(body, n)) <= 185
    assert sum(len(leaf.images) for leaf in pypdf.PdfReader(io.BytesIO(body)).pages) == 1


@pytest.mark.parametrize(
    "odd",
    [
        "<table><tr><td><table><tr><td>内表</td></tr></table></td><td><ul><li>列表</li></ul><pre>打印</pre></td></tr></table>",
        "<ul><li>项<table><caption>题注</caption><tr><th>内表</th></tr></table></li></ul>",
        "<table><tr><th rowspan=9999 colspan=9999>大</th></tr><tr></tr><tr><td>小</td><td>尾</td></tr></table>",
        "<table><thead><tr><th rowspan=5>头</th></tr></thead><tr><td>a</td><td>b</td></tr><tr><td rowspan=0>c</td></tr></table>",
        "<table></table><table><caption>空</caption></table><ul></ul><blockquote></blockquote><p>文</p>",
    ],
)
def test_odd_tables_come_out_whole(odd: str) -> None:
    written = clean(odd).text_content()
    assert sorted(re.sub(r"[•\d—]|^题", "", text(pdf(notebook(html("<h1>题</h1>"), html(odd)))))) == sorted(
        re.sub(r"\s", "", written)
    )


def test_markup_characters_of_typst_are_only_characters() -> None:
    nasty = '#let x = 1; $a$ *b* _c_ @d [e] `f` \\n //g /*h*/ ~ -- ... \'q\' "r" #eval("1") = 标题 + 一'
    escaped = nasty.replace("&", "&amp;").replace("<", "&lt;")
    outputs = [html(f"<h1>{escaped}</h1><p>{escaped}</p><table><tr><td>{escaped}</td></tr></table>")]
    assert text(pdf(notebook(*outputs))).count(re.sub(r"\s", "", nasty)) >= 3


def test_an_unbreakable_word_stays_on_the_page() -> None:
    body = pdf(notebook(html("<h1>题</h1>"), html(f"<p>网址 http://a.cn/{'x' * 150} 完</p>")))
    assert max(box[2] for box in char_boxes(body, 0)) <= 184.5
    assert "x" * 150 + "完" in text(body)


@pytest.fixture(params=["typst's words", "other words"])
def refusing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Typst as it is, and as it may be one day: what it refuses, it may refuse in other words."""
    import typst

    compiled = typst.compile

    def reworded(*arguments: Any, **options: Any) -> Any:
        try:
            return compiled(*arguments, **options)
        except RuntimeError:
            raise RuntimeError("no") from None

    if request.param == "other words":
        monkeypatch.setattr(typst, "compile", reworded)


@pytest.mark.usefixtures("refusing")
@pytest.mark.usefixtures("chinese")
def test_a_missing_glyph_is_named_with_place_and_cure() -> None:
    outputs = [
        html("<h1>题</h1><h2>一、总体情况</h2><p>泰文字母ก在此</p><table><tr><th>笑脸</th><td>😀</td></tr></table>")
    ]
    with pytest.raises(ExportError) as caught:
        pdf(notebook(*outputs))
    message = str(caught.value)
    assert "“ก”（U+0E01）：“一、总体情况”一节，“泰文字母ก在此”" in message
    assert "“😀”（U+1F600）：“一、总体情况”一节表格第 1 行，“😀”" in message
    assert "请安装含有这些字符的字体" in message


@pytest.mark.usefixtures("refusing")
@pytest.mark.usefixtures("chinese")
def test_characters_that_no_font_has_together_are_named_with_their_place() -> None:
    """A digit in a frame: each of its three characters has a glyph, the whole has none."""
    with pytest.raises(ExportError) as caught:
        pdf(notebook(html("<h1>题</h1><h2>一、总体情况</h2><p>收到11件</p><p>第1\ufe0f\u20e3条</p>")))
    message = str(caught.value)
    assert "（U+0031 U+FE0F U+20E3）：“一、总体情况”一节，“第1\ufe0f\u20e3条”" in message
    assert message.count("U+0031") == 1


@pytest.mark.usefixtures("refusing")
@pytest.mark.usefixtures("chinese")
def test_a_picture_that_cannot_be_decoded_names_its_cell() -> None:
    cut = base64.b64encode(base64.b64decode(png())[:40]).decode()
    with pytest.raises(ExportError, match="单元格 cell-1 的图片"):
        pdf(notebook(html("<h1>题</h1>"), shows("image/png", cut)))


def test_faces_named_are_faces_present() -> None:
    typefaces = load_typefaces(load_style("gbt-9704").faces, False)
    assert {name for names in typefaces.families.values() for name in names} <= set(typefaces.fonts.families())
    assert typefaces.families["body"] == ["Noto Serif SC"]


@pytest.mark.slow
def test_the_same_notebook_gives_the_same_bytes_in_any_process() -> None:
    program = (
        "import hashlib, nbformat, sys\n"
        "from reportkit.exporters import html_page, pdf_file, read_content\n"
        "for path in sys.argv[1:]:\n"
        "    content = read_content(nbformat.read(path, 4))\n"
        "    for made in html_page(content), pdf_file(content):\n"
        "        print(path[-10:-6], made[:4], hashlib.sha256(made).hexdigest())"
    )
    paths = [str(FILES / f"report-{year}.ipynb") for year in (2019, 2021)]
    # Neither the order of sets nor threads nor what was made before may show.
    runs = [("1", "1", paths), ("2", "4", paths[::-1])]
    first, second = (
        subprocess.run(
            [sys.executable, "-c", program, *order],
            env={**os.environ, "PYTHONHASHSEED": seed, "RAYON_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for seed, threads, order in runs
    )
    assert len(set(first)) == 4
    assert sorted(first) == sorted(second)


def test_an_exporter_leaves_its_notebook_alone_and_can_be_used_again() -> None:
    nb = report("2019")
    before = json.dumps(nb, sort_keys=True)
    for exporter in (HtmlReportExporter(), PdfReportExporter(use_system_fonts=False)):
        assert exporter.from_notebook_node(nb)[0] == exporter.from_notebook_node(nb)[0]
    assert json.dumps(nb, sort_keys=True) == before


def test_what_is_not_used_is_not_imported() -> None:
    program = (
        "import sys\n"
        "import reportkit.exporters\n"
        "print({'nbconvert', 'typst', 'lxml', 'mistune'} & set(sys.modules))\n"
        "from reportkit.exporters import Content, html_page, pdf_file, read_content\n"
        "print({'nbconvert', 'typst', 'mistune'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True).split() == ["set()", "set()"]
