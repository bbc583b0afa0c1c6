"""Filing -> what is published of it -> filing, for random valid filings of both editions.

The ways through the parameter file and the workbook have their laws in test_writers.py and test_workbook.py.
"""

import io
import random
import tempfile
from functools import cache
from pathlib import Path

import pypdf
import pypdfium2
from benchmarks.synthetic import Equations, Plausible
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import ROOT, examples
from reportkit.batch import build
from reportkit.errors import Origin
from reportkit.imports.published import read_published
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Filing
from reportkit.params.writer import params_text
from reportkit.project import Project, load_project, plan
from synthetic import TOWN

FORMS = shipped_forms()
EDITIONS, SEEDS = st.sampled_from(list(FORMS)), st.integers(0, 10**6)
FEW = settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = {
    "overview": "本镇按时公开各类信息。\n\n共3项，其中1项延期。\n",
    "problems": "一是更新不够及时。\n",
    "other": "无其他事项。\n",
}


@cache
def project() -> Project:
    folder = Path(tempfile.mkdtemp())
    (folder / "notebooks").mkdir()
    (folder / "notebooks/annual_report.ipynb").write_bytes((ROOT / "notebooks/annual_report.ipynb").read_bytes())
    return load_project(folder)


def published(filing: Filing, *formats: str) -> dict[str, bytes]:
    """The finished report's files, by format."""
    path = project().params / f"{filing.year}/{filing.jurisdiction}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(params_text(filing), encoding="utf-8")
    outcome = build(plan(project(), [path], formats)[0])
    assert (outcome.status, outcome.errors) == ("built", []), outcome.reason
    return {file.suffix[1:]: file.read_bytes() for file in outcome.files}


def town(edition: str, seed: int, *, blanks: bool) -> Filing:
    """A valid filing with words of its own; with `blanks`, some cells that are 0 and no totals are not filled in."""
    form, source = FORMS[edition], random.Random(seed)
    equations = Equations(form, TOWN)
    values = equations.with_totals(equations.values(Plausible(source)))
    if blanks:
        values = {
            ref: figure
            for ref, figure in values.items()
            if figure or "total" in f"{ref.row} {ref.column}" or source.random() < 0.7
        }
    return Filing(form, TOWN, form.years[0], f"{TOWN}人民政府", values, WORDS, Origin("synthetic.yaml", "1"))


def figures(filing) -> dict:
    return {ref: figure.text for ref, figure in filing.values.items()}


@FEW
@given(EDITIONS, SEEDS)
def test_our_page_reads_back_as_the_filing(edition, seed):
    filing = town(edition, seed, blanks=True)
    reading = read_published(published(filing, "html")["html"], "page.html", FORMS)
    assert (reading.form, reading.jurisdiction, reading.year) == (filing.form, filing.jurisdiction, filing.year)
    assert figures(reading) == figures(filing)
    assert {key: reading.narrative[key] for key in WORDS} == WORDS
    assert [note for note in reading.notes if note.severity == "error"] == []


@FEW
@given(EDITIONS, SEEDS)
def test_the_text_of_our_pdf_reads_back_as_the_filing(edition, seed):
    filing = town(edition, seed, blanks=False)
    body = published(filing, "pdf")["pdf"]
    for text in in_order(body), by_lines(body):
        reading = read_published(text.encode(), "report.txt", FORMS)
        assert (reading.form, reading.jurisdiction, reading.year) == (filing.form, filing.jurisdiction, filing.year)
        assert figures(reading) == figures(filing)


@FEW
@given(EDITIONS, SEEDS)
def test_what_the_text_of_a_pdf_has_lost_never_becomes_another_figure(edition, seed):
    body = published(filing := town(edition, seed, blanks=True), "pdf")["pdf"]
    for text in in_order(body), by_lines(body), laid_out(body):
        reading = read_published(text.encode(), "report.txt", FORMS)
        assert figures(reading).items() <= figures(filing).items()


def in_order(body: bytes) -> str:
    """A PDF's text in the order of the file."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)


def by_lines(body: bytes) -> str:
    """A PDF's text as a viewer copies it."""
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body))


def laid_out(body: bytes) -> str:
    """A PDF's text as it stands on the page; two narrow cells can become one number."""
    return "\f".join(page.extract_text(extraction_mode="layout") for page in pypdf.PdfReader(io.BytesIO(body)).pages)
