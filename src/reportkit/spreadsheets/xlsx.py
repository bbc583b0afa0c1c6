"""What the XML of an .xlsx says beside the values: formulas, error values, looks, hidden rows, how far cells reach."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from reportkit.spreadsheets.formulas import shifted
from reportkit.spreadsheets.looks import Style, Styles, is_white
from reportkit.spreadsheets.number_formats import BUILT_IN, GENERAL
from reportkit.spreadsheets.sheets import Area, Facts, Position, address, position
from reportkit.spreadsheets.size_limits import SizeLimits
from reportkit.spreadsheets.workbook_package import refuse

MAX_CELLS = 4_000_000
"""The rectangles that the sheets' values span: they are held in memory as a whole."""

_MOST_COLUMNS = 16_384
_LONGEST_FORMAT = 255

CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


_SIZES = {"row": "ht", "col": "width"}
"""What is 0 where a row or a column is not to be seen."""


class _String(NamedTuple):
    """A text that cells share: how long it is, and whether letters of it are struck out, or raised or lowered."""

    length: int
    struck: bool = False
    raised: bool = False


class Package:
    """The workbook parts of an .xlsx. Raises UnreadableError for XML that is none, or cells that reach too far."""

    def __init__(self, parts: Mapping[str, bytes], path: str, limits: SizeLimits) -> None:
        self.parts, self.path = parts, path
        self._book = self.tree("xl/workbook.xml")
        self._strings = self._shared_strings()
        self._looks, self._conditional = self._styles()
        self._reach = Reach(path, limits)

    @property
    def manual(self) -> bool:
        """Whether results were to be calculated only on demand."""
        return any(node.get("calcMode") == "manual" for node in self._book.iter("{*}calcPr"))

    def facts(self) -> dict[str, Facts]:
        """Return what each worksheet says, by the sheet's name."""
        return {name: self._sheet(part) for name, part in self.worksheets().items()}

    def worksheets(self) -> dict[str, str]:
        """Return the part of each worksheet by the sheet's name."""
        relations = self.tree("xl/_rels/workbook.xml.rels")
        targets = {node.get("Id"): (node.get("Type") or "", node.get("Target") or "") for node in relations}
        found: dict[str, str] = {}
        for node in self._book.iter("{*}sheet"):
            identity = next((value for key, value in node.items() if key.endswith("}id")), "")
            kind, target = targets.get(identity, ("", ""))
            if kind.endswith("/worksheet"):
                name = posixpath.normpath(posixpath.join("/xl", target))[1:]
                if name in found.values():
                    raise self._broken(name)
                found[node.get("name") or ""] = name
        return found

    def tree(self, name: str) -> Any:
        """Return a part as a tree."""
        try:
            return etree.fromstring(self.parts[name], _parser())
        except (KeyError, etree.XMLSyntaxError):
            raise self._broken(name) from None

    def _broken(self, name: str) -> Exception:
        return refuse("W1.part", self.path, part=name)

    def _shared_strings(self) -> list[_String]:
        if "xl/sharedStrings.xml" not in self.parts:
            return []
        return [_string(node) for node in self.tree("xl/sharedStrings.xml")]

    def _styles(self) -> tuple[Styles, dict[str, Style]]:
        """The cell styles by number, and those that a condition adds: of these only what they say themselves."""
        if "xl/styles.xml" not in self.parts:
            return Styles({}), {}
        tree = self.tree("xl/styles.xml")
        codes = format_codes(tree)
        fonts, fills = children(tree, "fonts"), children(tree, "fills")

        def style(node: Any) -> Style:
            font, fill = _nth(fonts, node.get("fontId")), _nth(fills, node.get("fillId"))
            white = font is not None and _is_white(font.find("{*}color")) and not _is_filled(fill)
            return Style(codes.get(node.get("numFmtId"), GENERAL), *_strokes(font), white)

        cells = {at: style(node) for at, node in enumerate(children(tree, "cellXfs"))}
        return Styles(cells), {str(at): _conditional(node) for at, node in enumerate(children(tree, "dxfs"))}

    def _sheet(self, name: str) -> Facts:
        facts, reach = Facts(), self._reach
        reach.next_sheet()
        shared: dict[str, tuple[Position, str]] = {}
        try:
            for tag, node, at in self._nodes(name):
                if tag == "c":
                    self._cell(node, at, facts, reach, shared)
                elif tag == "conditionalFormatting":
                    self._condition(node, facts)
                elif node.get("hidden") in ("1", "true") or node.get(_SIZES[tag]) in ("0", "0.0"):
                    _hide(tag, node, at, facts)
        except (KeyError, ValueError, etree.XMLSyntaxError):
            raise self._broken(name) from None
        return facts

    def _nodes(self, name: str) -> Iterator[tuple[str, Any, Position]]:
        """The cells, rows and columns of a sheet, each with its position.

        A row is looked at as a whole, which takes a third less than cell by cell. Raises ValueError for what stands
        beside rows: the library that reads the values may take it for a cell.
        """
        row = column = -1
        for _, node in etree.iterparse(
            io.BytesIO(self.parts[name]),
            events=("end",),
            tag=("{*}row", "{*}col", "{*}sheetData", "{*}conditionalFormatting"),
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        ):
            tag = _local(node.tag)
            if tag == "sheetData":
                _check_rows(node)
                continue
            if tag in ("col", "conditionalFormatting"):
                yield tag, node, (0, 0)
                continue
            row, column = int(node.get("r", row + 2)) - 1, -1
            yield tag, node, (row, 0)
            for cell in node.iter("{*}c"):
                row, column = _at(cell.get("r"), row, column + 1)
                yield "c", cell, (row, column)
            _forget(node)

    def _condition(self, node: Any, facts: Facts) -> None:
        """Note where a condition may make cells look like others: whether it holds is not known here."""
        styles = (self._conditional.get(rule.get("dxfId") or "", Style()) for rule in node.iter("{*}cfRule"))
        if not all(style.plain for style in styles):
            facts.conditional += areas(node.get("sqref") or "")

    def _cell(
        self, node: Any, at: Position, facts: Facts, reach: Reach, shared: dict[str, tuple[Position, str]]
    ) -> None:
        kind = node.get("t", "n")
        value = formula = None
        length = 0
        for child in node:
            tag = _local(child.tag)
            if tag == "v":
                value = child.text or ""
            elif tag == "f":
                formula = _formula(child, at, shared)
            elif tag == "is":
                value = "".join(child.itertext())
                _note_string(_string(child), at, facts)
        if kind == "s" and value:
            index = int(value)
            string = self._strings[index] if 0 <= index < len(self._strings) else _String(0)
            length = string.length
            _note_string(string, at, facts)
        elif value:
            length = len(value)
        if value:
            reach.add(at, length)
        if formula is not None:
            facts.formulas[at] = formula
            reach.formula(len(formula))
            if not value and kind != "str":
                facts.unsolved.add(at)
        if value and kind == "n":
            self._looks.note_number(facts, at, int(node.get("s", 0)), float(value))
        elif value:
            self._looks.note_text(facts, at, int(node.get("s", 0)))
        if kind == "e":
            facts.faults[at] = value or "#VALUE!"


def _note_string(string: _String, at: Position, facts: Facts) -> None:
    if string.struck:
        facts.struck.add(at)
    if string.raised:
        facts.raised.add(at)


@lru_cache(64)
def _local(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def _at(written: str | None, row: int, column: int) -> Position:
    """Where a cell is: as is written, else next to the last one. Raises ValueError for what is no address."""
    if written is None:
        return row, column
    match = CELL.fullmatch(written)
    if not match:
        raise ValueError(written)
    return position(match[1], match[2])


def _forget(row: Any) -> None:
    """Give back the memory of a row, and of those before it."""
    sheet = row.getparent()
    if sheet is None or _local(sheet.tag) != "sheetData":
        raise ValueError(row.tag)
    row.clear()
    before = list(row.itersiblings(preceding=True))
    _check_rows(before)
    for each in before:
        sheet.remove(each)


def _check_rows(nodes: Iterable[Any]) -> None:
    for node in nodes:
        if _local(node.tag) != "row":
            raise ValueError(node.tag)


def _hide(tag: str, node: Any, at: Position, facts: Facts) -> None:
    if tag == "row":
        facts.hidden_rows.add(at[0])
    else:
        first, last = int(node.get("min", 1)), int(node.get("max", 1))
        facts.hidden_columns.update(range(first - 1, min(last, _MOST_COLUMNS)))


class Reach:
    """How far the values of the sheets reach, and how much text they and their formulas are."""

    def __init__(self, path: str, limits: SizeLimits) -> None:
        self._limits = limits
        self._path, self._bottom, self._right, self._before = path, 0, 0, 0
        self._characters = self._formulas = 0

    def next_sheet(self) -> None:
        """Begin another sheet."""
        self._before += self._bottom * self._right
        self._bottom = self._right = 0

    def add(self, at: Position, length: int) -> None:
        row, column = at
        if row >= self._bottom:
            self._bottom = row + 1
        if column >= self._right:
            self._right = column + 1
        if self._before + self._bottom * self._right > MAX_CELLS:
            raise refuse("W2.reach", self._path, cell=address(*at))
        self._characters += length
        if self._characters > self._limits.characters:
            raise refuse("W2.characters", self._path)

    def formula(self, length: int) -> None:
        """Add the characters of a formula."""
        self._formulas += length
        if self._formulas > self._limits.formulas:
            raise refuse("W2.formulas", self._path)


def _formula(node: Any, at: Position, shared: dict[str, tuple[Position, str]]) -> str:
    """A formula's text. One that is shared stands in the first of its cells, and is meant shifted in the others."""
    text = (node.text or "").strip()
    if node.get("t") != "shared":
        return text if node.get("t") != "dataTable" else ""
    index = node.get("si", "")
    if text:
        shared[index] = (at, text)
        return text
    if index not in shared:
        return ""
    (row, column), first = shared[index]
    return shifted(first, at[0] - row, at[1] - column)


def _string(node: Any) -> _String:
    """A text with its length; of texts in several fonts, which of these are found in it."""
    runs = [run for run in node.iter("{*}r") if "".join(run.itertext()).strip()]
    strokes = [_strokes(run.find("{*}rPr")) for run in runs]
    length = sum(len(text) for text in node.itertext())
    return _String(length, any(struck for struck, _ in strokes), any(raised for _, raised in strokes))


def _strokes(font: Any) -> tuple[bool, bool]:
    """Whether a font strikes its letters out, and raises or lowers them."""
    if font is None:
        return False, False
    strike, place = font.find("{*}strike"), font.find("{*}vertAlign")
    struck = strike is not None and strike.get("val", "1") not in ("0", "false")
    return struck, place is not None and place.get("val") in ("superscript", "subscript")


def _is_white(color: Any) -> bool:
    """Whether a colour is white: by its value, as the first of a theme, or by its old number."""
    if color is None or color.get("tint"):
        return False
    return color.get("theme") == "0" or color.get("indexed") in ("1", "9") or is_white(color.get("rgb") or "")


def _is_filled(fill: Any) -> bool:
    """Whether what lies behind a cell is of another colour than white."""
    pattern = fill.find("{*}patternFill") if fill is not None else None
    if fill is None or (pattern is not None and pattern.get("patternType", "none") == "none"):
        return False
    return pattern is None or pattern.get("patternType") != "solid" or not _is_white(pattern.find("{*}fgColor"))


def _conditional(node: Any) -> Style:
    code = node.find("{*}numFmt")
    return Style(GENERAL if code is None else code.get("formatCode") or "", *_strokes(node.find("{*}font")))


def format_codes(styles: Any) -> dict[str, str]:
    """Return the number formats that cell styles name, by their numbers."""
    own = {node.get("numFmtId"): node.get("formatCode") or "" for node in styles.iter("{*}numFmt")}
    return {**{str(number): code for number, code in BUILT_IN.items()}, **own}


def children(tree: Any, name: str) -> list[Any]:
    """Return what stands in the first element of this name."""
    found = tree.find(f"{{*}}{name}")
    return [] if found is None else list(found)


def _nth(nodes: list[Any], number: str | None) -> Any:
    at = int(number) if number and number.isdecimal() else len(nodes)
    return nodes[at] if at < len(nodes) else None


def areas(references: str) -> Iterator[Area]:
    """Yield the rectangles of a list such as "D5:J24 K1"."""
    for reference in references.split():
        first, _, last = reference.partition(":")
        corners = [CELL.fullmatch(corner) for corner in (first, last or first)]
        if corners[0] and corners[1]:
            (top, left), (bottom, right) = (position(corner[1], corner[2]) for corner in corners if corner)
            yield Area(top, left, bottom, right)


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
