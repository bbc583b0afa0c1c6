"""The catalogue's sentences: each is told somewhere, with just the values that stand in it, which are text and no more."""

import ast
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from reportkit.errors import Origin
from reportkit.kinds import shipped_forms
from reportkit.messages.catalogue import FOLDER, entries, sentence, sentences
from reportkit.messages.catalogue_files import any_report
from reportkit.messages.sentences import SIDES, Sentence
from reportkit.messages.words import issue, phrases
from reportkit.model.filing import Figure
from support.sources import PACKAGE, called, modules, nodes

NAME = re.compile(r"[A-Z]\d{1,2}(\.\w+)?")
SENTENCES = sentences("ogi", "zh")
PHRASES = {name: Sentence(name, "note", template) for name, template in phrases("zh").items()}
OF_FORMS = {rule.code for form in shipped_forms().values() for rule in form.rules}

# What tells a sentence, with the values that it adds by itself: a statement its words, a row that was not read its place.
TELLING = {
    **{name: set() for name in ("issue", "Finding", "_slip", "unreadable", "refuse", "_not_as_seen")},
    "finding": {"words"},
    "why": {"place"},
}
BY_THEMSELVES = {"_not_as_seen": {"cell"}}
PREFIXES = ("wanted_", "cure_", "area_")
"""Phrases that the model names without these."""


class Told(NamedTuple):
    """A call that tells a sentence or a phrase by its name: where, and with which values."""

    name: str
    place: str
    values: frozenset[str]


def literals() -> set[str]:
    return {
        node.value
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def keys(node: ast.expr | None, function: ast.AST) -> set[str]:
    """The keys of a dict that is written out, here or where the function gives it a name."""
    if isinstance(node, ast.Name):
        names = {node.id}
        for each in ast.walk(function):
            targets = [each.target] if isinstance(each, ast.AnnAssign) else getattr(each, "targets", [])
            for target in targets:
                pairs = [(target, each.value)]
                if isinstance(target, ast.Tuple) and isinstance(each.value, ast.Tuple):
                    pairs = list(zip(target.elts, each.value.elts, strict=True))
                for left, right in pairs:
                    if isinstance(left, ast.Name) and left.id in names and isinstance(right, ast.Dict):
                        return keys(right, function)
    return {key.value for key in node.keys if isinstance(key, ast.Constant)} if isinstance(node, ast.Dict) else set()


def told(function_names: set[str]) -> Iterator[Told]:
    for path in modules():
        for function in nodes(path):
            if isinstance(function, ast.FunctionDef):
                yield from told_in(function, function_names, path.relative_to(PACKAGE))


@cache
def calls(function: ast.FunctionDef) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


def told_in(function: ast.FunctionDef, function_names: set[str], path: Path) -> Iterator[Told]:
    for node in calls(function):
        if (name := called(node)) not in function_names:
            continue
        given = TELLING.get(name, set()) | BY_THEMSELVES.get(name, set())
        for keyword in node.keywords:
            of_dict = keyword.arg is None or keyword.arg == "values"
            given = given | (keys(keyword.value, function) if of_dict else {keyword.arg})
        constants = [each.value for arg in node.args for each in ast.walk(arg) if isinstance(each, ast.Constant)]
        for constant in constants:
            if isinstance(constant, str):
                yield Told(constant, f"{path}:{node.lineno}", frozenset(given))


def test_every_name_of_a_sentence_has_one_and_every_sentence_is_told():
    named = {text for text in literals() if NAME.fullmatch(text)} - {"A4"}
    of_rules = {name for name in named if "." not in name and name not in SENTENCES}
    assert named - of_rules == set(SENTENCES)


def test_every_code_has_a_sentence_but_a_form_s_own_whose_rules_share_one():
    assert {name.partition(".")[0] for name in SENTENCES} == set(entries("ogi")) - OF_FORMS
    assert PHRASES["breach"].fields == {"place", "sides", "label"}


def test_a_sentence_is_told_with_just_its_values():
    calls = [call for call in told({*TELLING, "Trouble"}) if call.name in SENTENCES]
    wrong = [
        (call, sorted(fields))
        for call in calls
        for fields in (SENTENCES[call.name].fields - {*SIDES},)
        if call.values - {*SIDES} != fields
    ]
    assert wrong == []
    assert len(calls) > 250


def test_a_phrase_is_told_with_just_its_values():
    calls = [call for call in told({"phrase"}) if call.name in PHRASES]
    assert [(call, PHRASES[call.name].fields) for call in calls if call.values != PHRASES[call.name].fields] == []
    assert len(calls) > 50


def test_no_other_room_makes_an_issue_by_itself():
    made = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.Call) and called(node) == "Issue"
    ]
    assert {place.partition("/")[0] for place in made} == {"messages"}


def test_every_phrase_is_told():
    known = literals()
    prefixed = {f"{prefix}{name}" for prefix in PREFIXES for name in known}
    assert set(PHRASES) - known - prefixed == set()


def test_a_template_has_named_values_and_no_other_braces():
    templates = [one.template for one in (*SENTENCES.values(), *PHRASES.values())]
    assert [each for each in templates if re.search("[{}]", re.sub(r"\{[a-z_]+\}", "", each))] == []
    assert len(templates) > 500


N3 = "本单位的笔记本副本读不出来：{}；副本里的改动不要了，就删掉它"
VALUES = [
    ("{words}{0.__class__}%s$words", "{words}{0.__class__}%s$words"),
    (Decimal("1E+3"), "1000"),
    (Figure("9.2", "9.2万元"), "9.2万元"),
    (Origin("甲.yaml", "3"), "甲.yaml:3"),
    (["{甲}", Decimal("1E+1")], "{甲}、10"),
    ((), ""),
]


@pytest.mark.parametrize(("value", "text"), VALUES, ids=[text for _, text in VALUES])
def test_a_value_is_put_in_as_it_is(value, text):
    assert issue("N3", Origin("甲"), reason=value).message == N3.format(text)


def test_a_value_that_is_missing_is_no_sentence():
    with pytest.raises(KeyError, match="reason"):
        issue("N3", Origin("甲"))


def test_an_issue_keeps_what_it_was_made_of():
    one = issue("Y4.name", Origin("甲.yaml", "3"), name="规章{x}", line="2")
    assert (one.code, one.severity, one.variant) == ("Y4", "error", "name")
    assert one.values == {"name": "规章{x}", "line": "2"}
    assert one.message == "“规章{x}”写了两次（前一次在第 2 行）；请留一处"


def test_how_grave_a_variant_is_stands_beside_it():
    assert {SENTENCES[name].severity for name in ("R22.unread", "J2.other_there", "L3.stated")} == {"error"}
    assert {SENTENCES[name].severity for name in ("R22.none", "J2.alone", "L3.named")} == {"warning"}
    assert (SENTENCES["R12.new"].severity, SENTENCES["R12.wrong"].severity) == ("note", "warning")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_codes_of_our_files_are_seen_without_reading_them(language):
    files = {path: list(next(yaml.safe_load_all(path.read_bytes()))) for path in (FOLDER / "zh").glob("*.yaml")}
    codes = [code for found in files.values() for code in found]
    shipped = any_report(language)
    assert sorted(shipped) == sorted(codes)
    assert len(codes) == len(set(codes))
    assert {code: (found.entry.code, found.path) for code, found in shipped.items()} == {
        code: (code, path) for path, found in files.items() for code in found
    }
    assert {found.entry.area for found in shipped.values()} == {path.stem for path in files}
    assert [code for code, found in shipped.items() if found.entry.area != shipped.area(code) or found.after] == []


def test_a_sentence_is_that_of_the_whole_catalogue():
    whole = sentences("ogi", "en")
    assert {name: sentence("ogi", "en", name) for name in whole} == dict(whole)
