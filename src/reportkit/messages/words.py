"""What is wrong, told in the catalogue's words by the name of a sentence; and words that belong to no code.

Each is told in the language of issues, and can be told in another: what it is made of is kept beside it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import cast

import yaml

from reportkit.errors import CellRef, Issue, Origin, Trouble
from reportkit.messages.catalogue import AREAS, FOLDER, sentence
from reportkit.messages.sentences import Sentence, as_text
from reportkit.translation import Told, in_language, issue_language


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
    severity = sentence(kind, issue_language(), name).severity
    message = Told(_sentence, name, kind, {"found": found, "expected": expected, **values})
    code, _, variant = name.partition(".")
    return Issue(
        code, severity, message, origin, ref, _as_issue_has_it(found), _as_issue_has_it(expected), variant, values
    )


def as_issue(trouble: Trouble) -> Issue:
    """Return what is wrong with a file in the catalogue's words."""
    one = trouble
    return issue_of("", one.name, one.origin, None, one.found, one.expected, one.values)


def filled(name: str, kind: str = "", /, **values: object) -> str:
    """Return a sentence with its values, for another to quote."""
    return Told(_sentence, name, kind, values)


def phrase(name: str, /, **values: object) -> str:
    """Return words that belong to no code, with the values that stand in them. Raises KeyError if there are none."""
    return Told(_phrase, name, values)


def joined(words: Iterable[object], sign: str = "list") -> str:
    """Return the entries of a list as the language writes one after the other; `sign` is what stands between them."""
    return Told(_joined, list(words), sign)


def area_title(area: str) -> str:
    """Return what the entries of an area of the catalogue are about, in words; its name if it has none."""
    return phrase(f"area_{area}") if area in AREAS else area


@cache
def phrases(language: str) -> Mapping[str, str]:
    """Return the words that belong to no code, by name, in a language of issues."""
    path = FOLDER / f"{language}.yaml"
    found: Mapping[str, str] = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return found


@cache
def _phrases(language: str) -> Mapping[str, Sentence]:
    return {name: Sentence(name, "note", template, language) for name, template in phrases(language).items()}


def _sentence(language: str, name: str, kind: str, values: Mapping[str, object]) -> str:
    return sentence(kind, language, name).filled(values, phrases(language)["list"])


def _phrase(language: str, name: str, values: Mapping[str, object]) -> str:
    return _phrases(language)[name].filled(values, phrases(language)["list"])


def _joined(language: str, words: list[object], sign: str) -> str:
    return as_text(words, language, phrases(language)[sign])


def _as_issue_has_it(side: str) -> str:
    """A side in the language of issues, where it is a sentence in that of the person."""
    return Told(_quoted, side) if hasattr(side, "told_in") and not isinstance(side, Told) else side


def _quoted(language: str, text: str) -> str:
    return cast(str, in_language(text, language))


def nearest(code: str, among: Iterable[str]) -> str:
    """Return advice in words for a code that is not there: the ones most like it, or where to find them all."""
    close = difflib.get_close_matches(code.upper(), list(among), n=3, cutoff=0.5)
    return phrase("near", codes=close) if close else phrase("all_codes")
