"""The catalogue: for each issue code how grave it is, what it says, who asks for it, and whether it can be waived."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from reportkit.errors import Severity
from reportkit.forms import Form

FOLDER = Path(__file__).parent / "catalogue"

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
"""What the files of the catalogue are about, in the order in which they are listed."""

OWN_RULES = "forms"
"""The area of the rules that a project's own forms add."""


@dataclass(frozen=True)
class Entry:
    """What is known of an issue code. `area` is the catalogue file that it stands in."""

    code: str
    severity: Severity
    title: str
    source: str
    explanation: str
    example: str
    area: str
    waivable: bool = True


@cache
def entries() -> Mapping[str, Entry]:
    """Return every entry by its code, area by area.

    Raises ValueError for a catalogue file in which a code stands that another has already, and TypeError for an entry
    with a key too many or too few.
    """
    found: dict[str, Entry] = {}
    for path in sorted(FOLDER.glob("*.yaml"), key=lambda path: (_rank(path.stem), path.stem)):
        for code, fields in _read(path).items():
            if code in found:
                raise ValueError(f"{path.name}: {code} stands in {found[code].area}.yaml already")
            found[code] = Entry(code=code, area=path.stem, **fields)
    return found


def known(forms: Iterable[Form]) -> Mapping[str, Entry]:
    """Return the catalogue's entries, and one for each rule that these forms have and the catalogue has not."""
    own = {
        rule.code: Entry(rule.code, rule.severity, rule.label, rule.source, rule.label, "", OWN_RULES)
        for form in forms
        for rule in form.rules
    }
    return {**entries(), **{code: entry for code, entry in own.items() if code not in entries()}}


def nearest(code: str, among: Iterable[str]) -> str:
    """Return advice in words for a code that is not there: the ones most like it, or where to find them all."""
    close = difflib.get_close_matches(code.upper(), list(among), n=3, cutoff=0.5)
    return f"相近的有：{'、'.join(close)}" if close else "全部代码见 reportkit rules"


def _read(path: Path) -> Mapping[str, dict[str, Any]]:
    return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader) or {}


def _rank(area: str) -> int:
    return list(AREAS).index(area) if area in AREAS else len(AREAS)
