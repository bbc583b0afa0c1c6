"""What Typst refuses because of the style: an office's own template, or a margin that has no room for its text."""

from __future__ import annotations

import re

from reportkit.errors import ExportError
from reportkit.page_styles import CompleteStyle
from reportkit.translation import _

OWN = "templates-own"
"""The folder in which Typst finds the files of a template."""

_NO_ROOM = re.compile("no room: (header|footer)")


def explain_style(error: Exception, style: CompleteStyle) -> ExportError | None:
    """Return the error to raise for what the style is to blame for, None if it is not."""
    if match := _NO_ROOM.search(str(error)):
        words = _(
            "{style}: the {part} is too high for the margin of the page; shorten its texts, make its type smaller, or "
            "the margin larger"
        )
        return ExportError(words.format(style=style.source(match[1]), part=match[1]))
    place = _place(getattr(error, "diagnostic", ""))
    if place is None or style.typst is None:
        return None
    words = _("{path}:{line}: {error}; mend the template there, or take it away to have the page as it was")
    return ExportError(words.format(path=style.typst.at(place[0]), line=place[1], error=_plain(error)))


def _place(diagnostic: str) -> tuple[str, str] | None:
    """The first file and line of a template in what Typst says, None if there is none."""
    for line in diagnostic.splitlines():
        _before, arrow, place = line.partition("┌─ ")
        _folders, own, inside = place.partition(f"{OWN}/")
        if arrow and own and inside.count(":") >= 2:
            path, number, _column = inside.rsplit(":", 2)
            return path, number
    return None


def with_template(error: ExportError, style: CompleteStyle) -> ExportError:
    """Return an error of the finished pages, with the template named that has set them, if it is an office's own."""
    if style.typst is None:
        return error
    words = _(
        "{path} sets these pages: what a report says it prints once and whole, what it adds itself is pdf.artifact[…]"
    )
    return ExportError(*str(error).splitlines(), words.format(path=style.typst.at(style.typst.name)))


def _plain(error: Exception) -> str:
    """What Typst says, without where the files lie in this process."""
    said, searched, _path = str(error).partition("(searched at ")
    return said + _("(not in the template's folder)") if searched else said
