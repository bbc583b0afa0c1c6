"""Where everything stands in the text of a parameter file: each cell, row, group, table and section."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import yaml

from reportkit.errors import CellRef, Origin
from reportkit.kinds.headings import Headings
from reportkit.kinds.labels import aliases_of
from reportkit.model.form import Form, Leaf, Table
from reportkit.params.figures import CellReader, Name
from reportkit.params.nodes import Entries, Node, Scalar, Sequence
from reportkit.params.reader import waiver_code


class Spot(NamedTuple):
    """A value in the text, and the name that it stands under (None for the whole file)."""

    value: yaml.Node
    name: yaml.Node | None = None


class Room(NamedTuple):
    """A place where rows of a table, or columns of a row, can be written: which ones, by what names, and the value."""

    leaves: tuple[str, ...]
    names: tuple[Name, ...]
    spot: Spot


class Spots(CellReader):
    """Reads a text that has been read as a filing once more, and keeps the place of everything in it.

    `row_rooms` are by table and `column_rooms` by table and row, from the outside in; `tables`, `sections` and
    `waivers` are the values by key.
    """

    def __init__(self, text: str, form: Form) -> None:
        super().__init__(aliases_of(form))
        self._spots: list[Spot] = []
        self.row_rooms: dict[str, list[Room]] = {}
        self.column_rooms: dict[tuple[str, str], list[Room]] = {}
        self.tables: dict[str, Spot] = {}
        self.lists: dict[str, Spot] = {}  # of records, by table
        self.sections: dict[str, Spot] = {}
        self.waivers: dict[str, Spot] = {}
        whole = yaml.compose(text, Loader=yaml.CSafeLoader)
        assert whole is not None  # a filing has been made of this text
        root = self._tree(whole, None)
        self.top = {"": self.spot(root.origin)}
        for key, value in _pairs(root):
            self.top.setdefault(key.text, self.spot(value.origin))
            if key.text == "figures":
                self._figures(value, form)
            elif key.text == "narrative":
                self._narrative(value, form)
            elif key.text == "waivers":
                self._waivers(value)

    def spot(self, origin: Origin) -> Spot:
        """Return the place of a node by its origin, for instance that of a cell in `seen`."""
        return self._spots[origin.line or 0]

    @property
    def all(self) -> Iterable[Spot]:
        """The places of all values."""
        return self._spots

    def _tree(self, node: yaml.Node, name: yaml.Node | None) -> Node:
        """The same nodes as readers.nodes makes, but with a number for a place."""
        origin = Origin("", len(self._spots))
        self._spots.append(Spot(node, name))
        if isinstance(node, yaml.MappingNode):
            pairs = [(Scalar(key.value, origin), self._tree(value, key)) for key, value in node.value]
            return Entries(pairs, origin)
        if isinstance(node, yaml.SequenceNode):
            return Sequence([self._tree(item, name) for item in node.value], origin)
        return Scalar(node.value, origin, plain=not getattr(node, "style", None))

    def _figures(self, figures: Node, form: Form) -> None:
        headings = Headings(form)
        for key, value in _pairs(figures):
            table = headings.named_table(key.text)
            if table and table.key not in self.tables:
                self.tables[table.key] = self.spot(value.origin)
                self.table(table, key.origin, value)

    def _narrative(self, narrative: Node, form: Form) -> None:
        headings = Headings(form)
        for key, value in _pairs(narrative):
            if section := headings.named_section(key.text):
                self.sections.setdefault(section.key, self.spot(value.origin))

    def _waivers(self, waivers: Node) -> None:
        for key, value in _pairs(waivers):
            self.waivers.setdefault(waiver_code(key.text), self.spot(value.origin))

    def _rows(self, table: Table, scope: tuple[Name, ...], node: Node, parent: str) -> None:
        leaves = tuple(dict.fromkeys(leaf for name in scope for leaf in name.leaves))
        self.row_rooms.setdefault(table.key, []).append(Room(leaves, scope, self.spot(node.origin)))
        super()._rows(table, scope, node, parent)

    def _records(self, table: Table, node: Node) -> None:
        self.lists[table.key] = self.spot(node.origin)
        super()._records(table, node)

    def _columns(self, table: str, row: Leaf, scope: tuple[Name, ...], leaves: tuple[Leaf, ...], node: Node) -> None:
        room = Room(tuple(leaf.key for leaf in leaves), scope, self.spot(node.origin))
        self.column_rooms.setdefault((table, row.key), []).append(room)
        super()._columns(table, row, scope, leaves, node)

    @property
    def written(self) -> set[str]:
        """The tables of which there is a room."""
        return {*self.row_rooms, *(table for table, _ in self.column_rooms)}

    def room_for_row(self, ref: CellRef) -> Room:
        """Return the innermost room for the row of a cell, of a table that is written."""
        return _innermost(self.row_rooms[ref.table], ref.row)

    def room_for_column(self, ref: CellRef) -> Room | None:
        """Return the innermost room for a cell in its row; None if the row is not written."""
        rooms = self.column_rooms.get((ref.table, ref.row))
        return _innermost(rooms, ref.column) if rooms else None


def _pairs(node: Node) -> list[tuple[Scalar, Node]]:
    return node.pairs if isinstance(node, Entries) else []


def _innermost(rooms: list[Room], leaf: str) -> Room:
    return min((room for room in rooms if leaf in room.leaves), key=lambda room: len(room.leaves))
