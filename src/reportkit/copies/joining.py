"""A town's notebook: the master now, the town's words, and what the town has changed in its own copy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from reportkit.copies.file import Copy, copy_path, read_copy
from reportkit.errors import Issue, Origin, UserError
from reportkit.filing import Filing
from reportkit.notebook import Source, read_notebook
from reportkit.notebook.cells import Cell, as_json, cells_of
from reportkit.notebook.drafting import drafted, own_words
from reportkit.notebook.merging import Merged, merge
from reportkit.notebook.regions import Labels, is_open
from reportkit.project import Project

COPY_AND_MASTER = Labels("本单位的文字", "母版（或参数文件）现在的文字")


@dataclass(frozen=True)
class Town:
    """One town's notebook: the master, the town's words by section, and the town's own copy."""

    name: str
    master: Source
    words: Mapping[str, str]
    copy: Copy | None

    @cached_property
    def cells(self) -> list[Cell]:
        """The master's cells with the town's words in them."""
        return cells_of({"cells": drafted(json.loads(self.master.text)["cells"], self.words)})

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
        return merge(self.base, self.copy.cells, self.theirs(), COPY_AND_MASTER)

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


def _issue(path: str, cell: str, name: str) -> Issue:
    message = (
        f"单元格 {cell} 两边都改过，不知道该印哪一边；请在 JupyterLab 里打开这个文件，改好有标记的几行，"
        f"或者用 reportkit resolve {name} {cell} --ours（用标记里的上一段）或 --theirs（用下一段）"
    )
    return Issue("N2", "error", message, Origin(path, f"单元格 {cell}"))


def read_town(project: Project, name: str, filing: Filing) -> Town:
    """Return the notebook of the town that a filing is of. Raises UserError if a notebook cannot be read."""
    return Town(name, read_notebook(project.notebook), filing.narrative, read_copy(copy_path(project, name)))


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
            words[key], origins[key] = text, Origin(path, f"单元格 {cell}")
    torn = (_issue(path, conflict.cell, town.name) for conflict in town.merged.conflicts)
    return replace(filing, narrative=words, origins=origins, notes=(*filing.notes, *torn))


def printed(project: Project, name: str, filing: Filing) -> Filing:
    """Return the filing as `as_printed` does; a copy that cannot be read is an issue, too."""
    try:
        return as_printed(project, read_town(project, name, filing), filing)
    except UserError as error:
        message = f"本单位的笔记本副本读不出来：{error}；请用版本库里的恢复，或者删掉它"
        issue = Issue("N3", "error", message, Origin(project.shown(copy_path(project, name))))
        return replace(filing, notes=(*filing.notes, issue))


def inputs_of(town: Town, project: Project) -> dict[str, str]:
    """Return the notebooks that a town's report is made from, by their path in the project: their digests."""
    copy = town.copy.digest if town.copy else ""
    return {
        project.name_of(project.notebook): town.master.digest,
        project.name_of(copy_path(project, town.name)): copy,
    }
