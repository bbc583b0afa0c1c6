"""What a formula must give, for sums and differences of cells: enough to know whether a saved result is still true."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext

from reportkit.filing import EXACT
from reportkit.readers.workbook.sheets import Area, Value, address, position

Look = Callable[[str, int, int], Value | None]
"""What stands in a cell of a sheet ("" is the formula's own), None if that is not known."""

MAX_AREA = 100_000
_NESTED = 40
_SURE = 10**15

_OWN = re.compile(r'IF\(COUNT\(([^()]+)\)=0,"",SUM\(\1\)\)')
"""A total in our own workbooks: blank as long as its parts are."""

_REFERENCE = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^\s'!\[\]()+*/,;:=<>&\"^-]+)!)?"
    r"\$?(?P<left>[A-Z]{1,3})\$?(?P<top>[1-9]\d{0,6})"
    r"(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>[1-9]\d{0,6}))?(?![\w(.!])"
)
_TOKEN = re.compile(
    rf"\s*(?:(?P<reference>{_REFERENCE.pattern})|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Z]+(?=\())|(?P<sign>\"\"|[-+(),=]))"
)
_MOVABLE = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([1-9]\d{0,6})(?![\w(!])")


class NotUnderstood(Exception):  # noqa: N818  (not an error: most formulas are of other kinds)
    """A formula of another kind than sums and differences."""


def external(formula: str) -> bool:
    """Whether a formula takes something from another file."""
    return re.search(r"\[[^\[\]]*\][^!]*'?!|\[\d+\]|file:|https?:|\bDDE\(|\bWEBSERVICE\(", formula, re.I) is not None


def result(formula: str, look: Look) -> Decimal | None:
    """Return what a formula gives, None for a blank.

    Known are + and -, SUM, and IF(COUNT(…)=0,"",…), over numbers and cells of the workbook. Raises NotUnderstood for
    all else.
    """
    if formula.count("(") > _NESTED:
        raise NotUnderstood
    own = _OWN.fullmatch(formula)
    with localcontext(EXACT):
        if own:
            numbers = _Parser(f"({own[1]})", look).arguments()
            return sum(numbers, Decimal(0)) if numbers else None
        parser = _Parser(formula, look)
        value = parser.sum()
        parser.expect("")
        return value


def shifted(formula: str, rows: int, columns: int) -> str:
    """Return a formula as it reads some rows and columns away from its cell; what has a $ stays.

    >>> shifted("SUM(D7:$I7)", 1, 0)
    'SUM(D8:$I8)'
    """

    def moved(match: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, digits = match.groups()
        row, column = position(letters, digits)
        row, column = row + (0 if fixed_row else rows), column + (0 if fixed_column else columns)
        if row < 0 or column < 0:
            return "#REF!"
        text = address(row, column)
        letters = text.rstrip("0123456789")
        return f"{fixed_column}{letters}{fixed_row}{text[len(letters) :]}"

    return _MOVABLE.sub(moved, formula)


class _Parser:
    """Reads a formula from the left, one term after the other."""

    def __init__(self, formula: str, look: Look) -> None:
        self._tokens = list(_tokens(formula))
        self._look = look

    def sum(self) -> Decimal:
        """The terms up to what is no + or -, added up."""
        total = self._term()
        while self._next() in ("+", "-"):
            total += self._term() if self._take() == "+" else -self._term()
        return total

    def expect(self, sign: str) -> None:
        if self._take() != sign:
            raise NotUnderstood

    def _term(self) -> Decimal:
        token = self._take()
        if isinstance(token, tuple):
            return sum((self._number(value) for value in self._cells(token, lone=True)), Decimal(0))
        if token in ("+", "-"):
            return self._term() if token == "+" else -self._term()
        if token == "(":
            inner = self.sum()
            self.expect(")")
            return inner
        if token == "SUM":
            return sum(self.arguments(), Decimal(0))
        if token[:1].isdigit():
            return Decimal(token)
        raise NotUnderstood

    def arguments(self) -> list[Decimal]:
        """The numbers among the arguments of a function: text and blanks in a range do not count."""
        numbers: list[Decimal] = []
        self.expect("(")
        while True:
            token = self._next()
            if isinstance(token, tuple):
                self._take()
                if self._next() not in (",", ")"):
                    raise NotUnderstood
                values = self._cells(token, lone=False)
                numbers += [exact(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
            else:
                numbers.append(self.sum())
            if self._next() != ",":
                break
            self._take()
        self.expect(")")
        return numbers

    def _cells(self, token: tuple[str, Area], *, lone: bool) -> Iterator[Value]:
        sheet, area = token
        size = (area.bottom - area.top + 1) * (area.right - area.left + 1)
        if (lone and size != 1) or not 0 < size <= MAX_AREA:
            raise NotUnderstood
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                value = self._look(sheet, row, column)
                if value is None:
                    raise NotUnderstood
                yield value

    def _number(self, value: Value) -> Decimal:
        if value == "":
            return Decimal(0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise NotUnderstood
        return exact(value)

    def _next(self) -> str | tuple[str, Area]:
        return self._tokens[0] if self._tokens else ""

    def _take(self) -> str | tuple[str, Area]:
        return self._tokens.pop(0) if self._tokens else ""


def exact(number: float) -> Decimal:
    """Return the number that a person sees: a spreadsheet has fifteen digits, a float some more that are noise."""
    if -_SURE < number < _SURE and number == (whole := int(number)):
        return Decimal(whole)
    return Decimal(format(number, ".15g"))


def _tokens(formula: str) -> Iterator[str | tuple[str, Area]]:
    at, text = 0, formula.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise NotUnderstood
        at = match.end()
        yield _area(match) if match["reference"] else match["number"] or match["word"] or match["sign"]


def _area(match: re.Match[str]) -> tuple[str, Area]:
    sheet = match["sheet"] or ""
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    top, left = position(match["left"], match["top"])
    bottom, right = position(match["right"], match["bottom"]) if match["right"] else (top, left)
    return sheet, Area(top, left, bottom, right)
