"""Which edition's tables a document has, by their own labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reportkit.errors import Issue, Origin, ReaderError
from reportkit.forms import Block, Form, form_for, shipped_forms
from reportkit.readers.published.document import Document
from reportkit.readers.published.headings import Headings
from reportkit.readers.published.labels import Labels, letters, numbered
from reportkit.readers.published.streams import Rows, read_rows
from reportkit.readers.published.tokens import Line, lines_of
from reportkit.readers.published.widths import unfenced


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
    evidence: Evidence


def attempts(document: Document, forms: Mapping[str, Form], edition: str, *, cut: bool, closed: bool) -> list[Attempt]:
    """Return the document read as each official edition, and as the one that was asked for.

    `cut` says that the file may go on, `closed` that its last cell is whole all the same.
    """
    asked = [forms[edition]] if edition in forms else []
    tried = asked + [form for key, form in forms.items() if key in shipped_forms() and form not in asked]
    tried = tried or list(forms.values())
    return [_attempt(document, form, tried, cut=cut, closed=closed) for form in tried]


def chosen(tried: Sequence[Attempt], edition: str, year: int | None, path: str) -> tuple[Attempt, list[Issue]]:
    """Return the attempt to go by, with warnings: the edition asked for, the tables' own, or the year's.

    Raises ReaderError if the tables contradict the edition that was asked for, or nothing tells the edition.
    """
    best = max(tried, key=lambda attempt: attempt.evidence)
    others = [attempt for attempt in tried if attempt is not best and attempt.evidence.columns]
    notes = [_mixed(best, others, path)] if others else []
    if edition:
        return _asked(tried, best, edition, path), notes
    if best.evidence > (0, 0, 0) and sum(attempt.evidence == best.evidence for attempt in tried) == 1:
        return best, notes
    form = form_for({attempt.form.edition: attempt.form for attempt in tried}, year) if year else None
    if form is None:
        message = "表格看不出是哪一版格式，文件也没有写明年份；请用 --edition 或 --year 指明"
        raise ReaderError([Issue("D33", "error", message, Origin(path))])
    message = f"格式版本是按年份 {year} 定为 {form.edition} 年版的，表格本身看不出来；请核对"
    by_year = next(attempt for attempt in tried if attempt.form is form)
    return by_year, [*notes, Issue("D30", "warning", message, Origin(path), None, str(year), form.edition)]


def _asked(tried: Sequence[Attempt], best: Attempt, edition: str, path: str) -> Attempt:
    asked = next((attempt for attempt in tried if attempt.form.edition == edition), None)
    if asked is None:
        known = "、".join(attempt.form.edition for attempt in tried)
        message = f"没有“{edition}”这一版格式；现有 {known}"
        raise ReaderError([Issue("D33", "error", message, Origin(path), None, edition, known)])
    if asked is not best and best.evidence.columns > asked.evidence.columns:
        message = f"指明的是 {edition} 年版，但表格的列是 {best.form.edition} 年版的；请去掉所指的版本，或检查文件"
        raise ReaderError([Issue("D32", "error", message, Origin(path), None, best.form.edition, edition)])
    return asked


def _mixed(best: Attempt, others: Sequence[Attempt], path: str) -> Issue:
    message = (
        f"表格的列多数是 {best.form.edition} 年版的，也有 {others[0].form.edition} 年版的；按前者读，其余没有读，请核对"
    )
    return Issue("D31", "warning", message, Origin(path), None, others[0].form.edition, best.form.edition)


def _attempt(document: Document, form: Form, tried: Sequence[Form], *, cut: bool, closed: bool) -> Attempt:
    lines = unfenced(lines_of(document, Labels(form), Headings(form), cut=cut and not closed))
    rows = read_rows(lines, form, cut=cut)
    return Attempt(form, lines, rows, _evidence(rows, form, [other for other in tried if other is not form]))


def _evidence(rows: Rows, form: Form, others: Sequence[Form]) -> Evidence:
    foreign = {_columns(block) for other in others for block in _blocks(other)}
    blocks = {(key, at): block for key, table in form.tables.items() for at, block in enumerate(table.blocks)}
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
    return [block for table in form.tables.values() for block in table.blocks]


def _columns(block: Block) -> tuple[str, ...]:
    return tuple(letters(leaf.label) for leaf in block.column_leaves)


def _cores(form: Form) -> set[str]:
    return {numbered(leaf.label)[1] for block in _blocks(form) for leaf in block.row_leaves}
