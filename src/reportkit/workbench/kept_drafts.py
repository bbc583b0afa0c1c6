"""What was typed and not saved, kept beside the project until it is saved: a kernel that ends takes nothing along.

Each workbench has a folder of its own in `.reportkit/drafts/`, which it holds as long as it lives. What lies in a
folder that nobody holds was left by one that has ended, and is offered to whoever opens the town next.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reportkit.files import own_folder, write_whole
from reportkit.files.claims import Claim, claim
from reportkit.project import Project
from reportkit.workbench.draft import Draft
from reportkit.workbench.fields import Field, field_of

_FOLDER = (".reportkit", "drafts")


@dataclass(frozen=True)
class Kept:
    """The edits of one town that nobody has saved: the texts by field, as they were when opened, and when they came."""

    edits: Mapping[Field, str]
    before: Mapping[Field, str]
    time: float = 0.0
    path: Path | None = None

    def forget(self) -> None:
        """Remove what was kept; the edits are done, or nobody wants them."""
        if self.path:
            with contextlib.suppress(OSError):
                self.path.unlink(missing_ok=True)


class Keeper:
    """Keeps the drafts of one workbench, and finds what others have left."""

    def __init__(self, project: Project) -> None:
        self._root = project.root
        self._folder: Path | None = None
        self._claim: Claim | None = None

    def keep(self, name: str, draft: Draft) -> None:
        """Keep the edits of a town's draft, or forget them if it has none. Raises OSError if they cannot be kept."""
        if not draft.is_changed and self._folder is None:
            return
        path = self._own() / _file(name)
        if not draft.is_changed:
            path.unlink(missing_ok=True)
            return
        edits = {field.name: text for field, text in draft.edits.items()}
        before = {field.name: draft.opened_text(field) for field in draft.edits}
        told = {"report": name, "time": time.time(), "edits": edits, "before": before}
        write_whole(path, json.dumps(told, ensure_ascii=False).encode(errors="replace"), new=False)

    def left(self, name: str, draft: Draft) -> Kept | None:
        """Return what was left of a town by a workbench that has ended, the newest; None if there is nothing."""
        found = [kept for path in self._left(name) if (kept := _read(path, draft))]
        return max(found, key=lambda kept: kept.time, default=None)

    def close(self) -> None:
        """Let go of what is kept: it was left by one that has ended."""
        if self._claim:
            self._claim.close()
        self._folder = self._claim = None

    def _own(self) -> Path:
        if self._folder is None:
            self._folder = own_folder(self._root, *_FOLDER, secrets.token_hex(8))
            self._claim = claim(self._folder)
        return self._folder

    def _left(self, name: str) -> Iterator[Path]:
        """The files of a town in folders that nobody holds; an empty folder goes."""
        for folder in self._root.joinpath(*_FOLDER).glob("*"):
            if folder == self._folder or folder.is_symlink() or not folder.is_dir():
                continue
            with contextlib.suppress(OSError):
                if held := claim(folder):
                    held.close()
                    yield folder / _file(name)
                    with contextlib.suppress(OSError):
                        folder.rmdir()


def _file(name: str) -> str:
    """The name of a town's file; its own may be too long, or none on this system."""
    return f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def _read(path: Path, draft: Draft) -> Kept | None:
    """What a file has kept, less what the draft says already; None if there is nothing."""
    try:
        told = json.loads(path.read_bytes())
        edits, before = _fields(told["edits"], draft), _fields(told["before"], draft)
        when = float(told["time"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None  # a file that nobody can read any more; nothing is lost by leaving it
    kept = _missing(edits, before, draft, when, path)
    if kept is None:
        path.unlink(missing_ok=True)
    return kept


def with_unsent(kept: Kept | None, texts: Mapping[str, str], when: float, draft: Draft) -> Kept | None:
    """Return what was kept with the texts that a front end could not tell its kernel any more; None if all is said."""
    edits = _fields(texts, draft)
    old = kept or Kept({}, {})
    before = {**{field: draft.opened_text(field) for field in edits}, **old.before}
    return _missing({**old.edits, **edits}, before, draft, when, old.path)


def _missing(
    edits: Mapping[Field, str], before: Mapping[Field, str], draft: Draft, when: float, path: Path | None
) -> Kept | None:
    """The edits that a draft does not say, None if it says all."""
    missing = {field: text for field, text in edits.items() if draft.text_at(field).strip() != text.strip()}
    return Kept(missing, before, when, path) if missing else None


def _fields(texts: Mapping[str, str], draft: Draft) -> dict[Field, str]:
    """The texts of the fields that the form still has."""
    found: dict[Field, str] = {}
    for name, text in texts.items():
        with contextlib.suppress(KeyError):
            found[field_of(name, draft.opened.form)] = str(text)
    return found
