"""The last look before a parameter file is written: it is read back, and must say just what was meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from reportkit.errors import CellRef, Issue, ReaderError
from reportkit.kinds import Forms
from reportkit.messages.words import issue, phrase
from reportkit.model.filing import BLANK, Filing, fact_at
from reportkit.model.form import Form
from reportkit.model.numbers import TO_CHECK
from reportkit.model.reading import Reading
from reportkit.params.reader import read_params


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
        unread=reading.unread,
        facts=reading.facts,
        notes=tuple(_to_be_read(reading)),
    )


def _to_be_read(reading: Reading) -> Iterator[Issue]:
    """What a reader will tell of the facts that are to be checked."""
    for name in reading.unread_facts:
        yield issue("Y7.fact", reading.origins.get(fact_at(name), reading.origin), key=name, reason=TO_CHECK)


def prove(text: str, filing: Filing, sentence: str, known: Mapping[str, Form] | None = None) -> None:
    """Raise ReaderError, with an issue in this sentence, unless a parameter file's text reads back as the filing.

    `known` are the project's forms: they know the facts that its notebook declares.
    """
    own = (lambda: known.facts) if isinstance(known, Forms) else dict
    forms = Forms({filing.form.edition: filing.form}, own=own)
    try:
        wrong = next(_unlike(read_params(Path(filing.origin.path), forms, content=text.encode()), filing), "")
    except ReaderError as error:
        wrong = error.issues[0].message
    if wrong:
        raise ReaderError([issue(sentence, filing.origin, what=wrong)])


def _unlike(read: Filing, filing: Filing) -> Iterator[str]:
    """What a filing that was read back says otherwise."""
    for name in ("jurisdiction", "year", "agency"):
        found, expected = getattr(read, name), getattr(filing, name)
        if found != expected:
            yield phrase("name_unlike", name=name, found=found, expected=expected)
    texts, meant_texts = _texts(read), _texts(filing)
    for ref in dict.fromkeys((*texts, *meant_texts)) if texts != meant_texts else ():
        sides = texts.get(ref, BLANK), meant_texts.get(ref, BLANK)
        if sides[0] != sides[1]:
            yield phrase("figure_unlike", cell=str(ref), found=sides[0], expected=sides[1])
    for key in dict.fromkeys((*read.narrative, *filing.narrative)):
        # An end of line at the end of a file, where another section is added, is no part of the words.
        if read.narrative.get(key, "").rstrip("\n") != filing.narrative.get(key, "").rstrip("\n"):
            yield phrase("words_unlike", key=key)
    if filing.unread - read.unread:
        yield phrase("unread_unlike")
    if read.waivers != filing.waivers:
        yield phrase("key_unlike", key="waivers")
    if read.compare != filing.compare:
        yield phrase("key_unlike", key="compare")
    for key in dict.fromkeys((*filing.facts, *read.facts)):
        if read.facts.get(key) != filing.facts.get(key):
            yield phrase("key_unlike", key=key)
    new = Counter(_errors(read)) - Counter(_errors(filing))
    yield from (phrase("new_error", code=code) for code in new)


def _texts(filing: Filing) -> dict[CellRef, str]:
    return {ref: figure.text for ref, figure in filing.values.items()}


def _errors(filing: Filing) -> list[str]:
    """The errors that a reader has told, but for those that a file which says just this must have.

    A fact that the form requires and nobody has stated is asked for in the file.
    """
    errors = (note for note in filing.notes if note.severity == "error" and note.ref not in filing.unread)
    return [note.code for note in errors if note.code != "Y13"]
