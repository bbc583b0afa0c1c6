"""What can go wrong, and where: the exception tree and the located values.

ReportkitError                 anything this package raises on purpose
├── UserError                  the person can mend it: the command prints the message, no traceback
│   ├── WriteError             a file cannot be written
│   ├── FormError              the YAML file of a form, a kind or a style is wrong
│   ├── UnreadableError        a document or a workbook cannot be read, before it has words
│   ├── ReaderError            no filing can be made of an input file
│   └── ExportError            a finished notebook cannot be published as asked (for instance: no font for a glyph)
└── RunError                   a cell of a notebook failed

Bad *input* is not an exception but a list of `Issue` values, so that everything wrong in a file is told at once.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, cast

from reportkit.signs import one_line, visible
from reportkit.translation import N_, Told, _, gettext_in, in_language, language

Severity = Literal["error", "warning", "note", "waived"]
"""How grave an issue is.

A note only says how something right was understood; a waived issue was switched off by the project or the file, for a
reason that it states.
"""


LEVELS: dict[Severity, str] = {
    "error": N_("error"),
    "warning": N_("warning"),
    "note": N_("note"),
    "waived": N_("waived"),
}
"""How grave an issue is, the gravest first, to be translated where it is told."""


_SYSTEM = {
    errno.ENOENT: N_("No such file or directory"),
    errno.EACCES: N_("Permission denied"),
    errno.EPERM: N_("Operation not permitted"),
    errno.EROFS: N_("Read-only file system"),
    errno.EISDIR: N_("Is a directory"),
    errno.ENOTDIR: N_("Not a directory"),
    errno.ENAMETOOLONG: N_("File name too long"),
    errno.ENOSPC: N_("No space left on device"),
    errno.EDQUOT: N_("Disk quota exceeded"),
    errno.ELOOP: N_("Too many levels of symbolic links"),
    errno.EBUSY: N_("Device or resource busy"),
    errno.ENODEV: N_("No such device"),
    errno.EFBIG: N_("File too large"),
}
"""What an issue says of a refusal, by its number: systems differ in their words."""


_REASONS = (
    *_SYSTEM.values(),
    N_("Directory not empty"),
    N_("File exists"),
    N_("Too many open files"),
    N_("Text file busy"),
    N_("No such device or address"),
    N_("Input/output error"),
    N_("Bad file descriptor"),
    N_("Broken pipe"),
    N_("Address already in use"),
    N_("Connection refused"),
    N_("Cannot allocate memory"),
)
"""What systems say, so that it is translated."""


class _Reason(str):
    """Why the system refused something, which an issue quotes in its own language; `number` is the error's."""

    number: int | None = None

    def told_in(self, language: str) -> str:
        """Return the reason in a language of issues."""
        if self.number is None:  # a store's
            return str(self)
        known = _SYSTEM.get(self.number)
        return gettext_in(language, known or N_("system error {number}")).format(number=self.number)


def reason_of(error: OSError) -> str:
    """Return why the system refused something, in the language of the person, or of an issue that quotes it."""
    said = error.strerror or str(error) or type(error).__name__
    reason = _(said)
    if language() and error.errno and reason.isascii():  # a system says it otherwise, or nobody has translated it
        reason = _("system error {number}").format(number=error.errno)
    told = _Reason(reason)
    told.number = error.errno
    return told


class ReportkitError(Exception):
    """Root of everything this package raises on purpose."""


class UserError(ReportkitError):
    """The person can mend it; the message says place, fact, expectation and next step.

    Each argument is one line of the message, whatever stands in the names and texts that it quotes.
    """

    def __str__(self) -> str:
        return "\n".join(one_line(str(line)) for line in self.args)

    def _render_traceback_(self) -> list[str]:
        """What IPython shows below a cell: the message, as the way through our code would say nothing more."""
        return str(self).splitlines()


class WriteError(UserError):
    """A file cannot be written; it is as it was. Not a mistake in the call, but what the disk or its owner refuses."""


_CURES = {
    errno.ENOSPC: N_("free space on this disk and run the command again"),
    errno.EDQUOT: N_("free space on this disk and run the command again"),
    errno.EROFS: N_("this disk can only be read: choose another, or have it made writable and run the command again"),
    errno.EACCES: N_("get the right to read and write here and run the command again"),
    errno.EPERM: N_("get the right to read and write here and run the command again"),
    errno.ENAMETOOLONG: N_("choose a shorter name and run the command again"),
}
_CURE = N_("check the folder, its rights and the disk and run the command again")


def unwritten(error: OSError, path: object = None, cure: str = "") -> WriteError:
    """Return what to tell of a file that the system refuses: which, why, and what to do.

    A `cure` is marked with N_, and translated here.
    """
    advice = _(cure or _CURES.get(error.errno or 0, _CURE))
    words = _("{path}: {reason}; nothing was changed there: {advice}")
    return WriteError(words.format(path=path or error.filename, reason=reason_of(error), advice=advice))


class FormError(UserError):
    """The YAML file of a form, a kind or a style is wrong."""


class ExportError(UserError):
    """A finished notebook cannot be published as asked."""


class RunError(ReportkitError):
    """A cell of a notebook failed; carries fields, so that it survives the way to another process."""

    def __init__(self, cell_id: str, ename: str, evalue: str) -> None:
        super().__init__(cell_id, ename, evalue)
        self.cell_id, self.ename, self.evalue = cell_id, ename, evalue

    @property
    def words(self) -> str:
        """What went wrong, without the cell."""
        # What a cell says can have lines of its own, which must not look like ours.
        words = visible(self.evalue).replace("\n", "\n  ")
        return f"{one_line(self.ename)}: {words}"

    def __str__(self) -> str:
        return in_cell(one_line(self.cell_id), self.words)


def in_cell(cell: str, words: str) -> str:
    """Return what there is to tell of a cell of a notebook, its name at the front."""
    return _("cell {cell}: {words}").format(cell=cell, words=words)


class CellRef(NamedTuple):
    """The one address of a cell that readers, rules, issues and widgets share: three ASCII keys."""

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}[{self.row}, {self.column}]"


Place = int | str
"""A line of a text file, or what another place is called: `表三!D7`, `table 2 row 9`."""


class Origin(NamedTuple):
    """Where a value was read: a file, and a place in it, "" for the file as a whole."""

    path: str
    at: Place = ""

    @property
    def line(self) -> int | None:
        """The line of a text file, None for any other place."""
        return self.at if isinstance(self.at, int) else None

    @property
    def place(self) -> str:
        """The place as it is told; "" for the file as a whole."""
        return str(self.at)

    def __str__(self) -> str:
        return one_line(f"{self.path}:{self.place}" if self.place else self.path)


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong, as a value.

    Only the `severity` "error" keeps a report from being published. `ref` is the cell concerned, if there is one;
    `found` and `expected` are the two sides as text. The `message` is one line in which no sign is hidden, as it is
    printed, shown on pages and written to files; nothing reads it back. It is the catalogue's sentence for the code, in
    one of its variants, with `values` put in, told in the language of issues: `in_language` tells it in another.
    """

    code: str
    severity: Severity
    message: str
    origin: Origin
    ref: CellRef | None = None
    found: str = ""
    expected: str = ""
    variant: str = ""
    values: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if one_line(self.message) != self.message:
            object.__setattr__(self, "message", Told(_on_one_line, self.message))

    def in_language(self, language: str) -> Issue:
        """Return the issue as it is told in a language, "en" or "zh"."""
        at, message, found, expected = (
            cast(str, in_language(text, language)) for text in (self.origin.at, self.message, self.found, self.expected)
        )
        return replace(self, origin=self.origin._replace(at=at), message=message, found=found, expected=expected)

    def __str__(self) -> str:
        level = _(LEVELS[self.severity])
        return f"{self.origin} {self.code} {level} {self.message}"

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


def _on_one_line(language: str, text: str) -> str:
    return one_line(str(in_language(text, language)))


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a file, before it has words: the name of its sentence in the catalogue, a place, and values.

    Rooms that know no catalogue tell such; who calls them has the words.
    """

    name: str
    origin: Origin
    found: str = ""
    expected: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


class UnreadableError(UserError):
    """A file cannot be read; `trouble` is the one thing that is wrong with it."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble

    def __str__(self) -> str:
        return f"{self.trouble.origin} {self.trouble.name}"


class ReaderError(UserError):
    """No filing can be made of an input file; `issues` says everything that is wrong with it."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__(issues)
        self.issues = issues

    def __str__(self) -> str:
        return "\n".join(map(str, self.issues))
