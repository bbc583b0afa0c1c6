"""Rules of a form: over cells of any table, and facts, with factors, a bound or a tolerance."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.checks import check
from reportkit.errors import CellRef, FormError, Issue, Origin
from reportkit.form_workbook.equation_formulas import broken_formula, check_formula
from reportkit.kinds import load_form
from reportkit.model.equations import breaches
from reportkit.model.filing import Figure, Filing
from reportkit.model.form import Form
from reportkit.model.rule import Rule, Term

FORM = """\
edition: 年报
years: [2020, null]
title: "{jurisdiction}{year}年度报告"
sections:
  - {key: budget, heading: 一、收支, table: budget}
  - {key: staff, heading: 二、人员, table: staff}
tables:
  - key: budget
    blocks:
      - columns: [{key: planned, label: 预算数, kind: amount, unit: 万元}, {key: spent, label: 决算数, kind: amount, unit: 万元}]
        rows: [{key: income, label: 收入合计}, {key: expense, label: 支出合计}]
  - key: staff
    blocks:
      - columns: [{key: people, label: 人数}]
        rows: [{key: posts, label: 编制}, {key: actual, label: 实有}, {key: half, label: 半日制}]
facts:
  trained: {type: int, label: 培训人次}
  note: {type: str}
rules:
  - RULE
"""  # fmt: skip

HALVES = (
    '{code: K1, label: 半日制折半计, left: ["staff[actual, people]", "0.5*staff[half, people]"], '
    'right: ["staff[posts, people]"], sign: "<="}'
)
TRAINED = '{code: K1, label: 人均两次, left: ["2*staff[actual, people]"], right: [facts.trained], severity: warning}'
BALANCED = (
    '{code: K1, label: 收支平衡, left: ["budget[income, spent]"], right: ["budget[expense, spent]"], tolerance: 0.05}'
)
BY_ROW = '{code: K1, label: 决算不超两倍, table: budget, per: row, left: [spent], right: [2*planned], sign: "<="}'


def form(tmp_path: Path, rule: str) -> Form:
    path = tmp_path / "form.yaml"
    path.write_text(FORM.replace("RULE", rule), encoding="utf-8")
    return load_form(path)


def told(form: Form, cells: Mapping[str, str], facts: Mapping[str, Any] | None = None) -> list[Issue]:
    """What a check says of a filing with these cells ("staff.actual.people"), by the form's rule."""
    values = {CellRef(*name.split(".")): Figure(text) for name, text in cells.items()}
    origins: dict[Any, Origin] = {ref: Origin("甲镇.yaml", line) for line, ref in enumerate(values, 10)}
    origins |= {f"facts.{name}": Origin("甲镇.yaml", line) for line, name in enumerate(facts or (), 2)}
    filing = Filing(form, "甲镇", 2024, "", values, {}, Origin("甲镇.yaml", 1), origins, facts=facts or {})
    return [issue for issue in check(filing) if issue.code == "K1"]


@pytest.mark.parametrize(
    ("rule", "cells", "facts", "sentence"),
    [
        (HALVES, {"staff.actual.people": "9", "staff.half.people": "2", "staff.posts.people": "10"}, None, None),
        (HALVES, {"staff.actual.people": "8", "staff.half.people": "2", "staff.posts.people": "10"}, None, None),
        (
            HALVES, {"staff.actual.people": "9", "staff.half.people": "3", "staff.posts.people": "10"}, None,
            "人员 “人数”：实有 [9] + 半日制 [3] × 0.5 = 10.5，不应超过 编制 [10] = 10。规则：半日制折半计。请更正其中的数",
        ),
        (TRAINED, {"staff.actual.people": "9"}, {"trained": 18}, None),
        (
            TRAINED, {"staff.actual.people": "9"}, {"trained": 17},
            "人员：实有，人数 [9] × 2 = 18，而 培训人次 [17] = 17。规则：人均两次。请更正其中的数",
        ),
        (TRAINED, {"staff.actual.people": "9"}, None, None),
        (BALANCED, {"budget.income.spent": "10.05", "budget.expense.spent": "10"}, None, None),
        (BALANCED, {"budget.income.spent": "9.95", "budget.expense.spent": "10"}, None, None),
        (
            BALANCED, {"budget.income.spent": "10.06", "budget.expense.spent": "10"}, None,
            "收支 “决算数”：收入合计 [10.06] = 10.06，而 支出合计 [10] = 10（允许相差 0.05）。规则：收支平衡。请更正其中的数",
        ),
        (
            BY_ROW, {"budget.income.planned": "3", "budget.income.spent": "7"}, None,
            "收支 “收入合计”：决算数 [7] = 7，不应超过 预算数 [3] × 2 = 6。规则：决算不超两倍。请更正其中的数",
        ),
    ],
)  # fmt: skip
def test_a_rule_over_cells_and_facts_is_told_with_both_sides(tmp_path, rule, cells, facts, sentence):
    assert [issue.message for issue in told(form(tmp_path, rule), cells, facts)] == ([sentence] if sentence else [])


def test_a_broken_rule_is_told_at_the_line_of_the_fact_that_was_stated(tmp_path):
    (issue,) = told(form(tmp_path, TRAINED), {"staff.actual.people": "9"}, {"trained": 17})
    assert (issue.severity, issue.origin) == ("warning", Origin("甲镇.yaml", 2))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('{code: K1, label: x, left: ["staff[no, people]"], right: []}', "rule K1: nothing is called '[no, people]'"),
        ('{code: K1, label: x, left: ["none[a, b]"], right: []}', "rule K1: no table 'none'"),
        ("{code: K1, label: x, left: [facts.note], right: []}", "rule K1: nothing is called 'note'; there is trained"),
        ("{code: K1, label: x, left: [people], right: []}", "with or without a factor (2*…); found 'people'"),
        ('{code: K1, label: x, table: staff, left: ["staff[half, people]"], right: []}', "table and per belong together"),
        ('{code: K1, label: x, left: ["staff[half, people]"], right: [facts.trained], total: right}', "only a rule with"),
        ("{code: K1, label: x, table: budget, per: row, left: [spent], right: [2*planned], total: right}", "is computed"),
        ("{code: K1, label: x, table: budget, per: row, left: [spent], right: [], total: right}", "is computed"),
        ("{code: K1, label: x, table: budget, per: row, left: [spent], right: [], only: [incom]}", "nothing is called 'incom'"),
        ('{code: K1, label: x, left: ["staff[half, people]"], right: [], sign: ">="}', "is = or <="),
        ('{code: K1, label: x, left: ["staff[half, people]"], right: [], tolerance: -1}', "tolerance"),
        ("{code: K1, label: x, left: [], right: []}", "left"),
    ],
)  # fmt: skip
def test_a_rule_that_the_form_cannot_have_is_told_with_its_entry(tmp_path, rule, words):
    with pytest.raises(FormError) as error:
        form(tmp_path, rule)
    assert words in str(error.value)
    assert "form.yaml" in str(error.value)


def test_a_rule_is_narrowed_to_lines_as_its_sides_name_them(tmp_path):
    made = form(
        tmp_path, '{code: K1, label: x, table: staff, per: row, left: [people], right: [], only: ["h*", posts]}'
    )
    assert [term.ref.row for rule in made.rules for term in rule.left] == ["posts", "half"]


def test_no_table_is_called_as_the_facts_are_where_there_are_any(tmp_path):
    path = tmp_path / "form.yaml"
    path.write_text(FORM.replace("  - RULE\n", "  []\n").replace("budget", "facts"), encoding="utf-8")
    with pytest.raises(FormError, match="no table of a form with facts can be called facts"):
        load_form(path)


A, B, C = (CellRef("t", "r", name) for name in "abc")
NUMBERS = st.decimals(-1000, 1000, allow_nan=False, places=2)
FACTORS = st.sampled_from([Decimal("0.5"), Decimal(1), Decimal(3)])


@given(NUMBERS, NUMBERS, NUMBERS, FACTORS, st.sampled_from(["=", "<="]), st.decimals(0, 50, places=2))
def test_a_rule_holds_where_its_sides_are_so_near(a, b, c, factor, sign, tolerance):
    rule = Rule("K1", "", "error", "", (Term(A), Term(B, factor)), (Term(C),), sign=sign, tolerance=tolerance)
    over = a + factor * b - c
    holds = over <= tolerance if sign == "<=" else abs(over) <= tolerance
    assert (breaches([rule], {A: a, B: b, C: c}) == []) is holds


def test_a_workbook_checks_what_the_rule_says():
    where = {A: (1, 1), B: (2, 1), C: (3, 1)}.__getitem__
    rule = Rule("K1", "", "error", "", (Term(A), Term(B, Decimal("0.5"))), (Term(C),), sign="<=")
    filled = 'OR(COUNT(B2:B3)=0,COUNT(B4)=0),""'
    over = "(SUM(B2)+0.5*N(B3))-SUM(B4)"
    assert check_formula(rule, where, "差{difference}") == f'=IF({filled},IF({over}<=0,"√","差"&({over})))'
    fixed = "(SUM($B$2)+0.5*N($B$3))-SUM($B$4)"
    assert broken_formula(rule, where) == f"=AND(COUNT($B$2:$B$3)>0,COUNT($B$4)>0,{fixed}>0)"
