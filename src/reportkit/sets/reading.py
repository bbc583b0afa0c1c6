"""A list of any kind -> its sets of parameters, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportkit.errors import UserError
from reportkit.sets.declaring import Declared
from reportkit.sets.delimited import csv_table
from reportkit.sets.faults import Faults
from reportkit.sets.places import ParameterSet
from reportkit.sets.table import sets_of
from reportkit.translation import _

_NOTHING: Mapping[str, Any] = {}


def read_sets(
    path: Path, known: Mapping[str, Declared] | None, common: Mapping[str, Any] = _NOTHING
) -> list[ParameterSet]:
    """Return the sets of parameters that a list holds, in its order.

    The list is a .csv, a workbook (.xlsx, .xls, .ods; `towns.xlsx#2024` names a sheet), a .jsonl, a YAML file, or a
    folder of YAML files. `known` is what the notebook declares, None if nothing is known of it: then any name is one
    of a parameter. `common` holds for each set; what a row says goes before it.

    Raises UserError with everything that is wrong.
    """
    faults = Faults()
    sets = _read(path, known, common, faults)
    faults.tell()
    return sets


def _read(
    path: Path, known: Mapping[str, Declared] | None, common: Mapping[str, Any], faults: Faults
) -> list[ParameterSet]:
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        return sets_of(csv_table(path, known, faults), known, common, faults)
    words = _("{path}: no list that can be read; one is a .csv, .xlsx, .xls, .ods or .jsonl, or a folder of YAML files")
    raise UserError(words.format(path=path))
