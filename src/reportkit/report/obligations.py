"""What a report owes its reader, by the form at hand and what the filing states; the exporters ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reportkit.exporters.obligations import Piece, Shown, Statement
from reportkit.kinds import Kind, Say, saying
from reportkit.model.filing import Filing
from reportkit.model.form import Form, Section
from reportkit.translation import N_

TITLE, COMPARISON = "title", "comparison"


def statement(filing: Filing, errors: int, *, compares: bool, kind: Kind) -> Statement:
    """Return what the report of a filing owes; `errors` is how many errors a check has found.

    `kind` is the one that the master notebook is written for.
    """
    return Statement(_name(filing), errors, _pieces(filing, compares), _silent(filing.form, kind))


def showing(filing: Filing, *names: str) -> Shown:
    """Return what is said of an output that shows these pieces of a report."""
    return Shown(_name(filing), *names)


def heading_of(key: str) -> str:
    """Return the name of a section's heading as a piece."""
    return f"heading:{key}"


def words_of(key: str) -> str:
    """Return the name of a town's own words for a section as a piece."""
    return f"words:{key}"


def table_of(key: str) -> str:
    """Return the name of a table as a piece."""
    return f"table:{key}"


def parts_of(form: Form, key: str) -> Mapping[str, str]:
    """Return the parts that a form asks for in a section: their headings by key."""
    section = form.section_by_key.get(key)
    return section.parts if section else {}


def _name(filing: Filing) -> str:
    return f"{filing.jurisdiction} {filing.year}"


def _pieces(filing: Filing, compares: bool) -> Iterator[Piece]:
    say = saying(filing.form)
    yield Piece(TITLE, say(N_("the title")), _cell(say, "report.title"))
    for section in filing.form.sections:
        yield from _pieces_of(section, filing.narrative.get(section.key, ""), say)
    if compares:
        yield Piece(COMPARISON, say(N_("the comparison with last year")), _cell(say, "report.compare()"))


def _pieces_of(section: Section, words: str, say: Say) -> Iterator[Piece]:
    if section.needs_words and not words.strip():
        return  # a cell may show it all the same
    cell, name = _cell(say, f'report.heading("{section.key}")'), section.heading
    what = say(N_("the heading “{heading}”")).format(heading=name)
    yield Piece(heading_of(section.key), what, cell, heading=" ".join(name.split()))
    if words.strip():
        what = say(N_("the unit's own words in “{heading}”")).format(heading=name)
        yield Piece(words_of(section.key), what, cell)
    if section.table:
        table = section.table.key
        what = say(N_("the table of “{heading}”")).format(heading=name)
        yield Piece(table_of(table), what, _cell(say, f'report.table("{table}")'), table=f"T_{table}")


def _cell(say: Say, call: str) -> str:
    return say(N_("cell {call}")).format(call=call)


def _silent(form: Form, kind: Kind) -> Iterator[str]:
    """What the master has cells for, as a form of its kind asks for it, and this form does not."""
    for key, parts in kind.sections.items():
        if key not in form.section_by_key:
            yield key
        else:
            yield from (f"{key} {part}" for part in sorted(parts - parts_of(form, key).keys()))
