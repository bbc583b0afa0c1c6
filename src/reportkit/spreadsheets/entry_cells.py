"""What an .xlsx says of the cells that somebody is to fill in: frames, what may be typed there, how it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree

from reportkit.spreadsheets.number_formats import GENERAL
from reportkit.spreadsheets.sheets import Area, Position, position
from reportkit.spreadsheets.size_limits import LIMITS, SizeLimits
from reportkit.spreadsheets.workbook_package import refuse, unpacked
from reportkit.spreadsheets.xlsx import CELL, Package, areas, children, format_codes

MAX_AREA = 100_000
"""Cells of one area that a rule for typing is for; of larger ones, whole columns, only the first are looked at."""


class Asked(NamedTuple):
    """What may be typed into a cell: whole, decimal, list, date, textLength, none … as the file calls it.

    `limits` are the numbers or formulas that bound it, `options` the entries of a list that is written out, and `words`
    what a person is told.
    """

    kind: str
    operator: str = ""
    limits: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass
class EntrySheet:
    """What a sheet says of its cells, whether or not something stands in them.

    `unlocked` cells are those that can be changed though the sheet is `protected`. `formats` are number formats that
    are not the general one.
    """

    protected: bool = False
    framed: set[Position] = field(default_factory=set)
    unlocked: set[Position] = field(default_factory=set)
    formats: dict[Position, str] = field(default_factory=dict)
    asked: dict[Position, Asked] = field(default_factory=dict)


class _Look(NamedTuple):
    framed: bool = False
    locked: bool = True
    code: str = GENERAL


def entry_sheets(raw: bytes, path: str, limits: SizeLimits = LIMITS) -> dict[str, EntrySheet]:
    """Return what the sheets of an .xlsx say, by name; nothing for a workbook of another format.

    Raises UnreadableError for a file that is not sound.
    """
    if not raw.startswith(b"PK"):
        return {}
    parts = unpacked(raw, path, limits)
    if "xl/workbook.xml" not in parts:
        return {}
    package = Package(parts, path, limits)
    try:
        looks = _looks(package) if "xl/styles.xml" in parts else []
        return {name: _sheet(package.tree(part), looks) for name, part in package.worksheets().items()}
    except (ValueError, etree.XMLSyntaxError):
        raise refuse("W1.unreadable", path) from None


def _looks(package: Package) -> list[_Look]:
    styles = package.tree("xl/styles.xml")
    codes, borders = format_codes(styles), [_has_lines(node) for node in children(styles, "borders")]
    return [_look(node, codes, borders) for node in children(styles, "cellXfs")]


def _look(node: Any, codes: dict[str, str], borders: list[bool]) -> _Look:
    border, protection = int(node.get("borderId", 0)), node.find("{*}protection")
    locked = protection is None or protection.get("locked", "1") not in ("0", "false")
    return _Look(border < len(borders) and borders[border], locked, codes.get(node.get("numFmtId", "0"), GENERAL))


def _has_lines(border: Any) -> bool:
    return any(side.get("style", "none") != "none" for side in border)


def _sheet(tree: Any, looks: list[_Look]) -> EntrySheet:
    found = EntrySheet()
    protection = tree.find("{*}sheetProtection")
    found.protected = protection is not None and protection.get("sheet") in ("1", "true")
    for at, node in _cells(tree):
        style = int(node.get("s", 0))
        look = looks[style] if 0 <= style < len(looks) else _Look()
        if look.framed:
            found.framed.add(at)
        if not look.locked:
            found.unlocked.add(at)
        if look.code != GENERAL:
            found.formats[at] = look.code
    for node in tree.iter("{*}dataValidation"):
        asked = _asked(node)
        for area in areas(node.get("sqref") or ""):
            found.asked.update(dict.fromkeys(_positions(area), asked))
    return found


def _cells(tree: Any) -> Iterator[tuple[Position, Any]]:
    """The cells with their positions: as is written, else next to the last one."""
    row = column = -1
    for line in tree.iter("{*}row"):
        row, column = int(line.get("r", row + 2)) - 1, -1
        for node in line.iter("{*}c"):
            written = CELL.fullmatch(node.get("r") or "")
            row, column = position(written[1], written[2]) if written else (row, column + 1)
            yield (row, column), node


def _positions(area: Area) -> Iterator[Position]:
    width = area.right - area.left + 1
    last = min(area.bottom, area.top + MAX_AREA // width)
    return ((row, column) for row in range(area.top, last + 1) for column in range(area.left, area.right + 1))


def _asked(node: Any) -> Asked:
    limits = tuple((child.text or "").strip() for child in node if etree.QName(child).localname.startswith("formula"))
    kind = node.get("type", "none")
    listed = limits[0] if kind == "list" and limits else ""
    options = listed[1:-1].replace('""', '"').split(",") if listed[:1] == listed[-1:] == '"' else []
    words = (node.get(name) or "" for name in ("promptTitle", "prompt", "error"))
    operator = node.get("operator", "between")
    return Asked(kind, operator, limits, tuple(filter(None, map(str.strip, options))), tuple(filter(None, words)))
