"""L3: the names of a project's other units in a report's text, found without comparing text and names one by one.

The text is a filing's own, or that of the finished page: there it may have come out of any cell.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from reportkit.checks.findings import Finding, Rule
from reportkit.checks.texts import passages, quoted
from reportkit.model.filing import Filing

SHORTEST = 3
_LONGEST_TITLE = 100
_TOWN = ("镇", "乡", "街道", "苏木")
_COUNTY = ("县", "旗", "区")
_LAST_SIGN = re.compile("[镇乡道木县旗区]")
# Words, not names of places, that end like one; and what follows where the suffix belongs to the next word.
_WORDS = frozenset(
    (
        *("小城镇", "新城镇", "中心镇", "特色镇", "重点镇", "建制镇", "各乡镇"),
        *("开发区", "工业区", "示范区", "高新区", "新城区", "老城区", "城镇区"),
    )
)
_NOT_THE_END = re.compile("[化域村区长街级贫企路]|等|、|和|与|及")
# Another unit may be spoken of where something is done with it or in it, or where several are listed.
_WITH = re.compile("(?:赴|与|和|同|到|向|往|联合|原|从|及|、)$")


# What another unit has done, in numbers: 甲乡共收到来信 999 件. That belongs into its own report.
_STATED = re.compile(
    r"[^，。；：！？、\n]{0,12}?(?:收到|受理|办理|办结|答复|公开|发布|制发|收取|结转|新增)"
    r"[^，。；：！？\n]{0,12}?\d[\d,.]{0,30}\s{0,4}(?:万?元|[件条个次篇份宗起项])"
)
# A name of two characters is taken for one only in such a sentence, and where no longer word ends with it.
_BEFORE_SHORT = re.compile("(?:^|[^\u4e00-\u9fff]|其中|年|年度|全年)$")


# The same of a unit that the project does not know, at the beginning of a sentence or of a part of one.
_TOWNS_END = re.compile("[镇乡]|街道")
_SUBJECT = re.compile(
    r"(?:^|[。；，：\n]|其中|年度?|全年)"
    r"((?![本我全各该在由经从与和同跟及赴到向往对])[\u4e00-\u9fff]{1,6}?(?:镇|乡|街道))$"
)
# Before "镇" they say what is done with one's own: 通过镇微信公众号发布信息 166 条. No place is called by them.
_DOING = re.compile(
    "通过|经过|依托|利用|借助|运用|依靠|根据|按照|依照|依据|遵照|结合|围绕|针对|对照|组织|指导|督促|推动|推进|加强|开展"
    "|完善|健全|做好|落实|规范|要求|配合|协助|提高|提升|强化|深化|拓展|公开|发布|统筹|发挥|负责|充分|积极|主动|及时"
    "|严格|不断|进一步"
)
_FURTHEST = 12
_KINDS = ("乡镇", "城镇", "集镇", "村镇")


class _Known(NamedTuple):
    names: frozenset[str]
    lengths: tuple[int, ...]


class _Name(NamedTuple):
    """A name in a text, where it stands, and whether the sentence states figures of it."""

    name: str
    at: int
    stated: bool


def other_names(filing: Filing, names: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each name of another unit of the same level in the filing's text, once a name.

    `names` are those of all the project's jurisdictions: a frozenset is prepared once for all filings. Units above
    the filing's own are rightly named, departments too; names shorter than three characters are looked for only in
    sentences that state figures of them, which are errors.
    """
    pieces = ((passage.section, passage.text) for passage in passages(filing))
    for section, text, found in _gravest(pieces, filing.jurisdiction, filing.agency, names):
        name = "L3.stated" if found.stated else "L3.named"
        yield Finding(name, section, found.name, filing.jurisdiction, words=_words(text, found))


def names_on_page(
    pieces: Iterable[tuple[str, str]], jurisdiction: str, agency: str, names: Collection[str]
) -> Iterator[tuple[str, Finding]]:
    """Yield what `other_names` does for the text of a finished page, each with the id of its cell.

    `pieces` are the cells' ids with the text of each. A town that is none of the project's is a warning where the
    sentence states figures of it.
    """
    pieces = list(pieces)
    told: set[str] = set()
    for cell, text, found in _gravest(pieces, jurisdiction, agency, names):
        told.add(found.name)
        name = "L3.printed_stated" if found.stated else "L3.printed"
        yield cell, Finding(name, "", found.name, jurisdiction, cell=cell, words=_words(text, found))
    for cell, text in pieces if jurisdiction.endswith(_TOWN) else ():
        for name, at in _unknown(text):
            if name in told or name in names or name.endswith((jurisdiction, *told)):
                continue
            told.add(name)
            words = _words(text, _Name(name, at, True))
            yield cell, Finding("L3.printed_unknown", "", name, jurisdiction, cell=cell, words=words)


def _unknown(text: str) -> Iterator[tuple[str, int]]:
    """What reads like a town's name before its figures, and where it stands."""
    for sign in _TOWNS_END.finditer(text):
        end = sign.end()
        if not _STATED.match(text, end):
            continue
        match = _SUBJECT.search(text, max(end - _FURTHEST, 0), end)
        if match and not match[1].endswith(_KINDS) and match[1] not in _WORDS and not _DOING.search(match[1]):
            yield match[1], match.start(1)


def _gravest(
    pieces: Iterable[tuple[str, str]], jurisdiction: str, agency: str, names: Collection[str]
) -> Iterator[tuple[str, str, _Name]]:
    """Each name once, with the piece it stands in: the first that states figures, or else the first."""
    known = _of_level(jurisdiction, names)
    if not known.names - {jurisdiction}:
        return
    first: dict[str, tuple[str, str, _Name]] = {}
    for place, text in pieces:
        for found in _found(text, known, (jurisdiction, agency)):
            if found.name not in first or (found.stated and not first[found.name][2].stated):
                first[found.name] = (place, text, found)
    yield from first.values()


def _words(text: str, found: _Name) -> str:
    """The passage around a name, for a message: with the figures that it states, none of which is cut."""
    end = found.at + len(found.name)
    sentence = _STATED.match(text, end) if found.stated else None
    return quoted(text, max(found.at - 8, 0), sentence.end() if sentence else end + 8)


def _of_level(jurisdiction: str, names: Collection[str]) -> _Known:
    suffixes = next((level for level in (_TOWN, _COUNTY) if jurisdiction.endswith(level)), ())
    return _known(names if isinstance(names, frozenset) else frozenset(names), suffixes)


@lru_cache(maxsize=8)
def _known(names: frozenset[str], suffixes: tuple[str, ...]) -> _Known:
    """The names of one level, with the lengths that they have, longest first."""
    level = frozenset(
        name for name in names if suffixes and len(name) > 1 and name.endswith(suffixes) and name not in _WORDS
    )
    return _Known(level, tuple(sorted({len(name) for name in level}, reverse=True)))


def _found(text: str, known: _Known, own: tuple[str, str]) -> Iterator[_Name]:
    """Each name and its place; where names end alike the longest counts, the filing's own among them.

    The name of a document, in 《》, may have another unit's name in it.
    """
    for sign in _LAST_SIGN.finditer(text):
        end = sign.end()
        lengths = (length for length in known.lengths if length <= end)
        name = next((text[end - length : end] for length in lengths if text[end - length : end] in known.names), "")
        if not name or _is_own(name, text, end, own) or _NOT_THE_END.match(text, end):
            continue
        at = end - len(name)
        if _WITH.search(text[max(at - 2, 0) : at]) or _in_title(text, at):
            continue
        stated = _STATED.match(text, end) is not None
        if len(name) >= SHORTEST or (stated and _BEFORE_SHORT.search(text[max(at - 2, 0) : at])):
            yield _Name(name, at, stated)


def _in_title(text: str, at: int) -> bool:
    start = max(text.rfind("\n", max(at - _LONGEST_TITLE, 0), at) + 1, at - _LONGEST_TITLE)
    return text.rfind("《", start, at) > text.rfind("》", start, at)


def _is_own(name: str, text: str, end: int, own: tuple[str, str]) -> bool:
    """Whether the words that end here are the filing's own name, or a part of it."""
    return any(name in known for known in own) or any(
        len(known) > len(name) and text.endswith(known, 0, end) for known in own
    )


RULES = (Rule("L3", other_names, "names"),)
