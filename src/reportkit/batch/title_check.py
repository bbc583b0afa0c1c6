"""A report must be its own town's: the check for mix-ups, made on the finished text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from reportkit.errors import ExportError
from reportkit.translation import _

if TYPE_CHECKING:
    from reportkit.checks.findings import Finding
    from reportkit.exporters.content import Content
    from reportkit.kinds.titles import Titles

# What a jurisdiction's name ends with, unless it is 本镇, 全县 and the like.
_PLACE = re.compile("(?<![本我全该各])(?:省|市|县|区|旗|镇|乡|街道|厅|局|委|委员会|办公室|政府)$")
_SPACE = re.compile(r"\s+")
_OWN = "\x00"


class WrongTownError(ExportError):
    """A report's text does not fit the town it was made for."""


def check_town(
    jurisdiction: str,
    agency: str,
    title: str,
    headings: Iterable[str],
    lines: Iterable[str],
    others: Collection[str],
    titles: Titles,
) -> None:
    """Raise WrongTownError if the title lacks the jurisdiction's name, or if another's title stands in the report.

    `others` are the names of all jurisdictions of the project. In a heading, whatever reads like a name and is not the
    report's own is another's; in the lines of the text only one of those. `titles` is how titles of such reports read.
    """
    if _plain(jurisdiction) not in _plain(title):
        words = _(
            'the title is "{title}", in which "{jurisdiction}" is missing; '
            "look whether the master's cell of the title has another's name written into it"
        )
        raise WrongTownError(words.format(title=title, jurisdiction=jurisdiction))
    for heading in headings:
        for name in _names(heading, jurisdiction, agency, titles):
            stranger = not name.endswith(_OWN) and _PLACE.search(name)
            if stranger or _known(name, jurisdiction, others, titles):
                words = _(
                    'the report of "{jurisdiction}" has the title of another: "{heading}"; '
                    "check the master and narrative"
                )
                raise WrongTownError(words.format(jurisdiction=jurisdiction, heading=heading))
    for line in lines:
        if titles.sign not in line:
            continue
        for name in _names(line, jurisdiction, agency, titles):
            if other := _known(name, jurisdiction, others, titles):
                words = _(
                    'the text of the report of "{jurisdiction}" has the title of "{other}" ("{line}"); '
                    "look whether narrative was copied from elsewhere; where another document is meant, "
                    "put its title into the marks 《》"
                )
                raise WrongTownError(words.format(jurisdiction=jurisdiction, other=other, line=line[:40]))


def strangers(
    content: Content, jurisdiction: str, agency: str, others: Collection[str]
) -> Iterator[tuple[str, Finding]]:
    """Yield for each other jurisdiction that the finished text names the cell and the finding of L3."""
    from reportkit.checks.other_names import names_on_page  # and all rules, which a build of nothing does without
    from reportkit.exporters.text import lines_of

    if next(names_on_page([("", content.text)], jurisdiction, agency, others), None):  # mostly there is none
        pieces = ((fragment.cell, "\n".join(lines_of(fragment.root))) for fragment in content.fragments)
        yield from names_on_page(pieces, jurisdiction, agency, others)


def _plain(text: str) -> str:
    return _SPACE.sub("", text)


def _names(text: str, jurisdiction: str, agency: str, titles: Titles) -> Iterator[str]:
    """The names in the titles in a text, with what stands right before them; the report's own is one sign."""
    plain = _plain(text)
    for own in filter(None, map(_plain, (agency, jurisdiction))):
        plain = plain.replace(own, _OWN)
    return titles.names(plain)


def _known(name: str, jurisdiction: str, others: Collection[str], titles: Titles) -> str:
    """The longest jurisdiction that the name ends with (or begins with, where a title ends with the name).

    "" if there is none, or if that is the report's own: 大桑洲镇 is not 桑洲镇.
    """
    spelled, plain = name.replace(_OWN, _plain(jurisdiction)), _plain_names(frozenset(others))
    size = len(spelled)
    parts = (spelled[: size - cut] if titles.end_with_name else spelled[cut:] for cut in range(size))
    longest = next((plain[part] for part in parts if part in plain), "")
    return "" if longest == jurisdiction else longest


@lru_cache(maxsize=4)
def _plain_names(names: frozenset[str]) -> Mapping[str, str]:
    """Names by how they are spelled without white space."""
    return {_plain(name): name for name in names}
