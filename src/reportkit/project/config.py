"""reportkit.toml: where a project's files are, the rules it switches off, and whether reports show the year before."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, ClassVar

import msgspec

from reportkit.errors import UserError, system_words
from reportkit.files.conflict_markers import conflict_markers
from reportkit.files.locations import FileTooLargeError, read_local
from reportkit.shapes import Checked, Shape, WrongShapeError, faults, note, otherwise, shaped, shown

CONFIG = "reportkit.toml"

_MASTER = "notebooks/annual_report.ipynb"
_PACKAGE = Path(__file__).parent.parent
PACKAGED_NOTEBOOK = next(
    # In a checkout, from which an editable install runs, the master is not in the package but beside it.
    (folder / _MASTER for folder in (_PACKAGE, _PACKAGE.parents[1]) if (folder / _MASTER).is_file()),
    _PACKAGE / _MASTER,
)

_MAX_BYTES = 100_000
"""The file has some lines; one that is a hundred times larger is something else."""

_ENTRY = 200
"""So many lines back from where the text stops being TOML an entry is looked for that begins there."""

_LINE = re.compile(r"at line (\d+)")


class Place(Checked):
    """A path, or the address of a place in a store."""

    __slots__ = ()
    SCHEMA: ClassVar[dict[str, Any]] = {"minLength": 1}

    @classmethod
    def fault(cls, text: str) -> str:
        """Return why nothing can be there."""
        return "" if text and text.isprintable() else "which no file can have"


class Folder(Place):
    """A path on this machine."""

    __slots__ = ()

    @classmethod
    def fault(cls, text: str) -> str:
        """Return why no folder can be there."""
        return "which is a store's" if "://" in text else super().fault(text)


class Reason(Checked):
    """Why a rule is switched off."""

    __slots__ = ()
    SCHEMA: ClassVar[dict[str, Any]] = {"pattern": r"\S"}

    @classmethod
    def fault(cls, text: str) -> str:
        """Return why a text is no reason."""
        return "" if text.strip() and text.isprintable() else "which says nothing"


def _place(what: str, default: str, *, wanted: str = "is a path in quotes") -> msgspec.Meta:
    return note(what, wanted=wanted, extra_json_schema={"default": default})


class Config(Shape, frozen=True):
    """A reportkit.toml: where a project's files are, from its own folder on, and what holds for all reports."""

    params: Annotated[Place, _place("The parameter files.", "params")] = otherwise(Place("params"))
    notebook: Annotated[Place, _place("The master notebook.", _MASTER)] = otherwise(Place(_MASTER))
    copies: Annotated[Place, _place("The towns' copies of it.", "notebooks/towns")] = otherwise(
        Place("notebooks/towns")
    )
    forms: Annotated[
        Folder, _place("Forms of your own.", "forms", wanted="is a folder on this machine, a path in quotes")
    ] = otherwise(Folder("forms"))
    dist: Annotated[Place, _place("The reports.", "dist")] = otherwise(Place("dist"))
    compare: Annotated[
        bool, note("Whether reports show the year before.", wanted="is true or false, without quotes")
    ] = False
    waivers: Annotated[
        dict[str, Annotated[Reason, note(wanted="needs a reason in quotes")]],
        note(
            "Rules that are switched off: the reason of each by its code.",
            wanted='is a table: [waivers], and below it a line R12 = "reason" for each rule',
        ),
    ] = msgspec.field(default_factory=dict)

    @property
    def waived(self) -> tuple[tuple[str, str], ...]:
        """The rules that are switched off, as pairs of code and reason. Only the checks know whether there are such."""
        return tuple((code.upper(), reason.strip()) for code, reason in self.waivers.items())


def read_config(path: Path) -> Config:
    """Return what a reportkit.toml says. Raises UserError with all that is wrong in it."""
    entries = _entries(path)
    try:
        return shaped(entries, Config)
    except WrongShapeError:
        problems = (problem for fault in faults(entries, Config) for problem in _told(fault))
        raise UserError(*(f"{path}: {problem}" for problem in problems)) from None


def _told(fault: WrongShapeError) -> Iterable[str]:
    """What is wrong, as it stands in the file."""
    if not fault.unknown:
        table = "".join(f"[{step}] " for step in fault.steps[:-1])
        return [f"{table}{fault.steps[-1]} {fault.words}"]
    return [f"unknown key {shown(key)}; {_advice(key)}" for key in fault.unknown]


def _advice(key: str) -> str:
    known = Config.__struct_fields__
    close = difflib.get_close_matches(key[:60], known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known: {[*known]}"


def _entries(path: Path) -> dict[str, Any]:
    try:
        text = read_local(path, _MAX_BYTES).decode("utf-8-sig")  # Windows' own editor begins a file with such a sign
    except FileTooLargeError as error:
        raise UserError(f"{path}: has {error.size / 1e3:.0f} kB; a {CONFIG} has some lines: look what it is") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({system_words(error)}); check what it is, and its rights") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: not readable as TOML: not in UTF-8; save it as UTF-8") from None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also a number with more digits than Python takes
        if found := conflict_markers(text):
            raise UserError(f"{path}:{found.line}: {found.message}") from None
        raise UserError(f"{path}{_not_toml(text, str(error))}") from None


def _not_toml(text: str, error: str) -> str:
    """Where a text stops being TOML: in the entry after all that can be read, which the parser's line may be within."""
    lines = text.splitlines()
    found = _LINE.search(error)
    last = min(int(found[1]), len(lines)) if found else len(lines)
    for number in range(last, max(last - _ENTRY, 0), -1):
        try:
            tomllib.loads("\n".join(lines[: number - 1]))
        except (ValueError, RecursionError):
            continue
        entry = lines[number - 1].strip()
        return f':{number}: not readable as TOML: {entry[:60]!r}; an entry is name = "value", in ASCII signs'
    return f':{last}: not readable as TOML; an entry is name = "value", in ASCII signs'
