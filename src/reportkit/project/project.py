"""Where things are: conventions, overridable in reportkit.toml, read once into a frozen Project."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from reportkit.errors import Issue, Origin, ReaderError, UserError
from reportkit.files.locations import below, is_remote, location, may_be_there, read_remote, real
from reportkit.files.ownership import require_own
from reportkit.kinds import DEFAULT, KINDS, NOTEBOOK, Forms, Kind, form_files, is_shipped, load_forms, load_kind
from reportkit.kinds.kind_places import FILE, files_in
from reportkit.messages.words import issue
from reportkit.model.filing import Filing, with_totals
from reportkit.model.names import unfit, unseen
from reportkit.params.reader import SUFFIXES, read_params
from reportkit.project.config import CONFIG
from reportkit.project.facts import fact_readers
from reportkit.project.listings import listed, parameter_files
from reportkit.project.parameter_sets import Given, SetSource
from reportkit.project.roster import ROSTER, Item, Roster
from reportkit.project.search import Jurisdictions
from reportkit.translation import _

if TYPE_CHECKING:
    from reportkit.page_styles import Overlays, Styles


@dataclass(frozen=True)
class Project:
    """The folders of a project. `notebook` is the master; the packaged one is used where the project has none.

    `copies` holds the notebooks of the towns that have changed a cell. All but `root` and `forms_folder` may be
    addresses in a store; see reportkit.files.locations. `waived` are the rules that the project switches off, as
    pairs of code and reason; `compare` says whether reports show the year before, if their own file does not say.
    `source` is given where the notebook is any, and its parameter sets stand in a list: then `params` is that list.
    `cwd` is the folder in which its cells begin, None for the root. `roster_file` is where its roster stands, if it has
    one. `style` is the name or the path of what its pages look like, "" for the kind's; `brand` the path of a brand
    over it, "" for the one in the root, if there is one; `page` what they say besides the report, as JSON.
    `kind_reference` is what its kind is known by, see reportkit.kinds.kind_places.
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
    roster_file: Path | None = None
    style: str = ""
    brand: str = ""
    page: str = ""
    kind_reference: str = DEFAULT

    def __reduce__(self) -> tuple[object, ...]:
        # The copies of one project that reach a process are one object there, which reads its forms once.
        places = (self.root, self.params, self.notebook, self.forms_folder, self.dist, self.copies)
        looks = self.style, self.brand, self.page
        rest = (self.waived, self.compare, self.source, self.cwd, self.roster_file, *looks, self.kind_reference)
        return _shared, (*places, *rest)

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
        """The editions of its kind and the project's own forms, by name, and what is wrong with broken ones.

        Raises FormError if their folder cannot be looked into, UserError for a stranger's form.
        """
        for path in form_files(self.forms_folder):
            require_own(path)
        forms = load_forms(self.forms_folder, self.kind, self.root)
        return Forms(forms, forms.broken, partial(fact_readers, self.notebook), self.kind)

    @property
    def roster(self) -> Roster | None:
        """The units that are to hand in a report, None if nobody has listed them; read anew when the list has changed.

        Raises UserError with all that is wrong in the list, and if one is named that is not there.
        """
        path = self.roster_file
        if path in (None, self.params) or (path == self.root / ROSTER and not os.path.lexists(path)):
            return None
        return _read_roster(self.shown(path), _stamp(path))

    def in_order(self, items: Iterable[Item], report: Callable[[Item], str]) -> list[Item]:
        """Return things of reports as they are listed for a person: as the roster has them, if there is one.

        Those of a list have its order. `report` gives the name (2019/宁海县/桑洲镇) of the report that a thing is of.
        Raises UserError as `roster` does.
        """
        items = list(items)
        roster = self.roster if items and not self.source else None
        return roster.in_order(items, report) if roster else items

    @property
    def kind(self) -> Kind:
        """The report kind that the master notebook is written for."""
        kind = load_kind(self.kind_reference)
        return load_kind(NOTEBOOK.kind) if self.source and not kind.is_of_any_notebook else kind

    def kind_files(self) -> list[Path]:
        """Return the files of its kind, and of those that it extends, but for what comes with reportkit."""
        if is_shipped(self.kind_reference):
            return []
        return [path for folder in self.kind.folders if folder.parent != KINDS for path in files_in(folder)]

    @cached_property
    def styles(self) -> Styles:
        """What its pages look like: as the project says, or else the kind, or else the language of their text.

        Raises UserError, with file and line, for a style that is none.
        """
        from reportkit.page_styles import no_such_style, style_file, styles_of  # which most commands do without

        over, name = self._overlays(), self.style or self.kind.style
        if name and (path := style_file(name, self.root)):
            require_own(path)
            if not path.exists():
                said = CONFIG if self.style else self.shown(self.kind.folders[-1] / FILE)
                raise UserError(_("{path}: {reason}").format(path=said, reason=no_such_style(name)))
            return styles_of(self.shown(path), Path(), over)
        return styles_of(name, Path(), over)

    def _overlays(self) -> Overlays:
        """What goes over the style. Raises UserError for a brand that is not there."""
        from reportkit.page_styles import BRAND, Overlays

        brand = self.root / (self.brand or BRAND) if self.brand != "none" else None
        if brand and not brand.exists():
            if self.brand:
                words = _("{path}: brand {name!r}: no such file; paths go out from {folder}")
                raise UserError(words.format(path=CONFIG, name=self.brand, folder=self.root))
            brand = None
        page = json.loads(self.page) if self.page else {}
        folders = (self.root, *reversed(self.kind.folders))
        return Overlays(brand, page, CONFIG, self.root, folders, self.shown)

    def style_files(self) -> list[Path]:
        """Return the files that decide what its pages look like, and those that would if they were there."""
        from reportkit.page_styles import BRAND, style_file

        name = self.style or self.kind.style
        named = style_file(name, self.root) if name else None
        files = [named] if named else []
        files += [self.root / name for name in (self.brand or BRAND, "page.typ", "page.html.j2")]
        with contextlib.suppress(UserError):  # which is told when a report is made
            for style in self.styles.values():
                files += [Path(one.folder, name) for one in (style.typst, style.html) if one for name, _ in one.files]
        return files

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

    def name_of(self, path: Path | str) -> str:
        """The path as the journal keeps it: from the root on, so that a project can be moved; an address as it is.

        A path of this machine may be given as a text.
        """
        if is_remote(path):
            return str(path)
        text, root = _absolute(path), _beginning(_absolute(self.root))
        # Asked for each report of thousands, most of them plain.
        return text[len(root) :] if text.startswith(root) and f"{os.sep}.." not in text else os.path.relpath(text, root)

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
        if not is_remote(path) and not is_remote(self.params):
            text, params = _absolute(path), _beginning(_absolute(self.params))
            if text.startswith(params) and text != params:
                return type(path)(text[len(params) :])
        inside = below(path.absolute(), self.params.absolute())
        if inside is None:  # only then, as resolving asks the disk for each folder on the way
            inside = below(real(path), real(self.params))
        return inside if inside and inside.parts else None

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
        that lies in no year's folder. The beginning of a name will do (桑洲), if it is that of no other. Raises
        UserError as `find` does.
        """
        return location(town) if town.endswith(SUFFIXES) else self._named.locate(town, year)

    def folder_called(self, name: str, year: int | None = None) -> Path | None:
        """Return the folder of that name which holds parameter files: of the year, or the last that has one.

        None if there is none. Raises UserError if several are meant.
        """
        return self._named.folder(name, year)

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


@lru_cache(maxsize=4)
def _read_roster(path: str, _stamp: tuple[int, int]) -> Roster:
    from reportkit.project.roster_file import read_roster  # what reads lists, which not every project has

    return read_roster(Path(path))


def _stamp(path: Path) -> tuple[int, int]:
    """The size of a file and when it was written; what cannot be looked at is told by who reads it."""
    try:
        about = (path if path.exists() else path.with_name(path.name.partition("#")[0])).stat()  # of a sheet's workbook
    except OSError:
        return 0, 0
    return about.st_size, about.st_mtime_ns


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


def _absolute(path: Path | str) -> str:
    """A path from the root on, as it is."""
    text = str(path)
    return text if os.path.isabs(text) else os.path.join(os.getcwd(), text)  # noqa: PTH109, PTH117, PTH118


@lru_cache(maxsize=16)
def _beginning(folder: str) -> str:
    """What the path of a file in a folder begins with."""
    return os.path.join(os.path.normpath(folder), "")  # noqa: PTH118
