"""A workbook for each town, made from last year's parameter files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from reportkit.errors import UserError
from reportkit.form_workbook.prefill import carried
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.model.filing import Filing
from reportkit.model.form import Form
from reportkit.project import Project, Selection

FormOf = Callable[[Filing], Form]
"""Returns the form of the workbook that follows on last year's filing. Raises UserError if that is not known."""


def town_workbooks(
    project: Project, found: Selection, folder: Path, form_of: FormOf
) -> Iterator[tuple[str, bytes | UserError]]:
    """Yield the workbook of each town by its path below the folder, or why there is none, by that of last year's file.

    `found` are the parameter files of the folder, as `select` finds them.
    """
    for path, reason in found.unlisted:
        yield project.shown(path), UserError(reason)
    for path, _inside in found.files:
        try:
            filing = project.read(path)
            form = form_of(filing)
        except UserError as error:
            yield project.shown(path), error
        else:
            yield path.relative_to(folder).with_suffix(".xlsx").as_posix(), form_bytes(form, carried(form, filing))
