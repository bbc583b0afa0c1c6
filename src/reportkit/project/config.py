"""reportkit.toml: where a project's files are, the rules it switches off, and whether reports show the year before."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, ClassVar

import msgspec

from reportkit.errors import UserError, reason_of
from reportkit.files.conflict_markers import conflict_markers
from reportkit.files.locations import FileTooLargeError, read_local
from reportkit.kinds import DEFAULT
from reportkit.project.roster import ROSTER
from reportkit.shapes import Checked, Shape, WrongShapeError, faults, note, otherwise, shaped, shown
from reportkit.translation import N_, _

CONFIG = "reportkit.toml"

MASTER = "notebooks/annual_report.ipynb"

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
        return "" if text and text.isprintable() else N_("which no file can have")


class Folder(Place):
    """A path on this machine."""

    __slots__ = ()

    @classmethod
    def fault(cls, text: str) -> str:
        """Return why no folder can be there."""
        return N_("which is a store's") if "://" in text else super().fault(text)


class Reason(Checked):
    """Why a rule is switched off."""

    __slots__ = ()
    SCHEMA: ClassVar[dict[str, Any]] = {"pattern": r"\S"}

    @classmethod
    def fault(cls, text: str) -> str:
        """Return why a text is no reason."""
        return "" if text.strip() and text.isprintable() else N_("which says nothing")


def _place(what: str, default: str, *, wanted: str = N_("is a path in quotes")) -> msgspec.Meta:
    return note(what, wanted=wanted, extra_json_schema={"default": default})


class Config(Shape, frozen=True):
    """A reportkit.toml: where a project's files are, from its own folder on, and what holds for all reports."""

    kind: Annotated[
        Place,
        note(
            N_("What the reports are, as `reportkit kinds` lists it; or a kind's folder."),
            wanted=N_("is a name, or a path, in quotes"),
            extra_json_schema={"default": DEFAULT},
        ),
    ] = otherwise(Place(DEFAULT))
    params: Annotated[
        Place, _place(N_("The parameter files; or, of any notebook, also a list of its parameters."), "params")
    ] = otherwise(Place("params"))
    notebook: Annotated[Place, _place(N_("The master notebook."), MASTER)] = otherwise(Place(MASTER))
    copies: Annotated[Place, _place(N_("The towns' copies of it."), "notebooks/towns")] = otherwise(
        Place("notebooks/towns")
    )
    forms: Annotated[
        Folder, _place(N_("Forms of your own."), "forms", wanted=N_("is a folder on this machine, a path in quotes"))
    ] = otherwise(Folder("forms"))
    cwd: Annotated[
        Folder | None,
        note(
            N_("The folder in which cells begin, if not the project's own."),
            wanted=N_("is a folder on this machine, a path in quotes"),
        ),
    ] = None
    dist: Annotated[Place, _place(N_("The reports."), "dist")] = otherwise(Place("dist"))
    roster: Annotated[
        Folder,
        _place(
            N_("The list of the units that hand in a report, in their order, with the day by which it is due."),
            ROSTER,
            wanted=N_("is a file on this machine, a path in quotes"),
        ),
    ] = otherwise(Folder(ROSTER))
    style: Annotated[
        str,
        note(
            N_("What the pages look like: gbt-9704, a4, letter, or the path of a style's file."),
            wanted=N_("is a name or a path in quotes"),
        ),
    ] = ""
    brand: Annotated[
        str,
        note(
            N_("The file of a brand (_brand.yml) that goes over the style, if not the one here; none for no brand."),
            wanted=N_("is a path in quotes, or none"),
        ),
    ] = ""
    page: Annotated[
        dict[str, Any],
        note(
            N_("What the pages say besides the report: header, footer, cover, letterhead, signature; as in a style."),
            wanted=N_('is a table: [page.signature], and below it a line agency = "{agency}"'),
        ),
    ] = msgspec.field(default_factory=dict)
    compare: Annotated[
        bool, note(N_("Whether reports show the year before."), wanted=N_("is true or false, without quotes"))
    ] = False
    subject: Annotated[
        str, note(N_("The parameter of any notebook that says whose report it is."), wanted=N_("is a name in quotes"))
    ] = ""
    output: Annotated[
        str, note(N_("What the reports of any notebook are called: {year}/{town}."), wanted=N_("is a text in quotes"))
    ] = ""
    parameters: Annotated[
        dict[str, Any],
        note(
            N_("Parameters of any notebook that are the same for all its reports."),
            wanted=N_("is a table: [parameters], and below it a line year = 2024 for each"),
        ),
    ] = msgspec.field(default_factory=dict)
    waivers: Annotated[
        dict[str, Annotated[Reason, note(wanted=N_("needs a reason in quotes"))]],
        note(
            N_("Rules that are switched off: the reason of each by its code."),
            wanted=N_('is a table: [waivers], and below it a line R12 = "reason" for each rule'),
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
        problems = (problem for fault in faults(entries, Config) for problem in _problems(fault))
        words = _("{path}: {reason}")
        raise UserError(*(words.format(path=path, reason=problem) for problem in problems)) from None


def _problems(fault: WrongShapeError) -> Iterable[str]:
    """What is wrong, as it stands in the file."""
    if not fault.unknown:
        table = "".join(f"[{step}] " for step in fault.steps[:-1])
        return [_("{subject} {words}").format(subject=f"{table}{fault.steps[-1]}", words=fault.words)]
    return [_unknown(key) for key in fault.unknown]


def _unknown(key: str) -> str:
    known = Config.__struct_fields__
    words = _("unknown key {key}; known: {known}")
    close = difflib.get_close_matches(key[:60], known, n=1)
    if close:
        words = _("unknown key {key}; did you mean {close!r}?")
    return words.format(key=shown(key), known=[*known], close=close and close[0])


def _entries(path: Path) -> dict[str, Any]:
    try:
        text = read_local(path, _MAX_BYTES).decode("utf-8-sig")  # Windows' own editor begins a file with such a sign
    except FileTooLargeError as error:
        words = _("{path}: has {size:.0f} kB; a {config} has some lines: look what it is")
        raise UserError(words.format(path=path, size=error.size / 1e3, config=CONFIG)) from None
    except OSError as error:
        words = _("{path}: cannot be read ({reason}); check what it is, and its rights")
        raise UserError(words.format(path=path, reason=reason_of(error))) from None
    except UnicodeDecodeError:
        words = _("{path}: not readable as TOML: not in UTF-8; save it as UTF-8")
        raise UserError(words.format(path=path)) from None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also a number with more digits than Python takes
        if found := conflict_markers(text):
            raise UserError(f"{path}:{found.line}: {found.message}") from None
        raise UserError(_not_toml(path, text, str(error))) from None


def _not_toml(path: Path, text: str, error: str) -> str:
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
        words = _('{path}:{line}: not readable as TOML: {entry!r}; an entry is name = "value", in ASCII signs')
        return words.format(path=path, line=number, entry=entry[:60])
    words = _('{path}:{line}: not readable as TOML; an entry is name = "value", in ASCII signs')
    return words.format(path=path, line=last)
