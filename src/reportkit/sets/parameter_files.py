"""The sets of a folder of YAML files, as papermill reads them with -f: one in each file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

from reportkit.declarations.declaring import Declared
from reportkit.declarations.unfit import UnfitError
from reportkit.errors import Issue
from reportkit.files.locations import is_remote, listing
from reportkit.files.walk import walk
from reportkit.params.nodes import Entries, Node, NotPlainDataError, parse
from reportkit.params.reader import SUFFIXES
from reportkit.sets.faults import Faults
from reportkit.sets.list_text import file_text
from reportkit.sets.places import ParameterSet, Where
from reportkit.sets.records import Entry, Records
from reportkit.sets.yaml_values import entries_of, yaml_value
from reportkit.translation import N_

_UNREAD = {
    "markers": N_("git's marks of a conflict stand here; choose one side, and delete the marks"),
    "many": N_("more names and values than one set of parameters has"),
    "depth": N_("nested too deep"),
    "document": N_("a second document (---) begins here; each file holds one set of parameters"),
    "alias": N_("a reference (*) stands here; write the value in its place"),
    "tag": N_("a tag (!) stands here; write the value without it, in quotes if it is a text"),
    "directive": N_("%TAG stands here; delete it"),
    "key": N_("before the colon must stand a name"),
}
_NO_YAML = N_("this is not how YAML is written: {found}; check indent, colon and quotation marks here and above")


def yaml_sets(
    path: Path, known: Mapping[str, Declared] | None, common: Mapping[str, Any], faults: Faults
) -> Iterator[ParameterSet]:
    """Yield the set of each YAML file of a folder and of those below it, or of one file, by their paths."""
    records = Records(known, common, yaml_value, faults)
    for file in _files(path, faults):
        place = Where(str(file))
        try:
            root = _root(file)
        except NotPlainDataError as error:
            faults.add(Where(str(file), line=error.issue.origin.line or 1), _unread(error.issue))
            continue
        if not isinstance(root, Entries):
            words = N_("no names with values; write each parameter on a line of its own, as in year: 2024")
            faults.add(place, UnfitError(words))
            continue
        yield records.set_of(_entries(root, place, faults), place)


def _files(path: Path, faults: Faults) -> list[Path]:
    if path.name.lower().endswith(SUFFIXES) and not path.is_dir():
        return [path]
    if is_remote(path):
        return [path / inside for inside in sorted(listing(path)) if _is_wanted(inside)]
    found = walk(path, lambda name: name.lower().endswith(SUFFIXES))
    for one in found.unlisted:
        words = N_("cannot be looked into, so that the files there are not known; check your rights, or the link")
        faults.add(Where(str(path / one.inside)), UnfitError(words))
    if not found.files and not found.unlisted:
        faults.add(Where(str(path)), UnfitError(N_("no YAML file is in this folder; each is to become one report")))
    return [path / inside for inside in found.files]


def _is_wanted(inside: PurePath) -> bool:
    return inside.name.lower().endswith(SUFFIXES) and not any(part.startswith((".", "~")) for part in inside.parts)


def _root(file: Path) -> Node | None:
    return parse(file_text(file).replace("\r\n", "\n"), str(file))


def _unread(issue: Issue) -> UnfitError:
    return UnfitError(_UNREAD.get(issue.variant, _NO_YAML), found=issue.found)


def _entries(root: Entries, place: Where, faults: Faults) -> Iterator[Entry]:
    """The parameters of a file, each name once."""
    for key, node, twice in entries_of(root):
        at = place._replace(line=key.origin.line or 0)
        if twice:
            faults.add(at, UnfitError(N_("stands twice; delete one of them")), name=key.text)
        else:
            yield Entry(key.text, node, at)
