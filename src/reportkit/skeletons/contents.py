"""What a new project holds: the skeleton of its kind, the notebooks that come with reportkit, and a README."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from reportkit.errors import UserError
from reportkit.kinds import Kind, Place, all_kinds, find_kind, load_kind
from reportkit.notebook import notebook_bytes, read_notebook
from reportkit.notebook.cells import cells_of
from reportkit.notebook.provenance import mark_master
from reportkit.notebook.towns.file import name_report
from reportkit.params.reader import SUFFIXES
from reportkit.project.config import CONFIG, Config, read_config
from reportkit.project.masters import PACKAGED_NOTEBOOK, packaged_master
from reportkit.skeletons.settings import settings_text
from reportkit.translation import N_, _, in_a_row, language

_WORKBENCH = "workbench.ipynb"
_BOTH = "\n\n---\n\n"
"""What stands between the Chinese and the English words of a notebook's cell."""

_IGNORED = [
    (N_("What is made anew, and what reportkit keeps for itself"), ["dist/", ".reportkit/", ".reportkit-*.part"]),
    (N_("What JupyterLab and Python leave behind"), [".ipynb_checkpoints/", "__pycache__/"]),
]


def contents(kind: str, root: Path = Path()) -> dict[str, bytes]:
    """Return the files of a new project of a kind, by their path in it; `root` is where it will be.

    The kind is looked for as one of the current folder: by name, or by the path of its folder. Raises UserError if
    there is no such kind, or it has no skeleton.
    """
    place = find_kind(kind, Path())
    loaded = load_kind(place.reference)
    folder = _skeleton(loaded)
    if folder is None:
        words = _("{path}: has no skeleton/{config}, with which a project begins; begin one of {kinds}")
        kinds = in_a_row(one.name for one in all_kinds(Path()) if one.name != place.name)
        raise UserError(words.format(path=place.folder, config=CONFIG, kinds=kinds))
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc")
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    values, config = tomllib.loads(files.pop(CONFIG).decode()), read_config(folder / CONFIG)
    values = {**values, "kind": _named(place, root)}
    if not loaded.is_of_any_notebook:
        written = _language(loaded, folder)
        files[config.notebook] = _master(packaged_master(loaded), _first_report(files, config), written)
        workbench = PurePosixPath(config.notebook).with_name(_WORKBENCH)
        files[str(workbench)] = _workbench(written)
    files[".gitignore"] = _ignored().encode()
    files["README.md"] = "\n".join(_readme(_(loaded.title), config, files)).encode()
    # The settings come last: with them a folder is a project for sure.
    return {**files, CONFIG: settings_text(values).encode()}


def _skeleton(kind: Kind) -> Path | None:
    """The folder of a kind's skeleton: where it has several, that in the person's language."""
    names = ("skeleton-zh", "skeleton") if language() == "zh_CN" else ("skeleton",)
    found = (kind.file(name) for name in names)
    return next((folder for folder in found if folder and (folder / CONFIG).is_file()), None)


def _language(kind: Kind, skeleton: Path) -> str:
    """The language of what a skeleton holds: that of the kind's forms, or of the person for forms of one's own."""
    if kind.forms:
        return kind.language
    return "zh" if skeleton.name.endswith("-zh") else "en"


def _named(place: Place, root: Path) -> str:
    """What a project calls its kind: its name, if it is found by it there, too."""
    try:
        return place.name if find_kind(place.name, root).folder == place.folder else _path(place, root)
    except UserError:
        return _path(place, root)


def _path(place: Place, root: Path) -> str:
    return Path(os.path.relpath(place.folder, root.absolute())).as_posix()


def _first_report(files: Iterable[str], config: Config) -> str:
    """The name of the sample's report: 2019/宁海县/桑洲镇."""
    inside = (PurePosixPath(path) for path in files if path.startswith(f"{config.params}/") and path.endswith(SUFFIXES))
    return str(next(inside).relative_to(config.params).with_suffix(""))


def _master(source: Path, name: str, written: str) -> bytes:
    """The master that comes with the kind and a record of its cells; run as it is, it gives the report of this name.

    Of what it says to the analyst in both languages the one stays in which the reports are written.
    """
    nb: dict[str, Any] = json.loads(read_notebook(source).text)
    mark_master(nb, cells_of(nb))
    for cell in nb["cells"]:
        chinese, both, english = "".join(cell["source"]).partition(_BOTH)
        if both:
            cell["source"] = chinese if written == "zh" else english
    name_report(nb, name)
    return notebook_bytes(nb)


def _workbench(written: str) -> bytes:
    content = (PACKAGED_NOTEBOOK.parent / _WORKBENCH).read_bytes()
    if written == "zh":
        return content
    nb: dict[str, Any] = json.loads(content)
    nb["cells"][0]["source"] = Path(__file__).with_name("workbench.en.md").read_text(encoding="utf-8")
    return notebook_bytes(nb)


def _ignored() -> str:
    parts = []
    for why, names in _IGNORED:
        words = _(why)
        parts.append("\n".join([f"# {words}", *names]) + "\n")
    return "\n".join(parts)


def _readme(title: str, config: Config, files: Iterable[str]) -> Iterator[str]:
    check, build = _("says what is wrong with the data"), _("makes all reports that are not up to date")
    yield from (f"# {title}", "", _("Two commands, in this folder:"), "")
    yield from ("```sh", f"reportkit check    # {check}", f"reportkit build    # {build}", "```", "")
    about = {
        config.params: _("whose reports are made, and with which data; what is there now is made up"),
        config.notebook: _("the notebook that all reports are made with: change its words and cells"),
        CONFIG: _("the settings, each explained"),
        config.dist: _("the reports; may be deleted at any time"),
    }
    for path in files:
        if Path(path).name == _WORKBENCH:
            about[path] = _("tables to fill in, with the page beside: open it in JupyterLab")
    here, what = _("here is"), _("what it is")
    yield from (f"| {here} | {what} |", "|---|---|")
    yield from (f"| `{path}` | {words} |" for path, words in about.items())
    yield ""
