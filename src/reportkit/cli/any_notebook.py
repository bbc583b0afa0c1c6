"""The options of `build` for any notebook: which, for whom, under which name, and the parameters that all have."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportkit.cli.help import Command
from reportkit.sets.list_names import is_list
from reportkit.translation import _

if TYPE_CHECKING:
    from reportkit.declarations import Declared
    from reportkit.project import Project

_BETWEEN = "\x1f"
"""Between the name and the value of an option that takes both: typer has none that takes two words and comes often."""

_PAIRS = ("-p", "--parameters", "-r", "--parameters_raw")


class PairCommand(Command):
    """A command with options that take a name and a value, as papermill's do."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Return what is left of the arguments; see click."""
        return super().parse_args(ctx, list(_paired(args)))


def _paired(args: Iterable[str]) -> Iterator[str]:
    """The words of a command line, with the two that follow such an option as one."""
    words = iter(args)
    for word in words:
        yield word
        if word in _PAIRS:
            name, value = next(words, None), next(words, None)
            if name is None or value is None or name.startswith("-"):
                raise typer.BadParameter(_("{option} needs a name and a value").format(option=word))
            yield f"{name}{_BETWEEN}{value}"


def pairs(words: Iterable[str] | None) -> list[tuple[str, str]]:
    """Return the names and values of such an option; `NAME=VALUE` in one word is one, too."""
    found = []
    for word in words or ():
        name, _sign, value = word.partition(_BETWEEN if _BETWEEN in word else "=")
        found.append((name, value))
    return found


Notebook = Annotated[
    str | None,
    typer.Option(
        "--notebook", metavar=_("NOTEBOOK"), help=_("The notebook to run, any with parameters; default: the master.")
    ),
]
Subject = Annotated[
    str | None,
    typer.Option(
        metavar=_("NAME"),
        help=_("The parameter that says whose report it is; a heading has to name that, and nobody else."),
    ),
]
Output = Annotated[
    str | None,
    typer.Option(metavar=_("TEMPLATE"), help=_('What the reports are called: "{year}/{town}"; default: the subject.')),
]
One = Annotated[
    list[str] | None,
    typer.Option(
        "-p",
        "--parameters",
        metavar=_("NAME VALUE"),
        help=_("A parameter for all reports; a list's own goes before it."),
    ),
]
Raw = Annotated[
    list[str] | None,
    typer.Option(
        "-r", "--parameters_raw", metavar=_("NAME VALUE"), help=_("The same, taken as text whatever it looks like.")
    ),
]
Files = Annotated[
    list[Path] | None,
    typer.Option("-f", "--parameters_file", metavar=_("FILE"), help=_("Parameters for all reports from a YAML file.")),
]
Yaml = Annotated[
    list[str] | None,
    typer.Option("-y", "--parameters_yaml", metavar=_("YAML"), help=_("Parameters for all reports as a text of YAML.")),
]
Encoded = Annotated[
    list[str] | None,
    typer.Option("-b", "--parameters_base64", metavar=_("TEXT"), help=_("The same, in base64.")),
]


Cwd = Annotated[
    Path | None,
    typer.Option(
        "--cwd",
        metavar=_("FOLDER"),
        help=_("The folder in which cells begin; default: the project's own."),
    ),
]
Style = Annotated[
    str | None,
    typer.Option(
        "--style",
        metavar=_("STYLE"),
        help=_(
            "What the pages look like: gbt-9704, a4, letter, or the path of a style's file; default: the project's."
        ),
    ),
]
LogOutput = Annotated[
    bool,
    typer.Option("--log-output", help=_("Write what cells print, after the report's name, when its cells have run.")),
]


@dataclass(frozen=True)
class Wanted:
    """What the options say; None and () where they say nothing."""

    notebook: str | None = None
    subject: str | None = None
    output: str | None = None
    one: Sequence[tuple[str, str]] = ()
    raw: Sequence[tuple[str, str]] = ()
    files: Sequence[Path] = ()
    yaml: Sequence[str] = ()
    encoded: Sequence[str] = ()
    cwd: Path | None = None
    log_output: bool = False
    style: str | None = None

    @property
    def has_parameters(self) -> bool:
        """Whether there are parameters for all reports."""
        return any((self.one, self.raw, self.files, self.yaml, self.encoded))

    def words(self) -> list[str]:
        """The options as they are written on a command line."""
        said = [
            *(("--notebook", self.notebook) if self.notebook else ()),
            *(("--subject", self.subject) if self.subject is not None else ()),
            *(("--output", self.output) if self.output is not None else ()),
        ]
        for name, pairs in (("-p", self.one), ("-r", self.raw)):
            said += [word for pair in pairs for word in (name, *pair)]
        for name, values in (("-f", self.files), ("-y", self.yaml), ("-b", self.encoded)):
            said += [word for value in values for word in (name, str(value))]
        said += ["--cwd", str(self.cwd)] if self.cwd else []
        said += ["--style", self.style] if self.style else []
        return [*said, *(["--log-output"] if self.log_output else [])]


def with_sets(project: Project, paths: Sequence[Path], wanted: Wanted) -> Project:
    """Return the project with the notebook and the list that are named; as it is, where all is about forms.

    Its cells begin in the folder that is named, and its pages are in the style that is. Raises UserError if one of them
    is missing or no style, there are two lists, the notebook is another user's, or a parameter cannot be read.
    """
    from reportkit.errors import UserError
    from reportkit.files.locations import location
    from reportkit.files.ownership import require_own
    from reportkit.project import SetSource, as_json

    is_any = _is_any(project, paths, wanted)
    if wanted.notebook:
        require_own(notebook := location(wanted.notebook))
        project = replace(project, notebook=notebook)
    project = replace(project, cwd=_folder(wanted.cwd)) if wanted.cwd else project
    project = replace(project, style=_style(wanted.style)) if wanted.style else project
    if not is_any:
        return project
    if project.source is None and not wanted.notebook:
        words = _("which notebook is to be run? Add --notebook FILE.ipynb, or name it in {config}")
        raise UserError(words.format(config="reportkit.toml"))
    if len(paths) > 1:
        raise UserError(
            _("one list at a time, or one folder of parameter files; found {number}").format(number=len(paths))
        )
    path = paths[0] if paths else project.params
    before = project.source or SetSource(path)
    common = {**before.values, **_common(wanted, project.notebook)}
    source = SetSource(
        path,
        before.subject if wanted.subject is None else wanted.subject,
        before.output if wanted.output is None else wanted.output,
        as_json(common),
    )
    return replace(project, params=path, source=source)


def _folder(path: Path) -> Path:
    from reportkit.errors import UserError

    if not path.is_dir():
        raise UserError(_("{path}: no such folder for cells to begin in").format(path=path))
    return path.absolute()


def _style(name: str) -> str:
    from reportkit.page_styles import load_style, style_file

    load_style(name)
    path = style_file(name, Path.cwd())
    return str(path) if path else name


def _is_any(project: Project, paths: Iterable[Path], wanted: Wanted) -> bool:
    """Whether the reports are those of any notebook, and not of a form."""
    if project.source or wanted.has_parameters or wanted.subject is not None or wanted.output is not None:
        return True
    return any(map(is_list, paths)) or bool(wanted.notebook and not project.has_config)


def _common(wanted: Wanted, notebook: Path) -> dict[str, Any]:
    """The parameters for all reports. Raises UserError for one that cannot be read or that the notebook has not."""
    from reportkit.declarations import typed
    from reportkit.errors import UserError
    from reportkit.project import declared_in

    known = declared_in(notebook)
    found: dict[str, Any] = {}
    for text in _texts(wanted):
        found |= _mapping(text)
    for name, text in wanted.one:
        try:
            found[name] = typed(text, known.get(name) if known else None)
        except ValueError as error:
            raise UserError(f"-p {name}: {error}") from None
    found |= dict(wanted.raw)
    _check_names(found, known)
    return found


def _texts(wanted: Wanted) -> Iterator[str]:
    from reportkit.errors import UserError, reason_of

    for path in wanted.files:
        try:
            yield path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else _("not in UTF-8")
            raise UserError(_("{path}: {reason}").format(path=path, reason=reason)) from None
    for text in wanted.encoded:
        try:
            yield base64.b64decode(text, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError):
            raise UserError(_("-b: not a text in base64: {text}").format(text=text[:40])) from None
    yield from wanted.yaml


def _mapping(text: str) -> dict[str, Any]:
    import yaml

    from reportkit.errors import UserError

    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UserError(_("parameters that are not readable as YAML: {error}").format(error=error)) from None
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise UserError(
            _("parameters are names with values (name: value), found {found}").format(found=text.strip()[:40])
        )
    return found


def _check_names(found: Mapping[str, Any], known: Mapping[str, Declared] | None) -> None:
    from reportkit.assigned_names import unknown_parameter
    from reportkit.errors import UserError

    for name in found if known is not None else ():
        if name not in (known or ()):
            raise UserError(unknown_parameter(name, list(known or ())))
