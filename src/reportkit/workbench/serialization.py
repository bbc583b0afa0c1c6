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
from reportkit.workbench.diagnostics import Place, marks, place_of
from reportkit.workbench.draft import Draft
from reportkit.workbench.save import Changed, can_undo
from reportkit.workbench.table_layout import cell_name, section_shapes, table_shape
from reportkit.workbench.town_list import Town

STATUS = {"built": "已生成", "up-to-date": "已是最新", "invalid": "有错误，没有生成", "failed": "没有生成"}

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
        "words": words,
        "prose": {key: prose(text) if text.strip() else "" for key, text in words.items()},
        "issues": [_issue(issue, place) for issue, place in issues],
        "counts": _counts(issues),
    }


def _at_home(issue: Issue, draft: Draft) -> Issue:
    """The issue with other files named as in the project: a notebook's own folder is no place to name them from."""
    return replace(issue, message=issue.message.replace(f"{draft.project.root.absolute()}{os.sep}", ""))


def _issue(issue: Issue, place: Place) -> dict[str, Any]:
    cell = "|".join(place[:3]) if place.column else ""
    return {
        "severity": issue.severity,
        "level": LEVELS[issue.severity],
        "code": issue.code,
        "message": issue.message,
        "place": f"第 {issue.origin.line} 行" if issue.origin.line else one_line(issue.origin.place),
        "cell": cell,
        "section": place.section,
    }


def _counts(issues: list[tuple[Issue, Place]]) -> dict[str, dict[str, int]]:
    """How many errors and warnings each table has, and the words ("words")."""
    counts: dict[str, Counter[str]] = {}
    for issue, place in issues:
        if place != Place():
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
    return notice("note", f"新文件：单位名称、上年结转和上一年项目数量取自 {year} 年的参数文件，请核对；其余留空。")


def changed(found: Changed) -> dict[str, Any]:
    """Return the message that a file was changed meanwhile, with the differences and what can be done."""
    lines = [[line.place, line.before, line.theirs, line.mine, line.merged] for line in found.differences]
    if found.reason:
        text, actions = f"没有保存。{found.reason}", [["overwrite", "用我的覆盖（对方的版本可以撤销找回）"]]
        if found.theirs is None:
            actions = [["overwrite", "重新建立这个文件"]]
    else:
        text = "没有保存：打开以后，这个文件被别人改过。下面是差别；请核对后选择。"
        actions = [
            ["merge", "把我的修改合并进去并保存"],
            ["overwrite", "全部以我的为准保存"],
            ["drop", "重新载入，放弃我的修改"],
        ]
    return notice("error", text, actions=actions, differences=lines)


def progress(done: int, total: int, outcome: Outcome | None) -> dict[str, Any]:
    """Return how far a build is: the reports done, and for the last one its files and its issues."""
    made: dict[str, Any] | None = None
    if outcome:
        reason = "\n".join(filter(None, [outcome.reason, *outcome.warnings]))
        if outcome.errors and not reason:
            reason = f"{len(outcome.errors)} 个错误，第一个：{outcome.errors[0].message}"
        files = [str(path) for path in outcome.files if path.suffix in (".html", ".pdf", ".ipynb")]
        made = {"name": one_line(outcome.job.name), "status": outcome.status, "said": STATUS[outcome.status]}
        made = {**made, "files": files, "reason": reason}
    return {"what": "progress", "done": done, "total": total, "made": made}
