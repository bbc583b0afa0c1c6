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
from reportkit.params.syntax import DEPTH_CURE, MAX_DEPTH, WIDE_SPACES, syntax_issue, wide_space

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
        raise NotPlainDataError(Issue("Y2", "error", found.message, Origin(path, str(found.line)), None, found.ours))
    if text.count("%TAG") > _MOST_DIRECTIVES:  # the parser compares each with all before it
        line = text.count("\n", 0, text.index("%TAG")) + 1
        message = "用了 %TAG；参数文件只写文字和数，请删去"
        raise NotPlainDataError(Issue("Y3", "error", message, Origin(path, str(line))))
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
        self.line, self.origin = 0, Origin(path, "1")

    def build(self, text: str) -> Node | None:
        documents = scalars = 0
        for event in _events(text):
            if type(event) is yaml.ScalarEvent:  # most are, and there are hundreds in a file
                scalars += 1
                if scalars > MAX_SCALARS:
                    raise self._refused(event, f"文件里的名称和值超过 {MAX_SCALARS} 个；请检查是不是放错了文件", "Y1")
                self._scalar(event)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._refused(event, "文件里有第二份文档（---）；一个文件只写一个单位一年的数据")
            elif isinstance(event, yaml.AliasEvent):
                raise self._refused(event, f"用了引用 *{event.anchor}；请把数据直接写在这里")
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
            raise self._refused(event, DEPTH_CURE)

    def _check_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            raise self._refused(event, f"用了标签 {event.tag}；参数文件只写文字和数，请删去")

    def _origin(self, line: int) -> Origin:
        """The place of a line, counted from 0: one for all that stands on it."""
        if line != self.line:
            self.line, self.origin = line, Origin(self.path, str(line + 1))
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
            if node.plain and node.text.startswith(WIDE_SPACES):
                raise self._refused(event, wide_space(node.text[0]), "Y2")
            self.key[-1] = node
        else:
            raise self._refused(event, "冒号前面应当是一个名称，这里却是一组数据")

    def _refused(self, event: Any, message: str, code: str = "Y3") -> NotPlainDataError:
        return NotPlainDataError(Issue(code, "error", message, Origin(self.path, str(event.start_mark.line + 1))))


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
