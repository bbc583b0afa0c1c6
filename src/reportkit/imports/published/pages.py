"""What pages leave in a text: numbers, running heads and feet go, and what they stood between is known to go on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from reportkit.documents.document import Block, Joint, Paragraph
from reportkit.imports.title_patterns import TitlePatterns
from reportkit.model.spelling import squeezed

_DASH = r"[-–—－―─·~_]"
_TOTAL = r"(?:[/,，、]?共\d{1,4}页?)?"
_NUMBER = (
    rf"(?:{_DASH}{{1,3}}\d{{1,4}}{_DASH}{{1,3}}|第(?:\d{{1,4}}|[一二三四五六七八九十]{{1,3}})页{_TOTAL}|共\d{{1,4}}页[/,，、]?第\d{{1,4}}页"
    rf"|\d{{1,3}}/\d{{1,3}}页?|页码[:：]?\d{{1,4}}|P(?:age|\.)\d{{1,4}}(?:(?:of|/)\d{{1,4}})?)"
)
_ALONE = re.compile(_NUMBER, re.IGNORECASE)
_BEHIND = re.compile(rf"{_NUMBER}$", re.IGNORECASE)
_SENTENCE = re.compile(r"[，。；：,;:]")
_LONGEST, _LEAST = 60, 8
"""No running head is longer; and no part of the title is one that is shorter."""


def is_page_number(text: str) -> bool:
    """Return whether a line is a page's number and nothing else: - 3 -, 第 3 页 共 5 页, 3/5, Page 3 of 5."""
    return len(text) <= _LONGEST and bool(_ALONE.fullmatch(squeezed(text)))


def repeats_title(text: str, title: str) -> bool:
    """Return whether a line is the report's title again, or the end of it."""
    plain = squeezed(text)
    return bool(title) and len(plain) >= _LEAST and title.endswith(plain)


def title_of(texts: Sequence[str], titles: TitlePatterns) -> str:
    """Return the first title among texts, in one way of writing; one that is broken in two is put together."""
    for at, text in enumerate(texts):
        if titles.ends(text):
            before = texts[at - 1] if at else ""
            broken = len(before) <= _LONGEST and not _SENTENCE.search(before) and not titles.ends(before)
            return squeezed((before if broken else "") + text)
    return ""


def without_pages(blocks: Sequence[Block], is_own: Callable[[str], bool], titles: TitlePatterns) -> list[Block]:
    """Return the blocks without page numbers and running heads; what follows one is joined to what stood before it.

    `is_own` says whether a line is a heading or the row of a table, which pages may begin or end with too.
    """
    title = title_of([block.text for block in blocks[:60] if isinstance(block, Paragraph)], titles)
    running = _running(blocks, is_own)
    kept: list[Block] = []
    begun = ended = False
    for block in blocks:
        if not isinstance(block, Paragraph):
            kept.append(block)
        elif is_page_number(block.text) or _core(block.text) in running or (begun and repeats_title(block.text, title)):
            ended = True
            continue
        else:
            begun = begun or titles.ends(block.text)
            kept.append(block._replace(joint=Joint.PAGE) if ended else block)
        ended = False
    return kept


def _running(blocks: Sequence[Block], is_own: Callable[[str], bool]) -> set[str]:
    """The texts that stand beside the end of a page more than once."""
    beside = {near for at in _ends(blocks) for near in range(max(0, at - 1), min(at + 2, len(blocks)))}
    texts = [block.text for near in beside if isinstance(block := blocks[near], Paragraph)]
    counts = Counter(_core(text) for text in texts if not is_own(text))
    return {core for core, count in counts.items() if core and count > 1}


def _ends(blocks: Sequence[Block]) -> Iterator[int]:
    """Where a page ends: at its number, alone or behind words, or before what the text marks as a page's first line."""
    for at, block in enumerate(blocks):
        if isinstance(block, Paragraph) and (block.joint is Joint.PAGE or _has_number(block.text)):
            yield at


def _has_number(text: str) -> bool:
    return len(text) <= _LONGEST and bool(_BEHIND.search(squeezed(text)))


def _core(text: str) -> str:
    """What a running head has in common on all pages; "" of a text that can be none."""
    if len(text) > _LONGEST or _SENTENCE.search(text):
        return ""
    words = _BEHIND.sub("", squeezed(text))
    return words if len(words) > 2 else ""
