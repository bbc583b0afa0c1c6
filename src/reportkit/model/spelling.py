"""One way of writing for a form's labels and what a file has in their place, and how much alike two of them are."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from reportkit.model.numbers import MONEY

_QUOTES = str.maketrans("“”‘’", "\"\"''")
_SHORT = 100
_CIRCLED = {ord("①") + offset: f"{offset + 1}." for offset in range(20)}
_NUMBERING = re.compile(
    r"(?:\(([一二三四五六七八九十]{1,2}|\d{1,2})\)|([一二三四五六七八九十]{1,2})[、.,]|(\d{1,2})[.、,)])"
)
_BRACKETS = re.compile(r"\([^()]*\)?")
_NOT_WORD = re.compile(r"[^\w<>=≤≥±+%]|_")
"""What says nothing in a label. Signs of comparison do: ≥60 is another row than <60."""

_COUNTED = "件|个|项|次|宗|条"
_MONEY = "|".join(sorted(MONEY, key=len, reverse=True))
_UNIT = re.compile(r"单位[::]?(?:[百千万亿]?元|件|项|个|条)?$")
_STATED = re.compile(rf"\((?:单位:?)?({_MONEY})\)|单位:?({_MONEY})$")
_NO_NOTE = re.compile(rf"(?:单位:?)?(?:{_MONEY}|{_COUNTED})")

COUNTED = frozenset((*_COUNTED.split("|"), "单位:件", "(单位:件)", *(f"({unit})" for unit in _COUNTED.split("|"))))
"""Units that a header may state of a count."""

_NEARLY = 0.9
"""No two labels of the editions are as much alike: 处理决定数量 and 本年处理决定数量 are the nearest, with 0.86."""

_LEAST_SLIP, MOST_LOST = 6, 2
"""A shorter label of a column must be right to the character; and how many a longer one may have lost."""


class Spelled(NamedTuple):
    """A label, or what stands in its place, in its parts.

    `whole` is all of it in one way of writing, `number` what stands before its words, `words` these without brackets
    and signs, `note` what its brackets hold besides a unit, `unit` the unit of money that it states.
    """

    whole: str
    number: str
    words: str
    note: str
    unit: str


def normal(text: str) -> str:
    """Return the text in one way of writing: full-width to half-width (NFKC), one kind of quotes, no white space."""
    return _folded(text) if len(text) <= _SHORT else _folded.__wrapped__(text)


@lru_cache(4096)
def _folded(text: str) -> str:
    """The labels of a form come again in each file of a thousand."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).split())


@lru_cache(maxsize=4096)
def squeezed(text: str) -> str:
    """Return the text in one way of writing, without white space, and numbers in circles as plain ones: 3."""
    return normal(text.translate(_CIRCLED))


@lru_cache(maxsize=4096)
def letters(text: str) -> str:
    """Return the words alone: no brackets with what is in them, no unit, no punctuation; 其它 is 其他, 合计 is 总计."""
    return same_words(_words(squeezed(text)))


def same_words(words: str) -> str:
    """Return words with one for each of those that mean the same: 其它 is 其他, 合计 is 总计."""
    return words.replace("其它", "其他").replace("合计", "总计")


@lru_cache(maxsize=4096)
def spelled(text: str, unit: str = "") -> Spelled:
    """Return a text in its parts; `unit` is that of a column whose label may leave it out."""
    whole = squeezed(text)
    number, rest = _numbered(whole)
    stated = _STATED.search(rest)
    notes = (bracket.strip("()") for bracket in _BRACKETS.findall(rest))
    note = "".join(one for one in notes if not _NO_NOTE.fullmatch(one))
    return Spelled(whole, number, _words(rest), note, next(filter(None, stated.groups())) if stated else unit)


def numbered(text: str) -> tuple[str, str]:
    """Return the number in front of a label and the words after it: （三）不予公开 -> 三, 不予公开."""
    number, rest = _numbered(squeezed(text))
    return number, letters(rest)


def is_numbering(text: str) -> bool:
    """Whether the text is a label's number and nothing else."""
    return bool(_NUMBERING.fullmatch(squeezed(text)))


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
    return word[:2] == label[:2] and 0 < len(label) - len(word) <= MOST_LOST and all(char in rest for char in word[2:])


def _numbered(plain: str) -> tuple[str, str]:
    """The number in front of a text without white space, "" if there is none, and the rest."""
    match = _NUMBERING.match(plain)
    return (next(filter(None, match.groups())), plain[match.end() :]) if match else ("", plain)


def _words(plain: str) -> str:
    return _NOT_WORD.sub("", _UNIT.sub("", _BRACKETS.sub("", plain)))
