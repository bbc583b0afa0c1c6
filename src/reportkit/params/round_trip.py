"""The last look before a parameter file is written: it is read back, and must say just what was meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from reportkit.errors import CellRef, Issue, ReaderError
from reportkit.kinds import Forms, kind_of
from reportkit.messages.cell_words import to_check
from reportkit.messages.words import issue, phrase
from reportkit.model.filing import Filing, fact_at
from reportkit.model.form import Form
from reportkit.model.reading import Reading
from reportkit.params.reader import read_params

_HEADS = {"jurisdiction": "the_jurisdiction", "year": "the_year", "agency": "the_agency"}
"""What a filing says of itself, and the phrases that name it to a person."""


def stated_filing(reading: Reading) -> Filing:
    """Return the filing that a parameter file of a reading is to hold.

    Raises ValueError for a reading without year or jurisdiction: no file can be written of it.
    """
    if reading.year is None or not reading.jurisdiction:
        raise ValueError(f"{reading!r} has no year or no jurisdiction")
    narrative = {key: text for key, text in reading.narrative.items() if text.strip()}
    agency = reading.agency or reading.jurisdiction
    return Filing(
        form=reading.form,
        jurisdiction=reading.jurisdiction,
        year=reading.year,
        agency=agency,
        values=reading.values,
        narrative=narrative,
        origin=reading.origin,
        unread=dict.fromkeys(reading.unread, to_check(reading.form)),
        facts=reading.facts,
        notes=tuple(_to_be_read(reading)),
    )


def _to_be_read(reading: Reading) -> Iterator[Issue]:
    """What a reader will tell of the facts that are to be checked."""
    for name in reading.unread_facts:
        yield issue(
            "Y7.fact",
            reading.origins.get(fact_at(name), reading.origin),
            key=name,
            reason=to_check(reading.form),
        )


def prove(text: str, filing: Filing, sentence: str, known: Mapping[str, Form] | None = None) -> None:
    """Raise ReaderError, with an issue in this sentence, unless a parameter file's text reads back as the filing.

    `known` are the project's forms: they know the facts that its notebook declares, and which form a year means.
    """
    form = filing.form
    if isinstance(known, Forms):
        forms = Forms({form.edition: form}, own=lambda: known.facts, kind=known.kind)
    else:
        forms = Forms({form.edition: form}, kind=kind_of(form) if form.kind else None)
    try:
        wrong = next(_unlike(read_params(Path(filing.origin.path), forms, content=text.encode()), filing), "")
    except ReaderError as error:
        wrong = error.issues[0].message
    if wrong:
        raise ReaderError([issue(sentence, filing.origin, what=wrong)])


def _unlike(read: Filing, filing: Filing) -> Iterator[str]:
    """What a filing that was read back says otherwise."""
    for name, called in _HEADS.items():
        found, expected = getattr(read, name), getattr(filing, name)
        if found != expected:
            yield phrase("name_unlike", name=phrase(called), found=found, expected=expected)
    texts, meant_texts, blank = _texts(read), _texts(filing), phrase("blank")
    for ref in dict.fromkeys((*texts, *meant_texts)) if texts != meant_texts else ():
        sides = texts.get(ref, blank), meant_texts.get(ref, blank)
        if sides[0] != sides[1]:
            yield phrase("figure_unlike", cell=cell_name(filing.form, ref), found=sides[0], expected=sides[1])
    for key in dict.fromkeys((*read.narrative, *filing.narrative)):
        # An end of line at the end of a file, where another section is added, is no part of the words.
        if read.narrative.get(key, "").rstrip("\n") != filing.narrative.get(key, "").rstrip("\n"):
            yield phrase("words_unlike", key=_section_name(filing.form, key))
    if filing.unread.keys() - read.unread.keys():
        yield phrase("unread_unlike")
    if read.waivers != filing.waivers:
        yield phrase("key_unlike", key=phrase("the_waivers"))
    if read.compare != filing.compare:
        yield phrase("key_unlike", key=phrase("the_compare"))
    for key in dict.fromkeys((*filing.facts, *read.facts)):
        if read.facts.get(key) != filing.facts.get(key):
            asked = filing.form.facts.get(key)
            yield phrase("key_unlike", key=asked.label if asked else key)
    new = Counter(_errors(read)) - Counter(_errors(filing))
    yield from (phrase("new_error", code=code) for code in new)


def cell_name(form: Form, ref: CellRef) -> str:
    """Return what a person calls a cell: its table's caption, and the labels of its row and column in quotes.

    One that the form has not goes by its keys.
    """
    table = form.tables.get(ref.table)
    if table is None or ref not in table.labels:
        return str(ref)
    return " ".join((table.caption, *(f"“{label}”" for label in table.labels[ref] if label)))


def _section_name(form: Form, key: str) -> str:
    return form.section_by_key[key].label if key in form.section_by_key else key


def _texts(filing: Filing) -> dict[CellRef, str]:
    return {ref: figure.text for ref, figure in filing.values.items()}


def _errors(filing: Filing) -> list[str]:
    """The errors that a reader has told, but for those that a file which says just this must have.

    A fact that the form requires and nobody has stated is asked for in the file.
    """
    errors = (note for note in filing.notes if note.severity == "error" and note.ref not in filing.unread)
    return [note.code for note in errors if note.code != "Y13"]
