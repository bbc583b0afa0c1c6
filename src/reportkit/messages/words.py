"""What is wrong, told in the catalogue's words by the name of a sentence; and words that belong to no code."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache

import yaml

from reportkit.errors import CellRef, Issue, Origin, Trouble
from reportkit.messages.catalogue import FOLDER, sentences
from reportkit.messages.sentences import Sentence, as_text


def issue(
    name: str,
    origin: Origin,
    ref: CellRef | None = None,
    found: str = "",
    expected: str = "",
    /,
    **values: object,
) -> Issue:
    """Return an issue by the name of its sentence ("R22.unread", "L5"), with the place, both sides and values.

    Raises KeyError if there is no such sentence, or a value is missing.
    """
    return issue_of("", name, origin, ref, found, expected, values)


def issue_of(
    kind: str,
    name: str,
    origin: Origin,
    ref: CellRef | None,
    found: str,
    expected: str,
    values: Mapping[str, object],
) -> Issue:
    """Return an issue as `issue` does, of a report kind's own rules or of any report's."""
    return sentences(kind)[name].issue(origin, ref, found, expected, values, phrases()["list"])


def as_issue(trouble: Trouble) -> Issue:
    """Return what is wrong with a file in the catalogue's words."""
    one = trouble
    return issue_of("", one.name, one.origin, None, one.found, one.expected, one.values)


def filled(name: str, kind: str = "", /, **values: object) -> str:
    """Return a sentence with its values, for another to quote."""
    return sentences(kind)[name].filled(values, phrases()["list"])


def phrase(name: str, /, **values: object) -> str:
    """Return words that belong to no code, with the values that stand in them. Raises KeyError if there are none."""
    return _phrases()[name].filled(values, phrases()["list"])


def joined(words: Iterable[object], sign: str = "list") -> str:
    """Return the entries of a list as the language writes one after the other; `sign` is what stands between them."""
    return as_text(list(words), phrases()[sign])


@cache
def phrases() -> Mapping[str, str]:
    """Return the words that belong to no code, by name."""
    found: Mapping[str, str] = yaml.load(FOLDER.with_suffix(".yaml").read_bytes(), Loader=yaml.CSafeLoader)
    return found


@cache
def _phrases() -> Mapping[str, Sentence]:
    return {name: Sentence(name, "note", template) for name, template in phrases().items()}


def nearest(code: str, among: Iterable[str]) -> str:
    """Return advice in words for a code that is not there: the ones most like it, or where to find them all."""
    close = difflib.get_close_matches(code.upper(), list(among), n=3, cutoff=0.5)
    return phrase("near", codes=close) if close else phrase("all_codes")
