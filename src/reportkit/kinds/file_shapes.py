"""The files of a form and of a kind, as they are written: what each entry may hold, and what an editor says of it."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from msgspec import UNSET, UnsetType, field

from reportkit.kinds.table_shapes import Names, Table
from reportkit.shapes import Checked, Regex, Shape, note, otherwise
from reportkit.translation import N_


class Name(Checked):
    """A name, which may look like a number or a date."""

    __slots__ = ()
    SCHEMA: ClassVar[dict[str, Any]] = {"type": ["string", "number"]}

    @classmethod
    def read(cls, value: Any) -> Self:
        """Return a value of a file as a name. Raises ValueError for what has no name."""
        if value is None or isinstance(value, (dict, list, set)):
            raise ValueError
        return cls(value)


Texts = dict[str, str]


class Section(Shape, frozen=True):
    """A section of the report, in print order."""

    key: Annotated[str, note("What notebooks and parameter files call it.")]
    heading: Annotated[str, note("The printed heading, with its number.")]
    table: Annotated[str | None, note("The key of its table.")] = None
    parts: Annotated[Texts, note("What it has to report: the heading of each part, by key.")] = field(
        default_factory=dict
    )
    required: Annotated[bool, note("No report is made without words of the unit's own for it.")] = False
    optional: Annotated[bool, note("Its heading is left out, too, where nothing stands below it.")] = False


class Rule(Shape, frozen=True):
    """An equation for each row (or column) of a table: the cells on the left add up to those on the right.

    Without `table` and `per` it is one over any cells and facts.
    """

    code: Annotated[str, note("What results and waivers call it.")]
    label: Annotated[str, note("What it says, in words.")]
    left: Annotated[
        Names,
        note(
            "With table and per: keys; group.* stands for all of a group, * for all. Without: table[row, column], "
            "facts.name. 2*… is twice of it.",
            min_length=1,
        ),
    ]
    right: Annotated[Names, note("As on the left.")]
    table: Annotated[str | UnsetType, note("The key of the table.")] = UNSET
    per: Annotated[
        Literal["row", "column"] | UnsetType,
        note("Whether it names columns and holds in each row, or the reverse.", wanted=N_("is row or column")),
    ] = UNSET
    sign: Annotated[
        Literal["=", "<="], note("Whether the left side is the right side, or no more.", wanted=N_("is = or <="))
    ] = "="
    tolerance: Annotated[float, note("By how much the sides may differ, for figures that are rounded.", ge=0)] = 0
    source: Annotated[str, note("Who asks for it.")] = ""
    severity: Annotated[Literal["error", "warning"], note("With a warning a report goes out all the same.")] = "error"
    total: Annotated[
        Literal["right"] | UnsetType,
        note(
            "The one cell on the right is computed where it is left out.",
            wanted=N_("is right (the one cell on the right is computed)"),
        ),
    ] = UNSET
    only: Annotated[Names | UnsetType, note("The rows (columns) that it holds in, if not in all.")] = UNSET
    jurisdictions: Annotated[
        Regex, note("The names that it holds for, if not for all.", wanted=N_("is a regular expression in quotes"))
    ] = otherwise(Regex())


class Fact(Shape, frozen=True):
    """What a form asks for beside its tables: a key of the parameter file, and a name in sentences."""

    type: Annotated[
        Literal["str", "int", "float", "bool", "date"],
        note(
            "A text, a whole number, a number, true or false, or a date such as 2024-01-31.",
            wanted=N_("is str, int, float, bool or date"),
        ),
    ]
    label: Annotated[str, note("What people call it; its name if left out.")] = ""
    required: Annotated[bool, note("A report without it is not made.")] = False
    add: Annotated[bool, note("A county's is the sum of its units'; numbers only.")] = False


Facts = dict[str, Fact]


class CarriedCells(Shape, frozen=True, rename={"source": "from"}):
    """Cells that are cells of last year's report: a new year's file begins with them, and they are checked."""

    cell: Annotated[
        str, note("This year's: table.row in all its columns, or table[row, column]; * for all rows or columns.")
    ]
    source: Annotated[str, note("Last year's, likewise.")]


class ComparedLines(Shape, frozen=True):
    """What stands beside last year's: these rows in these columns; all of a table where one of both is left out."""

    rows: Annotated[
        Names, note("Keys of rows, or of groups, which are added up; with table. in front of one table's.")
    ] = ()
    columns: Annotated[Names, note("Keys of columns, or of groups, likewise.")] = ()


class Form(Shape, frozen=True):
    """An edition of a report: everything that is printed whatever the town, and the rules between cells."""

    edition: Annotated[Name, note("The name that parameter files use.", wanted=N_("is a name"))]
    years: Annotated[
        tuple[int, int | None],
        note(
            "The first and the last year that it is for; null for no end.",
            wanted=N_("are two numbers, the last one can be null"),
        ),
    ]
    title: Annotated[str, note("Of a report, with {year} and {jurisdiction}.")]
    sections: Annotated[tuple[Section, ...], note("In print order.")]
    document: Annotated[str, note("The notice behind it.")] = ""
    kind: Annotated[str, note("The report kind whose rules judge it, too.")] = ""
    tables: tuple[Table, ...] = ()
    rules: tuple[Rule, ...] = ()
    words: Annotated[Texts, note("Sentences that follow the numbers (Jinja over the cells), by name.")] = field(
        default_factory=dict
    )
    facts: Annotated[Facts, note("What it asks for beside its tables, by name.")] = field(default_factory=dict)
    carry: Annotated[tuple[CarriedCells, ...], note("Cells that are cells of last year's report.")] = ()
    compare: Annotated[
        ComparedLines | None, note("What is compared with the year before; all totals, if left out.")
    ] = None
    language: Annotated[
        Literal["zh", "en"] | UnsetType,
        note("What is printed in a report of it is in this language, if not in its kind's.", wanted=N_("is zh or en")),
    ] = UNSET
