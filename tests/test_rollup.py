"""A county's figures as the sum of its units': exact where they are, blank where they cannot be."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.checks import check_report, sums_of
from reportkit.errors import Origin, UserError
from reportkit.kinds import shipped_forms
from reportkit.messages.figures import check
from reportkit.messages.rollup import with_notes
from reportkit.model.filing import Figure, with_totals
from reportkit.model.rollup import combine, in_words, same
from reportkit.params.reader import read_params
from reportkit.params.writer import params_text
from support.counties import cell, complete, project_at, write
from support.laws import examples
from support.synthetic import filings

FORMS = shipped_forms()
ROW = "requests.received"
MONEY = "proactive.procurement:amount"
COUNTY = Origin("甲县")
# Several filings of two hundred cells take a while to draw.
LAW = settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def rolled(*units, form=None):
    return with_notes(combine(units, form or units[0].form, "甲县", units[0].year, COUNTY))


def towns(*numbers, name=f"{ROW}:total", year=2023):
    return [complete(f"合成{at}镇", year, {name: number}) for at, number in enumerate(numbers, 1)]


def test_cells_are_added_and_each_unit_s_share_is_known():
    county = rolled(*towns(3, 0, 2))
    ref = cell(f"{ROW}:total")
    assert (county.filing.jurisdiction, county.filing.year, county.filing.values[ref].text) == ("甲县", 2023, "5")
    assert in_words(county.shares[ref]) == "合成1镇 3 + 合成3镇 2"
    assert county.filing.notes == ()
    assert county.filing.narrative == {}


@LAW
@given(
    st.sampled_from(sorted(FORMS)).flatmap(lambda edition: st.lists(filings(FORMS[edition]), min_size=1, max_size=3))
)
def test_the_sum_of_valid_filings_is_a_valid_filing(units):
    # The generator states no units of money, without which amounts cannot be added.
    bare = cell(MONEY, "2019")
    units = [
        replace(unit, values={ref: figure for ref, figure in unit.values.items() if ref != bare}) for unit in units
    ]
    county = rolled(*units).filing
    assert [issue.message for issue in check(county) if issue.severity == "error"] == []
    assert all(county.values[ref] == sum(unit.values[ref] for unit in units) for ref in county.values)


@LAW
@given(
    st.sampled_from(sorted(FORMS)).flatmap(lambda edition: st.lists(filings(FORMS[edition]), min_size=2, max_size=3))
)
def test_sums_do_not_depend_on_how_units_are_grouped(units):
    bare = cell(MONEY, "2019")
    units = [
        replace(unit, values={ref: figure for ref, figure in unit.values.items() if ref != bare}) for unit in units
    ]
    first, *others = units
    assert rolled(rolled(first, *others[:-1]).filing, others[-1]).filing.values == rolled(*units).filing.values


def test_a_blank_counts_as_zero_and_is_told_and_a_sum_of_blanks_is_a_blank():
    name = "proactive.licences:decisions"
    county = rolled(*towns(3, None, name=name)).filing
    assert county.values[cell(name)] == 3
    assert [(issue.code, issue.found) for issue in county.notes] == [("R21", "合成2镇 1 格")]
    blank = rolled(*towns(None, None, name=name)).filing
    assert (cell(name) in blank.values, blank.notes) == (False, ())


def test_a_total_that_a_unit_left_out_is_computed_first():
    units = [complete("东镇", 2023, {f"{ROW}:person": 2, f"{ROW}:total": None}), complete("西镇", 2023)]
    assert rolled(*units).filing.values[cell(f"{ROW}:total")] == 2


def test_a_cell_that_one_unit_has_unread_is_not_added_nor_a_total_that_lacks_it():
    ref = cell(f"{ROW}:person")
    torn = complete("东镇", 2023, {f"{ROW}:person": None, f"{ROW}:total": None}, unread={ref: "约3"})
    county = rolled(torn, *towns(3)).filing
    assert county.unread.keys() == {ref, cell(f"{ROW}:total")}
    assert not county.unread.keys() & county.values.keys()
    (note,) = county.notes
    assert (note.code, note.ref, "东镇的数读不出来" in note.message) == ("R20", ref, True)


@pytest.mark.parametrize(
    ("amounts", "total"),
    [
        (["9.2万元", "251000元"], "34.3万元"),
        (["9.2万元", "0.80万元"], "10万元"),
        (["9.20万元", "0.15万元"], "9.35万元"),
        (["3元", "4.50元"], "7.5元"),
        (["1亿元", "1元"], "10000.0001万元"),
        (["8040", "0"], "8040"),
        (["0", "0"], "0"),
        (["0", "9.2万元"], "9.2万元"),
        (["8040", "9.2万元"], None),
        (["8040", "12"], None),
    ],
)
def test_amounts_of_money_are_added_in_their_units_or_not_at_all(amounts, total):
    ref = cell(MONEY, "2019")
    county = rolled(*towns(*amounts, name=MONEY, year=2019)).filing
    assert (county.values[ref].text if ref in county.values else None) == total
    assert [issue.code for issue in county.notes] == ([] if total else ["R20"])
    assert (ref in county.unread) == (total is None)


def test_fees_are_added_exactly_in_the_column_s_unit():
    county = rolled(*towns("59237.2449", "0.1万元", "0.0551", name="proactive.fees:amount")).filing
    assert county.values[cell("proactive.fees:amount")].text == "59237.4000"


def test_changes_are_added_with_their_signs():
    county = rolled(*towns("+19", "-7", "-20", name="proactive.licences:change", year=2019)).filing
    assert county.values[cell("proactive.licences:change", "2019")].text == "-8"


def test_cells_that_not_all_editions_have_are_not_added():
    new, old = (
        complete("东镇", 2021, {f"{ROW}:total": 1}),
        complete("西镇", 2021, {f"{ROW}:total": 2}, form=FORMS["2019"]),
    )
    county = rolled(new, old).filing
    assert county.values[cell(f"{ROW}:total")] == 3
    assert cell("requests.outcome.other.fee_not_paid:total") in county.unread
    assert {issue.code for issue in county.notes} == {"R20"}
    assert any("西镇的格式版本没有这一格" in issue.message for issue in county.notes)
    assert "R3" not in {issue.code for issue in check(county)}  # （六）其他处理 is not there to add up


@pytest.mark.parametrize(
    ("one", "other", "result"),
    [
        ("9.2万元", "92000元", True),
        ("9.2万元", "9.2元", False),
        ("9.2", "9.2万元", None),
        ("9.2", "9.2", True),
        ("0", None, True),
        ("5", "0", False),
    ],
)
def test_amounts_are_the_same_in_any_unit(one, other, result):
    ref = cell(MONEY, "2019")
    column = FORMS["2019"].tables["proactive"].cells[ref]
    figures = [text and Figure(text.rstrip("万元"), text) for text in (one, other)]
    assert same(*figures, column) is result


def test_a_sum_written_as_a_parameter_file_reads_as_the_same_sum(tmp_path):
    units = [
        with_totals(complete("东镇", 2023, {f"{ROW}:person": 3, f"{ROW}:total": 3})),
        complete("#西: 镇", 2023, {f"{ROW}:person": 1, f"{ROW}:total": 1}),
    ]
    county = rolled(*units)
    ref = cell(f"{ROW}:person")
    path = tmp_path / "甲县.yaml"
    path.write_text(params_text(county.filing, {ref: f"自然人：{in_words(county.shares[ref])}"}), encoding="utf-8")
    assert "# 自然人：东镇 3 + #西: 镇 1\n" in path.read_text(encoding="utf-8")
    again = read_params(path, FORMS)
    assert (again.values, again.notes, again.jurisdiction, again.year) == (county.filing.values, (), "甲县", 2023)


def test_a_folder_is_added_up_and_what_its_county_states_is_compared(tmp_path):
    project = project_at(tmp_path)
    for unit in towns(3, 2):
        write(project, "2023/甲县", unit)
    write(project, "2023", complete("甲县", 2023, {f"{ROW}:total": 4}))
    write(project, "2022/甲县", complete("合成9镇", 2022))
    added = sums_of(project, project.params / "2023/甲县")
    assert added.rolled.filing.values[cell(f"{ROW}:total")] == 5
    found = [(issue.code, issue.found, issue.expected) for issue in added.issues if issue.severity == "warning"]
    assert found == [("R18", "合成9镇", ""), ("R11", "4", "5")]


def test_a_folder_with_a_file_that_cannot_be_read_is_not_added_up(tmp_path):
    project = project_at(tmp_path)
    write(project, "2023/甲县", complete("东镇", 2023))
    write(project, "2023/甲县", complete("西镇", 2023)).write_text("", encoding="utf-8")
    added = sums_of(project, project.params / "2023/甲县")
    assert (added.rolled, [issue.code for issue in added.issues]) == (None, ["Y1"])


def test_files_of_several_years_are_not_added_up(tmp_path):
    project = project_at(tmp_path)
    write(project, "2023/甲县", complete("东镇", 2023))
    write(project, "2023/甲县", complete("西镇", 2022))
    with pytest.raises(UserError, match="several years"):
        sums_of(project, project.params / "2023/甲县")
    with pytest.raises(UserError, match="no parameter file"):
        sums_of(project, project.params / "2023/乙县")


@pytest.mark.parametrize(
    ("copy", "jurisdiction", "told"),
    [
        ("东镇.yml", "东镇", ["J4", "J4", "R23"]),
        ("东镇 - 副本.yaml", "东镇", ["J2", "R23"]),
        ("东 镇.yaml", "东 镇", ["R23"]),
        ("甲县.yaml", "甲县", ["R23"]),  # the sum itself, written into the folder
    ],
)
def test_a_jurisdiction_counts_once(tmp_path, copy, jurisdiction, told):
    project = project_at(tmp_path)
    (east, _) = (write(project, "2023/甲县", unit) for unit in (complete("东镇", 2023), complete("西镇", 2023)))
    written = east.read_text(encoding="utf-8")
    east.with_name(copy).write_text(written.replace("东镇", jurisdiction), encoding="utf-8")
    added = sums_of(project, east.parent)
    assert added.rolled is None
    assert [issue.code for issue in added.issues if issue.severity == "error"] == told
    assert copy in added.issues[-1].message
    # The check of the county does not add them up, either.
    county = write(project, "2023", complete("甲县", 2023, {f"{ROW}:total": 4}))
    (issue,) = [issue for issue in check_report(project, county, project.read(county)) if issue.code == "R11"]
    assert ("没有核对" in issue.message, copy in issue.message) == (True, True)


def test_units_with_errors_are_named(tmp_path):
    project = project_at(tmp_path)
    write(project, "2023/甲县", complete("东镇", 2023, {f"{ROW}:person": 1, f"{ROW}:total": 2}))
    write(project, "2022/甲县", complete("西镇", 2022, {"requests.carried_over:total": 3}))
    write(project, "2023/甲县", complete("西镇", 2023))  # which an error against last year keeps from being made, too
    write(project, "2023/甲县", complete("南镇", 2023))
    added = sums_of(project, project.params / "2023/甲县")
    assert added.wrong == ["东镇", "西镇"]
    assert {"R2", "R7"} <= {issue.code for issue in added.issues if issue.severity == "error"}
