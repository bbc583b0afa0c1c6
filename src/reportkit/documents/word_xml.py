"""The vocabulary of a Word document: what each element is to a reader, and the properties that decide."""

from __future__ import annotations

from typing import Any

from reportkit.documents.blocks import MAX_COLSPAN, UNREADABLE

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_MATHS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{http://purl.oclc.org/ooxml/drawingml/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SEEN = (
    "p", "r", "t", "sym", "br", "cr", "tab", "ptab", "tbl", "tr", "tc", "fldChar", "txbxContent", "altChunk",
)  # fmt: skip
# Properties, instructions of fields, what was deleted, guides to pronunciation: no text that is seen.
_UNSEEN = (
    "pPr", "rPr", "tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "instrText", "delText",
    "delInstrText", "rt",
)  # fmt: skip
_OFF = ("0", "false", "off")


def _named(names: tuple[str, ...], kind: str = "") -> dict[str, str]:
    return {f"{{{space}}}{name}": kind or name for space in _WORD for name in names}


KINDS = {
    **_named(_SEEN),
    **_named(("noBreakHyphen",), "hyphen"),
    **_named(("footnoteReference", "endnoteReference"), "note"),
    **_named(("drawing", "pict", "object"), "drawing"),
    **_named(_UNSEEN, "unseen"),
    **_named(("del", "moveFrom"), "deleted"),
    **_named(("ins", "moveTo"), "inserted"),
    **dict.fromkeys((f"{{{space}}}{name}" for space in _MATHS for name in ("oMath", "oMathPara")), "formula"),
    **dict.fromkeys(_PICTURES, "picture"),
    **dict.fromkeys((f"{_COMPATIBILITY}{name}" for name in ("Choice", "Fallback")), "alternative"),
}
FIELD_MARKS = tuple(tag for tag, kind in KINDS.items() if kind == "fldChar")


_TEXT_BOXES = tuple(tag for tag, kind in KINDS.items() if kind == "txbxContent")


def holds_text(drawing: Any) -> bool:
    """Return whether a drawing is a box of text, which is read."""
    return next(drawing.iter(*_TEXT_BOXES), None) is not None


def is_choice(mark: Any) -> bool:
    """Return whether a field is a list to choose from or a box to tick: what it shows is not in its text."""
    data = child(mark, "ffData")
    return child(data, "ddList") is not None or child(data, "checkBox") is not None


def _space(element: Any) -> str:
    return str(element.tag).partition("}")[0] + "}"


def child(element: Any, name: str) -> Any:
    """Return the child of that name, or None; also None where there is no element at all."""
    return None if element is None else element.find(_space(element) + name)


def value(element: Any, name: str = "val") -> str:
    """Return an attribute, "" if it is not there."""
    return "" if element is None else str(element.get(_space(element) + name, ""))


def is_numbered(properties: Any) -> bool:
    """Return whether Word itself writes a number or a bullet in front of a paragraph with these properties."""
    numbering = child(properties, "numPr")
    return numbering is not None and value(child(numbering, "numId")) not in ("", "0")


def is_on(properties: Any, name: str) -> bool:
    """Return whether a property is there and not switched off."""
    switch = child(properties, name)
    return switch is not None and value(switch) not in _OFF


def number(element: Any, default: int) -> int:
    """Return the number of grid columns that a property states."""
    text = value(element)
    return min(int(text), MAX_COLSPAN) if text.isascii() and text.isdigit() and len(text) < 10 else default


def merge(properties: Any, name: str) -> str:
    """Return how a cell takes part in a merge: "restart", "continue" (which Word writes as no value), or "" for not."""
    part = child(properties, name)
    return "" if part is None else value(part) or "continue"


def symbol(element: Any) -> str:
    """Return a character of a symbol font, in a place where it is no digit, whatever it looks like."""
    text = value(element, "char")
    try:
        return chr(int(text, 16) | 0xF000) if len(text) <= 4 else UNREADABLE
    except ValueError:
        return UNREADABLE
