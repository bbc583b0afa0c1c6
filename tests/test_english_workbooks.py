"""A form that says `language: en`: its workbooks are English, and are read back; those of the official forms stay."""

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportkit.errors import CellRef, Origin
from reportkit.form_workbook.county import county_bytes
from reportkit.form_workbook.prefill import entries_of
from reportkit.form_workbook.sheet_words import expression
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.imports.workbook import read_workbook
from reportkit.kinds import Forms, load_form
from reportkit.model.filing import Figure, Filing
from reportkit.model.form import Form
from support.languages import speaking

HAN = re.compile("[\u3400-\u9fff]")

BUDGET = """\
edition: budget
language: en
years: [2020, null]
title: "Budget of {jurisdiction} {year}"
sections:
- {key: overview, heading: Overview}
- {key: roads, heading: Roads and paths, table: roads}
- {key: staff, heading: Staff, table: staff, parts: {who: who works here, pay: what is paid}}
- {key: other, heading: Other matters}
tables:
- key: roads
  blocks:
  - columns: [{label: Built, key: built}, {label: Mended, key: mended}, {label: Sum, key: sum}]
    rows: [{label: Roads, key: roads}, {label: Paths, key: paths}, {label: Both, key: both}]
- key: staff
  blocks: [{columns: [{label: Change, key: change, kind: change}, {label: Cost, key: cost, kind: amount, unit: 元}], rows: [{label: People, key: people}]}]
rules:
- {code: K1, label: built and mended are the sum, table: roads, per: row, left: [built, mended], right: [sum], total: right}
- {code: K2, label: roads and paths are both, table: roads, per: column, left: [roads, paths], right: [both]}
facts:
  open: {type: bool, label: Open to all}
  trainings: {type: int, label: Trainings}
"""


@pytest.fixture
def form(tmp_path: Path) -> Form:
    path = tmp_path / "budget.yaml"
    path.write_text(BUDGET, encoding="utf-8")
    return load_form(path)


@pytest.fixture
def filing(form: Form) -> Filing:
    numbers = {("roads", "built"): 3, ("roads", "mended"): 4, ("paths", "built"): 1, ("paths", "mended"): 0}
    values = {CellRef("roads", row, column): Figure(number) for (row, column), number in numbers.items()}
    facts = {"open": True, "trainings": 12}
    return Filing(form, "Larkmoor", 2023, "Larkmoor Council", values, {}, Origin("a"), facts=facts)


def texts(raw: bytes) -> list[str]:
    """All that a workbook says, formulas and what stands beside cells included, but for our own hidden sheet."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    found: list[Any] = [*book.sheetnames, book.properties.title]
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            found += [cell.value for row in sheet.iter_rows() for cell in row]
            for rule in sheet.data_validations.dataValidation:
                found += [rule.promptTitle, rule.prompt, rule.errorTitle, rule.error, rule.formula1]
    return [str(text) for text in found if text]


@pytest.mark.parametrize("locale", ["C.UTF-8", "zh_CN.UTF-8"])
def test_the_workbooks_of_an_english_form_are_english_whoever_makes_them(form, filing, locale):
    with speaking(locale):
        town, county = form_bytes(form, entries_of(filing)), county_bytes(form, [entries_of(filing)], 2023)
    said = texts(town) + texts(county)
    assert [text for text in said if HAN.search(text.replace("桑洲镇", "").replace("元", ""))] == []
    assert {"Reporting unit", "Publishing office", "Year", "Edition", "Text of the report", "Unit name"} <= set(said)
    assert "Budget: form to fill in" in said
    assert "Sums: roads and paths are both" in said
    assert "This section reports: who works here, what is paid" in said


def test_a_sheet_with_spaces_in_its_name_is_quoted_in_formulas(form, filing):
    said = texts(form_bytes(form, entries_of(filing)))
    (check,) = (text for text in said if "Nothing is filled in yet" in text)
    assert "COUNTIF('Roads and paths'!" in check
    assert '"off by *"' in check
    assert "='Reporting unit'!$B$3&\", \"&'Reporting unit'!$B$5" in said


def test_a_town_s_english_workbook_is_read_back(form, filing):
    forms = Forms({form.edition: form})
    (reading,) = read_workbook(form_bytes(form, entries_of(filing)), "a.xlsx", forms)
    assert (reading.jurisdiction, reading.year, reading.agency) == ("Larkmoor", 2023, "Larkmoor Council")
    assert {ref: figure.text for ref, figure in reading.values.items() if ref in filing.values} == {
        ref: figure.text for ref, figure in filing.values.items()
    }
    assert reading.facts == {"open": True, "trainings": 12}
    assert [note for note in reading.notes if note.severity == "error"] == []


def test_a_county_s_english_list_is_read_back(form, filing):
    forms = Forms({form.edition: form})
    (reading,) = read_workbook(county_bytes(form, [entries_of(filing)], 2023), "a.xlsx", forms)
    assert (reading.jurisdiction, reading.year, reading.agency) == ("Larkmoor", 2023, "Larkmoor Council")
    assert {ref: figure.text for ref, figure in reading.values.items() if ref in filing.values} == {
        ref: figure.text for ref, figure in filing.values.items()
    }
    assert reading.facts == {"open": True, "trainings": 12}


def test_quotation_marks_of_a_sentence_are_doubled_in_a_formula():
    assert expression('a "b" {value} c', value="A1") == '"a ""b"" "&A1&" c"'
