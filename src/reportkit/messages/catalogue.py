"""The catalogue: for each issue code how grave it is, what it says, who asks for it, and whether it can be waived.

What any report may be told stands in zh/, a file for each area; what a report kind's rules tell, beside these rules in
`kinds/<kind>/rules/*.yaml`, where each entry names its area.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from reportkit.errors import Severity
from reportkit.kinds import KINDS
from reportkit.model.form import Form

FOLDER = Path(__file__).parent / "zh"

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
    """An entry, its file, and the code that it follows in the lists, "" where its own number gives its place."""

    entry: Entry
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


def nearest(code: str, among: Iterable[str]) -> str:
    """Return advice in words for a code that is not there: the ones most like it, or where to find them all."""
    close = difflib.get_close_matches(code.upper(), list(among), n=3, cutoff=0.5)
    return f"相近的有：{'、'.join(close)}" if close else "全部代码见 reportkit rules"


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
        yield _Found(Entry(**{"code": code, "area": path.stem, **fields}), path, after)


def _places(found: Mapping[str, _Found]) -> Callable[[str], tuple[int, int, int, bool]]:
    """What sorts codes into the order in which they are listed."""
    letters = list(dict.fromkeys((one.entry.area, code[:1]) for code, one in found.items()))

    def place(code: str) -> tuple[int, int, int, bool]:
        area, at = found[code].entry.area, found[code].after or code
        return _rank(area), letters.index((area, at[:1])), int(at[1:]), at != code

    return place


def _rank(area: str) -> int:
    return list(AREAS).index(area) if area in AREAS else len(AREAS)
