"""A town's notebook: the master now, the town's words, and what the town has changed in its own copy."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from reportkit.errors import Issue, Origin
from reportkit.messages.words import issue, joined, phrase
from reportkit.model.filing import Filing, words_at
from reportkit.notebook import Source, read_notebook
from reportkit.notebook.cell_matching import renumbered
from reportkit.notebook.cells import Cell, as_json, cells_of
from reportkit.notebook.markers import Labels, is_open
from reportkit.notebook.merge import Merged, merge, remembered
from reportkit.notebook.own_words import comparable, drafted, kept_back, own_words
from reportkit.notebook.towns.file import Copy, CopyError, copy_path
from reportkit.notebook.towns.versions import own_copy
from reportkit.project import Project
from reportkit.signs import remarks
from reportkit.translation import N_

_SHOWN = 30

COPY_AND_MASTER = Labels(N_("the town's text"), N_("the text of the master (or the parameter file) now"))


@dataclass(frozen=True)
class Town:
    """One town's notebook: the master, the town's words by section, and the town's own copy."""

    name: str
    master: Source
    words: Mapping[str, str]
    copy: Copy | None

    @cached_property
    def cells(self) -> list[Cell]:
        """The master's cells with the town's words in them; those without ids are called as in the copy."""
        cells = cells_of({"cells": drafted(json.loads(self.master.text)["cells"], self.words)})
        return renumbered(cells, cells, self.copy.base) if self.copy and self.copy.base else cells

    @cached_property
    def base(self) -> list[Cell]:
        """The cells that the copy was made from, as far as known.

        Of one whose record was changed, all that it says counts as the town's own; one that somebody made by hand was
        made from the master as it is.
        """
        if self.copy is None:
            return self.cells
        return self.copy.base or (self.cells if self.copy.is_ours else self.bare)

    @cached_property
    def bare(self) -> list[Cell]:
        """The master's cells as they are, without the town's words."""
        return cells_of(json.loads(self.master.text))

    def theirs(self, but: str = "") -> list[Cell]:
        """The master's cells, except that those still in conflict are as they were when the conflict arose.

        What has come for them since waits until they are settled, else there would be marks within marks. `but` is a
        cell that does not wait.
        """
        torn = {cell.id for cell in self.copy.cells if is_open(cell.source)} - {but} if self.copy else set()
        return held_back(self.cells, self.base, torn) if torn else self.cells

    @cached_property
    def merged(self) -> Merged:
        """The cells that the report is made from, and what nobody has settled yet."""
        if self.copy is None:
            return Merged(self.cells, [])
        merged = merge(self.base, self.copy.cells, self.theirs(), COPY_AND_MASTER)
        return replace(merged, conflicts=remembered(merged.conflicts, self.copy.cells, self.copy.disputed))

    @property
    def text(self) -> str:
        """The notebook to run, as JSON."""
        return json.dumps(self.notebook(self.merged.cells), ensure_ascii=False, sort_keys=True)

    def notebook(self, cells: Iterable[Cell]) -> dict[str, Any]:
        """Return the master's JSON with these cells."""
        return {**json.loads(self.master.text), "cells": list(map(as_json, cells))}


def held_back(cells: Sequence[Cell], before: Sequence[Cell], names: Set[str]) -> list[Cell]:
    """Return the cells with those of these names as they were before: changed, taken out or not there yet."""
    old = {cell.id: cell for cell in before}
    held = [old.get(cell.id) if cell.id in names else cell for cell in cells]
    there = [cell for cell in held if cell]
    for place, cell in enumerate(before):
        if cell.id in names and all(cell.id != each.id for each in there):
            earlier = {each.id for each in before[:place]}
            after = max((number for number, each in enumerate(there, 1) if each.id in earlier), default=0)
            there.insert(after, cell)
    return there


def cell_place(path: str, cell: str) -> Origin:
    """Return the place of a notebook's cell, as messages call it."""
    return Origin(path, phrase("notebook_cell", cell=cell))


def read_town(project: Project, name: str, filing: Filing) -> Town:
    """Return the notebook of the town that a filing is of.

    Raises CopyError if the town's own copy cannot be read or is another user's, UserError if the master cannot.
    """
    return Town(name, read_notebook(project.notebook), filing.narrative, own_copy(project, name))


def as_printed(project: Project, town: Town, filing: Filing) -> Filing:
    """Return the filing as the town's own copy prints it: with its words, and with what is in conflict as notes.

    So what is checked is what is printed.
    """
    if town.copy is None:
        return filing
    found = own_words(map(as_json, town.merged.cells))
    path = project.shown(town.copy.path)
    # Where the town has made its words a text of the master's kind, the cell is printed and not the parameters.
    replaced = own_words(map(as_json, town.cells)).keys() - found.keys()
    words = {key: text for key, text in filing.narrative.items() if key not in replaced}
    origins = dict(filing.origins)
    for key, (text, cell) in found.items():
        if key in filing.form.section_by_key and text.strip() != words.get(key, "").strip():
            words[key], origins[words_at(key)] = text, cell_place(path, cell)
    torn = (
        issue("N2", cell_place(path, conflict.cell), cell=conflict.cell, town=town.name)
        for conflict in town.merged.conflicts
    )
    printed_as = replace(filing, narrative=words, origins=origins)
    own = {cell for _, cell in found.values()}
    notes = (*filing.notes, *torn, *_unprinted(path, town, printed_as), *_unseen(path, town, own))
    return replace(printed_as, notes=notes)


def _unseen(path: str, town: Town, but: Container[str]) -> Iterator[Issue]:
    """What nobody sees in cells of the town's own, other than in its words, at which the rules look."""
    master = {cell.source for cell in town.bare}
    for cell in town.merged.cells:
        for one in remarks(cell.source) if cell.id not in but and cell.source not in master else ():
            name, where = "L16.cell" if one.turns else "L17.cell", cell_place(path, cell.id)
            yield issue(name, where, None, joined(one.signs), cell=cell.id, remark=one)


def _unprinted(path: str, town: Town, filing: Filing) -> Iterator[Issue]:
    """What stands in cells of the town's own and would be on no page, as the section is printed in its own words."""
    torn = {conflict.cell for conflict in town.merged.conflicts}
    master = {comparable(cell.source) for cell in town.bare}
    sections = filing.form.section_by_key
    for cell, key, part in kept_back(map(as_json, town.merged.cells), filing.narrative.keys() & sections.keys()):
        name, source = cell["id"], cell["source"]
        if name in torn or comparable(source) in master or (part and part not in sections[key].parts):
            continue
        words = " ".join(source.partition("\n")[2].split())
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
        told = {"cell": name, "heading": sections[key].heading, "section": sections[key].label, "town": town.name}
        yield issue("N4", cell_place(path, name), None, shown, **told)


def printed(project: Project, name: str, filing: Filing) -> Filing:
    """Return the filing as `as_printed` does; a copy that cannot be read is an issue, too."""
    try:
        return as_printed(project, read_town(project, name, filing), filing)
    except CopyError as error:
        return replace(filing, notes=(*filing.notes, unread(project, error)))


def unread(project: Project, error: CopyError) -> Issue:
    """Return the issue of a copy that cannot be read."""
    return issue("N3", Origin(project.shown(error.path)), reason=error.reason)


def inputs_of(town: Town, project: Project) -> dict[str, str]:
    """Return the notebooks that a town's report is made from, by their path in the project: their digests."""
    copy = town.copy.digest if town.copy else ""
    return {
        project.name_of(project.notebook): town.master.digest,
        project.name_of(copy_path(project, town.name)): copy,
    }
