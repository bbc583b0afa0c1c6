"""The comparison as a report shows it: heading, table, pictures. Why there is none, the checks say (R22)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from reportkit.exporters.obligations import Shown
from reportkit.kinds.comparison import Line, picture_lines, table_lines
from reportkit.model.filing import Filing
from reportkit.model.reading import COMPARISON
from reportkit.report.comparison.pictures import Picture, has_bars, picture, prepare
from reportkit.report.comparison.table import table_html
from reportkit.report.narrative import Prose, heading

__all__ = ["compared", "prepare"]


def compared(filing: Filing, last: Filing, about: Shown | None = None) -> Iterator[Prose | Picture]:
    """Yield what shows a filing beside the one of the year before, in reading order; nothing if they share nothing.

    `about` goes with the first piece, the heading.
    """
    lines = table_lines(filing, last)
    if not lines:
        return
    yield Prose(heading(COMPARISON, 2), about)
    yield Prose(table_html(filing, last, lines))
    yield from map(_sentence, _notes(filing, last, lines))
    yield from _pictures(filing, last)


def _pictures(filing: Filing, last: Filing) -> Iterator[Prose | Picture]:
    """The pictures, and at the end which were left out as there is nothing in them."""
    left_out = []
    for title, lines in picture_lines(filing, last).items():
        if has_bars(lines):
            yield picture(title, filing.year, lines)
        else:
            left_out.append((title, lines))
    if left_out:
        blank = any(line.now is None or line.before is None for _, lines in left_out for line in lines)
        titles = "；".join(title for title, _ in left_out)
        yield _sentence(f"没有作图的：{titles}。{'各项都是 0 或空白' if blank else '各项两年都是 0'}。")


def _notes(filing: Filing, last: Filing, lines: Sequence[Line]) -> Iterator[str]:
    """What has to be known to read the table."""
    if filing.form.edition != last.form.edition:
        yield (
            f"{filing.year}年用的是{filing.form.edition}年版格式，{last.year}年用的是{last.form.edition}年版格式，"
            "只列两种格式都有的项目。"
        )
    if any(line.now is None or line.before is None for line in lines):
        yield "表中空白的是报告里没有填写的数；空白不是 0，不计算增减。"


def _sentence(text: str) -> Prose:
    return Prose(f"<p>{escape(text, quote=False)}</p>")
