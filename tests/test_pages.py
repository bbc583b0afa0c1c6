"""The law of the PDF's pages: whatever stands in a report stands on its pages, once, in order, inside the type area."""

from __future__ import annotations

import base64
import random
import re
import struct
import zlib
from collections.abc import Iterator
from html import escape
from itertools import pairwise
from typing import NamedTuple

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook, new_output

from reportkit.errors import ExportError
from reportkit.exporters import pdf_file, read_content
from reportkit.exporters.blocks import BlockReader
from reportkit.exporters.rooms import Room, printout
from reportkit.exporters.sanitize import clean
from reportkit.page_styles import load_style, page_of, styles_of
from support.laws import examples

MM = 72 / 25.4
# Each piece of text is told from all others by characters that stand nowhere else.
MARK = re.compile("[\u4e00-\u9fa5]")
FEW = settings(max_examples=examples(10), deadline=None)


def pdf(html: str) -> bytes:
    outputs = [new_output("display_data", data={"text/html": part}) for part in ("<h1>题</h1>", html)]
    nb = new_notebook(cells=[new_code_cell("", outputs=outputs, id="c")])
    return pdf_file(read_content(nb, styles=styles_of("gbt-9704")), False)


class Place(NamedTuple):
    """Where a character stands: its page, and its edges and the middle of its line in mm from the paper's corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    line: float

    def follows(self, other: Place) -> bool:
        """Whether a reader who has come to the other goes on to this one."""
        if self.page != other.page or abs(self.line - other.line) > 1:
            return (self.page, self.line) > (other.page, other.line)
        return self.left > other.left


def characters(body: bytes) -> Iterator[tuple[str, Place]]:
    """The characters of a PDF, each with its place."""
    for number, leaf in enumerate(pypdfium2.PdfDocument(body), 1):
        height, sheet = leaf.get_height(), leaf.get_textpage()
        for place in range(sheet.count_chars()):
            char = sheet.get_text_range(place, 1)
            if char.strip():
                left, bottom, right, top = sheet.get_charbox(place)
                _, low, _, high = sheet.get_charbox(place, loose=True)
                edges = left / MM, (height - top) / MM, right / MM, (height - bottom) / MM
                yield char, Place(number, *edges, (height - (low + high) / 2) / MM)


def inside(body: bytes) -> list[tuple[str, Place]]:
    """The characters of all pages; asserts that nothing but the page's number stands outside the type area."""
    sizes = [leaf.get_size() for leaf in pypdfium2.PdfDocument(body)]
    found, outside = [], [""] * len(sizes)
    for char, place in characters(body):
        width, height = sizes[place.page - 1]
        left, top, right, bottom = (28, 37, 184, 262) if height > width else (35, 28, 260, 184)
        if (
            left - 0.5 < place.left
            and top - 0.5 < place.top
            and place.right < right + 0.7
            and place.bottom < bottom + 0.5
        ):
            found.append((char, place))
        else:
            outside[place.page - 1] += char
    assert outside == [f"—{number}—" for number in range(1, len(sizes) + 1)]
    return found


class Writer:
    """Writes random HTML in which every piece of text has characters of its own; `pieces` are those so far."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.pieces: list[str] = []
        self.repeated: set[str] = set()
        self._count = 0

    def text(self, most: int = 3, *, repeated: bool = False) -> str:
        """Words with at most this many marks, now and then a long one."""
        codes, words = "", ""
        for _ in range(self.random.randint(1, most)):
            self._count += 1
            codes += chr(0x4E00 + self._count)
            filler = self.random.choice(
                ["", "", "のひらがな、", "（カタカナ）。", "abc ", "1,234.5", "x" * 40, "——", "か\u00a0な"]
            )
            words += codes[-1] + filler * self.random.choice([1, 1, 1, 3])
        self.pieces.append(codes)
        self.repeated.update(codes if repeated else ())
        return escape(words)

    def blocks(self, depth: int = 0) -> str:
        kinds = [self.paragraph, self.paragraph, self.heading, self.list, self.printout, self.picture, self.table]
        kinds += [self.quote, self.box] if depth < 2 else []
        return "".join(self.random.choice(kinds)(depth) for _ in range(self.random.randint(1, 5 - 2 * depth)))

    def paragraph(self, _: int) -> str:
        style = self.random.choice(["", "", " style='text-align:right'", " style='text-align:center'"])
        return f"<p{style}>{self.text(self.random.choice([2, 30, 200]))}</p>"

    def heading(self, _: int) -> str:
        level = self.random.randint(2, 5)
        return f"<h{level}>{self.text(self.random.choice([1, 1, 40]))}</h{level}>"

    def list(self, depth: int) -> str:
        tag = self.random.choice(["ul", "ol", "ol start=998"])
        items = "".join(
            f"<li>{self.text(self.random.choice([1, 20]))}{self.blocks(depth + 1) if depth < 2 else ''}</li>"
            for _ in range(self.random.choice([1, 3, 40 if not depth else 2]))
        )
        return f"<{tag}>{items}</{tag[:2]}>"

    def printout(self, _: int) -> str:
        return f"<pre>{chr(10).join(self.text(3) for _ in range(self.random.choice([1, 3, 90])))}</pre>"

    def picture(self, _: int) -> str:
        width, height = self.random.choice([(40, 20), (3, 900), (900, 3), (500, 700)])
        return f'<p><img alt="图" src="data:image/png;base64,{png(width, height)}"></p>'

    def quote(self, depth: int) -> str:
        return f"<blockquote>{self.blocks(depth + 1)}</blockquote>"

    def box(self, depth: int) -> str:
        return f'<div class="cell-error">{self.blocks(depth + 1)}</div>'

    def table(self, depth: int) -> str:
        columns = self.random.choice([1, 2, 3, 5, 8, 8 if depth else 20])
        rows = self.random.choice([1, 5, 30, 400 if not depth and columns < 6 else 12])
        blank = {column for column in range(columns) if self.random.random() < 0.1}
        head = self.head(columns) if self.random.random() < 0.7 else ""
        caption = (
            f"<caption>{self.text(self.random.choice([1, 1, 200]))}</caption>" if self.random.random() < 0.3 else ""
        )
        return f"<table>{caption}{head}<tbody>{''.join(self.body(rows, columns, blank, depth))}</tbody></table>"

    def head(self, columns: int) -> str:
        """A header tree of one to four levels over the columns, now and then one that is higher than a page."""
        levels = [[columns]]
        for _ in range(self.random.randint(0, 3)):
            levels.append([part for span in levels[-1] for part in self.parts(span)])
        most = self.random.choice([1, 1, 2, 60])
        rows = (
            "".join(f"<th colspan={span}>{self.text(most, repeated=True)}</th>" for span in level) for level in levels
        )
        return f"<thead><tr>{'</tr><tr>'.join(rows)}</tr></thead>"

    def parts(self, span: int) -> list[int]:
        cut = self.random.randint(0, span - 1)
        return [cut, span - cut] if cut else [span]

    def body(self, rows: int, columns: int, blank: set[int], depth: int) -> Iterator[str]:
        while rows > 0:
            kind = self.random.random()
            span = min(rows, self.random.choice([1, 1, 1, 2, 7]) if columns > 1 and kind > 0.2 else 1)
            rows -= span
            if kind < 0.1:
                yield f"<tr>{'<td></td>' * columns}</tr>"
                continue
            stub = f"<th scope=row rowspan={span}>{self.text(self.random.choice([1] * 30 + [300]))}</th>"
            if kind < 0.2:
                yield f"<tr>{stub}</tr>"
                continue
            for line in range(span):
                cells = self.cells(range(1, columns), blank, depth) if kind > 0.3 else "<td></td>" * (columns - 1)
                yield f"<tr>{stub if not line else ''}{''.join(cells)}</tr>"

    def cells(self, columns: range, blank: set[int], depth: int) -> Iterator[str]:
        skip = 0
        for column in columns:
            if skip:
                skip -= 1
                continue
            skip = self.random.choice([0] * 9 + [1]) if column + 1 < columns.stop else 0
            content = "" if column in blank else self.content(depth)
            yield f"<td colspan={skip + 1}>{content}</td>"

    def content(self, depth: int) -> str:
        kind = self.random.random()
        if kind < 0.003 and depth < 2:
            return self.blocks(depth + 1)
        return self.text(400) if kind < 0.006 else self.text(1)


def png(width: int, height: int) -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head, rows = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0), (b"\0" + b"\x80" * width) * height
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()


PICTURE = f'<img alt="图" src="data:image/png;base64,{png(500, 900)}">'


def check(writer: Writer, html: str) -> None:
    places: dict[str, Place] = {}
    for char, place in inside(pdf(html))[1:]:
        if MARK.match(char):
            assert char not in places or char in writer.repeated, f"{char} twice"
            places.setdefault(char, place)
    for piece in writer.pieces:
        for mark in piece:
            assert mark in places, f"{mark} is lost"
        for before, after in pairwise(piece):
            assert places[after].follows(places[before]), f"{before} does not stand before {after}"


@FEW
@given(st.integers(0, 10**9))
def test_all_there_once_in_order_inside_the_type_area(seed: int) -> None:
    writer = Writer(seed)
    check(writer, writer.blocks() + writer.blocks())


def test_a_table_that_would_move_to_and_fro_is_placed_once_for_all() -> None:
    # Typst gave this one up after five attempts; its eighth page was numbered 1.
    writer = Writer(100370)
    check(writer, writer.blocks() + writer.blocks())


def test_blank_rows_are_no_header() -> None:
    # They were taken for a header that is higher than a page, cut at the paper's edge, and set on each page again.
    writer = Writer(1)
    head = "".join(f"<th scope=col>{writer.text(1, repeated=True)}</th>" for _ in range(3))
    stubs = "".join(f"<tr><th scope=row>{writer.text(1)}</th>{blank}</tr>" for _ in range(40) for blank in BLANKS)
    check(writer, f"<table><thead><tr>{head}</tr></thead><tbody>{stubs}</tbody></table>")
    check(writer, f"<table><tr>{head}</tr>{stubs}</table>")
    check(writer, f"<table><tbody><tr>{head}</tr>{stubs}</tbody></table>")


BLANKS = ("<td></td><td></td>", "<td> </td><td></td>", "")


def test_headers_come_from_the_markup() -> None:
    def heads(table: str) -> list[bool]:
        (block,) = BlockReader().read(clean(f"<table>{table}</table>"), "")
        return [part["head"] for part in block["parts"] for _ in part["rows"]]

    col, row, cell = "<th scope=col>头</th>", "<th scope=row>行</th>", "<td>1</td>"
    title = "<th scope=rowgroup colspan=2>题</th>"
    block = f"<tbody><tr>{title}</tr><tr>{col}{col}</tr><tr>{row}{cell}</tr><tr>{row}<td></td></tr></tbody>"
    assert heads(f"<thead><tr><td></td><td>头</td></tr></thead><tr>{row}{cell}</tr>") == [True, False]
    assert heads(block * 2) == [True, True, False, False] * 2
    assert heads(f"<tr><th></th>{col}</tr><tr>{row}<td></td></tr><tr><td></td><td></td></tr>") == [True, False, False]
    # Without any scope, rows of <th> that a table begins with, the corner aside; never all it has.
    assert (
        heads(f"<tr><th></th><th>头</th></tr><tr><th>行</th>{cell}</tr><tr><th>行</th><th>行</th></tr>")
        == [True] + [False] * 2
    )
    assert heads("<tr><th>甲</th></tr><tr><th>乙</th></tr>") == [False, False]
    assert heads(f"<tr><th>行</th><td></td></tr><tr><th>行</th>{cell}</tr>") == [False, False]
    # An index without columns, as pandas writes it.
    assert heads("<thead><tr><th>头</th></tr></thead><tbody><tr><th>0</th></tr><tr><th>1</th></tr></tbody>") == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("end", ["<br>" * 60, f"<br>{PICTURE}<br>"])
def test_a_last_paragraph_that_is_higher_than_it_reads_is_whole(end: str) -> None:
    found = "".join(char for char, _ in inside(pdf(f"<p>{'政' * 400}</p><p>上{end}下</p>")))
    assert found.endswith("上下")


def row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


HIGH = {
    "cell": lambda w: (
        f"<table>{w.head(3)}{row(w.text(1), w.text(900), w.text(1))}{row(w.text(1), '', w.text(1))}</table>"
    ),
    "row of long cells": lambda w: f"<table>{w.head(2)}{row(w.text(900), w.text(700))}{row(w.text(900), '')}</table>",
    "rowspan": lambda w: (
        f"<table>{w.head(3)}<tr><th scope=row rowspan=4>{w.text(500)}</th><td>{w.text(1)}</td><td></td></tr>{row(w.text(1), '')}"
        f"{row(w.text(1), '')}{row(w.text(1), '')}{row(w.text(1), '', '')}</table>"
    ),
    "list": lambda w: (
        f"<table>{row(w.text(1), '<ul>' + ''.join(f'<li>{w.text(1)}</li>' for _ in range(120)) + '</ul>')}</table>"
    ),
    "printout": lambda w: (
        f"<table>{row(w.text(1), '<pre>' + chr(10).join(w.text(2) for _ in range(150)) + '</pre>')}</table>"
    ),
    "table": lambda w: (
        f"<table>{row(w.text(1), '<table>' + ''.join(row(w.text(1), w.text(1)) for _ in range(90)) + '</table>')}</table>"
    ),
    "header": lambda w: (
        f"<table><thead>{''.join(row(w.text(1), w.text(1)) for _ in range(60))}</thead>{row(w.text(1), w.text(1))}</table>"
    ),
    "caption": lambda w: f"<h2>{w.text(1)}</h2><table><caption>{w.text(400)}</caption>{row(w.text(1))}</table>",
    "headings": lambda w: (
        "".join(f"<h2>{w.text(1)}</h2><h3>{w.text(40)}</h3>" for _ in range(9)) + f"<table>{row(w.text(1))}</table>"
    ),
    "pictures": lambda w: (
        f"<table>{w.head(2)}{row(w.text(1), w.text(1) + PICTURE + PICTURE)}{row(PICTURE, PICTURE)}</table>"
    ),
    "list in a list": lambda w: "".join(f"<ol><li>{w.text(30)}" for _ in range(25)) + "</ol>" * 25,
    "quotation": lambda w: "".join(f"<blockquote><p>{w.text(30)}</p>" for _ in range(25)) + "</blockquote>" * 25,
    "table in a list": lambda w: f"<ul><li>{w.text(1)}<table>{row(w.text(900), w.text(1))}</table></li></ul>",
}


@pytest.mark.parametrize("kind", HIGH)
def test_what_is_higher_than_a_page_is_split(kind: str) -> None:
    writer = Writer(7)
    check(writer, HIGH[kind](writer))


WIDE = {
    "letters": f"<p>字{'Щ' * 90}</p>",
    "dashes": f"<p>{'—' * 70}{'（' * 40}{'）' * 40}{'…' * 60}</p>",
    "heading": f"<h2>{'W' * 24}{'w' * 200}</h2>",
    "item": f"<ul><li>{'W' * 24}<ul><li>{'W' * 24}<ul><li>{'W' * 24}</li></ul></li></ul></li></ul>",
    "letters with marks": f"<p>{'<span>ab.</span>' * 60}{'<b>ab.</b>' * 60}</p>",
    "no-break spaces": f"<p>{'政府&nbsp;信息&nbsp;' * 40}</p>",
    "signs in cells": f"<table><tr>{f'<td>{chr(0x25A0) * 20}{chr(0x2014) * 20}</td>' * 6}</tr></table>",
    "box drawing": f"<pre>{chr(0x2500) * 120}</pre>",
    "printout in a cell": f"<table><tr>{'<td>字</td>' * 8}<td><pre>{'x' * 300}</pre></td></tr></table>",
    "ninety columns": f"<table><tr>{'<td>1</td>' * 90}</tr></table>",
}


@pytest.mark.parametrize("kind", WIDE)
def test_what_is_wider_than_its_room_is_broken(kind: str) -> None:
    def letters(text: str) -> list[str]:
        return sorted(re.sub(r"[\s•‣–]", "", text))

    found = "".join(char for char, _ in inside(pdf(WIDE[kind])))
    assert letters(found) == letters("题" + clean(WIDE[kind]).text_content())


@pytest.mark.parametrize(
    "line",
    ["CPU times: user 13 μs, sys: 7 μs, total: 20 μs, wall: 21 μs", "sum of all（n = 12 345 678, 30.25 % of it）"],
)
def test_a_line_of_a_printout_that_has_room_is_not_broken_whatever_its_signs(line: str) -> None:
    rows = [place.line for char, place in inside(pdf(f"<pre>{line}</pre>")) if char not in "题 "]
    assert max(rows) - min(rows) < 2


def test_lines_of_a_printout_are_broken_where_they_have_no_room_and_not_before() -> None:
    room = Room.of(page_of(load_style("a4")))
    for length in range(1, 260):
        line, more = "x" * length, "中x" * (length // 3)
        block = printout(f"{line}\n\n{more}", room)
        whole = int((room.width - 14) / 0.61 / block["size"] + 0.001)
        pieces = block["text"].split("\n")
        assert "".join(pieces) == line + more
        assert pieces[: pieces.index("")] == [line[at : at + whole] for at in range(0, length, whole)]
        assert max(len(piece) + piece.count("中") for piece in pieces) <= whole


@pytest.mark.usefixtures("chinese")
def test_a_table_with_more_columns_than_a_page_takes_is_refused_by_its_cell() -> None:
    with pytest.raises(ExportError, match="单元格 c 的表格（“政府信息”）有 200 列"):
        pdf(f"<table><tr>{'<td>政府信息</td>' * 200}</tr></table>")


@pytest.mark.parametrize(
    "before", [pytest.param(n, marks=() if n % 3 == 0 else pytest.mark.slow) for n in range(12, 23)]
)
@pytest.mark.parametrize(
    "end",
    [
        f"<p>{'政' * 80}</p><h2>六、其他</h2><p>无。</p>",
        f"<p>{'政' * 330}</p><h2>六、其他</h2><p>无。</p>",
        f"<p>{'政' * 330}</p><p style='text-align: right'>某镇人民政府</p><p style='text-align: right'>2024年1月</p>",
        f"<h2>六、其他</h2><p>{'政' * 400}</p>",
    ],
)
def test_no_page_ends_a_report_with_a_line_or_two(end: str, before: int) -> None:
    found = inside(pdf(f"<p>{'<br>'.join(['按时公开'] * before)}</p>{end}"))
    last = max(place.page for _, place in found)
    assert len({round(place.line) for _, place in found if place.page == last}) >= 3
