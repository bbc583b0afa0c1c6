"""What can go wrong, and where: the exception tree and the located values.

ReportkitError                 anything this package raises on purpose
├── UserError                  the person can mend it: the command prints the message, no traceback
│   ├── FormError              a form's YAML file is wrong
│   ├── ReaderError            no filing can be made of an input file
│   └── ExportError            a finished notebook cannot be published as asked (for instance: no font for a glyph)
└── RunError                   a cell of a notebook failed

Bad *input* is not an exception but a list of `Issue` values, so that everything wrong in a file is told at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Severity = Literal["error", "warning", "note", "waived"]
"""How grave an issue is.

A note only says how something right was understood; a waived issue was switched off by the project or the file, for a
reason that it states.
"""


LEVELS: dict[Severity, str] = {"error": "错误", "warning": "提醒", "note": "说明", "waived": "已豁免"}
"""What clerks call how grave an issue is, the gravest first."""


class ReportkitError(Exception):
    """Root of everything this package raises on purpose."""


class UserError(ReportkitError):
    """The person can mend it; the message says place, fact, expectation and next step."""


class FormError(UserError):
    """A form's YAML file is wrong."""


class ExportError(UserError):
    """A finished notebook cannot be published as asked."""


class RunError(ReportkitError):
    """A cell of a notebook failed; carries fields, so that it survives the way to another process."""

    def __init__(self, cell_id: str, ename: str, evalue: str) -> None:
        super().__init__(cell_id, ename, evalue)
        self.cell_id, self.ename, self.evalue = cell_id, ename, evalue

    def __str__(self) -> str:
        return f"cell {self.cell_id}: {self.ename}: {self.evalue}"


class CellRef(NamedTuple):
    """The one address of a cell that readers, rules, issues and widgets share: three ASCII keys."""

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}[{self.row}, {self.column}]"


class Origin(NamedTuple):
    """Where a value was read: a file, and a place in it (`41`, `表三!D7`, `table 2 row 9`)."""

    path: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.place}" if self.place else self.path


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong, as a value.

    Only the `severity` "error" keeps a report from being published. `ref` is the cell concerned, if there is one;
    `found` and `expected` are the two sides as text.
    """

    code: str
    severity: Severity
    message: str
    origin: Origin
    ref: CellRef | None = None
    found: str = ""
    expected: str = ""

    def __str__(self) -> str:
        return f"{self.origin} {self.code} {self.severity} {self.message}"

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as plain JSON values: path, place, code, severity, message, cell, found, expected."""
        return {
            "path": self.origin.path,
            "place": self.origin.place,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "cell": list(self.ref) if self.ref else None,
            "found": self.found,
            "expected": self.expected,
        }


class ReaderError(UserError):
    """No filing can be made of an input file; `issues` says everything that is wrong with it."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__(issues)
        self.issues = issues

    def __str__(self) -> str:
        return "\n".join(map(str, self.issues))
