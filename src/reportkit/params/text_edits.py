"""Edits of a YAML text: values replaced on the spot, entries added below what is there, and all else left as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

import yaml

from reportkit.errors import Origin, ReaderError
from reportkit.messages.words import issue, joined
from reportkit.params.source_map import Spot
from reportkit.params.yaml_text import Entry, entry_lines, flow


class _Edit(NamedTuple):
    """A piece of the text and what takes its place. Of two at one place, the one that stands further in comes first."""

    start: int
    outward: int
    number: int
    end: int
    text: str


class TextEdits:
    """A text, and the edits that it is to have; `path` is how messages call it."""

    def __init__(self, text: str, path: str) -> None:
        self._text, self._path = text, path
        self._edits: list[_Edit] = []

    def result(self) -> str:
        """Return the text with all edits made; added lines end as the text's own do."""
        text, end = self._text, "\r\n" if "\r\n" in self._text else "\n"
        for edit in sorted(self._edits, reverse=True):
            text = text[: edit.start] + edit.text.replace("\n", end) + text[edit.end :]
        return text

    def _line(self, number: int) -> str:
        return self._text[self._starts[number] : self._starts[number + 1]]

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins, and the text ends."""
        return [0, *accumulate(len(line) + 1 for line in self._text.split("\n"))]

    def _set(self, spot: Spot, value: str) -> None:
        """Put a value in the place of another, or of none."""
        start, end = spot.value.start_mark.index, spot.value.end_mark.index
        self._edit(start, start + len(self._text[start:end].rstrip()), value if end > start else f" {value}")

    def _add(self, spot: Spot, entries: list[Entry]) -> None:
        """Add entries at the end of a mapping, or below a name that has no value yet."""
        value = spot.value
        if isinstance(value, yaml.MappingNode) and value.flow_style:
            end = len(self._text[: value.end_mark.index - 1].rstrip(" "))
            comma = ", " if value.value and not self._text[:end].rstrip().endswith(",") else ""
            self._edit(end, end, comma + flow(entries))
        elif isinstance(value, yaml.MappingNode):
            self._add_lines(self._end(value), value.value[0][0].start_mark.column, entries)
        elif is_blank(value):
            self._edit(value.start_mark.index, value.end_mark.index, "")
            self._add_lines(self._line_end(value.end_mark.index), column_of(spot) + 2, entries)
        else:
            raise self._no_room(spot, entries)

    def _no_room(self, spot: Spot, entries: Iterable[Entry]) -> ReaderError:
        """That entries cannot be added at a place, as it is written."""
        line = spot.value.start_mark.line + 1
        names = joined(f"“{name}”" for name in _names(entries))
        return ReaderError([issue("I16.place", Origin(self._path, line), line=line, names=names)])

    def _add_lines(self, at: int, column: int, entries: Iterable[Entry]) -> None:
        start = "" if self._text[:at].endswith("\n") else "\n"
        self._edit(at, at, start + "".join(entry_lines(entries, " " * column)), column)

    def _edit(self, start: int, end: int, text: str, column: int = 0) -> None:
        self._edits.append(_Edit(start, -column, len(self._edits), end, text))

    def _end(self, node: yaml.Node) -> int:
        """Where the lines of a value end."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end(last[1] if isinstance(last, tuple) else last)
        end = node.end_mark.index
        return end if getattr(node, "style", None) in ("|", ">") else self._line_end(end)

    def _line_end(self, at: int) -> int:
        return self._text.find("\n", at) + 1 or len(self._text)


def column_of(spot: Spot) -> int:
    """Return how far in the name of a value stands."""
    return spot.name.start_mark.column if spot.name else 0


def is_blank(node: yaml.Node) -> bool:
    """Return whether nothing stands at a place."""
    return isinstance(node, yaml.ScalarNode) and (node.tag == "tag:yaml.org,2002:null" or not node.value.strip())


def _names(entries: Iterable[Entry]) -> Iterator[str]:
    """What entries are called that a person has put in, and not the keys that they stand below in a file."""
    for entry in entries:
        if entry.name in ("figures", "narrative") and isinstance(entry.value, list):
            yield from _names(entry.value)
        else:
            yield entry.name
