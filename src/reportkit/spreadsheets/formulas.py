"""What a formula must give, for sums and differences of cells: enough to know whether a saved result is still true."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

from reportkit.spreadsheets.sheets import EXACT, Area, Value, address, position

Look = Callable[[str, Area], list[Value] | None]
"""What stands in the cells of a sheet ("" is the formula's own), None if that is not known of one of them."""

MAX_AREA = 100_000
_NESTED = 40
_LONGEST = 8192
"""Characters of a formula, as spreadsheets have it."""

_SURE = 10**15

_OWN = re.compile(r'IF\(COUNT\(([^()]+)\)=0,"",SUM\(\1\)\)')
"""A total in our own workbooks: blank as long as its parts are."""

_OWN_FORMULA = re.compile(r'IF\(COUNT\(([A-Z0-9,]+)\)(=0|<[1-9][0-9]{0,3}),"",')
"""What a cell begins with that a formula of a form computes, in our own workbooks: blank as long as its parts are."""

_REFERENCE = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^\s'!\[\]()+*/,;:=<>&\"^-]+)!)?"
    r"\$?(?P<left>[A-Z]{1,3})\$?(?P<top>[1-9]\d{0,6})"
    r"(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>[1-9]\d{0,6}))?(?![\w(.!])"
)
_TOKEN = re.compile(
    rf"\s*(?:(?P<reference>{_REFERENCE.pattern})|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Z]+(?=\())|(?P<sign>\"\"|[-+*/(),=]))"
)
_PLAIN = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})(?::([A-Z]{1,3})([1-9][0-9]{0,6}))?")
"""The references in our own workbooks: of this sheet, and without a $."""

_OUTSIDE = re.compile(r"\[\d+\]|file:|https?:|\bDDE\(|\bWEBSERVICE\(", re.I)
_FILE = re.compile(r"\[[^\[\]]*\]")
"""The name of a file, where a sheet's follows it."""

_OUTSIDE_SIGNS = ("[", "le:", "http", "dde(", "webserv")
"""One of them is in each such formula; to look for them is five times faster."""

_MOVABLE = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([1-9]\d{0,6})(?![\w(!])")


class NotUnderstood(Exception):  # noqa: N818  (not an error: most formulas are of other kinds)
    """A formula of another kind than sums and differences."""


def external(formula: str) -> bool:
    """Whether a formula takes something from another file."""
    folded = formula.casefold()
    if not any(sign in folded for sign in _OUTSIDE_SIGNS):
        return False
    file = _FILE.search(formula)
    return bool(file and "!" in formula[file.end() :]) or _OUTSIDE.search(formula) is not None


def result(formula: str, look: Look) -> Decimal | None:
    """Return what a formula gives, None for a blank.

    Known are + and -, SUM, IF(COUNT(…)=0,"",…), and what our own workbooks compute, over numbers and cells of the
    workbook. Raises NotUnderstood for all else.
    """
    if formula.count("(") > _NESTED or len(formula) > _LONGEST:
        raise NotUnderstood
    own = _OWN.fullmatch(formula)
    with localcontext(EXACT):
        if own:
            numbers = _plain_numbers(own[1], look)
            if numbers is None:
                numbers = _Parser(f"({own[1]})", look).arguments()
            return sum(numbers, Decimal(0)) if numbers else None
        if head := _OWN_FORMULA.match(formula):
            return _own_result(formula[head.end() :], head, look)
        parser = _Parser(formula, look)
        value = parser.sum()
        parser.expect("")
        return value


def _own_result(body: str, head: re.Match[str], look: Look) -> Decimal | None:
    """What a formula of our own gives, of which its head says when it is blank."""
    numbers = _plain_numbers(head[1], look) or []
    if len(numbers) < (1 if head[2] == "=0" else int(head[2][1:])):
        return None
    body = body.removesuffix(")")
    may_fail = body.startswith("IFERROR(") and body.endswith(',"")')
    body = body[len("IFERROR(") : -len(',"")')] if may_fail else body
    digits = ""
    if body.startswith("ROUND(") and body.endswith(")"):
        body, _, digits = body[len("ROUND(") : -1].rpartition(",")
    if digits and not digits.isdecimal():
        raise NotUnderstood
    parser = _Parser(body, look, products=True)
    try:
        value = parser.sum()
    except ZeroDivisionError:
        if may_fail:
            return None
        raise NotUnderstood from None
    parser.expect("")
    return value.quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP) if digits else value


def _plain_numbers(arguments: str, look: Look) -> list[Decimal] | None:
    """What the parser gives for plain references, of which a county has 150,000; None if one is of another kind."""
    areas = []
    for argument in arguments.split(","):
        match = _PLAIN.fullmatch(argument)
        if not match:
            return None
        left, top, right, bottom = match.groups()
        first = position(left, top)
        areas.append(Area(*first, *(position(right, bottom) if right else first)))
    return [number for area in areas for number in _numbers(_values("", area, look))]


def _values(sheet: str, area: Area, look: Look, most: int = MAX_AREA) -> list[Value]:
    size = (area.bottom - area.top + 1) * (area.right - area.left + 1)
    values = look(sheet, area) if 0 < size <= most else None
    if values is None:
        raise NotUnderstood
    return values


def _numbers(values: list[Value]) -> list[Decimal]:
    """The numbers of a range: text, blanks and truth values in it do not count."""
    return [exact(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)]


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
    """Reads a formula from the left, one term after the other.

    Products are for the formulas that we write: a spreadsheet works with doubles, and only what is rounded is the same.
    """

    def __init__(self, formula: str, look: Look, products: bool = False) -> None:
        self._tokens = deque(_tokens(formula))
        self._look = look
        self._products = products

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
        negative = False
        while (token := self._take()) in ("+", "-"):
            negative ^= token == "-"
        value = self._factor(token)
        while self._products and self._next() in ("*", "/"):
            value = value * self._factor(self._take()) if self._take() == "*" else value / self._divisor()
        return -value if negative else value

    def _divisor(self) -> Decimal:
        value = self._factor(self._take())
        if not value:
            raise ZeroDivisionError
        return value

    def _factor(self, token: str | tuple[str, Area]) -> Decimal:
        if isinstance(token, tuple):
            return sum((self._number(value) for value in _values(*token, self._look, most=1)), Decimal(0))
        if token == "(":
            inner = self.sum()
            self.expect(")")
            return inner
        if token == "N" and self._products:
            return sum(self.arguments(), Decimal(0))
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
                numbers += _numbers(_values(*token, self._look))
            else:
                numbers.append(self.sum())
            if self._next() != ",":
                break
            self._take()
        self.expect(")")
        return numbers

    def _number(self, value: Value) -> Decimal:
        if value == "":
            return Decimal(0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise NotUnderstood
        return exact(value)

    def _next(self) -> str | tuple[str, Area]:
        return self._tokens[0] if self._tokens else ""

    def _take(self) -> str | tuple[str, Area]:
        return self._tokens.popleft() if self._tokens else ""


@lru_cache(4096)
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
