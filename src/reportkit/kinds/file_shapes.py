"""The files of a form and of a kind, as they are written: what each entry may hold, and what an editor says of it."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from msgspec import UNSET, UnsetType, field

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
Names = tuple[str, ...]


class Header(Shape, frozen=True):
    """A row or a column of a table, or a group of them."""

    label: Annotated[str, note("What is printed.")]
    key: Annotated[
        str,
        note(
            "ASCII, and the same in every edition: the keys above it and its own name the cells. Printed only, if none."
        ),
    ] = ""
    children: Annotated[tuple[Header, ...], note("The rows or columns of a group.")] = ()
    kind: Annotated[
        Literal["count", "change", "amount"],
        note(
            "A whole number from 0 on, a whole number with a sign, or a decimal amount of money.",
            wanted=N_("is count, change or amount"),
        ),
    ] = "count"
    unit: Annotated[str, note("The unit that the column's label states.")] = ""


class Block(Shape, frozen=True):
    """A part of a table with column headers of its own. Merged cells follow from the trees."""

    columns: Annotated[tuple[Header, ...], note("From left to right.", min_length=1)]
    rows: Annotated[tuple[Header, ...], note("From top to bottom.")]
    title: Annotated[str, note("A row above the headers over the whole width.")] = ""
    corner: Annotated[str, note("The cell over the row labels.")] = ""


class Table(Shape, frozen=True):
    """A table: one block, or several below each other."""

    key: Annotated[str, note("What sections, rules and parameter files call it.")]
    blocks: Annotated[tuple[Block, ...], note("From top to bottom.", min_length=1)]
    caption: Annotated[str, note("What it is called; its section's heading if left out.")] = ""


class Section(Shape, frozen=True):
    """A section of the report, in print order."""

    key: Annotated[str, note("What notebooks and parameter files call it.")]
    heading: Annotated[str, note("The printed heading, with its number.")]
    table: Annotated[str | None, note("The key of its table.")] = None
    parts: Annotated[Texts, note("What it has to report: the heading of each part, by key.")] = field(
        default_factory=dict
    )


class Rule(Shape, frozen=True):
    """An equation for each row (or column) of a table: the cells on the left add up to those on the right."""

    code: Annotated[str, note("What results and waivers call it.")]
    label: Annotated[str, note("What it says, in words.")]
    table: Annotated[str, note("The key of the table.")]
    per: Annotated[
        Literal["row", "column"],
        note("Whether it names columns and holds in each row, or the reverse.", wanted=N_("is row or column")),
    ]
    left: Annotated[Names, note("Keys; group.* stands for all of a group, * for all.")]
    right: Annotated[Names, note("Keys; group.* stands for all of a group, * for all.")]
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


class Carried(Shape, frozen=True, rename={"source": "from"}):
    """A row of last year's that is a row of this year's, column by column."""

    table: str
    source: Annotated[str, note("The key of last year's row.")]
    to: Annotated[str, note("The key of this year's row.")]
    hint: Annotated[str, note("What stands beside a total that is computed; {} is last year's figure.")]


class Grown(Shape, frozen=True):
    """A column that with its change makes next year's column."""

    column: str
    change: str


class Prefill(Shape, frozen=True):
    """What stands in a new year's file from the beginning."""

    carry: tuple[Carried, ...] = ()
    grown: tuple[Grown, ...] = ()
    counted_anew: Annotated[Names, note("Columns beside which last year's figure stands as a hint.")] = ()


class Compared(Shape, frozen=True):
    """Lines of a comparison: each of the rows with each of the columns; those that a form lacks are left out."""

    table: str
    rows: Names
    columns: Annotated[
        tuple[str | Names, ...], note("A key is that column or all below it added up; so is each key of a list.")
    ]
    labels: Annotated[
        Literal["rows", "columns"] | None,
        note("Whose labels name a line; both if left out.", wanted=N_("is rows or columns")),
    ] = None


class Picture(Shape, frozen=True):
    """A picture of the comparison; all its lines are counts."""

    title: str
    lines: tuple[Compared, ...]


class Comparison(Shape, frozen=True):
    """What is compared with the year before."""

    table: tuple[Compared, ...]
    pictures: tuple[Picture, ...] = ()


class Kind(Shape, frozen=True):
    """What a kind of report has besides its forms and rules (kind.yaml)."""

    name: Annotated[str, note("That of its folder.")]
    title: Annotated[str, note("What its reports are called.")]
    prefill: Prefill | None = None
    comparison: Comparison | None = None
    facts: Annotated[Facts, note("What all its forms ask for beside their tables, by name.")] = field(
        default_factory=dict
    )
