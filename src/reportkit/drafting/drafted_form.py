"""The form that files propose: its sections, tables and rules, with what is sure and what is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from reportkit.drafting.block_traits import Traits, pass_on, traits_of, types_of
from reportkit.drafting.captions import is_chinese, is_heading, name_tables
from reportkit.drafting.draft_table import DraftTable, drafted_table
from reportkit.drafting.formula_sums import formula_lines, formula_proposals
from reportkit.drafting.keys import give_keys
from reportkit.drafting.label_balances import balance_proposals
from reportkit.drafting.printed_rules import printed_proposals
from reportkit.drafting.proposal import Proposal
from reportkit.drafting.proposals import label_proposals
from reportkit.drafting.quotients import quotients_of
from reportkit.drafting.source_files import Source
from reportkit.drafting.source_grid import BrokenGrid, SourceGrid, TableError
from reportkit.drafting.trees import Node
from reportkit.translation import _, gettext_in, in_a_row


@dataclass(frozen=True)
class DraftSection:
    """A section with its numbered heading; `table` is the key of its table, "" if it has none."""

    key: str
    heading: str
    table: str = ""


@dataclass(frozen=True)
class Draft:
    """A form that is proposed; `traits` are what the cells of each table's blocks hold, by the table's key.

    `quotients` are the formulas of columns that are no sums, `refuted` what a filled sample speaks against.
    """

    name: str
    files: tuple[str, ...]
    language: str
    sections: tuple[DraftSection, ...]
    tables: tuple[DraftTable, ...]
    traits: dict[str, list[Traits]]
    proposals: tuple[Proposal, ...]
    quotients: dict[Node, str]
    refuted: tuple[Proposal, ...] = ()

    @property
    def title(self) -> str:
        """The title of a report, with places for whose it is and of what year."""
        name = re.sub(r"\{|\}", "", self.name)
        return f"{{jurisdiction}}{{year}}年{name}" if self.language == "zh" else f"{name}, {{jurisdiction}}, {{year}}"


def named_tables(sources: Iterable[Source]) -> list[DraftTable]:
    """Return the tables of some files with their headings and keys. Raises TableError as `drafted` does."""
    tables = [_drafted(grid, source) for source in sources for grid in source.tables]
    name_tables(tables)
    give_keys(tables)
    return tables


def _drafted(grid: SourceGrid | BrokenGrid, source: Source) -> DraftTable:
    """The table in a grid. Raises TableError, which says how to leave it out if the file has others."""
    try:
        if isinstance(grid, BrokenGrid):
            raise grid.error
        return drafted_table(grid)
    except TableError as error:
        others = dict.fromkeys(other.origin for other in source.tables if other.origin != grid.origin)
        if not others:
            raise
        words = _("to leave this table out, name the others: {others}")
        raise TableError(*error.args, words.format(others=in_a_row(others))) from None


def drafted(sources: Sequence[Source], name: str) -> Draft:
    """Return the form that the tables of some files make. Raises TableError for a table that no form can have."""
    tables = named_tables(sources)
    language = "zh" if any(is_chinese(cell.text) for table in tables for cell in table.grid.all_cells()) else "en"
    say = partial(gettext_in, language)
    types, lines = types_of(tables), formula_lines(tables)
    pass_on(types, lines)
    quotients = quotients_of(tables, types)
    guessed = [one for table in tables for one in label_proposals(table, types, say)]
    guessed += [one for table in tables for one in printed_proposals(table, say)]
    guessed += [one for table in tables for one in balance_proposals(table, types, say)]
    proposals = _agreed([*formula_proposals(lines, tables, say)], guessed)
    traits = {table.key: [traits_of(block, types) for block in table.blocks] for table in tables}
    sections, files = _sections(sources, tables), tuple(dict.fromkeys(source.path for source in sources))
    return Draft(name, files, language, sections, tuple(tables), traits, proposals, quotients)


def _agreed(stated: Sequence[Proposal], guessed: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """What workbooks state, and what labels propose beside it.

    Where both say the same it is stated, in the words of the labels, for all that these are for. Of a total that a
    workbook works out in another way the labels say nothing.
    """
    found = []
    for one in stated:
        same = next((other for other in guessed if other.is_as(one)), None)
        found.append(one if same is None else same._replace(why=""))
    found += [one for one in guessed if not any(one.is_as(other) or one.is_about(other) for other in stated)]
    return tuple(dict.fromkeys(found))


def _sections(sources: Iterable[Source], tables: Sequence[DraftTable]) -> tuple[DraftSection, ...]:
    """The sections in print order: those that head the tables, and others of the document that have no table."""
    found: list[DraftSection] = []
    for source in sources:
        own = [table for table in tables if any(table.grid is grid for grid in source.tables)]
        for line in filter(is_heading, dict.fromkeys(source.lines)):
            headed = [DraftSection(table.key, line, table.key) for table in own if table.heading == line]
            found += headed or [DraftSection(f"s{len(found) + 1}", line)]
        there = [section.table for section in found]
        found += [DraftSection(table.key, table.heading, table.key) for table in own if table.key not in there]
    return tuple(found)
