"""What the XML of an .xlsx says beside the values: formulas, error values, hidden rows, how far the cells reach."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from lxml import etree

from reportkit.readers.workbook.formulas import shifted
from reportkit.readers.workbook.package import refuse
from reportkit.readers.workbook.sheets import Facts, Position, address, position

MAX_CELLS = 4_000_000
"""The rectangle that a sheet's values span: it is held in memory as a whole."""

MAX_CHARACTERS = 30_000_000
"""The text of all cells of a sheet; one long text can be shared by all of them."""

_MOST_COLUMNS = 16_384

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class Package:
    """The workbook parts of an .xlsx. Raises ReaderError for XML that is none, or cells that reach too far."""

    def __init__(self, parts: Mapping[str, bytes], path: str) -> None:
        self.parts, self.path = parts, path
        self._book = self._tree("xl/workbook.xml")
        self._strings = self._string_lengths()
        self._scaling = self._scaling_styles()

    @property
    def manual(self) -> bool:
        """Whether results were to be calculated only on demand."""
        return any(node.get("calcMode") == "manual" for node in self._book.iter("{*}calcPr"))

    def facts(self) -> dict[str, Facts]:
        """Return what each worksheet says, by the sheet's name."""
        relations = self._tree("xl/_rels/workbook.xml.rels")
        targets = {node.get("Id"): (node.get("Type") or "", node.get("Target") or "") for node in relations}
        found = {}
        for node in self._book.iter("{*}sheet"):
            identity = next((value for key, value in node.items() if key.endswith("}id")), "")
            kind, target = targets.get(identity, ("", ""))
            if kind.endswith("/worksheet"):
                found[node.get("name") or ""] = self._sheet(posixpath.normpath(posixpath.join("/xl", target))[1:])
        return found

    def _tree(self, name: str) -> Any:
        try:
            return etree.fromstring(self.parts[name], _parser())
        except (KeyError, etree.XMLSyntaxError):
            raise self._broken(name) from None

    def _broken(self, name: str) -> Exception:
        return refuse("W1", f"文件里的 {name} 缺失或已损坏；请用 Excel、WPS 打开后另存为 .xlsx", self.path)

    def _string_lengths(self) -> list[int]:
        if "xl/sharedStrings.xml" not in self.parts:
            return []
        return [sum(len(text) for text in node.itertext()) for node in self._tree("xl/sharedStrings.xml")]

    def _scaling_styles(self) -> set[str]:
        """The numbers of the cell styles that show a number as another: 0.05 as 5%, 92000 as 9.2."""
        if "xl/styles.xml" not in self.parts:
            return set()
        tree = self._tree("xl/styles.xml")
        codes = {node.get("numFmtId"): node.get("formatCode") or "" for node in tree.iter("{*}numFmt")}
        scaling = {"9", "10", *(number for number, code in codes.items() if _scales(code))}
        styles = tree.find("{*}cellXfs")
        return {
            str(at) for at, node in enumerate(styles if styles is not None else ()) if node.get("numFmtId") in scaling
        }

    def _sheet(self, name: str) -> Facts:
        facts, reach = Facts(), Reach(self.path)
        shared: dict[str, tuple[Position, str]] = {}
        try:
            for tag, node, at in self._nodes(name):
                if tag == "c":
                    self._cell(node, at, facts, reach, shared)
                elif node.get("hidden") in ("1", "true"):
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
            tag=("{*}row", "{*}col", "{*}sheetData"),
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        ):
            tag = _local(node.tag)
            if tag == "sheetData":
                _check_rows(node)
                continue
            if tag == "col":
                yield tag, node, (0, 0)
                continue
            row, column = int(node.get("r", row + 2)) - 1, -1
            yield tag, node, (row, 0)
            for cell in node.iter("{*}c"):
                row, column = _at(cell.get("r"), row, column + 1)
                yield "c", cell, (row, column)
            _forget(node)

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
        if kind == "s" and value:
            index = int(value)
            length = self._strings[index] if 0 <= index < len(self._strings) else 0
        elif value:
            length = len(value)
        if value:
            reach.add(at, length)
        if formula is not None:
            facts.formulas[at] = formula
            if not value and kind != "str":
                facts.unsolved.add(at)
        if node.get("s") in self._scaling and kind == "n" and value not in ("", "0"):
            facts.scaled.add(at)
        if kind == "e":
            facts.faults[at] = value or "#VALUE!"


@lru_cache(64)
def _local(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def _at(written: str | None, row: int, column: int) -> Position:
    """Where a cell is: as is written, else next to the last one. Raises ValueError for what is no address."""
    if written is None:
        return row, column
    match = _CELL.fullmatch(written)
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
    """How far the values of a sheet reach, and how much text they are."""

    def __init__(self, path: str) -> None:
        self._path, self._bottom, self._right, self._characters = path, 0, 0, 0

    def add(self, at: Position, length: int) -> None:
        row, column = at
        if row >= self._bottom:
            self._bottom = row + 1
        if column >= self._right:
            self._right = column + 1
        self._characters += length
        if self._bottom * self._right > MAX_CELLS:
            where = address(*at)
            message = f"表格一直到 {where} 都有内容，大得不正常；请删去远处多余的内容后再交"
            raise refuse("W2", message, self._path)
        if self._characters > MAX_CHARACTERS:
            raise refuse("W2", "单元格里的文字多得不正常；请核对文件来源", self._path)


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


def _scales(code: str) -> bool:
    """Whether a number format shows a number as another; what stands in quotes or behind a backslash is text."""
    bare = re.sub(r'"[^"]*"|\\.|_.|\[[^\]]*\]', "", code)
    return "%" in bare or re.search(r"[0#?],+(?![0#?,])", bare) is not None


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
