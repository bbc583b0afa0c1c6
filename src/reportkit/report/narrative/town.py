r"""A town's own text -> HTML. Few signs mean something in it, and all others are printed as they were typed.

What means something: `**粗体**`, `# 标题`, `- 项目`, a table (`| 甲 | 乙 |`, below it `|---|---|`), a rule `---`,
`[文字](http://…)`, a backslash before one of these signs, and where a line ends. Numbers at the beginning of a line are
text: `3.` stays 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from reportkit.exporters.markdown import Rows, read_table
from reportkit.report.narrative.lines import begins, joined, paragraphs

FIRST_LEVEL = 3
"""Headings inside a section: the title is level 1, a section's heading level 2."""

ESCAPED = "`*_[]<>&|~"
"""The signs that a backslash makes plain text. A backslash before anything else, itself included, is a backslash."""

_ESCAPED_START = re.compile(r"(\s*)(?:\\(?=\\*[#+=-])|(\d{1,9})\\(?=\\*[.)]))")
"""Where a backslash does so at the beginning of a line: before a heading, an item or a rule, and behind a number."""

_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*)")
_ITEM = re.compile(r"-[ \t]+(\S.*)")
_RULE = re.compile(r"-{3,}")
_INDENTS = 4
"""How deep the items of a list can be indented."""

_SIGN = re.compile(
    rf"\\(?P<plain>[{re.escape(ESCAPED)}])|(?P<stars>\*+)"
    r"|(?<!!)\[(?P<words>[^\[\]]{1,300})\]\((?P<address>[A-Za-z][A-Za-z0-9+.-]{1,30}:(?:[^\s()]|\([^\s()]{0,300}\)){1,2000})\)"
)
_WORD = re.compile(r"[0-9A-Za-z]")
_NO_BEGIN = "，。、；：！？）》〉」』】〕”’,.;:!?)]"
_NO_END = "（《〈「『【〔“‘(["


def town_html(text: str) -> str:
    """Return the HTML of a town's own text; no character gets lost but the signs that mean something."""
    return "".join(_blocks(text.splitlines()))


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    level = FIRST_LEVEL - 1
    plain: list[str] = []
    items: list[_Item] = []
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        table = read_table(lines, at) if "|" in line else None
        found, title = _ITEM.fullmatch(line), _HEADING.fullmatch(line)
        ends_text = not line or bool(table or found or title or _RULE.fullmatch(line))
        if plain and ends_text:
            yield from _text(plain)
            plain = []
        if items and line and not found and (ends_text or not items[-1].takes(lines[at])):
            yield _list(items)
            items = []
        if found:
            items.append(_Item(lines[at], _bare(found[1])))
        elif items:
            items[-1].is_open = bool(line)
        elif title:
            # A level is never skipped on the way down, or a screen reader misses a step.
            level = min(max(len(title[1]), FIRST_LEVEL), level + 1, 6)
            yield f"<h{level}>{inline(title[2])}</h{level}>\n"
        elif table:
            yield _table(table)
        elif ends_text:
            yield "<hr />\n" if line else ""
        else:
            plain.append(_bare(lines[at]))
        at += table.lines if table else 1
    if items:
        yield _list(items)
    if plain:
        yield from _text(plain)


def _bare(line: str) -> str:
    """The line without the backslash that makes its beginning plain text."""
    return _ESCAPED_START.sub(r"\1\2", line, count=1) if "\\" in line and _ESCAPED_START.match(line) else line


def _text(lines: Sequence[str]) -> Iterator[str]:
    for paragraph in paragraphs(lines):
        yield f"<p>{inline(paragraph)}</p>\n"


class _Item:
    """An item of a list while its lines are read."""

    def __init__(self, line: str, words: str) -> None:
        self.indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        self.lines = [words.strip()]
        self.is_open = True

    def takes(self, line: str) -> bool:
        """Take a line that goes on with the item; return whether it does."""
        goes_on = self.is_open and not begins(self.lines[-1], line.lstrip(" \t"))
        if goes_on:
            self.lines.append(_bare(line).strip())
        return goes_on


def _list(items: Sequence[_Item]) -> str:
    """The list, with a list within the item before for what is indented deeper."""
    open_at = [items[0].indent]
    out = ["<ul>\n"]
    for number, item in enumerate(items):
        if number and item.indent > open_at[-1] and len(open_at) < _INDENTS:
            open_at.append(item.indent)
            out.append("\n<ul>\n")
        elif number:
            out.append("</li>\n")
            while len(open_at) > 1 and item.indent < open_at[-1]:
                open_at.pop()
                out.append("</ul>\n</li>\n")
        out.append(f"<li>{inline(joined(item.lines))}")
    return "".join([*out, "</li>\n</ul>\n" * len(open_at)])


def _table(table: Rows) -> str:
    sides = [f' style="text-align:{side}"' if side else "" for side in table.sides]

    def row(cells: Sequence[str], tag: str) -> str:
        shown = (f"  <{tag}{side}>{inline(cell)}</{tag}>\n" for cell, side in zip(cells, sides, strict=True))
        return f"<tr>\n{''.join(shown)}</tr>\n"

    body = "".join(row(cells, "td") for cells in table.rows[1:])
    head = f"<thead>\n{row(table.rows[0], 'th')}</thead>\n"
    return f"<table>\n{head}<tbody>\n{body}</tbody>\n</table>\n" if body else f"<table>\n{head}</table>\n"


def inline(text: str) -> str:
    """Return the HTML of one paragraph, title, item or cell."""
    pieces: list[str] = []
    opened = at = 0
    for sign in _SIGN.finditer(text):
        pieces.append(_plain(text[at : sign.start()]))
        at = sign.end()
        if sign["stars"] is None:
            words, address = sign["words"], sign["address"]
            pieces.append(_plain(sign["plain"] or (words if words == address else f"{words}（{address}）")))
            continue
        pieces.append(sign["stars"])
        before, after = text[max(sign.start() - 1, 0) : sign.start()], text[at : at + 1]
        if len(sign["stars"]) != 2 or (_WORD.match(before) and _WORD.match(after)):
            continue
        if opened and not before.isspace() and before not in _NO_END:
            pieces[opened - 1], pieces[-1] = "<strong>", "</strong>"
            opened = 0
        elif after.strip() and after not in _NO_BEGIN:
            opened = len(pieces)
    return "".join([*pieces, _plain(text[at:])])


def _plain(text: str) -> str:
    return escape(text, quote=False)
