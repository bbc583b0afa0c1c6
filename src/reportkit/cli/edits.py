"""`reportkit edit`, `status`, `diff`, `resolve`, `reset` and `adopt`: what towns have changed in their notebooks."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import TownName, Year, app
from reportkit.cli.words import count

if TYPE_CHECKING:
    from reportkit.copies import Town
    from reportkit.filing import Filing
    from reportkit.notebook.merging import Conflict
    from reportkit.project import Project
    from reportkit.worddiff import Piece

CellName = Annotated[str | None, typer.Argument(metavar="[CELL]", help="The id of one cell, as status prints it.")]


@app.command(epilog="Example: reportkit edit 桑洲镇")
def edit(
    town: TownName,
    year: Year = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Only make the copy and print where it is.")] = False,
) -> None:
    """Open a town's own copy of the notebook in JupyterLab; it is made from the master if the town has none.

    What you change in its cells is printed for this town from then on, and stays when the master changes.
    """
    from reportkit.copies import changes, copy_path, make_copy, remove_copy
    from reportkit.errors import UserError
    from reportkit.locations import is_remote

    project, name, filing = _found(town, year)
    if is_remote(project.copies) and not no_open:
        raise UserError(f"{project.copies}: JupyterLab opens files of this machine; add --no-open")
    had_one = copy_path(project, name).exists()
    made = make_copy(project, name, filing)
    path = copy_path(project, name)
    print(f"{project.shown(path)} {'brought up to the master' if had_one else 'made from the master'}")
    _tell_conflicts(project, made)
    if no_open:
        return
    _open_in_lab(project, path)
    made = make_copy(project, name, filing)  # which also takes the outputs out again
    number = len(list(changes(made)))
    if made.copy and not had_one and not number:
        remove_copy(project, made.copy)
        print(f"{project.shown(path)}: nothing was changed, so it is not kept")
        return
    print(f"{project.shown(path)}: {count(number, 'cell')} not as the master has them; see reportkit diff {name}")


def _open_in_lab(project: Project, path: Path) -> None:
    import subprocess

    print("JupyterLab opens in the web browser; close it with Ctrl-C in this window")
    try:
        subprocess.run([sys.executable, "-m", "jupyter", "lab", str(path)], cwd=project.root, check=False)
    except KeyboardInterrupt:
        print()


@app.command(epilog="Example: reportkit status")
def status(
    towns: Annotated[
        list[str] | None, typer.Argument(metavar="[TOWN]...", help="Default: all that have a copy.")
    ] = None,
    year: Year = None,
) -> None:
    """List the towns that have changed a cell: what each changed, word by word, and what is in conflict.

    Exits with 1 if anything is in conflict.
    """
    from reportkit.copies import read_town, towns_with_copies
    from reportkit.errors import UserError
    from reportkit.project import find_project

    project = find_project()
    files = dict(_named(project, town, year) for town in towns or [])
    names = list(files) or towns_with_copies(project)
    changed = conflicts = unread = 0
    for name in names:
        try:
            filing = project.read(files.get(name) or project.file_of(name))
            one = read_town(project, name, filing)
        except UserError as error:
            unread += 1
            print(f"{name}\n  cannot be read: {error}")
            continue
        changed += _tell_status(project, one)
        conflicts += len(one.merged.conflicts)
    told = [
        count(len(names), "town"),
        f"{count(changed, 'cell')} not as the master has them",
    ]
    told += [f"{count(conflicts, 'cell')} in conflict"] if conflicts else []
    print(", ".join(told))
    raise typer.Exit(1 if conflicts or unread else 0)


def _tell_status(project: Project, town: Town) -> int:
    """Tell what a town has changed, in short, and return in how many cells."""
    from reportkit.copies import changes

    where = project.shown(town.copy.path) if town.copy else "no copy of its own"
    print(f"{town.name}  {where}")
    found = list(changes(town))
    for change in found:
        print(f"  {change.cell}: {change.kind}")
        _tell_words(change.before, change.after, "    ")
    _tell_conflicts(project, town)
    return len(found)


def _tell_conflicts(project: Project, town: Town) -> None:
    for conflict in town.merged.conflicts:
        path = project.shown(town.copy.path) if town.copy else town.name
        print(f"  {conflict.cell}: CONFLICT in {path}")
        _tell_sides(conflict)
        print(f"    settle it there, or: reportkit resolve {town.name} {conflict.cell} --ours|--theirs")


def _tell_sides(conflict: Conflict) -> None:
    """Tell both sides of a conflict, each with the words marked that the other has not."""
    pieces = _diff(conflict.theirs or "", conflict.ours or "")
    for name, side, other in (("ours", conflict.ours, "gone"), ("theirs", conflict.theirs, "new")):
        print(f"    {name}:")
        words = _shown([piece for piece in pieces if piece.kind != other])
        _tell_text("(the cell was taken out)" if side is None else words, "      ")


@app.command(epilog="Example: reportkit diff 桑洲镇")
def diff(town: TownName, year: Year = None) -> None:
    """Show word by word what a town's own copy has otherwise than the master. Exits with 1 if there is a conflict."""
    from reportkit.copies import changes, read_town

    project, name, filing = _found(town, year)
    one = read_town(project, name, filing)
    found = list(changes(one))
    for change in found:
        print(f"{change.cell}: {change.kind}")
        _tell_words(change.before, change.after, "  ", 60)
    _tell_conflicts(project, one)
    if not found and not one.merged.conflicts:
        print(f"{name}: no cell differs from the master")
    raise typer.Exit(1 if one.merged.conflicts else 0)


@app.command(epilog="Example: reportkit resolve 桑洲镇 overview --ours")
def resolve(
    town: TownName,
    cell: CellName = None,
    ours: Annotated[
        bool, typer.Option("--ours", help="Take the first text between the marks: the town's words, or the newer edit.")
    ] = False,
    theirs: Annotated[
        bool, typer.Option("--theirs", help="Take the second: the master's words, or what the town had before.")
    ] = False,
    year: Year = None,
) -> None:
    """Settle a town's conflicts, all or one cell's, in favour of one side; what did not clash stays merged."""
    from reportkit.copies import resolve as settle
    from reportkit.errors import UserError

    if ours == theirs:
        raise UserError("say which side counts: --ours (the town's words) or --theirs (the master's)")
    project, name, filing = _found(town, year)
    for settled in settle(project, name, filing, "ours" if ours else "theirs", cell):
        print(f"{name} {settled}: settled, {'ours' if ours else 'theirs'} is printed")


@app.command(epilog="Example: reportkit reset 桑洲镇 overview")
def reset(town: TownName, cell: CellName = None, year: Year = None) -> None:
    """Give up a town's changes, all or those of one cell, so that the master's words are printed again.

    What is given up is printed, and the copy as it was is kept for one step back.
    """
    from reportkit.copies import changes, read_town, remove_copy
    from reportkit.copies import reset as give_up
    from reportkit.errors import UserError

    project, name, filing = _found(town, year)
    one = read_town(project, name, filing)
    if one.copy is None:
        raise UserError(f"{name}: has no copy of its own; there is nothing to give up")
    for change in changes(one):
        if cell in (None, change.cell):
            print(f"{change.cell}: given up")
            _tell_words(change.after, change.before, "  ")
    if cell is None:
        kept = remove_copy(project, one.copy)
        print(f"{project.shown(one.copy.path)} removed" + (f"; kept as {project.shown(kept)}" if kept else ""))
    else:
        give_up(project, name, filing, cell)
        print(f"{name} {cell}: as the master has it")


@app.command(epilog="Example: reportkit adopt 下载/桑洲镇.ipynb")
def adopt(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An output notebook that was edited elsewhere.")],
    town: Annotated[str, typer.Option(help="Whose it is, if it does not say so itself.")] = "",
    year: Year = None,
) -> None:
    """Carry the edits of an output notebook over to the town's own copy, wherever the file has been moved.

    Exits with 1 if an edit clashes with what the town has now, or figures were changed, which come from params/ alone.
    """
    from reportkit.copies import carry, copy_path, read_town
    from reportkit.errors import UserError
    from reportkit.notebook import mark_of, notebook_of
    from reportkit.project import find_project

    project = find_project()
    nb = notebook_of(file)
    made = mark_of(nb)
    if town:
        name, params = _named(project, town, year)
    elif made:
        name, params = made.town, project.file_of(made.town)
    else:
        raise UserError(f"{file}: does not say whose report it is, as reportkit did not make it; add --town 桑洲镇")
    filing = project.read(params)
    taken = carry(project, name, filing, nb)
    where = project.shown(copy_path(project, name))
    if not made:
        print(f"{file}: no record of what it was made from; all that differs from the master counts as an edit")
    print(f"{file}: edited cells {', '.join(taken.cells)} → {where}" if taken.cells else f"{file}: nothing new in it")
    if taken.parameters:
        print(f"{file}: its parameters were changed, too; figures come from {project.shown(params)}: change them there")
    _tell_conflicts(project, read_town(project, name, filing))
    raise typer.Exit(1 if taken.conflicts or taken.parameters else 0)


def _found(town: str, year: int | None) -> tuple[Project, str, Filing]:
    from reportkit.project import find_project

    project = find_project()
    name, params = _named(project, town, year)
    return project, name, project.read(params)


def _named(project: Project, town: str, year: int | None) -> tuple[str, Path]:
    """The name of a town's report, 2019/宁海县/桑洲镇, and its parameter file."""
    from reportkit.project import plan

    params = project.locate(town, year)
    (job,) = plan(project, [params], ())
    return job.name, job.params


def _tell_words(before: str, after: str, indent: str, context: int = 20) -> None:
    """Tell what has changed, if anything has."""
    if before != after:
        _tell_text(_shown(_diff(before, after, context)), indent)


def _tell_text(text: str, indent: str) -> None:
    for line in text.splitlines():
        print(f"{indent}{line}")


def _diff(before: str, after: str, context: int = 20) -> list[Piece]:
    """The changed words with some words around them, less the line %%narrative where both have the same."""
    from reportkit.worddiff import shortened, word_diff

    head, _, rest = before.partition("\n")
    if head.startswith("%%") and head == after.partition("\n")[0]:
        before, after = rest, after.partition("\n")[2]
    return shortened(word_diff(before, after), context)


def _shown(pieces: Sequence[Piece]) -> str:
    from reportkit.worddiff import coloured, plain

    return coloured(pieces) if sys.stdout.isatty() else plain(pieces)
