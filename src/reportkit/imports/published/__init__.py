"""A published report -> Reading: HTML, plain text, Word or the text of a PDF, with no figure that is not certain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reportkit.documents.document import Document, Paragraph, Picture
from reportkit.documents.plain_text import text_document
from reportkit.errors import CellRef, Issue, Origin, ReaderError, UnreadableError
from reportkit.imports.published.comparison_part import without_appendix
from reportkit.imports.published.editions import Attempt, attempts, chosen, likeliest
from reportkit.imports.published.figures import Figures, merged
from reportkit.imports.published.sections import Sections, sections
from reportkit.imports.published.title import Whose, whose
from reportkit.imports.reader_issues import issues_of, raising_issues
from reportkit.messages.words import issue
from reportkit.model.form import Form
from reportkit.model.reading import Hints, Reading

__all__ = ["read_document", "read_published", "read_text"]

_NO_HINTS = Hints()
_MOST_LINES, _MOST_CHARACTERS = 50_000, 500_000
"""The longest reports have some 1,000 lines and 30,000 characters."""

_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|div|p|table|tr|td|span|font)\b", re.IGNORECASE)
_TABLE_TAG = re.compile(r"<(/?)table\b", re.IGNORECASE)
_END = re.compile(r"</(?:html|body|table|div|p|section|article|main|footer)\s*>$", re.IGNORECASE)


@raising_issues()
def read_published(raw: bytes, path: str, forms: Mapping[str, Form], hints: Hints = _NO_HINTS) -> Reading:
    """Return what a published report says, whatever format its bytes are.

    Raises ReaderError, with everything that is wrong, if the format is not one that is read, if it has no table, if its
    tables are pictures or their cells have run together, or if nothing tells the edition.
    """
    from reportkit.documents.encoding import decoded
    from reportkit.documents.unread_formats import refused
    from reportkit.documents.word import word_document

    origin = Origin(path)
    if trouble := refused(raw, origin):
        raise UnreadableError(trouble)
    if raw.startswith(b"PK"):
        return read_document(word_document(raw, path), forms, hints)
    text, troubles = decoded(raw, origin)
    return read_text(text, path, forms, hints, issues_of(troubles))


@raising_issues()
def read_text(
    text: str,
    path: str,
    forms: Mapping[str, Form],
    hints: Hints = _NO_HINTS,
    notes: Sequence[Issue] = (),
) -> Reading:
    """Return what the text of a report says: HTML if it has tags, plain text otherwise.

    Raises ReaderError as read_published does.
    """
    if not _HTML.search(text):
        closed = text.rstrip().endswith("|")
        return read_document(text_document(text, path), forms, hints, notes, cut=True, closed=closed)
    from reportkit.documents.html import html_document

    tags = [match[1] for match in _TABLE_TAG.finditer(text)]
    whole = _END.search(text.rstrip()[-100:]) and (not tags or tags[-1] == "/")
    return read_document(html_document(text, path), forms, hints, notes, cut=not whole)


def read_document(
    document: Document,
    forms: Mapping[str, Form],
    hints: Hints = _NO_HINTS,
    notes: Sequence[Issue] = (),
    *,
    cut: bool = False,
    closed: bool = False,
) -> Reading:
    """Return what the blocks of a report say. `cut` and `closed`: whether its end may be missing, but for a last cell.

    Raises ReaderError as read_published does.
    """
    known = [*notes, *issues_of(document.notes)]
    if _is_too_long(document):
        too_long = issue("D29", Origin(document.path), lines=_MOST_LINES, characters=_MOST_CHARACTERS)
        raise ReaderError([*known, too_long])
    document, whole = without_appendix(document, forms), document
    cut = cut and document is whole  # what ends before an appendix has its end
    tried = attempts(document, forms, hints.edition, cut=cut, closed=closed)
    if refusal := _refusal(tried, document):
        raise ReaderError([*known, refusal])
    likely = tried if hints.edition else likeliest(tried, document)
    said = _with_hints(whose(document, likely[0].form), hints)
    attempt, about_edition = chosen(likely, hints.edition, said.year, document.path)
    figures = merged(attempt.rows, attempt.form, document.path)
    words = sections(attempt.lines, attempt.rows.used, attempt.form, document.path)
    issues = (*known, *said.notes, *about_edition, *figures.issues, *words.issues)
    return _reading(document.path, attempt.form, said, figures, words, issues)


def _is_too_long(document: Document) -> bool:
    texts = [
        text
        for block in document.blocks
        if not isinstance(block, Picture)
        for text in (
            [block.text] if isinstance(block, Paragraph) else [cell.text for row in block.rows for cell in row.cells]
        )
    ]
    return len(texts) > _MOST_LINES or sum(map(len, texts)) > _MOST_CHARACTERS


def _reading(
    path: str, form: Form, said: Whose, figures: Figures, words: Sections, issues: tuple[Issue, ...]
) -> Reading:
    origins: dict[CellRef | str, Origin] = {**figures.origins}
    origins.update({key: place for key, place in words.origins.items() if key not in origins})
    return Reading(
        form=form,
        jurisdiction=said.jurisdiction,
        year=said.year,
        agency=said.agency,
        values=figures.values,
        narrative=words.narrative,
        origin=Origin(path),
        origins=origins,
        notes=issues,
        unread=frozenset(figures.unread),
    )


def _with_hints(said: Whose, hints: Hints) -> Whose:
    """What the document says, where the person does not say it."""
    notes = said.notes
    if hints.jurisdiction:
        notes = tuple(note for note in notes if note.code != "D35")
        said = said._replace(jurisdiction=hints.jurisdiction)
    if hints.year is not None:
        notes = tuple(note for note in notes if note.code not in ("D34", "D36"))
        said = said._replace(year=hints.year)
    return said._replace(notes=notes)


def _refusal(tried: Sequence[Attempt], document: Document) -> Issue | None:
    """Why nothing can be read of the tables at all."""
    path = document.path
    found = [found for attempt in tried for found in attempt.rows.found]
    run_on = next((row for row in found if row.unread and row.unread.code == "D22"), None)
    if run_on and not any(row.values for row in found):
        return issue("D22.file", Origin(path, run_on.place))
    if any(attempt.is_found for attempt in tried):
        return None
    picture = next((block for block in document.blocks if isinstance(block, Picture)), None)
    if picture:
        return issue("D21", Origin(path, picture.place))
    return issue("D20", Origin(path), editions=[attempt.form.edition for attempt in tried])
