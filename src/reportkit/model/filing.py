"""A filing: one form filled in by one jurisdiction for one year. Values stay still; checks return issues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal, localcontext
from typing import Any

from reportkit.errors import LEVELS, CellRef, Issue, Origin
from reportkit.model.equations import Breach, applies, breaches, totals
from reportkit.model.form import Form, Rule

EXACT = Context(prec=100)
"""Sums are exact, whatever precision a notebook cell has set for itself: use with decimal.localcontext."""

BLANK = "空白"
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


@dataclass(frozen=True, repr=False)
class Filing:
    """One jurisdiction-year filled in.

    `values` holds the figures that were stated: a blank cell is simply not there. `narrative` is the town's own text
    (Markdown) by section key; a section that is not there uses the master's words. `origins` says where each value
    was read, `origin` where the filing as a whole comes from, `notes` what the reader noticed on the way. `computed`
    are the cells of `values` that were left out and follow from the others; `unread` are those whose text is no
    figure: nothing is concluded from them. `waivers` are the rules that the file switches off: the reason by code.
    `compare` says whether the report shows the year before as well; None leaves it to the project. `facts` are what its
    form asks for beside the tables, and the parameters of its notebook that are none of these, by name.
    """

    form: Form
    jurisdiction: str
    year: int
    agency: str
    values: Mapping[CellRef, Figure]
    narrative: Mapping[str, str]
    origin: Origin
    origins: Mapping[CellRef | str, Origin] = field(default_factory=dict)
    notes: tuple[Issue, ...] = ()
    computed: frozenset[CellRef] = frozenset()
    unread: frozenset[CellRef] = frozenset()
    waivers: Mapping[str, str] = field(default_factory=dict)
    compare: bool | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Filing({self.jurisdiction} {self.year}, {self.form.edition} edition, {len(self.values)} cells)"

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

    def where(self, ref: CellRef | str) -> Origin:
        """Where a cell, a table or a section was read; for one that was not stated, its table or the whole filing.

        The words of a section that has a table, too, stand at `words_at`; without words, that is its table.
        """
        if isinstance(ref, CellRef):
            return self.origins.get(ref) or self.origins.get(ref.table, self.origin)
        if ref in self.form.tables:
            return self.origins.get(ref, self.origin)
        other = ref.removeprefix(_WORDS) if ref.startswith(_WORDS) else words_at(ref)
        return self.origins.get(ref) or self.origins.get(other, self.origin)


_WORDS = "narrative."
_FACTS = "facts."


def words_at(section: str) -> str:
    """Return the key in a filing's origins of a section's own words."""
    return f"{_WORDS}{section}"


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
        computed = totals(_readable_rules(filing), filing.values)
    if not computed:
        return filing
    values = {**filing.values, **{ref: Figure(number) for ref, number in computed.items()}}
    return replace(filing, values=values, computed=filing.computed | computed.keys())


def unknown(filing: Filing) -> frozenset[CellRef]:
    """Return the cells of which nothing can be concluded: those unread, and totals left out that they are part of."""
    cells = set(filing.unread)
    left_out = [rule for rule in filing.form.rules if rule.total and rule.total not in filing.values] if cells else []
    more: set[CellRef | None] | None = None
    while more is None or more:
        more = {rule.total for rule in left_out if any(ref in cells for _, ref in rule.terms)} - cells
        cells.update(ref for ref in more if ref)
    return frozenset(cells)


def broken_rules(filing: Filing) -> list[Breach]:
    """Return the rules of the form that do not hold, without those that an unread cell takes part in."""
    rules = [rule for rule in _readable_rules(filing) if applies(rule, filing.jurisdiction)]
    with localcontext(EXACT):
        return breaches(rules, filing.values)


def in_order(issues: Iterable[Issue]) -> list[Issue]:
    """Return the issues as they are told: errors, warnings, notes, and what was waived, each by place."""
    weights = list(LEVELS)
    return sorted(issues, key=lambda issue: (weights.index(issue.severity), issue.origin.path, _line(issue.origin)))


def publishable(issues: list[Issue]) -> bool:
    """Whether a report with these issues may go out: warnings do not stop it, errors do."""
    return all(issue.severity != "error" for issue in issues)


def _readable_rules(filing: Filing) -> list[Rule]:
    """The form's rules without those that a cell with unreadable text takes part in: it is reported by itself."""
    if not filing.unread:
        return list(filing.form.rules)
    return [rule for rule in filing.form.rules if filing.unread.isdisjoint(ref for _, ref in rule.terms)]


def _line(origin: Origin) -> tuple[int, str]:
    return (0, origin.place) if origin.line is None else (origin.line, "")
