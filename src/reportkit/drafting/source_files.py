"""A file that somebody names -> the tables in it, whatever format its bytes are."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from reportkit.documents.document import Paragraph
from reportkit.documents.size_limits import file_bytes
from reportkit.drafting.source_grid import BrokenGrid, SourceGrid, TableError, on_one_line
from reportkit.errors import Origin, UnreadableError
from reportkit.imports.dispatch import is_workbook
from reportkit.imports.reader_issues import raising_issues
from reportkit.translation import _, in_a_row


class Source(NamedTuple):
    """A file with its tables, and the lines of text around them in order (of a workbook there are none)."""

    path: str
    tables: list[SourceGrid | BrokenGrid]
    lines: list[str]


def read_source(named: str, shown: str = "") -> Source:
    """Return the tables of a file; behind a # may stand which: the name of a sheet, or the number of a table.

    `shown` is how messages call the file. Raises ReaderError for a file that cannot be read, and TableError for one
    without such a table.
    """
    name, mark, chosen = named.rpartition("#") if "#" in named and not Path(named).exists() else (named, "", "")
    path, shown = Path(name), shown.rpartition("#")[0] if mark and shown else shown or name
    with raising_issues():
        raw = file_bytes(path, shown)
        source = _read(raw, path, shown)
    if mark:
        return source._replace(tables=_chosen(source, chosen))
    if not source.tables:
        words = _(
            "{path}: no table was found in it; draft takes a file in which the table is one, with rows and columns"
        )
        raise TableError(words.format(path=shown))
    return source


def _read(raw: bytes, path: Path, shown: str) -> Source:
    # lxml and calamine take a tenth of a second to import
    from reportkit.documents.encoding import decoded
    from reportkit.documents.html import html_document
    from reportkit.documents.unread_formats import refused
    from reportkit.documents.word import word_document
    from reportkit.drafting.document_tables import document_tables
    from reportkit.drafting.workbook_tables import workbook_tables

    if is_workbook(raw, path.suffix):
        return Source(shown, workbook_tables(raw, shown), [])
    origin = Origin(shown)
    if trouble := refused(raw, origin):
        raise UnreadableError(trouble)
    is_word = raw.startswith(b"PK")
    document = word_document(raw, shown) if is_word else html_document(decoded(raw, origin)[0], shown)
    lines = [on_one_line(block.text) for block in document.blocks if isinstance(block, Paragraph)]
    return Source(shown, document_tables(document), lines)


def _chosen(source: Source, name: str) -> list[SourceGrid | BrokenGrid]:
    """The tables of a sheet, or the one with a number."""
    named = [table for table in source.tables if table.sheet == name]
    if not named and name.isdecimal() and 0 < int(name) <= len(source.tables):
        named = [source.tables[int(name) - 1]]
    if not named:
        there = in_a_row(dict.fromkeys(table.sheet or str(at) for at, table in enumerate(source.tables, 1)))
        words = _("{path}: no table {name!r}; there is {there}")
        raise TableError(words.format(path=source.path, name=name, there=there))
    return named
