"""The printed JSON Schemas say the same as the readers: what may stand in a form, a kind's files and reportkit.toml."""

from __future__ import annotations

import json
import random
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from reportkit.cli import app
from reportkit.errors import FormError, UserError
from reportkit.kinds import KINDS, Vocabulary, file_shapes, kind_shapes, load_form
from reportkit.project.config import Config, read_config
from reportkit.shapes import WrongShapeError, faults, shaped
from reportkit.shapes import schema as schema_of
from support.damaged import misshapen
from support.repository import FILES

SHAPES = {"form": file_shapes.Form, "kind": kind_shapes.Kind, "readers": Vocabulary, "project": Config}
FORMS = sorted([*KINDS.glob("*/forms/*.yaml"), *FILES.glob("*/forms/*.yaml")])
WHOLE = """
kind = "ogi"
subject = "town"
output = "{year}/{town}"
params = "数据"
cwd = "本子"
notebook = "s3://bucket/master.ipynb"
copies = "镇"
forms = "表"
dist = "成品"
roster = "名册.xlsx"
style = "letter"
brand = "none"
compare = true

[page.signature]
agency = "{agency}"

[parameters]
budget = 12.5

[waivers]
R12 = "按原表公布"
"""


@cache
def printed(file: str) -> jsonschema.Draft202012Validator:
    return validator(json.loads(CliRunner().invoke(app, ["schema", file], catch_exceptions=False).stdout))


def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(schema, format_checker=checker)


def valid(entry: Any, schema: jsonschema.Draft202012Validator) -> bool:
    return schema.is_valid(entry)


def entries(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_the_forms_fit_the_printed_schema(path):
    assert valid(entries(path), printed("form"))


@pytest.mark.parametrize("file", ["kind", "readers"])
def test_the_files_of_a_kind_fit_the_printed_schema(file):
    schema = printed(file)
    paths = list(KINDS.glob(f"*/{file}.yaml"))
    assert [valid(entries(path), schema) for path in paths] == [True] * len(paths) != []


@pytest.mark.parametrize("text", ["", WHOLE])
def test_a_project_s_settings_fit_the_printed_schema(tmp_path, text):
    (tmp_path / "reportkit.toml").write_text(text, encoding="utf-8")
    assert read_config(tmp_path / "reportkit.toml")
    assert valid(tomllib.loads(text), printed("project"))


def test_the_settings_of_the_test_above_are_all_that_there_are():
    assert set(tomllib.loads(WHOLE)) == set(Config.__struct_fields__)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: ", "titel: "), ("2021, null]", "2021]"), ("2021, null]", "2021, present]"), ("key: overview", "key: 1"),
        ("kind: amount", "kind: sum"), ("per: row", "per: cell"), ("total: right", "total: left"),
        ("per: row", "severity: grave\n    per: row"), ("heading: 一、总体情况", "headings: 一、总体情况"),
        ("per: row", "jurisdictions: '['\n    per: row"),
    ],
)  # fmt: skip
def test_a_wrong_form_does_not_fit_and_is_told_with_its_line(tmp_path, old, new):
    text = (KINDS / "ogi/forms/ogi-2021.yaml").read_text(encoding="utf-8")
    line = text.partition(old)[0].count("\n") + 1
    wrong = text.replace(old, new, 1)
    (tmp_path / "own.yaml").write_text(wrong, encoding="utf-8")
    # What is missing is told at the line of the entry, which can begin in the line before.
    with pytest.raises(FormError, match=rf"own\.yaml:({line}|{line - 1}): "):
        load_form(tmp_path / "own.yaml")
    assert not valid(yaml.safe_load(wrong), printed("form"))


@pytest.mark.parametrize(
    "text", ["params = 1", 'compare = "yes"', "parms = 'x'", "dist = ''", "waivers = 'R2'", "[waivers]\nR2 = ' '"]
)
def test_wrong_settings_do_not_fit(tmp_path, text):
    (tmp_path / "reportkit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError):
        read_config(tmp_path / "reportkit.toml")
    assert not valid(tomllib.loads(text), printed("project"))


@pytest.mark.parametrize("tries", [50, pytest.param(150, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("form", FILES / "own-forms/forms/town.yaml"),
        pytest.param("form", KINDS / "ogi/forms/ogi-2021.yaml", marks=pytest.mark.slow),
        ("kind", KINDS / "ogi/kind.yaml"),
        ("readers", KINDS / "ogi/readers.yaml"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.stem,
)
def test_decoder_messages_and_schema_agree_on_any_damage(file, path, tries):
    """The three follow from one declaration; here they are held against each other."""
    shape = SHAPES[file]
    fits = validator(schema_of(shape)).is_valid
    whole = json.dumps(entries(path))
    fitting = 0
    for seed in range(tries):
        text = json.dumps(misshapen(random.Random(seed), json.loads(whole)))
        entry = json.loads(re.sub(r"\\ud[89ab]..", "", text))  # half a sign, which is told as such
        told = [str(fault) for fault in faults(entry, shape)]
        assert (first_fault(entry, shape), fits(entry)) == (told[0] if told else "", not told), f"seed {seed}"
        fitting += not told
    assert 0 < fitting < tries


def first_fault(entry: Any, shape: type) -> str:
    try:
        shaped(entry, shape)
    except WrongShapeError as error:
        return str(error)
    return ""


def test_half_a_sign_is_told():
    kind = {
        "name": "甲",
        "title": "甲",
        "comparison": {"table": [{"table": "a", "rows": [], "columns": [], "labels": "\ud800"}]},
    }
    assert "labels is rows or columns, found '\\ud800'" in first_fault(kind, kind_shapes.Kind)
    assert "unknown \\ud800" in first_fault({"\ud800": "甲"}, Vocabulary)
