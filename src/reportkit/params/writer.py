"""What was read of a report, or a filing -> the text of a parameter file that says just that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import PurePath
from types import MappingProxyType

from reportkit.errors import CellRef, Issue
from reportkit.model.filing import Filing, fact_at, unread_facts
from reportkit.model.form import Block, Fact, Form, Header, Leaf, Table
from reportkit.model.reading import Reading
from reportkit.params.yaml_text import (
    BLANK,
    Entry,
    Unread,
    Words,
    Written,
    comment,
    entry_lines,
    fact_entry,
    number,
    scalar,
)

Notes = dict[CellRef | str, list[str]]
"""What is to be told at a cell, or at the key of a section, a table or the top level; "" is the file as a whole."""


def params_text(source: Reading | Filing, remarks: Mapping[CellRef | str, str] = MappingProxyType({})) -> str:
    """Return the YAML of a parameter file.

    Every cell is written: figures as they were written in the source, blank ones and computed totals as ~, and 待核
    where a figure could not be read, so that no report is made until somebody has looked. What the reader noticed
    stands in a comment above the line that it concerns, and so do `remarks` on cells, and on facts by their key in a
    filing's origins.
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
    head = [_source_note(source), *(note for rest in notes.values() for note in rest)]
    return "".join(f"{comment(note)}\n" for note in head) + _text(parts)


def _text(parts: list[list[Entry]]) -> str:
    return "\n".join("".join(entry_lines(entries)) for entries in parts if entries)


def _source_note(source: Reading | Filing) -> str:
    name = PurePath(source.origin.path).name
    return f"取自 {name}" + ("；请核对写有“待核”的地方" if source.notes or source.unread else "")


def _top(source: Reading | Filing, notes: Notes) -> list[Entry]:
    year = str(source.year) if source.year is not None else f"{BLANK}  # 请填写年份，例如 2023"
    name = scalar(source.jurisdiction) if source.jurisdiction else f"{BLANK}  # 请填写行政区或单位名称，例如 桑洲镇"
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
    stated = {name: Unread() if name in unread else facts.get(name) for name in form.facts}
    named = [fact_entry(name, value, fact_notes(form.facts[name], notes)) for name, value in stated.items()]
    return named + [fact_entry(name, value) for name, value in facts.items() if name not in form.facts]


def fact_notes(fact: Fact, notes: Notes) -> list[str]:
    """Return what stands above a fact: what people call it, and what is told at it, which is taken out of `notes`."""
    return [*([fact.label] if fact.label != fact.name else []), *notes.pop(fact_at(fact.name), [])]


def _stated(source: Reading | Filing) -> Mapping[CellRef, Written]:
    computed = source.computed if isinstance(source, Filing) else ()
    figures = {ref: figure for ref, figure in source.values.items() if ref not in computed}
    return {**figures, **dict.fromkeys(source.unread, Unread())}


def narrative_entries(form: Form, narrative: Mapping[str, str], notes: Notes) -> list[Entry]:
    """Return the sections that have words, in print order; the notes that are told at them are taken out of `notes`."""
    texts = [(section, narrative.get(section.key, "")) for section in form.sections]
    return [Entry(section.label, Words(text), notes.pop(section.key, [])) for section, text in texts if text.strip()]


def figure_entries(form: Form, values: Mapping[CellRef, Written], notes: Notes) -> list[Entry]:
    """Return every table with all its rows, in print order; the notes told at their cells are taken out of `notes`."""
    return [
        Entry(table.caption, table_entries(table, values, notes), notes.pop(table.key, []))
        for table in form.tables.values()
    ]


def table_entries(table: Table, values: Mapping[CellRef, Written], notes: Notes) -> list[Entry]:
    """Return the rows of a table; one with a single row that has no name is written by the groups of its columns."""
    (row, block), *more = table.rows
    if not more and not row.label:
        return list(_by_column(block.columns, CellRef(table.key, row.key, ""), values, notes))
    # The titles of a table's blocks are left out unless it takes them to tell two rows apart.
    titled = len({leaf.labels for leaf, _ in table.rows}) < len(table.rows)
    entries: list[Entry] = []
    columns, above = "", None
    for row, block in table.rows:
        labels = [label for label in (block.title if titled else "", *row.labels) if label]
        line = _line(labels[-1], row_refs(table, row, block), values, notes)
        last = columns
        if block is not above:
            columns, above = _columns_note(block.column_leaves), block
        deepest(entries, labels[:-1]).append(line if columns == last else line._replace(notes=[columns, *line.notes]))
    return entries


def _columns_note(leaves: tuple[Leaf, ...]) -> str:
    """The order in which a list is written, for the person who has to fill in a ~."""
    return "列：" + "、".join(leaf.label for leaf in leaves)


def deepest(entries: list[Entry], labels: list[str]) -> list[Entry]:
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
    headers: tuple[Header, ...], row: CellRef, values: Mapping[CellRef, Written], notes: Notes
) -> Iterator[Entry]:
    for header in headers:
        above = row._replace(column=f"{row.column}.{header.key}".strip("."))
        if any(child.children for child in header.children):
            yield Entry(header.label, list(_by_column(header.children, above, values, notes)))
        else:
            refs = [row._replace(column=f"{row.column}.{leaf.key}".strip(".")) for leaf in header.leaves]
            line = _line(header.label, refs, values, notes)
            yield line._replace(notes=[_columns_note(header.leaves), *line.notes]) if header.children else line


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
        notes.setdefault(key, []).append(_note(issue))
    for table in source.form.tables.values() if source.unread else ():
        _note_untold(table, source.unread - notes.keys(), notes)
    return notes


def _note_untold(table: Table, unread: Set[CellRef], notes: Notes) -> None:
    """Tell of cells that were not read and that no issue names: the whole table, a whole row, or columns by name."""
    rows = [[ref for ref in row_refs(table, row, block) if ref in unread] for row, block in table.rows]
    if sum(map(len, rows)) == len(table.cells):
        notes.setdefault(table.key, []).append("待核：整张表没有读准，请填写")
        return
    for (row, block), refs in zip(table.rows, rows, strict=True):
        if refs:
            # Where a row has no name, the groups of its columns take its place.
            columns = "、".join(f"“{table.cells[ref].label if row.label else table.labels[ref][1]}”" for ref in refs)
            what = "这一行" if len(refs) == len(block.column_leaves) > 1 else columns
            notes.setdefault(refs[0], []).append(f"待核：{what}没有读准，请填写")


def _note(issue: Issue) -> str:
    place = ":".join(filter(None, (PurePath(issue.origin.path).name, issue.origin.place)))
    return f"待核（{issue.code}）：{issue.message}（{place}）"
