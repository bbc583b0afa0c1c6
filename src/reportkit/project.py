"""Where things are: conventions, overridable in reportkit.toml, read once into a frozen Project; and the jobs."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from reportkit.errors import Issue, Origin, ReaderError, UserError
from reportkit.filing import Filing, with_totals
from reportkit.forms import Form, load_forms
from reportkit.readers import read_params

CONFIG = "reportkit.toml"
SUFFIXES = (".yaml", ".yml")
PACKAGED_NOTEBOOK = Path(__file__).parent / "notebooks" / "annual_report.ipynb"


@dataclass(frozen=True)
class Project:
    """The folders of a project. `notebook` is the master; the packaged one is used where the project has none."""

    root: Path
    params: Path
    notebook: Path
    forms_folder: Path
    dist: Path

    def __reduce__(self) -> tuple[object, ...]:
        # The copies of one project that reach a process are one object there, which reads its forms once.
        return _shared, (self.root, self.params, self.notebook, self.forms_folder, self.dist)

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """The official editions and the project's own forms, by name."""
        return load_forms(self.forms_folder)

    def shown(self, path: Path) -> str:
        """The path as messages print it: relative to where the person is, if that is shorter."""
        try:
            return str(path.absolute().relative_to(Path.cwd()))
        except ValueError:
            return str(path)

    def read(self, path: Path) -> Filing:
        """Return the filing of a parameter file, totals computed, with notes where the path and the data disagree.

        Raises ReaderError if no filing can be made of it, or if it is a link out of params/.
        """
        if path.is_symlink() and self.inside(path) and not path.resolve().is_relative_to(self.params.resolve()):
            message = f"这是指向 params/ 之外的链接（{path.resolve()}）；请把文件本身复制过来"
            raise ReaderError([Issue("Y1", "error", message, Origin(self.shown(path)))])
        filing = with_totals(read_params(path, self.forms, self.shown(path)))
        return replace(filing, notes=(*filing.notes, *self._misplaced(path, filing)))

    def _misplaced(self, path: Path, filing: Filing) -> Iterator[Issue]:
        """Last year's year or the neighbour's name, left in a copied file, shows against the path."""
        folder = self.inside(path)
        if folder and folder.parts[0].isdigit() and int(folder.parts[0]) != filing.year:
            message = f"文件在 {folder.parts[0]} 文件夹里，year 写的是 {filing.year}；请改正其中一处"
            yield Issue("J1", "error", message, filing.where("year"), None, str(filing.year), folder.parts[0])
        if path.stem != filing.jurisdiction:
            message = f"文件名是“{path.stem}”，jurisdiction 写的是“{filing.jurisdiction}”；请核对是不是别的单位"
            yield Issue("J2", "warning", message, filing.where("jurisdiction"), None, filing.jurisdiction, path.stem)

    def inside(self, path: Path) -> Path | None:
        """The path below params/, or None if it lies elsewhere. A link counts by its own path."""
        for file, folder in ((path.absolute(), self.params.absolute()), (path.resolve(), self.params.resolve())):
            if file.is_relative_to(folder):
                inside = file.relative_to(folder)
                return inside if len(inside.parts) > 1 else None
        return None

    @cached_property
    def jurisdictions(self) -> frozenset[str]:
        """The names of all parameter files, of every year."""
        return frozenset(path.stem for path in parameter_files(self.params)) if self.params.is_dir() else frozenset()

    def find(self, year: int, jurisdiction: str) -> Path:
        """Return the parameter file of a jurisdiction ("桑洲镇", or "宁海县/桑洲镇" where several have the name).

        Raises UserError that names the nearest ones if there is none, and all of them if there are several.
        """
        folder = self.params / str(year)
        names = {path.relative_to(folder).with_suffix("").as_posix(): path for path in parameter_files(folder)}
        found = [path for name, path in names.items() if f"/{name}".endswith(f"/{jurisdiction}")]
        if len(found) == 1:
            return found[0]
        if found:
            several = "、".join(name for name, path in names.items() if path in found)
            raise UserError(f"{year} 年有 {len(found)} 个“{jurisdiction}”：{several}；jurisdiction 请写成其中一个")
        close = difflib.get_close_matches(jurisdiction, [name.rsplit("/", 1)[-1] for name in names], n=3, cutoff=0.3)
        near = f"；相近的有：{'、'.join(close)}" if close else ""
        raise UserError(f"在 {self.shown(folder)} 里没有“{jurisdiction}”的参数文件{near}")


@cache
def _shared(*places: Path) -> Project:
    return Project(*places)


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
    places = {"params": "params", "notebook": "notebooks/annual_report.ipynb", "forms": "forms", "dist": "dist"}
    config = root / CONFIG
    if config.is_file():
        places.update(_config(config, list(places)))
    notebook = root / places["notebook"]
    return Project(
        root=root,
        params=root / places["params"],
        notebook=notebook if notebook.exists() or not PACKAGED_NOTEBOOK.exists() else PACKAGED_NOTEBOOK,
        forms_folder=root / places["forms"],
        dist=root / places["dist"],
    )


def _config(path: Path, known: list[str]) -> dict[str, str]:
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not readable as TOML: {error}") from None
    problems = []
    for key, value in entries.items():
        close = difflib.get_close_matches(key, known, n=1)
        if key not in known:
            problems.append(
                f"{path}: unknown key {key!r}" + (f"; did you mean {close[0]!r}?" if close else f"; known: {known}")
            )
        elif not isinstance(value, str):
            problems.append(f"{path}: {key} is a path in quotes, found {value!r}")
    if problems:
        raise UserError("\n".join(problems))
    return entries


def parameter_files(folder: Path) -> list[Path]:
    """Return the parameter files below a folder, sorted; hidden and temporary files are left out."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in SUFFIXES
        and not any(part.startswith((".", "~")) for part in path.relative_to(folder).parts)
        and path.is_file()
    )


def selected(project: Project, paths: Sequence[Path]) -> list[tuple[Path, Path]]:
    """Return each parameter file that the paths name, with its path below params/ (or below the folder named).

    Raises UserError for a path that does not exist or a folder without parameter files.
    """
    found: dict[Path, Path] = {}
    for path in paths or [project.params]:
        if not path.exists():
            raise UserError(f"{project.shown(path)}: no such file or folder; parameter files are kept under params/")
        files = parameter_files(path) if path.is_dir() else [path]
        if not files:
            raise UserError(f"{project.shown(path)}: no parameter file (*.yaml) in this folder")
        for file in files:
            base = path if path.is_dir() else path.parent
            found.setdefault(file, project.inside(file) or file.relative_to(base))
    return list(found.items())


def plan(project: Project, paths: Sequence[Path], formats: Sequence[str], out: Path | None = None) -> list[Job]:
    """Return a job for each parameter file that the paths name; dist/ mirrors params/.

    Raises UserError as `selected` does, and if two files would write the same report.
    """
    out = (out or project.dist).absolute()
    jobs: dict[Path, Job] = {}
    for file, inside in selected(project, paths):
        target = out / inside.with_suffix("")
        if target in jobs:
            raise UserError(f"{project.shown(file)} and {project.shown(jobs[target].params)} would both write {target}")
        jobs[target] = Job(project, file, target, tuple(formats), out)
    return list(jobs.values())
