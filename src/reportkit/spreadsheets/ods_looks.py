"""How the cells of an .ods look: the text that was seen when the file was saved, and the styles of its letters."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from reportkit.spreadsheets.formulas import exact
from reportkit.spreadsheets.looks import is_white
from reportkit.spreadsheets.sheets import Area, Facts, position

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_NUMBERS = ("float", "currency", "percentage")
_NIL = ("", "-", "–", "—", "－")


class _Letters(NamedTuple):
    """How letters are; None where a style does not say and its parent decides. `ground` is the colour behind them."""

    struck: bool | None = None
    raised: bool | None = None
    color: str | None = None
    ground: str | None = None

    def below(self, other: _Letters) -> _Letters:
        """Return what it says itself, and else what another says."""
        return _Letters(
            other.struck if self.struck is None else self.struck,
            other.raised if self.raised is None else self.raised,
            other.color if self.color is None else self.color,
            other.ground if self.ground is None else self.ground,
        )

    @property
    def unseen(self) -> bool:
        """Whether they are white on white."""
        return is_white(self.color or "") and (self.ground in (None, "transparent") or is_white(self.ground or ""))


class Defaults:
    """The cell styles of columns, of which many can be the same."""

    def __init__(self) -> None:
        self._ends: list[tuple[int, str]] = []

    def add(self, times: int, style: str) -> None:
        """Add the next columns."""
        self._ends.append((self._ends[-1][0] + times if self._ends else times, style))

    def at(self, column: int) -> str:
        """Return the style of a column, "" if it has none."""
        return next((style for end, style in self._ends if column < end), "")


class Looks:
    """The styles of a document."""

    def __init__(self, trees: Iterable[Any]) -> None:
        self._own: dict[str, tuple[_Letters, str]] = {}
        for tree in trees:
            for node in tree.iter("{*}style"):
                if (family := attribute(node, "family")) in ("table-cell", "text"):
                    own = _letters(node), attribute(node, "parent-style-name")
                    # Conditions call a style by the name that people see.
                    names = attribute(node, "display-name"), attribute(node, "name")
                    self._own |= {f"{family} {name}": own for name in names if name}
        self._known: dict[str, _Letters] = {}

    def note(self, cell: Any, style: str, area: Area, facts: Facts) -> None:
        """Note how a cell looks, which may be repeated over an area, if that is not plainly what it holds."""
        look = self._look("table-cell", style)
        paragraphs = _paragraphs(cell)
        spans = [self._look("text", attribute(span, "style-name")) for span in _spans(paragraphs)]
        marks = [
            (facts.struck, look.struck or any(span.struck for span in spans)),
            (facts.raised, look.raised or any(span.raised for span in spans)),
            (facts.unseen, look.unseen),
        ]
        plain, shown = _seen(cell, paragraphs)
        padded = _padded(cell, paragraphs)
        if plain and not padded and not any(marked for _, marked in marks):
            return
        cells = [
            (row, column) for row in range(area.top, area.bottom + 1) for column in range(area.left, area.right + 1)
        ]
        for places, marked in marks:
            places.update(cells if marked else ())
        facts.shown.update({} if plain else dict.fromkeys(cells, shown))
        facts.padded.update(dict.fromkeys(cells, padded) if padded else {})

    def conditional(self, table: Any) -> Iterator[Area]:
        """Yield the areas of a sheet where a condition may strike letters out, raise them or make them white."""
        for node in table.iter("{*}conditional-format"):
            styles = [attribute(condition, "apply-style-name") for condition in node.iter("{*}condition")]
            looks = [self._look("table-cell", style) for style in styles]
            if any(look.struck or look.raised or look.unseen for look in looks):
                yield from _areas(attribute(node, "target-range-address"))

    def _look(self, family: str, style: str) -> _Letters:
        """A style with what it takes over from its parents."""
        key = f"{family} {style}"
        if key not in self._known:
            found, seen, above = _Letters(), set(), key
            while above in self._own and above not in seen:
                seen.add(above)
                own, parent = self._own[above]
                found = found.below(own)
                above = f"{family} {parent}"
            self._known[key] = found
        return self._known[key]


def _letters(node: Any) -> _Letters:
    """What a style says of its letters by itself."""
    struck = raised = color = ground = None
    for part in node:
        if local_name(part) == "text-properties":
            line = attribute(part, "text-line-through-type") or attribute(part, "text-line-through-style")
            struck = line != "none" if line else None
            place = attribute(part, "text-position").split()
            raised = place[0] not in ("0%", "0") if place else None
            automatic = attribute(part, "use-window-font-color") == "true"
            color = "" if automatic else attribute(part, "color") or None
        elif local_name(part) == "table-cell-properties":
            ground = attribute(part, "background-color") or None
    return _Letters(struck, raised, color, ground)


def _paragraphs(cell: Any) -> list[Any]:
    """What is seen in a cell: not the words of a comment, which stand in it, too."""
    return [node for node in cell if node.tag.endswith("}p")]


def _spans(paragraphs: list[Any]) -> list[Any]:
    return [
        span
        for paragraph in paragraphs
        if len(paragraph)
        for span in paragraph.iter("{*}span")
        if "".join(span.itertext()).strip()
    ]


def _padded(cell: Any, paragraphs: list[Any]) -> str:
    """What a cell shows that holds a number and shows zeros before it, "" for any other."""
    if cell.get(f"{_OFFICE}value-type") != "float" or len(paragraphs) != 1:
        return ""
    shown = "".join(paragraphs[0].itertext()).strip()
    return shown if re.fullmatch(r"0\d+", shown, re.ASCII) and shown.strip("0") else ""


def _seen(cell: Any, paragraphs: list[Any]) -> tuple[bool, str | None]:
    """Whether a cell shows just what it holds, and what it shows; None where that is a number in another measure."""
    kind, held = cell.get(f"{_OFFICE}value-type"), cell.get(f"{_OFFICE}value", "")
    shown = "\n".join("".join(node.itertext()) for node in paragraphs).strip()
    if kind == "string":
        text = cell.get(f"{_OFFICE}string-value")
        return not text or text.strip() == shown, None
    if kind not in _NUMBERS or not held or held == shown or not math.isfinite(float(held)):
        return True, None
    stored, bare = exact(float(held)), shown.replace(",", "")
    digits = re.sub(r"\D", "", bare, flags=re.ASCII)
    if stored == 0 and not digits.strip("0") and (digits or shown in _NIL):
        return True, None
    plain = re.fullmatch(r"-?\d+(?:\.\d+)?", bare, re.ASCII) is not None and exact(float(bare)) == stored
    return plain, None if "%" in bare or "E" in bare else bare


def _areas(references: str) -> Iterator[Area]:
    """The rectangles of a list such as "Sheet1.B2:Sheet1.B5 Sheet1.D1"."""
    for reference in references.split():
        corners = [_ADDRESS.fullmatch(part.rpartition(".")[2]) for part in reference.split(":")]
        places = [position(corner[1], corner[2]) for corner in corners if corner]
        if places:
            yield Area(*places[0], *places[-1])


def local_name(node: Any) -> str:
    """Return the name of an element without its namespace."""
    return str(node.tag).rpartition("}")[2]


def attribute(node: Any, name: str, space: str = "") -> str:
    """Return an attribute by its local name; `space` is a part of its namespace, where two have the name."""
    end = "}" + name
    for key, value in node.items():
        if key.endswith(end) and space in key:
            return str(value)
    return ""
