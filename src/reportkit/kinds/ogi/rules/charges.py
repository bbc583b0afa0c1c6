"""R17, L13 and L14: what section six says of the fee for handling applications (国办函〔2020〕109号)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportkit.checks.findings import Finding, Rule
from reportkit.checks.quantities import NUMBER, exact
from reportkit.checks.texts import Passage, passages_with, quoted, sentence_end, sentence_start
from reportkit.kinds.ogi.rules import counts
from reportkit.kinds.ogi.rules.statements import is_own, stated
from reportkit.messages.words import phrase
from reportkit.model.filing import Filing

FIRST_YEAR = 2021
"""The rules on the fee are in force since 2021-01-01."""

_FEE = re.compile("信息(?:公开)?处理费")
_ANY_FEE = re.compile("处理费|收费|费用|收取")
_NONE = re.compile(
    r"(?:未|没有?|无|不)[^，。；：\d]{0,24}?信息(?:公开)?处理费|信息(?:公开)?处理费[^，。；\d]{0,8}?(?:为|：)?(?:0[件元次]|无|未收|没有收)"
)
_MONEY = re.compile(r"(?P<number>(?<!\d)\d[\d,]{0,30}(?:\.\d{1,9})?万?)元")
_APPLICATIONS = re.compile(f"(?P<number>{NUMBER})件[^，。；：（）]{{0,25}}?收取")
_NOTHING = re.compile(
    "(?:本年度?|我[一-鿿]{1,3}|本[一-鿿]{1,3}|20\\d\\d年度?|暂|，|：){0,6}(?:无|没有)(?:其[他它])?(?:需要?|应当?)?(?:报告|说明)?的?(?:事项|情况)?[。]?"
)
_STEP = 10
_FEES = "收取信息处理费情况"


def fees(filing: Filing) -> Iterator[Finding]:
    """R17: what is told of the fee fits table 3, and its amount fits the rules of charging."""
    for passage in passages_with(filing, "处理费") if filing.year >= FIRST_YEAR else ():
        for start, _, end in _sentences(passage.text):
            yield from _not_paid(passage, start, end, filing)
            yield from _odd_amounts(passage, start, end)
            yield from _too_many(passage, start, end, filing)


def _sentences(text: str) -> Iterator[tuple[int, int, int]]:
    """Where each sentence begins that speaks of the fee, where it first does, and where the sentence ends."""
    end = 0
    while fee := _FEE.search(text, end):
        end = sentence_end(text, fee.end())
        yield sentence_start(text, fee.start()), fee.start(), end


def _odd_amounts(passage: Passage, start: int, end: int) -> Iterator[Finding]:
    text = passage.text
    for money in _MONEY.finditer(text, start, end) if text.find("元", start, end) >= 0 else ():
        amount = exact(money["number"])
        if amount and amount % _STEP:
            words = quoted(text, money.start(), money.end())
            yield Finding(
                "R17.odd_amount", passage.section, f"{amount:f}", phrase("multiple_of", number="10 元"), words=words
            )


def _not_paid(passage: Passage, start: int, end: int, filing: Filing) -> Iterator[Finding]:
    match = _NONE.search(passage.text, start, end)
    number = counts.requests(filing, "outcome.other.fee_not_paid") if match else None
    if match and number and is_own(stated(passage, match), filing):
        words = quoted(passage.text, match.start(), match.end())
        yield Finding("R17.not_paid", passage.section, "0", f"{number:f}", words=words)


def _too_many(passage: Passage, start: int, end: int, filing: Filing) -> Iterator[Finding]:
    match = _APPLICATIONS.search(passage.text, start, end) if passage.text.find("收取", start, end) >= 0 else None
    number = exact(match["number"]) if match else None
    if not match or not number:
        return
    all_handled = counts.total(counts.requests(filing, "received"), counts.requests(filing, "carried_in"))
    if all_handled is not None and number > all_handled and is_own(stated(passage, match), filing):
        words = quoted(passage.text, match.start(), match.end())
        most = phrase("at_most", number=all_handled)
        yield Finding("R17.too_many", passage.section, f"{number:f}", most, words=words, handled=all_handled)


def silent(filing: Filing) -> Iterator[Finding]:
    """L13: from 2021 on section six reports whether the fee was charged."""
    if filing.year < FIRST_YEAR or "other" not in filing.narrative:
        return
    if any(_ANY_FEE.search(words) for words in (filing.narrative["other"], *_elsewhere(filing))):
        return
    if next(denied(filing), None):
        return
    yield Finding("L13", "other", "", _FEES)


def _elsewhere(filing: Filing) -> Iterator[str]:
    """Other paragraphs that speak of the fee itself: there 收费 may be about anything."""
    return (
        passage.text
        for passage in passages_with(filing, "处理费")
        if passage.section != "other" and _FEE.search(passage.text)
    )


def denied(filing: Filing) -> Iterator[Finding]:
    """L14: section six does not say that there is nothing to report in a year in which the fee was charged."""
    told = ""
    if filing.year >= FIRST_YEAR and (words := filing.narrative.get("other")):
        told = words.strip()
    if told and len(told) < 40 and _NOTHING.fullmatch("".join(told.split())):
        if number := counts.requests(filing, "outcome.other.fee_not_paid"):
            yield Finding("L14.table", "other", told, _FEES, number=number)
        elif charged := _charged(filing):
            yield Finding("L14.text", "other", told, _FEES, words=charged)


def _charged(filing: Filing) -> str:
    """The words that show that the fee was asked for; "" if none do."""
    for passage in passages_with(filing, "处理费"):
        for start, fee, end in _sentences(passage.text):
            money = _MONEY.search(passage.text, fee, end)
            if money and exact(money["number"]) and not _NONE.search(passage.text, start, end):
                return quoted(passage.text, fee, money.end())
    return ""


RULES = (Rule("R17", fees), Rule("L13", silent), Rule("L14", denied))
