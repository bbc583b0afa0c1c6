"""A style: all that a page looks like, as data. Each value stands here once; docs/style.md is held to what is said."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from reportkit.page_styles.measures import (
    Colour,
    DatePattern,
    Family,
    Ink,
    Language,
    Length,
    NumberPattern,
    PagePattern,
    ReasonsPattern,
    TitlePattern,
)
from reportkit.page_styles.page_parts import LENGTH, Cover, Letterhead, Running, Signature
from reportkit.shapes import Shape, note
from reportkit.translation import N_

Use = Literal["title", "body", "heading", "emphasis", "number", "code"]
_COLOUR = N_("is a colour, or none")
Measure = Annotated[Length, note(wanted=LENGTH)]
Families = tuple[Annotated[Family, note(wanted=N_("is the name of a typeface"))], ...]


class Margins(Shape, frozen=True):
    """The empty edges of an upright page."""

    top: Annotated[Length, note("Above the text.", wanted=LENGTH)]
    right: Annotated[Length, note("To the right of it.", wanted=LENGTH)]
    bottom: Annotated[Length, note("Below it; the page number stands there.", wanted=LENGTH)]
    left: Annotated[Length, note("To the left of it.", wanted=LENGTH)]


class Text(Shape, frozen=True):
    """The running text."""

    size: Annotated[Length, note("The type size.", wanted=LENGTH)]
    lines: Annotated[int, note("The lines of a full page, which give the line spacing.", ge=10, le=100)]
    letters: Annotated[
        Annotated[int, note(ge=10, le=80)] | None,
        note(
            "The Chinese characters of a full line, set on a grid; null where letters have their own widths.",
            wanted=N_("is a whole number from 10 to 80, or null"),
        ),
    ]
    indent: Annotated[float, note("How far a paragraph's first line is set in, in ems.", ge=0, le=8)]
    inset: Annotated[float, note("How far lists and quotations are set in, in ems.", ge=0, le=8)]
    spacing: Annotated[float, note("The space between paragraphs, in lines.", ge=0, le=4)]
    justify: Annotated[
        bool,
        note("Whether all lines are equally long; on a screen only where no word is hyphenated."),
    ]
    hyphenate: Annotated[bool, note("Whether long words may be divided at the end of a line.")]
    quotes: Annotated[
        Literal["plain", "rule"],
        note("What marks a quotation besides its inset: nothing, or a straight rule at its left."),
    ]


class Colours(Shape, frozen=True):
    """The colours of a page."""

    text: Annotated[Ink, note("What is printed.", wanted=N_("is a colour"))]
    paper: Annotated[Ink, note("What it is printed on.", wanted=N_("is a colour"))]
    accent: Annotated[
        Colour,
        note("The title, headings, and lines at the margins; none for that of the text.", wanted=_COLOUR),
    ]


class Title(Shape, frozen=True):
    """The report's title."""

    size: Annotated[Length, note("Its type size.", wanted=LENGTH)]
    pitch: Annotated[Length, note("From one of its lines to the next.", wanted=LENGTH)]
    align: Annotated[Literal["center", "left"], note("In the middle, or from the left.")]
    below: Annotated[float, note("The space below it, in lines of text.", ge=0, le=6)]


class Heading(Shape, frozen=True):
    """The headings of one level."""

    face: Annotated[Use, note("The use whose typeface it has.")]
    scale: Annotated[float, note("Its size, as a multiple of the text's.", ge=0.7, le=3)]
    above: Annotated[float, note("The space above it, in lines of text.", ge=0, le=4)]
    below: Annotated[float, note("The space below it, in lines of text.", ge=0, le=4)]
    indent: Annotated[bool, note("Whether it is set in as the first line of a paragraph is.")]


class PageNumber(Shape, frozen=True):
    """The number at the foot of each page."""

    pattern: Annotated[
        PagePattern,
        note(
            "What stands there, with {page} and perhaps {pages} for how many there are.",
            wanted=N_("is a text with {page}, or with {page} and {pages}"),
        ),
    ]
    place: Annotated[
        Literal["outer", "center", "left", "right", "none"],
        note("Where: at the outer edge, odd pages having it right; in the middle; left; right; or not at all."),
    ]
    size: Annotated[Length, note("Its type size.", wanted=LENGTH)]
    gap: Annotated[Length, note("From the text down to it.", wanted=LENGTH)]


class Face(Shape, frozen=True):
    """The typefaces of one use. A style that gives one gives all of it."""

    families: Annotated[Families, note("In a PDF the first of these that the machine has; none has to be there.")] = ()
    fallback: Annotated[Families, note("In a PDF what follows, sign by sign; each has to be there.")] = ()
    screen: Annotated[Families, note("On a web page all of these in order; families and fallback, if left out.")] = ()
    weight: Annotated[Literal["regular", "bold"], note("How heavy.")] = "regular"
    scale: Annotated[float, note("Of code alone: how large it is among other words.", ge=0.5, le=1.5)] = 1
    slant: Annotated[Literal["normal", "italic"], note("Upright or slanted.")] = "normal"


class Faces(Shape, frozen=True):
    """The typefaces by what they are used for."""

    title: Annotated[Face, note("The report's title.")]
    body: Annotated[Face, note("The running text, and tables.")]
    heading: Annotated[Face, note("Headings that have it, strong words, the heads of tables.")]
    emphasis: Annotated[Face, note("Stressed words, and headings that have it.")]
    number: Annotated[Face, note("Page numbers.")]
    code: Annotated[Face, note("Words of code, and what programs have printed.")]


class Tables(Shape, frozen=True):
    """The looks of tables, as far as nothing else is said where one is made."""

    rules: Annotated[Literal["grid", "rows"], note("Lines around each cell, or between rows alone.")]
    head_fill: Annotated[
        Colour,
        note("What is behind the head: none, or a colour such as #336699.", wanted=_COLOUR),
    ]
    figures: Annotated[Literal["center", "right"], note("Where figures stand in their column, and its head.")]
    words: Annotated[Literal["center", "left"], note("Where other cells' text stands, and their column's head.")]
    padding: Annotated[Length, note("The space at both sides of a cell's text; in small type less.", wanted=LENGTH)]
    largest: Annotated[Length, note("The type size of a table that has room.", wanted=LENGTH)]
    smallest: Annotated[
        Length, note("Down to which size one shrinks before it is set on a page on its side.", wanted=LENGTH)
    ]


class Words(Shape, frozen=True):
    """What a page says of its own accord, in the style's language."""

    report: Annotated[str, note("The title of a report that has none.", min_length=1)]
    figure: Annotated[
        NumberPattern,
        note("The name of a picture that has none.", wanted=N_("is a text with {number}")),
    ]
    table: Annotated[
        NumberPattern,
        note("The name of a table without caption, for those who do not see it.", wanted=N_("is a text with {number}")),
    ]
    draft: Annotated[TitlePattern, note("The title of a draft.", wanted=N_("is a text with {title}"))]
    draft_line: Annotated[
        ReasonsPattern,
        note("What a draft says of itself on every page.", wanted=N_("is a text with {reasons}")),
    ]
    logo: Annotated[str, note("What is said of a logo that nothing is said of.", min_length=1)]
    date: Annotated[
        DatePattern,
        note(
            "How a date is written, with {year}, {month} and {day}.",
            wanted=N_("is a text with {year}, {month} and {day}"),
        ),
    ]
    months: Annotated[tuple[str, ...], note("What the twelve months are called in it.")]
    comma: Annotated[str, note("What stands between two of the reasons.")]
    unchecked: Annotated[str, note("A reason: its checks were not run.", min_length=1)]
    errors: Annotated[
        NumberPattern, note("A reason: what its checks have found.", wanted=N_("is a text with {number}"))
    ]
    failed: Annotated[NumberPattern, note("A reason: cells have failed.", wanted=N_("is a text with {number}"))]
    not_run: Annotated[NumberPattern, note("A reason: cells were not run.", wanted=N_("is a text with {number}"))]


class Style(Shape, frozen=True):
    """What a page looks like, on paper and on a screen; a file may give some of it and extend another style."""

    language: Annotated[
        Language, note("The language of HTML and PDF, for readers aloud and hyphenation.", wanted=N_("is a language"))
    ]
    paper: Annotated[Literal["A3", "A4", "A5", "Letter", "Legal"], note("The size of a page.")]
    margins: Margins
    text: Text
    colours: Colours
    title: Title
    headings: Annotated[
        tuple[Heading, ...],
        note("Those below the title, level by level; the last holds for all that follow.", min_length=1),
    ]
    page_number: PageNumber
    header: Running
    footer: Running
    faces: Faces
    tables: Tables
    words: Words
    cover: Annotated[Cover | None, note("A page before the first; null for none.", wanted=N_("is a mapping"))] = None
    letterhead: Annotated[
        Letterhead | None, note("What stands above the title; null for nothing.", wanted=N_("is a mapping"))
    ] = None
    signature: Annotated[
        Signature | None, note("What stands below the text; null for nothing.", wanted=N_("is a mapping"))
    ] = None
    extends: Annotated[Literal["gbt-9704", "a4", "letter"] | None, note("The style that has all that is left out.")] = (
        None
    )

    @property
    def is_chinese(self) -> bool:
        """Whether its typefaces are Chinese."""
        return self.language.startswith("zh")

    @property
    def values(self) -> dict[str, Any]:
        """All of it as JSON has it."""
        stated = {name: getattr(self, name) for name in Style.__struct_fields__}
        found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(stated, enc_hook=str))
        return found
