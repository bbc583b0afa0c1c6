"""What a form says of the year before: cells that are carried over, and lines that are compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportkit.checks import check_report
from reportkit.errors import CellRef, FormError, Issue
from reportkit.kinds import load_form
from reportkit.kinds.carry_over import carry_over, is_only_begun
from reportkit.kinds.comparison import table_lines
from reportkit.project import Project, load_project
from reportkit.project.new_year import begin
from support.commands import reportkit

FORM = """
edition: cases
language: en
years: [2000, null]
title: "Cases of {jurisdiction}, {year}"
sections: [{key: cases, heading: Cases, table: cases}, {key: fleet, heading: Fleet, table: fleet}]
tables:
  - key: cases
    blocks:
      - columns:
          - {key: homes, label: Homes}
          - {key: shops, label: Shops}
          - {key: all, label: All}
        rows:
          - {key: before, label: Open before}
          - {key: new, label: New}
          - label: Closed
            key: closed
            children: [{key: granted, label: Granted}, {key: refused, label: Refused}]
          - {key: open, label: Open}
  - key: fleet
    blocks:
      - columns: [{key: this, label: This year}, {key: last, label: Last year}]
        rows: [{key: cars, label: Cars}, {key: boats, label: Boats}]
rules:
  - {code: K1, label: all, table: cases, per: row, left: [homes, shops], right: [all], total: right}
"""
CARRY = "carry: [{cell: cases.before, from: cases.open}, {cell: 'fleet[*, last]', from: 'fleet[*, this]'}]\n"
COMPARE = "compare: {rows: [cases.new, closed, boats], columns: [all, this]}\n"
TOWN = """
edition: cases
year: {year}
jurisdiction: Quayside
figures:
  Cases:
    Open before: [{before}, 1, ~]
    New: [4, 2, ~]
    Closed: {{Granted: [3, 1, ~], Refused: [0, 1, ~]}}
    Open: [3, 1, ~]
  Fleet: {{Cars: [{cars}, 7], Boats: [2, 2]}}
"""


def office(root: Path, form: str, before: str = "3", cars: str = "8") -> Project:
    (root / "forms").mkdir()
    (root / "forms/cases.yaml").write_text(form, encoding="utf-8")
    for year, figures in ((2023, {"before": "2", "cars": "7"}), (2024, {"before": before, "cars": cars})):
        (root / f"params/{year}").mkdir(parents=True)
        text = TOWN.format(year=year, **figures)
        (root / f"params/{year}/Quayside.yaml").write_text(text, encoding="utf-8")
    return load_project(root)


def found(project: Project) -> list[Issue]:
    path = project.params / "2024/Quayside.yaml"
    return [one for one in check_report(project, path, project.read(path)) if one.code == "R24"]


def test_what_is_carried_over_is_last_year_s(tmp_path):
    assert found(office(tmp_path, FORM + CARRY)) == []


def test_another_figure_is_told_with_both_cells(tmp_path):
    project = office(tmp_path, FORM + CARRY, before="5")
    total, homes = found(project)
    assert (total.ref, total.found, total.expected) == (CellRef("cases", "before", "all"), "6", "4")
    assert homes.in_language("en").message == (
        'Cases "Open before" of "Homes" is [5], and should be 3: Cases "Open" of "Homes" in the report of 2023 '
        "(last year: 2023/Quayside.yaml:10). Check the figures of both years"
    )


def test_without_the_entry_nobody_asks(tmp_path):
    assert found(office(tmp_path, FORM, before="5")) == []


def test_a_new_year_begins_with_what_is_carried_over(tmp_path):
    project = office(tmp_path, FORM + CARRY)
    made = begin(project, project.params / "2024/Quayside.yaml", 2025).made
    stated = {f"{ref.table}.{ref.row}.{ref.column}": str(figure) for ref, figure in made.filing.values.items()}
    assert stated == {
        "cases.before.homes": "3", "cases.before.shops": "1", "fleet.cars.last": "8", "fleet.boats.last": "2",
    }  # fmt: skip
    assert is_only_begun(made.filing)
    assert "Open before: [3, 1, ~]" in made.text


def test_only_the_total_carried_over_is_a_hint_in_the_form_s_language(tmp_path):
    project = office(tmp_path, FORM + CARRY)
    path = project.params / "2024/Quayside.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Open: [3, 1, ~]", "Open: [~, ~, 4]"), encoding="utf-8")
    over = carry_over(project.forms["cases"], project.read(path))
    assert over.hints == {CellRef("cases", "before", "all"): "carried over from last year: 4"}
    assert CellRef("cases", "before", "homes") in over.lost


def test_what_is_compared_is_what_the_form_says_and_all_totals_else(tmp_path):
    project = office(tmp_path, FORM + COMPARE)
    now, before = (project.read(project.params / f"{year}/Quayside.yaml") for year in (2024, 2023))
    lines = [(line.labels, str(line.now), str(line.before)) for line in table_lines(now, before)]
    assert lines == [
        (("New", "All"), "6", "6"), (("Closed", "All"), "5", "5"), (("Boats", "This year"), "2", "2"),
    ]  # fmt: skip
    (project.forms_folder / "cases.yaml").write_text(FORM, encoding="utf-8")
    project = load_project(tmp_path)
    now, before = (project.read(project.params / f"{year}/Quayside.yaml") for year in (2024, 2023))
    assert [line.labels for line in table_lines(now, before) if line.table == "cases"] == [
        ("Open before", "All"), ("New", "All"), ("Closed", "Granted", "All"), ("Closed", "Refused", "All"), ("Open", "All"),
    ]  # fmt: skip


def test_a_column_alone_is_compared_in_all_rows_of_its_table(tmp_path):
    path = tmp_path / "form.yaml"
    path.write_text(f"{FORM}compare: {{columns: [this]}}\n", encoding="utf-8")
    assert load_form(path).compared == (("fleet", "cars", "this"), ("fleet", "boats", "this"))


WRONG = [
    ("carry: [{cell: cases, from: cases.open}]", r":27: cell is 'cases'; cells are table\.row .* or table\[row, column\]"),
    ("carry: [{cell: cases.befor, from: cases.open}]", r":27: cases\.befor: no such cell with a number; the rows are before, new"),
    ("carry: [{cell: cases.before, from: case.open}]", r":27: case\.open: no table 'case'; the tables are cases, fleet"),
    ("carry: [{cell: 'cases[before, all]', from: cases.open}]", r":27: .* do not name as many cells"),
    ("carry: [{cell: cases.before, from: fleet.cars}]", r":27: .* have no row and no column in common"),
    ("compare: {rows: [cases.newer]}", r":27: no table has 'cases\.newer'; there is before, new"),
    ("compare: {columns: [that]}", r":27: no table has 'that'; there is homes, shops, all, this, last"),
    ("compare: all", r":27: compare is a mapping with columns, rows, found 'all'"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "said"), WRONG)
def test_what_is_wrong_with_an_entry_is_told_with_its_line(tmp_path, entry, said):
    path = tmp_path / "form.yaml"
    path.write_text(f"{FORM}{entry}\n", encoding="utf-8")
    with pytest.raises(FormError, match=said):
        load_form(path)


@pytest.mark.slow
def test_the_comparison_is_printed(tmp_path):
    """Makes a report with it."""
    office(tmp_path, FORM + CARRY + COMPARE)
    (tmp_path / "reportkit.toml").write_text("compare = true\n", encoding="utf-8")
    built = reportkit(tmp_path, "build", "params/2024", "--to", "html", "--jobs", "1")
    assert built.returncode == 0, built.stdout
    assert "Closed" in (tmp_path / "dist/2024/Quayside.html").read_text(encoding="utf-8")
