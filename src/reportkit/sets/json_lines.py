"""The sets of a file of JSON lines: an object on each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reportkit.declarations.declaring import Declared
from reportkit.declarations.json_text import from_json
from reportkit.declarations.unfit import UnfitError
from reportkit.sets.faults import Faults
from reportkit.sets.fitting import fitted
from reportkit.sets.list_text import file_text, lines
from reportkit.sets.places import ParameterSet, Where
from reportkit.sets.records import Entry, Records
from reportkit.shapes import shown
from reportkit.translation import N_


def json_sets(
    path: Path, known: Mapping[str, Declared] | None, common: Mapping[str, Any], faults: Faults
) -> Iterator[ParameterSet]:
    """Yield the set of each line; a blank line is none."""
    records = Records(known, common, fitted, faults)
    for number, line in enumerate(lines(file_text(path)), 1):
        if line.isspace():
            continue
        place = Where(str(path), line=number)
        try:
            entry = _mapping(line.strip())
        except UnfitError as error:
            faults.add(place, error)
            continue
        yield records.set_of((Entry(name, value, place) for name, value in entry.items()), place)


def _mapping(line: str) -> dict[str, Any]:
    entry = from_json(line)
    if not isinstance(entry, dict):
        words = N_('{found} is no object; each line is one, such as {{"town": "Alderbrook", "year": 2024}}')
        raise UnfitError(words, found=shown(entry))
    return entry
