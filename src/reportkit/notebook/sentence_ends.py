"""Which cells hold prose, and the sentences of a paragraph, by which prose is merged.

Where it is not sure that a sentence ends there is no cut: two sentences taken for one are at worst a conflict more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportkit.notebook.cells import Cell

_FENCE = re.compile(r"^[^\S\n]*(?:```|~~~)", re.MULTILINE)
# As texts, which `re` compiles for the first two sides that have both changed a line: few runs see any.
_END = r"""
      \{\{[^{}]*\}\} | \{%[^{}]*%\}                             # what the notebook fills in
    | `+[^`]*`+ | <[A-Za-z/][^<>]*> | \[[^\[\]]*\]\([^()]*\)    # code, tags, links
    | https?://[!-~]*[\w/=&\#%~+-]
    | (?P<chinese> [。！？；…]+ [”’」』）〕】》〉)\]]* (?:[*_]+(?=\s|$))? )
    | (?P<latin> (?<![.!?]) [.!?]+ ["'”’)\]*_]* (?=\s) )
    """
_SHORT = (
    "e.g", "i.e", "etc", "cf", "vs", "al", "approx", "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Jr", "Sr", "No", "Nos",
    "Fig", "Figs", "Art", "Sec", "Ch", "Vol", "Ed", "Eq", "App", "p", "pp", "Inc", "Ltd", "Co", "Corp", "Dept", "Govt",
    "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec", "a.m", "p.m", "U.S", "U.K",
)  # fmt: skip
_NO_END = rf"""
      (?<![A-Za-z.]) (?: [A-Za-z] | {"|".join(map(re.escape, _SHORT))} ) \Z
    | \A \s* [(（]? (?: \d{{1,3}} | [ivx]{{1,4}} ) \Z                                 # a list's number
    """
_LONGEST = 12


def is_prose(cell: Cell) -> bool:
    """Whether a cell is words to be read: Markdown or narrative, and no program between fences in it."""
    narrative = cell.kind == "code" and cell.source.lstrip().startswith("%%narrative")
    return (narrative or cell.kind == "markdown") and not _FENCE.search(cell.source)


def sentences(paragraph: str) -> list[str]:
    """Return a line of prose cut into its sentences and the white space before and after them; joined, it is the line.

    A sentence ends after 。！？；… with the closing quotes and brackets that follow, and after . ! ? before white
    space; but not in a number, a link, a code span or what the notebook fills in, and not after a list's number, an
    initial or one of the usual abbreviations.
    """
    parts: list[str] = []
    start = 0
    for end in (*_ends(paragraph), len(paragraph)):
        piece = paragraph[start:end]
        if piece[:1].isspace():
            said = piece.lstrip()
            parts.append(piece[: len(piece) - len(said)])
            piece = said
        if piece:
            parts.append(piece)
        start = end
    return parts


def is_said(part: str) -> bool:
    """Whether a part says anything: it has a letter or a digit, and is more than space and signs."""
    return any(map(str.isalnum, part))


def _ends(line: str) -> Iterator[int]:
    for found in re.finditer(_END, line, re.VERBOSE):
        if found.lastgroup and not (found.lastgroup == "latin" and _is_short(line, found.start())):
            yield found.end()


def _is_short(line: str, end: int) -> bool:
    """Whether this is the full stop of an abbreviation, an initial or a list's number."""
    if line[end] != ".":
        return False
    start = max(0, end - _LONGEST)
    words = line[:end] if start == 0 else f"。{line[start:end]}"
    return re.search(_NO_END, words, re.IGNORECASE | re.VERBOSE) is not None
