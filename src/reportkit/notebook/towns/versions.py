"""The versions of a town's own copy: none is replaced behind anybody's back, an older one over a newer is merged."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

from reportkit.errors import UserError
from reportkit.files import BY_HAND, ChangedError, History, Step, read_now
from reportkit.files.locations import is_remote, read, remove, write
from reportkit.notebook.markers import Labels
from reportkit.notebook.merge import merge, remembered
from reportkit.notebook.provenance import mark_of
from reportkit.notebook.towns.file import Copy, copy_path, parsed, read_copy
from reportkit.project import Project
from reportkit.translation import N_, _

SAVED_AND_NEWER = Labels(N_("the text that was saved last"), N_("the text that somebody had saved before"))


def history_of(project: Project, path: Path) -> History:
    """Return the versions of an own copy that are kept, labelled by their revision."""
    return History(project.root, path, _revision)


def own_copy(project: Project, name: str) -> Copy | None:
    """Return a town's own copy as it counts, None if it has none.

    If an older version was saved over a newer one, both are merged, and `overtaken` says so.
    Raises UserError if the file is no notebook.
    """
    copy = read_copy(copy_path(project, name))
    return copy and with_newer(project, copy)


def copy_digest(project: Project, name: str) -> str:
    """Return the digest of an own copy, "" if there is none, and something else for a file that is no notebook."""
    try:
        copy = own_copy(project, name)
    except UserError as error:
        return f"unreadable: {error}"
    return copy.digest if copy else ""


def note(project: Project, copy: Copy) -> None:
    """Keep a version that was saved by hand. Raises OSError if it cannot be kept."""
    if not is_remote(copy.path):
        history_of(project, copy.path).note(copy.content)


def with_newer(project: Project, copy: Copy) -> Copy:
    """Return a copy merged with the version that reportkit or somebody else has put there since this one was opened.

    A viewer that is left open keeps an old version, and puts it over a newer one when it saves. Which version it had
    opened tells the copy's revision; what it has changed in that is merged with what is newer.
    """
    steps = [] if is_remote(copy.path) or not copy.revision else history_of(project, copy.path).steps
    last = steps[-1] if steps else None
    opened = [step for step in steps if step.label == copy.revision and step.by != BY_HAND]
    if last is None or not opened or last.label in ("", copy.revision):
        return copy
    newer = _kept(project, copy.path, last)
    if newer is None:
        return copy
    before = _kept(project, copy.path, opened[-1])
    base = before.cells if before else newer.base or []
    merged = merge(base, copy.cells, newer.cells, SAVED_AND_NEWER)
    disputed = {**newer.disputed, **copy.disputed}
    torn = remembered(merged.conflicts, [*newer.cells, *copy.cells], disputed)
    disputed = {each.cell: each.base for each in torn if each.base is not None}
    words = _("an older version was saved over that of {when} ({command}); both are merged")
    told = words.format(when=when(last), command=_(last.by))
    return replace(copy, cells=merged.cells, base=newer.base, overtaken=told, disputed=disputed)


def when(step: Step) -> str:
    """Return the time of a step as people write it."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(step.time))


def _kept(project: Project, path: Path, step: Step) -> Copy | None:
    """An earlier version, None if it is not kept any more."""
    try:
        content = history_of(project, path).content(step)
        return parsed(path, content) if content is not None else None
    except UserError:
        return None


def _revision(content: bytes) -> str:
    try:
        made = mark_of(json.loads(content))
    except (ValueError, RecursionError):
        return ""
    return made.revision if made else ""


def store(project: Project, path: Path, content: bytes, was: bytes | None, by: str) -> None:
    """Write an own copy whole; `was` is what it held when it was read, None if it was not there, `by` what changes it.

    Both versions are kept, as reportkit.files.History says; in a store none is.
    Raises ChangedError if somebody has changed it since, and OSError if it cannot be written; then nothing has changed.
    """
    if not is_remote(path):
        if content != was:
            history_of(project, path).save(was, content, by)
        elif read_now(path) != was:
            raise ChangedError(path)
        return
    try:
        now = read(path)
    except FileNotFoundError:
        now = None
    if now != was:
        raise ChangedError(path)
    if now != content:
        write({path: content})


def discard(project: Project, copy: Copy, by: str) -> None:
    """Remove an own copy, which is kept in its history; in a store it is not.

    Raises ChangedError if somebody has changed it since it was read, OSError if it cannot be removed.
    """
    if not is_remote(copy.path):
        history_of(project, copy.path).save(copy.content, None, by)
        return
    now = read_copy(copy.path)
    if now and now.content != copy.content:
        raise ChangedError(copy.path)
    remove(copy.path)
