"""A filing's own words in one way of writing: paragraphs without white space, full-width punctuation, quotations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from reportkit.model.filing import Filing

_LISTED = re.compile(r"(?:\u3000|\s*(?:[-*+•]|\d{1,2}[.)])\s|\s*[#|])")
_SPACE = re.compile(r"(?<!\d)[ \t\u3000\xa0]+|[ \t\u3000\xa0]+(?!\d)")
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_WIDE_DIGITS = "０１２３４５６７８９"
_DIGITS = str.maketrans(_WIDE_DIGITS, "0123456789")
_FULL_WIDTH = (("(", "（"), (")", "）"), (":", "："), (";", "；"), ("％", "%"))
_SENTENCE_END = re.compile("[。！？；]")
_END = "。！？；：，、"
FARTHEST = 600
"""So far to each side of a position its sentence is looked at; one that goes on is a list, or no sentence."""

_SHORT_LINE = 16
"""A shorter line without punctuation is a heading; a longer one may be a paragraph that a PDF has broken."""


class Passage(NamedTuple):
    """A paragraph of a section, as `plain` writes it."""

    section: str
    text: str


def passages(filing: Filing) -> tuple[Passage, ...]:
    """Return the paragraphs of the filing's own words, section by section."""
    return _passages(tuple(filing.narrative.items()))[0]


def passages_with(filing: Filing, *signs: str) -> Iterable[Passage]:
    """Return the paragraphs that have one of the words in them: most rules have nothing to look for in most texts."""
    every, text = _passages(tuple(filing.narrative.items()))
    found = [sign for sign in signs if sign in text]
    return _with_any(every, found) if found else ()


def _with_any(every: Iterable[Passage], signs: list[str]) -> Iterator[Passage]:
    for passage in every:
        for sign in signs:  # any() would take longer, and this is asked fifty times a file
            if sign in passage.text:
                yield passage
                break


@lru_cache(maxsize=8)
def _passages(narrative: tuple[tuple[str, str], ...]) -> tuple[tuple[Passage, ...], str]:
    """The paragraphs, and the text of all of them."""
    every = tuple(Passage(key, text) for key, words in narrative for text in paragraphs(words))
    return every, "\n".join([passage.text for passage in every])


@lru_cache(maxsize=64)
def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a Markdown text, without white space except between two digits.

    Punctuation and digits are brought to one width: （），：；% and 0-9.
    """
    joined: list[list[str]] = []
    goes_on = False
    for line in _one_width(text).splitlines():
        words = line.strip(" \t\u3000\xa0")
        if goes_on and words and not _LISTED.match(line):
            joined[-1].append(words)
        elif words:
            joined.append([words])
        goes_on = bool(words) and (len(words) >= _SHORT_LINE or words[-1] in _END)
    whole = (" ".join(lines) for lines in joined)
    return tuple(_SPACE.sub("", words) if _has_space(words) else words for words in whole)


def _has_space(text: str) -> bool:
    return " " in text or "\u3000" in text or "\xa0" in text or "\t" in text


def _one_width(text: str) -> str:
    for half, full in _FULL_WIDTH:
        text = text.replace(half, full)
    if "," in text:
        text = _COMMA.sub("，", text)
    return text.translate(_DIGITS) if any(map(text.__contains__, _WIDE_DIGITS)) else text


def sentence_start(text: str, at: int) -> int:
    """Return where the sentence that holds a position begins, or how far before it is looked at."""
    return _after_last("。！？", text, at)


def clause_start(text: str, at: int) -> int:
    """Return where the part of a sentence that holds a position begins: after the last punctuation."""
    return _after_last("。！？，；：（）、", text, at)


def _after_last(signs: str, text: str, at: int) -> int:
    first = max(at - FARTHEST, 0)
    return max(first, *(text.rfind(sign, first, at) + 1 for sign in signs))


def sentence_end(text: str, at: int) -> int:
    """Return where the sentence that holds a position ends, or how far behind it is looked at."""
    last = min(at + FARTHEST, len(text))
    end = text.find("。", at, last)
    return last if end < 0 else end


def quoted(text: str, start: int, end: int, most: int = 40) -> str:
    """Return a passage in quotation marks for a message, from the beginning of its clause, shortened in the middle."""
    begin = clause_start(text, start)
    begin = begin if start - begin <= most // 2 else start
    words = text[begin:end]
    if len(words) > most:
        words = f"{words[: most // 2]}…{words[-most // 2 :]}"
    return f"“{words}”"


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph, without the signs that end them."""
    return [words for words in _SENTENCE_END.split(text) if words]
