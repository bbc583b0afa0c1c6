"""What a sentence can speak of besides its report's figures: a cell's own names, last year, official labels, facts."""

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import numpy as np
import pandas as pd
import pytest
from jinja2.utils import missing
from markupsafe import Markup
from nbformat.v4 import new_code_cell, new_notebook

from reportkit.batch.execution import run_cells, with_parameters
from reportkit.batch.purity import is_plain_cell
from reportkit.checks import file_runner
from reportkit.errors import CellRef, Origin, RunError
from reportkit.kinds import load_form, shipped_forms
from reportkit.model.filing import Figure, Filing, with_totals
from reportkit.params.reader import read_params
from reportkit.project import Project
from reportkit.report import Report, last_year
from reportkit.report.narrative import NarrativeError, cell_prose, names
from reportkit.report.narrative.expressions import Ready
from reportkit.report.narrative.labels import labels_of, leaves
from reportkit.report.narrative.namespace import Named, names_below
from support.offices import bring
from support.repository import ROOT, SUQIAN
from support.years import LAST, NOW, two_years, write

FORMS = shipped_forms()
KERNEL = {"name": "python3", "language": "python", "display_name": "Python 3"}
SETUP = "from reportkit.report import open_report\nreport = open_report(year=2023, jurisdiction='{}')"


@pytest.fixture(scope="module")
def suqian() -> Filing:
    return with_totals(read_params(SUQIAN, FORMS))


def said(text: str, known: dict[str, Any], **cells: Any) -> str:
    """What a sentence says, as HTML without its paragraph, with what the notebook's cells have assigned."""
    html = cell_prose(text, known, "overview", lambda name: cells.get(name, missing))
    return html.removeprefix("<p>").removesuffix("</p>\n")


def refused(text: str, known: dict[str, Any], **cells: Any) -> str:
    with pytest.raises(NarrativeError) as error:
        said(text, known, **cells)
    assert "%%narrative overview line 1" in str(error.value)
    return str(error.value)


def run(*sources: str, root: Path = ROOT, town: str = "宿迁市") -> tuple[str, RunError | None]:
    """The HTML of the last cell of a notebook of these cells, after the one that opens the report; and its failure."""
    cells = [new_code_cell(source) for source in (SETUP.format(town), *sources)]
    nb = with_parameters(nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": KERNEL})), {})
    done, failure = run_cells(nb, root)
    shown = [output["data"].get("text/html", "") for output in done.cells[-1].outputs if "data" in output]
    return "".join(shown), failure


# A cell's own names


class Level(IntEnum):
    HIGH = 3


class Pair(NamedTuple):
    name: str
    number: int


class Loud(str):
    __slots__ = ()

    def __str__(self) -> str:
        raise AssertionError("a text is asked for what it holds alone")


FRAME = pd.DataFrame({"件数": [3, 4], "金额": [1.5, 2.0]}, index=["甲镇", "乙镇"])


@pytest.mark.parametrize(
    ("value", "template", "printed"),
    [
        (3, "{{ x }}", "3"),
        (0.1 + 0.2, "{{ x }}", "0.3"),
        (Decimal("2.50"), "{{ x }}", "2.50"),
        (Figure("9.2", "9.2万元"), "{{ x }}", "9.2万元"),
        (Level.HIGH, "{{ x }}", "3"),
        ("甲镇", "{{ x }}", "甲镇"),
        (Loud("甲镇"), "{{ x }}", "甲镇"),
        (date(2023, 1, 5), "{{ x }}", "2023年1月5日"),
        (datetime(2023, 1, 5, 9, 5), "{{ x }}", "2023年1月5日9时05分"),
        ([1, 2], "{{ x|join('、') }}", "1、2"),
        (Pair("甲", 2), "{{ x[0] }}{{ x[1] }}", "甲2"),
        ({"甲镇": {"件数": 3}}, "{{ x['甲镇']['件数'] }}{{ x.甲镇.件数 }}", "33"),
        (OrderedDict(a=1), "{% for k, v in x.items() %}{{ k }}{{ v }}{% endfor %}", "a1"),
        (True, "{% if x %}有{% endif %}", "有"),
        (None, "{% if x is none %}无{% endif %}", "无"),
        # numpy and pandas
        (np.int64(3), "{{ x }}", "3"),
        (np.float64(0.1) + np.float64(0.2), "{{ x }}", "0.3"),
        (np.float32(2.5), "{{ x }}", "2.5"),
        (np.bool_(True), "{% if x %}有{% endif %}", "有"),
        (np.str_("甲"), "{{ x }}", "甲"),
        (np.datetime64("2023-01-05"), "{{ x }}", "2023年1月5日"),
        (pd.Timestamp("2023-01-05"), "{{ x }}", "2023年1月5日"),
        (pd.Timestamp("2023-01-05 09:05"), "{{ x }}", "2023年1月5日9时05分"),
        (pd.NA, "{{ '无' if x is none }}", "无"),
        (pd.NaT, "{{ '无' if x is none }}", "无"),
        (np.array([[1, 2], [3, 4]]), "{{ x[1][0] }}", "3"),
        (pd.Series({"甲镇": 3}), "{{ x['甲镇'] }}", "3"),
        (FRAME, "{{ x['件数']['乙镇'] }}、{{ x['金额']['甲镇'] }}", "4、1.5"),
        (FRAME.groupby("件数").sum(), "{{ x['金额'][3] }}", "1.5"),
    ],
)  # fmt: skip
def test_a_sentence_can_use_what_a_cell_has_assigned(suqian, value, template, printed):
    assert said(template, names(suqian), x=value) == printed


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "{{ 7*7 }} {% if x %}",
        "[链](javascript:alert(1))",
        "](javascript:alert(1))",
        "![图](http://evil/a.png)",
        "**粗** # 题",
        Markup("<b>甲</b>"),
        Ready("**甲** [链](http://evil)"),
    ],
)
def test_a_text_of_a_cell_stays_text(suqian, hostile):
    from lxml import html

    for template in ("{{ x }}", "{{ x|safe }}", "{{ y[0] }}", "{{ z.a }}", "{{ '%s' % x }}", "{{ x ~ '' }}"):
        shown = said(template, names(suqian), x=hostile, y=[hostile], z={"a": hostile})
        tree = html.fromstring(f"<div>{shown}</div>")
        assert ([node.tag for node in tree.iter()], tree.text_content()) == (["div"], str(hostile))


def test_an_address_of_a_cell_is_no_script(suqian):
    shown = said("[点这里]({{ x }})", names(suqian), x="javascript:alert(1)")
    assert "javascript" not in re.findall(r'href="([^"]*)"', shown)[0]


class Odd:
    def __str__(self) -> str:
        raise AssertionError("nobody asks it")


CYCLE: list[Any] = []
CYCLE.append(CYCLE)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (len, "a function or a class"),
        (lambda: 3, "a function or a class"),
        (Odd, "a function or a class"),
        (re, "a module"),
        ({1, 2}, "sorted()"),
        (Odd(), "an object of the kind Odd"),
        ([1, len], "a function or a class"),
        (1j, "an object of the kind complex"),
        (np.longdouble(1), "an object of the kind longdouble"),
        (CYCLE, "nested too deep"),
        (range(3), "an object of the kind range"),
        (iter([1]), "an object of the kind list_iterator"),
        ([0] * 200_000, "more than 100,000 values"),
        (pd.DataFrame(np.zeros((400, 400))), "more than 100,000 values"),
        (pd.Series([1, 2], index=["甲", "甲"]), "the name of another"),
    ],
)
def test_a_value_that_is_no_data_is_told(suqian, value, what):
    told = refused("{{ x }}", names(suqian), x=value)
    assert "x, which a cell has assigned, is " in told
    assert what in told
    for template in (
        "{{ x() }}",
        "{{ x.y }}",
        "{{ x['y'] }}",
        "{% if x %}{% endif %}",
        "{{ x + 1 }}",
        "{{ '%s' % x }}",
    ):
        assert what in refused(template, names(suqian), x=value)


def test_what_no_sentence_uses_is_not_looked_at(suqian):
    assert said("{% set f = 1 %}{{ f }}{{ year }}", names(suqian), f=len, g=Odd()) == "12023"


@pytest.mark.parametrize(
    "template",
    ["{{ x.to_csv('a.csv') }}", "{{ x.append(1) }}", "{{ y.append(1) }}", "{{ y.clear() }}", "{{ z.update(a=1) }}",
     "{{ z.pop('a') }}", "{{ x.__class__ }}", "{{ y._x }}", "{% set y.a = 1 %}", "{{ z.__init__ }}", "{{ x.values }}"],
)  # fmt: skip
def test_a_sentence_changes_and_calls_nothing_of_a_cell(suqian, template, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cells = {"x": pd.DataFrame({"a": [1]}), "y": [1], "z": {"a": 1}}
    with pytest.raises(NarrativeError):
        said(template, names(suqian), **cells)
    assert (cells["y"], cells["z"], list(tmp_path.iterdir())) == ([1], {"a": 1}, [])


def test_a_dict_that_lacks_a_name_says_what_was_meant(suqian):
    assert "did you mean total?" in refused("{{ x.totl }}", names(suqian), x={"total": 1})
    assert "there are 甲, 乙" in refused("{{ x['丙'] }}", names(suqian), x={"甲": 1, "乙": 2})


def test_the_report_s_own_names_win(suqian):
    assert said("{{ year }}{{ requests.received.total }}", names(suqian), year=1, requests=2) == "20233511"


def test_cells_of_a_notebook_define_names_for_the_sentences_after_them():
    html, failure = run("trained = 3 * 40", "%%narrative overview\n培训{{ trained }}人次。")
    assert (failure, "<p>培训120人次。</p>" in html) == (None, True)
    html, failure = run("%%narrative overview\n培训{{ trained }}人次。", "trained = 120")
    assert failure
    assert "there is no name trained" in failure.evalue
    html, failure = run("year = 1999", "%%narrative overview\n{{ year }}年。")
    assert "<p>2023年。</p>" in html


@pytest.mark.parametrize("name", ["In", "Out", "get_ipython", "exit", "quit", "_i1", "_", "__builtins__", "__name__"])
def test_what_ipython_has_put_there_is_not_theirs(name):
    _html, failure = run("1 + 1", f"%%narrative overview\n{{{{ {name} }}}}")
    assert failure
    assert f"there is no name {name}" in failure.evalue


def test_what_a_cell_has_called_as_ipython_does_is_theirs():
    html, _failure = run("(exit) = 5", "%%narrative overview\n共{{ exit }}件。")
    assert "<p>共5件。</p>" in html


def test_a_report_object_is_no_data():
    _html, failure = run("%%narrative overview\n{{ report.filing }}")
    assert failure
    assert "report, which a cell has assigned, is an object of the kind Report" in failure.evalue


def test_plain_notebooks_share_a_process_and_no_names():
    assert is_plain_cell("trained = 120")
    assert not is_plain_cell("trained = 3 * 40")
    assert run("trained = 120", "%%narrative overview\n{{ trained }}")[1] is None
    _html, failure = run("%%narrative overview\n{{ trained }}")
    assert failure
    assert "there is no name trained" in failure.evalue


# Official labels


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ('requests.received["自然人"]', "3402"),
        ("requests.received.自然人", "3402"),
        ('requests.received["商业企业"]', "99"),
        ('requests.received["法人或其他组织"]["商业企业"]', "99"),
        ('requests.received["申请人情况"]["法人或其他组织"].company', "99"),
        ('requests["一、本年新收政府信息公开申请数量"]["总计"]', "3511"),
        ('requests["一、本年新收政府信息公开申请数量"].total', "3511"),
        ('requests["三、本年度办理结果"]["（三）不予公开"]["总计"]', "142"),
        ('requests["三、本年度办理结果"]["(三) 不予公开"].total', "142"),
        ('requests["2.其他法律行政法规禁止公开"].person', "27"),
        ('requests.outcome["（七）总计"]["自然人"]', "3375"),
        ('requests.outcome["自然人"]', "3375"),  # its rows without their total
        ('proactive["行政许可"]["本年处理决定数量"]', "1808595"),
        ('reviews["行政复议"]["总计"]', "440"),
        ('reviews["行政诉讼"]["复议后起诉"]["结果维持"]', "13"),
        ('requests["received"]["total"]', "3511"),
        ('last.requests.received["自然人"]', "3402"),
    ],
)
def test_an_official_label_is_a_name(suqian, expression, printed):
    known = names(suqian, last=lambda: replace(suqian, year=2022))
    assert said(f"{{{{ {expression} }}}}", known) == printed


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ('reviews["总计"]', 'several "总计" below reviews; write reviews.review.total, reviews.direct.total, reviews.after_review.total'),
        ('reviews["行政诉讼"]["总计"]', "write reviews.direct.total, reviews.after_review.total"),
        ('last.reviews["总计"]', "write last.reviews.review.total, last.reviews.direct.total"),
        ('requests["自然人"]', "write requests.received.person, requests.carried_in.person"),
        ('requests.received["行政许可"]', "there is no name 行政许可; there are person"),  # another table's
        ('requests.received["自燃人"]', "did you mean 自然人?"),
        ('requests.received["法人或其他组织"]["自然人"]', "there is no name 自然人; there are company"),
        ('requests.received["法人或其他组织"]', "is a row of numbers, not one number; write requests.received.company"),
        ('requests["三、本年度办理结果"]', "is a group of numbers"),
        ('requests.received[""]', "there is no name"),
        ('requests.received["__class__"]', "__class__"),
    ],
)  # fmt: skip
def test_a_label_that_says_too_little_or_too_much_is_told(suqian, expression, words):
    assert words in refused(f"{{{{ {expression} }}}}", names(suqian, last=lambda: suqian))


def numbers(named: Named, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The names of all numbers below a name."""
    for name in names_below(named):
        value = getattr(named, name)
        if isinstance(value, Named):
            yield from numbers(value, (*above, name))
        else:
            yield (*above, name)


def test_every_number_has_labels(form):
    filing = Filing(form, "甲", 2023, "甲", {}, {}, read_params(SUQIAN, FORMS).origin)
    for key, table in form.tables.items():
        labelled = [path for path, _labels in leaves(labels_of(table))]
        assert sorted(labelled) == sorted(set(labelled)) == sorted(numbers(names(filing)[key]))


GROUPS = """
edition: cases
language: en
years: [2020, null]
title: Cases of {jurisdiction}, {year}
sections: [{key: cases, heading: Cases, table: cases}]
tables:
  - key: cases
    blocks:
      - columns:
          - {key: closed, label: Closed}
          - key: of
            label: Of all
            children: [{key: rate, label: In time, kind: percent}, {key: fees, label: Fees, kind: money, currency: USD}]
          - {key: remarks, label: Remarks, kind: text}
        rows:
          - key: own
            label: Of the town
            children: [{key: yard, label: Yard}, {key: hall, label: Hall}]
          - {key: other, label: Others}
"""


def test_a_group_of_rows_has_the_labels_of_what_is_added_up_and_no_others(tmp_path):
    path = tmp_path / "cases.yaml"
    path.write_text(GROUPS)
    form = load_form(path)
    figures = {CellRef("cases", f"own.{row}", "of.fees"): Figure("2.50") for row in ("yard", "hall")}
    filing = Filing(form, "Ashby", 2023, "Ashby", figures, {}, Origin("ashby.yaml"))
    known = names(filing)
    labelled = [path for path, _labels in leaves(labels_of(form.tables["cases"]))]
    assert sorted(labelled) == sorted(numbers(known["cases"]))
    assert said('{{ cases["Of the town"]["Of all"]["Fees"] }}', known) == "5.00"
    assert "there is no name In time; there are fees" in refused('{{ cases.own.of["In time"] }}', known)


# Facts


def test_facts_are_names(suqian):
    filing = replace(suqian, facts={"training": 12, "办公地点": "<b>三楼</b>", "hours": {"夏": "8:30"}, "_x": 1})
    assert said("{{ facts.training }}{{ facts['办公地点'] }}{{ facts.hours['夏'] }}", names(filing)) == (
        "12&lt;b&gt;三楼&lt;/b&gt;8:30"
    )
    assert "did you mean training?" in refused("{{ facts.trainig }}", names(filing))
    assert "facts is the report's own facts" in refused("{{ facts }}", names(filing))
    assert "facts.training" in refused("{{ facts }}", names(filing))
    assert refused("{{ facts._x }}", names(filing))
    assert said("{{ last.facts.training }}", names(suqian, last=lambda: filing)) == "12"
    assert "there is no name facts" in refused("{{ facts.training }}", names(suqian))


# Last year


QUOTES = "%%narrative overview\n上年收到{{ last.requests.received.total }}件，{{ last.year }}年。"
ASKS = "%%narrative overview\n{% if last %}上年{{ last.requests.received.total }}件{% else %}没有上年的数{% endif %}。"


@pytest.fixture
def two(tmp_path) -> Project:
    return two_years(tmp_path)


def test_a_sentence_can_use_last_year_s_figures(two):
    html, failure = run(QUOTES, root=two.root, town="甲镇")
    assert (failure, "<p>上年收到13件，2022年。</p>" in html) == (None, True)
    assert "上年13件。" in run(ASKS, root=two.root, town="甲镇")[0]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (None, "there is no file of last year, 2022/甲县/甲镇.yaml; import last year's figures"),
        ("year: [", "last year's file 2022/甲县/甲镇.yaml cannot be read ("),
        ("year: 2021\njurisdiction: 甲镇\nedition: '2021'\n", "last year's file 2022/甲县/甲镇.yaml says that it is of 2021; mend"),
        ("year: 2022\njurisdiction: 乙镇\n", 'last year\'s file 2022/甲县/甲镇.yaml says that it is of "乙镇"; mend that file'),
        ("year: 2022\njurisdiction: 甲镇\nfigures: {reviews: {review: [1, 1, 1, 1, 9]}}\n", "has errors (1; the first: "),
    ],
)  # fmt: skip
def test_a_file_of_last_year_that_cannot_be_used_is_told_where_it_is_asked_for(two, spoil, words):
    write(two.root, 2023, NOW)  # which does not ask for the comparison
    path = two.params / "2022/甲县/甲镇.yaml"
    if spoil is None:
        path.unlink()
    else:
        path.write_text(spoil, encoding="utf-8")
    _html, failure = run(QUOTES, root=two.root, town="甲镇")
    assert failure is not None
    assert failure.evalue.startswith("%%narrative overview line 1 ")
    assert words in failure.evalue
    assert "put the sentence between {% if last %} and {% endif %}" in failure.evalue
    html, failure = run(ASKS, root=two.root, town="甲镇")
    assert (failure, "没有上年的数。" in html) == (None, True)


def test_without_a_project_there_is_no_last_year(suqian):
    known = Report(suqian)._names
    assert "no file of last year is known" in refused("{{ last.year }}", known)
    assert "no file of last year is known" in refused("{{ last }}", known)
    assert said("{{ '有' if last else '无' }}", known) == "无"


@pytest.mark.parametrize(
    "expression", ["last", "last.requests", "last.requsts", "last.words.requests", "last._read", "last + 1"]
)
def test_last_is_no_number(suqian, expression):
    assert refused(f"{{{{ {expression} }}}}", names(suqian, last=lambda: suqian))


def test_a_table_of_a_form_that_is_called_last_is_what_it_was(suqian):
    section = replace(suqian.form.sections[2], table=replace(suqian.form.sections[2].table, key="last"))
    filing = replace(suqian, form=replace(suqian.form, sections=(section,)))
    assert said("{{ last.received.total }}", names(filing, last=lambda: suqian)) == "0"


@pytest.fixture
def looks(monkeypatch) -> list[str]:
    """The reports whose file of last year has been looked for by their cells."""
    found: list[str] = []
    plain = last_year.last_year

    def look(project: Project, filing: Filing) -> file_runner.Before:
        found.append(filing.jurisdiction)
        return plain(project, filing)

    monkeypatch.setattr(last_year, "last_year", look)
    return found


@pytest.mark.parametrize(
    ("cells", "times"),
    [
        (["%%narrative overview\n{{ year }}{{ words.requests }}"], 0),
        (["%%narrative overview\n{% if year == 1999 %}{{ last.year }}{% endif %}。"], 0),
        ([QUOTES, ASKS, "report.compare()"], 1),
    ],
)
def test_last_year_s_file_is_looked_for_once_and_only_if_a_sentence_asks(two, looks, cells, times):
    write(two.root, 2023, NOW)
    _html, failure = run(*cells, root=two.root, town="甲镇")
    assert (failure, looks) == (None, ["甲镇"] * times)


def add_sentence(project: Project, source: str) -> None:
    text = project.notebook.read_text(encoding="utf-8")
    nb = nbformat.reads(text, as_version=4)
    (cell,) = [cell for cell in nb.cells if cell.id == "overview"]
    cell.source = source
    nbformat.write(nb, project.notebook)


def test_a_report_is_made_again_when_the_last_year_that_it_quotes_changes(two):
    write(two.root, 2023, NOW)
    add_sentence(two, ASKS)
    assert {outcome.status for outcome in bring(two)} == {"built"}
    page = two.dist / "2023/甲县/甲镇.html"
    assert "上年13件。" in page.read_text(encoding="utf-8")
    assert {outcome.status for outcome in bring(two)} == {"up-to-date"}
    more = {
        "一、本年新收政府信息公开申请数量": [9, 5, 0, 0, 0, 0, 14],
        "三、本年度办理结果": {"（一）予以公开": [7, 5, 0, 0, 0, 0, 12], "（七）总计": [7, 5, 0, 0, 0, 0, 12]},
        "四、结转下年度继续办理": [2, 0, 0, 0, 0, 0, 2],
    }
    write(two.root, 2022, {**LAST, "收到和处理政府信息公开申请情况": more})
    made = {outcome.job.name: outcome.status for outcome in bring(two)}
    assert made == {"2023/甲县/甲镇": "built", "2022/甲县/甲镇": "built"}
    assert "上年14件。" in page.read_text(encoding="utf-8")
    (two.params / "2022/甲县/甲镇.yaml").unlink()
    assert {outcome.job.name: outcome.status for outcome in bring(two)} == {"2023/甲县/甲镇": "built"}
    assert "没有上年的数。" in page.read_text(encoding="utf-8")
    write(two.root, 2022, LAST)
    assert {outcome.job.name: outcome.status for outcome in bring(two)}["2023/甲县/甲镇"] == "built"
    assert "上年13件。" in page.read_text(encoding="utf-8")
