"""A new year's parameter files: which are begun, from which of an earlier year's, in which form, and where they go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

from reportkit.errors import ReaderError, UserError
from reportkit.files.locations import is_remote, read
from reportkit.kinds import form_for, is_of_kind
from reportkit.model.filing import Filing
from reportkit.model.form import Form
from reportkit.params.first_words import Words
from reportkit.params.new_year import NewYear, new_year
from reportkit.params.reader import decoded
from reportkit.project.jobs import Selection, select
from reportkit.project.project import Project
from reportkit.project.siblings import Folders
from reportkit.translation import _


class Beginning(NamedTuple):
    """A parameter file that can be begun: where it belongs, and what it is to hold."""

    path: Path
    made: NewYear


def files_of_year(project: Project, year: int, paths: Sequence[Path] = ()) -> Selection:
    """Return the parameter files of a year that the paths name, all of them if there are none.

    Raises UserError as `select` does, and for a file that lies in another year's folder, or in none.
    """
    if is_remote(project.params):
        words = _("{folder}: a year is begun in a folder on this machine only")
        raise UserError(words.format(folder=project.params))
    found = select(project, paths or [project.params / str(year)], year)
    for path, _inside in found.files:
        if _year_of(project, path) != year:
            words = _("{path}: does not lie in params/{year}, from which the new year is begun")
            raise UserError(words.format(path=project.shown(path), year=year))
    return found


def begun_already(project: Project, last: Path, year: int) -> Path | None:
    """Return the file of a year that goes on from an earlier year's: in the same place, or where the unit has moved.

    None if there is none yet.
    """
    name = Folders(project).name(last)
    return Folders(project).gone_on(name, year) if name else None


def begin(
    project: Project,
    last: Path,
    year: int,
    *,
    words: Words = Words.last_year,
    blank_as_zero: bool = False,
    edition: str = "",
) -> Beginning:
    """Return the parameter file of a year, begun from an earlier year's; nothing is written.

    See reportkit.params.new_year for what comes along. `edition` names the form; else it is last year's if that holds
    for the year, or the official one of the year.
    Raises ReaderError if last year's file cannot be read or says another year, UserError if no form is known.
    """
    content = read(last)
    filing = project.read(last, content)
    if wrong := [note for note in filing.notes if note.code == "J1"]:
        raise ReaderError(wrong)
    form = form_of_year(project.forms, filing, year, edition)
    made = new_year(decoded(content), filing, form, year, words=words, blank_as_zero=blank_as_zero, forms=project.forms)
    return Beginning(project.params / f"{name_in(project, last, year)}{last.suffix}", made)


def form_of_year(forms: Mapping[str, Form], last: Filing, year: int, edition: str = "") -> Form:
    """Return the form in which a unit's report of a year is filed. Raises UserError if that is not known."""
    if edition:
        if edition not in forms:
            words = _("no edition {edition!r}; there are: {there}")
            raise UserError(words.format(edition=edition, there=", ".join(forms)))
        return forms[edition]
    if last.form.covers(year):
        return last.form
    form = form_for(forms, year) if is_of_kind(last.form) else None
    if form is None:
        words = _("last year's form ({names}) does not say which one is for {year}; name it with --edition")
        raise UserError(words.format(names=last.form.edition, year=year))
    return form


def name_in(project: Project, last: Path, year: int) -> str:
    """Return the name of a file's report in another year: 2024/宁海县/桑洲镇."""
    inside = project.inside(last)
    assert inside is not None  # as that of each file of `files_of_year`
    return PurePath(str(year), *inside.with_suffix("").parts[1:]).as_posix()


def _year_of(project: Project, path: Path) -> int | None:
    name = Folders(project).name(path)
    return int(name.parts[0]) if name else None
