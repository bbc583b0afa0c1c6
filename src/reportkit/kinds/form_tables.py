"""The tables of a form, as its file writes them: blocks below and beside each other, whose labels make one grid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reportkit.kinds import table_shapes
from reportkit.kinds.form_cells import cell_traits, format_of, traits_of
from reportkit.kinds.form_formulas import formulas_of
from reportkit.kinds.form_open_rows import open_of, open_rows
from reportkit.model.form import Block, Header, Table
from reportkit.model.open_rows import TOTAL
from reportkit.model.row_records import rows_of
from reportkit.shapes import Steps, WrongShapeError
from reportkit.translation import _


def table_of(table: table_shapes.Table, steps: Steps) -> Table:
    """Return a table as the form has it; `steps` is where the entry stands.

    Raises WrongShapeError for blocks that make no table.
    """
    blocks = tuple(_block(one, (*steps, "blocks", number)) for number, one in enumerate(table.blocks))
    said = open_of(table, blocks, steps)
    for number, block in enumerate(blocks):
        for entry, words in _faults(blocks, number, block):
            place = _("table {table}, block {number}: {reason}")
            told = place.format(table=table.key, number=number + 1, reason=words)
            raise WrongShapeError((*steps, "blocks", number, entry), "", told)
    made = Table(
        key=table.key,
        caption=table.caption,
        blocks=blocks,
        format=format_of(table.format),
        note=_line(table.note),
        source=_line(table.source),
        footnotes=tuple(filter(None, map(_line, table.footnotes))),
        open=said,
    )
    made = replace(made, traits=cell_traits(table, made, steps))
    formulas = formulas_of(table, made, steps)
    if said:  # a sum is a sum: what is computed in each row is not computed in that of the sums
        formulas = {ref: formula for ref, formula in formulas.items() if ref.row != TOTAL}
    return replace(made, formulas=formulas)


def _block(block: table_shapes.Block, steps: Steps) -> Block:
    return Block(
        title=block.title,
        corner=block.corner if isinstance(block.corner, str) else _corner(block.corner),
        columns=_headers(block.columns, (*steps, "columns")),
        rows=rows_of(open_rows(block)) if block.rows == "open" else _headers(block.rows, (*steps, "rows")),
        format=format_of(block.format),
        beside=block.beside,
        foot=block.foot,
    )


def _headers(headers: tuple[table_shapes.Header, ...], steps: Steps) -> tuple[Header, ...]:
    return tuple(
        Header(
            one.key,
            one.label,
            _headers(one.children, (*steps, number, "children")),
            traits_of(one, (*steps, number), one.label),
        )
        for number, one in enumerate(headers)
    )


def _corner(labels: tuple[str | table_shapes.Corner, ...]) -> tuple[Header, ...]:
    return tuple(
        Header("", one) if isinstance(one, str) else Header("", one.label, _corner(one.children)) for one in labels
    )


def _line(text: str) -> str:
    """A text that stands in a line by itself."""
    return " ".join(text.split())


def _faults(blocks: tuple[Block, ...], number: int, block: Block) -> Iterator[tuple[str, str]]:
    """What is wrong with a block, each with the entry that says it."""
    stub, foot = block.stub_depth, block.foot
    labels = sum(len(header.leaves) for header in block.corner) if isinstance(block.corner, tuple) else stub
    stands_beside = block.beside or (number + 1 < len(blocks) and blocks[number + 1].beside)
    if block.beside and not number:
        words = _("it is the first block, and there is none for it to stand beside; take beside out")
        yield "beside", words
    if labels != stub:
        words = _(
            "corner has {labels} labels over {stub} columns of row labels; "
            "give it a label for each column, or one text for all of them"
        )
        yield "corner", words.format(labels=labels, stub=stub)
    if stands_beside and not all(any(leaf.labels) for leaf in block.row_leaves):
        words = _("a row without a label cannot stand beside another block; give each row of it a label")
        yield "rows", words
    if foot and not stands_beside:
        yield "foot", _("foot is for blocks that stand beside each other; take it out")
    elif foot not in _ends(block):
        words = _("foot is {foot}, which is more than all rows or cuts through a group; it can be {possible}")
        yield "foot", words.format(foot=foot, possible=_ends(block))
    yield from _doubled(blocks, number, block)


def _ends(block: Block) -> list[int]:
    """How many rows a foot can have, each group whole."""
    ends = [0]
    for header in reversed(block.rows):
        ends.append(ends[-1] + len(header.leaves))
    return ends


def _doubled(blocks: tuple[Block, ...], number: int, block: Block) -> Iterator[tuple[str, str]]:
    """Rows that blocks of a table with sides have twice: a parameter file names them by their labels."""
    if not any(each.beside for each in blocks):
        return
    before = {(each.title, *leaf.labels) for each in blocks[:number] for leaf in each.row_leaves}
    for leaf in block.row_leaves:
        if (block.title, *leaf.labels) in before:
            words = _("row {label!r} is called as one in a block before it; give both blocks titles that differ")
            yield "rows", words.format(label=leaf.label)
