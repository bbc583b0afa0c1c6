"""The `figures:` part of a parameter file: names and lists -> one figure per cell, with the place of each."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from reportkit.errors import CellRef, Issue, Origin
from reportkit.kinds.labels import Labels
from reportkit.messages.cell_words import own_label
from reportkit.messages.numbers import cure, expected
from reportkit.messages.words import issue, joined, phrase
from reportkit.model.cell import Cell
from reportkit.model.entries import read_value
from reportkit.model.filing import Figure, Value
from reportkit.model.form import Header, Leaf, Table
from reportkit.model.numbers import MARKS, Refusal
from reportkit.model.open_rows import TOTAL
from reportkit.model.row_records import keys_of
from reportkit.model.spelling import Spelled, normal, spelled
from reportkit.params.nodes import Entries, Node, Scalar, Sequence

_WIDE_SEPARATORS = re.compile("[，、；﹐､]")
_SEPARATORS = re.compile("[,;，、；﹐､]|^[［【（(｛]")

_QUOTED = 60

ROWS = "rows"
"""What the list of records is called where the row of the sums stands beside it."""


class Name(NamedTuple):
    """A header that a parameter file can name: its label and keys, how deep it stands, and the leaves below it."""

    label: str
    words: frozenset[str]
    spelled: Spelled
    depth: int
    leaves: tuple[str, ...]
    is_leaf: bool


@cache
def names_of(headers: tuple[Header, ...]) -> tuple[Name, ...]:
    """Return every header of a forest that has a name, from the top down."""
    return tuple(name for header in headers for name in _names(header, "", 0))


def _names(header: Header, above: str, depth: int) -> Iterator[Name]:
    path = f"{above}.{header.key}".strip(".") if header.key else above
    leaves = tuple(f"{above}.{leaf.key}".strip(".") for leaf in header.leaves)
    words = frozenset(filter(None, (normal(header.label), header.key, path if header.key else "")))
    yield Name(header.label, words, spelled(header.label, header.unit), depth, leaves, not header.children)
    for child in header.children:
        yield from _names(child, path, depth + 1)


ADVISED = 50
"""So many unknown names in a file are told with the known one that is most like each: to look for it takes time."""


def brief(text: str) -> str:
    """Return a text as messages quote it: of a long one the beginning."""
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def nearest(word: str, labels: Iterable[str]) -> str:
    """Return the known name that is most like `word`, as an advice in words, or the list of the known ones."""
    by_form = {normal(label): label for label in labels if label}
    close = difflib.get_close_matches(normal(word), by_form, n=1, cutoff=0.5)
    if close:
        return phrase("meant", name=by_form[close[0]])
    return phrase("known_names", names=list(by_form.values()))


class CellReader:
    """Reads the figures of one table after the other and gathers what is wrong on the way."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        self._aliases = aliases
        self.values: dict[CellRef, Value] = {}
        self.origins: dict[CellRef | str, Origin] = {}
        self.seen: dict[CellRef, Origin] = {}
        self.unread: dict[CellRef, str] = {}
        self.issues: list[Issue] = []
        self._cells: Mapping[CellRef, Cell] = {}
        self._to_check: dict[CellRef, Origin] = {}

    def table(self, table: Table, origin: Origin, node: Node) -> None:
        """Read everything that stands under a table's name, which stands at `origin`."""
        self.origins[table.key] = origin
        self._cells = table.cells
        if isinstance(node, Scalar) and node.blank:
            return
        if table.open:
            self._open_rows(table, node)
            self._tell_to_check(table)
            return
        rows = tuple(header for block in table.blocks for header in _block_rows(block.title, block.rows))
        (first_row, block), *more = table.rows
        if not more and not first_row.label:
            self._columns(table.key, first_row, names_of(block.columns), block.column_leaves, node)
        else:
            self._rows(table, names_of(rows), node, table.caption)
        self._tell_to_check(table)

    def _open_rows(self, table: Table, node: Node) -> None:
        """A list of records; or a mapping with the list as `rows`, and the row of the sums."""
        if not isinstance(node, Entries):
            self._records(table, node)
            return
        sums = names_of(tuple(header for header in table.blocks[0].rows if header.key == TOTAL))
        for key, value in node.pairs:
            if normal(key.text) == ROWS:
                self._records(table, value)
            elif any(normal(key.text) in name.words for name in sums):
                self._record(table, TOTAL, value)
            else:
                known = nearest(key.text, [ROWS, *(name.label for name in sums)])
                self.issues.append(issue("Y5.row", key.origin, None, brief(key.text), advice=known))

    def _records(self, table: Table, node: Node) -> None:
        """The records one by one: each is the next row."""
        if isinstance(node, Scalar) and node.blank:
            return
        keys, columns = keys_of(table), _labels(table.blocks[0].column_leaves)
        if not isinstance(node, Sequence):
            self.issues.append(issue("Y7.records", node.origin, name=table.caption, columns=columns))
            return
        for row, item in zip(keys, node.items, strict=False):
            if isinstance(item, Scalar) and not item.blank:
                found = brief(item.text)
                self.issues.append(issue("Y7.record", item.origin, None, found, name=table.caption, columns=columns))
            elif not isinstance(item, Scalar):
                self._record(table, row, item)
        if len(node.items) > len(keys):
            told = {"name": table.caption, "count": len(node.items), "most": len(keys)}
            self.issues.append(issue("Y7.most", node.items[len(keys)].origin, **told))

    def _record(self, table: Table, key: str, node: Node) -> None:
        block = table.blocks[0]
        leaf = next(leaf for leaf in block.row_leaves if leaf.key == key)
        self._columns(table.key, leaf, names_of(block.columns), block.column_leaves, node)

    def _rows(self, table: Table, scope: tuple[Name, ...], node: Node, parent: str) -> None:
        if not isinstance(node, Entries):
            self._wrong_shape(node, parent, scope)
            return
        by_key = {leaf.key: (leaf, block) for leaf, block in table.rows}
        for key, value in node.pairs:
            name = self._find(key, scope, "Y5.row")
            if name is None:
                continue
            if name.is_leaf:
                leaf, block = by_key[name.leaves[0]]
                self._columns(table.key, leaf, names_of(block.columns), block.column_leaves, value)
            else:
                self._rows(table, _below(name, scope), value, name.label)

    def _columns(self, table: str, row: Leaf, scope: tuple[Name, ...], leaves: tuple[Leaf, ...], node: Node) -> None:
        refs = [CellRef(table, row.key, leaf.key) for leaf in leaves]
        if isinstance(node, Scalar):
            self._lone_scalar(refs, leaves, row, node)
        elif isinstance(node, Sequence):
            if len(node.items) != len(leaves):
                self._wrong_length(row, leaves, node, refs)
                return
            for ref, leaf, item in zip(refs, leaves, node.items, strict=True):
                self._cell(ref, leaf, row, item)
        else:
            self._named_columns(table, row, scope, leaves, node)

    def _named_columns(
        self, table: str, row: Leaf, scope: tuple[Name, ...], leaves: tuple[Leaf, ...], node: Entries
    ) -> None:
        for key, value in node.pairs:
            name = self._find(key, scope, "Y5.column")
            if name is None:
                continue
            below = tuple(leaf for leaf in leaves if leaf.key in name.leaves)
            if name.is_leaf:
                self._cell(CellRef(table, row.key, below[0].key), below[0], row, value)
            else:
                self._columns(table, row, _below(name, scope), below, value)

    def _lone_scalar(self, refs: list[CellRef], leaves: tuple[Leaf, ...], row: Leaf, node: Scalar) -> None:
        """A single value stands for a whole row only where the row has a single column, or is blank."""
        if node.blank:
            return
        if len(leaves) == 1:
            self._cell(refs[0], leaves[0], row, node)
            return
        self.unread.update(dict.fromkeys(refs, ""))
        at, count = (node.origin, None, node.text, phrase("list_of_numbers", count=len(leaves))), len(leaves)
        if _SEPARATORS.search(node.text):
            one = issue("Y7.one_text", *at, row=_row_name(row), count=count, example=_example(leaves))
        else:
            one = issue("Y7.one_number", *at, row=_row_name(row), count=count, columns=_labels(leaves))
        self.issues.append(one)

    def _wrong_length(self, row: Leaf, leaves: tuple[Leaf, ...], node: Sequence, refs: list[CellRef]) -> None:
        self.unread.update(dict.fromkeys(refs, ""))
        name, written = _row_name(row), len(node.items)
        at = (node.origin, None, phrase("numbers", count=written), phrase("numbers", count=len(leaves)))
        wide = (_WIDE_SEPARATORS.search(item.text) for item in node.items if isinstance(item, Scalar))
        if sign := next(filter(None, wide), None):
            one = issue("Y7.wide_commas", *at, row=name, sign=sign[0], written=written, example=_example(leaves))
        else:
            one = issue("Y7.length", *at, row=name, count=len(leaves), columns=_labels(leaves), written=written)
        self.issues.append(one)

    def _cell(self, ref: CellRef, column: Leaf, row: Leaf, node: Node) -> None:
        if ref in self.seen:
            told = {"row": _row_name(row), "column": column.label, "place": self.seen[ref]}
            self.issues.append(issue("Y4.cell", node.origin, ref, **told))
            return
        self.seen[ref] = node.origin
        if not isinstance(node, Scalar):
            self.unread[ref] = ""
            at = (node.origin, None, phrase("a_group"), phrase("a_number"))
            self.issues.append(issue("Y7.group", *at, row=_row_name(row), column=column.label))
            return
        if node.blank:
            return
        self.origins[ref] = node.origin
        if node.text.strip() in MARKS:
            self.unread[ref] = node.text.strip()
            self._to_check[ref] = node.origin
            return
        value = read_value(node.text, self._cells[ref])
        if isinstance(value, Refusal):
            self.unread[ref] = node.text.strip()
            cell = phrase("cell_of_row", row=_row_name(row), column=column.label)
            found, wanted = node.text.strip()[:40], expected(value)
            self.issues.append(issue(value.code, node.origin, ref, found, wanted, cell=cell, cure=cure(value)))
            return
        if isinstance(value, Figure):
            self._note_spelling(ref, value, node)
        self.values[ref] = value

    def _tell_to_check(self, table: Table) -> None:
        """Tell once per table which figures still have to be looked up: there can be hundreds."""
        refs = [ref for ref in self._to_check if ref.table == table.key]
        if not refs:
            return
        rows = list(dict.fromkeys(own_label(table.labels[ref][0]) for ref in refs))
        named = joined(f"“{row}”" for row in rows[:3] if row)
        named = phrase("and_more_rows", words=named, count=len(rows)) if len(rows) > 3 else named
        at = (self._to_check[refs[0]], refs[0], self.unread[refs[0]], phrase("number"))
        if named:
            self.issues.append(issue("V7.rows", *at, table=table.caption, count=len(refs), rows=named))
        else:
            self.issues.append(issue("V7.plain", *at, table=table.caption, count=len(refs)))

    def _note_spelling(self, ref: CellRef, figure: Figure, node: Scalar) -> None:
        """Warn where plain papermill, which turns unquoted numbers into floats, would print another text."""
        if figure.text.isdigit():
            return
        written = figure.text.removesuffix("%") if not node.text.rstrip().endswith("%") else figure.text
        plain_number = node.plain and written.lstrip("+-").replace(".", "").isdigit()
        if not plain_number or not node.text.isascii() or "," in node.text:
            return
        loaded = repr(float(written)) if "." in written else str(int(written))
        if loaded != written:
            self.issues.append(issue("V6", node.origin, ref, written, f"'{written}'", loaded=loaded))

    def _find(self, key: Scalar, scope: tuple[Name, ...], sentence: str) -> Name | None:
        """The header that a key names. A group and a header inside it may share the name: the group is meant."""
        word = normal(key.text)
        named = [name for name in scope if word in name.words] or self._spelled(key.text, scope)
        found = [name for name in named if len(named) == 1 or not any(_inside(name, other) for other in named)]
        if len(found) == 1:
            return found[0]
        if found:
            groups = list(filter(None, (_group_of(name, scope) for name in found)))
            advice = phrase("several_of_name", count=len(found), groups=groups)
            if not groups:  # they stand side by side
                keys = [name.leaves[0] for name in found]
                advice = phrase("several_of_label", count=len(found), keys=keys)
        else:
            known = (name.label for name in scope)
            advice = nearest(key.text, known) if len(self.issues) < ADVISED else phrase("wrong_file")
        self.issues.append(issue(sentence, key.origin, None, brief(key.text), advice=advice))
        return None

    def _spelled(self, text: str, scope: tuple[Name, ...]) -> list[Name]:
        """The headers that somebody means who does not write them as they are printed."""
        return Labels(((name.spelled, name) for name in scope), self._aliases).meant(spelled(text))

    def _wrong_shape(self, node: Node, parent: str, scope: tuple[Name, ...]) -> None:
        name = "Y7.rows_colon" if isinstance(node, Scalar) and "：" in node.text else "Y7.rows"
        examples = joined(name.label for name in scope if name.is_leaf and name.label)[:60]
        self.issues.append(issue(name, node.origin, None, "", phrase("row_of_numbers"), name=parent, examples=examples))


def _block_rows(title: str, rows: tuple[Header, ...]) -> tuple[Header, ...]:
    """A block's rows, under its title if it has one: a clerk may write the title as a level or leave it out."""
    return (Header("", title, rows),) if title else rows


def _below(name: Name, scope: tuple[Name, ...]) -> tuple[Name, ...]:
    leaves = set(name.leaves)
    return tuple(other for other in scope if other.depth > name.depth and leaves.issuperset(other.leaves))


def _inside(name: Name, other: Name) -> bool:
    return name.depth > other.depth and set(name.leaves) <= set(other.leaves)


def _group_of(name: Name, scope: tuple[Name, ...]) -> str:
    """The label of the header right above a name, "" for one at the top."""
    above = [other.label for other in scope if other.depth == name.depth - 1 and _inside(name, other)]
    return above[0] if above else ""


def _row_name(row: Leaf) -> str:
    return row.label or phrase("this_table")


def _example(leaves: tuple[Leaf, ...]) -> str:
    return f"[{', '.join('0' * len(leaves))}]"


def _labels(leaves: tuple[Leaf, ...]) -> list[str]:
    return [leaf.label for leaf in leaves]
