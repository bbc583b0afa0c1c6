"""The headings of the six sections in all the ways in which reports write them."""

from __future__ import annotations

import re

from reportkit.forms import Form
from reportkit.readers.published.labels import letters, numbered

_WAYS = {
    "overview": r"(?:总体|基本|总体工作|工作总体|工作基本)(?:情况|概述|概况)|概述|概况",
    "proactive": r"(?:本?行政机关|本机关|本单位)?主动公开(?:的)?政府信息(?:工作)?(?:的)?情况",
    "requests": r"(?:本?行政机关|本机关|本单位)?收到和处理政府信息公开的?申请的?情况",
    "reviews": r"因?(?:政府信息公开)?(?:工作)?(?:被)?(?:申请|提起)?行政复议和?(?:被)?(?:提起)?行政诉讼(?:的)?情况",
    "problems": r"(?:政府信息公开)?(?:工作)?(?:中)?存在的?(?:主要)?问题[及和与]?(?:下一步)?(?:改进|整改)(?:情况|措施)",
    "other": r"其[他它]?(?:需要|应当|需)?(?:报告|说明)的?(?:其他)?事项",
}
_SHORT_WAYS = {
    "overview": r"(?:政府信息公开)?工作(?:情况|概述|概况)",
    "proactive": r"(?:政府信息)?主动公开(?:工作)?情况",
    "requests": r"(?:政府信息)?依申请公开(?:政府信息|工作)?(?:的)?情况|(?:收到和)?处理政府信息公开申请情况",
    "reviews": r".{0,14}行政复议.{0,6}诉讼.{0,3}情况",
    "problems": r".{0,14}问题.{0,4}(?:改进|整改|措施).{0,4}",
    "other": r"其[他它].{0,8}(?:事项|情况)",
}
"""Headings only under the section's own number: sections have subheadings like these."""

_CAPTION = re.compile(r"^[#\s]*(?:表[一二三四]\s*[:：、.]?)?")
_REPEATED = re.compile(r"[(（]\s*重复率.*$")
_NUMBER = re.compile(r"[一二三四五六七八九十]+\s*[、.．,，]|[^（(\d]")
_MOST = 40
"""A heading is a line shorter than this: sentences that list the sections are not headings."""


class Headings:
    """The section headings of a form."""

    def __init__(self, form: Form) -> None:
        self._labels = {letters(section.label): section.key for section in form.sections}
        self._numbers = {numbered(section.heading): section.key for section in form.sections}
        self._ways = _compiled(_WAYS, form)
        self._short_ways = _compiled(_SHORT_WAYS, form)

    def section(self, line: str) -> str:
        """Return the key of the section that a line heads, "" if it heads none."""
        if len(line) > _MOST:
            return ""
        text = _REPEATED.sub("", _CAPTION.sub("", line.strip()))
        if not _NUMBER.match(text):
            return ""  # （二）依申请公开情况 is a heading within a section
        number, core = numbered(text)
        if core in self._labels:
            return self._labels[core]
        found = next((key for key, way in self._ways.items() if way.fullmatch(core)), "")
        return found or self._short(number, core)

    def begun(self, line: str) -> str:
        """Return the key of the section whose heading begins like this: the line at which a file is cut off."""
        number, core = numbered(line)
        found = (key for (of, label), key in self._numbers.items() if number == of and label.startswith(core))
        return next(found, "") if number and len(core) >= 2 else ""

    def _short(self, number: str, core: str) -> str:
        own = {key for (of, _), key in self._numbers.items() if of == number and number}
        return next((key for key, way in self._short_ways.items() if key in own and way.fullmatch(core)), "")


def _compiled(ways: dict[str, str], form: Form) -> dict[str, re.Pattern[str]]:
    return {key: re.compile(way) for key, way in ways.items() if key in form.section_by_key}
