"""The files of a kind, as they are written: what each entry may hold, and what an editor says of it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, UnsetType, field

from reportkit.kinds.file_shapes import Facts
from reportkit.kinds.table_shapes import Names
from reportkit.shapes import Shape, note
from reportkit.translation import N_


class Told(Shape, frozen=True):
    """A sentence that is told in another severity than its code."""

    message: str
    severity: Literal["error", "warning", "note"]


class TranslatedRule(Shape, frozen=True):
    """What a rule of a kind tells, in another language; what is left out is told as it is (rules/LANGUAGE/*.yaml)."""

    title: str | UnsetType = UNSET
    message: Annotated[str | UnsetType, note("What is told; {place} and the like are values of the finding.")] = UNSET
    messages: Annotated[dict[str, str] | UnsetType, note("By variant, where it tells several things.")] = UNSET
    source: str | UnsetType = UNSET
    explanation: str | UnsetType = UNSET
    example: str | UnsetType = UNSET


class RuleOfKind(Shape, frozen=True):
    """What a rule of a kind tells, by its code: a letter and a number (rules/*.yaml)."""

    severity: Annotated[
        Literal["error", "warning", "note"],
        note("With an error no report is made.", wanted=N_("is error, warning or note")),
    ]
    title: Annotated[str, note("What is wrong, in a line of a list.")]
    message: Annotated[str | UnsetType, note("What is told; {place} and the like are values of the finding.")] = UNSET
    messages: Annotated[dict[str, str | Told] | UnsetType, note("By variant, where it tells several things.")] = UNSET
    source: Annotated[str, note("Who asks for it.")] = ""
    explanation: Annotated[str, note("Why, and what to do.")] = ""
    example: Annotated[str, note("A case.")] = ""
    waivable: Annotated[bool, note("Whether a file can switch it off, with a reason.")] = True


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
    title: Annotated[str, note("What its reports are called; that of the kind that it extends, if left out.")] = ""
    extends: Annotated[
        str, note("The kind, by name or by the path of its folder, of which it has all that it does not say itself.")
    ] = ""
    style: Annotated[
        str,
        note(
            "What its pages look like: a style's name, or a style's file in its folder; what the language of the text "
            "suggests, if left out."
        ),
    ] = ""
    prefill: Prefill | None = None
    comparison: Comparison | None = None
    facts: Annotated[Facts, note("What all its forms ask for beside their tables, by name.")] = field(
        default_factory=dict
    )
    language: Annotated[
        Literal["", "zh", "en"],
        note(
            "What is printed in its reports is in this language; zh, or that of the kind that it extends, if left out.",
            wanted=N_("is zh or en"),
        ),
    ] = ""
