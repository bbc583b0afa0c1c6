"""What the name of a list ends with, and the name of a sheet that may stand behind a workbook's."""

from __future__ import annotations

import re
from pathlib import Path

TEXTS = (".csv", ".tsv")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
LINES = (".jsonl",)

_LISTS = (*TEXTS, *WORKBOOKS, *LINES)
_BEFORE_SHEET = re.compile(rf"(?:{'|'.join(map(re.escape, WORKBOOKS))})#", re.IGNORECASE)


def is_list(path: Path) -> bool:
    """Return whether a path is that of a list of parameter sets, by its name."""
    return sheet_of(path)[0].name.lower().endswith(_LISTS)


def sheet_of(path: Path) -> tuple[Path, str]:
    """Return the file and the name of a sheet behind a #, "" where none is named: of `towns.xlsx#2024`, 2024."""
    name = path.name
    begins = [match.end() for match in _BEFORE_SHEET.finditer(name) if match.start() and match.end() < len(name)]
    if not begins or path.exists():
        return path, ""
    return path.with_name(name[: begins[-1] - 1]), name[begins[-1] :]
