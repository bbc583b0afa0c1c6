"""Figures and words put into the text of a parameter file or taken out of it, and nothing else in it touched.

A value that is there is replaced on the spot, by a blank if it is to go; what is not there is added to the mapping
that it belongs in. So comments, order, quotes and spacing stay, which no way through a YAML loader and dumper would
keep.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

import yaml

from reportkit.errors import CellRef
from reportkit.model.filing import fact_at
from reportkit.model.form import Form, Table
from reportkit.model.open_rows import TOTAL
from reportkit.model.spelling import normal
from reportkit.params.figures import ROWS, Name
from reportkit.params.record_text import new_lines, record, records_value
from reportkit.params.source_map import Room, Spot, Spots
from reportkit.params.text_edits import TextEdits, column_of, is_blank
from reportkit.params.writer import deepest, fact_notes, narrative_entries, row_value, table_entries
from reportkit.params.yaml_text import (
    BLANK,
    Entry,
    Plain,
    Written,
    block,
    comment,
    entry_lines,
    fact_entry,
    flow,
    item_lines,
    number,
    quoted,
    value_lines,
)

Shares = Mapping[CellRef | str, str]
"""What each sum was made of, as a comment at its cell tells it, or at a fact, by the key in a filing's origins."""

_SHARE = re.compile(r".+ [-+]?\d[\d.]*[元万亿]*")
"""What one unit has added: 东镇 3."""

_Add = Callable[[Room, Mapping[CellRef, Written]], None]


class Editor(TextEdits):
    """The text of a parameter file, and the edits that it is to have."""

    def __init__(self, text: str, form: Form, path: str) -> None:
        super().__init__(text, path)
        self._form = form
        self._spots = Spots(text, form)

    def put_figures(self, figures: Mapping[CellRef, Written]) -> None:
        """Put figures and blanks into their cells, and add the cells, rows and tables that are not written yet.

        Raises ReaderError where a row is written in a way that nothing can be added to. One of the wrong length is
        replaced if all of its cells are given.
        """
        missing: dict[str, dict[CellRef, Written]] = {}
        for ref, figure in figures.items():
            if ref in self._spots.seen:
                self._set(self._spots.spot(self._spots.seen[ref]), number(figure))
            else:
                missing.setdefault(ref.table, {})[ref] = figure
        tables = [entry for key, cells in missing.items() for entry in self._put_missing(self._form.tables[key], cells)]
        self._add_to_top("figures", tables)

    def put_words(self, words: Mapping[str, str]) -> None:
        """Put in the text of sections, in the place of what is there; "" takes it out and leaves a blank."""
        absent = {}
        for key, text in words.items():
            if key in self._spots.sections:
                self._put_words(self._spots.sections[key], text)
            else:
                absent[key] = text
        self._add_to_top("narrative", narrative_entries(self._form, absent, {}))

    def put_facts(self, facts: Mapping[str, Any]) -> None:
        """Put in the values of facts, in the place of what is there; None leaves a blank."""
        absent = []
        for name, value in facts.items():
            fact = self._form.facts.get(name)
            entry = fact_entry(name, value, fact_notes(fact, {}) if fact else ())
            if name in self._spots.top:
                self._set(self._spots.top[name], str(entry.value))
            else:
                absent.append(entry)
        if absent:
            self._add(self._spots.top[""], absent)

    def put_shares(self, shares: Shares, changed: Set[CellRef | str]) -> None:
        """Put comments on sums above the rows that have such comments already, or a figure that is `changed`.

        Those that are there go; every other comment stays.
        """
        lines: dict[int, dict[CellRef | str, str]] = {}
        for ref, spot, label in self._summed():
            if spot.name:
                lines.setdefault(bisect(self._starts, spot.name.start_mark.index) - 1, {})[ref] = label
        for row, refs in lines.items():
            labels = set(refs.values())
            old = [line for line in self._comments_above(row) if _tells_shares(self._line(line), labels)]
            if old or not changed.isdisjoint(refs):
                self._put_comments(row, old, [comment(shares[ref]) for ref in refs if ref in shares])

    def _summed(self) -> Iterator[tuple[CellRef | str, Spot, str]]:
        """The cells and facts that are written, each with its place and the label that a comment begins with."""
        for ref, origin in self._spots.seen.items():
            yield ref, self._spots.spot(origin), self._form.tables[ref.table].labels[ref][1]
        for fact in self._form.facts.values():
            if fact.added and fact.name in self._spots.top:
                yield fact_at(fact.name), self._spots.top[fact.name], fact.label

    def _put_comments(self, row: int, old: Sequence[int], new: Sequence[str]) -> None:
        if [self._line(line).strip() for line in old] == new:
            return
        for line in old:
            self._edit(self._starts[line], self._starts[line + 1], "")
        start, text = self._starts[row], self._line(row)
        indent = text[: len(text) - len(text.lstrip())]
        # Below all that is added here, which belongs to the row above.
        self._edit(start, start, "".join(f"{indent}{note}\n" for note in new), -1)

    def _comments_above(self, number: int) -> list[int]:
        """The lines right above a line that are comments."""
        first = number
        while first and self._line(first - 1).lstrip().startswith("#"):
            first -= 1
        return list(range(first, number))

    def _put_words(self, spot: Spot, text: str) -> None:
        if getattr(spot.value, "style", None) in ("|", ">"):
            self._replace_block(spot, text)
        elif not text.strip():
            self._set(spot, BLANK)
        elif self._is_in_flow("narrative"):
            self._set(spot, quoted(text))
        else:
            self._add_words(spot, text)

    def _is_in_flow(self, key: str) -> bool:
        return any(getattr(self._spots.top[name].value, "flow_style", False) for name in ("", key))

    def _replace_block(self, spot: Spot, text: str) -> None:
        """Put a text in the place of a block; a comment on its first line stays, and the empty lines below it."""
        start, end = spot.value.start_mark.index, spot.value.end_mark.index
        old = self._text[start:end].rstrip()
        head = old.partition("\n")[0].rstrip()
        remark = head[len(head.split()[0]) :]
        first, _, lines = block(text, " " * column_of(spot)).partition("\n")
        if first.startswith("|") and text.strip():
            new = f"{first}{remark}\n{lines}"
        else:
            new = (quoted(text) if text.strip() else BLANK) + remark
        self._edit(start, start + len(old), new)

    def _put_missing(self, table: Table, figures: Mapping[CellRef, Written]) -> list[Entry]:
        """Add cells that are not written; the table's entry is returned if not even its name is written."""
        if table.open:
            return self._put_records(table, figures)
        if table.key not in self._spots.written:
            rows = table_entries(self._form, table, figures, {})
            if table.key not in self._spots.tables:
                return [Entry(table.caption, rows)]
            self._add(self._spots.tables[table.key], rows)
            return []
        for add, room, cells in self._by_room(figures):
            add(room, cells)
        return []

    def _put_records(self, table: Table, figures: Mapping[CellRef, Written]) -> list[Entry]:
        """Add values to records that are written, and records and sums that are not."""
        if table.key not in self._spots.tables:
            return [Entry(table.caption, records_value(table, figures, {}))]
        written = self._spots.tables[table.key]
        if is_blank(written.value):
            self._edit(written.value.start_mark.index, written.value.end_mark.index, "")
            lines = value_lines(records_value(table, figures, {}), " " * (column_of(written) + 2))
            at = self._line_end(written.value.end_mark.index)
            self._edit(
                at, at, ("" if self._text[:at].endswith("\n") else "\n") + "".join(lines), column_of(written) + 2
            )
            return []
        known = {ref: one for ref, one in figures.items() if (ref.table, ref.row) in self._spots.column_rooms}
        for add, room, cells in self._by_room(known):
            add(room, cells)
        added = {ref: one for ref, one in figures.items() if ref not in known and one is not None}
        records = {ref: one for ref, one in added.items() if ref.row != TOTAL}
        if records:
            self._append_records(table, written, records)
        if len(records) < len(added):
            self._add_sums(table, written, record(table, TOTAL, added))
        return []

    def _append_records(self, table: Table, written: Spot, records: Mapping[CellRef, Written]) -> None:
        """Add records below those that are written; where one is left out between them, a blank one."""
        spot = self._spots.lists.get(table.key)
        last = max(int(ref.row) for ref in records)
        if spot is None:
            self._add(written, [Entry(Plain(ROWS), new_lines(table, records, range(1, last + 1)))])
        elif isinstance(spot.value, yaml.SequenceNode):
            node = spot.value
            items = new_lines(table, records, range(len(node.value) + 1, last + 1))
            if node.flow_style:
                end = len(self._text[: node.end_mark.index - 1].rstrip(" "))
                comma = ", " if node.value and not self._text[:end].rstrip().endswith(",") else ""
                self._edit(end, end, comma + ", ".join(text for text, _ in items.lines))
            else:
                at, column = self._end(node), node.start_mark.column
                start = "" if self._text[:at].endswith("\n") else "\n"
                self._edit(at, at, start + "".join(item_lines(items, " " * column)), column)
        elif is_blank(spot.value):
            self._set(spot, f"[{', '.join(text for text, _ in new_lines(table, records, range(1, last + 1)).lines)}]")
        else:
            raise self._no_room(spot, [Entry(table.caption, "")])

    def _add_sums(self, table: Table, written: Spot, sums: str) -> None:
        """Write the sums beside the list of records, which is called rows then."""
        assert table.open
        value, entry = written.value, Entry(table.open.total, sums)
        if isinstance(value, yaml.MappingNode):
            self._add(written, [entry])
        elif isinstance(value, yaml.SequenceNode) and value.flow_style:
            self._edit(value.start_mark.index, value.start_mark.index, f"{{{ROWS}: ", 1)
            self._edit(value.end_mark.index, value.end_mark.index, f", {flow([entry])}}}", -1)
        elif isinstance(value, yaml.SequenceNode) and value.start_mark.column > column_of(written):
            column, at = value.start_mark.column, self._starts[value.start_mark.line]
            self._edit(at, at, f"{' ' * column}{ROWS}:\n", column)
            end = self._end(value)
            start = "" if self._text[:end].endswith("\n") else "\n"
            self._edit(end, end, f"{start}{''.join(entry_lines([entry], ' ' * column))}", column - 1)
        else:
            raise self._no_room(written, [entry])

    def _by_room(self, figures: Mapping[CellRef, Written]) -> Iterable[tuple[_Add, Room, dict[CellRef, Written]]]:
        """The cells that go into one room together, and what adds them there: to a row, or as rows."""
        rooms: dict[int, tuple[_Add, Room, dict[CellRef, Written]]] = {}
        for ref, figure in figures.items():
            row = self._spots.room_for_column(ref)
            room, add = (row, self._add_columns) if row else (self._spots.room_for_row(ref), self._add_rows)
            rooms.setdefault(id(room.spot.value), (add, room, {}))[2][ref] = figure
        return rooms.values()

    def _add_columns(self, room: Room, cells: Mapping[CellRef, Written]) -> None:
        """Add cells to a row: to an empty one as a list, else by name, a group of columns as a list."""
        row = next(iter(cells))._replace(column="")
        figures = {ref.column: figure for ref, figure in cells.items()}
        if is_blank(room.spot.value) or self._is_given_anew(room, figures):
            self._set(room.spot, row_value([figures.get(leaf) for leaf in room.leaves]))
            return
        entries, left = [], set(figures)
        for name in sorted(room.names, key=_depth):
            written = any(row._replace(column=leaf) in self._spots.seen for leaf in name.leaves)
            if not written and not left.isdisjoint(name.leaves) and (name.is_leaf or _is_last_group(name, room.names)):
                entries.append(Entry(_word(name, room.names), row_value([figures.get(leaf) for leaf in name.leaves])))
                left -= set(name.leaves)
        self._add(room.spot, entries)

    def _is_given_anew(self, room: Room, figures: Mapping[str, Written]) -> bool:
        """Whether a row that cannot be read is given whole; a comment between its lines would be lost."""
        value = room.spot.value
        written = self._text[value.start_mark.index : value.end_mark.index]
        return not isinstance(value, yaml.MappingNode) and figures.keys() >= set(room.leaves) and "#" not in written

    def _add_rows(self, room: Room, figures: Mapping[CellRef, Written]) -> None:
        """Add whole rows, each below those of its groups that are not written yet."""
        entries: list[Entry] = []
        rows = {ref.row for ref in figures}
        table = self._form.tables[next(iter(figures)).table]
        for row, part in table.rows:
            if row.key in rows:
                *groups, name = sorted((name for name in room.names if row.key in name.leaves), key=_depth)
                labels = [group.label for group in groups if group.label not in ("", part.title)]
                cells = [figures.get(CellRef(table.key, row.key, column.key)) for column in part.column_leaves]
                deepest(entries, labels).append(Entry(_word(name, room.names), row_value(cells)))
        self._add(room.spot, entries)

    def _add_words(self, spot: Spot, text: str) -> None:
        """Put a text in the place of a blank; what may follow on its line, a comment, stays there."""
        head, _, lines = block(text, " " * column_of(spot)).partition("\n")
        if head.startswith("|"):
            self._set(spot, head)
            after = self._line_end(spot.value.end_mark.index)
            self._edit(after, after, f"{lines}\n", column_of(spot))
        else:
            self._set(spot, quoted(text))

    def _add_to_top(self, key: str, entries: list[Entry]) -> None:
        if entries and key in self._spots.top:
            self._add(self._spots.top[key], entries)
        elif entries:
            self._add(self._spots.top[""], [Entry(key, entries)])


def _tells_shares(line: str, labels: Set[str]) -> bool:
    """Whether a line is a comment that a sum has left at a cell of these columns: # 自然人：东镇 3 + 西镇 1.

    In an English form's file a colon and a space stand between the two.
    """
    text = line.strip().removeprefix("# ")
    label, colon, shares = text.partition("：" if "：" in text else ": ")
    if not colon:
        label, shares = "", label
    return label in labels and all(_SHARE.fullmatch(share) for share in shares.split(" + "))


def _depth(name: Name) -> int:
    return name.depth


def _is_last_group(name: Name, names: tuple[Name, ...]) -> bool:
    """Whether a group that can be named has single columns below it, and no groups."""
    groups = [other for other in names if not other.is_leaf and set(other.leaves) < set(name.leaves)]
    return bool(name.label) and not groups and _is_unique(name, names)


def _word(name: Name, names: tuple[Name, ...]) -> str:
    """The name's label; its full key where others have the same label."""
    return name.label if _is_unique(name, names) else name.leaves[0]


def _is_unique(name: Name, names: tuple[Name, ...]) -> bool:
    return sum(normal(name.label) in other.words for other in names) == 1
