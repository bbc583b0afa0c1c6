"""A filing is a value, a check returns issues."""

import pickle
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.errors import CellRef, Origin
from reportkit.kinds import shipped_forms
from reportkit.messages.figures import check
from reportkit.model.equations import totals
from reportkit.model.filing import Figure, Filing, publishable, with_totals
from reportkit.params.reader import read_params
from support.laws import examples
from support.repository import SANGZHOU, SUQIAN
from support.synthetic import filings

FORMS = shipped_forms()


def suqian() -> Filing:
    return with_totals(read_params(SUQIAN, FORMS, "宿迁市.yaml"))


def changed(filing: Filing, **cells: str | None) -> Filing:
    """The filing with some cells changed: received__person="1" or, to blank it, None."""
    values = dict(filing.values)
    for name, text in cells.items():
        row, column = (part.replace("_of_", ".") for part in name.split("__"))
        ref = next(ref for table in filing.form.tables.values() for ref in table.cells if ref[1:] == (row, column))
        values.pop(ref, None)
        if text is not None:
            values[ref] = Figure(text)
    return replace(filing, values=values)


def found(filing: Filing) -> list[tuple[str, str, str]]:
    return [(issue.code, str(issue.ref), f"{issue.found} ≠ {issue.expected}") for issue in check(filing) if issue.ref]


def test_the_published_figures_of_a_city_keep_every_rule():
    assert found(suqian()) == []


def test_a_broken_row_and_column_are_named_with_their_sums():
    broken = changed(suqian(), received__person="3403")
    assert found(broken) == [
        ("R2", "requests[received, total]", "3512 ≠ 3511"),
        ("R1", "requests[carried_over, person]", "3494 ≠ 3493"),
    ]


def test_a_broken_sum_names_every_term():
    (issue,) = [issue for issue in check(changed(suqian(), received__person="3403")) if issue.code == "R2"]
    for term in ["自然人 [3403]", "商业企业 [99]", "科研机构 [0]", "社会公益组织 [4]", "法律服务机构 [5]", "其他 [1]", "= 3512", "总计 [3511] = 3511"]:  # fmt: skip
        assert term in issue.message
    assert "一、本年新收政府信息公开申请数量" in issue.message
    assert str(issue.origin) == "宿迁市.yaml:16"


def test_the_sum_of_results_and_the_totals_of_table_four():
    broken = changed(suqian(), outcome_of_granted__research="5", cases__direct_of_total="25")
    assert sorted(found(broken)) == [
        ("R2", "requests[outcome.granted, total]", "1196 ≠ 1191"),
        ("R3", "requests[outcome.total, research]", "5 ≠ 0"),
        ("R4", "reviews[cases, direct.total]", "24 ≠ 25"),
    ]


def test_no_regulations_below_a_city():
    town = replace(suqian(), jurisdiction="桑洲镇")
    (issue,) = [issue for issue in check(town) if issue.code == "P1"]
    assert (issue.severity, issue.found) == ("error", "13")
    assert "规章" in issue.message
    assert "本年制发件数 [2] + 本年废止件数 [0] + 现行有效件数 [11] = 13" in issue.message


@pytest.mark.parametrize(
    ("name", "applies"),
    [
        ("桑洲镇", True), ("中村乡", True), ("前进街道", True), ("宁海县", True), ("宿豫区", True), ("鄂托克旗", True),
        ("宿迁市", False), ("延边朝鲜族自治州", False), ("广西壮族自治区", False), ("江苏省", False),
        ("扶风县水利局", True), ("上海市黄浦区打浦桥街道", True), ("镇江市", False), ("新乡市财政局", False), ("宁波市镇海区", True),
        ("宁波市城乡建设局", False), ("浙江省乡村振兴局", False), ("天津市北辰区佳荣里街", True),
    ],
)  # fmt: skip
def test_who_may_not_make_regulations(name, applies):
    codes = {issue.code for issue in check(replace(suqian(), jurisdiction=name))}
    assert ("P1" in codes) == applies


@pytest.mark.parametrize(
    ("edition", "year", "wrong"), [("2021", 2023, False), ("2021", 2020, True), ("2019", 2021, True)]
)
def test_the_edition_belongs_to_the_year(edition, year, wrong):
    filing = Filing(FORMS[edition], "甲镇", year, "甲镇", {}, {}, Origin("甲镇.yaml"))
    issues = [issue for issue in check(filing) if issue.code == "E1"]
    assert [issue.severity for issue in issues] == ["error"] * wrong
    assert all(FORMS[edition].document in issue.message and str(year) in issue.message for issue in issues)


def test_blanks_are_reported_once_per_table():
    issues = [issue for issue in check(read_params(SANGZHOU, FORMS)) if issue.code == "B1"]
    assert [(issue.severity, issue.found) for issue in issues] == [("warning", "155 个空白"), ("warning", "12 个空白")]


def test_warnings_do_not_stop_a_report_and_errors_do():
    assert publishable(check(suqian()))
    assert not publishable(check(changed(suqian(), received__person="3403")))


def test_a_total_left_out_is_computed_from_its_parts():
    stated = changed(
        suqian(),
        received__total=None,
        outcome_of_total__person=None,
        outcome_of_total__total=None,
        cases__review_of_total=None,
    )
    filled = with_totals(stated)
    assert filled.values[CellRef("requests", "received", "total")] == 3511
    assert filled.values[CellRef("requests", "outcome.total", "person")] == 3375
    assert filled.values[CellRef("requests", "outcome.total", "total")] == 3486
    assert filled.values[CellRef("reviews", "cases", "review.total")] == 440
    assert len(filled.computed) == 4
    assert found(filled) == []


def test_a_sum_of_blanks_is_a_blank():
    sangzhou = read_params(SANGZHOU, FORMS)
    assert with_totals(sangzhou) is sangzhou


def test_a_figure_adds_up_as_a_number_and_prints_as_written():
    amount = Figure("9.2", "9.2万元")
    assert (amount + 1, str(amount), f"{amount}") == (10 + Figure("0.2"), "9.2万元", "9.2万元")
    again = pickle.loads(pickle.dumps(amount))
    assert (again, again.text) == (amount, "9.2万元")


def test_a_filing_survives_the_way_to_another_process():
    assert pickle.loads(pickle.dumps(suqian())) == suqian()


def test_a_filing_teaches_what_it_is():
    assert repr(suqian()) == "Filing(宿迁市 2023, 2021 edition, 200 cells)"


@settings(max_examples=examples(25))
@given(st.sampled_from(sorted(FORMS)).flatmap(lambda edition: filings(FORMS[edition])))
def test_filings_made_by_the_rules_keep_the_rules(filing):
    assert [issue.message for issue in check(filing) if issue.severity == "error"] == []


@settings(max_examples=examples(25))
@given(st.sampled_from(sorted(FORMS)).flatmap(lambda edition: filings(FORMS[edition])), st.data())
def test_any_totals_left_out_come_back_the_same(filing, data):
    dropped = data.draw(st.sets(st.sampled_from(sorted({rule.total for rule in filing.form.rules if rule.total}))))
    rest = {ref: figure for ref, figure in filing.values.items() if ref not in dropped}
    assert totals(filing.form.rules, rest) == {ref: filing.values[ref] for ref in dropped}
