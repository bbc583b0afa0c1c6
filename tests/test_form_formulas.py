"""Formulas of a form: computed where a cell is left out, checked where it is stated, told where they mean nothing."""

from decimal import Decimal
from pathlib import Path

import pytest

from reportkit.errors import CellRef, FormError, Origin
from reportkit.form_workbook.prefill import entries_of
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.imports.workbook import read_workbook
from reportkit.kinds import load_form
from reportkit.kinds.comparison import _lines
from reportkit.kinds.kind_shapes import Compared
from reportkit.messages.figures import check
from reportkit.model.entries import read_value
from reportkit.model.filing import Filing, with_totals
from reportkit.model.form import Form
from reportkit.model.reading import Hints
from reportkit.model.rollup import combine
from reportkit.report.comparison.changes import change_text, percentage_text
from reportkit.report.narrative import NarrativeError, cell_prose, names
from reportkit.report.narrative.listing import names_of_filing
from support.workbooks import edited

FORM = """
edition: e
years: [2020, null]
title: "{jurisdiction} {year}"
language: en
sections: [{key: s, heading: Permits, table: t}]
tables:
  - key: t
    caption: Permits
    blocks:
      - columns:
          - {key: this, label: This year}
          - {key: last, label: Last year}
          - {key: change, label: Change, kind: change, formula: this − last}
          - {key: rate, label: Rate, kind: percent, format: {decimals: 1}, formula: (this - last) / last}
        rows: [{key: homes, label: Homes}, {key: solar, label: Solar}, {key: note, label: Note, kind: text}, {key: all, label: All}]
rules:
  - {code: T1, label: add up, table: t, per: column, left: [homes, solar], right: [all], total: right, only: [this, last]}
"""


def load(tmp_path: Path, text: str = FORM) -> Form:
    path = tmp_path / "e.yaml"
    path.write_text(text, encoding="utf-8")
    return load_form(path)


def filing_of(form: Form, cells: dict[str, str], town: str = "A") -> Filing:
    """A filing of one table: the text of each cell by `row.column`."""
    refs = {CellRef("t", *name.rsplit(".", 1)): text for name, text in cells.items()}
    values = {ref: read_value(text, form.cells[ref]) for ref, text in refs.items()}
    origins = {ref: Origin("a.yaml", 1) for ref in refs}
    return with_totals(Filing(form, town, 2024, "", values, {}, Origin("a.yaml", 1), origins))


def texts(filing: Filing) -> dict[str, str]:
    return {f"{ref.row}.{ref.column}": value.text for ref, value in filing.values.items() if ref in filing.computed}


def codes(filing: Filing) -> list[tuple[str, str]]:
    return [(issue.code, f"{issue.ref.row}.{issue.ref.column}") for issue in check(filing) if issue.ref]


def test_what_is_left_out_is_computed_after_the_totals_it_is_made_of(tmp_path):
    filing = filing_of(
        load(tmp_path), {"homes.this": "118", "homes.last": "130", "solar.this": "66", "solar.last": "51"}
    )
    assert texts(filing) == {
        "all.this": "184", "all.last": "181", "homes.change": "-12", "homes.rate": "-9.2%", "solar.change": "15",
        "solar.rate": "29.4%", "all.change": "3", "all.rate": "1.7%",
    }  # fmt: skip
    assert filing.figures[CellRef("t", "homes", "rate")] == Decimal("-0.092")
    assert codes(filing) == []


def test_a_difference_of_a_blank_is_a_blank_and_a_division_by_zero_is_told(tmp_path):
    filing = filing_of(load(tmp_path), {"homes.this": "5", "homes.last": "0", "solar.this": "66"})
    assert texts(filing) == {"all.this": "71", "all.last": "0", "homes.change": "5", "all.change": "71"}
    assert codes(filing) == [("F2", "homes.rate"), ("F2", "all.rate")]
    told = next(issue for issue in check(filing) if issue.code == "F2")
    assert "(this - last) / last divides by 0 (This year [5], Last year [0])" in told.in_language("en").message


@pytest.mark.parametrize(
    ("stated", "wrong"),
    [
        ({"homes.rate": "-9.2%"}, []),
        ({"homes.rate": "-9.23%"}, []),
        ({"homes.rate": "-9.24%"}, ["homes.rate"]),
        ({"homes.rate": "-9%"}, ["homes.rate"]),
        ({"homes.change": "-12"}, []),
        ({"homes.change": "-11"}, ["homes.change"]),
    ],
)
def test_what_is_stated_is_checked_to_the_decimals_it_is_printed_with(tmp_path, stated, wrong):
    filing = filing_of(load(tmp_path), {"homes.this": "118", "homes.last": "130", **stated})
    assert [cell for code, cell in codes(filing) if code == "F1"] == wrong


def test_what_cannot_stand_in_its_cell_is_told(tmp_path):
    form = load(
        tmp_path,
        FORM.replace("kind: change, formula", "kind: count, negative: false, formula").replace("negative: false, ", ""),
    )
    filing = filing_of(form, {"homes.this": "118", "homes.last": "130"})
    assert ("F3", "homes.change") not in codes(filing)  # a cell that is computed may be below zero
    strict = load(tmp_path, FORM.replace("kind: change, formula", "kind: number, negative: false, formula"))
    assert ("F3", "homes.change") in codes(filing_of(strict, {"homes.this": "118", "homes.last": "130"}))


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("this - before", "formula 'this - before': nothing is called 'before'; there is ['this', 'last', 'change', 'rate']"),
        ("this - ", "ends too early"),
        ("(this - last", "a bracket is not closed"),
        ("this last", "'last' is one too many there"),
        ("this ^ 2", "'^' is no sign of a formula; there is + − × ÷ ( )"),
        ("this / 0", "divides by zero"),
        ("this / (2 - 2)", "divides by zero"),
        ("this / (1 / 0)", "divides by zero"),
        ("1 + 2", "names no cell"),
        ("", "ends too early"),
        ("rate + 1", "[homes, rate] is computed from itself: [homes, rate] → [homes, rate]; take one of them out"),
        ("this.__class__", "nothing is called 'this.__class__'"),
        ("(" * 30 + "this" + ")" * 30, "has more brackets than anybody can read"),
        ("this" + " + this" * 200, "is longer than 500 characters"),
    ],
)  # fmt: skip
def test_a_formula_that_means_nothing_is_told_with_its_line(tmp_path, formula, words):
    with pytest.raises(FormError) as caught:
        load(tmp_path, FORM.replace("formula: (this - last) / last", f'formula: "{formula}"'))
    assert "e.yaml:15: " in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (", only: [this, last]", "", "formula 'this − last': rule T1 computes t[all, change], too; narrow the rule by only"),
        ("label: All", "label: All, formula: homes - solar", "formula 'homes - solar': 'this − last' computes [all, change], too"),
        ("formula: this − last", "formula: rate * last", "is computed from itself: [homes, change] → [homes, rate] → [homes, change]"),
        ("label: Last year", "label: Last year, kind: text", "formula 'this − last': 'last' is text in [homes, last], and no number"),
        ("label: Last year", "label: Last year, kind: amount", "'last' are in any unit of money; add a unit to them"),
        ("kind: change, formula", "children: [{key: x, label: X}], formula", "Change: a formula stands at a row or a column"),
        ("caption: Permits", "caption: Permits\n    cells: [{row: note, column: this, formula: last}]", "text is no number, and is not computed"),
    ],
)  # fmt: skip
def test_formulas_that_contradict_each_other_are_told(tmp_path, old, new, words):
    text = FORM.replace("formula: (this - last) / last", "formula: change / last") if "rate * last" in new else FORM
    with pytest.raises(FormError, match=r"e\.yaml:\d+: ") as caught:
        load(tmp_path, text.replace(old, new, 1))
    assert words in str(caught.value)


def test_a_cell_s_own_formula_goes_before_those_of_its_row_and_column(tmp_path):
    text = FORM.replace(", only: [this, last]", ", only: [last]").replace(
        "label: All", "label: All, formula: homes + solar"
    )
    cells = """
    cells:
      - {row: all, column: change, formula: this - last}
      - {row: all, column: last, formula: 2 × homes}
      - {row: all, column: rate, formula: change ÷ last}"""
    text = text.replace("    caption: Permits", f"    caption: Permits{cells}").replace("only: [last]", "only: []")
    filing = filing_of(load(tmp_path, text), {"homes.this": "10", "homes.last": "5", "solar.this": "7"})
    assert {name: text for name, text in texts(filing).items() if name.startswith("all")} == {
        "all.this": "17", "all.last": "10", "all.change": "7", "all.rate": "70%",
    }  # fmt: skip


def test_a_workbook_computes_and_the_result_is_read_back_only_as_long_as_it_holds(tmp_path):
    form = load(tmp_path)
    filing = filing_of(form, {"homes.this": "118", "homes.last": "130", "solar.this": "66", "solar.last": "0"})
    body = form_bytes(form, entries_of(filing))
    (reading,) = read_workbook(body, "f.xlsx", {"e": form}, Hints())
    assert dict(reading.values) == dict(filing.values)

    def tampered(book):
        book[book.sheetnames[1]]["D4"] = "=B4-C4+1"

    (reading,) = read_workbook(edited(body, tampered), "f.xlsx", {"e": form}, Hints())
    errors = [(issue.code, issue.ref) for issue in reading.notes if issue.severity == "error"]
    assert errors == [("W13", CellRef("t", "homes", "change"))]

    def other(book):
        book[book.sheetnames[1]]["B4"] = 119

    (reading,) = read_workbook(edited(body, other), "f.xlsx", {"e": form}, Hints())
    assert CellRef("t", "homes", "change") not in reading.values  # without a saved result it is computed anew


def test_a_county_s_rates_are_computed_from_its_sums(tmp_path):
    form = load(tmp_path)
    one = filing_of(form, {"homes.this": "10", "homes.last": "5", "note.this": "fine"}, "A")
    other = filing_of(form, {"homes.this": "2", "homes.last": "5"}, "B")
    rolled = combine([one, other], form, "C", 2024, Origin("c", 1))
    assert {f"{ref.row}.{ref.column}": value.text for ref, value in rolled.filing.values.items()} == {
        "homes.this": "12", "homes.last": "10", "all.this": "12", "all.last": "10", "homes.change": "2", "homes.rate": "20%",
        "all.change": "2", "all.rate": "20%",
    }  # fmt: skip
    assert CellRef("t", "homes", "rate") not in rolled.shares


def test_a_sentence_has_the_number_and_prints_it_as_the_table_does(tmp_path):
    form = load(tmp_path, FORM.replace("{decimals: 1}", "{decimals: 1, plus: true}"))
    filing = filing_of(
        form, {"homes.this": "10", "homes.last": "5", "note.this": "fine", "solar.this": "1", "solar.last": "0"}
    )
    known = names(filing)
    said = "{{ t.homes.rate }} {{ t.homes.rate + 1 }} {{ t.note.this }}{{ t.note.last }} {{ t.solar.rate is none }}"
    assert cell_prose(said.replace("is none", "is none and 'blank'"), known, "s") == "<p>+100.0% 2.000 fine blank</p>\n"
    with pytest.raises(NarrativeError):
        cell_prose("{{ t.solar.rate }}", known, "s")
    listed = {one.name: one.value for one in names_of_filing(known, filing)}
    assert (listed["t.homes.rate"], listed["t.solar.rate"], listed["t.note.this"]) == ("+100.0%", "", "fine")


def test_a_percentage_is_compared_in_points_and_a_change_printed_as_its_figures_are(tmp_path):
    form = load(
        tmp_path,
        FORM.replace("label: This year", "label: This year, kind: money, currency: USD, format: {symbol: true}"),
    )
    now = filing_of(form, {"homes.this": "12.5", "homes.last": "10", "note.this": "fine"})
    before = filing_of(form, {"homes.this": "11", "homes.last": "10", "note.this": "fine"})
    wanted = [Compared("t", ("homes",), ("this", "rate")), Compared("t", ("note",), ("this",))]
    lines = list(_lines(wanted, now, before))
    assert [(change_text(line, str), percentage_text(line)) for line in lines] == [
        ("+$1.5", "+13.6%"),
        ("+15 points", "—"),
    ]


def test_shares_that_do_not_make_the_whole_are_told_in_percent(tmp_path):
    text = FORM.replace(
        "only: [this, last]}",
        "only: [this, last]}\n  - {code: T2, label: shares, table: t, per: column, left: [homes, solar], right: [all], only: [rate], tolerance: 0.001}",
    )
    text = text.replace("kind: percent, format: {decimals: 1}, formula: (this - last) / last", "kind: percent")
    filing = filing_of(load(tmp_path, text), {"homes.rate": "50%", "solar.rate": "48.5%", "all.rate": "100%"})
    told = next(issue for issue in check(filing) if issue.code == "T2")
    assert (told.found, told.expected) == ("98.5%", "100%")
    assert "Homes [50%] + Solar [48.5%] = 98.5%" in told.in_language("en").message


def test_two_tables_of_one_key_are_told(tmp_path):
    more = "  - {key: t, caption: Other, blocks: [{columns: [{key: a, label: A}], rows: [{key: r, label: R}]}]}"
    with pytest.raises(FormError, match=r"e\.yaml:\d+: another table is called t, too; give each a key of its own"):
        load(tmp_path, FORM.replace("rules:", f"{more}\nrules:"))


def test_a_sentence_has_a_day_as_a_date_and_a_blank_sum_as_zero(tmp_path):
    text = FORM.replace(
        "label: Note, kind: text", 'label: Note, kind: date, format: {date: "{monthname} {day}, {year}"}'
    )
    text = text.replace("kind: change, formula: this − last", "kind: change, formula: this + last")
    known = names(filing_of(load(tmp_path, text), {"note.this": "2024-01-05"}))
    said = "{{ t.note.this }} {{ t.note.this.year }} {{ t.note.last is none and 'blank' }} {{ t.homes.change }}"
    assert cell_prose(said, known, "s") == "<p>January 5, 2024 2024 blank 0</p>\n"


def test_a_row_of_totals_has_its_own_rate(tmp_path):
    text = FORM.replace("label: All", "label: All, formula: homes + solar")
    form = load(tmp_path, text.partition("rules:")[0])
    filing = filing_of(form, {"homes.this": "10", "homes.last": "5", "solar.this": "7", "solar.last": "15"})
    assert {name: text for name, text in texts(filing).items() if name.startswith("all")} == {
        "all.this": "17", "all.last": "20", "all.change": "-3", "all.rate": "-15%",
    }  # fmt: skip
