"""`reportkit import`."""

from __future__ import annotations

import difflib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import command
from reportkit.cli.output import say, show, show_json
from reportkit.cli.phrases import listed
from reportkit.translation import N_, _, counted

if TYPE_CHECKING:
    from reportkit.imports.importer import Imported
    from reportkit.project import Project


class Layout(StrEnum):
    """How `import` tells what it did."""

    text = "text"
    json = "json"


@command("import", example="reportkit import 报送/*.xlsx --into params --county 宁海县 --dry-run")
def import_files(
    files: Annotated[
        list[Path], typer.Argument(metavar=_("FILE"), help=_("Form workbooks, county workbooks, published reports."))
    ],
    into: Annotated[
        str | None, typer.Option(help=_("The folder of parameter files; default: the project's params/."))
    ] = None,
    county: Annotated[
        str, typer.Option(help=_("The folder below <year>/ for new files; default: where last year's file lies."))
    ] = "",
    year: Annotated[
        int | None, typer.Option(min=1000, max=9999, help=_("The reporting year, whatever the files say."))
    ] = None,
    edition: Annotated[str, typer.Option(help=_("The form's edition, whatever the files say."))] = "",
    jurisdiction: Annotated[str, typer.Option(help=_("Whose report it is, whatever the file says."))] = "",
    update: Annotated[
        bool, typer.Option("--update", help=_("Put figures into parameter files that are there."))
    ] = False,
    blank_as_zero: Annotated[
        bool,
        typer.Option(
            "--blank-as-zero", help=_("Make 0 of what the files leave blank in tables, where that is sure; it is told.")
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Write nothing; print each new file, and each change as a diff."))
    ] = False,
    layout: Annotated[Layout, typer.Option("--format", help=_("Lines for people, or JSON."))] = Layout.text,
) -> None:
    """Read workbooks and published reports into parameter files.

    A line per report, and the issues below it. What cannot be read with certainty stays blank, with a comment. A
    parameter file that is there is never overwritten: it is compared, and merged with --update. Exits with 1 if
    something was refused, is different or has to be looked at.
    """
    from reportkit.errors import UserError
    from reportkit.files.locations import is_remote, location
    from reportkit.imports.importer import Importer
    from reportkit.imports.many_files import outcomes_of, read_file
    from reportkit.imports.targets import Places
    from reportkit.model.reading import Hints
    from reportkit.project import project_of

    project = project_of([location(into)] if into else [])
    folder = location(into) if into else project.params
    if is_remote(folder):
        words = _("{folder}: import writes to folders on this machine only; give one with --into")
        raise UserError(words.format(folder=folder))
    if edition and edition not in project.forms:
        if broken := project.forms.wrong(edition):
            raise UserError(f"--edition {edition}: {broken}")
        words = _("--edition {edition}: there is no such edition; there are {there}")
        raise UserError(words.format(edition=edition, there=", ".join(project.forms)))
    places = Places(folder, county)
    importer = Importer(
        places,
        project.forms,
        project.shown,
        update=update,
        blank_as_zero=blank_as_zero,
        dry_run=dry_run,
        root=project.root,
    )
    hints = Hints(edition, year, jurisdiction.strip())
    read = [read_file(path, project.forms, hints, project.shown(path)) for path in dict.fromkeys(files)]
    outcomes = list(outcomes_of(importer, read))
    if layout is Layout.json:
        show_json([_plain(project, one, dry_run) for one in outcomes])
    else:
        for one in outcomes:
            _tell(project, one, dry_run)
    say(_summary(outcomes, dry_run), aside=True)
    raise typer.Exit(0 if all(one.well for one in outcomes) else 1)


def _tell(project: Project, one: Imported, dry_run: bool) -> None:
    """Print a line and the issues; of a dry run these go to stderr, and what would be written to stdout."""
    say(_line(project, one, dry_run), aside=dry_run)
    if one.zeros:
        say(f"  {_zeros(one, dry_run)}", aside=dry_run)
    for issue in one.issues:
        say(f"  {issue}", aside=dry_run)
    if dry_run:
        sys.stderr.flush()
        show("".join(_change(project, one)))


def _zeros(one: Imported, dry_run: bool) -> str:
    """How many blanks were made 0, and in which tables; where nothing is written, how many would be."""
    where = listed(f"{table} {number:,}" for table, number in one.zeros.items())
    if dry_run or one.status.value == "different":
        return _("blanks to be made 0: {where}").format(where=where)
    return _("blanks made 0: {where}").format(where=where)


def _line(project: Project, one: Imported, dry_run: bool) -> str:
    if one.target is None or one.status.value == "refused":
        return _("refused {source}").format(source=one.source)
    found = [counted(one.figures, "{number} figure", "{number} figures")]
    found += [_("{number} to look at").format(number=len(one.issues))] if one.issues else []
    words = _(_LINES[_status(one, dry_run)])
    return words.format(path=project.shown(one.target), found=listed(found), source=one.source)


def _status(one: Imported, dry_run: bool) -> str:
    """What became of a file, as JSON has it."""
    would = {"written": "would write", "updated": "would update"} if dry_run else {}
    return would.get(one.status.value, one.status.value)


_LINES = {
    "written": N_("written {path} ({found}) from {source}"),
    "updated": N_("updated {path} ({found}) from {source}"),
    "would write": N_("would write {path} ({found}) from {source}"),
    "would update": N_("would update {path} ({found}) from {source}"),
    "unchanged": N_("unchanged {path} ({found}) from {source}"),
    "different": N_("different {path} ({found}) from {source}"),
}

_COUNTS = {
    "written": N_("{number} written"),
    "updated": N_("{number} updated"),
    "would write": N_("{number} would write"),
    "would update": N_("{number} would update"),
    "unchanged": N_("{number} unchanged"),
    "different": N_("{number} different"),
    "refused": N_("{number} refused"),
}


def _change(project: Project, one: Imported) -> Iterable[str]:
    """The parameter file of a dry run: whole if it is a new one, else what --update changes in it."""
    if not one.before:
        return [one.text]
    name = project.shown(one.target) if one.target else ""
    sides = one.before.splitlines(keepends=True), one.text.splitlines(keepends=True)
    return _ended(difflib.unified_diff(*sides, name, name))


def _ended(lines: Iterable[str]) -> Iterator[str]:
    return (line if line.endswith("\n") else f"{line}\n" for line in lines)


def _plain(project: Project, one: Imported, dry_run: bool) -> dict[str, object]:
    return {
        "source": str(one.source),
        "status": _status(one, dry_run),
        "target": project.shown(one.target) if one.target else None,
        "figures": one.figures,
        "unread": one.unread,
        "zeros": dict(one.zeros),
        "issues": [issue.as_dict() for issue in one.issues],
    }


def _summary(outcomes: Sequence[Imported], dry_run: bool) -> str:
    counts = Counter(_status(one, dry_run) for one in outcomes)
    parts = [_(_COUNTS[status]).format(number=number) for status, number in counts.items()]
    unread = sum(one.unread for one in outcomes)
    parts += [counted(unread, "{number} cell not read", "{number} cells not read")] if unread else []
    parts += [_("add --update to merge")] if counts["different"] else []
    return listed(parts or [_("nothing to import")])
