import random
import re
from dataclasses import replace

import pytest
import yaml
from benchmarks.synthetic import Equations, Plausible, write_towns, yaml_text

from reportkit.messages.figures import check
from reportkit.project import load_project

YEARS = [2020, 2023]


@pytest.mark.parametrize("year", YEARS)
def test_synthetic_towns_check_clean(year, tmp_path):
    project = load_project(tmp_path)
    paths = write_towns(project.params, 20, year)
    assert [path.relative_to(tmp_path).as_posix() for path in paths[:2]] == [
        f"params/{year}/合成县/合成0001镇.yaml",
        f"params/{year}/合成县/合成0002镇.yaml",
    ]
    assert [issue for path in paths for issue in check(project.read(path))] == []


@pytest.mark.parametrize("year", YEARS)
def test_synthetic_towns_leave_nothing_out(year, tmp_path):
    project = load_project(tmp_path)
    for path in write_towns(project.params, 20, year):
        filing = project.read(path)
        assert filing.computed == frozenset()
        assert len(filing.values) == sum(len(table.cells) for table in filing.form.tables.values())
        assert any(filing.values.values())
        text = "".join(filing.narrative.values())
        assert 600 <= len(re.findall("[一-鿿]", text)) <= 1200
        assert text.count("合成") >= 3


def test_the_same_seed_gives_the_same_towns_and_another_seed_others(tmp_path):
    def towns(folder, count, **options):
        return [path.read_bytes() for path in write_towns(tmp_path / folder, count, **options)]

    first = towns("first", 4)
    assert towns("again", 4) == first
    assert towns("more", 6)[:4] == first
    assert len({*first, *towns("other", 4, seed=1)}) == 8


def test_a_year_without_a_form_is_refused(tmp_path):
    with pytest.raises(ValueError, match="2018"):
        write_towns(tmp_path, 1, 2018)
    assert list(tmp_path.iterdir()) == []


def test_text_that_is_not_plain_is_quoted():
    entries = {
        "否: 是": {"": 'a "b" \\ #c', "2": "~"},
        "list": ["1.5", 2, "yes", "-3", ""],
        "lines": "甲\n\n  乙: 丙\n",
        "block": "甲: 乙\n\n- 丙 # 丁\n",
        "signs": "甲\x85乙\u2028丙\t丁\ufeff\x7f😀\n",
        "ends": ["甲\n", " 甲", "甲\n\n"],
        "年度": "null",
    }
    assert yaml.safe_load(yaml_text(entries)) == entries


def test_a_rule_of_another_kind_is_said_to_be_one(form):
    balance = next(rule for rule in form.rules if rule.code == "R1")
    nothing_to_change = replace(balance, left=())
    with pytest.raises(ValueError, match=r"requests\["):
        Equations(replace(form, rules=(nothing_to_change,)), "合成镇").values(Plausible(random.Random(0)))
