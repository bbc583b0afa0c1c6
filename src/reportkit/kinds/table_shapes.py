"""The tables of a form, as its file writes them: what a block, a row, a column and a cell may hold."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from reportkit.model.days import is_date_pattern
from reportkit.shapes import Checked, Shape, note
from reportkit.translation import N_

Names = tuple[str, ...]

MOST_ROWS = 500
"""No form can have more open rows in a table: a list that is longer is no table of a report."""


class Currency(Checked):
    """The code of a currency."""

    __slots__ = ()
    SCHEMA: ClassVar[dict[str, Any]] = {"pattern": "^[A-Z]{3}$"}

    @classmethod
    def fault(cls, text: str) -> str:
        """Return what is wrong with it."""
        fits = len(text) == 3 and text.isascii() and text.isupper()
        return "" if fits else N_("three capital letters, such as USD or CNY")


class DatePattern(Checked):
    """How a day is printed: a text with places for its parts."""

    __slots__ = ()

    @classmethod
    def fault(cls, text: str) -> str:
        """Return what is wrong with it."""
        return "" if is_date_pattern(text) else N_("{year}, {day} and one of {month} and {monthname}, each once")


class BlankSign(Checked):
    """What stands in a blank cell, and can be nothing else when it is read back."""

    __slots__ = ()

    @classmethod
    def fault(cls, text: str) -> str:
        """Return what is wrong with it."""
        return N_("a reader would take it for a number") if any(map(str.isdigit, text)) else ""


class Format(Shape, frozen=True):
    """How cells are printed. What is not said stays as the town has written it."""

    decimals: Annotated[
        Annotated[int, Meta(ge=0, le=9)] | UnsetType,
        note("So many digits after the point, rounded; no matter for whole numbers."),
    ] = UNSET
    group: Annotated[bool | UnsetType, note("Thousands with commas: 12,345.")] = UNSET
    negative: Annotated[
        Literal["minus", "parens"] | UnsetType, note("What is below zero: -5, or (5).", wanted=N_("is minus or parens"))
    ] = UNSET
    plus: Annotated[bool | UnsetType, note("A plus sign before what is above zero.")] = UNSET
    symbol: Annotated[bool | UnsetType, note("The sign of the currency before money.")] = UNSET
    blank: Annotated[
        BlankSign | UnsetType, note("What stands in a blank cell.", wanted=N_("is a text in quotes without digits"))
    ] = UNSET
    boxes: Annotated[bool | UnsetType, note("All options of a choice with boxes: ☑ yes □ no.")] = UNSET
    date: Annotated[
        DatePattern | UnsetType,
        note(
            "A day: {year}年{month}月{day}日, or {monthname} {day}, {year}.",
            wanted=N_("is a text in quotes with places for year, month and day"),
        ),
    ] = UNSET


class Traits(Shape, frozen=True):
    """What cells take, and how they are printed."""

    kind: Annotated[
        Literal["count", "change", "amount", "number", "percent", "money", "text", "choice", "date"] | UnsetType,
        note(
            "A whole number from 0 on (if nothing is said), a whole number with a sign, a decimal amount of money in "
            "元 or 万元, any decimal, a percentage, money of one currency, a text, one of some options, a day.",
            wanted=N_("is count, change, amount, number, percent, money, text, choice or date"),
        ),
    ] = UNSET
    unit: Annotated[str | UnsetType, note("The unit that the label states.")] = UNSET
    currency: Annotated[
        Currency | UnsetType, note("That of money, by its code.", wanted=N_("is the code of a currency in quotes"))
    ] = UNSET
    options: Annotated[Names | UnsetType, note("What a choice is between.")] = UNSET
    negative: Annotated[bool | UnsetType, note("Whether decimals can be below zero.")] = UNSET
    format: Annotated[Format | UnsetType, note("How the cells are printed.")] = UNSET
    formula: Annotated[
        str | UnsetType,
        note(
            "How each cell is computed where it is left out: + − × ÷ and brackets over keys of its own line. "
            "What is stated is checked against it."
        ),
    ] = UNSET


class Header(Traits, frozen=True, kw_only=True):
    """A row or a column of a table, or a group of them."""

    label: Annotated[str, note("What is printed.")]
    key: Annotated[
        str,
        note(
            "ASCII, and the same in every edition: the keys above it and its own name the cells. Printed only, if none."
        ),
    ] = ""
    children: Annotated[tuple[Header, ...], note("The rows or columns of a group.")] = ()
    add: Annotated[bool, note("A column of open rows that is added up in the row `total`.")] = False


class Cell(Traits, frozen=True, kw_only=True):
    """One cell of a table: what is said here goes before what its row and its column say."""

    row: Annotated[str, note("The key of its row, with those of the groups above it: safety.drills.")]
    column: Annotated[str, note("The key of its column, likewise.")]


class Corner(Shape, frozen=True):
    """A label over the row labels, or a group of them."""

    label: Annotated[str, note("What is printed.")]
    children: Annotated[tuple[str | Corner, ...], note("The labels of a group.")] = ()


class Block(Shape, frozen=True):
    """A part of a table with column headers of its own. Merged cells follow from the trees."""

    columns: Annotated[tuple[Header, ...], note("From left to right.", min_length=1)]
    rows: Annotated[
        tuple[Header, ...] | Literal["open"],
        note(
            "From top to bottom; or open, for a list of records, each a row with these columns.",
            wanted=N_("is a list of rows, or open"),
        ),
    ]
    title: Annotated[str, note("A row above the headers over the whole width.")] = ""
    corner: Annotated[
        str | tuple[str | Corner, ...],
        note(
            "What stands over the row labels: one label, or a list with a label for each column of them.",
            wanted=N_("is a text, or a list of texts and of groups with label and children"),
        ),
    ] = ""
    beside: Annotated[bool, note("It stands at the right of the block before it.")] = False
    foot: Annotated[
        int,
        note("So many of its last rows stand at the bottom where the block beside it has more rows.", ge=0),
    ] = 0
    total: Annotated[str, note("The label of the row below open rows, with the sums of columns with add.")] = ""
    most: Annotated[
        Annotated[int, Meta(ge=1, le=MOST_ROWS)] | UnsetType, note("How many open rows there can be; 30 if left out.")
    ] = UNSET
    format: Annotated[Format | UnsetType, note("How its cells are printed.")] = UNSET


class Table(Shape, frozen=True):
    """A table: one block, or several below or beside each other."""

    key: Annotated[str, note("What sections, rules and parameter files call it.")]
    blocks: Annotated[tuple[Block, ...], note("From top to bottom.", min_length=1)]
    caption: Annotated[str, note("What it is called; its section's heading if left out.")] = ""
    format: Annotated[Format | UnsetType, note("How its cells are printed.")] = UNSET
    cells: Annotated[tuple[Cell, ...], note("Cells of which more is to be said than of their row and column.")] = ()
    note: Annotated[str, note("Stands above the table at the right, for instance 单位：万元.")] = ""
    source: Annotated[str, note("Stands below the table: where its figures are from.")] = ""
    footnotes: Annotated[Names, note("Stand below the table, before the source.")] = ()
