"""Whether a notebook that somebody has run may go out, by nbconvert as by any other way; what a draft says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportkit.assigned_names import INJECTED, assigned, strange_parameter, tags_of
from reportkit.errors import ExportError
from reportkit.exporters.obligations import errors_of
from reportkit.page_styles import Words
from reportkit.translation import _, ngettext

_CHECKS = "ChecksError"
"""What `report.checks()` fails with where it has listed errors, which are counted already."""


def check_fit(nb: Any, option: str = "draft=True") -> None:
    """Raise ExportError if the notebook was not run, or not to its end; if a parameter it was given is none of its own;
    or if its checks hold errors.

    `option` is what lets a draft be exported all the same.
    """
    cure = _("to see it before it is final, add {option}, and every page says that it is a draft").format(option=option)
    if errors := errors_of(nb.cells):
        words = ngettext(
            "the checks have found {number} error, so it cannot be published; "
            "mend what report.checks() lists and run it again. {cure}",
            "the checks have found {number} errors, so it cannot be published; "
            "mend what report.checks() lists and run it again. {cure}",
            errors,
        )
        raise ExportError(words.format(number=errors, cure=cure))
    if failed := _failed(nb.cells):
        name, error = failed[0]
        words = _("cell {cell} has failed ({error}); mend it and run it again. {cure}")
        raise ExportError(words.format(cell=name, error=_line(error), cure=cure))
    if left := _not_run(nb.cells):
        words = _(
            "cell {cell} was not run; run all from top to bottom before you export "
            "(cells that are not to be run have the tag skip-execution). {cure}"
        )
        if len(left) == len(list(_asked_to_run(nb.cells))):
            words = _(
                "the notebook was not run; run all from top to bottom before you export "
                "(cells that are not to be run have the tag skip-execution). {cure}"
            )
        raise ExportError(words.format(cell=left[0], cure=cure))
    if strange := strange_parameter(nb.cells, _given(nb)):
        raise ExportError(strange)


def draft_line(nb: Any, words: Words) -> str:
    """Return what a draft says of itself on every page, in a style's words: that it is one, and what is wrong."""
    errors = errors_of(nb.cells)
    wrong = [words.unchecked if errors is None else words.errors.filled(number=errors)]
    if failed := [name for name, error in _failed(nb.cells) if error["ename"] != _CHECKS]:
        wrong.append(words.failed.filled(number=len(failed)))
    if left := _not_run(nb.cells):
        wrong.append(words.not_run.filled(number=len(left)))
    return words.draft_line.filled(reasons=words.comma.join(wrong))


def _failed(cells: Sequence[Any]) -> list[tuple[str, Any]]:
    """The cells that failed, with their error, where no error was asked for."""
    return [
        (name, output)
        for name, cell in _code(cells)
        if "raises-exception" not in tags_of(cell)
        for output in cell.get("outputs", ())
        if output["output_type"] == "error"
    ]


def _line(error: Any) -> str:
    # What our own errors say is a sentence, and the name of their class is none of an analyst's business.
    return " ".join(str(error["evalue"] or error["ename"]).split())[:200]


def _not_run(cells: Sequence[Any]) -> list[str]:
    """The cells that should have been run and were not.

    Some tools take the numbers off the cells of a notebook that was run: where none has one, what has outputs shows
    that it was.
    """
    asked = list(_asked_to_run(cells))
    numbered = any(cell.get("execution_count") is not None for _, cell in asked)
    if not numbered and any(cell.get("outputs") for _, cell in asked):
        return []
    return [name for name, cell in asked if cell.get("execution_count") is None and not cell.get("outputs")]


def _asked_to_run(cells: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    for name, cell in _code(cells):
        if cell["source"].strip() and "skip-execution" not in tags_of(cell):
            yield name, cell


def _code(cells: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    for place, cell in enumerate(cells, 1):
        if cell["cell_type"] == "code":
            yield cell.get("id") or str(place), cell


def _given(nb: Any) -> list[str]:
    """The parameters that the notebook was given, whatever engine has run it."""
    known = nb.metadata.get("papermill") or {}
    cell = next((cell for cell in nb.cells if INJECTED in tags_of(cell)), None)
    injected = assigned(cell["source"]) if cell is not None else None
    return injected or list(known.get("parameters") or {})
