"""A report must be its own town's: the check for mix-ups, made on the finished text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
_HAN = "\u2e80"


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


def check_subject(subject: str, headings: Sequence[str], others: Collection[str]) -> None:
    """Raise WrongTownError unless a heading names whose report it is, and none names another's of the list.

    A name counts where it stands as a word of its own, and as part of no longer name: Cedar is not in Cedar Hollow.
    """
    known = frozenset({*others, subject})
    found = [(heading, name) for heading in headings for name in _names_in(heading, known)]
    if stranger := next(((heading, name) for heading, name in found if name != subject), None):
        words = _(
            'the report of "{subject}" has "{name}" in a heading: "{heading}"; look whose data its cells have read'
        )
        raise WrongTownError(words.format(subject=subject, heading=stranger[0], name=stranger[1]))
    if not found:
        words = _('no heading of the report names "{subject}"; print it in a heading, or leave the subject out')
        raise WrongTownError(words.format(subject=subject))


def _names_in(text: str, names: frozenset[str]) -> Iterator[str]:
    """The names in a text, at each place the longest."""
    lengths, at = _lengths(names), 0
    while at < len(text):
        ends = (at + length for length in lengths if _is_whole(text, at, at + length))
        end = next((end for end in ends if text[at:end] in names), at)
        if end > at:
            yield text[at:end]
        at = max(end, at + 1)


@lru_cache(maxsize=4)
def _lengths(names: frozenset[str]) -> tuple[int, ...]:
    return tuple(sorted({len(name) for name in names if name}, reverse=True))


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether words begin and end there: Chinese has no sign for it, and may do so anywhere."""
    return end <= len(text) and not _joined(text, start) and not _joined(text, end)


def _joined(text: str, at: int) -> bool:
    return 0 < at < len(text) and all(sign.isalnum() and sign < _HAN for sign in text[at - 1 : at + 1])


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
