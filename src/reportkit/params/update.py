"""What a parameter file and a new reading of the same report tell differently, and the file with the reading put in.

Figures are merged: a figure that was read replaces the file's, a blank never does. Words are only added: a section that
has words keeps them. Every difference is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from reportkit.errors import CellRef, Issue, Origin, ReaderError
from reportkit.messages.words import issue, phrase
from reportkit.model.filing import Figure, Filing, Value, fact_at, fact_text, with_totals, words_at
from reportkit.model.form import Form
from reportkit.model.printing import printed
from reportkit.model.reading import Reading
from reportkit.model.zeros import zeros
from reportkit.params.editor import Editor, Shares
from reportkit.params.figures import brief
from reportkit.params.round_trip import cell_name, prove, stated_filing


class Kind(StrEnum):
    """How two sources differ at one place; the value is the code of its issue."""

    changed = "I10"
    added = "I11"
    kept = "I12"
    other_words = "I13"
    new_words = "I14"
    other_agency = "I15"

    @property
    def mergeable(self) -> bool:
        """Whether --update takes over what was read."""
        return self in (Kind.changed, Kind.added, Kind.new_words)


@dataclass(frozen=True)
class Difference:
    """One place at which a parameter file and a reading differ; `stated` is the file's side, `read` the reading's."""

    kind: Kind
    at: CellRef | str
    place: str
    stated: str
    read: str
    stated_at: Origin
    read_at: Origin

    def issue(self, updated: bool, other: str = "") -> Issue:
        """Return the difference as it is told: `updated` says whether the reading's side goes into the file.

        `other` is what the reading's side is called, 导入的 by default.
        """
        other = other or phrase("imported")
        ref = self.at if isinstance(self.at, CellRef) else None
        at = (self.stated_at, ref, self.stated, self.read)
        told: dict[str, object] = {"place": self.place, "other": other, "source": self.read_at}
        match self.kind:
            case Kind.changed:
                name = "I10.done" if updated else "I10.different"
                return issue(name, *at, **told, stated=self.stated or phrase("blank"))
            case Kind.added:
                name = "I11.done" if updated else "I11.different"
                return issue(name, *at, **told, stated=self.stated or phrase("blank"))
            case Kind.kept:
                return issue("I12", *at, **told)
            case Kind.other_words:
                return issue("I13", *at, **told, stated=_excerpt(self.stated), read=_excerpt(self.read))
            case Kind.new_words:
                return issue("I14.done" if updated else "I14.different", *at, **told, read=_excerpt(self.read))
            case Kind.other_agency:
                return issue("I15", *at, **told, stated=self.stated or phrase("blank"))


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    count = len(words) - words.count(" ")
    return phrase("cut_excerpt" if len(words) > 15 else "excerpt", count=count, words=words[:15])


def compare(existing: Filing, reading: Reading) -> list[Difference]:
    """Return every place at which a reading differs from what a parameter file states, in print order.

    Raises ReaderError if the two are not about the same jurisdiction and year in the same edition.
    """
    _refuse_another(existing, reading)
    return [
        *_agency(existing, reading),
        *_facts(existing, reading),
        *_figures(existing, reading),
        *_words(existing, reading),
    ]


def zeros_of(reading: Reading, existing: Filing | None = None) -> dict[CellRef, Figure]:
    """Return a 0 for each cell that is blank in a reading, and in the file that it is put into, see model.zeros."""
    read = stated_filing(reading)
    if existing is None:
        return zeros(read)
    values, facts = {**_stated(existing), **reading.values}, {**existing.facts, **reading.facts}
    return zeros(replace(read, values=values, facts=facts, unread={**existing.unread, **read.unread}))


def updated(
    text: str,
    existing: Filing,
    reading: Reading,
    shares: Shares | None = None,
    forms: Mapping[str, Form] | None = None,
    *,
    blank_as_zero: bool = False,
) -> str:
    """Return the text of a parameter file with a reading put in; all else in it stays as it is, to the character.

    `shares` are the comments on sums: they take the place of those that an earlier sum has left. `forms` know the facts
    that the file may state, see `prove`. With `blank_as_zero` what is blank on both sides becomes 0.

    Raises ReaderError, and nothing is to be written, if the two are not about the same report, if the file is written
    in a way that cannot be added to, or if the result would not read back as what was meant.
    """
    wanted = [difference for difference in compare(existing, reading) if difference.kind.mergeable]
    nothing = zeros_of(reading, existing) if blank_as_zero else {}
    if not wanted and not shares and not nothing:
        return text
    sections = existing.form.section_by_key
    read = {one.at: reading.values[one.at] for one in wanted if isinstance(one.at, CellRef)}
    figures = {**nothing, **read}
    words = {one.at: reading.narrative[one.at] for one in wanted if isinstance(one.at, str) and one.at in sections}
    facts = {name: value for name, value in reading.facts.items() if any(one.at == fact_at(name) for one in wanted)}
    merged = replace(
        existing,
        values={**_stated(existing), **figures},
        narrative={**existing.narrative, **words},
        unread={ref: text for ref, text in existing.unread.items() if ref not in figures},
        facts={**existing.facts, **facts},
    )
    body = text.removeprefix("\ufeff")  # the byte order mark would shift every place by one
    editor = Editor(body, existing.form, existing.origin.path)
    editor.put_facts(facts)
    editor.put_figures(figures)
    editor.put_words(words)
    editor.put_shares(shares or {}, {*figures, *map(fact_at, facts)})
    result = text[: len(text) - len(body)] + editor.result()
    prove(result, merged, "I16.unlike", forms)
    return result


def _refuse_another(existing: Filing, reading: Reading) -> None:
    sides = [
        (f"{one.jurisdiction} {one.year}", phrase("edition", edition=one.form.edition)) for one in (existing, reading)
    ]
    for stated, read in zip(*sides, strict=True):
        if stated != read:
            raise ReaderError([issue("I9", existing.origin, None, stated, read)])


def _stated(existing: Filing) -> dict[CellRef, Value]:
    return {ref: figure for ref, figure in existing.values.items() if ref not in existing.computed}


def _agency(existing: Filing, reading: Reading) -> Iterator[Difference]:
    if reading.agency and reading.agency != existing.agency:
        yield Difference(
            Kind.other_agency,
            "agency",
            "agency",
            existing.agency,
            reading.agency,
            existing.where("agency"),
            reading.origins.get("agency", reading.origin),
        )


def _facts(existing: Filing, reading: Reading) -> Iterator[Difference]:
    """What is read of the form's facts; one that the reading does not state stays, and is nothing to tell."""
    for fact in existing.form.facts.values():
        old, new = (one.facts.get(fact.name) for one in (existing, reading))
        if new is None or old == new:
            continue
        at, kind = fact_at(fact.name), Kind.added if old is None else Kind.changed
        sides = fact_text(old), fact_text(new)
        yield Difference(kind, at, fact.label, *sides, existing.where(at), reading.origins.get(at, reading.origin))


def _figures(existing: Filing, reading: Reading) -> Iterator[Difference]:
    filled = with_totals(existing) if existing.form.formulas else existing
    for table in existing.form.tables.values():
        for ref in table.cells:
            old, at = _side(existing, ref)
            new = reading.values[ref].text if ref in reading.values else ""
            if old == new or (old == "0" and not new and ref not in reading.unread):  # a blank counts as 0
                continue
            if (ref in existing.unread and ref in reading.unread) or _is_printed_so(filled, ref, reading):
                continue
            kind = Kind.kept if not new else Kind.changed if old else Kind.added
            side = new or phrase("not_read" if ref in reading.unread else "is_blank")
            yield Difference(
                kind, ref, cell_name(existing.form, ref), old, side, at, reading.origins.get(ref, reading.origin)
            )


def _is_printed_so(filled: Filing, ref: CellRef, reading: Reading) -> bool:
    """Whether what is stated, or what a formula gives, is printed as what was read: 2345.6 as 2,345.60."""
    here, there = filled.values.get(ref), reading.values.get(ref)
    cell, is_total = filled.form.cells[ref], ref in filled.computed and ref not in filled.form.formulas
    if here is None or there is None or is_total:
        return False
    return printed(here, cell) == printed(there, cell)


def _side(existing: Filing, ref: CellRef) -> tuple[str, Origin]:
    """What stands in the file for a cell, figure or not, and where."""
    if ref in existing.values and ref not in existing.computed:
        return existing.values[ref].text, existing.where(ref)
    if ref in existing.unread:
        return brief(existing.unread[ref]) or phrase("no_number"), existing.where(ref)
    return "", existing.where(ref.table)


def _words(existing: Filing, reading: Reading) -> Iterator[Difference]:
    for section in existing.form.sections:
        old, new = existing.narrative.get(section.key, ""), reading.narrative.get(section.key, "")
        if not new.strip() or "".join(old.split()) == "".join(new.split()):
            continue
        kind = Kind.other_words if old else Kind.new_words
        origin = reading.origins.get(section.key, reading.origin)
        yield Difference(kind, section.key, section.label, old, new, existing.where(words_at(section.key)), origin)
