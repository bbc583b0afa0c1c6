"""What a piece of text is in a form: a row's label, a group's, a header's, a block's title, or part of one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from reportkit.forms import Block, Form, Header
from reportkit.readers.figures import normal

_CIRCLED = {ord("①") + offset: f"{offset + 1}." for offset in range(20)}
_NUMBERING = re.compile(
    r"(?:\(([一二三四五六七八九十]{1,2}|\d{1,2})\)|([一二三四五六七八九十]{1,2})[、.,]|(\d{1,2})[.、,)])"
)
_BRACKETS = re.compile(r"\([^()]*\)?")
_NOT_WORD = re.compile(r"[\W_]+")
_UNIT = re.compile(r"单位[::]?(?:[百千万亿]?元|件|项|个|条)?$")

ALIASES = {
    "规范性文件": "行政规范性文件",
    "行政规范性文件": "规范性文件",
    "逾期不补正": "申请人无正当理由逾期不补正行政机关不再处理其政府信息公开申请",
    "逾期不缴费": "申请人逾期未按收费通知要求缴纳费用行政机关不再处理其政府信息公开申请",
}
"""Short or neighbouring names of rows, for a form that has the row under the other name."""

OTHER_SPANNERS = frozenset({"法人和其他组织", "法人及其他组织", "法人或者其他组织", "法人其他组织", "申请人"})
"""What people write for 法人或其他组织 and 申请人情况."""

_NEARLY = 0.9
"""No two labels of the editions are as much alike: 处理决定数量 and 本年处理决定数量 are the nearest, with 0.86."""

_LEAST_SLIP, _MOST_LOST = 6, 2
"""A shorter label of a column must be right to the character; and how many a longer one may have lost."""

_LONG_CORNER = 8
"""A corner text longer than this is a note, which some files print after the table, or lose."""


class Stub(NamedTuple):
    """A row or a group of rows: where it stands in the form, and its label in parts."""

    table: str
    block: int
    order: int
    row: str
    number: str
    core: str

    @property
    def is_group(self) -> bool:
        """Whether it heads rows rather than values."""
        return not self.row


@lru_cache(maxsize=4096)
def squeezed(text: str) -> str:
    """Return the text in one way of writing, without white space."""
    return normal(text.translate(_CIRCLED))


@lru_cache(maxsize=4096)
def letters(text: str) -> str:
    """Return the words alone: no brackets with what is in them, no unit, no punctuation; 其它 is 其他, 合计 is 总计."""
    words = _NOT_WORD.sub("", _UNIT.sub("", _BRACKETS.sub("", squeezed(text))))
    return words.replace("其它", "其他").replace("合计", "总计")


def numbered(text: str) -> tuple[str, str]:
    """Return the number in front of a label and the words after it: （三）不予公开 -> 三, 不予公开."""
    plain = squeezed(text)
    match = _NUMBERING.match(plain)
    if not match:
        return "", letters(plain)
    return next(filter(None, match.groups())), letters(plain[match.end() :])


def is_numbering(text: str) -> bool:
    """Whether the text is a label's number and nothing else."""
    return bool(_NUMBERING.fullmatch(squeezed(text)))


class Labels:
    """The labels of one form, to look up what a text is."""

    def __init__(self, form: Form) -> None:
        blocks = [(key, table.blocks) for key, table in form.tables.items()]
        self.stubs = [stub for key, of_table in blocks for stub in _stubs(key, of_table)]
        every = [block for _, of_table in blocks for block in of_table]
        self._heads = {letters(label) for block in every for label in _labels(block.columns)}
        self._titles = {squeezed(block.title) for block in every if block.title}
        corners = {squeezed(block.corner) for block in every if block.corner}
        self._corners = {corner for corner in corners if len(corner) <= _LONG_CORNER}
        self._notes = corners - self._corners
        texts = {squeezed(label) for block in every for label in (*_labels(block.columns), *_labels(block.rows))}
        self._haystack = "\n".join([*texts, *map(letters, texts), *self._titles, *self._corners, *ALIASES])
        self._by_core: dict[str, list[Stub]] = {}
        for stub in self.stubs:
            self._by_core.setdefault(stub.core, []).append(stub)

    def stub(self, text: str) -> Stub | None:
        """Return the row or group whose label this is, or begins; None if there is none, or more than one."""
        number, core = numbered(text)
        if not core or any(char.isdigit() for char in core):
            return None
        return self._exact(number, core) or self._alias(number, core) or self._partial(number, core)

    def is_head(self, text: str) -> bool:
        """Whether this is the label of a column or a spanner."""
        words = letters(text)
        if words in self._heads or words in OTHER_SPANNERS:
            return True
        near = [head for head in self._heads if abs(len(head) - len(words)) <= _MOST_LOST]
        return any(alike(words, head) or is_slip(words, head) for head in near)

    def is_title(self, text: str) -> bool:
        """Whether this is a block's title, or the beginning of one."""
        plain = squeezed(text)
        return plain in self._titles or any(
            plain.startswith(title[:4]) and len(plain) <= len(title) for title in self._titles
        )

    def is_corner(self, text: str) -> bool:
        """Whether this is the text above the stub."""
        return squeezed(text) in self._corners

    def is_note(self, text: str) -> bool:
        """Whether this is the note about how the numbers go together, or a part of it."""
        plain = squeezed(text)
        return len(plain) >= 4 and any(plain in note for note in self._notes)

    def is_piece(self, text: str) -> bool:
        """Whether this is a part of some label."""
        plain = squeezed(text)
        return bool(plain) and (
            plain in self._haystack or (len(letters(plain)) >= 2 and letters(plain) in self._haystack)
        )

    def is_label(self, text: str) -> bool:
        """Whether this is a whole label of any kind."""
        number, core = numbered(text)
        if self.is_head(text) or self.is_corner(text) or squeezed(text) in self._titles:
            return True
        return bool(core) and self._exact(number, core) is not None

    def _exact(self, number: str, core: str) -> Stub | None:
        found = self._by_core.get(core, [])
        if len(core) <= 2:  # 其他 and 总计 head columns too: only the number makes them rows
            found = [stub for stub in found if stub.number == number]
        return found[0] if len(found) == 1 else None

    def _alias(self, number: str, core: str) -> Stub | None:
        return self._exact(number, ALIASES[core]) if core in ALIASES else None

    def _partial(self, number: str, core: str) -> Stub | None:
        """The one row that begins like this; or that has this number and nearly these words."""
        begun = [stub for stub in self.stubs if stub.core.startswith(core) and _enough(number, core, stub)]
        if begun:
            return begun[0] if len(begun) == 1 else None
        same_number = [stub for stub in self.stubs if stub.number == number]
        near = [stub for stub in same_number if alike(core, stub.core)]
        return near[0] if len(near) == 1 else None


def _enough(number: str, core: str, stub: Stub) -> bool:
    return len(core) >= 2 and number == stub.number if number else len(core) >= 4


@lru_cache(maxsize=4096)
def alike(text: str, label: str) -> bool:
    """Return whether a text is a label but for a character or two: 本年度制发件数 is 本年制发件数."""
    shorter, longer = sorted((len(text), len(label)))
    if shorter < 5 or longer > 1.25 * shorter or len(set(text) & set(label)) < 0.8 * len(set(label)):
        return False
    return SequenceMatcher(None, text, label, autojunk=False).ratio() >= _NEARLY


def is_slip(word: str, label: str) -> bool:
    """Return whether a text is a label with one wrong character, or without one or two: 现有有效件数, 本年发件.

    No label of the editions becomes another one like this: 处理决定数量 has lost the beginning of 本年处理决定数量.
    """
    if len(label) < _LEAST_SLIP or word[:1] != label[:1]:
        return False
    if label.startswith("本年") and not word.startswith("本年"):
        return False
    if len(word) == len(label):
        return sum(one != other for one, other in zip(word, label, strict=True)) == 1
    rest = iter(label[2:])
    return word[:2] == label[:2] and 0 < len(label) - len(word) <= _MOST_LOST and all(char in rest for char in word[2:])


def _labels(headers: tuple[Header, ...]) -> Iterator[str]:
    for header in headers:
        if header.label:
            yield header.label
        yield from _labels(header.children)


def _stubs(table: str, blocks: tuple[Block, ...]) -> Iterator[Stub]:
    """Every labelled row and group of a table, in print order; rows are counted through the table."""
    index = 0
    for at, block in enumerate(blocks):
        for header in block.rows:
            for label, row in _walk(header, ""):
                if label:
                    yield Stub(table, at, index, row, *numbered(label))
                index += bool(row)


def _walk(header: Header, above: str) -> Iterator[tuple[str, str]]:
    """The label of each header from this one down, with the key of its row ("" for a group)."""
    key = f"{above}.{header.key}".strip(".")
    yield header.label, "" if header.children else key
    for child in header.children:
        yield from _walk(child, key)
