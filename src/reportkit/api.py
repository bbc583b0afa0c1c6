"""What a notebook or a script calls; `reportkit` offers these names, each imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from pathlib import Path

from reportkit import kinds
from reportkit.batch.exports import export
from reportkit.batch.incremental import update
from reportkit.batch.outcome import Outcome
from reportkit.batch.processes.pool import Crew
from reportkit.batch.processes.resource_limits import MEGABYTES, SECONDS, Limits
from reportkit.batch.processes.worker import CAN_FORK, Settings
from reportkit.checks import check_report
from reportkit.errors import Issue, UserError
from reportkit.exporters.formats import FORMATS
from reportkit.files.locations import location
from reportkit.kinds import Kind
from reportkit.model.filing import Filing
from reportkit.project import Project, path, plan, project_of, selected
from reportkit.project.root import current_folder, root_above
from reportkit.report import open_report
from reportkit.translation import _

__all__ = ["build", "check", "export", "load_kind", "open_report", "path", "read"]


def build(
    params: str | Path | Iterable[str | Path] = (),
    *,
    to: Sequence[str] = tuple(FORMATS),
    out: str | Path | None = None,
    workers: int = 2,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    force: bool = False,
) -> Generator[Outcome, None, None]:
    """Return the outcome of each report as it is made, as `reportkit build` makes them; those up to date come first.

    `params` are parameter files, folders of them, or names of towns; without any, all of the project of the current
    folder. `to` are names of `reportkit.exporters.formats.FORMATS`; `out` is the folder for the reports, dist/ of the
    project if none is given. Each report may take so many `seconds` of time and `megabytes` of memory. With `force`
    those that are up to date are made, too.

    Raises UserError for paths without parameter files, for a format that there is not, and if another build is at work
    in the folder. What is wrong with a single report is its outcome.
    """
    if unknown := [name for name in to if name not in FORMATS]:
        words = _("to: there is no format {found!r}; there is {there}")
        raise UserError(words.format(found=unknown[0], there=", ".join(FORMATS)))
    paths = [location(str(path)) for path in _listed(params)]
    project = project_of(paths)
    jobs = plan(project, paths, to, location(str(out)) if out else None)
    settings = Settings(Limits(seconds, megabytes), None if CAN_FORK else False, project, tuple(to))
    covered = paths or [project.params]
    return update(
        project, jobs, lambda count: Crew(min(workers, count), settings, reports=count), force=force, covered=covered
    )


def load_kind(name: str) -> Kind:
    """Return a kind of reports by its name, as `reportkit kinds` lists it, or by the path of its folder.

    Raises UserError for one that there is not, or that cannot be used.
    """
    return kinds.load_kind(kinds.find_kind(name, root_above(current_folder())).reference)


def read(params: str | Path) -> Filing:
    """Return the filing that a parameter file states: its form, `jurisdiction`, `year`, and figures by table and cell.

    Figures are Decimals that keep how they were written, words, options and days texts; amounts are in the unit that
    the form names. Raises ReaderError, with every place, for a file that cannot be read, and UserError for a project
    that cannot, or a name that is none or more than one file's.
    """
    return _read(params)[2]


def check(params: str | Path) -> list[Issue]:
    """Return all that is wrong with a parameter file, errors first: by itself, next to last year's and to its units'.

    Raises what `read` does.
    """
    return check_report(*_read(params))


def _read(params: str | Path) -> tuple[Project, Path, Filing]:
    named = location(str(params))
    project = project_of([named])
    files = selected(project, [named])
    if len(files) != 1:
        words = _("{path}: {number} parameter files; name one")
        raise UserError(words.format(path=project.shown(named), number=len(files)))
    path, _inside = files[0]
    return project, path, project.read(path)


def _listed(params: str | Path | Iterable[str | Path]) -> Iterable[str | Path]:
    return [params] if isinstance(params, (str, Path)) else params
