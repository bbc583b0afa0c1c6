"""What may be typed into the cells of our workbooks, and what is said about anything else."""

from __future__ import annotations

from typing import Any

from reportkit.form_workbook.cell_formats import OLDEST
from reportkit.form_workbook.sheet_words import NO, YES
from reportkit.kinds import Say
from reportkit.model.cell import Cell
from reportkit.model.entries import MAX_TEXT
from reportkit.model.facts import Fact
from reportkit.model.rollup import COMMON_UNIT
from reportkit.translation import N_

_LIST = 255
"""So many characters has a list of options, in Excel."""


def validation(cell: Cell, say: Say) -> dict[str, Any]:
    """Return what may be typed into a cell, and what is said about anything else."""
    match cell.kind:
        case "count":
            wanted = say(N_("a whole number from 0 on; 0 where there is none"))
            return _rule(say, "integer", wanted, criteria=">=", value=0)
        case "change":
            wanted = say(N_("a whole number, negative for a decrease; 0 where there is no change"))
            return _rule(say, "integer", wanted, **_WHOLE)
        case "choice":
            return _choice(cell, say)
        case "date":
            return _rule(say, "date", say(_DAY), criteria=">=", value=OLDEST) | _beside(say(N_("Date")), say(_DAY))
        case "text":
            wanted = say(N_("a text of up to {most} characters")).format(most=MAX_TEXT)
            return _rule(say, "length", wanted, criteria="<=", value=MAX_TEXT)
    if cell.states_unit:
        # The form leaves the unit open here, so it is written with the number.
        message = say(N_("Write the unit, too, for instance {example}; 0 where there is none."))
        return {"validate": "any"} | _beside(say(N_("Amount")), message.format(example=f"9.2{COMMON_UNIT}"))
    return _decimal(cell, say)


_DAY = N_("year, month and day, for instance 2024-01-31")


def _choice(cell: Cell, say: Say) -> dict[str, Any]:
    wanted = say(N_("one of: {options}")).format(options=", ".join(cell.options))
    if len(",".join(cell.options)) > _LIST or any(sign in option for option in cell.options for sign in ',"'):
        return {"validate": "any"} | _beside(say(N_("Choice")), wanted)
    return _rule(say, "list", wanted, source=list(cell.options))


def _decimal(cell: Cell, say: Say) -> dict[str, Any]:
    """The limits of a number with decimals, of which the unit is known."""
    limits = {"criteria": "between", "minimum": -(10**15), "maximum": 10**15}
    limits = limits if cell.negative else {"criteria": ">=", "value": 0}
    if cell.kind == "percent":
        wanted = say(N_("a percentage, for instance 4.6%"))
        return _rule(say, "decimal", wanted, **limits) | _beside(say(N_("Percentage")), wanted)
    unit = cell.currency or cell.unit
    if not unit:
        return _rule(say, "decimal", say(N_("a number")), **limits)
    told = say(N_("The unit is {unit}; it may have decimals; write the number alone.")).format(unit=unit)
    wanted = say(
        N_("a number in {unit}") if cell.negative else N_("a number from 0 on in {unit}; 0 where there is none")
    )
    title = say(N_("Number") if cell.kind == "number" else N_("Amount"))
    return _rule(say, "decimal", wanted.format(unit=unit), **limits) | _beside(title, told)


def _beside(title: str, message: str) -> dict[str, Any]:
    """What is said beside a cell before anything is typed; Excel takes no more."""
    return {"input_title": title[:32], "input_message": message[:255]}


def fact_validation(fact: Fact, say: Say) -> dict[str, Any]:
    """Return what may be typed for a fact."""
    match fact.type:
        case "int":
            return _rule(say, "integer", say(N_("a whole number")), **_WHOLE)
        case "float":
            limits = {"criteria": "between", "minimum": -(10**15), "maximum": 10**15}
            return _rule(say, "decimal", say(N_("a number")), **limits)
        case "bool":
            return _rule(say, "list", say(N_("Yes or No")), source=[say(YES), say(NO)])
        case "date":
            return {"validate": "any"} | _beside(say(N_("Date")), say(_DAY))
    return {"validate": "any"}


_WHOLE = {"criteria": "between", "minimum": -(10**9), "maximum": 10**9}


def _rule(say: Say, kind: str, wanted: str, **limits: Any) -> dict[str, Any]:
    title, message = say(N_("Not possible in this cell")), say(N_("Here belongs {wanted}."))
    return {"validate": kind, "error_title": title, "error_message": message.format(wanted=wanted)[:255], **limits}
