"""A year's parameter file begun from last year's: what stays the same comes along, the rest is to be filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reportkit.errors import CellRef, ReaderError
from reportkit.kinds import form_for
from reportkit.kinds.carry_over import CarryOver, carry_over
from reportkit.model.filing import Figure, Filing
from reportkit.model.form import Form
from reportkit.model.zeros import zeros
from reportkit.params.first_words import Words
from reportkit.params.round_trip import prove
from reportkit.params.writer import params_text
from reportkit.params.year_editor import YearEditor
from reportkit.translation import _


@dataclass(frozen=True)
class NewYear:
    """A parameter file that is begun: its text, and the filing that it holds.

    `carried` are the figures that follow from last year's, `hints` words about others, and `lost` the cells whose
    figure would follow from last year's if that could be read; `zeros` are the blanks that were made 0. `dropped` are
    the labels of last year's sections that this year's form has not. `rewritten` says that the file could not be made
    of last year's text: then its comments stand at the head.
    """

    text: str
    filing: Filing
    last: Filing
    carried: Mapping[CellRef, Figure]
    hints: Mapping[CellRef, str]
    lost: frozenset[CellRef]
    zeros: frozenset[CellRef] = frozenset()
    dropped: tuple[str, ...] = ()
    rewritten: bool = False


def new_year(
    text: str,
    last: Filing,
    form: Form,
    year: int,
    *,
    words: Words = Words.last_year,
    blank_as_zero: bool = False,
    forms: Mapping[str, Form] | None = None,
) -> NewYear:
    """Return a file of a year, begun from an earlier one, `text`, that holds the filing `last`, in the form `form`.

    Names, agency, waivers, `compare` and comments stay; figures and facts become blanks, but for what carries over from
    the year before (see reportkit.kinds.carry_over). With `words` the town's own texts stay, too, or go. `forms` know
    the facts that the file may state, see `prove`.
    Raises ReaderError if no such file can be made.
    """
    over = carry_over(form, last) if last.year + 1 == year else CarryOver({}, {})
    stays = last.narrative if words is Words.last_year else {}
    filing = replace(
        last,
        form=form,
        year=year,
        values=over.values,
        narrative={key: own for key, own in stays.items() if key in form.section_by_key},
        facts={},
        computed=frozenset(),
        unread={},
        origins={},
        notes=(),
    )
    nothing = _zeros(filing, last, over) if blank_as_zero else {}
    filing = replace(filing, values={**over.values, **nothing})
    dropped = [last.form.section_by_key[key].label for key in stays if key not in form.section_by_key]
    made = NewYear("", filing, last, *over, zeros=frozenset(nothing), dropped=tuple(dropped))
    try:
        if dropped:
            return _rewritten(made, text, forms)
        return replace(made, text=_edited(text, made, words, forms))
    except ReaderError:
        return _rewritten(made, text, forms)


def _zeros(filing: Filing, last: Filing, over: CarryOver) -> Mapping[CellRef, Figure]:
    """The cells to make 0: none of which something is known of last year."""
    known = {ref for ref in over.hints if last.values.get(ref)}
    return zeros(filing, but=known | over.lost)


def _edited(text: str, made: NewYear, words: Words, forms: Mapping[str, Form] | None) -> str:
    """Last year's text with what is new put in."""
    last, filing = made.last, made.filing
    body = text.removeprefix("\ufeff")
    editor = YearEditor(body, last.form, last.origin.path)
    editor.put_year(filing.year, _stated_edition(filing, last))
    facts: dict[str, Any] = dict.fromkeys((*filing.form.facts, *last.facts))
    editor.put_facts(facts)
    if filing.form.edition == last.form.edition:
        cells = (ref for table in filing.form.tables.values() for ref in table.cells)
        editor.put_figures({ref: filing.values.get(ref) for ref in cells})
        editor.put_shares({}, set())
    else:
        editor.put_form(filing.form, filing.values)
    if words is not Words.last_year:
        editor.put_words(dict.fromkeys(last.narrative, ""))
    if words is Words.blank:
        editor.put_sections()
    editor.drop_source()
    result = text[: len(text) - len(body)] + editor.result()
    prove(result, replace(filing, notes=last.notes), "I16.unlike", forms)
    return result


def _stated_edition(filing: Filing, last: Filing) -> str:
    """What the file is to say of its edition: nothing where it says nothing and the year does."""
    form = filing.form
    follows = form_for({form.edition: form}, filing.year)
    if form.edition == last.form.edition or ("edition" not in last.origins and follows):
        return ""
    return form.edition


def _rewritten(made: NewYear, text: str, forms: Mapping[str, Form] | None) -> NewYear:
    """The file written as a new one is; the comments of last year's stand at its head."""
    last, filing = made.last, made.filing
    editor = YearEditor(text.removeprefix("\ufeff"), last.form, last.origin.path)
    head = _("begun from {file} of {year}").format(file=last.origin.path, year=last.year)
    result = params_text(filing, head=[head, *editor.comments()])
    prove(result, filing, "I17", forms)
    return replace(made, text=result, rewritten=True)
