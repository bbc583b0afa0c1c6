"""A draft and what happens to it as JSON values, which any front end can show."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import Any

from reportkit.batch.outcome import Outcome
from reportkit.errors import LEVELS, Issue
from reportkit.report.narrative import town_prose
from reportkit.signs import one_line, visible
from reportkit.translation import N_, _, ngettext
from reportkit.workbench.diagnostics import Place, fact_marks, marks, place_of
from reportkit.workbench.draft import Draft
from reportkit.workbench.save import Changed, can_undo
from reportkit.workbench.table_layout import cell_name, fact_shape, section_shapes, table_shape
from reportkit.workbench.town_list import Town

STATUS = {
    "built": N_("made"),
    "up-to-date": N_("up to date already"),
    "invalid": N_("has errors, not made"),
    "failed": N_("not made"),
}
"""What has become of a report, to be translated where it is told."""

prose = lru_cache(maxsize=64)(town_prose)
"""A town's words as HTML; all sections are shown again after each key, and one has changed."""


def town(one: Town, unsaved: bool) -> dict[str, Any]:
    """Return a line of the list of towns."""
    return {
        "year": one.year,
        "inside": one.inside,
        "name": one_line(one.jurisdiction),
        "county": one_line(one.county),
        "hasFile": one.has_file,
        "unsaved": unsaved,
    }


def sheet(one: Town, draft: Draft) -> dict[str, Any]:
    """Return what stays the same while a town is open: its tables and sections, and last year's figures."""
    form, last = draft.opened.form, draft.last
    cells = [ref for table in form.tables.values() for ref in table.cells]
    return {
        "what": "sheet",
        "town": town(one, draft.is_changed),
        "title": draft.opened.title,
        "path": one_line(draft.project.name_of(draft.path)),
        "isNew": draft.content is None,
        "lastYear": last.year if last else None,
        "facts": [fact_shape(fact) for fact in form.facts.values()],
        "tables": [table_shape(table, form) for table in form.tables.values()],
        "sections": section_shapes(draft.opened, last),
        "last": {cell_name(ref): last.values[ref].text for ref in cells if ref in last.values} if last else {},
    }


def state(draft: Draft, turn: int) -> dict[str, Any]:
    """Return what changes with an edit: texts, totals, marks and issues. `turn` is the number of the edit answered."""
    filing, texts = draft.filing, draft.texts
    marked = marks(filing, draft.issues)
    cells: dict[str, list[str]] = {}
    for ref in {**filing.values, **texts, **marked}:
        mark = marked.get(ref)
        computed = filing.values[ref].text if ref in filing.computed else ""
        cells[cell_name(ref)] = [
            texts.get(ref, ""),
            computed,
            mark.severity if mark else "",
            mark.message if mark else "",
        ]
    told, stated = fact_marks(filing, draft.issues), draft.fact_texts
    facts = {name: [stated.get(name, ""), *(told.get(name) or ("", ""))] for name in filing.form.facts}
    sections = [section.key for section in filing.form.sections]
    words = {key: draft.section_text(key) for key in sections}
    issues = [(_at_home(issue, draft), place_of(issue, filing)) for issue in draft.issues]
    return {
        "what": "state",
        "turn": turn,
        "edits": draft.edits,
        "unsaved": draft.is_changed or draft.content is None,
        "canUndo": can_undo(draft),
        "cells": cells,
        "facts": facts,
        "words": words,
        "prose": {key: prose(text) if text.strip() else "" for key, text in words.items()},
        "issues": [_issue(issue, place) for issue, place in issues],
        "counts": _counts(issues),
    }


def _at_home(issue: Issue, draft: Draft) -> Issue:
    """The issue with other files named as in the project: a notebook's own folder is no place to name them from."""
    return replace(issue, message=issue.message.replace(f"{draft.project.root.absolute()}{os.sep}", ""))


def _issue(issue: Issue, place: Place) -> dict[str, Any]:
    cell, line = "|".join(place[:3]) if place.column else "", _("line {line}")
    return {
        "severity": issue.severity,
        "level": _(LEVELS[issue.severity]),
        "code": issue.code,
        "message": issue.message,
        "place": line.format(line=issue.origin.line) if issue.origin.line else one_line(issue.origin.place),
        "cell": cell,
        "section": place.section,
        "fact": place.fact,
    }


def _counts(issues: list[tuple[Issue, Place]]) -> dict[str, dict[str, int]]:
    """How many errors and warnings each table has, and the words ("words")."""
    counts: dict[str, Counter[str]] = {}
    for issue, place in issues:
        if place != Place() and not place.fact:
            counts.setdefault(place.table or "words", Counter())[issue.severity] += 1
    return {key: dict(counter) for key, counter in counts.items()}


def broken(one: Town, message: str) -> dict[str, Any]:
    """Return what is shown in place of a file that cannot be read."""
    return {"what": "broken", "town": town(one, False), "message": visible(message)}


def notice(level: str, text: str, **more: Any) -> dict[str, Any]:
    """Return a message at the head of the workbench, level "done", "note", "error" or "ask"; `actions` are buttons."""
    return {"what": "told", "level": level, "text": visible(text), "actions": [], "differences": [], **more}


def started(draft: Draft) -> dict[str, Any]:
    """Return the message at a new file: what it starts with, and from where."""
    year = draft.last.year if draft.last else ""
    words = _(
        "New file: its names, what was carried over and last year's number of items are those of the parameter file of "
        "{year}, check them; all else is blank."
    )
    return notice("note", words.format(year=year))


def changed(found: Changed) -> dict[str, Any]:
    """Return the message that a file was changed meanwhile, with the differences and what can be done."""
    lines = [[line.place, line.before, line.theirs, line.mine, line.merged] for line in found.differences]
    if found.reason:
        text = _("Not saved. {reason}").format(reason=found.reason)
        actions = [["overwrite", _("Replace it by mine (undo brings the other version back)")]]
        if found.theirs is None:
            actions = [["overwrite", _("Make this file again")]]
    else:
        text = _("Not saved: somebody has changed this file since you opened it. See the differences below and choose.")
        actions = [
            ["merge", _("Merge my edits into it and save")],
            ["overwrite", _("Save all as I have it")],
            ["drop", _("Reload and give my edits up")],
        ]
    return notice("error", text, actions=actions, differences=lines)


def progress(done: int, total: int, outcome: Outcome | None) -> dict[str, Any]:
    """Return how far a build is: the reports done, and for the last one its files and its issues."""
    made: dict[str, Any] | None = None
    if outcome:
        reason = "\n".join(filter(None, [outcome.reason, *outcome.warnings]))
        if outcome.errors and not reason:
            words = ngettext("{number} error: {first}", "{number} errors, the first one: {first}", len(outcome.errors))
            reason = words.format(number=len(outcome.errors), first=outcome.errors[0].message)
        files = [str(path) for path in outcome.files if path.suffix in (".html", ".pdf", ".ipynb")]
        made = {"name": one_line(outcome.job.name), "status": outcome.status, "said": _(STATUS[outcome.status])}
        made = {**made, "files": files, "reason": reason}
    return {"what": "progress", "done": done, "total": total, "made": made}
