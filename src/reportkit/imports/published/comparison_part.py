"""The part that our own reports may end with, this year beside last year: no part of the form, and read by nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from reportkit.documents.document import Document, Paragraph
from reportkit.model.form import Form
from reportkit.model.reading import COMPARISON
from reportkit.model.spelling import normal
from reportkit.translation import gettext_in


def without_appendix(document: Document, forms: Mapping[str, Form]) -> Document:
    """Return the document up to the comparison with the year before.

    Where a section of a report follows it, that is not the end, and the document stays as it is.
    """
    texts = [normal(block.text) if isinstance(block, Paragraph) else "" for block in document.blocks]
    headings = {normal(gettext_in(language, COMPARISON)) for language in ("en", "zh")}
    at = next((number for number, text in enumerate(texts) if text in headings), None)
    if at is None:
        return document
    sections = chain.from_iterable(form.sections for form in forms.values())
    if any(normal(section.heading) in texts[at:] for section in sections):
        return document
    return replace(document, blocks=document.blocks[:at])
