"""The comparison's table: this year, last year, the change and its percentage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from reportkit.kinds import Say, saying
from reportkit.kinds.comparison import Line
from reportkit.model.cell import Cell
from reportkit.model.filing import Figure, Filing
from reportkit.model.printing import printed
from reportkit.report.comparison.changes import change_text, percentage_text
from reportkit.translation import N_


def table_html(now: Filing, before: Filing, lines: Sequence[Line]) -> str:
    """Return the table's HTML: a body for each of the form's tables, the lines below the label they share."""
    say = saying(now.form)
    heads = [*(year_text(say, of.year) for of in (now, before)), say(N_("Change")), say(N_("Change, %"))]
    item = say(N_("Item"))
    head = f'<th scope="colgroup" colspan="2">{item}</th>' + "".join(f'<th scope="col">{text}</th>' for text in heads)
    bodies = "".join(
        f"<tbody>\n{_title(now.form.tables[key].caption)}{''.join(_rows(list(below), say))}</tbody>\n"
        for key, below in groupby(lines, lambda line: line.table)
    )
    caption = say(N_("{year} and {last} compared")).format(year=now.year, last=before.year)
    return f'<table class="comparison"><caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n{bodies}</table>'


def year_text(say: Say, year: int) -> str:
    """Return a year as the comparison calls it."""
    return say(N_("{year}")).format(year=year)


def _title(text: str) -> str:
    return f'<tr><th scope="rowgroup" colspan="6">{escape(text)}</th></tr>\n'


def _rows(lines: Sequence[Line], say: Say) -> Iterator[str]:
    for above, below in groupby(lines, lambda line: line.labels[:-1]):
        group = list(below)
        stub = f'<th scope="rowgroup" rowspan="{len(group)}">{escape(" ".join(above))}</th>' if above else ""
        for line in group:
            span = "" if above else ' colspan="2"'
            yield f'<tr>{stub}<th scope="row"{span}>{escape(line.labels[-1])}</th>{_cells(line, say)}</tr>\n'
            stub = ""


def _cells(line: Line, say: Say) -> str:
    texts = [
        _printed(line.now, line.cell),
        _printed(line.before, line.cell),
        change_text(line, say),
        percentage_text(line),
    ]
    return "".join(f"<td>{escape(text)}</td>" for text in texts)


def _printed(figure: Figure | None, cell: Cell) -> str:
    return "" if figure is None else printed(figure, cell)
