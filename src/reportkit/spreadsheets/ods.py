"""What the XML of an .ods says beside the values: the same facts that reportkit.spreadsheets.xlsx gathers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from reportkit.spreadsheets.ods_looks import Defaults, Looks, attribute, local_name
from reportkit.spreadsheets.sheets import Area, Facts, Position
from reportkit.spreadsheets.size_limits import SizeLimits
from reportkit.spreadsheets.workbook_package import refuse
from reportkit.spreadsheets.xlsx import Reach

_REFERENCE = re.compile(
    r"\[\$?(?P<sheet>'(?:[^']|'')+'|[^\[\]'.]*)\.(?P<first>[$A-Z0-9]+)(?::\.(?P<last>[$A-Z0-9]+))?\]"
)


def facts(parts: Mapping[str, bytes], path: str, limits: SizeLimits) -> dict[str, Facts]:
    """Return what each sheet says, by its name.

    Raises UnreadableError for an encrypted file, macros, XML that is none, or cells that reach too far.
    """
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise refuse("W3", path)
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        tree = etree.fromstring(parts["content.xml"], parser)
        styles = [etree.fromstring(parts["styles.xml"], parser)] if "styles.xml" in parts else []
        looks, reach = Looks([*styles, tree]), Reach(path, limits)
        return {attribute(table, "name"): _sheet(table, reach, looks) for table in tree.iter("{*}table")}
    except (KeyError, ValueError, etree.XMLSyntaxError):
        raise refuse("W1.ods_part", path) from None


def _sheet(table: Any, reach: Reach, looks: Looks) -> Facts:
    found, columns = Facts(), Defaults()
    reach.next_sheet()
    row = column = 0
    for node in table.iter("{*}table-column", "{*}table-row"):
        if local_name(node) == "table-column":
            times = _repeated(node, "columns")
            if attribute(node, "visibility"):
                found.hidden_columns.update(range(column, min(column + times, 16384)))
            column += times
            columns.add(times, attribute(node, "default-cell-style-name"))
            continue
        times = _repeated(node, "rows")
        if attribute(node, "visibility"):
            found.hidden_rows.update(range(row, min(row + times, 100_000)))
        _row(node, row, times, found, reach, looks, columns)
        row += times
    found.conditional += looks.conditional(table)
    return found


def _row(node: Any, row: int, times: int, found: Facts, reach: Reach, looks: Looks, columns: Defaults) -> None:
    column, default = 0, attribute(node, "default-cell-style-name")
    for cell in node.iterchildren("{*}table-cell", "{*}covered-table-cell"):
        width = _repeated(cell, "columns")
        length = sum(len(text) for text in cell.itertext())
        if length or attribute(cell, "value-type"):
            reach.add((row + times - 1, column + width - 1), length * width * times)
            _cell(cell, (row, column), found)
            style = attribute(cell, "style-name") or default or columns.at(column)
            looks.note(cell, style, Area(row, column, row + times - 1, column + width - 1), found)
        elif attribute(cell, "formula"):
            _cell(cell, (row, column), found)
        _merged(cell, (row, column), found)
        column += width


def _cell(cell: Any, at: Position, found: Facts) -> None:
    formula = attribute(cell, "formula")
    text = "".join(cell.itertext())
    if formula:
        found.formulas[at] = _a1(formula)
        if not attribute(cell, "value") and cell.find("{*}p") is None:
            found.unsolved.add(at)
    if attribute(cell, "value-type", "calcext") == "error" or (
        formula and re.match(r"Err:\d|#[A-Z/0]+[!?]|#N/A", text)
    ):
        found.faults[at] = text or "#VALUE!"
    elif attribute(cell, "value-type") == "boolean" or formula.endswith(("=TRUE()", "=FALSE()")):
        found.faults[at] = text or "TRUE"  # which calamine takes for a number


def _merged(cell: Any, at: Position, found: Facts) -> None:
    columns = int(attribute(cell, "number-columns-spanned") or 1)
    rows = int(attribute(cell, "number-rows-spanned") or 1)
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
    return max(int(attribute(node, f"number-{what}-repeated") or 1), 1)
