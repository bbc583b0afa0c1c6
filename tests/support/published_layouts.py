"""A filing as the text of a published report, in the shapes in which reports are met. Blank cells are "" in `texts`."""

from collections.abc import Callable, Iterator, Mapping

from reportkit.errors import CellRef
from reportkit.model.form import Block, Form, Table
from reportkit.model.printed_grid import GridCell

Texts = Mapping[CellRef, str]
Row = list[tuple[GridCell, str]]
"""A printed row: its cells, each with its text."""

PROSE = {
    "overview": "{year}年，合成镇按照《条例》的要求公开政府信息，共发布信息120条，其中动态信息12条，举办培训3次。",
    "problems": "一是公开不够及时，二是形式不够多样。今后将加强培训，每年不少于2次。",
    "other": "本年度没有收取信息处理费。",
}


def printed(block_rows: tuple[tuple[GridCell, ...], ...], texts: Texts) -> Iterator[Row]:
    for cells in block_rows:
        yield [(cell, texts.get(cell.ref, "") if cell.ref else cell.label) for cell in cells]


def report(form: Form, year: int, texts: Texts, table_text: Callable[[Table, Texts], str]) -> str:
    """The whole report: title, headings, words, and each table as `table_text` sets it."""
    parts = [form.title_for("合成镇", year)]
    for section in form.sections:
        parts.append(section.heading)
        parts.append(table_text(section.table, texts) if section.table else PROSE[section.key].format(year=year))
    return "\n\n".join(parts) + "\n"


def rows_of(table: Table, texts: Texts) -> Iterator[Row]:
    for block in table.grid:
        yield from printed(block, texts)


def with_holes(table: Table, texts: Texts) -> Iterator[list[str]]:
    """Rows with an empty cell wherever a cell of a row above reaches down."""
    reach: dict[int, int] = {}
    for number, row in enumerate(rows_of(table, texts)):
        starts = {cell.column: (cell, text) for cell, text in row}
        out = []
        for column in range(table.width):
            if column in starts:
                cell, text = starts[column]
                out.append(text)
                reach[column] = number + cell.rowspan
            elif reach.get(column, 0) > number:
                out.append("")
        yield out


def tabs(table: Table, texts: Texts) -> str:
    return "\n\n".join("\n".join(f"\t{text}" for text in row) for row in with_holes(table, texts))


def tsv(table: Table, texts: Texts) -> str:
    return "\n".join("\t".join(row) for row in with_holes(table, texts))


def pipes(table: Table, texts: Texts) -> str:
    """| 规章 | 0 | 0 | 0 | with an empty cell for each further column of a colspan."""
    lines = []
    for row in rows_of(table, texts):
        cells = [piece for cell, text in row for piece in (text, *[""] * (cell.colspan - 1))]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def trailing_pipes(table: Table, texts: Texts) -> str:
    """规章 | 0 | 0 | 0 | with the columns of all colspans at the end of the row."""
    lines = []
    for row in rows_of(table, texts):
        spare = sum(cell.colspan - 1 for cell, _ in row)
        lines.append(" | ".join(text for _, text in row) + " | " + "|" * spare)
    return "\n".join(lines)


def lines(table: Table, texts: Texts) -> str:
    """One cell a line, a blank line between; blank cells leave no trace."""
    return "\n\n".join(text for row in rows_of(table, texts) for _, text in row if text)


def cells(table: Table, texts: Texts) -> str:
    """One cell a line with its pipe behind it."""
    return "\n".join(f"{text} |" + "|" * (cell.colspan - 1) for row in rows_of(table, texts) for cell, text in row)


def filled(table: Table, texts: Texts) -> Iterator[tuple[list[str], int]]:
    """The cells of each row, and how many fillers make it as long as the others: for what reaches into it."""
    for row in rows_of(table, texts):
        yield [text for _, text in row], table.width - len(row)


def padded(table: Table, texts: Texts) -> str:
    """规章 | 0 | 0 | 0 | |, every row with as many pipes as the others."""
    return "\n".join(" | ".join(cells) + " | " + "|" * spare for cells, spare in filled(table, texts))


def padded_cells(table: Table, texts: Texts) -> str:
    """One cell a line with its pipe, blank ones a pipe alone, and the fillers of the row on a line of their own."""
    out = []
    for row, spare in filled(table, texts):
        out += [f"{text} |".strip() for text in row] + ["|" * spare]
    return "\n".join(filter(None, out))


def fenced_cells(table: Table, texts: Texts) -> str:
    """The same with a pipe alone before each row, and the fillers behind its last cell."""
    out = []
    for row, spare in filled(table, texts):
        out += ["|", *(f"{text} |".strip() for text in row)]
        out[-1] += " " + "|" * spare if spare else ""
    return "\n".join(out)


def moved(table: Table, texts: Texts) -> str:
    """Padded rows whose blank cells have become fillers: nobody can tell where they were."""
    full = ([text for text in cells if text] for cells, _ in filled(table, texts))
    return "\n".join(" | ".join(cells) + " | " + "|" * (table.width - len(cells)) for cells in full)


def moved_cells(table: Table, texts: Texts) -> str:
    """The same with one cell a line."""
    full = ([text for text in cells if text] for cells, _ in filled(table, texts))
    rows = ([*(f"{text} |" for text in cells), "|" * (table.width - len(cells))] for cells in full)
    return "\n".join(line for row in rows for line in row if line)


def lone_pipes(table: Table, texts: Texts) -> str:
    return "\n|\n".join(text for row in rows_of(table, texts) for _, text in row) + "\n|"


def spaced(table: Table, texts: Texts) -> str:
    """One printed row a line, as a PDF's text has it, short labels only."""
    return "\n".join("   ".join(text for _, text in row if text) for row in rows_of(table, texts))


def pdf(table: Table, texts: Texts) -> str:
    """Long labels broken around their values, group labels beside the rows, the header again in the middle."""
    out: list[str] = []
    for block in table.blocks:
        out += _pdf_block(table, block, texts)
    return "\n".join(out)


def _pdf_block(table: Table, block: Block, texts: Texts) -> Iterator[str]:
    heads = [header.label for header in block.columns]
    leaves = [leaf.label for leaf in block.column_leaves]
    head = [block.title, "   ".join([block.corner, *heads] if heads == leaves else [block.corner])]
    if heads != leaves:
        head += ["   ".join(label for label in level) for level in _levels(block)]
    yield from filter(str.strip, head)
    for number, row in enumerate(block.row_leaves):
        values = "   ".join(
            filter(None, (texts[CellRef(table.key, row.key, leaf.key)] for leaf in block.column_leaves))
        )
        label = row.label
        if number == 11:
            yield "- 3 -"
            yield from filter(str.strip, head)
        if number % 5 == 2 and len(row.labels) > 1:
            yield row.labels[-2][:4]
        if len(label) > 12 and number % 2:
            yield f"    {label[:12]}"
            yield f"  {label[12:]}    {values}"
        elif len(label) > 12:
            yield f"    {label[:12]}"
            yield f"              {values}"
            yield f"    {label[12:]}"
        else:
            yield f"    {label}   {values}"


def _levels(block: Block) -> Iterator[list[str]]:
    level = list(block.columns)
    while level:
        yield [header.label for header in level]
        level = [child for header in level for child in header.children]


def html(table: Table, texts: Texts) -> str:
    out = ["<table>"]
    for row in rows_of(table, texts):
        spans = (f'<td rowspan="{cell.rowspan}" colspan="{cell.colspan}">{text}</td>' for cell, text in row)
        out.append(f"<tr>{''.join(spans)}</tr>")
    return "\n".join([*out, "</table>"])


WITH_BLANKS = {
    "tabs": tabs,
    "tsv": tsv,
    "pipes": pipes,
    "trailing_pipes": trailing_pipes,
    "cells": cells,
    "lone_pipes": lone_pipes,
    "padded": padded,
    "padded_cells": padded_cells,
    "fenced_cells": fenced_cells,
}
WITHOUT_BLANKS = {"lines": lines, "spaced": spaced, "pdf": pdf}
LAYOUTS = {**WITH_BLANKS, **WITHOUT_BLANKS}
MOVED_BLANKS = {"moved": moved, "moved_cells": moved_cells}
