"""A difference for a reader: in signs, in a terminal's colours, or as two columns of a web page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportkit.signs import visible
from reportkit.worddiff.diff import Piece

_RED_STRUCK, _GREEN_UNDERLINED, _PLAIN = "\x1b[31;9m", "\x1b[32;4m", "\x1b[0m"
_GONE, _NEW = (  # strike and underline are for those who print it in black and white
    f"background-color:{colour};text-decoration:{line}"
    for colour, line in (("#ffd7d5", "line-through"), ("#ccebd0", "underline"))
)
_SIGNS = re.compile(r"[!-/:-@\[-`{-~]")
_IN_NUMBER = re.compile(r"[0-9０-９.,．%％〇零一二三四五六七八九十百千万亿两]")


def plain(pieces: Sequence[Piece]) -> str:
    """Return the difference as `[-gone-]` and `{+new+}`, control characters made visible."""
    marks = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}
    return "".join(f"{marks[kind][0]}{visible(text)}{marks[kind][1]}" for kind, text in pieces)


def coloured(pieces: Sequence[Piece]) -> str:
    """Return the difference in a terminal's colours, control characters of the text made visible."""
    return "".join(_coloured(piece) for piece in pieces)


def html(pieces: Sequence[Piece]) -> tuple[str, str]:
    """Return both sides as HTML on one line, `<del>` in the first and `<ins>` in the second.

    All signs are written as entities, so that Markdown and LaTeX in the texts stay text inside a Markdown cell, too.
    """
    before, after = ([piece for piece in pieces if piece.kind != other] for other in ("new", "gone"))
    return inline(before), inline(after)


def inline(pieces: Sequence[Piece]) -> str:
    """Return the difference as HTML on one line, with `<del>` and `<ins>` in the same text; all signs as in `html`."""
    return "".join(map(_inline, pieces))


def _inline(piece: Piece) -> str:
    text = markup(piece.text)
    marked = {"gone": f'<del style="{_GONE}">{text}</del>', "new": f'<ins style="{_NEW}">{text}</ins>'}
    return marked.get(piece.kind, text)


def shortened(pieces: Sequence[Piece], context: int = 20) -> list[Piece]:
    """Return the pieces with … for what is far from any change; no number is cut."""
    last = len(pieces) - 1
    return [
        Piece("same", _short(piece.text, 0 if at == 0 else context, 0 if at == last else context))
        if piece.kind == "same"
        else piece
        for at, piece in enumerate(pieces)
    ]


def markup(text: str) -> str:
    """Return the text as HTML on one line in which nothing is markup, neither for HTML nor for Markdown or LaTeX."""
    entities = _SIGNS.sub(lambda sign: _entity(sign[0]), visible(text))
    return entities.replace("\n", "<br>").replace("\t", "&#9;")


def _entity(sign: str) -> str:
    """Return the entity, for a sign at which MathJax begins in an element of its own: it reads the finished page."""
    entity = f"&#{ord(sign)};"
    return f"<span>{entity}</span>" if sign in "$\\" else entity


def _coloured(piece: Piece) -> str:
    if piece.kind == "same":
        return visible(piece.text)
    colour = _RED_STRUCK if piece.kind == "gone" else _GREEN_UNDERLINED
    lines = visible(piece.text).replace("\n", "↵\n").split("\n")  # a line feed alone would not be seen
    return "\n".join(f"{colour}{line}{_PLAIN}" if line else "" for line in lines)


def _short(text: str, head: int, tail: int) -> str:
    """Return this many characters of the text's head and tail, and … for what was between them."""
    while 0 < head < len(text) and _cuts_number(text, head):
        head += 1
    start = len(text) - tail
    while 0 < start < len(text) and _cuts_number(text, start):
        start -= 1
    return text if head + 1 >= start else f"{text[:head]}…{text[start:]}"


def _cuts_number(text: str, at: int) -> bool:
    return bool(_IN_NUMBER.match(text[at - 1]) and _IN_NUMBER.match(text[at]))
