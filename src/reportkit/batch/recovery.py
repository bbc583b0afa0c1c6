"""Reports that are being put into place: what a build made that was killed meanwhile, the next one knows as its own.

Before a report's files appear under their names, a note beside their parts says what they hold. The journal takes it
away when the report is recorded; from one that is left, the next build tells those files from any changed by hand.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from reportkit.batch.placement import parts_folder
from reportkit.files import OWN, own_folder
from reportkit.files.locations import is_remote
from reportkit.project import Job

_SUFFIX = ".making"


class Making(NamedTuple):
    """A report that a killed build was putting into place: its name, its parameter file's, and its files' SHA-256."""

    name: str
    params: str
    digests: Mapping[str, str]


def note(job: Job, files: Mapping[Path, str]) -> None:
    """Note which files, by their SHA-256, are about to be put into place. Raises OSError if that cannot be written."""
    if is_remote(job.out):
        return
    own_folder(job.out, OWN, "parts")
    beginning = len(job.target.name)
    digests = {path.name[beginning:]: sha for path, sha in files.items()}
    text = json.dumps([job.name, job.source, digests])
    # Only a kill is to be outlived here: after a power cut the pages may be gone as well.
    _note_of(job.out, job.name).write_text(text, encoding="utf-8")


def forget(job: Job) -> None:
    """Take the note of a report away, if there is one."""
    if not is_remote(job.out):
        with contextlib.suppress(OSError):
            _note_of(job.out, job.name).unlink(missing_ok=True)


def cut_off(out: Path) -> Iterator[Making]:
    """Yield what killed builds have noted in a local folder; a note that is cut off says nothing yet."""
    for path in sorted(parts_folder(out).glob(f"*{_SUFFIX}")):
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            name, params, digests = json.loads(path.read_text(encoding="utf-8"))
            yield Making(str(name), str(params), {str(suffix): str(sha) for suffix, sha in digests.items()})


def _note_of(out: Path, name: str) -> Path:
    words = name.encode(errors="surrogateescape")
    return parts_folder(out) / f"{hashlib.sha256(words).hexdigest()[:32]}{_SUFFIX}"
