"""One way of writing for a form's labels and what a file has in their place, and how much alike two of them are."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from reportkit.model.numbers import normal

_CIRCLED = {ord("①") + offset: f"{offset + 1}." for offset in range(20)}
_NUMBERING = re.compile(
    r"(?:\(([一二三四五六七八九十]{1,2}|\d{1,2})\)|([一二三四五六七八九十]{1,2})[、.,]|(\d{1,2})[.、,)])"
)
_BRACKETS = re.compile(r"\([^()]*\)?")
_NOT_WORD = re.compile(r"[\W_]+")
_UNIT = re.compile(r"单位[::]?(?:[百千万亿]?元|件|项|个|条)?$")

_NEARLY = 0.9
"""No two labels of the editions are as much alike: 处理决定数量 and 本年处理决定数量 are the nearest, with 0.86."""

_LEAST_SLIP, MOST_LOST = 6, 2
"""A shorter label of a column must be right to the character; and how many a longer one may have lost."""


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
