"""How the titles of a kind of report read, to be found in a text without white space."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from reportkit.kinds.kind import kind_of
from reportkit.model.form import Form

_NAME = "([^《》“”。，；：！？、]{1,60}?)"
_LAST_NAME = "([^《》“”。，；：！？、,;:!?]{1,60})"
_SPACE = re.compile(r"\s+")
_YEAR = r"\d{4}年(?:度|(?!度))"
_LEAST = 2
"""A title has a word of its own of so many letters."""


PLACEHOLDERS = re.compile(r"(\{year\}|\{jurisdiction\})")
"""What stands in a form's title for a year and a name."""


class Titles:
    """Titles as they stand in lines: `sign` is in each of them; `end_with_name` says that nothing follows the name."""

    def __init__(self, sign: str, pattern: str, *, end_with_name: bool = False) -> None:
        self.sign, self.end_with_name = sign, end_with_name
        self._pattern = re.compile(f"(《?)(?:{pattern})")

    def names(self, text: str) -> Iterator[str]:
        """Yield the name in each title, with what stands right before it where the title begins with the name.

        The text has no white space. A title in 《》 is a reference to another document.
        """
        for match in self._pattern.finditer(text):
            bracket, *names = match.groups()
            if not bracket:
                yield next(filter(None, names), "")


def titles_of(form: Form) -> Titles:
    """Return how the titles of reports like a form's read: as its kind says, or as the form's own title does."""
    words = kind_of(form).vocabulary
    if words.names_reports:
        report = words.full_report
        return _titles(words.title_sign, f"{_NAME}{_YEAR}{report}|{_YEAR}{_NAME}{report}")
    return _of_template(form.title)


_titles = lru_cache(maxsize=16)(Titles)


@lru_cache(maxsize=64)
def _of_template(title: str) -> Titles:
    """Titles like Report of {jurisdiction}, {year}, where the form gives the words around name and year."""
    sign = max(re.split(r"\{year\}|\{jurisdiction\}|\s+", title), key=len)
    if len(sign) < _LEAST or "{jurisdiction}" not in title:
        return Titles(sign, "(?!)")  # whatever is said there, is not said to be a title
    pattern = "".join(_piece(piece, title) for piece in PLACEHOLDERS.split(title))
    return Titles(sign, pattern, end_with_name=title.endswith("{jurisdiction}"))


def _piece(piece: str, title: str) -> str:
    if piece == "{jurisdiction}":
        return _LAST_NAME if title.endswith(piece) else _NAME
    return r"\d{4}" if piece == "{year}" else re.escape(_SPACE.sub("", piece))
