"""The catalogue: for each issue code how grave it is, its sentences, who asks for it, and whether it can be waived.

What any report may be told stands in zh/, a file for each area; what a report kind's rules tell, beside these rules in
`kinds/<kind>/rules/*.yaml`, where each entry names its area. zh.yaml has words that belong to no code (words.py).

An entry has a `message`, or `messages` where a code is told in several ways: each a template, or a template with the
`severity` in which that one differs. The name of a sentence is its code and the way: "R22.unread".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml

from reportkit.errors import Severity
from reportkit.kinds import KINDS
from reportkit.messages.sentences import Sentence
from reportkit.model.form import Form

LANGUAGE = "zh"
FOLDER = Path(__file__).parent / LANGUAGE

AREAS = {
    "params": "参数文件的写法",
    "figures": "本年的数",
    "years": "与上年、与各单位的数",
    "sentences": "正文与表格的数",
    "lints": "正文的文字",
    "plausible": "数是否合理",
    "similar": "雷同",
    "workbook": "工作簿",
    "documents": "网页、Word 等文件",
    "published": "已公开的报告",
    "imports": "导入与合并",
    "forms": "本项目自己的格式",
}
"""What the entries of the catalogue are about, in the order in which they are listed."""

OWN_RULES = "forms"
"""The area of the rules that a project's own forms add."""


@dataclass(frozen=True)
class Entry:
    """What is known of an issue code. `area` is what it is about, one of AREAS."""

    code: str
    severity: Severity
    title: str
    source: str
    explanation: str
    example: str
    area: str
    waivable: bool = True


class _Found(NamedTuple):
    """An entry with its sentences by name, its file, and what it follows in the lists, "" for its own number's place.

    The rules of a form have no sentence of their own.
    """

    entry: Entry
    sentences: Mapping[str, Sentence]
    path: Path
    after: str


def entries(kind: str = "") -> Mapping[str, Entry]:
    """Return every entry by its code, area by area: those of any report, and those of a report kind's own rules.

    In an area the codes go by letter, as its file has them, and by number.

    Raises ValueError for a file in which a code stands that another has already, and TypeError for an entry with a key
    too many or too few.
    """
    return _entries((kind,))


def entries_of(forms: Iterable[Form]) -> Mapping[str, Entry]:
    """Return the entries of the kinds that these forms are of, and one for each other rule that they have.

    Where two kinds have the same code it is the first form's.
    """
    forms = list(forms)
    codes = _entries(tuple(dict.fromkeys(form.kind for form in forms)))
    own = {
        rule.code: Entry(rule.code, rule.severity, rule.label, rule.source, rule.label, "", OWN_RULES)
        for form in forms
        for rule in form.rules
    }
    return {**codes, **{code: entry for code, entry in own.items() if code not in codes}}


@cache
def sentences(kind: str = "") -> Mapping[str, Sentence]:
    """Return every sentence by its name, of any report and of a report kind's own rules."""
    found = {**_beside_rules(kind), **_of_any_report()}
    return {name: one for each in found.values() for name, one in each.sentences.items()}


@cache
def _entries(kinds: tuple[str, ...]) -> Mapping[str, Entry]:
    found = dict(_of_any_report())
    for kind in kinds:
        found |= {code: one for code, one in _beside_rules(kind).items() if code not in found}
    return {code: found[code].entry for code in sorted(found, key=_places(found))}


@cache
def _of_any_report() -> Mapping[str, _Found]:
    return _each_once(FOLDER.glob("*.yaml"), {})


@cache
def _beside_rules(kind: str) -> Mapping[str, _Found]:
    return _each_once((KINDS / kind / "rules").glob("*.yaml"), _of_any_report()) if kind else {}


def _each_once(paths: Iterable[Path], others: Mapping[str, _Found]) -> Mapping[str, _Found]:
    found: dict[str, _Found] = {}
    for one in (one for path in sorted(paths) for one in _read(path)):
        code = one.entry.code
        if there := found.get(code) or others.get(code):
            raise ValueError(f"{one.path}: {code} stands in {there.path} already")
        found[code] = one
    return found


def _read(path: Path) -> Iterator[_Found]:
    """What a file says of codes: its first document. A second one has cases, which the tests read."""
    documents = yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader)
    for code, fields in (next(documents, None) or {}).items():
        after = fields.pop("after", "")
        told = _sentences(code, fields["severity"], fields.pop("message", ""), fields.pop("messages", {}))
        yield _Found(Entry(**{"code": code, "area": path.stem, **fields}), told, path, after)


def _sentences(
    code: str, severity: Severity, message: str, messages: Mapping[str, str | Mapping[str, Any]]
) -> Mapping[str, Sentence]:
    """The sentences of a code by their names; one that differs in its severity has that written with it."""
    written = {f"{code}.{variant}": one for variant, one in messages.items()} | ({code: message} if message else {})
    graded = {name: one if isinstance(one, Mapping) else {"message": one} for name, one in written.items()}
    return {
        name: Sentence(name, cast(Severity, one.get("severity", severity)), one["message"])
        for name, one in graded.items()
    }


def _places(found: Mapping[str, _Found]) -> Callable[[str], tuple[int, int, int, bool]]:
    """What sorts codes into the order in which they are listed."""
    letters = list(dict.fromkeys((one.entry.area, code[:1]) for code, one in found.items()))

    def place(code: str) -> tuple[int, int, int, bool]:
        area, at = found[code].entry.area, found[code].after or code
        return _rank(area), letters.index((area, at[:1])), int(at[1:]), at != code

    return place


def _rank(area: str) -> int:
    return list(AREAS).index(area) if area in AREAS else len(AREAS)
