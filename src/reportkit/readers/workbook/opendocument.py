"""What the XML of an .ods says beside the values: the same facts that reportkit.readers.workbook.ooxml gathers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from reportkit.readers.workbook.ooxml import Reach
from reportkit.readers.workbook.package import refuse
from reportkit.readers.workbook.sheets import Area, Facts, Position

_REFERENCE = re.compile(
    r"\[\$?(?P<sheet>'(?:[^']|'')+'|[^\[\]'.]*)\.(?P<first>[$A-Z0-9]+)(?::\.(?P<last>[$A-Z0-9]+))?\]"
)


def facts(parts: Mapping[str, bytes], path: str) -> dict[str, Facts]:
    """Return what each sheet says, by its name.

    Raises ReaderError for an encrypted file, macros, XML that is none, or cells that reach too far.
    """
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise refuse("W3", "文件加了密码；请去掉打开密码后再交", path)
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        tree = etree.fromstring(parts["content.xml"], parser)
        return {_attribute(table, "name"): _sheet(table, path) for table in tree.iter("{*}table")}
    except (KeyError, ValueError, etree.XMLSyntaxError):
        message = "文件里的 content.xml 缺失或已损坏；请用 WPS、LibreOffice 打开后另存为 .xlsx"
        raise refuse("W1", message, path) from None


def _sheet(table: Any, path: str) -> Facts:
    found, reach = Facts(), Reach(path)
    row = column = 0
    for node in table.iter("{*}table-column", "{*}table-row"):
        if _tag(node) == "table-column":
            times = _repeated(node, "columns")
            if _attribute(node, "visibility"):
                found.hidden_columns.update(range(column, min(column + times, 16384)))
            column += times
            continue
        times = _repeated(node, "rows")
        if _attribute(node, "visibility"):
            found.hidden_rows.update(range(row, min(row + times, 100_000)))
        _row(node, row, times, found, reach)
        row += times
    return found


def _row(node: Any, row: int, times: int, found: Facts, reach: Reach) -> None:
    column = 0
    for cell in node.iterchildren("{*}table-cell", "{*}covered-table-cell"):
        width = _repeated(cell, "columns")
        length = sum(len(text) for text in cell.itertext())
        if length or _attribute(cell, "value-type"):
            reach.add((row + times - 1, column + width - 1), length * width * times)
            _cell(cell, (row, column), found)
        elif _attribute(cell, "formula"):
            _cell(cell, (row, column), found)
        _merged(cell, (row, column), found)
        column += width


def _cell(cell: Any, at: Position, found: Facts) -> None:
    formula = _attribute(cell, "formula")
    text = "".join(cell.itertext())
    if formula:
        found.formulas[at] = _a1(formula)
        if not _attribute(cell, "value") and cell.find("{*}p") is None:
            found.unsolved.add(at)
    if _attribute(cell, "value-type", "calcext") == "error" or (
        formula and re.match(r"Err:\d|#[A-Z/0]+[!?]|#N/A", text)
    ):
        found.faults[at] = text or "#VALUE!"
    elif _attribute(cell, "value-type") == "boolean" or formula.endswith(("=TRUE()", "=FALSE()")):
        found.faults[at] = text or "TRUE"  # which calamine takes for a number


def _merged(cell: Any, at: Position, found: Facts) -> None:
    columns = int(_attribute(cell, "number-columns-spanned") or 1)
    rows = int(_attribute(cell, "number-rows-spanned") or 1)
    if columns > 1 or rows > 1:
        found.merged.append(Area(at[0], at[1], at[0] + rows - 1, at[1] + columns - 1))


def _a1(formula: str) -> str:
    """An OpenFormula text as Excel writes it: of:=SUM([.A1:.C1];2) -> SUM(A1:C1,2)."""
    text = formula.partition("=")[2] if formula[:1].isalpha() else formula.lstrip("=")
    if re.search(r"\[[^\[\]]*#", text):
        return "[1]!A1"  # a cell of another file
    return _REFERENCE.sub(_reference, text).replace(";", ",")


def _reference(match: re.Match[str]) -> str:
    sheet = f"{match['sheet']}!" if match["sheet"] else ""
    return sheet + match["first"] + (f":{match['last']}" if match["last"] else "")


def _repeated(node: Any, what: str) -> int:
    return max(int(_attribute(node, f"number-{what}-repeated") or 1), 1)


def _tag(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]


def _attribute(node: Any, name: str, space: str = "") -> str:
    """An attribute by its local name; `space` is a part of its namespace, where two have the name."""
    for key, value in node.items():
        if key.endswith("}" + name) and space in key:
            return str(value)
    return ""
