"""The parameter sets of a project whose notebook is any: the rows of a list, each of which is to become a report."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from reportkit.assigned_names import PARAMETERS, tags_of
from reportkit.declarations import Declared, declared
from reportkit.errors import Origin, UserError
from reportkit.files.locations import read_or_none
from reportkit.project.config import Config
from reportkit.project.short_names import is_called, written_out
from reportkit.sets.list_names import sheet_of
from reportkit.sets.output_names import named
from reportkit.sets.places import ParameterSet, Where
from reportkit.translation import _, in_a_row

_FEW = 5


class Given(NamedTuple):
    """The parameters of one report: its name, what papermill is to inject, whose report it is, and where that was read.

    `subject` is "" where nobody has said which of the parameters says whose report it is.
    """

    name: str
    values: dict[str, Any]
    subject: str
    place: Where

    @property
    def origin(self) -> Origin:
        """The place as issues have it."""
        return Origin(self.place.path, "" if self.place.short == self.place.path else self.place.short)

    @property
    def content(self) -> bytes:
        """What the report is made from as far as its parameters go: the same bytes for the same values."""
        return json.dumps(self.values, ensure_ascii=False, sort_keys=True).encode(errors="surrogatepass")


@dataclass(frozen=True)
class SetSource:
    """Where the parameter sets are: a list or a folder of YAML files, and what a report of each is called.

    `subject` is the parameter that says whose report it is, "" for none; `output` the template of the reports' names;
    `common` the values for all sets, as JSON, so that a source can be compared.
    """

    path: Path
    subject: str = ""
    output: str = ""
    common: str = "{}"

    @classmethod
    def of(cls, path: Path, config: Config) -> SetSource:
        """Return what a reportkit.toml says. Raises UserError for a value that no parameter can have."""
        return cls(path, config.subject, config.output, as_json(config.parameters))

    @property
    def file(self) -> Path:
        """The file that the list stands in, or the folder: the path without the name of a sheet."""
        return sheet_of(self.path)[0]

    @property
    def values(self) -> dict[str, Any]:
        """The values for all sets."""
        found: dict[str, Any] = json.loads(self.common)
        return found

    @property
    def template(self) -> str:
        """The template of the names: the subject's, if nothing else was said."""
        return self.output or (f"{{{self.subject}}}" if self.subject else "")

    def read(self, notebook: Path) -> dict[str, Given]:
        """Return the parameter sets by the names of their reports.

        Raises UserError with all that is wrong in the list, each with its place.
        """
        from reportkit.sets.lists import read_sets  # with the readers of workbooks, which an official report needs not

        known = declared_in(notebook)
        sets = read_sets(self.path, known, self.values)
        # What a row leaves out holds as the notebook has it, and may be part of a name.
        asked = {name for name in known or () if name == self.subject or f"{{{name}" in self.template}
        otherwise = {name: known[name].default for name in asked if known and known[name].default is not None}
        whole = [
            one if otherwise.keys() <= one.values.keys() else ParameterSet({**otherwise, **one.values}, one.place)
            for one in sets
        ]
        names = named(whole, self.template, self.subject)
        return {
            name: Given(name, one.values, self._subject(filled), one.place)
            for (name, filled), one in zip(names.items(), sets, strict=True)
        }

    def _subject(self, one: ParameterSet) -> str:
        return str(one.values.get(self.subject, "")) if self.subject else ""


def as_json(common: Mapping[str, Any]) -> str:
    """Return the values for all sets as JSON. Raises UserError for one that JSON has not, a date for instance."""
    try:
        return json.dumps(common, ensure_ascii=False, sort_keys=True)
    except (TypeError, ValueError) as error:
        words = _("a parameter for all reports is of a kind that no notebook is given: {error}; put it in quotes")
        raise UserError(words.format(error=error)) from None


def report_named(sets: Mapping[str, Given], town: str) -> str:
    """Return the name of the report that a person means: by its name, the end of it, its beginning, or whose it is.

    Raises UserError that names the nearest ones if there is none, and all of them if there are several.
    """
    if not any(given.subject == town for given in sets.values()):
        town = written_out(town, sets)
    found = [name for name, given in sets.items() if town in (name, given.subject) or is_called(name, town)]
    if town in sets or len(found) == 1:
        return town if town in sets else found[0]
    if found:
        words = _('there are {number} called "{name}": {names}; say which by its whole name')
        raise UserError(words.format(number=len(found), name=town, names=in_a_row(found[:_FEW])))
    close = difflib.get_close_matches(town, sets, n=3, cutoff=0.3)
    words = _('the list has no report "{name}"')
    if close:
        words = _('the list has no report "{name}"; close to it: {names}')
    raise UserError(words.format(name=town, names=in_a_row(close)))


def declared_in(notebook: Path) -> dict[str, Declared] | None:
    """Return the parameters that a notebook declares; None if it has no cell of parameters, or cannot be read.

    Whoever runs the notebook tells why it cannot be read.
    """
    try:
        cells = json.loads(read_or_none(notebook) or b"{}").get("cells", [])
        cell = next((cell for cell in cells if PARAMETERS in tags_of(cell)), None)
        return declared("".join(cell["source"])) if cell else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
