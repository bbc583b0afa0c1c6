"""What a filing's figures tell by themselves, in words: edition, equations, blanks, and whose words it has.

The sentence of an equation is one for all of them: a project's own form brings equations that no catalogue knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from reportkit.errors import CellRef, Issue
from reportkit.kinds import kind_of
from reportkit.messages import computed
from reportkit.messages.cell_words import own_label
from reportkit.messages.words import issue, joined, phrase
from reportkit.model.cell import ADDED
from reportkit.model.equations import Breach
from reportkit.model.facts import is_fact
from reportkit.model.filing import Figure, Filing, broken_rules, in_order, numbers, with_totals
from reportkit.model.form import Table
from reportkit.model.rounding import figure_text
from reportkit.model.row_records import asked_cells
from reportkit.model.rule import Rule, Term


def check(filing: Filing) -> list[Issue]:
    """Return what is wrong with a filing's figures, errors first and then by place.

    The edition for the year (E1), the form's own rules and formulas, blank cells once per table (B1), sections without
    the town's words (N1, N6), and what the reader noticed. reportkit.checks.check runs the rules over the text as
    well, and knows what was waived.
    """
    return in_order(found_in(with_totals(filing)))


def found_in(filled: Filing) -> list[Issue]:
    """Return what `check` does of a filing that has its totals, in no order."""
    return [
        *filled.notes,
        *_edition(filled),
        *(_breach(filled, breach) for breach in broken_rules(filled)),
        *computed.found_in(filled),
        *(one for table in filled.form.tables.values() for one in _blanks(filled, table)),
        *_words(filled),
    ]


def _edition(filing: Filing) -> Iterator[Issue]:
    form, year = filing.form, filing.year
    if not form.covers(year):
        first, last = form.years
        span = phrase("since", first=first) if last is None else phrase("years", first=first, last=last)
        at = (filing.where("edition"), None, form.edition, span)
        if form.document:
            yield issue("E1.of", *at, edition=form.edition, year=year, document=form.document)
        else:
            yield issue("E1.plain", *at, edition=form.edition, year=year)


def _breach(filing: Filing, breach: Breach) -> Issue:
    rule = breach.rule
    # The last term that was stated is mostly the total, which is where a clerk looks first.
    stated = next((ref for ref in reversed(rule.refs) if filing.is_stated(ref)), rule.refs[-1])
    values = {"place": _place_name(filing, breach), "sides": _sides(filing, breach), "label": rule.label}
    left, right = (_sum_text(filing, rule, total) for total in (breach.left, breach.right))
    message, ref = phrase("breach", **values), rule.total or stated
    return Issue(rule.code, rule.severity, message, filing.where(stated), ref, left, right, "", values)


def _place_name(filing: Filing, breach: Breach) -> str:
    """What all terms share: the table, and the row or the column if there is only one."""
    keys = {ref.table for ref in breach.rule.refs}
    if len(keys) > 1 or not keys <= filing.form.tables.keys():
        return joined(filing.form.tables[key].caption for key in filing.form.tables if key in keys)
    table = filing.form.tables[keys.pop()]
    labels = [table.labels[ref] for ref in breach.rule.refs]
    rows, columns = {row for row, _ in labels}, {column for _, column in labels}
    shared = [f"“{side.pop()}”" for side in (rows, columns) if len(side) == 1 and side != {""}]
    return joined([f"{table.caption} {shared[0]}", *shared[1:]]) if shared else table.caption


def _sides(filing: Filing, breach: Breach) -> str:
    """Both sides of a broken rule, every term by name and number: 甲 1 + 乙 2 = 3，而丙 4 = 4."""
    rule, stated = breach.rule, numbers(filing)

    def side(terms: Iterable[Term], total: Decimal) -> str:
        told = [_term(_term_name(filing, rule, ref), stated.get(ref), factor) for ref, factor in terms]
        return phrase("side", terms=joined(told, "plus"), total=_sum_text(filing, rule, total))

    left = side(rule.left, breach.left)
    if not rule.right:
        return phrase("nothing", left=left)
    words = "two_sides" if rule.sign == "=" else "no_more"
    told = phrase(words, left=left, right=side(rule.right, breach.right))
    return phrase("within", sides=told, tolerance=_sum_text(filing, rule, rule.tolerance)) if rule.tolerance else told


def _sum_text(filing: Filing, rule: Rule, total: Decimal) -> str:
    """A side of a rule as its cells would write it: of percentages, in percent."""
    cells = [filing.form.cells.get(ref) for ref in rule.refs]
    first = cells[0] if cells else None
    if first is None or any(cell is None or cell.kind != "percent" for cell in cells):
        return format(total, "f")
    return figure_text(total, first)


def _term(name: str, figure: Figure | Decimal | None, factor: Decimal) -> str:
    number = phrase("blank") if figure is None else str(figure)
    told = phrase("stated", name=name, number=number)
    return told if factor == 1 else phrase("times", stated=told, factor=str(factor))


def _term_name(filing: Filing, rule: Rule, ref: CellRef) -> str:
    """What a term is called where the place says what all of a rule's terms share."""
    if is_fact(ref, filing.form.tables):
        return filing.form.facts[ref.row].label
    labels, others = filing.form.tables[ref.table].labels[ref], {other.table for other in rule.refs}
    if len(others) > 1:
        return joined(filter(None, labels), "clauses")
    by_row = len({other.row for other in rule.refs}) == 1
    return own_label(labels[1 if by_row else 0])


def _blanks(filing: Filing, table: Table) -> Iterator[Issue]:
    if table.cells.keys() <= filing.values.keys():
        return
    if table.cells.keys() <= filing.values.keys():
        return
    # What a formula leaves blank is told as that, or with what it is computed from.
    stated = filing.values.keys() | filing.unread.keys()
    asked = [ref for ref in asked_cells(table, stated) if ref not in table.formulas]
    if table.open and not asked and not any(ref.table == table.key for ref in stated):
        yield issue("B1.records", filing.where(table.key), None, phrase("blank"), "", table=table.caption)
    blank = [ref for ref in asked if ref not in filing.values and ref not in filing.unread]
    if blank and len(blank) == len(asked):
        at = (filing.where(table.key), None, phrase("blanks", count=len(blank)), "0")
        yield issue("B1.table", *at, table=table.caption)
        return
    for name, wanted, counted in (("B1.cells", "0", True), ("B1.words", "", False)):
        refs = [ref for ref in blank if (table.cells[ref].kind in ADDED) is counted]
        if not counted:  # a form that says what stands in a blank text or day lets it be blank
            refs = [ref for ref in refs if table.cells[ref].format.blank is None]
        if refs:
            at = (filing.where(table.key), None, phrase("blanks", count=len(refs)), wanted)
            first = joined(filter(None, table.labels[refs[0]]), "clauses")
            yield issue(name, *at, table=table.caption, count=len(refs), first=first)


def _words(filing: Filing) -> Iterator[Issue]:
    """The sections without words of the unit's own; where the master has none, sentences of the form will do."""
    absent = [section for section in filing.form.sections if section.key not in filing.narrative]
    for section in absent:
        if section.required:
            yield issue("N6", filing.where("narrative"), section=section.label)
    said = () if kind_of(filing.form).has_master else filing.form.words
    silent = [
        section.label
        for section in absent
        if section.table is None and not (section.required or section.optional) and section.key not in said
    ]
    if silent:
        # The master's words are for the official forms, and for those that have the words which it asks for.
        name = "N1.master" if filing.form.words else "N1.heading"
        yield issue(name, filing.where("narrative"), sections=silent)
