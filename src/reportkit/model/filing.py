"""A filing: one form filled in by one jurisdiction for one year. Values stay still; checks return issues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal, localcontext
from functools import cached_property
from typing import Any, cast

from reportkit.errors import LEVELS, CellRef, Issue, Origin
from reportkit.model.cell import Cell
from reportkit.model.equations import Breach, applies, breaches, totals, worked
from reportkit.model.facts import fact_ref, is_fact
from reportkit.model.form import Form, Table
from reportkit.model.rounding import figure_text
from reportkit.model.row_records import filled_rows
from reportkit.model.rule import Rule

EXACT = Context(prec=100)
"""Sums are exact, whatever precision a notebook cell has set for itself: use with decimal.localcontext."""

"""What a cell without a figure is told as."""


class Figure(Decimal):
    """A number that remembers how it was written: Figure("9.2", "9.2万元") adds up as 9.2 and prints as 9.2万元."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, number: str | int | Decimal, text: str = "") -> Figure:
        figure = super().__new__(cls, number)
        figure.text = text or format(Decimal(number), "f")
        return figure

    def __str__(self) -> str:
        return self.text

    def __format__(self, spec: str, /) -> str:  # type: ignore[override]  # typeshed adds an argument that nobody passes
        return super().__format__(spec) if spec else self.text

    def __repr__(self) -> str:
        return f"Figure({self.text})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Figure, (format(Decimal(self), "f"), self.text)


def written(number: Decimal, cell: Cell) -> Figure:
    """Return a number that was computed as a figure of its cell: 0.046 as 4.6%."""
    return Figure(number, figure_text(number, cell))


class Text(str):
    """What stands in a cell that holds no number: words, one of the options, or a day as ISO writes it."""

    __slots__ = ()

    @property
    def text(self) -> str:
        """It as it was written, as a figure has it."""
        return str(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return Text, (str(self),)


Value = Figure | Text
"""What stands in a cell."""


@dataclass(frozen=True, repr=False)
class Filing:
    """One jurisdiction-year filled in.

    `values` holds the figures and texts that were stated: a blank cell is simply not there. `narrative` is the town's
    own text (Markdown) by section key; a section that is not there uses the master's words. `origins` says where
    each value was read, `origin` where the filing as a whole comes from, `notes` what the reader noticed on the
    way. `computed` are the cells of `values` that were left out and follow from the others; `unread` are those
    whose text is no figure, with that text, "" for a cell of a row that is no list of its cells: nothing is
    concluded from them. `waivers` are the rules that the file switches off: the reason by code. `compare` says
    whether the report shows the year before as well; None leaves it to the project. `facts` are what its form asks
    for beside the tables, and the parameters of its notebook that are none of these, by name.
    """

    form: Form
    jurisdiction: str
    year: int
    agency: str
    values: Mapping[CellRef, Value]
    narrative: Mapping[str, str]
    origin: Origin
    origins: Mapping[CellRef | str, Origin] = field(default_factory=dict)
    notes: tuple[Issue, ...] = ()
    computed: frozenset[CellRef] = frozenset()
    unread: Mapping[CellRef, str] = field(default_factory=dict)
    waivers: Mapping[str, str] = field(default_factory=dict)
    compare: bool | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Filing({self.jurisdiction} {self.year}, {self.form.edition} edition, {len(self.values)} cells)"

    @cached_property
    def figures(self) -> Mapping[CellRef, Figure]:
        """The values that are numbers."""
        return figures_in(self.form, self.values)

    @property
    def title(self) -> str:
        """The report's title as printed."""
        return self.form.title_for(self.jurisdiction, self.year)

    def called(self, path: str) -> Filing:
        """Return the filing with another name for the file that it was read from, wherever that is told."""

        def renamed(origin: Origin) -> Origin:
            return Origin(path, origin.at) if origin.path == old else origin

        old = self.origin.path
        origins = {ref: renamed(origin) for ref, origin in self.origins.items()}
        notes = tuple(replace(note, origin=renamed(note.origin)) for note in self.notes)
        return replace(self, origin=renamed(self.origin), origins=origins, notes=notes)

    def is_stated(self, ref: CellRef) -> bool:
        """Whether a cell or a fact was read somewhere."""
        return (fact_at(ref.row) if is_fact(ref, self.form.tables) else ref) in self.origins

    def where(self, ref: CellRef | str) -> Origin:
        """Where a cell, fact, table or section was read; for one that was not stated, its table or the whole filing.

        The words of a section that has a table, too, stand at `words_at`; without words, that is its table.
        """
        if isinstance(ref, CellRef):
            if is_fact(ref, self.form.tables):
                return self.origins.get(fact_at(ref.row), self.origin)
            return self.origins.get(ref) or self.origins.get(ref.table, self.origin)
        if ref in self.form.tables:
            return self.origins.get(ref, self.origin)
        other = ref.removeprefix(_WORDS) if ref.startswith(_WORDS) else words_at(ref)
        return self.origins.get(ref) or self.origins.get(other, self.origin)


def figures_in(form: Form, values: Mapping[CellRef, Value]) -> Mapping[CellRef, Figure]:
    """Return those of a form's values that are numbers."""
    if form.only_figures:
        return cast(Mapping[CellRef, Figure], values)
    return {ref: value for ref, value in values.items() if isinstance(value, Figure)}


_WORDS = "narrative."
_FACTS = "facts."


def words_at(section: str) -> str:
    """Return the key in a filing's origins of a section's own words."""
    return f"{_WORDS}{section}"


def numbers(filing: Filing) -> Mapping[CellRef, Decimal]:
    """Return what the form's rules are about: the figures, and those facts that are numbers."""
    facts = {
        fact_ref(name): Decimal(str(value))
        for name, value in filing.facts.items()
        if name in filing.form.facts and filing.form.facts[name].type in ("int", "float") and value is not None
    }
    return {**filing.figures, **facts} if facts else filing.figures


def fact_at(name: str) -> str:
    """Return the key in a filing's origins of a fact."""
    return f"{_FACTS}{name}"


def unread_facts(filing: Filing) -> frozenset[str]:
    """Return the facts whose value could not be read: nothing is concluded of them."""
    wrong = {note.origin for note in filing.notes if note.code == "Y7"}
    return frozenset(name for name in filing.form.facts if filing.origins.get(fact_at(name)) in wrong)


def fact_text(value: Any) -> str:
    """Return the value of a fact as it is told, "" for one that is not stated."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    return str(value)


def with_totals(filing: Filing) -> Filing:
    """Return the filing with the totals that were left out computed from their parts."""
    with localcontext(EXACT):
        computed = _computed(filing)
    if not computed:
        return filing
    values = {**filing.values, **computed}
    return replace(filing, values=values, computed=filing.computed | computed.keys())


def _computed(filing: Filing) -> dict[CellRef, Figure]:
    closed = frozenset(filing.unread)
    formulas = {
        ref: one for ref, one in worked(filing.form).items() if closed.isdisjoint(one.refs) and ref not in closed
    }
    found = totals(_readable_rules(filing), numbers(filing), formulas)
    return {ref: written(number, filing.form.cells[ref]) for ref, number in found.items()}


def unknown(filing: Filing) -> frozenset[CellRef]:
    """Return the cells of which nothing can be concluded: those unread, and totals left out that they are part of."""
    cells = set(filing.unread)
    if not cells:
        return frozenset()
    left_out = [(rule.total, rule.refs) for rule in filing.form.rules if rule.total]
    left_out += [(ref, formula.refs) for ref, formula in filing.form.formulas.items()]
    left_out = [(ref, parts) for ref, parts in left_out if ref not in filing.values]
    more: set[CellRef] | None = None
    while more is None or more:
        more = {ref for ref, parts in left_out if not cells.isdisjoint(parts)} - cells
        cells.update(more)
    return frozenset(cells)


def broken_rules(filing: Filing) -> list[Breach]:
    """Return the rules of the form that do not hold, without those that an unread cell takes part in."""
    rules = [rule for rule in _readable_rules(filing) if applies(rule, filing.jurisdiction)]
    if alone := {key for key, table in filing.form.tables.items() if table.open and not _has_records(filing, table)}:
        # A county states the sums of its units' records, and has none itself.
        rules = [rule for rule in rules if rule.total is None or rule.total.table not in alone]
    with localcontext(EXACT):
        return breaches(rules, numbers(filing))


def _has_records(filing: Filing, table: Table) -> bool:
    return bool(filled_rows(table, filing.values.keys() | filing.unread.keys()))


def in_order(issues: Iterable[Issue]) -> list[Issue]:
    """Return the issues as they are told: errors, warnings, notes, and what was waived, each by place."""
    weights = list(LEVELS)
    return sorted(issues, key=lambda issue: (weights.index(issue.severity), issue.origin.path, _line(issue.origin)))


def publishable(issues: list[Issue]) -> bool:
    """Whether a report with these issues may go out: warnings do not stop it, errors do."""
    return all(issue.severity != "error" for issue in issues)


def _readable_rules(filing: Filing) -> list[Rule]:
    """The form's rules without those that a cell with unreadable text takes part in: it is reported by itself.

    Nor is anything concluded of a fact that is not stated, or not read.
    """
    missing = {*filing.unread, *_facts_without_a_number(filing)}
    if not missing:
        return list(filing.form.rules)
    return [rule for rule in filing.form.rules if missing.isdisjoint(rule.refs)]


def _facts_without_a_number(filing: Filing) -> Iterator[CellRef]:
    unread = unread_facts(filing) if filing.form.facts else ()
    return (fact_ref(name) for name in filing.form.facts if filing.facts.get(name) is None or name in unread)


def _line(origin: Origin) -> tuple[int, str]:
    return (0, origin.place) if origin.line is None else (origin.line, "")
