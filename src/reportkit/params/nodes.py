"""Nested values with the place each was read at: from YAML text (line numbers), or from Python objects (paths).

The YAML is read event by event and not through a loader: nothing is constructed, so a tag cannot run code, an alias
cannot multiply, deep nesting cannot exhaust the stack, and a number keeps the digits it was written with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import yaml

from reportkit.errors import Issue, Origin
from reportkit.files.conflict_markers import conflict_markers
from reportkit.messages.words import issue
from reportkit.params.syntax import MAX_DEPTH, WIDE_SPACES, syntax_issue, wide_space

MAX_SCALARS = 20_000
"""Names and values in a file; a full parameter file has some 500."""


_MOST_DIRECTIVES = 100


class Scalar(NamedTuple):
    """A single value as text. `plain` says that it stood without quotes; an empty plain one is a blank."""

    text: str
    origin: Origin
    plain: bool = True

    @property
    def blank(self) -> bool:
        """Whether nothing was written: empty, null or ~."""
        return not self.text.strip() or (self.plain and self.text in ("~", "null", "Null", "NULL"))


@dataclass(frozen=True)
class Sequence:
    """A list of nodes."""

    items: list[Node]
    origin: Origin


@dataclass(frozen=True)
class Entries:
    """A mapping as written: pairs in order, so that a key that stands twice can be told."""

    pairs: list[tuple[Scalar, Node]]
    origin: Origin


Node = Scalar | Sequence | Entries


class NotPlainDataError(Exception):
    """The text is not YAML, or uses a part of YAML that parameter files do without; `issue` says where."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue)
        self.issue = issue


def parse(text: str, path: str) -> Node | None:
    """Return the tree of a YAML text with a line number at every node, or None if there is nothing in it.

    Raises NotPlainDataError at the first place that is not plain data: broken syntax or git's markers (Y2), an alias,
    a tag or a second document (Y3), or more than any file has (Y1).
    """
    if found := conflict_markers(text):
        raise NotPlainDataError(issue("Y2.markers", Origin(path, found.line), None, found.ours, markers=found.message))
    if text.count("%TAG") > _MOST_DIRECTIVES:  # the parser compares each with all before it
        line = text.count("\n", 0, text.index("%TAG")) + 1
        raise NotPlainDataError(issue("Y3.directive", Origin(path, line)))
    try:
        return _Builder(path).build(text)
    except yaml.YAMLError as error:
        raise NotPlainDataError(syntax_issue(error, text, path)) from error


class _Builder:
    """Builds the tree from the parser's events with a stack of its own."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.root: Node | None = None
        self.stack: list[Sequence | Entries] = []
        self.key: list[Scalar | None] = []
        self.line, self.origin = 0, Origin(path, 1)
        self.has_wide_spaces = False

    def build(self, text: str) -> Node | None:
        documents = scalars = 0
        self.has_wide_spaces = any(map(text.__contains__, WIDE_SPACES))
        for event in _events(text):
            if type(event) is yaml.ScalarEvent:  # most are, and there are hundreds in a file
                scalars += 1
                if scalars > MAX_SCALARS:
                    raise NotPlainDataError(issue("Y1.many", self._at(event), most=MAX_SCALARS))
                self._scalar(event)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise NotPlainDataError(issue("Y3.document", self._at(event)))
            elif isinstance(event, yaml.AliasEvent):
                raise NotPlainDataError(issue("Y3.alias", self._at(event), anchor=event.anchor))
            elif isinstance(event, yaml.CollectionStartEvent):
                self._open(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.stack.pop()
                self.key.pop()
        return self.root

    def _scalar(self, event: Any) -> None:
        self._check_tag(event)
        origin = self._origin(event.start_mark.line)
        self._place(Scalar(event.value, origin, event.style is None or event.style == ""), event)

    def _open(self, event: Any) -> None:
        self._check_tag(event)
        origin = self._origin(event.start_mark.line)
        node = Sequence([], origin) if isinstance(event, yaml.SequenceStartEvent) else Entries([], origin)
        self._place(node, event)
        self.stack.append(node)
        self.key.append(None)
        if len(self.stack) > MAX_DEPTH:
            raise NotPlainDataError(issue("Y3.depth", self._at(event)))

    def _check_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            raise NotPlainDataError(issue("Y3.tag", self._at(event), tag=event.tag))

    def _origin(self, line: int) -> Origin:
        """The place of a line, counted from 0: one for all that stands on it."""
        if line != self.line:
            self.line, self.origin = line, Origin(self.path, line + 1)
        return self.origin

    def _place(self, node: Node, event: Any) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif self.key[-1] is not None:
            parent.pairs.append((self.key[-1], node))
            self.key[-1] = None
        elif isinstance(node, Scalar):
            if self.has_wide_spaces and node.plain and node.text.startswith(WIDE_SPACES):
                raise NotPlainDataError(wide_space(node.text[0], self._at(event)))
            self.key[-1] = node
        else:
            raise NotPlainDataError(issue("Y3.key", self._at(event)))

    def _at(self, event: Any) -> Origin:
        return Origin(self.path, event.start_mark.line + 1)


def _events(text: str) -> Iterator[Any]:
    """The parser's events up to the end; yaml.parse asks for each of them twice."""
    loader = yaml.CSafeLoader(text)
    try:
        event = loader.get_event()
        while type(event) is not yaml.StreamEndEvent:
            yield event
            event = loader.get_event()
    finally:
        loader.dispose()


def from_objects(value: Any, path: str, place: str = "") -> Node:
    """Return the tree of nested Python objects (a notebook's parameters); places are dotted paths."""
    origin = Origin(path, place)
    if isinstance(value, Mapping):
        return Entries(
            [
                (Scalar(str(key), origin), from_objects(child, path, f"{place} › {key}".removeprefix(" › ")))
                for key, child in value.items()
            ],
            origin,
        )
    if isinstance(value, list | tuple):
        return Sequence([from_objects(child, path, place) for child in value], origin)
    if value is None:
        return Scalar("", origin)
    if isinstance(value, float):
        return Scalar(format(Decimal(repr(value)), "f"), origin, plain=False)
    return Scalar(str(value), origin, plain=False)
