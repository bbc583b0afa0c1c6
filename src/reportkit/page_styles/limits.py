"""What a page can be: measures that leave room for the text, colours that can be read, and parts that have a place."""

from __future__ import annotations

from collections.abc import Iterator

from reportkit.page_styles.measures import Ink, Length
from reportkit.page_styles.page_parts import Running
from reportkit.page_styles.style import Style
from reportkit.page_styles.type_area import page_of
from reportkit.shapes import Steps, WrongShapeError
from reportkit.translation import _

_NARROWEST, _LOWEST = 60, 60
"""A type area is not smaller than this in either direction, in millimetres."""

_TIGHTEST = 0.9
"""Letters and lines are set this close at most, as a multiple of the type size."""

LEAST_CONTRAST = {"text": 4.5, "accent": 3.0}
"""How far the text, and headings in a colour of their own, stand out from the paper at least (WCAG 2, AA)."""

_RUNNING = 5, 20
_LARGEST_NAME, _LARGEST_TITLE = 96, 60
_TALLEST_LOGO = 0.5
"""Of the height of the text."""


_TEXTS = ("subtitle", "organisation", "date", "name", "number", "agency")

_Obstacle = tuple[Steps, str]
"""Where something stands in a style, and why no page can be so."""


def fit(style: Style) -> Style:
    """Return a style that a page can be set in. Raises WrongShapeError for the first reason why none can."""
    for steps, words in _obstacles(style):
        raise WrongShapeError(steps, ": ".join(map(str, steps)), words)
    return style


def _obstacles(style: Style) -> Iterator[_Obstacle]:
    page, text, tables = page_of(style), style.text, style.tables
    if min(page.area[0] - _NARROWEST, page.area[1] - _LOWEST) < 0:
        words = _("leave {width} mm by {height} mm of a page of {paper} for the text; that is too little")
        yield ("margins",), words.format(width=f"{page.area[0]:.4g}", height=f"{page.area[1]:.4g}", paper=style.paper)
    elif not 6 <= page.size <= 30:
        yield ("text", "size"), _("is {size}; a text is set from 6pt to 30pt").format(size=text.size)
    elif page.pitch < _TIGHTEST * page.size:
        words = _("{lines} lines of {size} have no room on {height} mm; fewer lines, or smaller type")
        yield ("text", "lines"), words.format(lines=text.lines, size=text.size, height=f"{page.area[1]:.4g}")
    elif page.grid and page.width < _TIGHTEST * page.size * page.ems:
        words = _("{letters} letters of {size} have no room on {width} mm; fewer letters, or smaller type")
        yield ("text", "letters"), words.format(letters=text.letters, size=text.size, width=f"{page.area[0]:.4g}")
    elif style.title.pitch.points < _TIGHTEST * style.title.size.points:
        yield ("title", "pitch"), _("is less than the title's size: its lines would lie on each other")
    elif not 5 <= tables.smallest.points <= tables.largest.points <= 2 * page.size:
        words = _("is {size}; tables are set from 5pt on, the smallest no larger than the largest: {largest}")
        yield ("tables", "smallest"), words.format(size=tables.smallest, largest=tables.largest)
    else:
        yield from _obstacles_at_the_foot(style)
        yield from _obstacles_in_words(style)
        yield from _obstacles_in_colours(style)
        for name in ("header", "footer"):
            yield from _obstacles_of_running(style, name)
        yield from _obstacles_of_parts(style)


def _obstacles_at_the_foot(style: Style) -> Iterator[_Obstacle]:
    number = style.page_number
    if number.place != "none" and "{page}" not in number.pattern:
        yield ("page_number", "pattern"), _("has no {field} in it").format(field="{page}")
    margin = min(style.margins.bottom, style.margins.right, key=lambda one: one.millimetres)
    if number.place != "none" and number.gap.millimetres + number.size.millimetres > margin.millimetres:
        words = _(
            "is {gap}, with a number of {size}; the margin has {margin} (on a page on its side it is the right one)"
        )
        yield ("page_number", "gap"), words.format(gap=number.gap, size=number.size, margin=margin)


def _obstacles_in_words(style: Style) -> Iterator[_Obstacle]:
    if len(style.words.months) != 12:
        yield ("words", "months"), _("has {number} names; there are twelve").format(number=len(style.words.months))


def _obstacles_in_colours(style: Style) -> Iterator[_Obstacle]:
    paper = style.colours.paper
    for name, least in LEAST_CONTRAST.items():
        colour = getattr(style.colours, name)
        if colour != "none" and (contrast := Ink(colour).contrast(paper)) < least:
            words = _(
                "is {colour} on {paper}, with a contrast of {contrast:.1f}; {least} is the least that can be read"
            )
            told = words.format(colour=colour, paper=paper, contrast=contrast, least=least)
            yield ("colours", name), told
    letterhead = style.letterhead
    if letterhead and letterhead.colour != "none" and Ink(letterhead.colour).contrast(paper) < LEAST_CONTRAST["accent"]:
        words = _("is {colour}, which cannot be read on {paper}")
        yield ("letterhead", "colour"), words.format(colour=letterhead.colour, paper=paper)


def _obstacles_of_running(style: Style, name: str) -> Iterator[_Obstacle]:
    running: Running = getattr(style, name)
    if not running.texts:
        return
    least, most = _RUNNING
    if not least <= _points(running.size) <= most:
        words = _("is {size}; headers and footers are set from {least}pt to {most}pt")
        yield (name, "size"), words.format(size=running.size, least=least, most=most)
    # On a page on its side, what was at the left is on top, and what was at the right at the foot.
    edges = style.margins
    margin = min((edges.top, edges.left) if name == "header" else (edges.bottom, edges.right), key=_millimetres)
    if running.gap.millimetres + running.size.millimetres > margin.millimetres:
        words = _("is {gap}, with type of {size}; the margin has {margin}")
        yield (name, "gap"), words.format(gap=running.gap, size=running.size, margin=margin)
    if name == "footer":
        yield from _obstacles_beside_the_number(style, running)


def _obstacles_beside_the_number(style: Style, footer: Running) -> Iterator[_Obstacle]:
    place = style.page_number.place
    for side in ("left", "right") if place == "outer" else (place,):
        if getattr(footer, side, ""):
            words = _("has a text where the page number stands; write {field} here and place: none there, or move one")
            yield ("footer", side), words.format(field="{page}")


def _obstacles_of_parts(style: Style) -> Iterator[_Obstacle]:
    height = page_of(style).area[1]
    for name in ("cover", "letterhead"):
        part = getattr(style, name)
        if part is None:
            continue
        most = _LARGEST_NAME if name == "letterhead" else _LARGEST_TITLE
        if not _points(style.text.size) <= _points(part.size) <= most:
            words = _("is {size}; it is set from {least} to {most}pt")
            yield (name, "size"), words.format(size=part.size, least=style.text.size, most=most)
        if part.logo and not 2 <= part.logo.height.millimetres <= float(height) * _TALLEST_LOGO:
            words = _("is {height}; a logo is from 2mm to {most:.0f}mm high on this page")
            told = words.format(height=part.logo.height, most=float(height) * _TALLEST_LOGO)
            yield (name, "logo", "height"), told
    if style.letterhead and style.letterhead.above.millimetres > height / 2:
        yield ("letterhead", "above"), _("is {above}; more than half a page").format(above=style.letterhead.above)
    for steps in (
        (name, what) for name in ("cover", "letterhead", "signature") if getattr(style, name) for what in _TEXTS
    ):
        text = getattr(getattr(style, steps[0]), steps[1], "")
        if {"page", "pages"} & set(getattr(text, "fields", ())):
            yield steps, _("has {field}; only headers and footers know their page").format(field="{page}")


def _points(length: Length) -> float:
    return round(length.points, 3)  # 60pt is sixty, whatever becomes of it in millimetres


def _millimetres(length: Length) -> float:
    return float(length.millimetres)
