"""What follows from a style's measures: the type area of its pages, and the lines and letters in it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from reportkit.page_styles.measures import points
from reportkit.page_styles.style import Heading, Style

_PAPER = {
    "A3": ("297", "420"),
    "A4": ("210", "297"),
    "A5": ("148", "210"),
    "Letter": ("215.9", "279.4"),
    "Legal": ("215.9", "355.6"),
}
"""Width and height of an upright page, in millimetres."""

_STEP = 0.5
"""By how many points the type of a table shrinks at a time."""

_SMALL = 8.5
"""A table in this type or smaller has less space around its texts."""


@dataclass(frozen=True)
class Page:
    """An upright page of a style, measured in points unless it is said otherwise."""

    style: Style

    @cached_property
    def paper(self) -> tuple[Decimal, Decimal]:
        """Its width and height in millimetres."""
        wide, high = map(Decimal, _PAPER[self.style.paper])
        return wide, high

    @cached_property
    def area(self) -> tuple[Decimal, Decimal]:
        """The width and height of its type area in millimetres."""
        edges = self.style.margins
        wide, high = self.paper
        return (
            wide - edges.left.millimetres - edges.right.millimetres,
            high - edges.top.millimetres - edges.bottom.millimetres,
        )

    @cached_property
    def width(self) -> float:
        """How wide the type area is."""
        return points(self.area[0])

    @cached_property
    def height(self) -> float:
        """How high it is; of a page that lies on its side, how wide."""
        return points(self.area[1])

    @cached_property
    def size(self) -> float:
        """The type size."""
        return self.style.text.size.points

    @cached_property
    def pitch(self) -> float:
        """From line to line."""
        return self.height / self.style.text.lines

    @cached_property
    def grid(self) -> bool:
        """Whether all letters are equally wide."""
        return self.style.text.letters is not None

    @cached_property
    def ems(self) -> float:
        """How many letters of the type size, or of the grid, a line has."""
        return self.style.text.letters or self.width / self.size

    @cached_property
    def inset(self) -> float:
        """How far lists and quotations are set in."""
        return self.style.text.inset * self.width / self.ems

    @cached_property
    def title_ems(self) -> int:
        """How many letters a line of the title has."""
        return int(self.width / self.style.title.size.points)

    @cached_property
    def title_lines(self) -> float:
        """How many lines of text one of the title takes."""
        return round(self.style.title.pitch.points / self.pitch, 2)

    @cached_property
    def table_sizes(self) -> tuple[float, ...]:
        """The type sizes that a table can have, the largest first."""
        largest, smallest = self.style.tables.largest.points, self.style.tables.smallest.points
        steps = int((largest - smallest) / _STEP + 0.01)
        return tuple(round(largest - step * _STEP, 2) for step in range(steps + 1))

    def padding(self, size: float) -> float:
        """Return the space at both sides of a cell's text in a table of a type size."""
        whole = self.style.tables.padding.points
        return whole if size > _SMALL else whole * 2 / 3

    def edges(self, lies: bool) -> tuple[float, float, float, float]:
        """Return where the type area is: left, bottom, right and top, from the lower left corner of the page on.

        A page that lies on its side was turned a quarter clockwise, so that its left edge is on top.
        """
        (wide, high), margins = self.paper, self.style.margins
        left, bottom = margins.left.millimetres, margins.bottom.millimetres
        right, top = wide - margins.right.millimetres, high - margins.top.millimetres
        if lies:
            left, bottom, right, top = bottom, wide - right, top, wide - left
        return points(left), points(bottom), points(right), points(top)

    def heading(self, level: int) -> Heading:
        """Return the look of the headings of a level, from 1 below the title on."""
        return self.style.headings[min(level, len(self.style.headings)) - 1]


@lru_cache(maxsize=16)
def page_of(style: Style) -> Page:
    """Return the page of a style."""
    return Page(style)
