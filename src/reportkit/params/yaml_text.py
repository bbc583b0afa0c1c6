"""Names, numbers and text as YAML that every reader takes for the same: PyYAML (papermill), libyaml, ruamel."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from reportkit.model.filing import Figure, Text, Value

BLANK = "~"


class Words(NamedTuple):
    """Text of its own lines, which stands in a block below its name."""

    text: str


class Plain(str):
    """A name that every reader takes for the text that it is, without quotes."""

    __slots__ = ()


class Items(NamedTuple):
    """A list, a line each: what stands on the line, and the notes above it."""

    lines: list[tuple[str, list[str]]]


class Entry(NamedTuple):
    """A name and its value: YAML that stands on the same line, text, or a list or the entries below it.

    The notes become comments above it.
    """

    name: str
    value: str | Words | Items | list[Entry]
    notes: Iterable[str] = ()


def entry_lines(entries: Iterable[Entry], indent: str = "") -> Iterator[str]:
    """Yield the lines of a block mapping, each with its line end."""
    for name, value, notes in entries:
        yield from (f"{indent}{comment(note)}\n" for note in notes)
        head = f"{indent}{name if isinstance(name, Plain) else scalar(name)}:"
        if isinstance(value, list):
            yield f"{head}\n"
            yield from entry_lines(value, f"{indent}  ")
        elif isinstance(value, Items):
            yield f"{head}\n"
            yield from item_lines(value, f"{indent}  ")
        else:
            yield f"{head} {value if isinstance(value, str) else block(value.text, indent)}\n"


def item_lines(items: Items, indent: str) -> Iterator[str]:
    """Yield the lines of a block list, each with its line end."""
    for text, notes in items.lines:
        yield from (f"{indent}{comment(note)}\n" for note in notes)
        yield f"{indent}- {text}\n"


def value_lines(value: str | Words | Items | list[Entry], indent: str) -> Iterator[str]:
    """Yield the lines of a value that stands below its name, each with its line end."""
    if isinstance(value, list):
        yield from entry_lines(value, indent)
    elif isinstance(value, Items):
        yield from item_lines(value, indent)


def flow(entries: Iterable[Entry]) -> str:
    """Return the inside of a flow mapping, all on one line: 甲: [1, 2], 乙: {丙: 3}."""
    return ", ".join(f"{scalar(name)}: {_flow_value(value)}" for name, value, _ in entries)


def _flow_value(value: str | Words | Items | list[Entry]) -> str:
    if isinstance(value, list):
        return f"{{{flow(value)}}}"
    if isinstance(value, Items):
        return f"[{', '.join(text for text, _ in value.lines)}]"
    return value if isinstance(value, str) else quoted(value.text)


def comment(note: str) -> str:
    """Return a note as a comment that stays on its line, whatever stands in it."""
    return "# " + " ".join("".join(sign if sign.isprintable() else " " for sign in note).split())


# What YAML takes for a number, a date or a truth value has no Chinese character in it.
_PLAIN = re.compile(
    r"(?=.*[一-鿿])[\w（《“][\w（）《》“”〔〕、，。；：？·—/.+-]*|edition|year|jurisdiction|agency|figures|narrative|waivers|compare"
)


@lru_cache(4096)
def scalar(text: str) -> str:
    """Return a name on one line: as it is if it can only be read as text, else in quotes."""
    return text if _PLAIN.fullmatch(text) else quoted(text)


_LETTERS = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,}")
_NO_TEXT = {"yes", "off", "true", "false", "null"}


def fact_entry(name: str, value: Any, notes: Iterable[str] = ()) -> Entry:
    """Return the entry of a fact: of one that is None with a blank, of an unread one with the word for it."""
    is_plain = _LETTERS.fullmatch(name) and name.lower() not in _NO_TEXT
    return Entry(Plain(name) if is_plain else name, _value(value), notes)


def _value(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: BLANK, True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{scalar(str(name))}: {_value(one)}' for name, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Unread | Typed):
        return number(value)
    return quoted(value) if isinstance(value, str) else repr(value)


_MONEY = re.compile(r"\d+(\.\d+)?(元|万元|亿元)", re.ASCII)
_COUNT = re.compile(r"0|-?[1-9]\d*", re.ASCII)
_DECIMAL = re.compile(r"\d+\.\d+", re.ASCII)


@lru_cache(4096)
def _number(text: str) -> str:
    """Quotes keep what plain papermill, which loads numbers as floats, would print otherwise."""
    same = _COUNT.fullmatch(text) or _MONEY.fullmatch(text) or (_DECIMAL.fullmatch(text) and repr(float(text)) == text)
    return text if same else quoted(text)


class Unread(NamedTuple):
    """In place of a figure: there is one, but it could not be read. `mark` is what the file says of it."""

    mark: str


class Typed(NamedTuple):
    """In place of a figure: what a person has typed, which is none."""

    text: str


Written = Value | Unread | Typed | None
"""What a cell holds: a figure, one that could not be read, words that are no figure, or nothing."""


def number(figure: Written) -> str:
    """Return a figure as it is written, the word for one to be checked, or the sign for a blank cell."""
    match figure:
        case Figure():
            return _number(figure.text)
        case Text():
            return scalar(figure.text)
        case Typed():
            return quoted(figure.text)
        case Unread():
            return figure.mark
        case _:
            return BLANK


# Line breaks of which YAML would make plain ones, the byte order mark, and what may not stand in a YAML file at all.
_NOT_LITERAL = re.compile(r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def block(text: str, indent: str) -> str:
    """Return text as a literal block below a name that stands at `indent`; without the last line end.

    Text with signs that a block does not keep becomes a quoted one, line by line.
    """
    inner = f"{indent}  "
    if _NOT_LITERAL.search(text):
        return quoted(text, inner)
    more = len(text) - len(text.rstrip("\n"))
    start = "2" if text[:1] in (" ", "\t", "\n") else ""
    end = {0: "-", 1: ""}.get(more, "+")
    lines = (inner + line if line else "" for line in text.removesuffix("\n").split("\n"))
    return f"|{start}{end}\n" + "\n".join(lines)


def quoted(text: str, inner: str | None = None) -> str:
    """Return text in double quotes: on one line, or line by line at the indent `inner`."""
    lines = [_escaped(line) for line in text.split("\n")]
    between = "\\n" if inner is None else f"\\n\\\n{inner}"
    # Without the backslash, a space at the start of a line would belong to the indent.
    return '"' + between.join(f"\\{line}" if line.startswith(" ") else line for line in lines) + '"'


def _escaped(text: str) -> str:
    """The text with YAML's escapes, which are those of JSON and a few more. Half a surrogate pair has none."""
    whole = re.sub("[\ud800-\udfff]", "\ufffd", text)
    return _NOT_LITERAL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(whole, ensure_ascii=False)[1:-1])
