"""Many files that somebody has sent: what each tells, or why it tells nothing, and what becomes of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from reportkit.errors import Origin, ReaderError
from reportkit.imports.dispatch import read_any, read_content
from reportkit.imports.importer import Imported, Importer, refused
from reportkit.model.form import Form
from reportkit.model.reading import Hints, Reading

Told = list[Reading] | Imported
"""The readings of a file, or that and why there are none."""


def read_file(path: Path, forms: Mapping[str, Form], hints: Hints, shown: str) -> Told:
    """Return what a file tells; `shown` is how messages call it."""
    return _read_or_refused(Origin(shown), lambda: read_any(path, forms, hints, shown))


def read_received(raw: bytes, name: str, forms: Mapping[str, Form], hints: Hints) -> Told:
    """Return what the content of a file tells that lies nowhere here; `name` is what it is called."""
    return _read_or_refused(Origin(name), lambda: read_content(raw, name, forms, hints))


def _read_or_refused(origin: Origin, read: Callable[[], list[Reading]]) -> Told:
    try:
        return read()
    except ReaderError as error:
        return refused(origin, error)


def outcomes_of(importer: Importer, files: Sequence[Told]) -> Iterator[Imported]:
    """Yield what becomes of each file or each report in it, in their order; all are read before anything is written."""
    brought = importer.bring(reading for told in files if isinstance(told, list) for reading in told)
    for told in files:
        if isinstance(told, list):
            yield from islice(brought, len(told))
        else:
            yield told
