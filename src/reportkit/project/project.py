"""Where things are: conventions, overridable in reportkit.toml, read once into a frozen Project."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from pathlib import Path, PurePath
from typing import Any

from reportkit.errors import Issue, Origin, ReaderError
from reportkit.files.locations import below, is_remote, location, may_be_there, read_remote, real
from reportkit.files.ownership import require_own
from reportkit.kinds import NOTEBOOK, Forms, Kind, default_kind, form_files, load_forms, load_kind
from reportkit.messages.words import issue
from reportkit.model.filing import Filing, with_totals
from reportkit.model.names import unfit, unseen
from reportkit.params.reader import SUFFIXES, read_params
from reportkit.project.config import CONFIG
from reportkit.project.facts import fact_readers
from reportkit.project.listings import listed, parameter_files
from reportkit.project.parameter_sets import Given, SetSource
from reportkit.project.search import Jurisdictions


@dataclass(frozen=True)
class Project:
    """The folders of a project. `notebook` is the master; the packaged one is used where the project has none.

    `copies` holds the notebooks of the towns that have changed a cell. All but `root` and `forms_folder` may be
    addresses in a store; see reportkit.files.locations. `waived` are the rules that the project switches off, as
    pairs of code and reason; `compare` says whether reports show the year before, if their own file does not say.
    `source` is given where the notebook is any, and its parameter sets stand in a list: then `params` is that list.
    `cwd` is the folder in which its cells begin, None for the root.
    """

    root: Path
    params: Path
    notebook: Path
    forms_folder: Path
    dist: Path
    copies: Path
    waived: tuple[tuple[str, str], ...] = ()
    compare: bool = False
    source: SetSource | None = None
    cwd: Path | None = None

    def __reduce__(self) -> tuple[object, ...]:
        # The copies of one project that reach a process are one object there, which reads its forms once.
        places = (self.root, self.params, self.notebook, self.forms_folder, self.dist, self.copies)
        return _shared, (*places, self.waived, self.compare, self.source, self.cwd)

    @property
    def working_directory(self) -> Path:
        """The folder in which cells begin."""
        return self.cwd or self.root

    @cached_property
    def waivers(self) -> Mapping[str, str]:
        """The rules that the project switches off: the reason by code."""
        return dict(self.waived)

    @cached_property
    def forms(self) -> Forms:
        """The official editions and the project's own forms, by name, and what is wrong with broken ones.

        Raises FormError if their folder cannot be looked into, UserError for a stranger's form.
        """
        for path in form_files(self.forms_folder):
            require_own(path)
        forms = load_forms(self.forms_folder)
        return Forms(forms, forms.broken, partial(fact_readers, self.notebook))

    @property
    def kind(self) -> Kind:
        """The report kind that the master notebook is written for."""
        return load_kind(NOTEBOOK.kind) if self.source else default_kind()

    @property
    def has_config(self) -> bool:
        """Whether a reportkit.toml says what this project is."""
        return os.path.lexists(self.root / CONFIG)

    @cached_property
    def sets(self) -> Mapping[str, Given]:
        """The parameter sets of the project's list by the names of their reports; none without a list.

        Raises UserError with all that is wrong in the list.
        """
        sets = self.source.read(self.notebook) if self.source else {}
        if is_remote(self.params):
            return sets
        shown = {path: self.shown(Path(path)) for path in {given.place.path for given in sets.values()}}
        if all(name == path for path, name in shown.items()):  # most lists are named from where the person is
            return sets
        return {
            name: given._replace(place=given.place._replace(path=shown[given.place.path]))
            for name, given in sets.items()
        }

    @cached_property
    def list_name(self) -> str:
        """What the journal calls the project's list."""
        return self.name_of(self.params)

    def filing(self, given: Given) -> Filing:
        """Return a parameter set as a filing without a form: all that it has are facts."""
        return Filing(
            form=NOTEBOOK,
            jurisdiction=given.subject,
            year=0,
            agency=given.subject,
            values={},
            narrative={},
            origin=given.origin,
            facts=given.values,
        )

    def compares(self, filing: Filing) -> bool:
        """Whether a report shows the year before: what its own file says, or else the project."""
        return self.compare if filing.compare is None else filing.compare

    def shown(self, path: Path) -> str:
        """The path as messages print it: relative to where the person is, if that is shorter."""
        try:
            return str(path if is_remote(path) else below(path.absolute(), Path.cwd()) or path)
        except OSError:  # that place is gone
            return str(path)

    def name_of(self, path: Path) -> str:
        """The path as the journal keeps it: from the root on, so that a project can be moved; an address as it is."""
        return str(path) if is_remote(path) else os.path.relpath(path.absolute(), self.root.absolute())

    def read(self, path: Path, content: bytes | None = None) -> Filing:
        """Return the filing of a parameter file, totals computed, with notes where the path and the data disagree.

        `content` is what the file holds, if that has been read already.

        Raises ReaderError if no filing can be made of it, or if it is a link out of params/; UserError if its store
        cannot be read.
        """
        if is_remote(path):
            content = next(read_remote([path])) if content is None else content
        elif path.is_symlink() and self.inside(path) and not real(path).is_relative_to(real(self.params)):
            raise ReaderError([issue("Y1.link", Origin(self.shown(path)), target=real(path))])
        filing = with_totals(read_params(path, self.forms, self.shown(path), content))
        return replace(filing, notes=(*filing.notes, *self._misplaced(path, filing)))

    def _misplaced(self, path: Path, filing: Filing) -> Iterator[Issue]:
        """Last year's year or the neighbour's name, left in a copied file, shows against the path."""
        folder = self.inside(path)
        if folder and folder.parts[0].isdecimal() and int(folder.parts[0]) != filing.year:
            yield issue("J1", filing.where("year"), None, str(filing.year), folder.parts[0])
        if path.stem != filing.jurisdiction:
            # Where the other has a file of its own, one of the two reports would go out under a wrong name.
            name = "J2.other_there" if _files(path, filing.jurisdiction) else "J2.alone"
            yield issue(name, filing.where("jurisdiction"), None, filing.jurisdiction, path.stem)
        signs, grave = unseen(str(folder or path.name))
        if signs:
            yield issue("J3.turning" if grave else "J3.unseen", filing.origin, name=folder or path.name, signs=signs)
        if others := [name for name in _files(path, path.stem) if name != path.name]:
            yield issue("J4", filing.origin, None, path.name, others=others, unit=path.stem)

    def inside(self, path: Path) -> PurePath | None:
        """The path below params/, or None if it lies elsewhere. A link counts by its own path."""
        inside = below(path.absolute(), self._params)
        if inside is None:  # only then, as resolving asks the disk for each folder on the way
            inside = below(real(path), real(self.params))
        return inside if inside and inside.parts else None

    @cached_property
    def _params(self) -> Path:
        return self.params.absolute()

    @cached_property
    def jurisdictions(self) -> frozenset[str]:
        """The names of all parameter files, of every year; with a list, whose reports its sets are."""
        if self.source:
            return frozenset(given.subject for given in self.sets.values() if given.subject)
        return frozenset(path.stem for path in parameter_files(self.params))

    def find(self, year: int, jurisdiction: str) -> Path:
        """Return the parameter file of a jurisdiction ("桑洲镇", or "宁海县/桑洲镇" where several have the name).

        One that lies in no year's folder is found if it says that it is of the year.
        Raises UserError that names the nearest ones if there is none, and all of them if there are several.
        """
        return self._named.find(year, jurisdiction)

    def file_of(self, name: str) -> Path:
        """Return the parameter file of a report's name, 2019/宁海县/桑洲镇 for instance, whether it is there or not."""
        paths = [self.params / f"{name}{suffix}" for suffix in SUFFIXES]
        return next((path for path in paths if _may_be(path)), paths[0])

    def has_file(self, name: str) -> bool:
        """Return whether a report has a parameter file, as far as can be told."""
        return name in self.sets if self.source else _may_be(self.file_of(name))

    def reports(self) -> dict[str, Path]:
        """Return the parameter files below params/ by their reports' names; the first of several of a name."""
        files = [(inside.with_suffix("").as_posix(), self.params / inside) for inside in listed(self.params).files]
        return dict(reversed(files))

    def locate(self, town: str, year: int | None = None) -> Path:
        """Return the parameter file that a person means: by its path, or a jurisdiction's name as `find` takes it.

        "2019/宁海县/桑洲镇" names the year, too; without any it is the last year that has such a file, or else the file
        that lies in no year's folder. Raises UserError as `find` does.
        """
        return location(town) if town.endswith(SUFFIXES) else self._named.locate(town, year)

    @property
    def _named(self) -> Jurisdictions:
        return Jurisdictions(self.params, self.shown, self._year_of)

    def _year_of(self, path: Path) -> int | None:
        try:
            return self.read(path).year
        except ReaderError:
            return None


def _may_be(path: Path) -> bool:
    return path.exists() if is_remote(path) else may_be_there(path)


def _files(path: Path, jurisdiction: str) -> list[str]:
    """The parameter files that a jurisdiction has in the folder of another file; a store is not asked for them."""
    if is_remote(path) or unfit(jurisdiction):
        return []
    try:
        folder, names = os.path.dirname(path), [f"{jurisdiction}{suffix}" for suffix in SUFFIXES]  # noqa: PTH120
        return [name for name in names if os.path.isfile(os.path.join(folder, name))]  # noqa: PTH113, PTH118
    except OSError:  # a name that is too long for this disk
        return []


@cache
def _shared(*fields: Any) -> Project:
    return Project(*fields)
