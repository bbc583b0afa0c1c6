"""A draft and what happens to it as JSON values, which any front end can show."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from reportkit.batch.outcome import Outcome
from reportkit.errors import LEVELS, Issue, Origin
from reportkit.project import Project
from reportkit.report.narrative import town_prose
from reportkit.signs import one_line, visible
from reportkit.translation import N_, _, ngettext
from reportkit.workbench.blanks import blanks
from reportkit.workbench.diagnostics import Mark, marks, place_of
from reportkit.workbench.draft import Draft
from reportkit.workbench.fields import HEADS, Field, cell_field, shown, words_for
from reportkit.workbench.file_head import waivable
from reportkit.workbench.kept_drafts import Kept
from reportkit.workbench.save import Changed, can_undo
from reportkit.workbench.steps import Steps
from reportkit.workbench.table_layout import fact_shape, section_shapes, table_shape
from reportkit.workbench.town_list import Town

CONFLICT = "N2"
"""A notebook's cell that is in conflict."""

STATUS = {
    "built": N_("made"),
    "up-to-date": N_("up to date already"),
    "invalid": N_("has errors, not made"),
    "failed": N_("not made"),
}
"""What has become of a report, to be translated where it is told."""

prose = lru_cache(maxsize=64)(town_prose)
"""A town's words as HTML; all sections are shown again after each key, and one has changed."""


def town(one: Town, unsaved: bool, state: str = "") -> dict[str, Any]:
    """Return a line of the list of towns; `state` says how far it is, as far as that is known."""
    return {
        "year": one.year,
        "inside": one.inside,
        "name": one_line(one.jurisdiction),
        "county": one_line(one.county),
        "hasFile": one.has_file,
        "unsaved": unsaved,
        "state": state,
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
        "file": str(draft.path.absolute()),
        "isNew": draft.content is None,
        "lastYear": last.year if last else None,
        "jurisdiction": one_line(draft.opened.jurisdiction),
        "facts": [fact_shape(fact) for fact in form.facts.values()],
        "tables": [table_shape(table, form) for table in form.tables.values()],
        "sections": section_shapes(draft.opened, last),
        "waivable": waivable(form),
        "last": {cell_field(ref).name: last.values[ref].text for ref in cells if ref in last.values} if last else {},
    }


def state(draft: Draft, turn: int, steps: Steps, moved: Iterable[Field] = ()) -> dict[str, Any]:
    """Return all that may change with each key; `turn` is the front end's number of the last one.

    `fields` has for each field that is not blank its text, its computed total, how grave its mark is, and what that
    says. `moved` are those that an undo has changed: they are shown even where somebody is typing.
    """
    places = [(at_home(issue, draft.project), place_of(issue, draft.filing)) for issue in draft.issues]
    words = {key: draft.section_text(key) for key in draft.opened.form.section_by_key}
    return {
        "what": "state",
        "turn": turn,
        "edits": len(draft.edits),
        "unsaved": draft.is_changed or draft.content is None,
        "canUndo": can_undo(draft),
        "steps": [steps.can_undo, steps.can_redo],
        "moved": [field.name for field in moved],
        "fields": _fields(draft, marks(draft.filing, places)),
        "waivers": sorted(draft.waivers),
        "blanks": {table: len(refs) for table, refs in blanks(draft).items()},
        "prose": {key: prose(text) if text.strip() else "" for key, text in words.items()},
        "issues": [_issue(issue, place) for issue, place in places],
        "counts": _counts(places),
    }


def _fields(draft: Draft, marked: Mapping[Field, Mark]) -> dict[str, list[str]]:
    texts = {cell_field(ref): text for ref, text in draft.texts.items()}
    texts |= {Field("fact", name): text for name, text in draft.fact_texts.items()}
    texts |= {Field("words", key): draft.section_text(key) for key in draft.opened.form.section_by_key}
    texts |= {Field("waiver", code): reason for code, reason in draft.waivers.items()}
    texts |= {field: draft.text_at(field) for field in (Field("head", key) for key in HEADS)}
    sums = {cell_field(ref): draft.filing.values[ref].text for ref in draft.filing.computed}
    fields: dict[str, list[str]] = {}
    for field in {**texts, **sums, **marked}:
        mark = marked.get(field)
        told = [mark.severity, mark.message] if mark else ["", ""]
        fields[field.name] = [texts.get(field, ""), sums.get(field, ""), *told]
    return fields


def at_home(issue: Issue, project: Project) -> Issue:
    """Return the issue with files named as in the project: a notebook's own folder is no place to name them from.

    A conflict is settled by a button there, which names what is torn: its line needs no id of a cell, and no command.
    """
    path = at_root(issue.origin.path, project)
    if issue.code == CONFLICT:
        words = _("both have changed the same place, and nobody has decided yet which is printed; press Resolve")
        return replace(issue, message=words, origin=Origin(path))
    return replace(issue, message=at_root(issue.message, project), origin=issue.origin._replace(path=path))


def at_root(text: str, project: Project) -> str:
    """Return a sentence with files named from the project's root on."""
    return text.replace(f"{project.root.absolute()}{os.sep}", "")


def _issue(issue: Issue, place: Field | None) -> dict[str, str]:
    return {**issue_line(issue), "field": place.name if place else ""}


def issue_line(issue: Issue, where: str = "") -> dict[str, str]:
    """Return a line of the list of what is wrong; `where` is for a list that leads to no place."""
    return {
        "severity": issue.severity,
        "level": _(LEVELS[issue.severity]),
        "code": issue.code,
        "message": visible(issue.message),
        "place": where,
    }


def _counts(places: list[tuple[Issue, Field | None]]) -> dict[str, dict[str, int]]:
    """How many errors and warnings each table has, the words ("words"), and what stands beside them ("details")."""
    counts: dict[str, Counter[str]] = {}
    for issue, place in places:
        if place:
            tab = place.ref.table if place.kind == "cell" else "words" if place.kind == "words" else "details"
            counts.setdefault(tab, Counter())[issue.severity] += 1
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


def left(kept: Kept, draft: Draft) -> dict[str, Any]:
    """Return the message that edits were left unsaved when a workbench ended, each beside what the file says."""
    form = draft.opened.form
    sides = {field: (kept.before.get(field, ""), draft.text_at(field), text) for field, text in kept.edits.items()}
    lines = [[words_for(field, form), *(shown(field, side) for side in texts)] for field, texts in sides.items()]
    words = ngettext(
        "{number} edit of {time} was not saved when the workbench ended. It can be put back in.",
        "{number} edits of {time} were not saved when the workbench ended. They can be put back in.",
        len(lines),
    )
    text = words.format(number=len(lines), time=time.strftime("%Y-%m-%d %H:%M", time.localtime(kept.time)))
    if any(before != now for _place, before, now, *_rest in lines):
        text += _(" The file has been changed in these places since; see the differences.")
    actions = [["restore", _("Put them back in")], ["forget", _("Give them up")]]
    return notice("ask", text, actions=actions, differences=lines)


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
