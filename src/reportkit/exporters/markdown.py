"""Markdown as its writers mean it: ragged tables are tables, lists keep their numbers, `**注：**` is bold, 5*8 is 5*8.

What mistune makes of the rest is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import mistune

if TYPE_CHECKING:
    from mistune.core import InlineState
    from mistune.inline_parser import InlineParser

_WIDEST = 100
"""No table has more columns; so many bars in a line are something else."""

_SIDE = re.compile(r"(:?)-+(:?)|")
_BAR = re.compile(r"(?<!\\)(?:\\\\)*(\|)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")

_NUMBER = re.compile(
    r"^((?:[ \t]|>|[-*+][ \t])*(\d{1,9})[.)][ \t]+)(?![-+*][ \t]|#{1,6}[ \t]|[>|]|```|~~~|---|\d{1,9}[.)][ \t])(?=\S)"
)
_MARK = re.compile(r"\x02(\d+)\x03 ?")
"""The number that an item was given, at the beginning of its text: mistune does not tell it."""

_OPENING = re.compile(rf"\s*(?:<p>)?{_MARK.pattern}")
_ITEM = re.compile(r"<li\x02(\d*)\x03>")

_STARS = r"(?<=[0-9A-Za-z])\*{1,2}(?=[0-9A-Za-z])|\*\*(?![\s*])(?:[^*\n`\\]|\\.){1,300}(?<!\s)\*\*(?!\*)"
"""Stars between digits or Latin letters, and what stands between two pairs of stars.

CommonMark takes neither a pair after 。 or ： nor one before “ for the sign it is, unless a space or a full stop is
on its other side, and Chinese has no spaces.
"""


class Rows(NamedTuple):
    """A table in Markdown: its rows, the header first, all of one length; `sides` the alignment of each column."""

    rows: list[list[str]]
    sides: list[str]
    lines: int


def read_table(lines: Sequence[str], at: int) -> Rows | None:
    """Return the table whose header is a line, if the next line is its line of dashes.

    A missing cell is empty; a row with cells too many makes the table wider. A cell's text has its backslashes still.
    """
    if at + 1 >= len(lines) or "|" not in lines[at] or "|" not in lines[at + 1] or "-" not in lines[at + 1]:
        return None
    sides = [_SIDE.fullmatch(cell) for cell in _cells(lines[at + 1])]
    if not all(sides):
        return None
    rows = [_cells(lines[at])]
    if max(len(sides), len(rows[0])) > _WIDEST:
        return None
    for number in range(at + 2, len(lines)):
        if "|" not in lines[number] or len(row := _cells(lines[number])) > _WIDEST:
            break
        rows.append(row)
    width = max(len(sides), *map(len, rows))
    found = [_side(side) for side in sides if side]
    return Rows([row + [""] * (width - len(row)) for row in rows], found + [""] * (width - len(found)), len(rows) + 1)


def _side(side: re.Match[str]) -> str:
    left, right = side.groups()
    return "center" if left and right else "left" if left else "right" if right else ""


def _cells(line: str) -> list[str]:
    line = line.strip()
    begins = [0, *(bar.end() for bar in _BAR.finditer(line))]
    ends = [*(begin - 1 for begin in begins[1:]), len(line)]
    cells = [line[begin:end].strip() for begin, end in zip(begins, ends, strict=True)]
    first = 1 if not cells[0] and line.startswith("|") else 0
    last = len(cells) - 1 if len(cells) > first + 1 and begins[-1] == len(line) else len(cells)
    return cells[first:last]


class Renderer(mistune.HTMLRenderer):
    """HTML in which the items of a list keep the numbers they were given, where counting gives others."""

    def list_item(self, text: str) -> str:
        number = _OPENING.match(text)
        return f"<li\x02{number[1] if number else ''}\x03>{text}</li>\n"

    def list(self, text: str, ordered: bool, **attrs: Any) -> str:
        numbers = [int(number or -1) for number in _ITEM.findall(text)] if ordered else []
        first = attrs.get("start", 1)
        # All 1. is a habit that asks for counting.
        plain = numbers == [*range(first, first + len(numbers))] or len(set(numbers)) <= 1

        def opened(item: re.Match[str]) -> str:
            return "<li>" if plain or not item[1] else f'<li value="{int(item[1])}">'

        return super().list(_ITEM.sub(opened, text), ordered, **attrs)


class Reader:
    """Turns Markdown into HTML, with some plugins of mistune's and without some of its block rules.

    `extend` is called with each of its parsers, to register what is more.
    """

    def __init__(
        self,
        renderer: Renderer,
        plugins: Iterable[Any],
        without: Iterable[str] = (),
        extend: Callable[[mistune.Markdown], None] = lambda _: None,
    ) -> None:
        # A rule of our own costs mistune its shortcuts through plain text, so it comes only where there are stars.
        self._plain, self._starred = (
            mistune.create_markdown(renderer=renderer, plugins=list(plugins)) for _ in range(2)
        )
        self._starred.inline.register("stars", _STARS, _stars, before="emphasis")
        for parser in (self._plain, self._starred):
            parser.block.rules = [rule for rule in parser.block.rules if rule not in without]
            extend(parser)

    def parse(self, text: str) -> tuple[str, dict[str, Any]]:
        """Return the HTML of a text, and what mistune has noted on the way."""
        lines = _prepared(_MARK.sub("", text).split("\n"))
        html, state = (self._starred if "*" in text else self._plain).parse("\n".join(lines))
        return _MARK.sub("", str(html)), dict(state.env)

    def __call__(self, text: str) -> str:
        """Return the HTML of a text."""
        return self.parse(text)[0]


def _prepared(lines: list[str]) -> Iterator[str]:
    """The lines with ragged tables mended and the items of lists marked with their numbers, outside of printouts."""
    fence = ""
    at = 0
    while at < len(lines):
        line = lines[at]
        opened = _FENCE.match(line)
        table = None if fence or "|" not in line else read_table(lines, at)
        if opened and not fence:
            fence = opened[1]
        elif opened and opened[1].startswith(fence) and not line[opened.end() :].strip():
            fence = ""
        if table:
            yield from _even(table, lines[at : at + table.lines])
        else:
            yield line if fence else _NUMBER.sub(lambda found: f"{found[1]}\x02{found[2]}\x03 ", line, count=1)
        at += table.lines if table else 1


def _even(table: Rows, lines: Sequence[str]) -> Iterator[str]:
    lengths = {len(_cells(line)) for line in lines}
    if len(lengths) == 1:
        yield from lines
        return
    dashes = {"center": ":-:", "left": ":--", "right": "--:", "": "---"}
    for row in [table.rows[0], [dashes[side] for side in table.sides], *table.rows[1:]]:
        yield f"| {' | '.join(row)} |"


def _stars(inline: InlineParser, found: re.Match[str], state: InlineState) -> int:
    words = found[0][2:-2]
    if not words:
        state.append_token({"type": "text", "raw": found[0], "_emphasis": False})
        return found.end()
    inner = state.copy()
    inner.src = words
    state.append_token({"type": "strong", "children": inline.render(inner)})
    return found.end()
