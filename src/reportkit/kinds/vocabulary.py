"""How reports of a kind write what its forms have: other spellings, for the readers of other people's files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from reportkit.errors import FormError

_NOTHING = r"(?!)"
"""The regular expression of what nothing is."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words of a kind's readers.yaml, which says what each entry is for; blank for a kind without that file.

    `headings` and `numbered_headings` are patterns by section, the texts from `matter` to `no_name` are regular
    expressions without groups that count, to be put into larger ones, and the last three what a title or a sentence
    holds.
    """

    headings: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    numbered_headings: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    spanners: frozenset[str] = frozenset()
    matter: str = _NOTHING
    report: str = _NOTHING
    short_report: str = _NOTHING
    full_report: str = _NOTHING
    end_of_title: str = _NOTHING
    no_name: str = _NOTHING
    title_sign: str = ""
    opening: str = ""
    basis: str = ""

    @property
    def names_reports(self) -> bool:
        """Whether it says what the reports are called: else only the form's own title does."""
        return self.report != _NOTHING


def load_vocabulary(path: Path) -> Vocabulary:
    """Return the words of a file, none if there is no such file.

    Raises FormError, which names the file and the entry, for an entry that there is not, or that is no pattern.
    """
    if not path.is_file():
        return Vocabulary()
    entries = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    known = {one.name for one in fields(Vocabulary)}
    if unknown := sorted(entries.keys() - known):
        raise FormError(f"{path}: unknown {unknown}; the entries are {sorted(known)}")
    try:
        return Vocabulary(**{name: _entry(name, value) for name, value in entries.items()})
    except (re.error, TypeError, AttributeError) as error:
        raise FormError(f"{path}: {error}; compare with the readers.yaml of ogi") from error


def _entry(name: str, value: Any) -> Any:
    if name in ("headings", "numbered_headings"):
        return {section: re.compile(way) for section, way in value.items()}
    if name == "spanners":
        return frozenset(value)
    if isinstance(value, str):
        re.compile(value)
    return value
