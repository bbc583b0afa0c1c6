"""Git's conflict markers: what it leaves in a file that it could not merge, two versions of some lines."""

from __future__ import annotations

import re
from typing import NamedTuple

_MARK = re.compile(r"^(<{7}|\|{7}|={7}|>{7})(?:[ \t]([^\r\n]*))?\r?$", re.MULTILINE)
_SHOWN = 60


class Markers(NamedTuple):
    """The first conflict: its line, what to tell of it, and both versions in short."""

    line: int
    message: str
    ours: str = ""
    theirs: str = ""


def conflict_markers(text: str) -> Markers | None:
    """Return what git has left in a text, None if nothing: `<<<<<<<`, `|||||||`, `=======` and `>>>>>>>` at the margin.

    A lone `=======` is none, as it underlines headings.
    """
    if "<<<<<<<" not in text and ">>>>>>>" not in text and "|||||||" not in text:
        return None
    marks = list(_MARK.finditer(text))
    first = next((mark for mark in marks if mark[1] != "======="), None)
    if first is None:
        return None
    line = text.count("\n", 0, first.start()) + 1
    places = sum(mark[1][0] == "<" for mark in marks)
    several = f"（一共 {places} 处）" if places > 1 else ""
    sides = _sides(text, marks[marks.index(first) :])
    if sides is None:
        message = f"第 {line} 行是 git 合并时留下的标记 {first[1]}，标记不成对{several}；请留下要的文字，删去有标记的行"
        return Markers(line, message)
    (our_name, ours), (their_name, theirs) = sides
    message = (
        f"第 {line} 行起是 git 合并时没有定下来的两种写法{several}：{our_name}“{ours}”，{their_name}“{theirs}”；"
        "请留下要的一种，删去以 <<<<<<<、|||||||、=======、>>>>>>> 开头的行"
    )
    return Markers(line, message, ours, theirs)


def _sides(text: str, marks: list[re.Match[str]]) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """The name and the text of both sides of the conflict with which the marks begin; None if a mark is missing."""
    ends = iter(marks)
    wanted = ["<<<<<<<", "=======", ">>>>>>>"]
    found: list[re.Match[str]] = []
    base: re.Match[str] | None = None
    for mark in ends:
        if mark[1] == "|||||||" and len(found) == 1 and base is None:
            base = mark
        elif mark[1] == wanted[len(found)]:
            found.append(mark)
            if len(found) == len(wanted):
                break
        else:
            return None
    if len(found) < len(wanted):
        return None
    opening, middle, closing = found
    ours = _shown(text[opening.end() : (base or middle).start()])
    theirs = _shown(text[middle.end() : closing.start()])
    return (_name(opening, "一边"), ours), (_name(closing, "另一边"), theirs)


def _name(mark: re.Match[str], side: str) -> str:
    name = _shown(mark[2] or "", 30)
    return f"{side}（{name}）" if name else side


def _shown(text: str, length: int = _SHOWN) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[:length]}…"
