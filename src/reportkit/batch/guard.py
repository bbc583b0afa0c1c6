"""A report must be its own town's: the check for mix-ups, made on the finished text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from reportkit.errors import ExportError

# A title is a name and a year, or the year first, and these words. A title in 《》 is a reference to another document.
_NAME, _YEAR, _WORDS = "([^《》“”。，；：！？、]{1,60}?)", r"\d{4}年(?:度|(?!度))", "政府信息公开(?:工作)?年度报告"
_TITLE = re.compile(f"(《?)(?:{_NAME}{_YEAR}|{_YEAR}{_NAME}){_WORDS}")
# What a jurisdiction's name ends with, unless it is 本镇, 全县 and the like.
_PLACE = re.compile("(?<![本我全该各])(?:省|市|县|区|旗|镇|乡|街道|厅|局|委|委员会|办公室|政府)$")
_SPACE = re.compile(r"\s+")
_OWN = "\x00"


class WrongTownError(ExportError):
    """A report's text does not fit the town it was made for."""


def check_town(
    jurisdiction: str, agency: str, title: str, headings: Iterable[str], lines: Iterable[str], others: Collection[str]
) -> None:
    """Raise WrongTownError if the title lacks the jurisdiction's name, or if another's title stands in the report.

    `others` are the names of all jurisdictions of the project. In a heading, whatever reads like a name and is not the
    report's own is another's; in the lines of the text only one of those.
    """
    if _plain(jurisdiction) not in _plain(title):
        raise WrongTownError(f"标题是“{title}”，里面没有“{jurisdiction}”；请检查母版的标题单元格是不是写死了别的单位")
    for heading in headings:
        for name in _names(heading, jurisdiction, agency):
            stranger = not name.endswith(_OWN) and _PLACE.search(name)
            if stranger or _known(name, jurisdiction, others):
                raise WrongTownError(f"“{jurisdiction}”的报告里有别的单位的标题：“{heading}”；请检查母版和 narrative")
    for line in lines:
        if "年度报告" not in line:
            continue
        for name in _names(line, jurisdiction, agency):
            if other := _known(name, jurisdiction, others):
                raise WrongTownError(
                    f"“{jurisdiction}”的报告正文里有“{other}”的标题（“{line[:40]}”）；"
                    "请检查 narrative 是不是从别处抄来的；提到别的文件请加书名号《》"
                )


def _plain(text: str) -> str:
    return _SPACE.sub("", text)


def _names(text: str, jurisdiction: str, agency: str) -> Iterator[str]:
    """The names before each title in a text, with what stands right before them; the report's own is one sign."""
    text = _plain(text).replace(_plain(agency), _OWN).replace(_plain(jurisdiction), _OWN)
    return (match[2] or match[3] for match in _TITLE.finditer(text) if not match[1])


def _known(name: str, jurisdiction: str, others: Collection[str]) -> str:
    """The longest jurisdiction that the name ends with, if it is not the report's own: 大桑洲镇 is not 桑洲镇."""
    spelled = name.replace(_OWN, _plain(jurisdiction))
    longest = next((spelled[start:] for start in range(len(spelled)) if spelled[start:] in others), "")
    return "" if longest == jurisdiction else longest
