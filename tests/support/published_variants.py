"""A report of our own, taken apart, and set again as pages, Word files and texts are met: what each way adds and cuts."""

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from unicodedata import east_asian_width

from lxml import html as lxml_html

from support.html_tables import grid

Table = list[list[tuple[str, int, int]]]
"""Rows of cells: text, rowspan, colspan."""


@dataclass
class Report:
    """A title, and blocks under headings: paragraphs, or a table."""

    title: str
    preamble: list[str]
    sections: list[tuple[str, list[str | Table]]] = field(default_factory=list)

    def words(self, heading: str) -> str:
        paragraphs = [block for name, blocks in self.sections if name == heading for block in blocks]
        first = self.preamble if heading == self.sections[0][0] else []
        return "".join("".join([*first, *(one for one in paragraphs if isinstance(one, str))]).split())


def taken_apart(page: str, preamble: list[str]) -> Report:
    """Our own page as a Report."""
    main = lxml_html.document_fromstring(page).find(".//main")
    report = Report(main.find("h1").text_content().strip(), preamble)
    for element in main:
        if element.tag == "h2":
            report.sections.append((element.text_content().strip(), []))
        elif element.tag == "p":
            report.sections[-1][1].append(element.text_content().strip())
        elif (table := element.find(".//table")) is not None:
            rows = [[(cell.text, cell.rowspan, cell.colspan) for cell in row if cell] for row in grid(table)]
            report.sections[-1][1].append(rows)
    return report


# --- what stands around it -------------------------------------------------------------------------------------------

ABOVE = (
    "首页 > 政务公开 > 政府信息公开年报", "当前位置：首页 > 乡镇街道 > 合成镇", "登录 | 注册", "长者模式 无障碍浏览 繁体",
    "网站支持IPv6", "打印本页", "RSS订阅",
)  # fmt: skip
BESIDE = (
    "发布时间：2024-01-12 来源：党政办 浏览次数：128 次", "字体：【大 中 小】 打印", "索引号：000014349/2024-00012", "发布日期：2024-01-12",
    "分享到：微信 微博 QQ空间", "信息来源：合成镇人民政府", "作者：佚名", "【字体： 大 中 小】", "阅读次数：12", "公开形式：主动公开",
)  # fmt: skip
BELOW = (
    "【打印本页】【关闭窗口】", "扫一扫在手机打开当前页", "责任编辑：王小二", "上一篇：合成镇2019年政府信息公开工作年度报告", "下一篇：没有了",
    "主办：合成县人民政府办公室", "网站标识码：0000000000", "某ICP备00000000号-1", "某公网安备 00000000000000号", "相关链接：",
    "版权所有：合成县人民政府", "Copyright © 2024 合成县", "网站地图 | 关于我们 | 联系我们", "分享到： 微信 微博",
)  # fmt: skip
PAGE_NUMBERS: tuple[Callable[[int, int], str], ...] = (
    lambda page, _: f"- {page} -", lambda page, _: f"— {page} —", lambda page, pages: f"第 {page} 页 共 {pages} 页", lambda page, pages: f"{page}/{pages}",
    lambda page, pages: f"第{page}页/共{pages}页", lambda page, _: f"－{page}－", lambda page, pages: f"Page {page} of {pages}", lambda page, _: f"第 {page} 页",
)  # fmt: skip


def some(source: random.Random, lines: tuple[str, ...]) -> list[str]:
    return source.sample(lines, source.randint(0, 4))


# --- HTML and Word ---------------------------------------------------------------------------------------------------


def as_page(report: Report, source: random.Random) -> bytes:
    """A web page with what sites have around a report."""
    tag = source.choice(["p", "div"])
    below = some(source, BELOW)
    lines = [*some(source, ABOVE), report.title, *some(source, BESIDE), *report.preamble]
    parts = [_element(tag, line, source) for line in lines]
    for heading, blocks in report.sections:
        parts.append(_element(tag, heading, source))
        parts += [_element(tag, one, source) if isinstance(one, str) else _table(one) for one in blocks]
    parts += [_element(tag, line, source) for line in below]
    end = source.choice(["\n", "\r\n", ""])
    return f"<html><head><meta charset=utf-8></head><body>{end.join(parts)}</body></html>".encode()


def _element(tag: str, text: str, source: random.Random) -> str:
    indent = source.choice(["", "　　", "&nbsp;&nbsp;&nbsp;&nbsp;"])
    return f"<{tag}>{indent}{escape(text)}</{tag}>"


def _table(rows: Table) -> str:
    cells = (
        "".join(f"<td rowspan={down} colspan={across}>{escape(text)}</td>" for text, down, across in row)
        for row in rows
    )
    return "<table border=1>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def as_word(report: Report, source: random.Random, width: int = 0) -> bytes:
    """A Word file; with a width, one in which each line is a paragraph, as after a paste from a PDF."""
    paragraphs = [report.title, *report.preamble]
    body = [_paragraph(line) for one in paragraphs for line in broken(one, width)]
    for heading, blocks in report.sections:
        body.append(_paragraph(heading))
        for block in blocks:
            body += map(_paragraph, broken(block, width)) if isinstance(block, str) else [_word_table(block)]
    if source.random() < 0.5:
        body += map(_paragraph, ["合成镇人民政府", "2024年1月12日"])
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document {_W}><w:body>{"".join(body)}</w:body></w:document>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        archive.writestr("word/document.xml", document)
    return file.getvalue()


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _word_table(rows: Table) -> str:
    """Merged cells as Word has them: a cell in each row that one from above reaches into."""
    out = []
    for row in rectangle(rows):
        cells = []
        for text, down, across in row:
            merge = {0: "<w:vMerge/>", 1: ""}.get(down, '<w:vMerge w:val="restart"/>')
            cells.append(_word_cell(text, across, merge))
        out.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl>{''.join(out)}</w:tbl>"


def rectangle(rows: Table) -> Table:
    """The rows with a cell of rowspan 0 wherever one from above reaches in."""
    out: Table = []
    reach: dict[int, tuple[int, int]] = {}
    for row in rows:
        full, column, left = [], 0, list(row)
        below = {}
        while left or column in reach:
            if column in reach:
                rest, across = reach[column]
                full.append(("", 0, across))
                down = rest
            else:
                text, down, across = left.pop(0)
                full.append((text, down, across))
            if down > 1:
                below[column] = (down - 1, across)
            column += across
        reach = below
        out.append(full)
    return out


def _word_cell(text: str, across: int, merge: str) -> str:
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{across}"/>{merge}</w:tcPr>{_paragraph(text)}</w:tc>'


# --- text ------------------------------------------------------------------------------------------------------------


def columns(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)


def broken(text: str, width: int) -> list[str]:
    """A paragraph as lines of a width, its numbers whole and no sign but an opening one at an end where it cannot be."""
    if not width:
        return [text]
    lines = [""]
    for word in _words(text):
        if lines[-1] and columns(lines[-1] + word) > width and word[0] not in "，。；：、）”》！？":
            lines.append("")
        lines[-1] += word
    return lines


def _words(text: str) -> list[str]:
    words: list[str] = []
    for char in text:
        if words and char.isascii() and words[-1][-1].isascii() and not char.isspace():
            words[-1] += char
        else:
            words.append(char)
    return words


def as_text(report: Report, source: random.Random, width: int) -> bytes:
    """Lines broken at a width, and pages with numbers, heads and form feeds that end wherever they end."""
    indent = source.choice(["", "　　"])
    lines = ["合成镇人民政府" if source.random() < 0.3 else "", report.title, ""]
    lines += [line for one in report.preamble for line in broken(indent + one, width)]
    for heading, blocks in report.sections:
        lines.append(heading)
        for block in blocks:
            lines += broken(indent + block, width) if isinstance(block, str) else _text_rows(block, source)
    return source.choice(["\n", "\r\n"]).join(_paged(lines, report.title, source)).encode()


def _text_rows(rows: Table, source: random.Random) -> list[str]:
    """A printed row a line: as a PDF's text has it, or with a tab or a pipe between all cells of the rectangle."""
    style = source.choice(["words", "tabs", "pipes"])
    if style == "words":
        return [" ".join(text for text, _, _ in row if text) for row in rows]
    full = [[piece for text, _, across in row for piece in (text, *[""] * (across - 1))] for row in rectangle(rows)]
    return ["\t".join(row) if style == "tabs" else f"| {' | '.join(row)} |" for row in full]


def _paged(lines: list[str], title: str, source: random.Random) -> list[str]:
    length = source.choice([0, 17, 22, 30])
    if not length:
        return lines
    number = source.choice(PAGE_NUMBERS)
    head = source.choice(["", title, "合成镇政务公开"])
    feed = source.choice(["", "\f"])
    pages = [lines[at : at + length] for at in range(0, len(lines), length)]
    out: list[str] = []
    for at, page in enumerate(pages, 1):
        gap = [""] * source.randint(0, 2)
        top = [head] if head and at > 1 else []
        first, *rest = [*top, *page]
        out += [(feed if at > 1 else "") + first, *rest, *gap, number(at, len(pages)), *gap]
    return out


# --- what clerks do to tables ----------------------------------------------------------------------------------------


def with_table(report: Report, at: int, change: Callable[[Table], Table]) -> Report:
    """The report with its table of that number changed."""
    tables = [block for _, blocks in report.sections for block in blocks if not isinstance(block, str)]
    changed = {id(tables[at]): change(tables[at])}
    sections = [(name, [changed.get(id(block), block) for block in blocks]) for name, blocks in report.sections]
    return Report(report.title, report.preamble, sections)


def blank_behind(label: str) -> Callable[[Table], Table]:
    """The cell of a label that reaches over several columns as one of one column, and a blank one."""

    def change(rows: Table) -> Table:
        return [[part for cell in row for part in _parted(cell, label)] for row in rows]

    return change


def _parted(cell: tuple[str, int, int], label: str) -> list[tuple[str, int, int]]:
    text, down, across = cell
    return [(text, down, 1), ("", down, across - 1)] if text == label and across > 1 else [cell]


def relabelled(label: str, other: str) -> Callable[[Table], Table]:
    """Another label in the place of one."""

    def change(rows: Table) -> Table:
        return [[(other if text == label else text, down, across) for text, down, across in row] for row in rows]

    return change


def one_row_for_other(rows: Table) -> Table:
    """The three rows of （六）其他处理 as the one that the edition before had; it says 9 1 1 1 1 1 14."""
    at = next(number for number, row in enumerate(rows) if row[0][0] == "（六）其他处理")
    head = next(number for number, row in enumerate(rows) if row[0][0] == "三、本年度办理结果")
    rows = [list(row) for row in rows]
    text, down, across = rows[head][0]
    rows[head][0] = (text, down - 2, across)
    one = [("（六）其他处理", 1, 2), *((value, 1, 1) for value in ["9", "1", "1", "1", "1", "1", "14"])]
    return [*rows[:at], one, *rows[at + 3 :]]
