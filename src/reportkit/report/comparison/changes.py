"""What has changed between two figures, as numbers and as they are printed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

from reportkit.kinds import Say
from reportkit.kinds.comparison import Line
from reportkit.model.cell import AS_WRITTEN
from reportkit.model.filing import EXACT, Figure
from reportkit.model.numbers import MONEY
from reportkit.model.printing import printed
from reportkit.model.rounding import HUNDRED
from reportkit.translation import N_

NO_PERCENTAGE = "—"
"""What is printed where there is a change, but nothing that it could be a part of."""

_TENTH = Decimal("0.1")


def change(line: Line) -> Decimal | None:
    """Return this year's figure less last year's, in the unit of this year's; None if one of them is blank.

    Amounts in different units are brought into one; if the unit of one is not known, None too.
    """
    pair = _in_one_unit(line)
    if pair is None:
        return None
    with localcontext(EXACT):
        return pair[0] - pair[1]


def change_text(line: Line, say: Say) -> str:
    """Return the change as it is printed: with a sign, decimals and unit as they were written; blank if there is none.

    Where the form says how the figures are printed, so is their change; that of percentages is told in points.

    >>> change_text(Line("t", ("a",), Figure("9.2", "9.2万元"), Figure("10.25", "10.25万元"), AMOUNT), str)
    '-1.05万元'
    """
    difference = change(line)
    if difference is None or line.now is None:
        return ""
    if line.cell.kind == "percent":
        return say(N_("{difference} points")).format(difference=_signed(_shortest(difference * HUNDRED)))
    text = f"{_signed(difference)}{_written_unit(line.now)}"
    if line.cell.format is AS_WRITTEN:
        return text
    return printed(Figure(difference, text), line.cell._replace(format=line.cell.format._replace(plus=True)))


def percentage_text(line: Line) -> str:
    """Return the change as a part of last year's figure, to one decimal; blank if there is none, — if that was 0."""
    pair = _in_one_unit(line)
    if pair is None:
        return ""
    now, before = pair
    if before <= 0 or line.cell.kind == "percent":
        return NO_PERCENTAGE
    with localcontext(EXACT):
        return f"{_signed(((now - before) / before * 100).quantize(_TENTH, ROUND_HALF_UP))}%"


def _in_one_unit(line: Line) -> tuple[Decimal, Decimal] | None:
    """Both figures as plain numbers in the unit of this year's, if both are there and that can be said."""
    if line.now is None or line.before is None:
        return None
    here, there = (_written_unit(figure) or line.cell.unit for figure in (line.now, line.before))
    now, before = Decimal(line.now), Decimal(line.before)
    if here == there:
        return now, before
    if here not in MONEY or there not in MONEY:
        return None
    with localcontext(EXACT):
        return now, before * MONEY[there] / MONEY[here]


def _written_unit(figure: Figure) -> str:
    return figure.text.lstrip("+-0123456789.,")


def _shortest(number: Decimal) -> Decimal:
    """A number without the zeros behind it."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _signed(number: Decimal) -> str:
    """The number with its sign; 0 has none, whatever it was rounded from."""
    text = f"{number:f}"
    return f"{text.lstrip('-')}" if number == 0 else f"+{text}" if number > 0 else text
