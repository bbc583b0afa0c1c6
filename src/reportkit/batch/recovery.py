"""Reports that are being put into place: what a build made that was killed meanwhile, the next one knows as its own.

Before a report's files appear under their names, a line says what they hold, in a log that each process keeps beside
their parts. From a line of which the journal does not know, the next build tells those files from any changed by hand.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from reportkit.batch.placement import parts_folder
from reportkit.files import OWN, own_folder
from reportkit.files.locations import is_remote
from reportkit.project import Job

_SUFFIX = ".making"
_logs: dict[int, str] = {}
"""The name of a process's log, by its number: one that is forked from another has its own."""


class Making(NamedTuple):
    """A report that a build was putting into place: its name, its parameter file's, and its files' SHA-256."""

    name: str
    params: str
    digests: Mapping[str, str]


def note(job: Job, files: Mapping[Path, str]) -> None:
    """Note which files, by their SHA-256, are about to be put into place. Raises OSError if that cannot be written."""
    if is_remote(job.out):
        return
    log = own_folder(job.out, OWN, "parts") / _logs.setdefault(os.getpid(), f"{os.urandom(8).hex()}{_SUFFIX}")
    beginning = len(job.target.name)
    digests = {path.name[beginning:]: sha for path, sha in files.items()}
    # Only a kill is to be outlived here: after a power cut the pages may be gone as well. What is cut off stays alone.
    with log.open("ab", buffering=0) as file:
        file.write(f"\n{json.dumps([job.name, job.source, digests])}\n".encode())


def cut_off(out: Path) -> Iterator[Making]:
    """Yield what builds have noted in a local folder since `forget`; a line that is cut off says nothing yet."""
    for log in _found(out):
        with contextlib.suppress(OSError):
            for line in log.read_bytes().splitlines():
                with contextlib.suppress(ValueError, TypeError, AttributeError):
                    name, params, digests = json.loads(line)
                    yield Making(str(name), str(params), {str(suffix): str(sha) for suffix, sha in digests.items()})


def forget(out: Path) -> None:
    """Take away what is noted in a local folder, once the journal knows of it."""
    for log in _found(out):
        with contextlib.suppress(OSError):
            log.unlink()


def _found(out: Path) -> list[Path]:
    return sorted(parts_folder(out).glob(f"*{_SUFFIX}"))
