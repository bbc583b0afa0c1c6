"""The comparison's table: this year, last year, the change and its percentage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from reportkit.kinds.comparison import Line
from reportkit.model.filing import Figure, Filing
from reportkit.report.comparison.changes import change_text, percentage_text


def table_html(now: Filing, before: Filing, lines: Sequence[Line]) -> str:
    """Return the table's HTML: a body for each of the form's tables, the lines below the label they share."""
    heads = [f"{now.year}年", f"{before.year}年", "增减", "增减%"]
    head = '<th scope="colgroup" colspan="2">项目</th>' + "".join(f'<th scope="col">{text}</th>' for text in heads)
    bodies = "".join(
        f"<tbody>\n{_title(now.form.tables[key].caption)}{''.join(_rows(list(below)))}</tbody>\n"
        for key, below in groupby(lines, lambda line: line.table)
    )
    caption = f"<caption>{now.year}年与{before.year}年对比</caption>"
    return f'<table class="comparison">{caption}\n<thead><tr>{head}</tr></thead>\n{bodies}</table>'


def _title(text: str) -> str:
    return f'<tr><th scope="rowgroup" colspan="6">{escape(text)}</th></tr>\n'


def _rows(lines: Sequence[Line]) -> Iterator[str]:
    for above, below in groupby(lines, lambda line: line.labels[:-1]):
        group = list(below)
        stub = f'<th scope="rowgroup" rowspan="{len(group)}">{escape(" ".join(above))}</th>' if above else ""
        for line in group:
            span = "" if above else ' colspan="2"'
            yield f'<tr>{stub}<th scope="row"{span}>{escape(line.labels[-1])}</th>{_cells(line)}</tr>\n'
            stub = ""


def _cells(line: Line) -> str:
    texts = [_written(line.now), _written(line.before), change_text(line), percentage_text(line)]
    return "".join(f"<td>{escape(text)}</td>" for text in texts)


def _written(figure: Figure | None) -> str:
    return "" if figure is None else figure.text
