"""The cases that stand beside the rules: what each says of a filing, or that it says nothing.

A case has what `narratives.filing` takes (words, year, names, figures) and `found`, both sides of each finding.
"""

from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from reportkit.kinds import KINDS
from support.filings import RULES, filing, told

FILES = sorted(KINDS.glob("*/rules/*.yaml"))


class Case(NamedTuple):
    code: str
    given: dict[str, Any]
    found: list[list[str]]


def written(path: Path) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The cases of a file: its second document."""
    documents = list(yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader))
    return documents[1] if len(documents) > 1 else {}


def cases() -> list[Case]:
    return [
        Case(code, case, case.pop("found", []))
        for path in FILES
        for code, sides in written(path).items()
        for side in ("right", "wrong")
        for case in sides.get(side, [])
    ]


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.code} {case.given.get('text', '')}"[:40])
def test_a_rule_finds_what_its_cases_say(case):
    findings = [finding for finding in RULES[case.code](filing(**case.given)) if told(finding).severity != "note"]
    assert [[finding.found, finding.expected] for finding in findings] == case.found


def test_cases_stand_beside_their_rule_and_on_the_right_side():
    for path in FILES:
        (entries, *_) = yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader)
        for code, sides in written(path).items():
            assert code in entries, (path, code)
            assert sides.keys() <= {"right", "wrong"}, (path, code)
            assert [case for case in sides.get("right", []) if "found" in case] == [], (path, code)
            assert [case for case in sides.get("wrong", []) if not case.get("found")] == [], (path, code)
    assert len(cases()) > 200
