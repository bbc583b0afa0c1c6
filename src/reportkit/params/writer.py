"""What was read of a report, or a filing -> the text of a parameter file that says just that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import PurePath
from types import MappingProxyType

from reportkit.errors import CellRef, Issue
from reportkit.kinds import Say, language_of, saying
from reportkit.messages.cell_words import to_check
from reportkit.model.facts import Fact
from reportkit.model.filing import Filing, fact_at, unread_facts
from reportkit.model.form import Block, Form, Header, Leaf, Table
from reportkit.model.numbers import TO_CHECK
from reportkit.model.reading import Reading
from reportkit.model.spelling import normal
from reportkit.params.record_text import records_value
from reportkit.params.yaml_text import (
    BLANK,
    Entry,
    Items,
    Unread,
    Words,
    Written,
    comment,
    entry_lines,
    fact_entry,
    number,
    scalar,
)
from reportkit.translation import N_, gettext_in

Notes = dict[CellRef | str, list[str]]
"""What is to be told at a cell, or at the key of a section, a table or the top level; "" is the file as a whole."""


def params_text(
    source: Reading | Filing, remarks: Mapping[CellRef | str, str] = MappingProxyType({}), head: Sequence[str] = ()
) -> str:
    """Return the YAML of a parameter file.

    Every cell is written: figures as they were written in the source, blank ones and computed totals as ~, and a
    mark where a figure could not be read, so that no report is made until somebody has looked. What the reader noticed
    stands in a comment above the line that it concerns, and so do `remarks` on cells, and on facts by their key in a
    filing's origins. `head` are the comments at the head; without them it says what the source was.
    """
    notes = _notes(source)
    for ref, remark in remarks.items():
        notes.setdefault(ref, []).append(remark)
    top = _top(source, notes)
    figures = Entry("figures", figure_entries(source.form, _stated(source), notes), notes.pop("figures", []))
    words = narrative_entries(source.form, source.narrative, notes)
    narrative = Entry("narrative", list(words), notes.pop("narrative", []))
    waivers = [Entry(code, scalar(reason)) for code, reason in getattr(source, "waivers", {}).items()]
    parts = [
        top,
        facts_entries(source, notes),
        [figures],
        [narrative] if narrative.value else [],
        [Entry("waivers", list(waivers))] if waivers else [],
    ]
    # What found no line of its own is told at the head, which is why the head comes last.
    head = [*(head or [_source_note(source)]), *(note for rest in notes.values() for note in rest)]
    return "".join(f"{comment(note)}\n" for note in head) + _text(parts)


def _text(parts: list[list[Entry]]) -> str:
    return "\n".join("".join(entry_lines(entries)) for entries in parts if entries)


_SOURCE = N_("imported from {file}"), N_("imported from {file}; look where it says {mark}")
_TO_CHECK, _WHY = N_("{mark}: {what}"), N_("{mark} ({code}): {what} ({place})")
_COLUMNS = N_("columns: {names}")
_LANGUAGES = tuple(TO_CHECK)


def _source_note(source: Reading | Filing) -> str:
    say, mark = saying(source.form), to_check(source.form)
    return say(_SOURCE[bool(source.notes or source.unread)]).format(file=PurePath(source.origin.path).name, mark=mark)


def _beginnings(*templates: str) -> tuple[str, ...]:
    """What comments begin with that are made of templates, in each language."""
    told = ((language, gettext_in(language, template)) for template in templates for language in _LANGUAGES)
    pieces = ((template.partition("{mark}"), TO_CHECK[language]) for language, template in told)
    return tuple(
        f"# {before}{mark}{behind.partition('{')[0]}" if is_marked else f"# {before.partition('{')[0]}"
        for (before, is_marked, behind), mark in pieces
    )


def tells_source(line: str) -> bool:
    """Return whether a line is a comment that a file was given here: what it was made of, or what is to be checked."""
    return line.strip().startswith((*_beginnings(_SOURCE[0], _TO_CHECK, _WHY),))


def _top(source: Reading | Filing, notes: Notes) -> list[Entry]:
    say = saying(source.form)
    year = say(N_("fill in the year, for instance 2023"))
    name = say(N_("fill in the name of the jurisdiction or unit"))
    year = str(source.year) if source.year is not None else f"{BLANK}  # {year}"
    name = scalar(source.jurisdiction) if source.jurisdiction else f"{BLANK}  # {name}"
    values = {"edition": f'"{source.form.edition}"', "year": year, "jurisdiction": name}
    if source.agency:
        values["agency"] = scalar(source.agency)
    if (compare := getattr(source, "compare", None)) is not None:
        values["compare"] = str(compare).lower()
    return [Entry(key, value, notes.pop(key, [])) for key, value in values.items()]


def facts_entries(source: Reading | Filing, notes: Notes) -> list[Entry]:
    """Return what the form asks for beside its tables, stated or not, and then what else is stated."""
    form, facts = source.form, source.facts
    unread = source.unread_facts if isinstance(source, Reading) else unread_facts(source)
    stated = {name: Unread(to_check(form)) if name in unread else facts.get(name) for name in form.facts}
    named = [fact_entry(name, value, fact_notes(form.facts[name], notes)) for name, value in stated.items()]
    return named + [fact_entry(name, value) for name, value in facts.items() if name not in form.facts]


def fact_notes(fact: Fact, notes: Notes) -> list[str]:
    """Return what stands above a fact: what people call it, and what is told at it, which is taken out of `notes`."""
    return [*([fact.label] if fact.label != fact.name else []), *notes.pop(fact_at(fact.name), [])]


def _stated(source: Reading | Filing) -> Mapping[CellRef, Written]:
    computed = source.computed if isinstance(source, Filing) else ()
    values = {ref: value for ref, value in source.values.items() if ref not in computed}
    return {**values, **dict.fromkeys(source.unread, Unread(to_check(source.form)))}


def narrative_entries(form: Form, narrative: Mapping[str, str], notes: Notes) -> list[Entry]:
    """Return the sections that have words, in print order; the notes that are told at them are taken out of `notes`."""
    texts = [(section, narrative.get(section.key, "")) for section in form.sections]
    return [Entry(section.label, Words(text), notes.pop(section.key, [])) for section, text in texts if text.strip()]


def figure_entries(form: Form, values: Mapping[CellRef, Written], notes: Notes) -> list[Entry]:
    """Return every table with all its rows, in print order; the notes told at their cells are taken out of `notes`."""
    return [
        Entry(table.caption, table_value(form, table, values, notes), notes.pop(table.key, []))
        for table in form.tables.values()
    ]


def table_value(form: Form, table: Table, values: Mapping[CellRef, Written], notes: Notes) -> str | Items | list[Entry]:
    """Return what stands below a table's name: its rows, or its records."""
    return records_value(table, values, notes) if table.open else table_entries(form, table, values, notes)


def table_entries(form: Form, table: Table, values: Mapping[CellRef, Written], notes: Notes) -> list[Entry]:
    """Return the rows of a table; one with a single row that has no name is written by the groups of its columns."""
    (row, block), *more = table.rows
    if not more and not row.label:
        return list(_by_column(form, block.columns, CellRef(table.key, row.key, ""), values, notes))
    entries: list[Entry] = []
    columns, above = "", None
    alike = Counter(tuple(map(normal, _row_labels(table, row, block))) for row, block in table.rows)
    for row, block in table.rows:
        labels = _row_labels(table, row, block)
        line = _line(labels[-1], row_refs(table, row, block), values, notes)
        if alike[tuple(map(normal, labels))] > 1:  # its label stands for others, too
            line = line._replace(name=row.key, notes=[labels[-1], *line.notes])
        last = columns
        if block is not above:
            columns, above = _columns_note(form, block.column_leaves), block
        deepest(entries, labels[:-1]).append(line if columns == last else line._replace(notes=[columns, *line.notes]))
    return entries


def _row_labels(table: Table, row: Leaf, block: Block) -> tuple[str, ...]:
    """What a row is called, with what stands above it."""
    return tuple(label for label in (block.title if table.is_titled else "", *row.labels) if label)


def _columns_note(form: Form, leaves: tuple[Leaf, ...]) -> str:
    """The order in which a list is written, for the person who has to fill in a ~."""
    say = saying(form)
    return say(_COLUMNS).format(names=_list(say, [leaf.label for leaf in leaves]))


def _list(say: Say, names: Iterable[str]) -> str:
    return ("、" if say(_COLUMNS) != _COLUMNS else ", ").join(names)


def tells_columns(line: str) -> bool:
    """Return whether a line is a comment that a row was given here: the order of its columns."""
    return line.strip().startswith(_beginnings(_COLUMNS))


def deepest(entries: list[Entry], labels: Sequence[str]) -> list[Entry]:
    """Return the entries of a group by the labels above it; a group is made if it is not the last one yet."""
    for label in labels:
        if not entries or entries[-1].name != label:
            entries.append(Entry(label, []))
        below = entries[-1].value
        assert isinstance(below, list)
        entries = below
    return entries


def row_refs(table: Table, row: Leaf, block: Block) -> list[CellRef]:
    """Return the cells of a row, left to right."""
    return [CellRef(table.key, row.key, column.key) for column in block.column_leaves]


def _by_column(
    form: Form, headers: tuple[Header, ...], row: CellRef, values: Mapping[CellRef, Written], notes: Notes
) -> Iterator[Entry]:
    for header in headers:
        above = row._replace(column=f"{row.column}.{header.key}".strip("."))
        if any(child.children for child in header.children):
            yield Entry(header.label, list(_by_column(form, header.children, above, values, notes)))
        else:
            refs = [row._replace(column=f"{row.column}.{leaf.key}".strip(".")) for leaf in header.leaves]
            line = _line(header.label, refs, values, notes)
            yield line._replace(notes=[_columns_note(form, header.leaves), *line.notes]) if header.children else line


def _line(label: str, refs: list[CellRef], values: Mapping[CellRef, Written], notes: Notes) -> Entry:
    told = [note for ref in refs if ref in notes for note in notes.pop(ref)] if notes else []
    return Entry(label, row_value([values.get(ref) for ref in refs]), told)


def row_value(figures: Sequence[Written]) -> str:
    """Return a row as a list in column order; a single figure stands by itself."""
    numbers = list(map(number, figures))
    return numbers[0] if len(numbers) == 1 else f"[{', '.join(numbers)}]"


def _notes(source: Reading | Filing) -> Notes:
    """What the reader noticed, by the line at which it is told."""
    cells = {ref for table in source.form.tables.values() for ref in table.cells}
    # A place can be that of many names, a row of a county's workbook for instance; the first of them is taken.
    homes = {
        origin: key.removeprefix("narrative.")
        for key, origin in reversed(list(source.origins.items()))
        if isinstance(key, str) and origin.place
    }
    notes: Notes = {}
    for issue in source.notes:
        key = issue.ref if issue.ref in cells and issue.ref else homes.get(issue.origin, "")
        notes.setdefault(key, []).append(_note(source.form, issue.in_language(language_of(source.form))))
    for table in source.form.tables.values() if source.unread else ():
        _note_untold(source.form, table, set(source.unread) - notes.keys(), notes)
    return notes


def _note_untold(form: Form, table: Table, unread: Set[CellRef], notes: Notes) -> None:
    """Tell of cells that were not read and that no issue names: the whole table, a whole row, or columns by name."""
    say, mark = saying(form), to_check(form)
    rows = [[ref for ref in row_refs(table, row, block) if ref in unread] for row, block in table.rows]
    if sum(map(len, rows)) == len(table.cells):
        what = say(N_("the whole table was not read for certain; fill it in"))
        notes.setdefault(table.key, []).append(say(_TO_CHECK).format(mark=mark, what=what))
        return
    for (row, block), refs in zip(table.rows, rows, strict=True):
        if refs:
            # Where a row has no name, the groups of its columns take its place.
            columns = [f"“{table.cells[ref].label if row.label else table.labels[ref][1]}”" for ref in refs]
            what = say(N_("{columns} was not read for certain; fill it in")).format(columns=_list(say, columns))
            if len(refs) == len(block.column_leaves) > 1:
                what = say(N_("this row was not read for certain; fill it in"))
            notes.setdefault(refs[0], []).append(say(_TO_CHECK).format(mark=mark, what=what))


def _note(form: Form, issue: Issue) -> str:
    place = ":".join(filter(None, (PurePath(issue.origin.path).name, issue.origin.place)))
    words = saying(form)(_WHY)
    return words.format(mark=to_check(form), code=issue.code, what=issue.message, place=place)
