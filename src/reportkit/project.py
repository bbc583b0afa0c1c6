"""Where things are: conventions, overridable in reportkit.toml, read once into a frozen Project; and the jobs."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from reportkit.errors import Issue, Origin, ReaderError, Severity, UserError
from reportkit.filing import Filing, with_totals
from reportkit.forms import Form, load_forms
from reportkit.locations import below, is_remote, listing, location, read_remote
from reportkit.readers import read_params
from reportkit.readers.params import SUFFIXES, is_parameter_file

CONFIG = "reportkit.toml"
PACKAGED_NOTEBOOK = Path(__file__).parent / "notebooks" / "annual_report.ipynb"


_PLACES = {
    "params": "params",
    "notebook": "notebooks/annual_report.ipynb",
    "copies": "notebooks/towns",
    "forms": "forms",
    "dist": "dist",
}


@dataclass(frozen=True)
class Project:
    """The folders of a project. `notebook` is the master; the packaged one is used where the project has none.

    `copies` holds the notebooks of the towns that have changed a cell. All but `root` and `forms_folder` may be
    addresses in a store; see reportkit.locations. `waived` are the rules that the project switches off, as pairs of
    code and reason; `compare` says whether reports show the year before, if their own file does not say.
    """

    root: Path
    params: Path
    notebook: Path
    forms_folder: Path
    dist: Path
    copies: Path
    waived: tuple[tuple[str, str], ...] = ()
    compare: bool = False

    def __reduce__(self) -> tuple[object, ...]:
        # The copies of one project that reach a process are one object there, which reads its forms once.
        places = (self.root, self.params, self.notebook, self.forms_folder, self.dist, self.copies)
        return _shared, (*places, self.waived, self.compare)

    @cached_property
    def waivers(self) -> Mapping[str, str]:
        """The rules that the project switches off: the reason by code."""
        return dict(self.waived)

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """The official editions and the project's own forms, by name."""
        return load_forms(self.forms_folder)

    def shown(self, path: Path) -> str:
        """The path as messages print it: relative to where the person is, if that is shorter."""
        return str(path if is_remote(path) else below(path.absolute(), Path.cwd()) or path)

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
        elif path.is_symlink() and self.inside(path) and not path.resolve().is_relative_to(self.params.resolve()):
            message = f"这是指向 params/ 之外的链接（{path.resolve()}）；请把文件本身复制过来"
            raise ReaderError([Issue("Y1", "error", message, Origin(self.shown(path)))])
        filing = with_totals(read_params(path, self.forms, self.shown(path), content))
        return replace(filing, notes=(*filing.notes, *self._misplaced(path, filing)))

    def _misplaced(self, path: Path, filing: Filing) -> Iterator[Issue]:
        """Last year's year or the neighbour's name, left in a copied file, shows against the path."""
        folder = self.inside(path)
        if folder and folder.parts[0].isdecimal() and int(folder.parts[0]) != filing.year:
            message = f"文件在 {folder.parts[0]} 文件夹里，year 写的是 {filing.year}；请改正其中一处"
            yield Issue("J1", "error", message, filing.where("year"), None, str(filing.year), folder.parts[0])
        if path.stem != filing.jurisdiction:
            message = f"文件名是“{path.stem}”，jurisdiction 写的是“{filing.jurisdiction}”；请核对是不是别的单位"
            # Where the other has a file of its own, one of the two reports would go out under a wrong name.
            severity: Severity = "error" if _has_file(path, filing.jurisdiction) else "warning"
            yield Issue("J2", severity, message, filing.where("jurisdiction"), None, filing.jurisdiction, path.stem)

    def inside(self, path: Path) -> PurePath | None:
        """The path below params/, or None if it lies elsewhere. A link counts by its own path."""
        inside = below(path.absolute(), self._params)
        if inside is None:  # only then, as resolving asks the disk for each folder on the way
            inside = below(path.resolve(), self.params.resolve())
        return inside if inside and len(inside.parts) > 1 else None

    @cached_property
    def _params(self) -> Path:
        return self.params.absolute()

    @cached_property
    def jurisdictions(self) -> frozenset[str]:
        """The names of all parameter files, of every year."""
        return frozenset(path.stem for path in parameter_files(self.params))

    def find(self, year: int, jurisdiction: str) -> Path:
        """Return the parameter file of a jurisdiction ("桑洲镇", or "宁海县/桑洲镇" where several have the name).

        Raises UserError that names the nearest ones if there is none, and all of them if there are several.
        """
        folder = self.params / str(year)
        files = _parameter_files(folder)
        found = [inside for inside in files if _is_called(inside, jurisdiction)]
        if len(found) == 1:
            return folder / found[0]
        if found:
            several = "、".join(inside.with_suffix("").as_posix() for inside in found)
            raise UserError(f"{year} 年有 {len(found)} 个“{jurisdiction}”：{several}；jurisdiction 请写成其中一个")
        close = difflib.get_close_matches(jurisdiction, [inside.stem for inside in files], n=3, cutoff=0.3)
        near = f"；相近的有：{'、'.join(close)}" if close else ""
        raise UserError(f"在 {self.shown(folder)} 里没有“{jurisdiction}”的参数文件{near}")

    def file_of(self, name: str) -> Path:
        """Return the parameter file of a report's name, 2019/宁海县/桑洲镇 for instance, whether it is there or not."""
        paths = [self.params / f"{name}{suffix}" for suffix in SUFFIXES]
        return next((path for path in paths if path.exists()), paths[0])

    def locate(self, town: str, year: int | None = None) -> Path:
        """Return the parameter file that a person means: by its path, or a jurisdiction's name as `find` takes it.

        "2019/宁海县/桑洲镇" names the year, too; without any it is the last year that has such a file.
        Raises UserError as `find` does.
        """
        if town.endswith(tuple(SUFFIXES)):
            return location(town)
        first, _, rest = town.partition("/")
        if year is None and first.isdecimal() and rest:
            return self.find(int(first), rest)
        if year is not None:
            return self.find(year, town)
        files = [inside for inside in _parameter_files(self.params) if inside.parts[0].isdecimal()]
        named = [inside for inside in files if _is_called(inside, town)] or files
        return self.find(max((int(inside.parts[0]) for inside in named), default=0), town)


def _is_called(inside: PurePath, jurisdiction: str) -> bool:
    return f"/{inside.with_suffix('').as_posix()}".endswith(f"/{jurisdiction}")


def _has_file(path: Path, jurisdiction: str) -> bool:
    """Whether another jurisdiction has a parameter file beside this one; a store is not asked for it."""
    try:
        return not is_remote(path) and (path.parent / f"{jurisdiction}{path.suffix}").is_file()
    except (OSError, ValueError):  # no name for a file
        return False


@cache
def _shared(*fields: Any) -> Project:
    return Project(*fields)


@dataclass(frozen=True)
class Job:
    """One report to make: a parameter file, the formats wanted, and where they go.

    `target` is the path of the files without their suffix, below `out`.
    """

    project: Project
    params: Path
    target: Path
    formats: tuple[str, ...]
    out: Path

    @property
    def name(self) -> str:
        """The report's name in its folder of reports, for instance 2019/宁海县/桑洲镇."""
        return self.target.relative_to(self.out).as_posix()


def find_project(start: Path | None = None) -> Project:
    """Return the project that a folder (the current one by default) belongs to.

    Its root is the nearest folder upwards with a reportkit.toml or a params/ folder; without any, the folder itself.
    Raises UserError for a reportkit.toml that is not right.
    """
    start = (start or Path.cwd()).resolve()
    candidates = (start, *start.parents)
    root = next((path for path in candidates if (path / CONFIG).is_file() or (path / "params").is_dir()), start)
    return load_project(root)


def load_project(root: Path) -> Project:
    """Return the project at a root folder; see find_project."""
    places = dict(_PLACES)
    waivers: dict[str, str] = {}
    compare = False
    config = root / CONFIG
    if config.is_file():
        own, waivers, compare = _config(config, list(places))
        places.update(own)
    notebook = location(places["notebook"], root)
    # To ask a store takes time, for each report; somebody has written that address down, so it is meant.
    there = is_remote(notebook) or notebook.exists() or not PACKAGED_NOTEBOOK.exists()
    return Project(
        root=root,
        params=location(places["params"], root),
        notebook=notebook if there else PACKAGED_NOTEBOOK,
        forms_folder=root / places["forms"],
        dist=location(places["dist"], root),
        copies=location(places["copies"], root),
        waived=tuple(waivers.items()),
        compare=compare,
    )


def _config(path: Path, known: list[str]) -> tuple[dict[str, str], dict[str, str], bool]:
    """The places, the waivers and `compare`, as the file has them. Raises UserError with all that is wrong in it."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not readable as TOML: {error}") from None
    problems: list[str] = []
    waivers = _waivers(path, entries.pop("waivers", {}), problems)
    compare = entries.pop("compare", False)
    if not isinstance(compare, bool):
        problems.append(f"{path}: compare is true or false, without quotes, found {compare!r}")
    keys = [*known, "waivers", "compare"]
    for key, value in entries.items():
        close = difflib.get_close_matches(key, keys, n=1)
        if key not in known:
            advice = f"did you mean {close[0]!r}?" if close else f"known: {keys}"
            problems.append(f"{path}: unknown key {key!r}; {advice}")
        elif not isinstance(value, str):
            problems.append(f"{path}: {key} is a path in quotes, found {value!r}")
        elif key == "forms" and "://" in value:
            problems.append(f"{path}: forms is a folder on this machine, found {value!r}")
    if problems:
        raise UserError("\n".join(problems))
    return entries, waivers, compare


def _waivers(path: Path, table: Any, problems: list[str]) -> dict[str, str]:
    """The reasons by code. Whether there are such codes is known to the checks, which are loaded later."""
    if not isinstance(table, dict):
        problems.append(f'{path}: waivers is a table: [waivers], and below it a line R12 = "reason" for each rule')
        return {}
    for code, reason in table.items():
        if not isinstance(reason, str) or not reason.strip() or not reason.isprintable():
            problems.append(f"{path}: [waivers] {code} needs a reason in quotes, found {reason!r}")
    return {str(code).upper(): str(reason).strip() for code, reason in table.items()}


def parameter_files(folder: Path) -> list[Path]:
    """Return the parameter files below a folder, sorted; hidden and temporary files are left out.

    Raises UserError if the folder's store cannot be read.
    """
    return [folder / inside for inside in _parameter_files(folder)]


def _parameter_files(folder: Path) -> list[PurePath]:
    """The parameter files by their path in the folder."""
    if is_remote(folder):
        return _meant(listing(folder))
    return _meant(path.relative_to(folder) for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())


def _meant(files: Iterable[PurePath]) -> list[PurePath]:
    return sorted(filter(is_parameter_file, files))


def selected(project: Project, paths: Sequence[Path]) -> list[tuple[Path, PurePath]]:
    """Return each parameter file that the paths name, with its path below params/ (or below the folder named).

    Raises UserError for a path that does not exist or a folder without parameter files, and if a store cannot be read.
    """
    found: dict[Path, PurePath] = {}
    for path in paths or [project.params]:
        for file, inside in _files_of(project, path):
            found.setdefault(file, project.inside(file) or inside)
    return list(found.items())


def _files_of(project: Project, path: Path) -> list[tuple[Path, PurePath]]:
    """A file, or the files of a folder, each with its path in the folder."""
    there = listing(path) if is_remote(path) else None
    if not there and (there is not None or not path.exists()):
        raise UserError(f"{project.shown(path)}: no such file or folder; parameter files are kept under params/")
    if (PurePosixPath() in there) if there else not path.is_dir():
        return [(path, PurePosixPath(path.name))]
    files = _meant(there) if there else _parameter_files(path)
    if not files:
        raise UserError(f"{project.shown(path)}: no parameter file (*.yaml) in this folder")
    return [(path / inside, inside) for inside in files]


def plan(project: Project, paths: Sequence[Path], formats: Sequence[str], out: Path | None = None) -> list[Job]:
    """Return a job for each parameter file that the paths name; dist/ mirrors params/.

    Raises UserError as `selected` does, and if two files would write the same report.
    """
    out = (out or project.dist).absolute()
    jobs: dict[Path, Job] = {}
    for file, inside in selected(project, paths):
        target = out / inside.with_suffix("").as_posix()
        if target in jobs:
            raise UserError(f"{project.shown(file)} and {project.shown(jobs[target].params)} would both write {target}")
        jobs[target] = Job(project, file, target, tuple(formats), out)
    return list(jobs.values())
