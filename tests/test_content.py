"""Every Markdown, raw and output cell reaches the content, or is named with what to do."""

from __future__ import annotations

import base64
import io
import os
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from PIL import Image

from reportkit.batch.execution import run_cells
from reportkit.errors import ExportError
from reportkit.exporters import html_page, pdf_file, read_content
from reportkit.exporters.content import Content
from reportkit.exporters.html_trees import inner_html
from reportkit.exporters.printouts import is_python, terminal
from reportkit.exporters.programs import program_in
from support.laws import examples
from support.offices import add_cell, bring, office

pytestmark = pytest.mark.usefixtures("chinese")

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="30" height="10" fill="#369"/></svg>'
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"


def drawn(kind: str = "PNG", size: tuple[int, int] = (40, 20)) -> bytes:
    if kind == "SVG":
        return SVG.encode()
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind)
    return out.getvalue()


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


PNG = b64(drawn())


def markdown(source: str, attachments: Any = None, cell: str = "text") -> Any:
    made = new_markdown_cell(source, id=cell)
    if attachments:
        made.attachments = from_dict(attachments)
    return made


def raw(source: str, cell: str = "raw", **metadata: Any) -> Any:
    return new_raw_cell(source, id=cell, metadata=metadata)


def code(*outputs: Any, cell: str = "code", **metadata: Any) -> Any:
    return new_code_cell("1", outputs=list(outputs), id=cell, metadata=metadata)


def shows(data: dict[str, Any], **metadata: Any) -> Any:
    return new_output("display_data", data=data, metadata=metadata)


def value(text: str) -> Any:
    return new_output("execute_result", data={"text/plain": text}, execution_count=1)


def html(text: str) -> Any:
    return shows({"text/html": text, "text/plain": "<IPython.core.display.HTML object>"})


def stream(text: str, name: str = "stdout") -> Any:
    return new_output("stream", name=name, text=text)


def read(*cells: Any, folders: Any = (), widgets: Any = None) -> Content:
    metadata = {"title": "题", **({"widgets": {WIDGET_STATE: {"state": widgets}}} if widgets else {})}
    return read_content(from_dict({"cells": list(cells), "metadata": metadata}), folders=folders)


def lines(*cells: Any, **kw: Any) -> list[str]:
    return read(*cells, **kw).text.split("\n")[1:]


def refused(*cells: Any, **kw: Any) -> list[str]:
    with pytest.raises(ExportError) as caught:
        read(*cells, **kw)
    return str(caught.value).split("\n")


def pictures(content: Content) -> list[Any]:
    return [image for fragment in content.fragments for image in fragment.root.iter("img")]


# -- cells of another type -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "%%narrative overview\n文", "\n  %%narrative overview\n文", "%%html\n<b>文</b>", "%load_ext x",
        'report.heading("proactive")\nreport.table("proactive")', "import pandas as pd\ndf = pd.DataFrame()  # 注",
    ],
)  # fmt: skip
@pytest.mark.parametrize(("make", "kind"), [(markdown, "Markdown"), (raw, "Raw（原始）")])
def test_a_cell_magic_that_is_no_code_cell_is_named_with_its_type_and_the_way_back(make: Any, kind: str, source: str):
    (told,) = refused(make(source, cell="overview"))
    assert told.startswith(f"单元格 overview：这是 {kind} 单元格，里面的 {program_in(source)} 不会运行；")
    assert "按 Esc 再按 Y" in told


@pytest.mark.parametrize(
    "source",
    [
        "# 标题\n正文",
        "甲",
        "f(x)",
        "甲乙（丙）",
        "a = b 的时候",
        "合计 = 12",
        "共 3 件",
        "import 的统计",
        "```\nx.y()\n```",
        "a\\_b = 1",
    ],
)
def test_words_are_no_program(source: str) -> None:
    assert program_in(source) == ""


def test_all_that_is_wrong_is_told_at_once() -> None:
    told = refused(markdown("%%narrative a"), code(html("<iframe src='//h'></iframe>")), raw("x", format="text/latex"))
    assert [line.partition("：")[0] for line in told] == ["单元格 text", "单元格 code", "单元格 raw"]


RAW = {
    "第一行。\n 第二行 <b>\n\n*第二段*": ({}, ["第一行。", "第二行 <b>", "*第二段*"]),
    "<p>一</p><script>1</script><p>二</p>": ({"raw_mimetype": "text/html"}, ["一", "二"]),
    "一**二**": ({"format": "text/markdown"}, ["一二"]),
}


@pytest.mark.parametrize("source", RAW)
def test_a_raw_cell_is_printed_as_what_it_is(source: str) -> None:
    metadata, printed = RAW[source]
    assert lines(raw(source, **metadata)) == printed


@pytest.mark.parametrize("mime", ["text/latex", "text/restructuredtext", "text/x-python"])
def test_a_raw_cell_for_another_format_is_named(mime: str) -> None:
    (told,) = refused(raw("文", raw_mimetype=mime))
    assert told.startswith(f"单元格 raw：这是 {mime} 格式的 Raw（原始）单元格")


def test_cells_that_are_tagged_away_are_not_looked_at() -> None:
    assert lines(
        raw("%%narrative a", tags=["remove-cell"]),
        code(html("<iframe src='//h'></iframe>"), tags=["remove-output"]),
        markdown("<!-- 说明 -->"),
        markdown("文", cell="b"),
    ) == ["文"]


# -- Markdown --------------------------------------------------------------------------------------------------------


def test_footnotes_are_printed_and_linked() -> None:
    cells = [markdown("甲[^1]乙[^注]。\n\n[^1]: 脚注一\n[^注]:脚注二\n    续行", cell=name) for name in ("one", "two")]
    content = read(*cells)
    assert content.text.split("\n")[1:] == ["甲1乙2。", "脚注一", "脚注二续行"] * 2
    page = lxml_html.fromstring(html_page(content))
    targets = [link.get("href")[1:] for link in page.iter("a")]
    assert len(set(targets)) == 4
    assert all(page.get_element_by_id(target).tag == "li" for target in targets)
    assert "脚注二" in pdf_text(content)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("文\n\n[^1]: 注", "脚注 [^1] 在正文里没有引用"),
        ("文[^1]\n\n[^1]: 注\n[^1]: 又一", "脚注 [^1] 写了不止一次"),
        ("文\n\n[注]: 本表数据截至12月31日", "“[注]: …”在 Markdown 里是链接的定义"),
        ("![图](attachment:my pic.png)", "“![图](attachment:my pic.png)”没有认成图片"),
    ],
)
def test_what_markdown_would_swallow_is_named(source: str, told: str) -> None:
    assert refused(markdown(source))[0].startswith(f"单元格 text：{told}")


def test_ordinary_link_definitions_are_none_of_our_business() -> None:
    assert lines(markdown("见[网站][a]。\n\n[a]: https://a.cn/公开")) == ["见网站。"]


def test_task_and_definition_lists_are_printed() -> None:
    assert lines(markdown("- [x] 已完成\n- [ ] 未完成\n\n术语\n: 解释")) == ["√ 已完成", "□ 未完成", "术语", "解释"]


@pytest.mark.parametrize("formula", [r"$a_1 * b_2 * c$", "$$\nx_1 * y_1 * z\n$$", r"行内 $\frac{a}{b}$ 式"])
def test_formulas_stay_as_typed_and_are_told(formula: str) -> None:
    content = read(markdown(formula))
    assert " ".join(content.text.split("\n")[1:]) == " ".join(formula.split())
    assert [line[:14] for line in content.warnings] == ["单元格 text：公式（$…"]


def test_sums_of_money_are_no_formulas() -> None:
    content = read(markdown("成本 $100 和 $200 之间，$5-$8。"))
    assert (content.text.split("\n")[1:], content.warnings) == (["成本 $100 和 $200 之间，$5-$8。"], [])


def test_mermaid_stays_as_its_source_and_is_told() -> None:
    content = read(markdown("```mermaid\ngraph TD; A-->B\n```"))
    assert "graph TD; A-->B" in content.text
    assert content.warnings[0].startswith("单元格 text：mermaid 图照原样印成源码")


# -- pictures --------------------------------------------------------------------------------------------------------

NAMES = [
    ("image.png", "![甲](attachment:image.png)"),
    ("截图.png", "![甲](attachment:截图.png)"),
    ("截图.png", "![甲](attachment:%E6%88%AA%E5%9B%BE.png)"),
    ("%E6%88%AA%E5%9B%BE.png", "![甲](attachment:截图.png)"),
    ("my pic.png", "![甲](<attachment:my pic.png>)"),
    ("my pic.png", "![甲](attachment:my%20pic.png)"),
    ("a&b (1).png", "![甲](<attachment:a&b (1).png>)"),
    ("100%.png", "![甲](attachment:100%.png)"),
    ("cafe\u0301.png", "![甲](attachment:caf\u00e9.png)"),
    ("image.png", '<img src="attachment:image.png" alt="甲">'),
    ("image.png", "![甲][图]\n\n[图]: attachment:image.png"),
]


@pytest.mark.parametrize(("name", "source"), NAMES)
def test_an_attachment_is_found_under_any_name(name: str, source: str) -> None:
    content = read(markdown(source, {name: {"image/png": PNG}}))
    assert [(image.get("src"), image.get("alt")) for image in pictures(content)] == [
        (f"data:image/png;base64,{PNG}", "甲")
    ]


KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp", "SVG": "image/svg+xml"}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_picture_is_printed_from_attachment_file_and_output(kind: str, tmp_path: Path) -> None:
    content, mime, suffix = drawn(kind), KINDS[kind], kind.lower()
    (tmp_path / f"图.{suffix}").write_bytes(content)
    data = content.decode() if kind == "SVG" else b64(content)
    cells = [
        markdown(f"![甲](attachment:a.{suffix})", {f"a.{suffix}": {mime: b64(content)}}),
        markdown(f"![乙](图.{suffix})"),
        code(shows({mime: data, "text/plain": "<IPython.core.display.Image object>"}, alt="丙")),
        code(html(f'<img src="data:{mime};base64,{b64(content)}" alt="丁">')),
    ]
    shown = read(*cells, folders=[tmp_path])
    assert [image.get("alt") for image in pictures(shown)] == ["甲", "乙", "丙", "丁"]
    assert {image.get("src").partition(",")[0] for image in pictures(shown)} == {f"data:{mime};base64"}
    assert shown.warnings == []
    assert pdf_file(shown, use_system_fonts=False)[:5] == b"%PDF-"


def test_a_picture_among_words_is_in_the_pdf() -> None:
    sources = [
        f'<img src="data:image/png;base64,{b64(drawn(size=(width, 20)))}" alt="甲">' for width in (20, 30, 40, 900)
    ]
    text = "<p>前{}后</p><h2>题{}</h2><ul><li>项{}</li></ul><table><tr><td>格{}</td></tr></table>".format(*sources)
    pages = pypdf.PdfReader(io.BytesIO(pdf_file(read(code(html(text))), use_system_fonts=False))).pages
    assert sum(len(page.images) for page in pages) == 4


def test_picture_files_are_found_in_the_folders_and_noted(tmp_path: Path) -> None:
    beside, root = tmp_path / "notebooks", tmp_path
    (beside / "图 库").mkdir(parents=True)
    (beside / "图 库/甲.png").write_bytes(drawn())
    (root / "乙.png").write_bytes(drawn())
    content = read(
        markdown("![甲](<图 库/甲.png>) ![乙](../乙.png)"),
        code(html("<img src=乙.png alt=乙>")),
        folders=[beside, root],
    )
    assert len(pictures(content)) == 3
    assert {path.name for path in content.files} == {"甲.png", "乙.png"}


MISSING = {
    "![a](attachment:none.png)": "没有名为“none.png”的附件（现有：image.png）",
    "![a](没有.png)": "找不到图片“没有.png”",
    "![a](../out.png)": "图片“../out.png”不在项目的文件夹里",
    "![a](link.png)": "图片“link.png”不在项目的文件夹里",
    "![a](https://example.invalid/x.png)": "图片 https://example.invalid/x.png 在别的主机上",
    "![a](//example.invalid/x.png)": "图片 //example.invalid/x.png 在别的主机上",
    "![a](file:///etc/x.png)": "图片 file:///etc/x.png 在别的主机上",
    "<img alt=a>": "有一张图片没有写地址",
    "![a](big.png)": "图片“big.png”有 21 MB，超过 20 MB",
}


@pytest.mark.parametrize("source", MISSING)
@pytest.mark.parametrize("make", [markdown, lambda source, _: code(shows({"text/markdown": source}), cell="text")])
def test_a_picture_that_cannot_be_had_is_named(make: Any, source: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / "out.png").write_bytes(drawn())
    (folder / "link.png").symlink_to(tmp_path / "out.png")
    (folder / "big.png").write_bytes(b"")
    os.truncate(folder / "big.png", 21 << 20)
    told = refused(make(source, {"image.png": {"image/png": PNG}}), folders=[folder])
    expected = MISSING[source] if make is markdown else MISSING[source].replace("image.png", "无")
    assert [line.startswith(f"单元格 text：{expected}") for line in told] == [True]


@pytest.mark.parametrize(
    "source", ["![a](no.png)", f"![a](data:image/png;base64,{b64(b'no')})", "![a](data:image/bmp;base64,Qk0=)"]
)
def test_a_picture_that_is_none_is_named(source: str, tmp_path: Path) -> None:
    (tmp_path / "no.png").write_bytes(b"<html>")
    assert refused(markdown(source), folders=[tmp_path])[0].startswith("单元格 text 的图片无法识别")


@pytest.mark.parametrize("lost", ["<foreignObject><p>标签</p></foreignObject>", '<image href="https://h/x.png"/>'])
def test_what_a_drawing_loses_is_named(lost: str) -> None:
    svg = SVG.replace("</svg>", f"{lost}</svg>")
    for output in (shows({"image/svg+xml": svg}), html(f"<p>图：{svg}</p>")):
        assert refused(code(output))[0].startswith("单元格 code：SVG 图形")


def test_a_picture_without_words_is_told_with_its_cell() -> None:
    content = read(code(shows({"image/png": PNG}), cell="chart"), markdown(f"![](data:image/png;base64,{PNG})"))
    assert [line[:30] for line in content.warnings] == [
        "单元格 chart：图片没有替代文字，暂以“图 1”代替；请", "单元格 text：图片没有替代文字，暂以“图 2”代替；请在",
    ]  # fmt: skip


# -- HTML ------------------------------------------------------------------------------------------------------------

LOST = {
    "<p>a</p><iframe src='//h'></iframe>": "嵌入的网页（iframe）",
    "<object data=x>o</object>": "嵌入的对象（object）",
    "<p>a</p><embed src=x>": "嵌入的对象（embed）",
    "<video src=x></video>": "视频（video）",
    "<audio src=x></audio>": "声音（audio）",
    "<canvas>c</canvas>": "画布（canvas）",
    "<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>": "MathML 公式（math）",
    "<p>a</p><svg>": "无法识别的 SVG 图形",
    "<progress value=3 max=9></progress>": "进度条（progress）",
    "<div id=p style='height:400px'></div><script>draw('p')</script>": "有内容要靠脚本",
    "<h3>标题</h3><div id='c1'></div><script>draw('c1')</script>": "有内容要靠脚本",
    "<script>document.write('x')</script>": "有内容要靠脚本",
    "<p>图</p><my-chart data='1,2'></my-chart>": "有内容要靠脚本",
}


@pytest.mark.parametrize("text", LOST)
def test_html_that_no_page_can_show_is_named(text: str) -> None:
    assert refused(code(html(text)))[0].startswith(f"单元格 code：{LOST[text]}")


KEPT = {
    "<script>x</script><style>p{color:red}</style><p>文</p>": ["文"],
    "<noscript><iframe></iframe><img src='//h'></noscript><p>文</p>": ["文"],
    "<p hidden>藏</p><template><video></video></template><p>文</p>": ["文"],
    "<select><option>甲<option selected>乙</select><input value='值'><input type=hidden value=x>尾": ["乙值尾"],
    "<label><input type=checkbox checked>是</label><label><input type=radio>否</label>": ["√ 是□ 否"],
    "<textarea>文本</textarea><button>按钮</button><progress>三成</progress>": ["文本按钮三成"],
    "<div style='height:400px'></div>": [],
    "": [],
}


@pytest.mark.parametrize("text", KEPT)
def test_html_that_a_page_can_show_is_printed(text: str) -> None:
    content = read(code(html(text)))
    assert content.text.split("\n")[1:] == KEPT[text]
    assert len(content.fragments) == 1 + bool(KEPT[text])


# -- outputs ---------------------------------------------------------------------------------------------------------

PLOTLY = {"application/vnd.plotly.v1+json": {"data": []}, "text/plain": "Figure({\n    'data': []\n})"}
REFUSED = {
    "plotly": (PLOTLY, "plotly 图"),
    "plotly_html": ({**PLOTLY, "text/html": "<div id='p'></div><script>Plotly.newPlot('p')</script>"}, "脚本"),
    "altair": ({"application/vnd.vegalite.v5+json": {}, "text/plain": "<VegaLite 5 object>\n\nIf you see"}, "Altair"),
    "altair_chart": ({"application/vnd.vegalite.v5+json": {}, "text/plain": "alt.Chart(...)"}, "Altair"),
    "bokeh": ({"application/vnd.bokehjs_exec.v0+json": "", "text/html": "<div id='b'></div>"}, "bokeh 图"),
    "javascript": ({"application/javascript": "alert(1)", "text/plain": "<IPython.core.display.Javascript object>"}, "脚本"),
    "geojson": ({"application/geo+json": {}, "text/plain": "<IPython.display.GeoJSON object>"}, "地图"),
    "pdf": ({"application/pdf": "JVBERi0="}, "PDF 文件"),
    "bmp": ({"image/bmp": "Qk0="}, "image/bmp 格式的内容"),
    "widget": ({VIEW: {"model_id": "x"}, "text/plain": "IntSlider(value=3)"}, "控件"),
    "repr": ({"text/plain": "<__main__.A at 0x7f00>"}, "Python 的对象 <__main__.A at 0x7f00>"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_output_that_no_page_can_show_is_named_and_never_its_repr(name: str) -> None:
    data, what = REFUSED[name]
    (told,) = refused(code(shows(data), cell=name))
    assert told.startswith(f"单元格 {name}：")
    assert what in told


@pytest.mark.parametrize("name", REFUSED)
def test_a_static_picture_beside_it_is_printed(name: str) -> None:
    content = read(code(shows({**REFUSED[name][0], "image/png": PNG}, alt="图")))
    assert len(pictures(content)) == 1


def test_words_beside_what_no_page_can_show_are_printed() -> None:
    assert lines(code(shows({**PLOTLY, "text/plain": "合计 3 件"}))) == ["合计 3 件"]


def test_a_table_that_pandas_cuts_short_is_told() -> None:
    content = read(code(html("<table><tr><td>1</td></tr></table>\n<p>100 rows × 3 columns</p>")))
    assert content.warnings[0].startswith("单元格 code：表格只印出开头和结尾（共 100 行 3 列）")


def test_json_is_printed_as_text() -> None:
    data = {"application/json": {"甲": [1, "文"]}, "text/plain": "<IPython.core.display.JSON object>"}
    assert lines(code(shows(data))) == ["{", '"甲": [', "1,", '"文"', "]", "}"]


def test_a_formula_is_printed_as_its_source_and_told() -> None:
    content = read(code(shows({"text/latex": r"$\frac{a}{b}$", "text/plain": "<IPython.core.display.Math object>"})))
    assert content.text.split("\n")[1:] == [r"$\frac{a}{b}$"]
    assert content.warnings[0].startswith("单元格 code：公式（LaTeX）")


PYTHON = [
    "<function __main__.f(x)>", "<map object at 0x0>", "[<matplotlib.lines.Line2D at 0x0>]", "<Axes: >",
    "Text(0.5, 1.0, '标题')", "(array([1.]), array([0., 1.]), <BarContainer object of 1 artists>)", "alt.Chart(...)",
    "array([[<Axes: >]], dtype=object)", "{'whiskers': [<matplotlib.lines.Line2D at 0x0>]}",
    "Report(Filing(jurisdiction='甲'))", "namespace(person=Figure(3402))", "datetime.date(2023, 12, 31)",
    "<Figure size 640x480 with 1 Axes>", "<IPython.core.display.Image object>", "Output()",
    "interactive(children=(IntSlider(value=3), Output()), _dom_classes=('widget-interact',…",
]  # fmt: skip
PLAIN = [
    "2", "-1.5", "'文字'", "'<b>文</b>'", "[1, '文', None]", "{'甲': 3, '乙(丙)': '<x>'}", "甲    1\n乙    2\nName: 数, dtype: int64",
    "合计(2023)", "True", "0.5 (一半)", "(1, 2)",
]  # fmt: skip


def test_python_is_told_from_words() -> None:
    assert [text for text in PYTHON if not is_python(text)] == []
    assert [text for text in PLAIN if is_python(text)] == []


@pytest.mark.parametrize("text", PYTHON)
def test_what_drawing_gives_back_is_left_out_beside_the_drawing_only(text: str) -> None:
    content = read(code(value(text), shows({"image/png": PNG}, alt="图")))
    assert (content.text, len(pictures(content))) == ("题", 1)
    assert refused(code(value(text)))[0].startswith("单元格 code：最后一行的值是 Python 的对象")


def test_of_a_long_value_the_beginning_is_told_and_that_it_goes_on() -> None:
    long, short = "array([ 0.00123015,  0.29874554, -0.27413786])", "array([1, 2])"
    assert "array([ 0.00123015,  0.29874554, -0.2741…，" in refused(code(value(long)))[0]
    assert f"{short}，" in refused(code(value(short)))[0]


def test_numbers_of_numpy_are_numbers() -> None:
    assert lines(code(value("np.float64(3.5)")), code(value("[np.int64(3), np.str_('甲')]"))) == ["3.5", "[3, '甲']"]


def test_an_address_in_memory_is_not_printed() -> None:
    assert refused(code(stream("对象 <A object at 0x7f01>\n")))[0].startswith("单元格 code：印出来的是 Python 的对象")


TERMINAL = {
    "进度 0/3\r进度 3/3\n": "进度 3/3\n",
    "abcdef\rxy": "xycdef",
    "abcdef\r\x1b[Kxy": "xy",
    "abc\b\bX": "aXc",
    "a\r\nb\r\n": "a\nb\n",
    "50%\r100%\n完\b成": "100%\n成",
    "\x1b[31m红\x1b[0m\r绿": "绿",
    "平常\n": "平常\n",
}


@pytest.mark.parametrize("text", TERMINAL)
def test_a_printout_is_what_a_terminal_shows(text: str) -> None:
    assert terminal(text) == TERMINAL[text]


@pytest.mark.parametrize(
    "noise",
    [
        "<string>:1: UserWarning: Glyph 134071 (\\N{CJK UNIFIED IDEOGRAPH-20BB7}) missing from font(s) DejaVu Sans.\n",
        "Font 'rm' does not have a glyph for '\\U00020bb7' [U+20bb7], substituting with a dummy symbol.\n",
    ],
)
def test_a_character_that_a_figure_shows_as_a_box_is_named(noise: str) -> None:
    told = refused(code(stream(noise, "stderr"), shows({"image/png": PNG}, alt="图")))
    assert told[0].startswith("单元格 code：图里的“𠮷”（U+20BB7）没有可用的字体")


# -- widgets ---------------------------------------------------------------------------------------------------------


def model(name: str, **state: Any) -> dict[str, Any]:
    return {"model_name": f"{name}Model", "state": state}


WIDGETS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "html": ({"w": model("HTML", value="<b>控件</b><script>x</script>", description="说明")}, ["说明 控件"]),
    "label": ({"w": model("Label", value="<标签>")}, ["<标签>"]),
    "slider": ({"w": model("IntSlider", value=3, description="滑")}, ["滑 3"]),
    "slider_at_zero": ({"w": model("IntSlider")}, ["0"]),
    "choice": ({"w": model("Dropdown", _options_labels=["甲", "乙"], index=1)}, ["乙"]),
    "tick": ({"w": model("Checkbox", value=True, description="是")}, ["是 √"]),
    "box": (
        {
            "w": model("VBox", children=["IPY_MODEL_a", "IPY_MODEL_b", "IPY_MODEL_c"]),
            "a": model("Label", value="一"),
            "b": model("FloatProgress", value=3, max=4),
            "c": model("Text", value="二"),
        },
        ["一", "二"],
    ),
    "tab": (
        {"w": model("Tab", children=["IPY_MODEL_a"], titles=["页"]), "a": model("Label", value="文")},
        ["页", "文"],
    ),
    "output": (
        {
            "w": model(
                "Output",
                outputs=[
                    {"output_type": "stream", "name": "stdout", "text": "印出的话\n"},
                    {"output_type": "display_data", "data": {"text/html": "<p>段</p>"}, "metadata": {}},
                ],
            )
        },
        ["印出的话", "段"],
    ),
}


@pytest.mark.parametrize("text", ["Widget(value=3)", "interactive(children=(IntSlider(value=3…", "Words for it"])
@pytest.mark.parametrize("name", WIDGETS)
def test_the_words_of_a_widget_are_printed(name: str, text: str) -> None:
    state, printed = WIDGETS[name]
    view = shows({VIEW: {"model_id": "w"}, "text/plain": text})
    assert lines(code(view), widgets=state) == printed


def test_words_stand_for_a_widget_that_has_none() -> None:
    view = shows({VIEW: {"model_id": "w"}, "text/plain": "Words for it"})
    assert lines(code(view), widgets={"w": model("FileUpload")}) == ["Words for it"]


@pytest.mark.parametrize(
    "text",
    [
        "  0%|          | 0/3 [00:00<?, ?it/s]",
        "a [x]:   0%|          | 0/3 [00:00<?, ?files/s, loss=0.1]",
        "0it [00:00, ?it/s]",
        "  0%|          ",
    ],
)
def test_a_bar_of_tqdm_is_left_out_as_where_it_goes_to_standard_error(text: str) -> None:
    state = {
        "w": model("HBox", children=["IPY_MODEL_a", "IPY_MODEL_b"]),
        "a": model("HTML", value="100%"),
        "b": model("FloatProgress", value=3, max=3),
    }
    bar, words = shows({VIEW: {"model_id": "w"}, "text/plain": text}), stream("20% | done [1, 2]\n")
    assert lines(code(bar, words), widgets=state) == ["20% | done [1, 2]"]
    output = {"w": model("Output", outputs=[bar, words])}
    assert lines(code(shows({VIEW: {"model_id": "w"}})), widgets=from_dict(output)) == ["20% | done [1, 2]"]
    assert lines(code(shows({"text/plain": "10%|20%"}))) == ["10%|20%"]


@pytest.mark.parametrize(
    "state",
    [
        {"w": model("FileUpload")},
        {"w": model("VBox", children=["IPY_MODEL_w"])},
        {"w": model("VBox", children=["IPY_MODEL_a"]), "a": model("Play")},
        {"w": model("Output", outputs=[{"output_type": "display_data", "data": PLOTLY, "metadata": {}}])},
    ],
)
def test_a_widget_without_words_is_named(state: Any) -> None:
    assert refused(code(shows({VIEW: {"model_id": "w"}})), widgets=from_dict(state))[0].startswith(
        "单元格 code：这里有"
    )


# -- notebooks that were run -----------------------------------------------------------------------------------------


KERNEL = {"name": "python3", "language": "python", "display_name": "Python 3"}


def run(*sources: str) -> NotebookNode:
    cells = [new_code_cell(source, id=f"c{number}") for number, source in enumerate(sources, 1)]
    nb = new_notebook(cells=cells, metadata={"papermill": {}, "kernelspec": KERNEL})
    for cell in nb.cells:
        cell.metadata["papermill"] = {}
    done, failure = run_cells(nb, Path.cwd())
    assert failure is None
    return done


CHINESE = (
    "import matplotlib.pyplot as plt\nfig, ax = plt.subplots(figsize=(2, 1))\nax.set_title('{}', fontweight='bold')\n"
)


@pytest.mark.parametrize(
    "settings",
    [
        "",
        "plt.rcParams['font.sans-serif'] = ['SimHei']",
        "plt.style.use('ggplot')",
        "plt.rcParams['font.family'] = 'serif'",
    ],
)
def test_figures_show_chinese_whatever_font_is_asked_for(settings: str) -> None:
    nb = run(f"import matplotlib.pyplot as plt\n{settings}", CHINESE.format("办件量−对比") + "plt.show()")
    assert not [o.text for c in nb.cells for o in c.outputs if o.output_type == "stream" and "Glyph" in o.text]
    content = read_content(nb)
    assert len(pictures(content)) == 1


@pytest.mark.parametrize("title", ["𠮷", "$x$ 与 𠮷"])
def test_a_character_that_no_font_has_is_named_even_if_nobody_wants_to_hear(title: str) -> None:
    nb = run("import warnings\nwarnings.filterwarnings('ignore')", CHINESE.format(title), CHINESE.format("好"))
    with pytest.raises(ExportError) as caught:
        read_content(nb)
    assert str(caught.value).startswith("单元格 c2：图里的“𠮷”（U+20BB7）")
    assert "c3" not in str(caught.value)


def test_matplotlib_is_as_before_when_the_run_is_over() -> None:
    run(CHINESE.format("好"))
    from matplotlib import _text_helpers, font_manager

    assert "_find_fonts_by_props" not in vars(font_manager.fontManager)
    assert _text_helpers.warn_on_missing_glyph.__module__ == "matplotlib._text_helpers"


def test_widgets_that_were_run_are_printed() -> None:
    nb = run(
        "import ipywidgets as w\nout = w.Output()\nwith out:\n    print('控件里的话')\nout",
        "w.VBox([w.HTML('<b>甲</b>'), w.IntSlider(3, description='滑')])",
    )
    assert read_content(nb).text.split("\n")[1:] == ["控件里的话", "甲", "滑 3"]


# -- a build ---------------------------------------------------------------------------------------------------------


def test_a_build_prints_picture_files_tells_of_them_and_makes_the_report_again_when_one_changes(tmp_path: Path) -> None:
    project = office(tmp_path, "甲镇")
    (tmp_path / "notebooks/图.png").write_bytes(drawn())
    add_cell(project, "from IPython.display import Markdown\nMarkdown('![](图.png)')")
    (outcome,) = bring(project)
    assert outcome.status == "built"
    assert [line.partition("；")[0] for line in outcome.warnings] == ["单元格 extra：图片没有替代文字，暂以“图 1”代替"]
    assert outcome.as_dict()["warnings"] == list(outcome.warnings)
    assert bring(project)[0].status == "up-to-date"
    (tmp_path / "notebooks/图.png").write_bytes(drawn(size=(10, 10)))
    assert bring(project)[0].status == "built"


def test_a_build_fails_with_every_cell_that_cannot_be_printed(tmp_path: Path) -> None:
    project = office(tmp_path, "甲镇")
    add_cell(project, "from IPython.display import *\nIFrame('https://example.invalid', 300, 200)", cell="map")
    add_cell(project, "object()", cell="thing")
    (outcome,) = bring(project)
    assert outcome.status == "failed"
    assert [line.partition("：")[0] for line in outcome.reason.splitlines()] == ["单元格 thing", "单元格 map"]
    assert not list(tmp_path.glob("dist/**/*.html"))


# -- the law ---------------------------------------------------------------------------------------------------------

VOCABULARY = {
    "markdown": lambda word, cell: markdown(f"# 题\n\n正文{word}，*强*[^1]\n\n[^1]: 注{word}", cell=cell),
    "list": lambda word, cell: markdown(f"- [x] {word}\n\n| 列 |\n|--|\n| {word} |", cell=cell),
    "formula": lambda word, cell: markdown(f"${word}_1 * x_2 * y$", cell=cell),
    "attached": lambda word, cell: markdown(f"{word}![图](attachment:图.png)", {"图.png": {"image/gif": b64(drawn('GIF'))}}, cell),
    "not attached": lambda word, cell: markdown(f"{word}![图](attachment:图.png)", cell=cell),
    "raw": lambda word, cell: raw(f"原{word}\n<b>\n\n* x", cell),
    "raw latex": lambda word, cell: raw(word, cell, format="text/latex"),
    "turned": lambda word, cell: raw(f"%%narrative overview\n{word}", cell),
    "stream": lambda word, cell: code(stream(f"旧\r{word}\n"), stream("noise", "stderr"), stream("续"), cell=cell),
    "html": lambda word, cell: code(html(f"<p>{word}</p><script>x</script>"), cell=cell),
    "value": lambda word, cell: code(value(f"'{word}'"), cell=cell),
    "repr": lambda word, cell: code(value(f"<{word} at 0x0>"), cell=cell),
    "call": lambda word, cell: code(value(f"Figure({word!r})"), cell=cell),
    "frame": lambda word, cell: code(html(f"{word}<iframe></iframe>"), cell=cell),
    "chart": lambda word, cell: code(shows({**PLOTLY, "text/html": f"<div id='a'></div><script>'a{word}'</script>"}), cell=cell),
    "latex": lambda word, cell: code(shows({"text/latex": f"${word}$"}), cell=cell),
    "json": lambda word, cell: code(shows({"application/json": [word]}), cell=cell),
    "error": lambda word, cell: code(new_output("error", ename="E", evalue=word, traceback=[]), cell=cell),
}  # fmt: skip


@settings(max_examples=examples(150))
@given(st.lists(st.sampled_from(sorted(VOCABULARY)), max_size=8))
def test_every_cell_is_printed_or_named(kinds: list[str]) -> None:
    cells = [VOCABULARY[kind](f"词{number}号", f"cell{number}") for number, kind in enumerate(kinds)]
    try:
        content = read(*cells)
    except ExportError as error:
        for told in str(error).splitlines():
            assert told.startswith("单元格 cell")
        cells = [cell for cell in cells if f"单元格 {cell.id}：" not in str(error)]
        content = read(*cells)
    page = "".join(map(inner_html, (fragment.root for fragment in content.fragments)))
    for cell in cells:
        number = cell.id.removeprefix("cell")
        assert f"词{number}号" in content.text
        assert f"词{number}号" in page
    assert " at 0x" not in content.text


def pdf_text(content: Content) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf_file(content, use_system_fonts=False)))
    return "".join(page.extract_text() for page in reader.pages)
