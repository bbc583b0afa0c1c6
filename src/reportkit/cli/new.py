"""`reportkit new`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import command
from reportkit.cli.output import say, say_lines
from reportkit.cli.phrases import listed
from reportkit.params.first_words import Words
from reportkit.translation import N_, _, counted

if TYPE_CHECKING:
    from reportkit.batch.new_year import Begun
    from reportkit.params.new_year import NewYear
    from reportkit.project import Project


@command(example="reportkit new 2024 params/2023/宁海县 --words last-year")
def new(
    year: Annotated[int, typer.Argument(metavar=_("YEAR"), min=1000, max=9999, help=_("The year that is begun."))],
    params: Annotated[
        list[str] | None,
        typer.Argument(
            metavar=_("PARAMS"),
            help=_("Last year's parameter files or folders, or names of towns; default: all of that year."),
        ),
    ] = None,
    since: Annotated[
        int | None,
        typer.Option("--from", metavar=_("YEAR"), help=_("The year to begin from; default: the one before.")),
    ] = None,
    words: Annotated[
        Words,
        typer.Option(
            help=_(
                "What texts begin from: the town's own of last year; the master's; or a blank for each section, to be "
                "filled in."
            )
        ),
    ] = Words.last_year,
    edition: Annotated[
        str, typer.Option(help=_("Edition of the form; default: last year's, or the official one of the year."))
    ] = "",
    blank_as_zero: Annotated[
        bool, typer.Option("--blank-as-zero", help=_("Begin with 0 in each cell that is no sum, instead of a blank."))
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Write nothing; tell what would be."))] = False,
) -> None:
    """Begin a year: make this year's parameter files from last year's.

    Names, agency, waivers, comments and what carries over come along, as does what a town has changed in its notebook;
    other figures are blanks to be filled in. A file that is there is never touched. Exits with 1 if one was there, or
    could not be begun.
    """
    from reportkit.batch.new_year import Begun, Status, Wishes, begin_year
    from reportkit.files.locations import location
    from reportkit.project import project_of
    from reportkit.project.new_year import files_of_year

    paths = [location(text) for text in params or []]
    project = project_of(paths)
    found = files_of_year(project, year - 1 if since is None else since, paths)
    files = [path for path, _inside in found.files]
    counts: Counter[str] = Counter()
    unlisted = (Begun(path, Status.refused, reason=reason) for path, reason in found.unlisted)
    for some in (unlisted, begin_year(project, year, files, Wishes(words, blank_as_zero, edition, dry_run))):
        for one in some:
            counts[one.status] += 1
            _tell(project, one, dry_run)
    say(_summary(counts, dry_run), aside=True)
    raise typer.Exit(0 if set(counts) <= {Status.written} else 1)


def _tell(project: Project, one: Begun, dry_run: bool) -> None:
    for line in one.told:
        say(line)
    if one.status == "refused":
        say_lines(_("refused {message}"), [project.shown(one.last), *one.reason.splitlines()])
        for issue in one.issues:
            say(f"  {issue}")
        return
    told = {"path": project.shown(one.path) if one.path else "", "last": project.shown(one.last)}
    if one.status == "there" or one.made is None:
        say(_("there already {path}, not touched").format(**told))
        return
    words = _("would write {path} from {last}") if dry_run else _("written {path} from {last}")
    say(words.format(**told))
    for line in (*_of_last(one.made, told["last"]), *_of_file(one.made), *_of_edits(project, one)):
        say(f"  {line}")


def _of_last(made: NewYear, path: str) -> Iterator[str]:
    """What is wrong with last year's file: what stands there may not have been read as it was meant."""
    if errors := sum(note.severity == "error" for note in made.last.notes):
        yield counted(
            errors,
            "last year's file has {number} error; reportkit check {path} tells it",
            "last year's file has {number} errors; reportkit check {path} tells them",
            path=path,
        )


def _of_file(made: NewYear) -> Iterator[str]:
    """What there is to tell of a new file."""
    last, now = made.last.form, made.filing.form
    if last.edition != now.edition:
        yield _("edition {last} → {now}: only what both have carries over").format(last=last.edition, now=now.edition)
    if made.rewritten:
        yield _("written anew, as last year's text could not be edited; its comments stand at the head")
    if along := list(_along(made)):
        yield _("comes along: {listed}").format(listed=listed(along))
    if made.zeros:
        yield counted(len(made.zeros), "{number} blank made 0", "{number} blanks made 0")
    if made.lost:
        yield _("to be looked up, as last year's figures do not tell: {listed}").format(listed=_named(made))
    if made.dropped:
        yield _("not in this edition, so left in last year's file: {listed}").format(listed=listed(made.dropped))


def _along(made: NewYear) -> Iterator[str]:
    sections, waivers = len(made.filing.narrative), len(made.filing.waivers)
    if made.carried:
        yield counted(len(made.carried), "{number} figure", "{number} figures")
    if sections:
        yield counted(sections, "the text of {number} section", "the texts of {number} sections")
    if waivers:
        yield counted(waivers, "{number} waiver", "{number} waivers")


def _named(made: NewYear) -> str:
    """The rows in which cells are left to be looked up, with the table of each."""
    tables = made.filing.form.tables
    rows = (f"{tables[ref.table].caption} “{tables[ref.table].labels[ref][0]}”" for ref in sorted(made.lost))
    return listed(dict.fromkeys(rows))


def _of_edits(project: Project, one: Begun) -> Iterable[str]:
    """What there is to tell of a town's own copy."""
    from reportkit.notebook.towns import copy_path
    from reportkit.project.new_year import name_in

    if one.made is None or one.edits is None:
        return
    name = name_in(project, one.last, one.made.filing.year)
    copy, cells = project.shown(copy_path(project, name)), ", ".join
    if one.edits.cells:
        yield _("its own cells {cells} → {copy}").format(cells=cells(one.edits.cells), copy=copy)
    if one.edits.behind:
        yield _("its own words in cells {cells} stay behind").format(cells=cells(one.edits.behind))
    if one.edits.conflicts:
        words = _("in conflict: {cells}; settle it there, or: reportkit resolve {name} --ours|--theirs")
        yield words.format(cells=cells(one.edits.conflicts), name=name)


_COUNTS = {
    "written": N_("{number} written"),
    "there": N_("{number} there already"),
    "refused": N_("{number} refused"),
}


def _summary(counts: Counter[str], dry_run: bool) -> str:
    words = {**_COUNTS, "written": N_("{number} would write")} if dry_run else _COUNTS
    return listed(_(told).format(number=counts[status]) for status, told in words.items() if counts[status])
