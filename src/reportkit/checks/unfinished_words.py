"""L2, L8 and L9: words that have lost a part, or were never finished."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportkit.checks.findings import Finding, Rule
from reportkit.checks.texts import passages, passages_with, quoted
from reportkit.model.filing import Filing

_LOST = re.compile(
    r"(?<!\d)(?:20\d\d(?:0?[1-9]|1[0-2])月(?:\d{1,2}日)?|20\d\d(?:1[0-2]|0?[1-9])(?:[0-2]?\d|3[01])日|20\d\d\d\d年)"
)
_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z\d./])(?:[XxＸ×✕]{2,})(?![A-Za-z\d])|[_＿]{3,}|\{\{|\}\}|\*{4,}|�|待补充|待填|待核实|此处填|TODO|&nbsp;|</?(?:p|div|span|br|td|tr)\b"
)
_PLACEHOLDER_SIGNS = (
    *("Xx", "XX", "xx", "Ｘ", "×", "✕", "__", "＿", "{{", "}}", "****", "�"),
    "待",
    "处填",
    "TODO",
    "&nbsp",
    "<",
)
_LONG = 30
_COMPLETE = "。！？；：”）》…|.!?;:)\"'>*"
_SIGNATURE = re.compile("(?:日|[省市县区镇乡村局厅委办]|街道|政府|中心|办公室|办事处|委员会|支队|大队|公司)$")


def lost_signs(filing: Filing) -> Iterator[Finding]:
    """L2: no date has lost a 年, 月 or 日, or doubled a part of its year."""
    for passage in passages_with(filing, "20"):
        for match in _LOST.finditer(passage.text):
            words = quoted(passage.text, match.start(), match.end())
            yield Finding("L2", passage.section, match[0], words=words, year=filing.year)


def truncated(filing: Filing) -> Iterator[Finding]:
    """L8: no section stops in the middle of a sentence."""
    last = {passage.section: passage.text for passage in passages(filing)}
    for section, text in last.items():
        clause = text[max(text.rfind(sign) for sign in "。；：！？") + 1 :]
        is_sentence = "，" in clause or len(clause) >= _LONG
        open_end = text[0] != "|" and text[-1] not in _COMPLETE and not _SIGNATURE.search(text)
        if (text[-1] in "，、" or (is_sentence and open_end)) and not (clause[-1:].isascii() and clause[-1:].isalnum()):
            yield Finding("L8", section, text[-24:])


def placeholders(filing: Filing) -> Iterator[Finding]:
    """L9: nothing is left that was to be filled in or that belongs to another program."""
    for passage in passages_with(filing, *_PLACEHOLDER_SIGNS):
        match = _PLACEHOLDER.search(passage.text)
        if match:
            words = quoted(passage.text, max(match.start() - 6, 0), match.end() + 6)
            yield Finding("L9", passage.section, match[0], words=words)


RULES = (Rule("L2", lost_signs), Rule("L8", truncated), Rule("L9", placeholders))
