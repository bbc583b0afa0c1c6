"""What a style sheet says of a style beyond its values: lists of typefaces, headings, the page number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from reportkit.page_styles.measures import Family, Length
from reportkit.page_styles.style import Face, Style
from reportkit.page_styles.type_area import page_of

_WEIGHTS = {"regular": 400, "bold": 700}
_LEVELS = 5
"""A web page has this many levels of headings below the title."""

# The properties that a style sheet keeps typefaces in, by the looks that their Chinese ones have.
_PROPERTIES = {"title": "--song", "body": "--fang", "emphasis": "--kai", "heading": "--hei"}
_FIELDS = ("{page}", "{pages}")
_WHITE, _BLACK = {"#ffffff": "#fff"}, {"#000000": "#000"}
_SIDES = {
    "outer": {":left": "bottom-left", ":right": "bottom-right"},
    "left": {"": "bottom-left"},
    "center": {"": "bottom-center"},
    "right": {"": "bottom-right"},
    "none": {},
}


class HeadingLook(NamedTuple):
    """Headings of a level: the space above and below them as a multiple of their size, that, and their typeface.

    `indent` is how far they are set in, None if as far as those of the first level.
    """

    above: float = 0.0
    below: float = 0.0
    scale: float = 1.0
    face: str = _PROPERTIES["body"]
    weight: int = _WEIGHTS["regular"]
    slant: str = "normal"
    indent: float | None = None


@dataclass(frozen=True)
class StyleSheet:
    """What the template of a web page asks of a style."""

    style: Style

    @cached_property
    def properties(self) -> Mapping[str, str]:
        """The typefaces by the custom property that holds them."""
        return {name: self.faces(use) for use, name in _PROPERTIES.items()}

    def faces(self, use: str) -> str:
        """The typefaces of a use, in order."""
        return ", ".join(map(_quoted, _screen(getattr(self.style.faces, use))))

    @cached_property
    def leading(self) -> str:
        """From line to line on a screen, as a multiple of the type size."""
        page = page_of(self.style)
        return f"{page.pitch / page.size:.1f}"

    @cached_property
    def pitch(self) -> str:
        """From line to line on paper."""
        return f"{page_of(self.style).area[1] / self.style.text.lines:.3f}mm"

    @cached_property
    def code_scale(self) -> str:
        """How large code is among other words."""
        return f"{self.style.faces.code.scale:g}".lstrip("0")

    @cached_property
    def gap(self) -> float:
        """The space between paragraphs, as a multiple of the type size."""
        return self.style.text.spacing * float(self.leading)

    @cached_property
    def title_leading(self) -> str:
        """From line to line of the title on a screen, as a multiple of its size."""
        title = self.style.title
        return f"{min(title.pitch.points / title.size.points, 1.5):.2g}"

    @cached_property
    def title_weight(self) -> int:
        """How heavy the title is."""
        return _WEIGHTS[self.style.faces.title.weight]

    @cached_property
    def headings(self) -> tuple[tuple[str, HeadingLook], ...]:
        """What sets the headings of each level apart, by their element."""
        return tuple(self._headings())

    def _headings(self) -> Iterator[tuple[str, HeadingLook]]:
        page = page_of(self.style)
        for level in range(1, _LEVELS + 1):
            heading = page.heading(level)
            face: Face = getattr(self.style.faces, heading.face)
            above = heading.above * float(self.leading) / heading.scale
            look = HeadingLook(
                above=max(above, 1.0) if level == 1 else above,  # on a screen no page begins to set a section apart
                below=heading.below * float(self.leading) / heading.scale,
                scale=heading.scale,
                face=_PROPERTIES.get(heading.face, _PROPERTIES["body"]),
                weight=_WEIGHTS[face.weight],
                slant=face.slant,
                indent=None if heading.indent == page.heading(1).indent else heading.indent * self.style.text.indent,
            )
            if look != HeadingLook():
                yield f"h{level + 1}", look

    @cached_property
    def text_colour(self) -> str:
        """The colour of the text."""
        return _BLACK.get(self.style.colours.text, self.style.colours.text)

    @cached_property
    def paper_colour(self) -> str:
        """The colour behind it."""
        return _WHITE.get(self.style.colours.paper, self.style.colours.paper)

    @cached_property
    def area_height(self) -> str:
        """How high the text of a page is on paper."""
        return f"{page_of(self.style).area[1]}mm"

    def ems(self, length: Length) -> float:
        """Return a length as a multiple of the type size."""
        return length.points / page_of(self.style).size

    @cached_property
    def page_numbers(self) -> Mapping[str, str]:
        """The places of the page number, by the pages that have it there."""
        return _SIDES[self.style.page_number.place]

    @cached_property
    def page_number(self) -> str:
        """What stands there."""
        return css_text(
            (part[1:-1], "") if part in _FIELDS else ("", part) for part in self.style.page_number.pattern.parts
        )


@lru_cache(maxsize=16)
def style_sheet(style: Style) -> StyleSheet:
    """Return what the template of a web page asks of a style."""
    return StyleSheet(style)


def _screen(face: Face) -> tuple[Family, ...]:
    return face.screen or tuple(dict.fromkeys((*face.families, *face.fallback)))


def _quoted(family: str) -> str:
    # A generic name, such as serif, means itself only without quotes; names of letters alone may go without, too.
    return family if re.fullmatch("[A-Za-z-]+", family) else f'"{family}"'


def css_text(parts: Iterable[tuple[str, str]]) -> str:
    """Return what `content` says in a style sheet: of each part the name of a counter, or a text."""
    return " ".join(f"counter({counter})" if counter else _text(text) for counter, text in parts)


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ")
    return f'"{escaped}"'
