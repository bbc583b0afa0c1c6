"""What all reports of a build have in common besides their data: code, packages, forms, style, settings, typefaces."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import re
import sys
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import reportkit
from reportkit.exporters.formats import need_typefaces
from reportkit.files.locations import read_local
from reportkit.kinds import form_files, is_shipped
from reportkit.kinds.kind_places import files_in
from reportkit.notebook import Source, read_notebook
from reportkit.page_styles import Styles
from reportkit.project import Project
from reportkit.project.config import CONFIG
from reportkit.translation import _

_PACKAGE = Path(reportkit.__file__).parent
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_IMPORT = re.compile(r"^[ \t]*(?:import|from)\s+([A-Za-z_]\w*)", re.M)

_FONT_FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts",
    "/Library/Fonts", "/System/Library/Fonts", "~/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip

TYPEFACES = "typefaces"
"""The part of an environment that matters only to formats that hang on the typefaces of the machine."""


def environment(project: Project, formats: Iterable[str], master: Source | None = None) -> dict[str, Any]:
    """Return what decides, besides a report's own files, how it looks: one JSON value for each part, named for people.

    `master` is the master notebook, if it has been read already. Raises UserError if it or the style cannot be read.
    """
    cells = json.loads((master or read_notebook(project.notebook)).text)["cells"]
    forms = form_files(project.forms_folder)
    parts = {
        "cwd": project.name_of(project.working_directory),
        "Python": platform.python_version(),
        "packages": dict(_versions([cell["source"] for cell in cells if cell["cell_type"] == "code"])),
        "reportkit": _digest_of_files(own_files(), _PACKAGE),
        "forms": _digest_of_files(forms, project.forms_folder),
        "style": _digest(project.styles),
        CONFIG: _digest_of_files([project.root / CONFIG], project.root),
    }
    if not is_shipped(project.kind_reference):  # those are reportkit's own files
        parts["kind"] = [_digest_of_files(files_in(folder), folder) for folder in project.kind.folders]
    if need_typefaces(formats):
        parts[TYPEFACES] = _typefaces()
    return parts


def _digest(styles: Styles) -> str:
    values = {language: style.digest for language, style in styles.items()}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def change(name: str, old: Any, new: Any) -> str:
    """Return in words what has changed in a part of an environment, or in which of its own parts."""
    if not isinstance(new, dict) or not isinstance(old, dict):
        words = "{name} {old} → {new}" if name == "Python" else _("{name} changed")
        return words.format(name=name, old=old, new=new)
    names = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
    none = _("none")
    return _(", ").join(f"{key} {old.get(key, none)} → {new.get(key, none)}" for key in names)


def own_files() -> list[Path]:
    """Return the package's own files, sorted."""
    return sorted(path for path in _PACKAGE.rglob("*") if path.suffix != ".pyc" and path.is_file())


def _digest_of_files(paths: Iterable[Path], below: Path) -> str:
    total = hashlib.sha256()
    for path in paths:
        if path.is_file():
            total.update(f"{path.relative_to(below)}\0".encode(errors="surrogateescape"))
            with contextlib.suppress(OSError):  # a form that cannot be read is told by the reports that name it
                total.update(hashlib.sha256(read_local(path)).digest())
    return total.hexdigest()[:16]


def _versions(sources: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The packages that reportkit is made with, and those that cells import, as far as they bear the module's name."""
    own = [match[0] for line in metadata.requires("reportkit") or () if (match := _NAME.match(line))]
    named = {name for source in sources for name in _IMPORT.findall(source)} - sys.stdlib_module_names
    for name in sorted({*own, "numpy", *named} - {"reportkit"}):
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            continue


def _typefaces() -> str:
    """A hash of the names and sizes of the machine's font files; reading them would take longer than a report."""
    found = []
    for folder in map(os.path.expanduser, _FONT_FOLDERS):
        for root, _folders, names in os.walk(folder):
            found += [(root, name, os.stat(os.path.join(root, name)).st_size) for name in names if _is_font(name)]  # noqa: PTH116, PTH118
    return hashlib.sha256(json.dumps(sorted(found)).encode()).hexdigest()[:16]


def _is_font(name: str) -> bool:
    return name.lower().endswith((".ttf", ".otf", ".ttc", ".otc"))
