"""R16: lists in the text add up: 共 N 件，其中 A a 件，B b 件; 共 N 件（A a 件，B b 件）."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from reportkit.checks.findings import Finding, Rule
from reportkit.checks.quantities import NUMBER, exact
from reportkit.checks.texts import FARTHEST, Passage, passages_with, quoted, sentence_end, sentence_start
from reportkit.model.filing import Filing

_UNITS = "人次|场次|万元|件|条|份|次|篇|期|个|起|宗|场|项|元|人|家|批|则|部|名|例|册|张|户|封|幅"
_QUANTITY = re.compile(f"(?P<number>{NUMBER})(?P<unit>{_UNITS})")
_EACH_UNIT = tuple(_UNITS.split("|"))
_INNER = re.compile("（[^（）]*）")
_QUANTITY_AT_END = re.compile(f"(?P<number>{NUMBER})(?P<unit>{_UNITS})$")
_LONGEST_QUANTITY = 40
_LONGEST_CLAUSE = 200
"""No whole stands in a clause as long as this."""

_ENDS = re.compile("[，：；。]")
_LIST_IN_BRACKETS = re.compile("（(?P<list>[^（）]{6,400})）")
_CUT = re.compile("([，、；])")
_ANOTHER_LIST = re.compile(
    "同比|比|较|占|另|此外|总?共|累计|全年|并|同时|全部|均|已|按时|收到|受理|参加|参训|覆盖|发放|惠及|涉及|阅读|点击|浏览"
)
_RESULT = re.compile("予以公开|部分公开|不予|无法提供|其[他它]处理|办结|答复|结转|转下")
_COMPARISON = re.compile("同比|较|相比|比[上去本2]|增长|增加|减少|下降|上升|占")
_SHARE = re.compile("占[^%]*%")
_REST = re.compile("其[他它余]|剩余")
_PARTIAL = (
    re.compile("^(?:其中|含|包[含括]|另|不含|主要|其余|剩余)"),
    re.compile("(?:等|余|左右)$"),
)


class Item(NamedTuple):
    """An entry of a list: its words, and how many."""

    words: str
    number: Decimal


class Listed(NamedTuple):
    """A whole with the entries that follow it; `closed` if they say that there are no others."""

    passage: Passage
    start: int
    end: int
    whole: Decimal
    unit: str
    items: tuple[Item, ...]
    closed: bool


def sums(filing: Filing) -> Iterator[Finding]:
    """R16: what is listed below a number is not more than it, and not less where the list is a complete one."""
    for passage in passages_with(filing, "其中"):
        yield from filter(None, map(_wrong, _lists_of_which(passage)))
    for passage in passages_with(filing, "（"):
        yield from filter(None, map(_wrong, _lists_in_brackets(passage)))


def _wrong(listed: Listed) -> Finding | None:
    total = Decimal(0)
    for count, item in enumerate(listed.items, 1):
        total += item.number
        if total == listed.whole and count > 1:
            return None
        if total > listed.whole:
            return _finding(listed, listed.items[:count]) if count > 1 else None
    complete = len(listed.items) > 1 and (listed.closed or _REST.search(listed.items[-1].words))
    return _finding(listed, listed.items) if complete else None


def _finding(listed: Listed, items: tuple[Item, ...]) -> Finding:
    total = sum(item.number for item in items)
    parts = "+".join(f"{item.number:f}" for item in items)
    words = quoted(listed.passage.text, listed.start, listed.end, 60)
    told = {"words": words, "parts": parts, "unit": listed.unit}
    return Finding("R16", listed.passage.section, f"{total:f}", f"{listed.whole:f}", **told)


def _lists_in_brackets(passage: Passage) -> Iterator[Listed]:
    """宣传 59 条（领导 1 条，工作 58 条）: every part of it is an entry, in the unit of the whole."""
    text = passage.text
    for match in _LIST_IN_BRACKETS.finditer(text):
        if not text.endswith(_EACH_UNIT, 0, match.start()):
            continue  # as nearly always
        start = max(match.start() - _LONGEST_QUANTITY, 0)
        before = _QUANTITY_AT_END.search(text[start : match.start()])
        whole = exact(before["number"]) if before else None
        if before and whole is not None and not any(sign.search(match["list"]) for sign in _PARTIAL):
            parts = [part for part in re.split("[，、；]|和", match["list"]) if part]
            items = [item for part in parts for item in _items(part, before["unit"])]
            if len(items) == len(parts) > 1:
                yield Listed(passage, start + before.start(), match.end(), whole, before["unit"], tuple(items), True)


def _lists_of_which(passage: Passage) -> Iterator[Listed]:
    """共 N 件，其中 A a 件，B b 件 up to the end of the sentence, of the brackets, or to the next 其中."""
    text = passage.text
    for match in re.finditer("其中[，：]?", text):
        head, region = _surroundings(text, match.start(), match.end())
        for start, whole, unit in _wholes(text, head) if region else ():
            items = _items(region, unit)
            if items:
                end = match.end() + len(region)
                yield Listed(passage, start, end, whole, unit, items, False)


def _surroundings(text: str, start: int, end: int) -> tuple[tuple[int, int], str]:
    """Where the words before 其中 stand that name the whole, and the words after it that hold the list."""
    begin = sentence_start(text, start)
    if start - begin < 9 and not text[begin:start].strip("，：；（"):
        begin = sentence_start(text, max(begin - 1, 0))
    bracket = text.rfind("（", begin, start)
    inside = bracket >= 0 and text.find("）", bracket, start) < 0
    stop = sentence_end(text, end)
    if start - begin >= FARTHEST or stop - end >= FARTHEST:  # a sentence as long as this is none
        return (start, start), ""
    if inside:
        closing = text.find("）", end, stop)
        stop = stop if closing < 0 else closing
    following = text.find("其中", end, stop)
    stop = stop if following < 0 else following
    return (begin, bracket if inside else start), text[end:stop]


def _wholes(text: str, head: tuple[int, int]) -> Iterator[tuple[int, Decimal, str]]:
    """The exact quantities, each the only one of its unit, in the last clause before the list that has any."""
    begin, end = head
    words = _INNER.sub(lambda inner: "＿" * len(inner[0]), text[begin:end])
    clauses = list(re.finditer("[^，：；。]+", words))
    # Between the whole and its list there may be one clause: 3607 件，同比增长 70.3%，其中 …
    near = [clause for clause in clauses[-3:] if len(_ENDS.findall(words, clause.end())) <= 2]
    for clause in reversed(near):
        found = list(_QUANTITY.finditer(words, *clause.span())) if len(clause[0]) <= _LONGEST_CLAUSE else []
        if found and not _COMPARISON.search(clause[0]):
            units = [quantity["unit"] for quantity in found]
            for quantity in found:
                number = exact(quantity["number"])
                if number is not None and units.count(quantity["unit"]) == 1:
                    yield begin + quantity.start(), number, quantity["unit"]
            return


def _items(region: str, unit: str) -> tuple[Item, ...]:
    """The entries in one unit, as long as the words go on as one list; none if one of them is a rough number."""
    items: list[Item] = []
    sections = 0
    for words, sign in _parts(_INNER.sub("", region)):
        found = list(_QUANTITY.finditer(words))
        same = [quantity for quantity in found if quantity["unit"] == unit]
        if _SHARE.match(words):
            continue
        if items and (_ANOTHER_LIST.match(words) or _is_result(words) != _is_result(items[0].words)):
            break
        if len(same) > 1 or (not found and sign != "、" and items):
            break
        if same:
            number = exact(same[0]["number"])
            if number is None or _rough(words, same[0]):
                return ()
            items.append(Item(words, number))
        # 甲局 1 件，收取 20 元；乙局 2 件 … is one list; 自然人 3 件，法人 2 件；予以公开 1 件 … are two.
        if sign == "；" and (not found or len(items) > 1 > sections):
            break
        sections += sign == "；"
    return tuple(items)


def _parts(region: str) -> Iterator[tuple[str, str]]:
    """The parts of a list, each with the sign that ends it."""
    pieces = [*_CUT.split(region), ""]
    return ((words, sign) for words, sign in zip(pieces[::2], pieces[1::2], strict=True) if words)


def _is_result(words: str) -> bool:
    return _RESULT.search(words) is not None


def _rough(words: str, quantity: re.Match[str]) -> bool:
    return words[quantity.end() : quantity.end() + 2] in ("以上", "左右", "以内")


RULES = (Rule("R16", sums),)
