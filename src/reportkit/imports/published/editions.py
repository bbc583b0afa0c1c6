"""Which edition's tables a document has, by their own labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reportkit.documents.document import Document
from reportkit.errors import Issue, Origin, ReaderError
from reportkit.imports.published.open_tables import without_open_tables
from reportkit.imports.published.row_parser import Rows, read_rows
from reportkit.imports.published.table_widths import unfenced
from reportkit.imports.published.title import has_title
from reportkit.imports.published.tokens import Line, lines_of
from reportkit.kinds import is_of_kind, of_year
from reportkit.messages.words import issue, joined
from reportkit.model.form import Block, Form
from reportkit.model.spelling import letters, numbered


class Evidence(NamedTuple):
    """How much speaks for an edition: blocks and rows that only it has.

    `columns` are blocks with rows below its own columns, `stated` its own rows with values, `found` all of its own.
    """

    columns: int
    stated: int
    found: int


class Attempt(NamedTuple):
    """A document read as one edition."""

    form: Form
    lines: Sequence[Line]
    rows: Rows

    @property
    def cells(self) -> int:
        """How many cells of the form have their place in the document."""
        return sum(len(found.values) for found in self.rows.found)

    @property
    def is_found(self) -> bool:
        """Whether the document has rows of the form's tables; of one without any, most of the sections' headings."""
        if self.form.tables:
            return bool(self.rows.found)
        headed = {token.section for line in self.lines for token in line.tokens if token.section}
        return 2 * len(headed) > len(self.form.sections)


def attempts(document: Document, forms: Mapping[str, Form], edition: str, *, cut: bool, closed: bool) -> list[Attempt]:
    """Return the document read as each form; as the kinds' own editions and the one that was asked for, if one was.

    `cut` says that the file may go on, `closed` that its last cell is whole all the same.
    """
    asked = [forms[edition]] if edition in forms else []
    others = [form for form in forms.values() if form not in asked and (not asked or is_of_kind(form))]
    return [_attempt(document, form, cut=cut, closed=closed) for form in (*asked, *others)]


def likeliest(tried: Sequence[Attempt], document: Document) -> Sequence[Attempt]:
    """Return the attempts to choose from: all editions that a kind brings, or forms of the project's own.

    Those are the likeliest whose title the document has, and then those that most of its cells belong to; if that is
    the same, a kind's editions. So what a project's own forms are like makes no difference to an official report.
    """
    families = _families(tried)
    if len(families) < 2:
        return tried
    ranks = [max(_rank(attempt, document) for attempt in family) for family in families]
    best = [family for family, rank in zip(families, ranks, strict=True) if rank == max(ranks)]
    return best[0] if is_of_kind(best[0][0].form) else [attempt for family in best for attempt in family]


def _families(tried: Sequence[Attempt]) -> list[list[Attempt]]:
    """The attempts with the editions of each kind together, which come first, and each other form alone."""
    families: dict[str, list[Attempt]] = {}
    for attempt in sorted(tried, key=lambda attempt: not is_of_kind(attempt.form)):
        form = attempt.form
        families.setdefault(form.kind if is_of_kind(form) else f"/{form.edition}", []).append(attempt)
    return list(families.values())


def _rank(attempt: Attempt, document: Document) -> tuple[bool, int]:
    return attempt.is_found and has_title(document, attempt.form), attempt.cells


def chosen(tried: Sequence[Attempt], edition: str, year: int | None, path: str) -> tuple[Attempt, list[Issue]]:
    """Return the attempt to go by, with warnings: the edition asked for, the tables' own, or the year's.

    Raises ReaderError if the tables contradict the edition that was asked for, or nothing tells the edition.
    """
    evidence = [_evidence(attempt, [other.form for other in tried if other is not attempt]) for attempt in tried]
    best = tried[evidence.index(max(evidence))]
    others = [attempt for attempt, found in zip(tried, evidence, strict=True) if attempt is not best and found.columns]
    notes = [_mixed(best, others, path)] if others else []
    if edition:
        return _asked(tried, evidence, edition, path), notes
    if len(tried) == 1 or (max(evidence) > (0, 0, 0) and evidence.count(max(evidence)) == 1):
        return best, notes
    form = of_year([attempt.form for attempt in tried], year) if year else None
    if form is None:
        raise ReaderError([issue("D33.unclear", Origin(path))])
    by_year = next(attempt for attempt in tried if attempt.form is form)
    return by_year, [*notes, issue("D30", Origin(path), None, str(year), form.edition)]


def _asked(tried: Sequence[Attempt], evidence: Sequence[Evidence], edition: str, path: str) -> Attempt:
    at = next((at for at, attempt in enumerate(tried) if attempt.form.edition == edition), None)
    if at is None:
        known = joined(attempt.form.edition for attempt in tried)
        raise ReaderError([issue("D33.unknown", Origin(path), None, edition, known)])
    best = evidence.index(max(evidence))
    if evidence[best].columns > evidence[at].columns:
        found = tried[best].form.edition
        raise ReaderError([issue("D32", Origin(path), None, found, edition)])
    return tried[at]


def _mixed(best: Attempt, others: Sequence[Attempt], path: str) -> Issue:
    return issue("D31", Origin(path), None, others[0].form.edition, best.form.edition)


def _attempt(document: Document, form: Form, *, cut: bool, closed: bool) -> Attempt:
    document, open_rows = without_open_tables(document, form)
    lines = unfenced(lines_of(document, form, cut=cut and not closed))
    rows = read_rows(lines, form, cut=cut)
    rows.found += open_rows
    return Attempt(form, lines, rows)


def _evidence(attempt: Attempt, others: Sequence[Form]) -> Evidence:
    form, rows = attempt.form, attempt.rows
    foreign = {_columns(block) for other in others for block in _blocks(other)}
    blocks = {(key, at): block for key, table in form.keyed_tables.items() for at, block in enumerate(table.blocks)}
    columns = sum(_columns(blocks[place]) not in foreign for place in rows.under_columns)
    shared = {place for place, block in blocks.items() if _columns(block) in foreign}
    other_rows = {core for other in others for core in _cores(other)}
    own = [
        found
        for found in rows.found
        if (found.stub.table, found.stub.block) in shared and found.stub.core and found.stub.core not in other_rows
    ]
    return Evidence(columns, sum(bool(found.values) for found in own), len(own))


def _blocks(form: Form) -> list[Block]:
    return [block for table in form.keyed_tables.values() for block in table.blocks]


def _columns(block: Block) -> tuple[str, ...]:
    return tuple(letters(leaf.label) for leaf in block.column_leaves)


def _cores(form: Form) -> set[str]:
    return {numbered(leaf.label)[1] for block in _blocks(form) for leaf in block.row_leaves}
