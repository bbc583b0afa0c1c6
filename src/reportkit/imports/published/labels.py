"""What a piece of text is in a form: a row's label, a group's, a header's, a block's title, or part of one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reportkit.kinds import kind_of
from reportkit.kinds.labels import Labels
from reportkit.model.form import Block, Form, Header, labels_in
from reportkit.model.spelling import MOST_LOST, alike, is_slip, letters, numbered, spelled, squeezed

_NOTE_SIGNS = str.maketrans({"钩": "勾", "构": "勾", "嵇": "稽"} | dict.fromkeys("()[]【】《》:,。;、.注备", None))
"""How people write 勾稽, and what they put around it."""

_SHORT = 2
"""Only its number tells a row whose label has so few words."""

_LEAST_OF_NOTE = 4
"""A part of the note is at least so long."""

_LONG_CORNER = 8
"""A corner text longer than this is a note, which some files print after the table, or lose."""


class Stub(NamedTuple):
    """A row or a group of rows: where it stands in the form, and its label, whole and in parts."""

    table: str
    block: int
    order: int
    row: str
    label: str
    number: str
    core: str

    @property
    def is_group(self) -> bool:
        """Whether it heads rows rather than values."""
        return not self.row


class FormLabels:
    """The labels of one form, to look up what a text is."""

    def __init__(self, form: Form) -> None:
        words = kind_of(form).vocabulary
        self.spanners = words.spanners
        blocks = [(key, table.blocks) for key, table in form.keyed_tables.items()]
        self.stubs = [stub for key, of_table in blocks for stub in _stubs(key, of_table)]
        every = [block for _, of_table in blocks for block in of_table]
        self._heads = {letters(label) for block in every for label in labels_in(block.columns)}
        self._heads_by_length: dict[int, list[str]] = {}
        self._titles = {squeezed(block.title) for block in every if block.title}
        corners = {squeezed(corner) for block in every for corner in block.corners if corner}
        self._corners = {corner for corner in corners if len(corner) <= _LONG_CORNER}
        self._notes = [_of_note(corner) for corner in corners - self._corners]
        self._around = {squeezed(line) for table in form.tables.values() for line in table.around}
        texts = {squeezed(label) for block in every for label in labels_in((*block.columns, *block.rows))}
        self._haystack = "\n".join([*texts, *map(letters, texts), *self._titles, *self._corners, *words.aliases])
        self._rows = Labels(((spelled(stub.label), stub) for stub in self.stubs), words.aliases)

    def stub(self, text: str) -> Stub | None:
        """Return the row or group whose label this is, or begins; None if there is none, or more than one."""
        number, core = numbered(text)
        if found := self._exact(number, core):
            return found
        if not core or any(char.isdigit() for char in core) or (not number and core in self._heads):
            return None
        return self._alias(number, core) or self._partial(number, core)

    def is_head(self, text: str) -> bool:
        """Whether this is the label of a column or a spanner."""
        words = letters(text)
        if words in self._heads or words in self.spanners:
            return True
        return any(alike(words, head) or is_slip(words, head) for head in self._heads_of(len(words)))

    def is_title(self, text: str) -> bool:
        """Whether this is a block's title, or the beginning of one."""
        plain = squeezed(text)
        return plain in self._titles or any(
            plain.startswith(title[:4]) and len(plain) <= len(title) for title in self._titles
        )

    def is_corner(self, text: str) -> bool:
        """Whether this is the text above the stub."""
        return squeezed(text) in self._corners

    def is_note(self, text: str) -> bool:
        """Whether this is the note about how the numbers go together, or a part of it."""
        plain = _of_note(text)
        if len(plain) < _LEAST_OF_NOTE:
            return False
        return any(plain in note or alike(plain, note) for note in self._notes)

    def is_around(self, text: str) -> bool:
        """Whether this is a line that stands above or below a table, and says no more than the form does."""
        return squeezed(text) in self._around

    def ends_note(self, before: str, text: str) -> bool:
        """Whether this is the end of the note whose beginning stands in the line before."""
        return self.is_note(before) and any(note.endswith(_of_note(before + text)) for note in self._notes)

    def is_piece(self, text: str) -> bool:
        """Whether this is a part of some label."""
        plain = squeezed(text)
        return bool(plain) and (
            plain in self._haystack or (len(letters(plain)) >= 2 and letters(plain) in self._haystack)
        )

    def may_head(self, text: str) -> bool:
        """Whether this can be what stands above columns, unless it is a row's label or a title as well."""
        return self.is_piece(text) or self.is_note(text) or self.is_head(text)

    def is_label(self, text: str) -> bool:
        """Whether this is a whole label of any kind."""
        number, core = numbered(text)
        if self.is_head(text) or self.is_corner(text) or squeezed(text) in self._titles:
            return True
        return bool(core) and self._exact(number, core) is not None

    def _heads_of(self, length: int) -> list[str]:
        """The labels of columns that are about as long, looked for once: most texts that are asked about are none."""
        if length not in self._heads_by_length:
            near = [head for head in self._heads if abs(len(head) - length) <= MOST_LOST]
            self._heads_by_length[length] = near
        return self._heads_by_length[length]

    def _exact(self, number: str, core: str) -> Stub | None:
        return self._one([stub for _, stub in self._rows.of_words(core)], number)

    def _alias(self, number: str, core: str) -> Stub | None:
        return self._one([stub for _, stub in self._rows.other_words(core)], number)

    def _one(self, found: list[Stub], number: str) -> Stub | None:
        """The only row of them, or the only one of this number: 其他 and 总计 head columns, too, without one."""
        if len(found) > 1 or any(len(stub.core) <= _SHORT for stub in found):
            found = [stub for stub in found if stub.number == number]
        return found[0] if len(found) == 1 else None

    def _partial(self, number: str, core: str) -> Stub | None:
        """The one row that begins like this; or that has this number and nearly these words."""
        begun = [stub for stub in self.stubs if stub.core.startswith(core) and _enough(number, core, stub)]
        if begun:
            return begun[0] if len(begun) == 1 else None
        same_number = [stub for stub in self.stubs if stub.number == number]
        near = [stub for stub in same_number if alike(core, stub.core)]
        return near[0] if len(near) == 1 else None


def _of_note(text: str) -> str:
    return squeezed(text).translate(_NOTE_SIGNS)


def _enough(number: str, core: str, stub: Stub) -> bool:
    return len(core) >= 2 and number == stub.number if number else len(core) >= 4


def _stubs(table: str, blocks: tuple[Block, ...]) -> Iterator[Stub]:
    """Every labelled row and group of a table, in print order; rows are counted through the table."""
    index = 0
    for at, block in enumerate(blocks):
        for header in block.rows:
            for label, row in _walk(header, ""):
                if label:
                    yield Stub(table, at, index, row, label, *numbered(label))
                index += bool(row)


def _walk(header: Header, above: str) -> Iterator[tuple[str, str]]:
    """The label of each header from this one down, with the key of its row ("" for a group)."""
    key = f"{above}.{header.key}".strip(".")
    yield header.label, "" if header.children else key
    for child in header.children:
        yield from _walk(child, key)
