"""A Word file (.docx) -> Document: its text as Word shows it when all revisions are accepted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from reportkit.documents.blocks import (
    MAX_COLSPAN,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    UNREADABLE,
    Blocks,
    OpenCell,
    struck_out,
    tidy,
)
from reportkit.documents.document import Document
from reportkit.documents.word_package import Package
from reportkit.documents.word_xml import (
    FIELD_MARKS,
    KINDS,
    child,
    holds_text,
    is_choice,
    is_numbered,
    is_on,
    merge,
    number,
    symbol,
    value,
)
from reportkit.errors import Origin, Trouble


def word_document(raw: bytes, path: str) -> Document:
    """Return the blocks of a .docx file; of a .docm file too, whose macros are left alone.

    Numbers that Word counts by itself, headers, footers and footnotes are not among them. Raises UnreadableError if the
    file is no Word file, is damaged, encrypted or an older format, declares entities, or unpacks beyond reason.
    """
    package = Package(raw, Origin(path))
    walk = _Walk(path)
    if package.has_macros():
        walk.note("D9", "vbaProject.bin")
    walk.over(package.main_part())
    return Document(path, walk.blocks.finish(), notes=tuple(walk.notes))


@dataclass(eq=False)
class _Merges:
    """What of a table goes on below: by grid column, the cells of the row above that may be continued."""

    above: dict[int, OpenCell] = field(default_factory=dict)
    below: dict[int, OpenCell] = field(default_factory=dict)
    column: int = 0
    last: OpenCell | None = None

    def next_row(self) -> None:
        self.above, self.below, self.column, self.last = self.below, {}, 0, None


class _Walk:
    """Tells the blocks what stands in a document, element after element."""

    def __init__(self, path: str) -> None:
        self.blocks = Blocks(path)
        self.notes: list[Trouble] = []
        self._path = path
        self._struck: list[str] = []
        self._tables: list[_Merges] = []
        self._fields: list[bool] = []  # of each field that is open: whether its result has begun
        self._codes = 0  # how many of them are still at their instruction
        self._text_boxes: list[Any] = []  # those of this paragraph: they are read after it
        self._script: dict[int, int] = {}

    def note(self, name: str, found: str = "") -> None:
        """Note something once."""
        trouble = Trouble(name, Origin(self._path), found)
        if trouble not in self.notes:
            self.notes.append(trouble)

    def over(self, root: Any) -> None:
        self._over(root)
        self._open_text_boxes()
        self.notes += struck_out(self._struck, self._path)
        if self._fields:
            self.note("D13")

    def _over(self, root: Any) -> None:
        events = etree.iterwalk(root, events=("start", "end"))
        skipped = None
        for event, element in events:
            kind = KINDS.get(element.tag)
            if kind is None or element is root:
                continue
            if event == "end":
                if element is not skipped:
                    self._end(kind)
            elif self._start(element, kind):
                skipped = element
                events.skip_subtree()

    def _start(self, element: Any, kind: str) -> bool:
        """Begin an element; whether what is in it is passed over."""
        match kind:
            case "t":
                self._write((element.text or "").replace("\n", " "))
            case "r":
                return self._run(element)
            case "tc":
                return self._cell(element)
            case "tr":
                return self._row(element)
            case "tbl":
                self.blocks.open_table()
                self._tables.append(_Merges())
            case "br" | "cr":
                self.blocks.break_line()
            case "tab" | "ptab":
                self._write("\t")
            case "hyphen":
                self._write("-")
            case "sym":
                self._write(symbol(element))
            case "inserted":
                self._note_revisions()
            case "fldChar":
                self._field_mark(element)
                if is_choice(element):
                    self.blocks.unreadable()
            case "drawing":
                if not holds_text(element):
                    self.blocks.unreadable()
            case "picture":
                self.blocks.picture()
            case "alternative":
                return element.getprevious() is not None
            case _:
                return self._passed_over(element, kind)
        return False

    def _passed_over(self, element: Any, kind: str) -> bool:
        match kind:
            case "unseen":
                if is_numbered(element):
                    self.note("D14")
                return True
            case "note":
                self.note("D15")
            case "deleted":
                self._note_revisions()
                self._skip(element)
                return True
            case "txbxContent":
                self._text_boxes.append(element)
                return True
            case "formula":
                # Its text without its layout is another number: half reads as 12.
                self._write(UNREADABLE)
                return True
            case "altChunk":
                self.note("D12.word")
        return False

    def _end(self, kind: str) -> None:
        match kind:
            case "p":
                self.blocks.break_line()
                self._open_text_boxes()
            case "r":
                self._script = {}
            case "tc":
                self.blocks.close_cell()
            case "tr":
                self._close_row()
            case "tbl":
                self.blocks.close_table()
                self._tables.pop()

    def _open_text_boxes(self) -> None:
        boxes, self._text_boxes = self._text_boxes, []
        for box in boxes:
            self.blocks.break_line()
            self._over(box)

    def _write(self, text: str) -> None:
        if not self._codes:
            self.blocks.write(text.translate(self._script))

    def _field_mark(self, element: Any) -> None:
        kind = value(element, "fldCharType")
        if kind == "begin":
            self._fields.append(False)
            self._codes += 1
        elif kind in ("separate", "end") and self._fields:
            self._codes -= not self._fields.pop()
            if kind == "separate":
                self._fields.append(True)

    def _skip(self, element: Any) -> None:
        """Pass over an element, but not over the marks in it that begin or end a field."""
        for mark in element.iter(*FIELD_MARKS):
            self._field_mark(mark)

    def _run(self, run: Any) -> bool:
        properties = child(run, "rPr")
        if properties is None:
            return False
        struck = is_on(properties, "strike") or is_on(properties, "dstrike")
        if struck or is_on(properties, "vanish"):
            if struck:
                self._note_struck(run)
            self._skip(run)
            return True
        position = value(child(properties, "vertAlign"))
        self._script = {"superscript": SUPERSCRIPTS, "subscript": SUBSCRIPTS}.get(position, {})
        return False

    def _row(self, row: Any) -> bool:
        properties = child(row, "trPr")
        if child(properties, "del") is not None or is_on(properties, "hidden"):
            if not is_on(properties, "hidden"):
                self._note_revisions()
            self._skip(row)
            return True
        self.blocks.open_row()
        self._blank_cell(child(properties, "gridBefore"))
        return False

    def _close_row(self) -> None:
        self.blocks.close_row()
        if self._tables:
            self._tables[-1].next_row()

    def _blank_cell(self, omitted: Any) -> None:
        """Stand in for the grid columns that a row leaves out before its first cell."""
        columns = number(omitted, 0)
        if columns and self._tables:
            self.blocks.open_cell(1, columns)
            self.blocks.close_cell()
            self._tables[-1].column += columns

    def _cell(self, cell: Any) -> bool:
        properties = child(cell, "tcPr")
        if child(properties, "cellDel") is not None:
            self._note_revisions()
            self._skip(cell)
            return True
        if not self._tables:
            return False
        span = number(child(properties, "gridSpan"), 1)
        if self._is_continued(self._tables[-1], properties, span):
            self._skip(cell)
            return True
        self._new_cell(self._tables[-1], properties, span)
        return False

    def _is_continued(self, table: _Merges, properties: Any, span: int) -> bool:
        """Whether a cell is but a part of the one above it or before it, which grows by it."""
        upper = table.above.get(table.column)
        if merge(properties, "vMerge") == "continue" and upper is not None and upper.colspan == span:
            upper.rowspan += 1
            table.below[table.column] = upper
            table.last = None
        elif merge(properties, "hMerge") == "continue" and table.last is not None:
            table.last.colspan = min(table.last.colspan + span, MAX_COLSPAN)
        else:
            return False
        table.column += span
        return True

    def _new_cell(self, table: _Merges, properties: Any, span: int) -> None:
        table.last = self.blocks.open_cell(1, span)
        if merge(properties, "vMerge"):
            table.below[table.column] = table.last
        table.column += span

    def _note_revisions(self) -> None:
        self.note("D10")

    def _note_struck(self, run: Any) -> None:
        text = tidy("".join(run.itertext()))
        if text:
            self._struck.append(text)
