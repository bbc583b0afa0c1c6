"""What a new project holds: the skeleton of its kind, the notebooks that come with reportkit, and a README."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from reportkit.errors import UserError
from reportkit.kinds import DEFAULT, KINDS, kind_names, load_kind
from reportkit.notebook import notebook_bytes, read_notebook
from reportkit.notebook.cells import cells_of
from reportkit.notebook.provenance import mark_master
from reportkit.notebook.towns.file import name_report
from reportkit.params.reader import SUFFIXES
from reportkit.project.config import CONFIG, PACKAGED_NOTEBOOK, Config, read_config
from reportkit.skeletons.settings import settings_text
from reportkit.translation import N_, _

_WORKBENCH = "workbench.ipynb"

_IGNORED = [
    (N_("What is made anew, and what reportkit keeps for itself"), ["dist/", ".reportkit/", ".reportkit-*.part"]),
    (N_("What JupyterLab and Python leave behind"), [".ipynb_checkpoints/", "__pycache__/"]),
]


def contents(kind: str) -> dict[str, bytes]:
    """Return the files of a new project of a kind, by their path in it.

    Raises UserError if there is no such kind, or it has no skeleton.
    """
    folder = KINDS / kind / "skeleton"
    known = [name for name in kind_names() if (KINDS / name / "skeleton" / CONFIG).is_file()]
    if kind not in known:
        words = _("there is no kind {kind}; there are {names}, as reportkit kinds lists them")
        raise UserError(words.format(kind=kind, names=", ".join(known)))
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc")
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    values, config = tomllib.loads(files.pop(CONFIG).decode()), read_config(folder / CONFIG)
    if kind == DEFAULT:
        files[config.notebook] = _master(_first_report(files, config))
        workbench = PurePosixPath(config.notebook).with_name(_WORKBENCH)
        files[str(workbench)] = (PACKAGED_NOTEBOOK.parent / _WORKBENCH).read_bytes()
    files[".gitignore"] = _ignored().encode()
    files["README.md"] = "\n".join(_readme(_(load_kind(kind).title), config, files)).encode()
    # The settings come last: with them a folder is a project for sure.
    return {**files, CONFIG: settings_text(values).encode()}


def _first_report(files: Iterable[str], config: Config) -> str:
    """The name of the sample's report: 2019/宁海县/桑洲镇."""
    inside = (PurePosixPath(path) for path in files if path.startswith(f"{config.params}/") and path.endswith(SUFFIXES))
    return str(next(inside).relative_to(config.params).with_suffix(""))


def _master(name: str) -> bytes:
    """The packaged master with a record of its cells; run as it is, it gives the report of this name."""
    nb: dict[str, Any] = json.loads(read_notebook(PACKAGED_NOTEBOOK).text)
    mark_master(nb, cells_of(nb))
    name_report(nb, name)
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
