"""A list of any kind -> its sets of parameters, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reportkit.declarations.declaring import Declared
from reportkit.declarations.unfit import UnfitError
from reportkit.errors import UserError, reason_of
from reportkit.files.locations import is_remote
from reportkit.params.reader import SUFFIXES
from reportkit.sets.delimited import csv_table
from reportkit.sets.faults import Faults
from reportkit.sets.json_lines import json_sets
from reportkit.sets.list_names import LINES, TEXTS, WORKBOOKS, sheet_of
from reportkit.sets.parameter_files import yaml_sets
from reportkit.sets.places import ParameterSet, Where
from reportkit.sets.row_reading import Table, sets_of
from reportkit.sets.workbooks import workbook_table
from reportkit.translation import N_, _

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
    try:
        sets = _read(path, known, common, faults)
    except OSError as error:
        words = _("{path}: {reason}; check the path and your rights there")
        raise UserError(words.format(path=path, reason=reason_of(error))) from None
    faults.tell()
    return sets


def _read(
    path: Path, known: Mapping[str, Declared] | None, common: Mapping[str, Any], faults: Faults
) -> list[ParameterSet]:
    if table := table_of(path, known or (), faults):
        return sets_of(table, known, common, faults)
    name = path.name.lower()
    if name.endswith(LINES):
        return _filled(list(json_sets(path, known, common, faults)), path, faults)
    if name.endswith(SUFFIXES) or path.is_dir() or is_remote(path):
        return list(yaml_sets(path, known, common, faults))
    if not path.exists():
        raise UserError(_("{path}: there is no such file or folder; check the path").format(path=path))
    words = _("{path}: no list that can be read; one is a .csv, .xlsx, .xls, .ods or .jsonl, or a folder of YAML files")
    raise UserError(words.format(path=path))


def table_of(path: Path, known: Iterable[str], faults: Faults) -> Table | None:
    """Return the table that a CSV file or a workbook holds, None for a file of another kind by its name.

    `known` are names that its header may have. Raises OSError for a file that cannot be read, UserError for one that
    is no such table; what is wrong with its rows is noted as they are read.
    """
    name = path.name.lower()
    if name.endswith(TEXTS):
        return csv_table(path, known, faults)
    return workbook_table(path, faults) if name.endswith(WORKBOOKS) or sheet_of(path)[1] else None


def _filled(sets: list[ParameterSet], path: Path, faults: Faults) -> list[ParameterSet]:
    if not sets and not faults.count:
        faults.add(Where(str(path)), UnfitError(N_("there is nothing in it; each line is to become one report")))
    return sets
