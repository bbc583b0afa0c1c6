"""`reportkit names`: every name that a town's sentences can use, with its value and its official label."""

import json
from dataclasses import replace

import nbformat
import pytest

from reportkit.exporters.text import columns
from reportkit.model.filing import with_totals
from reportkit.notebook.towns import copy_path, make_copy
from reportkit.params.reader import read_params
from reportkit.project import load_project
from reportkit.report.narrative import cell_prose, listing, names
from support.commands import reportkit
from support.repository import SUQIAN
from support.years import FORMS, two_years


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A town with two years, and a copy of its own in which a cell assigns names."""
    project = two_years(tmp_path_factory.mktemp("office"))
    name = "2023/甲县/甲镇"
    make_copy(project, name, project.read(project.file_of(name)))
    path = copy_path(project, name)
    nb = nbformat.read(path, as_version=4)
    own = nbformat.v4.new_code_cell(
        "trained = 120\nhalf = trained / 2\nyear = 1\n_private = 1\nplace = '三楼\\x1b[31m'"
    )
    own.id = "training"
    nb.cells.insert(4, own)
    nbformat.write(nb, path)
    return project


def listed(office, *arguments):
    done = reportkit(office.root, "names", "甲镇", *arguments, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    return {one["name"]: one for one in json.loads(done.stdout)}


def test_each_name_is_listed_with_its_value_and_its_label(office):
    found = listed(office)
    assert found["year"] == {"group": "the report", "name": "year", "value": "2023", "label": "the reporting year"}
    assert found["requests.received.person"] == {
        "group": "收到和处理政府信息公开申请情况", "name": "requests.received.person", "value": "12",
        "label": "一、本年新收政府信息公开申请数量 / 申请人情况 / 自然人",
    }  # fmt: skip
    assert found["proactive.fees.amount"]["value"] == "9.20"
    assert found["requests.outcome.refused.total"]["value"] == "3"
    assert found["words.requests"]["value"].startswith("新收政府信息公开申请15件")
    assert found["last.requests.received.person"] == {
        "group": "last year: 收到和处理政府信息公开申请情况", "name": "last.requests.received.person", "value": "8",
        "label": "一、本年新收政府信息公开申请数量 / 申请人情况 / 自然人",
    }  # fmt: skip
    assert found["last.year"]["value"] == "2022"
    cells = {name: (one["value"], one["label"]) for name, one in found.items() if one["group"] == "the notebook"}
    where = "cell training"
    assert cells == {"trained": ("120", where), "half": (None, where), "place": ("三楼\x1b[31m", where)}


def test_every_name_that_is_listed_can_be_used_and_prints_what_is_listed(office):
    filing = office.read(office.file_of("2023/甲县/甲镇"))
    last = office.read(office.file_of("2022/甲县/甲镇"))
    known = names(filing, last=lambda: last)
    for one in [*listing.names_of_filing(known, filing), *listing.names_of_last(last)]:
        assert cell_prose(f"{{{{ {one.name} }}}}", known, "overview") == f"<p>{one.value}</p>\n"


def test_each_label_is_a_name_too(office):
    filing = office.read(office.file_of("2023/甲县/甲镇"))
    known = names(filing)
    tables = {table.caption for table in filing.form.tables.values()}
    for one in listing.names_of_filing(known, filing):
        if one.group in tables:
            path = "".join(f'["{label}"]' for label in one.label.split(" / "))
            expression = f"{one.name.partition('.')[0]}{path}"
            assert cell_prose(f"{{{{ {expression} }}}}", known, "overview") == f"<p>{one.value}</p>\n"


def test_facts_are_listed_as_a_sentence_writes_them():
    filing = replace(
        with_totals(read_params(SUQIAN, FORMS)),
        facts={"training": 12, "办公 地点": "三楼", "hours": {"夏": "8:30", 1: [1, 2]}, "none": None, "empty": {}},
    )
    found = {one.name: one.value for one in listing.names_of_filing(names(filing), filing) if "facts" in one.name}
    assert found == {
        "facts.training": "12", 'facts["办公 地点"]': "三楼", "facts.hours.夏": "8:30", "facts.hours[1]": "[1, 2]",
        "facts.none": "null", "facts.empty": "{}",
    }  # fmt: skip
    for name in ("facts.training", 'facts["办公 地点"]', "facts.hours.夏"):
        assert cell_prose(f"{{{{ {name} }}}}", names(filing), "overview") == f"<p>{found[name]}</p>\n"


def test_without_a_file_of_last_year_the_list_says_so(office):
    found = listed(office, "--year", "2022")
    assert [name for name in found if name.startswith("last")] == ["last"]
    assert found["last"]["value"] is None
    assert "there is no file of last year, 2021/甲县/甲镇.yaml" in found["last"]["label"]
    assert found["year"]["value"] == "2022"
    assert "trained" not in found


def text(office, **environment):
    done = reportkit(office.root, "names", "甲镇", LANG="zh_CN.UTF-8", **environment)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_labels_stand_in_a_column_whatever_is_before_them(office):
    lines = text(office)
    at = lines.index("政府信息公开行政复议、行政诉讼情况")
    assert lines[at + 1] == "  reviews.review.upheld           1  行政复议 / 结果维持"
    assert lines[at - 1] == ""
    report = lines[lines.index("本报告") + 1 : lines.index("本报告") + 5]
    assert len({columns(line[: line.rindex("  ")]) for line in report}) == 1
    assert r"  place    三楼\x1b[31m  单元格 training" in lines


@pytest.mark.parametrize("width", [30, 60, 80])
def test_a_narrow_terminal_breaks_no_column(office, width):
    lines = text(office, COLUMNS=str(width))
    assert [line for line in lines if columns(line) > width] == []
    assert "".join(line.strip() for line in text(office)).replace(" ", "") == "".join(lines).replace(" ", "")


@pytest.mark.parametrize(
    ("town", "words"), [("丙镇", "丙镇"), ("2020/甲县/甲镇", "甲镇"), ("params/2023/甲县/丁镇.yaml", "丁镇")]
)
def test_a_town_that_is_not_there_is_told(office, town, words):
    done = reportkit(office.root, "names", town)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert words in done.stderr


def test_a_form_of_one_s_own_lists_its_own_names(tmp_path):
    (tmp_path / "forms").mkdir()
    (tmp_path / "params").mkdir()
    (tmp_path / "forms/a.yaml").write_text(
        """
edition: 季报
years: [2024, null]
title: "{jurisdiction}{year}年季报"
sections: [{key: energy, heading: 一、能耗, table: last}, {key: year, heading: 二、年, table: year}]
tables:
  - &one
    key: last
    blocks: [{corner: 项目, columns: [{key: q1, label: 一季度}], rows: [{key: power, label: 电}]}]
  - {<<: *one, key: year}
words: {broken: "{{ lst.power.q1 }}"}
""",
        encoding="utf-8",
    )
    (tmp_path / "params/甲.yaml").write_text(
        "{edition: 季报, year: 2024, jurisdiction: 甲, figures: {last: {电: [3]}}}", "utf-8"
    )
    project = load_project(tmp_path)
    done = reportkit(project.root, "names", "甲", "--format", "json")
    assert done.stderr == ""
    found = {one["name"]: one["value"] for one in json.loads(done.stdout)}
    assert found["last.power.q1"] == "3"
    assert "there is no name lst" in found["words.broken"]
    assert (found["year"], "year.power.q1" in found) == ("2024", False)


def test_a_report_of_a_list_has_names_too(tmp_path):
    (tmp_path / "towns.csv").write_text("town,year\nAlderbrook,2024\n")
    cells = [
        {
            "cell_type": "code",
            "id": "p",
            "metadata": {"tags": ["parameters"]},
            "source": "town = ''\nyear = 0",
            "outputs": [],
            "execution_count": None,
        },
    ]
    (tmp_path / "own.ipynb").write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    (tmp_path / "reportkit.toml").write_text(
        'kind = "notebook"\nnotebook = "own.ipynb"\nparams = "towns.csv"\nsubject = "town"\n'
    )
    done = reportkit(tmp_path, "names", "Alderbrook")
    assert (done.returncode, done.stderr) == (0, "")
    assert "facts.year" in done.stdout
    assert "2024" in done.stdout
