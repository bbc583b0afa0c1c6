"""What a piece of text is, before anything is made of it: a label, a part of one, a value, or words of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from reportkit.documents.plain_text import PADDING
from reportkit.imports.published.labels import FormLabels, Stub
from reportkit.model.numbers import half_width
from reportkit.model.spelling import is_numbering, numbered, squeezed

_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?(?:[万亿]?元|人?次|[件条个项宗])?", re.ASCII)
_PLACEHOLDERS = frozenset({"/", "\\", "-", "--", "—", "——", "–", "无", "／", "*", "○", "〇"})
_NEARLY_NUMBER = re.compile(r"(?:[+-]{2}|[增减][加少]?)\d{1,6}", re.ASCII)
_RUN_ON = re.compile(r"(\D+?)[\d+-][\d+.,-]*", re.ASCII)
_GLUED = re.compile(r"([\d,]+)([（(][一二三四五六七八九十]{1,2}[)）].*)", re.ASCII)
_FOOT = re.compile(r"(.*\d)\s+[-–—]\s?\d{1,4}\s?[-–—]")
_NUMBERING = re.compile(r"([一二三四五六七八九十]{1,2}、)(.+)")
_LONGEST, _LONGEST_PARTED = 120, 40
"""No label is longer, with its hints; no two that a PDF's text has put together."""


class Kind(Enum):
    """What a token is."""

    HEADING = auto()
    PROSE = auto()
    TITLE = auto()
    CORNER = auto()
    NOTE = auto()
    HEAD = auto()
    STUB = auto()
    RUN_ON = auto()
    PIECE = auto()
    NUMBER = auto()
    FILLER = auto()
    BLANK = auto()
    PAD = auto()  # fills a row up where cells above or beside it reach: no cell of its own
    FOOT = auto()  # a page's number behind a row
    CUT = auto()


VALUES = frozenset({Kind.NUMBER, Kind.FILLER, Kind.BLANK, Kind.PAD})
"""What can stand in a cell for figures, or behind them."""


class Token(NamedTuple):
    """A piece of text and what it is: `stub` for a row's label, `section` for a heading's."""

    kind: Kind
    text: str
    stub: Stub | None = None
    section: str = ""


_OF_HEADERS = {Kind.HEAD, Kind.PIECE, Kind.NOTE}


class Words:
    """What texts are by the labels of one form, each looked up once: reports repeat their words."""

    def __init__(self, labels: FormLabels) -> None:
        self.labels = labels
        self._known: dict[str, tuple[Token, ...]] = {}

    def of_cell(self, text: str) -> Token:
        """Return what the text of one cell is."""
        if not text:
            return Token(Kind.BLANK, "")
        if text == PADDING:
            return Token(Kind.PAD, "")
        return _value(text) if is_value(text) else _word(text, self.labels)

    def of_line(self, text: str) -> tuple[Token, ...]:
        """Return the tokens of a line, or one for all of it if it has any words that are not the form's."""
        foot = _FOOT.fullmatch(text)
        chunks = [part for chunk in (foot[1] if foot else text).split() for part in self._unglued(chunk)]
        tokens: list[Token] = []
        for group, is_words in _groups(chunks):
            tokens += self._labels(group) if is_words else [_value(chunk) for chunk in group]
        if any(token.kind is Kind.PROSE for token in tokens) or _counts_something(tokens):
            return (Token(Kind.PROSE, text),)
        return (*tokens, Token(Kind.FOOT, "")) if foot else tuple(tokens)

    def _labels(self, chunks: Sequence[str]) -> Iterator[Token]:
        """Words between numbers: one label with spaces in it, or several texts."""
        whole = "".join(chunks)
        if len(chunks) > 1 and self.labels.is_label(whole):
            yield _word(whole, self.labels)
            return
        at = 0
        while at < len(chunks):
            stub = self._with_number(chunks[at : at + 2])
            if stub:
                yield stub
            else:
                yield from self._word(chunks[at])
            at += 2 if stub else 1

    def _with_number(self, chunks: Sequence[str]) -> Token | None:
        """The label that a number and the words after it are together."""
        if len(chunks) < 2 or not is_numbering(chunks[0]) or is_numbering(chunks[1]):
            return None
        text = "".join(chunks)
        stub = self.labels.stub(text)
        return Token(Kind.STUB, text, stub) if stub else None

    def _word(self, text: str) -> tuple[Token, ...]:
        if text not in self._known:
            token = _word(text, self.labels)
            self._known[text] = (self._parted(text) if token.kind is Kind.PROSE else ()) or (token,)
        return self._known[text]

    def _parted(self, text: str) -> tuple[Token, ...]:
        """The two labels, or parts of labels, that stand without a space between them in a PDF's text."""
        if len(text) > _LONGEST_PARTED:
            return ()
        if match := _NUMBERING.fullmatch(text):
            rest = _word(match[2], self.labels)
            return (Token(Kind.PIECE, match[1]), rest) if rest.kind is Kind.PIECE else ()
        for at in range(2, len(text) - 1):
            if not self.labels.may_head(text[:at]):
                continue  # as in nearly all cases: what else it may be takes twice as long to find out
            one = _word(text[:at], self.labels)
            if one.kind not in _OF_HEADERS:
                continue
            other = _word(text[at:], self.labels)
            if other.kind in _OF_HEADERS and Kind.HEAD in (one.kind, other.kind):
                return one, other
        return ()

    def _unglued(self, chunk: str) -> tuple[str, ...]:
        """A number and the label of the next rows' group behind it."""
        match = _GLUED.fullmatch(chunk)
        return match.groups() if match and is_number(match[1]) and self.labels.is_piece(match[2]) else (chunk,)


def _word(text: str, labels: FormLabels) -> Token:
    if len(text) > _LONGEST:
        return Token(Kind.PROSE, text)
    if stub := labels.stub(text):
        return Token(Kind.STUB, text, stub)
    kinds = ((labels.is_head, Kind.HEAD), (labels.is_corner, Kind.CORNER), (labels.is_title, Kind.TITLE))
    for is_kind, kind in kinds:
        if is_kind(text):
            return Token(kind, text)
    if labels.is_note(text):
        return Token(Kind.NOTE, text)
    if labels.is_piece(text):
        return Token(Kind.PIECE, text)
    return _run_on(text, labels) or Token(Kind.PROSE, text)


def _run_on(text: str, labels: FormLabels) -> Token | None:
    """A label with digits behind it: cells that have run together, of which nobody knows how many there were."""
    match = _RUN_ON.fullmatch(squeezed(text))
    if match and labels.is_label(match[1]) and (stub := labels.stub(match[1])):
        return Token(Kind.RUN_ON, text, stub)
    return None


def is_number(text: str) -> bool:
    """Return whether a text is a number, with a unit perhaps."""
    return bool(_NUMBER.fullmatch(half_width(text)))


def is_value(text: str) -> bool:
    """Return whether a text is what people write in a cell for a number: one, or something instead."""
    return is_number(text) or text in _PLACEHOLDERS or bool(_NEARLY_NUMBER.fullmatch(half_width(text)))


def _value(chunk: str) -> Token:
    return Token(Kind.NUMBER if is_number(chunk) else Kind.FILLER, chunk)


def _groups(chunks: Sequence[str]) -> Iterator[tuple[list[str], bool]]:
    """Chunks in groups of words and groups of values."""
    group: list[str] = []
    was_words = False
    for chunk in chunks:
        is_words = not is_value(chunk)
        if group and is_words != was_words:
            yield group, was_words
            group = []
        group.append(chunk)
        was_words = is_words
    if group:
        yield group, was_words


def _counts_something(tokens: Sequence[Token]) -> bool:
    """Whether a number is followed by part of a word: 2020 年 is no line of a table, but 3 （四）无 may be one."""
    return any(
        token.kind in (Kind.NUMBER, Kind.FILLER) and after.kind is Kind.PIECE and not numbered(after.text)[0]
        for token, after in pairwise(tokens)
    )
