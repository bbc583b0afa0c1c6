"""The report's prose: text with numbers in it -> HTML in which nobody's text can become markup.

Two kinds of text come in. What stands in a notebook cell is the analyst's: Jinja expressions are evaluated (in a
sandbox) and the result is Markdown. A town's own text is data: it is printed as written, but for a few signs.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from decimal import localcontext
from html import escape
from typing import Any

from jinja2 import TemplateError
from jinja2.utils import missing

from reportkit.exporters.obligations import Note, Shown
from reportkit.model.filing import EXACT, Filing
from reportkit.model.form import Form
from reportkit.report.narrative.expressions import NarrativeError, OfCell, Ready, compiled, filled
from reportkit.report.narrative.lines import one_paragraph
from reportkit.report.narrative.namespace import Last, OtherFormError, Words, about
from reportkit.report.narrative.rendering import cell_html
from reportkit.report.narrative.town import town_html

__all__ = ["NarrativeError", "Prose", "cell_prose", "form_prose", "heading", "names", "prepare", "town_prose"]


class Prose:
    """A piece of HTML that shows itself in a notebook; `about` says what it is, see reportkit.exporters.obligations."""

    def __init__(self, html: str, about: Shown | Note | None = None) -> None:
        self.html, self._about = html, about

    def __repr__(self) -> str:
        return f"Prose({len(self.html)} characters)"

    def _repr_html_(self) -> str | tuple[str, dict[str, Any]]:
        return (self.html, self._about.metadata) if self._about else self.html


def prepare(form: Form, cells: Iterable[str]) -> None:
    """Compile ahead the form's sentences and the `%%narrative` cells among these sources."""
    bodies = (
        f"{source.partition(chr(10))[2].rstrip(chr(10))}\n" for source in cells if source.startswith("%%narrative")
    )
    for text in (*form.words.values(), *bodies):
        with suppress(TemplateError):  # whoever runs the cell is told
            compiled(text)
    cell_html("")  # mistune's rules


def heading(text: str, level: int) -> str:
    """Return a heading's HTML."""
    return f"<h{level}>{escape(text, quote=False)}</h{level}>\n"


def town_prose(text: str) -> str:
    """Return a town's own text as HTML. Nothing in it is evaluated, loaded or linked."""
    return town_html(text)


def cell_prose(text: str, known: Mapping[str, Any], place: str, of_cell: OfCell = lambda _name: missing) -> str:
    """Return the HTML of a narrative cell's Markdown, its Jinja expressions filled in with the `names` of a filing.

    `of_cell` says what the notebook's cells have assigned to a name that is none of these. A cell that asks for a
    sentence of the official forms which the filing's form does not have says nothing: it speaks of another kind of
    report. `place` is what the cell says after `%%narrative`. Raises NarrativeError for an unknown name, a broken
    expression, and one that gives neither a number nor a text nor a date.
    """
    with localcontext(EXACT):
        try:
            return cell_html(filled(text, known, f"%%narrative {place}", of_cell))
        except OtherFormError:
            return ""


def form_prose(name: str, known: Mapping[str, Any]) -> str:
    """Return the HTML of a form's sentence, filled in with the `names` of a filing. Raises as `cell_prose` does."""
    with localcontext(EXACT):
        return cell_html(filled(f"{{{{ words[{name!r}] }}}}", known, f"words.{name}"))


def names(
    filing: Filing, others: Container[str] = (), last: Callable[[], Filing | str] | None = None
) -> dict[str, Any]:
    """Return the names that a narrative cell can use.

    `year`, `jurisdiction`, `agency`, `document` (the notice behind the form), `words` (the form's own sentences), and
    each table by its key: `requests.received.total` is a cell; a group of rows has the sums of its columns,
    `requests.outcome.refused.total`. Blank cells count as 0. `facts` are there if the filing has any, and `last`, last
    year's names but for `words`, if it is given: what returns last year's filing, or why there is none, is called when
    a sentence asks for them. `others` are the names of sentences that the master may ask for although this form has
    none of them.
    """
    known = about(filing)
    templates = filing.form.words
    if last:
        known = {"last": Last(lambda: _names_or_why(last())), **known}  # a table of the form that is called so wins

    def sentence(name: str) -> Ready:
        return Ready(one_paragraph(filled(templates[name], known, f"words.{name}")))

    return {**known, "words": Words(templates, sentence, others)}


def _names_or_why(last: Filing | str) -> Mapping[str, Any] | str:
    return last if isinstance(last, str) else about(last, "last.")
