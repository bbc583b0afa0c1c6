"""A text cut into words, with numbers and their units whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HANZI = "〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WRITTEN_ON = "[\u0300-\u036f\u200d\ufe00-\ufe0f\u20e3]*"
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两")
_UNITS = "年度 年 月份 月 日 天 时 分 元 件 条 个 人次 人 次 项 份 篇 号 家 起 例 场 期 章 平方米 公里 ％ % ‰"
_UNIT = rf"[十百千万亿]*(?:{_UNITS.replace(' ', '|')})?"
_TOKEN = rf"""
      \{{\{{[^{{}}\n]*\}}\}} | \{{%[^{{}}\n]*%\}}              # what the notebook fills in
    | 第?[+\-−]?[0-9０-９]+(?:[.,:/．\-–][0-9０-９]+)*{_UNIT}   # 9.2万元, 2023年, 12.5%
    | (?P<hanzi>(?:(?!第[0-9０-９])[{_HANZI}])+)
    | (?:[^\W\d_{_HANZI}]{_WRITTEN_ON})+
    | [^\S\n]+
    | (?s:.){_WRITTEN_ON}
    """
"""As a text, which `re` compiles at the first difference that is shown: few runs show one."""
_SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；]+[”’」』）)]*\n?|\n|\Z)")
_CLAUSE = re.compile(r"[^，、。！？；\n]*(?:[，、。！？；\n]|\Z)")


def sentences(text: str) -> list[str]:
    """Return the text cut behind each sentence and each line; joined, it is the text."""
    return [found[0] for found in _SENTENCE.finditer(text) if found[0]]


def clauses(text: str) -> list[str]:
    """Return the text cut behind each comma, too; joined, it is the text."""
    return [found[0] for found in _CLAUSE.finditer(text) if found[0]]


def words(text: str) -> list[str]:
    """Return the words, numbers and signs of the text; joined, they are the text."""
    return list(_words(text))


def _words(text: str) -> Iterator[str]:
    for found in re.finditer(_TOKEN, text, re.VERBOSE):
        if found["hanzi"]:
            yield from _chinese(found[0])
        else:
            yield found[0]


def _chinese(run: str) -> list[str]:
    import rjieba  # takes 0.1 s and 20 MB

    # Guessing at unknown words (HMM) makes no better words of official prose, and not the same ones everywhere.
    found: list[list[str]] = []
    in_number = False
    for word in rjieba.cut(run, False):
        if in_number and word[0] in _NUMERALS:
            found[-1].append(word)  # no number is cut in the middle
        else:
            found.append([word])
            in_number = True
        in_number = in_number and _NUMERALS.issuperset(word)
    return ["".join(parts) for parts in found]
