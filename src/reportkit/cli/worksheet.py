"""A list as a workbook with one sheet, for people to read, filter and send on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from reportkit.errors import UserError, unwritten
from reportkit.files import write_whole
from reportkit.signs import visible
from reportkit.translation import N_, _

_LONGEST = 32_000
"""A little less than what a cell can hold."""

_LINE, _HIGHEST = 15, 400
"""Height of a line and of the highest row, in points; more than 409 no row can have."""

_FILLED = 0.9
"""How much of a line is filled before it is broken."""


class Column(NamedTuple):
    """A column's head, and its width in characters."""

    head: str
    width: int


def sheet(title: str, columns: Sequence[Column], rows: Iterable[Sequence[str | Decimal]]) -> bytes:
    """Return a workbook: the heads stay in sight and filter the rows; text is text, whatever it begins with."""
    from xlsxwriter import Workbook

    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet(title)
        look = {"text_wrap": True, "valign": "top", "border": 1}
        text, number = book.add_format(look | {"num_format": "@"}), book.add_format(look)
        head = book.add_format(look | {"bold": True, "bg_color": "#DDE6EE"})
        for at, column in enumerate(columns):
            page.set_column(at, at, column.width)
            page.write_string(0, at, column.head, head)
        last = 0
        for last, row in enumerate(rows, 1):
            # Not every program fits a row to its text when it opens the file.
            page.set_row(last, min(max(map(_lines, row, columns)) * _LINE, _HIGHEST))
            for at, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(last, at, visible(cell[:_LONGEST])[:_LONGEST], text)
                else:
                    page.write_number(last, at, cell, number)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, last, len(columns) - 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
    return content.getvalue()


def _lines(cell: str | Decimal, column: Column) -> int:
    """How many lines a cell's text takes in its column; a Chinese character is as wide as two others."""
    width = sum(1 if character.isascii() else 2 for character in str(cell))
    return max(math.ceil(width / (column.width * _FILLED)), 1)


def save(path: Path, content: bytes, *, over: bool) -> None:
    """Write a file, whole or not at all, over one that is there only if that is wanted.

    Raises UserError if one is there, WriteError if it cannot be written.
    """
    try:
        write_whole(path, content, new=not (over and path.exists()))
    except FileExistsError:
        words = _("{path} is there already and is not overwritten; choose another name with -o")
        raise UserError(words.format(path=path)) from None
    except OSError as error:
        raise unwritten(error, path, N_("choose another file with -o")) from None
