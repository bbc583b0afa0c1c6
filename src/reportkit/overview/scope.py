"""Which reports are looked over: those of the files that are named, or of the last year, and of the roster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from reportkit.files.locations import is_remote, real
from reportkit.project import Project, Selection, named_path, report_named, select
from reportkit.project.listings import is_year, listed
from reportkit.project.roster import Entry


class Scope(NamedTuple):
    """The files that are looked at, and the folders that are looked at as a whole.

    A folder is called as the reports in it begin (2023/宁海县), "" where these are of no year, as those of a list. Of a
    list `named` are the reports that are looked at, if not all are.
    """

    selection: Selection
    folders: Sequence[str]
    named: Sequence[str] = ()

    def covers(self, report: str) -> bool:
        """Return whether a report is looked at."""
        return report in self.reports or any(_is_below(report, folder) for folder in self.folders)

    @property
    def reports(self) -> dict[str, Path | None]:
        """The reports that are known by their files, or were named, with the file."""
        files = {inside.with_suffix("").as_posix(): path for path, inside in self.selection.files}
        return {**dict.fromkeys(self.named), **files}

    def absent(self, project: Project, there: Sequence[str]) -> Iterator[tuple[str, Entry]]:
        """Yield the units of the roster that have no file, each with the year; `there` are the reports of a list."""
        if project.roster is None:
            return
        names = list(there) if project.source else list(project.reports())
        for folder in self.folders:
            year, _slash, below = folder.partition("/")
            reports = [name for name in names if _is_below(name, year)]
            yield from ((year, entry) for entry in project.roster.absent(reports, below))


def scope_of(project: Project, paths: Sequence[Path], year: int | None, today: date | None = None) -> Scope:
    """Return what the paths name: without any the year, or the last one that has files.

    Where a roster says who is to hand in, there need be no file yet. Raises UserError as `select` does.
    """
    if project.source:
        named = [report_named(project.sets, str(path)) for path in paths if path != project.params]
        return Scope(Selection([], []), [] if named else [""], named)
    if paths:
        paths = [named_path(project, path, year) for path in paths]
        found = select(project, paths)
        return Scope(found, list(_whole(project, paths, found)))
    there = listed(project.params, project.params)
    years = [int(inside.parts[0]) for inside in there.files if is_year(inside.parts[0])]
    chosen = year or max(years, default=(today or date.today()).year - 1)
    if project.roster and chosen not in years and (year or not there.files):
        return Scope(Selection([], []), [str(chosen)])
    if year:
        return scope_of(project, [project.params / str(year)], year, today)
    found = select(project, [])
    files = [file for file in found.files if not is_year(first := file[1].parts[0]) or int(first) == chosen]
    return Scope(found._replace(files=files), [str(chosen)] if years else [""])


def _whole(project: Project, paths: Sequence[Path], found: Selection) -> Iterator[str]:
    """The folders among the paths, as the reports in them begin; params/ is those of all years."""
    files = {path for path, _inside in found.files}
    for path in paths:
        inside = project.inside(path)
        if path in files or not (is_remote(path) or path.is_dir()):
            continue
        if inside and is_year(inside.parts[0]):
            yield inside.as_posix()
        elif real(path) == real(project.params):
            years = dict.fromkeys(name.parts[0] for _path, name in found.files if is_year(name.parts[0]))
            yield from years or [""]


def _is_below(report: str, folder: str) -> bool:
    return not folder or report.startswith(f"{folder}/")
