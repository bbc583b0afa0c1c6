"""How the reports of a form are titled: by its kind's words, or for a form of no kind just as its own title says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, Protocol

from reportkit.kinds import Vocabulary, kind_of
from reportkit.kinds.titles import PLACEHOLDERS
from reportkit.model.form import Form
from reportkit.model.spelling import normal, squeezed

YEAR = r"(?P<year>20\d\d)年?(?:度|年度)?"
NAME = r"(?P<name>[一-鿿]{2,40}?)"
_SENTENCE = re.compile(r"[，。；：,;:]")
_PATH = re.compile(r"[>»›＞→|_]")
_CHINESE = re.compile(r"[一-鿿]")
_LONGEST, _LONGEST_FILLED = 60, 200
"""No title is longer; and no title of a form of no kind, whose name may be, than the second."""


class Named(NamedTuple):
    """The name in a title, "" if it has none, and the year, None if it has none."""

    name: str
    year: int | None


class TitlePatterns(Protocol):
    """What the titles of a form's reports look like."""

    def whole(self, text: str) -> Iterator[Named]:
        """Yield each way in which a text is a whole title with a year."""

    def yearless(self, text: str) -> str:
        """Return the name in a whole title without a year, "" if it is none."""

    def ends(self, text: str) -> bool:
        """Whether a text ends as a title does, and is no sentence."""

    def in_workbook(self, text: str) -> Named | None:
        """Return what the title above tables in a sheet says, None if the text is none."""


def title_patterns(form: Form) -> TitlePatterns:
    """Return what the titles of a form's reports look like."""
    vocabulary = kind_of(form).vocabulary
    return _of_kind(vocabulary) if vocabulary.names_reports else _of_template(form.title)


class OfKind:
    """A name and a year, in either order, and what reports of the kind are called."""

    def __init__(self, words: Vocabulary) -> None:
        report = words.report
        self._whole = tuple(
            re.compile(pattern)
            for pattern in (
                rf"(?:关于)?{YEAR}{NAME}(?:关于)?{report}(?:\(.{{0,12}}\))?",
                rf"(?:关于)?{NAME}(?:关于)?{YEAR}{report}(?:\(.{{0,12}}\))?",
                rf"{NAME}{report}\(?{YEAR}\)?",
            )
        )
        self._yearless = re.compile(rf"(?:关于)?{NAME}{report}")
        self._end = re.compile(rf"(?:{words.end_of_title})$")
        self._in_workbook = re.compile(
            r"(?:(?P<year>20\d\d)年度?)?(?P<name>[一-鿿]{2,30}?)(?:人民政府)?(?:(?P<later>20\d\d)年度?)?"
            rf"{words.full_report}.{{0,12}}"
        )

    def whole(self, text: str) -> Iterator[Named]:
        plain = squeezed(text)
        for pattern in self._whole:
            if match := pattern.fullmatch(plain):
                yield Named(match["name"], int(match["year"]))

    def yearless(self, text: str) -> str:
        match = self._yearless.fullmatch(squeezed(text))
        return match["name"] if match else ""

    def ends(self, text: str) -> bool:
        if len(text) > _LONGEST or _SENTENCE.search(text) or _PATH.search(text):
            return False
        return bool(self._end.search(squeezed(text)))

    def in_workbook(self, text: str) -> Named | None:
        match = self._in_workbook.fullmatch("".join(text.split()))
        if not match:
            return None
        year = match["year"] or match["later"]
        return Named(match["name"], int(year) if year else None)


class OfTemplate:
    """The title that the form itself prints, with any name and year in it."""

    def __init__(self, template: str) -> None:
        self._pattern = re.compile("".join(_pieces(template)))

    def whole(self, text: str) -> Iterator[Named]:
        if (named := self.in_workbook(text)) and named.year:
            yield named

    def yearless(self, text: str) -> str:
        named = self.in_workbook(text)
        return named.name if named else ""

    def ends(self, text: str) -> bool:
        return self.in_workbook(text) is not None

    def in_workbook(self, text: str) -> Named | None:
        match = self._pattern.fullmatch(" ".join(map(normal, text.split()))) if len(text) <= _LONGEST_FILLED else None
        if not match:
            return None
        said = {"name": "", "year": "", **match.groupdict()}
        name = said["name"].replace(" ", "") if _CHINESE.search(said["name"]) else said["name"]
        return Named(name, int(said["year"]) if said["year"] else None)


_FILLED = {"{year}": r"(?P<year>\d{4})", "{jurisdiction}": r"(?P<name>\S.*?)"}
_AGAIN = {"{year}": "(?P=year)", "{jurisdiction}": "(?P=name)"}


def _pieces(template: str) -> Iterator[str]:
    """The pieces of a title's pattern: white space may stand anywhere between its signs, and none where it has some."""
    seen: set[str] = set()
    for piece in PLACEHOLDERS.split(template):
        if piece in _FILLED:
            yield f" ?{_AGAIN[piece] if piece in seen else _FILLED[piece]} ?"
            seen.add(piece)
        else:
            yield " ?".join(map(re.escape, normal(piece)))


_of_kind = cache(OfKind)
_of_template = cache(OfTemplate)
