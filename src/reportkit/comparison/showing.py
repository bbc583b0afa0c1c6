"""The comparison as a report shows it: heading, table, pictures; or the sentence that says why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from reportkit.comparison.lastyear import last_year
from reportkit.comparison.lines import Line, picture_lines, table_lines
from reportkit.comparison.pictures import Picture, has_bars, picture, prepare
from reportkit.comparison.table import table_html
from reportkit.filing import Filing
from reportkit.narrative import Prose, heading
from reportkit.project import Project
from reportkit.readers.reading import COMPARISON

__all__ = ["compared", "prepare"]


def compared(filing: Filing, project: Project) -> Iterator[Prose | Picture]:
    """Yield what shows a filing beside the one of the year before, in reading order.

    Where there is no such filing, or not one to rely on, a sentence says so. Never raises for what last year's file is.
    """
    yield Prose(heading(COMPARISON, 2))
    last = last_year(project, filing)
    if isinstance(last, str):
        yield _sentence(last)
        return
    lines = table_lines(filing, last)
    if not lines:
        yield _sentence("两年的格式没有相同的项目，未作对比。")
        return
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
