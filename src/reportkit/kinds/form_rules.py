"""The rules of a form, as its file writes them: for each line of a table, or over any cells and facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from msgspec import UNSET

from reportkit.errors import CellRef
from reportkit.kinds import file_shapes
from reportkit.model.facts import FACTS, Fact, fact_ref
from reportkit.model.form import Table
from reportkit.model.rule import Rule, Term
from reportkit.shapes import Steps, WrongShapeError
from reportkit.translation import _, in_a_row

_TERMS = {"cell": "table[row, column]", "fact": "facts.name"}
_FACTOR = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*\*\s*(?=\S)")
_CELL = re.compile(r"(?P<table>[^\[\]]+)\[(?P<row>[^\[\],]*),(?P<column>[^\[\],]*)\]")


def rules_of(
    rule: file_shapes.Rule, tables: Mapping[str, Table], facts: Mapping[str, Fact], steps: Steps
) -> Iterator[Rule]:
    """Yield the rules that an entry stands for: one for each column (or row) of its table, or one over any cells.

    `steps` is where the entry stands. Raises WrongShapeError for what the form does not have.
    """
    entry = _Entry(rule, steps)
    if rule.table is UNSET or rule.per is UNSET:
        yield entry.over_cells(tables, facts)
        return
    for line in entry.lines(table_named(rule.table, tables, steps, _("rule {rule}").format(rule=rule.code))):
        yield entry.over_line(line)


def table_named(name: str, tables: Mapping[str, Table], steps: Steps, place: str) -> Table:
    """Return the table of this name. Raises WrongShapeError, which tells the place, if the form has none."""
    if name not in tables:
        words = _("{place}: no table {table!r}; the tables are {there}")
        told = words.format(place=place, table=name, there=in_a_row(tables))
        raise WrongShapeError((*steps, "table"), "", told)
    return tables[name]


@dataclass(frozen=True)
class _Entry:
    """A rule of the file, and where it stands there."""

    rule: file_shapes.Rule
    steps: Steps

    def over_cells(self, tables: Mapping[str, Table], facts: Mapping[str, Fact]) -> Rule:
        """The rule whose terms are cells of any table, and facts."""
        if (self.rule.table is UNSET) != (self.rule.per is UNSET) or self.rule.only is not UNSET:
            words = _("table and per belong together; without both, a term is {cell} or {fact}").format(**_TERMS)
            raise self._wrong((), words)
        if self.rule.total is not UNSET:
            raise self._wrong(("total",), _("only a rule with table and per can compute a total"))
        left, right = (
            [self._term(text, (side, number), tables, facts) for number, text in enumerate(getattr(self.rule, side))]
            for side in ("left", "right")
        )
        return self._made(left, right, None)

    def over_line(self, line: list[CellRef]) -> Rule:
        """The rule for one row (or column)."""
        left, right = (list(self._select(line, side)) for side in ("left", "right"))
        if self.rule.total is UNSET:
            return self._made(left, right, None)
        if len(right) != 1 or right[0].factor != 1 or self.rule.sign != "=" or self.rule.tolerance:
            words = _("what is computed is one cell on the right, of an equation without tolerance")
            raise self._wrong(("total",), words)
        return self._made(left, right, right[0].ref)

    def lines(self, table: Table) -> Iterable[list[CellRef]]:
        """The cells with numbers of each row (or column) that the rule speaks of, in print order."""
        lines: dict[str, list[CellRef]] = {}
        for ref in (ref for ref, cell in table.cells.items() if cell.is_number):
            lines.setdefault(ref.row if self.rule.per == "row" else ref.column, []).append(ref)
        if self.rule.only is UNSET:
            return lines.values()
        named = {key for at, name in enumerate(self.rule.only) for key in self._named(name, ("only", at), lines)}
        return [line for key, line in lines.items() if key in named]

    def _select(self, line: list[CellRef], side: str) -> Iterator[Term]:
        """The cells of a line that a side names."""
        by_key = {(ref.column if self.rule.per == "row" else ref.row): ref for ref in line}
        for number, text in enumerate(getattr(self.rule, side)):
            factor, name = _factored(text)
            yield from (Term(by_key[key], factor) for key in self._named(name, (side, number), by_key))

    def _named(self, name: str, at: Steps, there: Iterable[str]) -> list[str]:
        """The keys that a name stands for: `group.*` for all leaves of a group, `*` for all."""
        prefix = name.removesuffix("*")
        if keys := [key for key in there if key == name or (name.endswith("*") and key.startswith(prefix))]:
            return keys
        raise self._unknown(at, name, there)

    def _term(self, text: str, at: Steps, tables: Mapping[str, Table], facts: Mapping[str, Fact]) -> Term:
        factor, name = _factored(text)
        if name.startswith(f"{FACTS}."):
            known = [fact.name for fact in facts.values() if fact.type in ("int", "float")]
            if (fact := name.removeprefix(f"{FACTS}.")) not in known:
                raise self._unknown(at, fact, known)
            return Term(fact_ref(fact), factor)
        found = _CELL.fullmatch(name)
        if not found:
            words = _("a term is {cell} or {fact}, with or without a factor (2*…); found {found!r}")
            raise self._wrong(at, words.format(**_TERMS, found=text))
        table, row, column = (found[part].strip() for part in ("table", "row", "column"))
        cells = table_named(table, tables, (*self.steps, *at), _("rule {rule}").format(rule=self.rule.code)).cells
        there = [cell for cell in cells if cells[cell].is_number]
        if (ref := CellRef(table, row, column)) not in there:
            raise self._unknown(at, f"[{row}, {column}]", [f"[{cell.row}, {cell.column}]" for cell in there])
        return Term(ref, factor)

    def _made(self, left: list[Term], right: list[Term], total: CellRef | None) -> Rule:
        rule = self.rule
        return Rule(
            code=rule.code,
            label=rule.label,
            severity=rule.severity,
            source=rule.source,
            left=tuple(left),
            right=tuple(right),
            total=total,
            jurisdictions=str(rule.jurisdictions),
            sign=rule.sign,
            tolerance=Decimal(str(rule.tolerance)),
        )

    def _unknown(self, at: Steps, name: str, there: Iterable[str]) -> WrongShapeError:
        words = _("rule {rule}: nothing is called {name!r}; there is {there}")
        return WrongShapeError(
            (*self.steps, *at), "", words.format(rule=self.rule.code, name=name, there=in_a_row(there))
        )

    def _wrong(self, at: Steps, reason: str) -> WrongShapeError:
        told = _("rule {rule}: {reason}").format(rule=self.rule.code, reason=reason)
        return WrongShapeError((*self.steps, *at), "", told)


def _factored(text: str) -> tuple[Decimal, str]:
    """What a term is multiplied by, and the rest of it."""
    found = _FACTOR.match(text)
    return (Decimal(found[1]), text[found.end() :].strip()) if found else (Decimal(1), text.strip())
