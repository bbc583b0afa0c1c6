"""Where a line may end: long words, links and rows of dashes get places to end a line if their room is too narrow."""

from __future__ import annotations

import re
from functools import lru_cache

from reportkit.exporters.runs import GAP, Run, joined, text_of
from reportkit.exporters.widths import em, tokens

# A line can end neither before nor after these spaces.
_NO_BREAK = "\u00a0\u2007\u202f"
# A line can end on either side of these.
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


def loosen(runs: list[Run], room: float) -> list[Run]:
    """Return runs that fit lines of `room` ems: where a word is wider than a line, a line may end inside it."""
    text = text_of(runs)
    if not _suspect(max(1, int(room * 0.65))).search(text):
        return runs
    if all(_width(token) <= room for token in tokens(text) if len(token) > room):
        return runs
    return _loosened(runs, room)


@lru_cache(maxsize=64)
def _suspect(length: int) -> re.Pattern[str]:
    """A text without a match surely fits: to take it apart would take much longer."""
    return re.compile(f"[^\\s\u200b{_IDEOGRAPHS}]{{{length},}}|[{_NO_BREAK}]")


def _width(token: str) -> float:
    return max(em(token), 0.56 * len(token))  # in the face of code an i is as wide as an n


def _loosened(runs: list[Run], room: float) -> list[Run]:
    out: list[Run] = []
    for run in runs:
        if isinstance(run, str):
            pieces = _pieces(run, room)
        elif "body" in run:
            pieces = [{**run, "body": _loosened(run["body"], room)}]
        else:
            pieces = [run]
        # The word may go on across a mark, as when each letter of it has its own.
        marked = out and pieces and not (isinstance(run, str) and isinstance(out[-1], str))
        out += [GAP, *pieces] if marked and not _spaced(out[-1], pieces[0]) else pieces
    return out


def _spaced(before: Run, after: Run) -> bool:
    return text_of(before)[-1:].isspace() or text_of(after)[:1].isspace()


def _pieces(text: str, room: float) -> list[Run]:
    out: list[Run] = []
    step = max(1, min(8, int(room / 2)))
    for word in re.split("([ \n]+)", re.sub(f"[{_NO_BREAK}]", " ", text)):
        if not word.strip() or _width(word) <= room / 2:
            out.append(word)
            continue
        for token in tokens(word):
            cut = step if _width(token) > room / 2 else len(token)
            for at in range(0, len(token), cut):
                out += [token[at : at + cut], GAP]
        out.pop()
    return joined(out)
