"""The files of the catalogue: which codes each has, and what it says of them, read when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml

from reportkit.errors import FormError, Severity
from reportkit.kinds import KINDS, load_kind
from reportkit.messages.sentences import Sentence
from reportkit.translation import _

FOLDER = Path(__file__).parent

ORIGINAL = "zh"
"""The language in which an entry is written whole."""


@dataclass(frozen=True)
class Entry:
    """What is known of an issue code, in the language of issues. `area` is what it is about, one of AREAS."""

    code: str
    severity: Severity
    title: str
    source: str
    explanation: str
    example: str
    area: str
    waivable: bool = True


class Found(NamedTuple):
    """An entry with its sentences by name, its file, and what it follows in the lists, "" for its own number's place.

    The rules of a form have no sentence of their own.
    """

    entry: Entry
    sentences: Mapping[str, Sentence]
    path: Path
    after: str


class Shipped(Mapping[str, Found]):
    """What any report may be told, by code. Which codes a file has is seen at once; it is read when one is asked for.

    To read all takes as long as to check ten reports, and few are ever told.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._paths = {code: path for path in _files(FOLDER / ORIGINAL) for code in _codes_at_once(path)}
        self._read: dict[str, Found] = {}

    def area(self, code: str) -> str:
        """What a code is about."""
        return self._paths[code].stem

    def __getitem__(self, code: str) -> Found:
        if code not in self._read:
            path = self._paths[code]
            translated = FOLDER / self._language / path.name
            self._read |= {one.entry.code: one for one in _read(path, translated, self._language)}
        return self._read[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, code: object) -> bool:
        return code in self._paths


any_report = cache(Shipped)
"""Takes a language of issues."""


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


def _codes_at_once(path: Path) -> list[str]:
    """The codes of a file of ours: what stands at the beginning of a line is one."""
    return re.findall(r"^[A-Z]\d+(?=:$)", path.read_text(encoding="utf-8"), re.MULTILINE)


@cache
def beside_rules(kind: str, language: str) -> Mapping[str, Found]:
    """Return what a report kind's own rules tell, by code; nothing for no kind.

    Raises FormError as `entries` does.
    """
    shipped, found = any_report(language), dict[str, Found]()
    for folder in load_kind(kind).folders if kind else ():
        rules = folder / "rules"
        for one in (one for path in _files(rules) for one in _read(path, rules / language / path.name, language)):
            code = one.entry.code
            if there := found.get(code) or shipped.get(code):
                words = _("{path}: {code} stands in {there} already; give this rule a code of its own")
                raise FormError(words.format(path=one.path, code=code, there=there.path))
            found[code] = one
    return found


def _read(path: Path, translated: Path, language: str) -> Iterator[Found]:
    """What a file says of codes: its first document. A second one has cases, which the tests read."""
    translations = _codes(translated) if translated != path and translated.exists() else {}
    for code, fields in _codes(path).items():
        after, templates = fields.pop("after", ""), _templates(fields)
        texts = translations.get(code, {})
        told = _sentences(code, fields["severity"], templates, _templates(texts), language)
        yield Found(Entry(**{"code": code, "area": path.stem, **fields, **texts}), told, path, after)


def _codes(path: Path) -> dict[str, dict[str, Any]]:
    if FOLDER not in path.parents and KINDS not in path.parents:
        from reportkit.messages.kind_entries import entries_in  # of kinds that somebody else has written

        return entries_in(path)
    return next(yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader), None) or {}


def _templates(fields: dict[str, Any]) -> dict[str, Any]:
    """The templates of a code by variant, "" where it has one alone; the fields are without them afterwards."""
    message = fields.pop("message", "")
    return {**fields.pop("messages", {}), **({"": message} if message else {})}


def _sentences(
    code: str, severity: Severity, templates: Mapping[str, Any], translated: Mapping[str, str], language: str
) -> Mapping[str, Sentence]:
    """The sentences of a code by their names; one that differs in its severity has that written with it."""
    found = {}
    for variant, one in templates.items():
        graded = one if isinstance(one, Mapping) else {"severity": severity, "message": one}
        name, template = f"{code}.{variant}".removesuffix("."), translated.get(variant, graded["message"])
        found[name] = Sentence(name, cast(Severity, graded["severity"]), template, language)
    return found
