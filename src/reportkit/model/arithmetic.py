"""Formulas of a form: + − × ÷ and brackets over cells, worked out in decimals. Nothing else can be said in one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from reportkit.errors import CellRef

MAX_LENGTH = 500
"""More characters than a formula over the cells of one line has."""

MAX_DEPTH = 20
"""More brackets than anybody can read."""

_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[^\W\d][\w.]*)|(?P<sign>[-+*/()−×÷]))")
_SIGNS = {"−": "-", "×": "*", "÷": "/"}


class Call(NamedTuple):
    """Two sides with + - * or / between them."""

    sign: str
    left: Expression
    right: Expression


Expression = Decimal | CellRef | Call
"""A number, a cell, or two of these with a sign between them."""


class FormulaError(ValueError):
    """A text is no formula: `reason` is one of its causes by name, `found` what stands there."""

    def __init__(self, reason: str, found: str) -> None:
        super().__init__(f"{reason}: {found}")
        self.reason, self.found = reason, found


@dataclass(frozen=True)
class Formula:
    """How a cell is computed: `text` as the form has it, and what it means."""

    text: str
    expression: Expression

    @cached_property
    def refs(self) -> tuple[CellRef, ...]:
        """The cells that it names, each once, in the order in which they are written."""
        return tuple(dict.fromkeys(_refs(self.expression)))

    @cached_property
    def is_sum(self) -> bool:
        """Whether it only adds: a blank counts as 0 in it, as in the totals of rules."""
        return _signs(self.expression) <= {"+"}

    @cached_property
    def divides(self) -> bool:
        """Whether its result may have no end."""
        return "/" in _signs(self.expression)

    def can_follow(self, known: Callable[[CellRef], bool]) -> bool:
        """Return whether enough of its cells is known: one of a sum, and all of anything else."""
        return (any if self.is_sum else all)(map(known, self.refs))

    def result(self, numbers: Mapping[CellRef, Decimal]) -> Decimal:
        """Return what it comes to; a cell that is not there counts as 0. Raises ZeroDivisionError."""
        return _result(self.expression, numbers)


def parsed(text: str, cell: Callable[[str], CellRef]) -> Formula:
    """Return the formula that a text writes; `cell` gives the cell of a name.

    Raises FormulaError, also for a divisor without a cell that comes to 0, and what `cell` does.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError("long", f"{text[:40]}…")
    reader = _Reader(list(_tokens(text)), cell)
    expression = reader.sum(0)
    if reader.at < len(reader.tokens):
        raise FormulaError("more", reader.tokens[reader.at])
    formula = Formula(text.strip(), expression)
    if not formula.refs:
        raise FormulaError("no_cell", text.strip())
    return formula


def _tokens(text: str) -> Iterator[str]:
    at, text = 0, text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise FormulaError("sign", text[at:].strip()[:1])
        token = found[0].strip()
        yield _SIGNS.get(token, token)
        at = found.end()


class _Reader:
    """Reads tokens from the left: a sum of products of signed parts."""

    def __init__(self, tokens: list[str], cell: Callable[[str], CellRef]) -> None:
        self.tokens, self.at, self._cell = tokens, 0, cell

    def sum(self, depth: int) -> Expression:
        left = self._product(depth)
        while self._next() in ("+", "-"):
            left = Call(self._take(), left, self._product(depth))
        return left

    def _product(self, depth: int) -> Expression:
        left = self._part(depth)
        while self._next() in ("*", "/"):
            sign, right = self._take(), self._part(depth)
            if sign == "/" and not list(_refs(right)) and not _constant(right):
                raise FormulaError("zero", "0")
            left = Call(sign, left, right)
        return left

    def _part(self, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise FormulaError("deep", "(")
        token = self._take()
        if token == "-":
            return Call("-", Decimal(0), self._part(depth + 1))
        if token == "(":
            inner = self.sum(depth + 1)
            if (closing := self._take()) != ")":
                raise FormulaError("open", closing)
            return inner
        if token[:1].isdecimal():
            return Decimal(token)
        if token[:1].isalpha() or token[:1] == "_":
            return self._cell(token)
        raise FormulaError("part", token)

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _take(self) -> str:
        token = self._next()
        self.at += 1
        return token


def _constant(expression: Expression) -> Decimal:
    """What an expression without cells comes to; 0 where it divides by 0 itself."""
    try:
        return _result(expression, {})
    except ZeroDivisionError:
        return Decimal(0)


def _refs(expression: Expression) -> Iterator[CellRef]:
    if isinstance(expression, CellRef):
        yield expression
    elif isinstance(expression, Call):
        yield from _refs(expression.left)
        yield from _refs(expression.right)


def _signs(expression: Expression) -> set[str]:
    if not isinstance(expression, Call):
        return set()
    return {expression.sign} | _signs(expression.left) | _signs(expression.right)


def _result(expression: Expression, numbers: Mapping[CellRef, Decimal]) -> Decimal:
    if isinstance(expression, CellRef):
        return Decimal(numbers.get(expression, 0))
    if isinstance(expression, Decimal):
        return expression
    left, right = _result(expression.left, numbers), _result(expression.right, numbers)
    match expression.sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            if not right:
                raise ZeroDivisionError
            return left / right
