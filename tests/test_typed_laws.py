"""Forms with cells of all kinds: what a filing states comes back from its file, its workbooks and its pages."""

import random
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.form_workbook.county import county_bytes
from reportkit.form_workbook.prefill import entries_of
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.imports.published import read_published
from reportkit.imports.workbook import read_workbook
from reportkit.model.filing import Filing
from reportkit.model.reading import Hints, Reading
from reportkit.params.reader import read_params
from reportkit.params.writer import params_text
from reportkit.report.tables import style_table
from support.laws import examples
from support.published_variants import as_word, taken_apart
from support.typed_forms import stated, typed_filing, typed_form

SEEDS = st.integers(0, 10**6)
MANY = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def made(seed: int) -> Filing:
    with TemporaryDirectory() as folder:
        form = typed_form(seed, Path(folder))
    return typed_filing(form, seed)


def assert_same(reading: Filing | Reading, filing: Filing) -> None:
    """All that was stated is read, as the same; what was computed is read as just that, or left to be computed."""
    assert [note for note in reading.notes if note.severity == "error"] == []
    read = dict(reading.values)
    assert {ref: value for ref, value in read.items() if ref not in filing.computed} == stated(filing)
    assert {ref: value for ref, value in read.items() if ref in filing.computed}.items() <= filing.values.items()


def page(filing: Filing) -> str:
    """The report as its notebook prints it, without the look of a page."""
    parts = [f"<h1>{escape(filing.title)}</h1>"]
    for section in filing.form.sections:
        parts += [f"<h2>{section.heading}</h2>", f"<div>{style_table(filing, section.table.key)._html()}</div>"]
    return f"<html><body><main>{''.join(parts)}</main></body></html>"


@MANY
@given(SEEDS)
def test_a_parameter_file_says_what_the_filing_does(seed):
    filing = made(seed)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "白鹭镇.yaml"
        path.write_text(params_text(filing), encoding="utf-8")
        assert_same(read_params(path, {filing.form.edition: filing.form}), filing)


@MANY
@given(SEEDS)
def test_a_workbook_says_what_the_filing_does(seed):
    filing = made(seed)
    forms = {filing.form.edition: filing.form}
    for body in form_bytes(filing.form, entries_of(filing)), county_bytes(filing.form, [entries_of(filing)], 2024):
        (reading,) = read_workbook(body, "form.xlsx", forms, Hints())
        assert_same(reading, filing)


@MANY
@given(SEEDS)
def test_a_page_says_what_the_filing_does(seed):
    filing = made(seed)
    forms = {filing.form.edition: filing.form}
    assert_same(read_published(page(filing).encode(), "page.html", forms), filing)
    word = as_word(taken_apart(page(filing), []), random.Random(seed))
    assert_same(read_published(word, "report.docx", forms), filing)
