"""`reportkit edit`, `diff`, `resolve`, `reset` and `adopt`: what towns have changed in their notebooks."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import TownName, Year, command
from reportkit.cli.output import say, say_lines, show_words
from reportkit.cli.phrases import listed
from reportkit.cli.town_names import filing_of, named, town_found
from reportkit.translation import _, counted

if TYPE_CHECKING:
    from reportkit.errors import Issue
    from reportkit.notebook.towns import Choice, OpenConflict, Town
    from reportkit.project import Project
    from reportkit.worddiff import Piece

_SHOWN = 60

CellName = Annotated[
    str | None, typer.Argument(metavar=_("CELL"), help=_("The id of one cell, as status --edits prints it."))
]


@command(example="reportkit edit 桑洲镇")
def edit(
    town: TownName,
    year: Year = None,
    no_open: Annotated[bool, typer.Option("--no-open", help=_("Only make the copy and print where it is."))] = False,
) -> None:
    """Open a town's own copy of the notebook in JupyterLab; it is made from the master if the town has none.

    What you change in its cells is printed for this town from then on, and stays when the master changes.
    """
    from reportkit.errors import UserError
    from reportkit.files.locations import is_remote
    from reportkit.notebook.towns import changes, copy_path, discard, make_copy, read_town

    project, name, filing = town_found(town, year)
    if is_remote(project.copies) and not no_open:
        words = _("{folder}: JupyterLab opens files of this machine; add --no-open")
        raise UserError(words.format(folder=project.copies))
    path = copy_path(project, name)
    had_one = path.exists()
    _tell_overtaken(read_town(project, name, filing))
    made = make_copy(project, name, filing)
    words = _("{copy} brought up to the master") if had_one else _("{copy} made from the master")
    say(words.format(copy=project.shown(path)))
    if not had_one:
        _tell_last_year(project, name)
    _tell_conflicts(project, made)
    if no_open:
        return
    _open_in_lab(project, path)
    _tell_overtaken(read_town(project, name, filing))
    made = make_copy(project, name, filing)  # which also takes the outputs out again
    number = len(list(changes(made)))
    if made.copy and not had_one and not number:
        discard(project, made.copy, "edit")
        say(_("{copy}: nothing was changed, so it is not kept").format(copy=project.shown(path)))
        return
    say(
        counted(
            number,
            "{copy}: {number} cell not as the master has them; see reportkit diff {name}",
            "{copy}: {number} cells not as the master has them; see reportkit diff {name}",
            copy=project.shown(path),
            name=name,
        )
    )


def _tell_last_year(project: Project, name: str) -> None:
    """Tell of edits in last year's copy, which somebody may expect to find in this year's."""
    from reportkit.notebook.towns import copy_path, edited_last_year

    last, cells = edited_last_year(project, name)
    if cells:
        say(
            counted(
                cells,
                "last year's {last} has {number} cell of its own, which is not in this one: edits come along where "
                "reportkit new begins the year. To take them over now: reportkit adopt {copy} --town {name}",
                "last year's {last} has {number} cells of its own, which are not in this one: edits come along where "
                "reportkit new begins the year. To take them over now: reportkit adopt {copy} --town {name}",
                last=last,
                copy=shlex.quote(project.shown(copy_path(project, last))),
                name=shlex.quote(name),
            )
        )


def _open_in_lab(project: Project, path: Path) -> None:
    import subprocess

    say(_("JupyterLab opens in the web browser; close it with Ctrl-C in this window"))
    with subprocess.Popen([sys.executable, "-m", "jupyter", "lab", str(path)], cwd=project.root) as lab:
        try:
            lab.wait()
        except KeyboardInterrupt:
            lab.terminate()  # it asks nothing then, and ends its kernels, which would stay if it were killed
            say()


def tell_edits(project: Project, towns: Mapping[str, Path | None], unlisted: Sequence[tuple[Path, str]]) -> bool:
    """Tell what towns have changed, word by word, and what is in conflict; return whether all is well.

    `towns` are the reports' names with the parameter files, where these are known; `unlisted` are folders of copies
    that cannot be looked into, each with the reason.
    """
    from reportkit.errors import UserError
    from reportkit.notebook.towns import read_town

    for path, reason in unlisted:
        say_lines(_("not looked into {message}"), [project.shown(path), reason])
    changed, conflicts, unread = 0, 0, len(unlisted)
    for name, params in towns.items():
        try:
            one = read_town(project, name, filing_of(project, name, params))
        except UserError as error:
            unread += 1
            say(name)
            say("  " + _("cannot be read: {message}").format(message=error))
            continue
        changed += _tell_status(project, one)
        conflicts += len(one.merged.conflicts)
    told = [counted(len(towns), "{number} town", "{number} towns")]
    told += [counted(changed, "{number} cell not as the master has them", "{number} cells not as the master has them")]
    told += [counted(conflicts, "{number} cell in conflict", "{number} cells in conflict")] if conflicts else []
    say(listed(told))
    return not conflicts and not unread


def _tell_status(project: Project, town: Town) -> int:
    """Tell what a town has changed, in short, and return in how many cells."""
    from reportkit.notebook.towns import changes

    where = project.shown(town.copy.path) if town.copy else _("no copy of its own")
    say(f"{town.name}  {where}")
    _tell_overtaken(town)
    found = list(changes(town))
    for change in found:
        say("  " + _("{cell}: {change}").format(cell=change.cell, change=_(change.kind)))
        _tell_words(change.before, change.after, "    ")
    _tell_conflicts(project, town)
    return len(found)


def _tell_overtaken(town: Town) -> None:
    if town.copy and town.copy.overtaken:
        words = _("{what}; reportkit undo {name} --list shows all versions")
        say("  " + words.format(what=town.copy.overtaken, name=town.name))


def _tell_conflicts(project: Project, town: Town) -> None:
    from reportkit.notebook.towns import conflicts_of

    for conflict in conflicts_of(project, town):
        words = _("{cell}: CONFLICT in {path}")
        say("  " + words.format(cell=conflict.cell, path=conflict.place.path))
        _tell_sides(conflict)
        sides = "|".join(f"--{choice}" for choice in conflict.choices)
        words = _("settle it there, or: reportkit resolve {name} {cell} {sides}") if sides else _("settle it there")
        say("    " + words.format(name=town.name, cell=conflict.cell, sides=sides))


def _tell_sides(conflict: OpenConflict) -> None:
    """Tell what was there before a conflict, and what each side has made of it, word by word."""
    view, labels = conflict.view, conflict.labels
    if view.before is not None:
        _tell_text(_("before:"), view.before)
    _tell_side(_("ours, {whose}:").format(whose=_(labels.ours)), view.ours)
    _tell_side(_("theirs, {whose}:").format(whose=_(labels.theirs)), view.theirs)


def _tell_text(head: str, text: str) -> None:
    from reportkit.worddiff import Piece

    _tell_side(head, [Piece("same", text)])


def _tell_side(head: str, pieces: list[Piece] | None) -> None:
    say(f"    {head}")
    if pieces is None:
        say("      " + _("(the cell was taken out)"))
    else:
        show_words(pieces, "      ")


@command(example="reportkit diff 桑洲镇")
def diff(town: TownName, year: Year = None) -> None:
    """Show word by word what a town's own copy has otherwise than the master. Exits with 1 if there is a conflict."""
    from reportkit.notebook.towns import changes, read_town

    project, name, filing = town_found(town, year)
    one = read_town(project, name, filing)
    _tell_overtaken(one)
    found = list(changes(one))
    for change in found:
        say(_("{cell}: {change}").format(cell=change.cell, change=_(change.kind)))
        _tell_words(change.before, change.after, "  ", 60)
    _tell_conflicts(project, one)
    if not found and not one.merged.conflicts:
        say(_("{name}: no cell differs from the master").format(name=name))
    raise typer.Exit(1 if one.merged.conflicts else 0)


@command(example="reportkit resolve 桑洲镇 overview --ours")
def resolve(
    town: TownName,
    cell: CellName = None,
    ours: Annotated[
        bool,
        typer.Option("--ours", help=_("Take the first text between the marks: the town's words, or the newer edit.")),
    ] = False,
    theirs: Annotated[
        bool, typer.Option("--theirs", help=_("Take the second: the master's words, or what the town had before."))
    ] = False,
    both: Annotated[
        bool,
        typer.Option(
            "--both",
            help=_(
                "Take what both have added, each where it was added, the second text's first at the same place; "
                "refused where one of them has changed words or taken them out."
            ),
        ),
    ] = False,
    year: Year = None,
) -> None:
    """Settle a town's conflicts, all or one cell's, for one side or both; what did not clash stays merged."""
    from reportkit.errors import UserError
    from reportkit.notebook.towns import Choice, printed
    from reportkit.notebook.towns import resolve as settle

    asked = [choice for choice, wanted in zip(Choice, (ours, theirs, both), strict=True) if wanted]
    if len(asked) != 1:
        raise UserError(_("say which side counts: --ours (the town's words), --theirs (the master's) or --both"))
    project, name, filing = town_found(town, year)
    done = settle(project, name, filing, asked[0], cell)
    lost = {issue.values["cell"]: issue for issue in printed(project, name, filing).notes if issue.code == "N4"}
    for settled in done:
        say(_settled(asked[0], lost.get(settled)).format(name=name, cell=settled, note=lost.get(settled)))


def _settled(choice: Choice, note: Issue | None) -> str:
    """What is told of a cell; a `note` says why what is kept there is not printed."""
    if note:
        return {
            "ours": _("{name} {cell}: settled, ours is kept; {note}"),
            "theirs": _("{name} {cell}: settled, theirs is kept; {note}"),
            "both": _("{name} {cell}: settled, both are kept; {note}"),
        }[choice]
    return {
        "ours": _("{name} {cell}: settled, ours is printed"),
        "theirs": _("{name} {cell}: settled, theirs is printed"),
        "both": _("{name} {cell}: settled, both are printed"),
    }[choice]


@command(example="reportkit reset 桑洲镇 overview")
def reset(town: TownName, cell: CellName = None, year: Year = None) -> None:
    """Give up a town's changes, all or those of one cell, so that the master's words are printed again.

    What is given up is printed, and `reportkit undo` brings it back.
    """
    from reportkit.notebook.towns import copy_path
    from reportkit.notebook.towns import reset as give_up

    project, name, filing = town_found(town, year)
    for change in give_up(project, name, filing, cell):
        say(_("{cell}: given up").format(cell=change.cell))
        _tell_words(change.after, change.before, "  ")
    if cell is None:
        words = _("{copy} removed; reportkit undo {name} brings it back")
        say(words.format(copy=project.shown(copy_path(project, name)), name=name))
    else:
        say(_("{name} {cell}: as the master has it").format(name=name, cell=cell))


@command(example="reportkit adopt 下载/桑洲镇.ipynb")
def adopt(
    file: Annotated[Path, typer.Argument(metavar=_("FILE"), help=_("An output notebook that was edited elsewhere."))],
    town: Annotated[str, typer.Option(help=_("Whose it is, if it does not say so itself."))] = "",
    year: Year = None,
) -> None:
    """Carry the edits of an output notebook over to the town's own copy, wherever the file has been moved.

    Exits with 1 if an edit clashes with what the town has now, or figures were changed, which come from params/ alone.
    """
    from reportkit.batch.own_code import brought, notices_of_new_code
    from reportkit.errors import UserError
    from reportkit.notebook import mark_of, notebook_of
    from reportkit.notebook.towns import carry, copy_path, read_town
    from reportkit.project import find_project

    project = find_project()
    nb = notebook_of(file)
    made = mark_of(nb)
    if town:
        name, params = named(project, town, year)
    elif made:
        name, params = _of_this_project(project, file, made.town)
    else:
        words = _("{file}: does not say whose report it is, as reportkit did not make it; add --town 桑洲镇")
        raise UserError(words.format(file=file))
    filing = filing_of(project, name, params)
    taken = carry(project, name, filing, nb)
    where = project.shown(copy_path(project, name))
    if not made:
        words = _("{file}: no record of what it was made from; all that differs from the master counts as an edit")
        say(words.format(file=file))
    words = _("{file}: edited cells {cells} → {copy}") if taken.cells else _("{file}: nothing new in it")
    say(words.format(file=file, cells=", ".join(taken.cells), copy=where))
    if taken.parameters:
        words = _("{file}: its parameters were changed, too; figures come from {params}: change them there")
        say(words.format(file=file, params=project.shown(params)))
    town_now = read_town(project, name, filing)
    for line in notices_of_new_code(project, name, brought(town_now)):
        say(line)
    _tell_conflicts(project, town_now)
    raise typer.Exit(1 if taken.conflicts or taken.parameters else 0)


def _of_this_project(project: Project, file: Path, name: str) -> tuple[str, Path]:
    """The report that a notebook says it is, and its parameter file: a name of ours, as anybody can have written it."""
    from reportkit.errors import UserError

    params = project.reports().get(name)
    if params is None:
        shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
        words = _(
            "{file}: says that it is the report {name!r}, which this project has not; "
            "if it is one of its towns, say which with --town 桑洲镇"
        )
        raise UserError(words.format(file=file, name=shown))
    return name, params


def _tell_words(before: str, after: str, indent: str, context: int = 20) -> None:
    """Tell what has changed, if anything has."""
    if before != after:
        show_words(_diff(before, after, context), indent)


def _diff(before: str, after: str, context: int = 20) -> list[Piece]:
    """The changed words with some words around them, less the line %%narrative where both have the same."""
    from reportkit.worddiff import shortened, word_diff

    head, _end, rest = before.partition("\n")
    if head.startswith("%%") and head == after.partition("\n")[0]:
        before, after = rest, after.partition("\n")[2]
    return shortened(word_diff(before, after), context)
