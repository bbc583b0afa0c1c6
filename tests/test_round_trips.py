"""Filing -> what is published of it -> filing, for random valid filings of both editions.

The ways through the parameter file and the workbook have their laws in test_writers.py and test_workbook.py.
"""

import io

import pypdf
import pypdfium2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.imports.published import read_published
from support.laws import examples
from support.round_trips import FORMS, WORDS, published, town

EDITIONS, SEEDS = st.sampled_from(list(FORMS)), st.integers(0, 10**6)
FEW = settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.too_slow])


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
