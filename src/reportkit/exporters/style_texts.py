"""What a style says on the pages of a report: its texts, filled in with what is known of the report, as plain data.

Cover, letterhead and signature are fragments as those of cells are, so that the same gates hold for them; headers and
footers stand in the margin of each page, and are no part of the text.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from reportkit.errors import ExportError
from reportkit.exporters.html_trees import make_element
from reportkit.exporters.images import ImageError, any_uri
from reportkit.exporters.text import printable
from reportkit.page_styles.page_parts import Running
from reportkit.translation import _, in_a_row

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from reportkit.page_styles import CompleteStyle
    from reportkit.page_styles.measures import FactPattern
    from reportkit.page_styles.page_parts import FirstPage, Logo

_PAGES = frozenset({"page", "pages"})
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.A)


class Field(NamedTuple):
    """The number of a page ("page"), or how many there are ("pages")."""

    name: str


Slot = tuple[str | Field, ...]
"""A text with the numbers of pages in it."""


class Slots(NamedTuple):
    """What stands at the left, in the middle and at the right."""

    left: Slot = ()
    center: Slot = ()
    right: Slot = ()


class RunningText(NamedTuple):
    """A header or footer of a report: on every page, and on the first if that has another."""

    every: Slots
    first: Slots | None = None


def running_lines(running: RunningText | None) -> list[str]:
    """Return the texts of a header or footer, without numbers of pages."""
    slots = (slot for slots in running or () if slots for slot in slots)
    return ["".join(part for part in slot if isinstance(part, str)) for slot in slots if slot]


class Part(NamedTuple):
    """A part of a report that its style says: cover, letterhead or signature."""

    name: str
    root: HtmlElement


class Furniture:
    """The texts of a style for one report. `known` gives what is known of it by name: its parameters, and its title."""

    def __init__(self, style: CompleteStyle, title: str, known: Callable[[], Mapping[str, Any]]) -> None:
        self._style, self._title, self._known = style, title, known
        self._values: Mapping[str, Any] | None = None

    @property
    def values(self) -> Mapping[str, Any]:
        """What is known of the report by name."""
        if self._values is None:
            self._values = {**self._known(), "title": self._title}
        return self._values

    def running(self, name: str) -> RunningText | None:
        """Return the header or the footer, None without any. Raises ExportError for a name that nothing is known by."""
        running: Running = getattr(self._style, name)
        if not running.texts:
            return None
        first = self._slots(running.first, f"{name}.first") if running.first else None
        return RunningText(self._slots(running, name), first)

    def _slots(self, running: Running | FirstPage, place: str) -> Slots:
        sides = Slots._fields
        return Slots(*(tuple(self._slot(getattr(running, side), f"{place}.{side}")) for side in sides))

    def _slot(self, text: FactPattern, place: str) -> Iterator[str | Field]:
        if not self._says(text, place):
            return
        for part in text.parts:
            name = part[1:-1]
            if part.startswith("{") and name in _PAGES:
                yield Field(name)
            else:
                yield self._value(name, place) if part.startswith("{") else part

    def parts(self, heading: HtmlElement | None) -> Iterator[Part]:
        """Yield the parts that have something to say, as they stand in the report: a signature is the last.

        The `heading` with the title moves to a cover. Raises ExportError as `running` does, and for a logo that cannot
        be shown.
        """
        cover, letterhead, signature = self._style.cover, self._style.letterhead, self._style.signature
        if cover:
            root = _part("cover", self._logo("cover", cover.logo))
            if heading is not None:
                _move(heading, root)
            self._add(root, "cover", ("subtitle", "organisation", "date"))
            yield Part("cover", root)
        if letterhead:
            root = _part("letterhead", self._logo("letterhead", letterhead.logo))
            self._add(root, "letterhead", ("name",))
            for number, line in enumerate(letterhead.lines):
                self._add_text(root, "letterhead-line", line, f"letterhead.lines.{number + 1}")
            self._add(root, "letterhead", ("number",))
            if len(root):
                yield Part("letterhead", root)
        if signature:
            root = _part("signature", None)
            self._add(root, "signature", ("agency", "date"))
            if len(root):
                yield Part("signature", root)

    def _add(self, root: HtmlElement, part: str, names: tuple[str, ...]) -> None:
        for name in names:
            self._add_text(root, f"{part}-{name}", getattr(getattr(self._style, part), name), f"{part}.{name}")

    def _add_text(self, root: HtmlElement, role: str, text: FactPattern, place: str) -> None:
        if self._says(text, place):
            paragraph = make_element("p")
            paragraph.set("class", role)
            filled = text.filled(**{name: self._value(name, place) for name in text.fields})
            paragraph.text = said(filled, self._style)  # a date that is written in the style is one, too
            root.append(paragraph)

    def _logo(self, part: str, logo: Logo | None) -> HtmlElement | None:
        if logo is None:
            return None
        content = dict(self._style.pictures)[part]
        try:
            uri = _logo_uri(content)
        except ImageError:
            raise ExportError(_logo_message(self._style.source(part), part, logo.file)) from None
        picture = make_element("img")
        for name, value in {"src": uri, "alt": logo.alt or self._style.words.logo}.items():
            picture.set(name, value)
        picture.set("style", f"height: {logo.height}")
        return picture

    def _says(self, text: FactPattern, place: str) -> bool:
        """Whether a text says anything: one whose names all stand for nothing does not."""
        names = [name for name in text.fields if name not in _PAGES]
        values = [self._value(name, place) for name in names]
        return bool(text.strip()) and (not names or any(values))

    def _value(self, name: str, place: str) -> str:
        if name not in self.values:
            raise ExportError(self._unknown(name, place))
        value = self.values[name]
        if not is_said(value):
            words = _("{style}: {place} has {name}, which is no text, number or date but {value}")
            told = words.format(
                style=self._style.source(place), place=place, name=f"{{{name}}}", value=type(value).__name__
            )
            raise ExportError(told)
        return said(value, self._style)

    def _unknown(self, name: str, place: str) -> str:
        near = get_close_matches(name, [*self.values, *_PAGES], n=1)
        words = _("{style}: {place} has {name}, and the notebook has no such parameter; there is {known}")
        if near:
            words = _(
                "{style}: {place} has {name}, and the notebook has no such parameter; did you mean {near}? "
                "There is {known}"
            )
        known = in_a_row(f"{{{one}}}" for one in self.values)
        names = {"name": f"{{{name}}}", "near": f"{{{near[0]}}}" if near else ""}
        return words.format(style=self._style.source(place), place=place, known=known, **names)


def is_said(value: Any) -> bool:
    """Return whether a value is something that a page can say."""
    return not isinstance(value, dict | list | tuple | set | bytes)


def said(value: Any, style: CompleteStyle) -> str:
    """Return a value as a page says it: a date as the style writes dates, nothing for None."""
    if value is None:
        return ""
    text = " ".join(printable(str(value)).split())
    if (match := _DATE.fullmatch(text)) is None:
        return text
    try:
        day = datetime.date(*map(int, match.groups()))
    except ValueError:  # the thirtieth of February
        return text
    return style.words.date.filled(year=day.year, month=style.words.months[day.month - 1], day=day.day)


@lru_cache(maxsize=8)
def _logo_uri(content: bytes) -> str:
    uri = any_uri(content)
    if not uri.startswith("data:image/svg"):
        _check_readable(content, uri)
    return uri


def _check_readable(content: bytes, uri: str) -> None:
    """Raise ImageError for a picture that only begins as one: a web page would show a blank."""
    import typst

    source = b'#image(bytes(json("picture.json")))'
    files: Any = {"main.typ": source, "picture.json": str(list(content)).encode()}
    try:
        typst.compile(files, format="svg", font_paths=typst.Fonts(False, False))
    except RuntimeError as error:
        raise ImageError(f"{uri[:20]}: {error}") from None


def _logo_message(origin: str, part: str, file: str) -> str:
    words = _(
        "{style}: {part}.logo is {file}, which cannot be read as a picture (its data is damaged); save it anew as PNG, "
        "JPEG or SVG"
    )
    return words.format(style=origin, part=part, file=file)


def _part(name: str, logo: HtmlElement | None) -> HtmlElement:
    root = make_element("div")
    root.set("class", name)
    if logo is not None:
        paragraph = make_element("p")
        paragraph.set("class", f"{name}-logo")
        paragraph.append(logo)
        root.append(paragraph)
    return root


def _move(heading: HtmlElement, root: HtmlElement) -> None:
    """Move a heading out of what it stands in; text that follows it stays there."""
    tail, heading.tail = heading.tail, None
    before, above = heading.getprevious(), heading.getparent()
    if tail and before is not None:
        before.tail = f"{before.tail or ''}{tail}"
    elif tail and above is not None:
        above.text = f"{above.text or ''}{tail}"
    root.append(heading)
