"""What a filing's figures tell by themselves, in words: edition, equations, blanks, and whose words it has.

The sentence of an equation is one for all of them: a project's own form brings equations that no catalogue knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reportkit.errors import Issue
from reportkit.messages.words import issue, joined, phrase
from reportkit.model.equations import Breach
from reportkit.model.filing import BLANK, Filing, broken_rules, in_order, with_totals
from reportkit.model.form import Table


def check(filing: Filing) -> list[Issue]:
    """Return what is wrong with a filing's figures, errors first and then by place.

    The edition for the year (E1), the form's own rules, blank cells once per table (B1), sections without the town's
    words (N1), and what the reader noticed. reportkit.checks.check runs the rules over the text as well, and knows
    what was waived.
    """
    return in_order(found_in(with_totals(filing)))


def found_in(filled: Filing) -> list[Issue]:
    """Return what `check` does of a filing that has its totals, in no order."""
    return [
        *filled.notes,
        *_edition(filled),
        *(_breach(filled, breach) for breach in broken_rules(filled)),
        *(one for table in filled.form.tables.values() for one in _blanks(filled, table)),
        *_master_words(filled),
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
    stated = next((ref for _, ref in reversed(rule.terms) if ref in filing.origins), rule.terms[-1].ref)
    values = {"place": _place_name(filing, breach), "sides": _sides(filing, breach), "label": rule.label}
    left, right = format(breach.left, "f"), format(breach.right, "f")
    message, ref = phrase("breach", **values), rule.total or stated
    return Issue(rule.code, rule.severity, message, filing.where(stated), ref, left, right, "", values)


def _place_name(filing: Filing, breach: Breach) -> str:
    """What all terms share: the table, and the row or the column if there is only one."""
    table = filing.form.tables[breach.rule.terms[0].ref.table]
    labels = [table.labels[ref] for _, ref in breach.rule.terms]
    rows, columns = {row for row, _ in labels}, {column for _, column in labels}
    shared = [f"“{side.pop()}”" for side in (rows, columns) if len(side) == 1 and side != {""}]
    return f"{table.caption} {joined(shared)}".strip()


def _sides(filing: Filing, breach: Breach) -> str:
    """Both sides of a broken rule, every term by name and number: 甲 1 + 乙 2 = 3，而丙 4 = 4."""
    table = filing.form.tables[breach.rule.terms[0].ref.table]
    by_row = len({ref.row for _, ref in breach.rule.terms}) == 1

    def side(sign: int, total: Decimal) -> str:
        terms = []
        for coefficient, ref in breach.rule.terms:
            if coefficient == sign:
                name = table.labels[ref][1 if by_row else 0].rsplit(" / ", 1)[-1]
                terms.append(f"{name} [{filing.values.get(ref, BLANK)}]")
        return f"{' + '.join(terms)} = {total:f}"

    left = side(1, breach.left)
    if any(coefficient < 0 for coefficient, _ in breach.rule.terms):
        return phrase("two_sides", left=left, right=side(-1, breach.right))
    return phrase("nothing", left=left)


def _blanks(filing: Filing, table: Table) -> Iterator[Issue]:
    if table.cells.keys() <= filing.values.keys():
        return
    blank = [ref for ref in table.cells if ref not in filing.values and ref not in filing.unread]
    if not blank:
        return
    at = (filing.where(table.key), None, phrase("blanks", count=len(blank)), "0")
    if len(blank) == len(table.cells):
        yield issue("B1.table", *at, table=table.caption)
    else:
        first = joined(filter(None, table.labels[blank[0]]), "clauses")
        yield issue("B1.cells", *at, table=table.caption, count=len(blank), first=first)


def _master_words(filing: Filing) -> Iterator[Issue]:
    silent = [
        section.label
        for section in filing.form.sections
        if section.table is None and section.key not in filing.narrative
    ]
    if silent:
        # The master's words are for the official forms, and for those that have the words which it asks for.
        name = "N1.master" if filing.form.words else "N1.heading"
        yield issue(name, filing.where("narrative"), sections=silent)
