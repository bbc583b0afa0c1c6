"""The comparison as a report shows it: heading, table, pictures. Why there is none, the checks say (R22)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from reportkit.exporters.obligations import Shown
from reportkit.kinds import saying
from reportkit.kinds.comparison import Line, picture_lines, table_lines
from reportkit.model.filing import Filing
from reportkit.model.reading import COMPARISON
from reportkit.report.comparison.pictures import Picture, has_bars, picture, prepare
from reportkit.report.comparison.table import table_html
from reportkit.report.narrative import Prose, heading
from reportkit.translation import N_

__all__ = ["compared", "prepare"]


def compared(filing: Filing, last: Filing, about: Shown | None = None) -> Iterator[Prose | Picture]:
    """Yield what shows a filing beside the one of the year before, in reading order; nothing if they share nothing.

    `about` goes with the first piece, the heading.
    """
    lines = table_lines(filing, last)
    if not lines:
        return
    yield Prose(heading(saying(filing.form)(COMPARISON), 2), about)
    yield Prose(table_html(filing, last, lines))
    yield from map(_sentence, _notes(filing, last, lines))
    yield from _pictures(filing, last)


def _pictures(filing: Filing, last: Filing) -> Iterator[Prose | Picture]:
    """The pictures, and at the end which were left out as there is nothing in them."""
    left_out, say = [], saying(filing.form)
    for title, lines in picture_lines(filing, last).items():
        if has_bars(lines):
            yield picture(title, filing.year, lines, say)
        else:
            left_out.append((title, lines))
    if left_out:
        blank = any(line.now is None or line.before is None for _, lines in left_out for line in lines)
        titles = say(N_("; ")).join(title for title, _ in left_out)
        words = say(N_("No picture is drawn of {titles}: all are 0 in both years."))
        if blank:
            words = say(N_("No picture is drawn of {titles}: all are 0 or blank."))
        yield _sentence(words.format(titles=titles))


def _notes(filing: Filing, last: Filing, lines: Sequence[Line]) -> Iterator[str]:
    """What has to be known to read the table."""
    say = saying(filing.form)
    if filing.form.edition != last.form.edition:
        words = say(
            N_("The form of {year} is the edition {edition}, that of {last} {before}; only what both have is listed.")
        )
        editions = {"edition": filing.form.edition, "before": last.form.edition}
        yield words.format(year=filing.year, last=last.year, **editions)
    if any(line.now is None or line.before is None for line in lines):
        yield say(N_("A blank is a figure that a report does not state: it is not 0, and no change is worked out."))


def _sentence(text: str) -> Prose:
    return Prose(f"<p>{escape(text, quote=False)}</p>")
