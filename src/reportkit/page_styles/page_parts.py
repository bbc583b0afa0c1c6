"""The parts of a style that say something: header and footer, cover, letterhead, and who has signed, and when.

Their texts have names in braces, which stand for what is known of a report: see reportkit.exporters.style_texts.
"""

from __future__ import annotations

from typing import Annotated, Literal

from reportkit.page_styles.measures import Colour, FactPattern, Length
from reportkit.shapes import Shape, note, otherwise
from reportkit.translation import N_

LENGTH = N_("is a length such as 25mm, 11pt or 1in")
_TEXT = N_("is a text, perhaps with names in braces: {title}")
_NOTHING = FactPattern("")


class FirstPage(Shape, frozen=True):
    """What stands in the margin of the first page of text instead; nothing, if left out."""

    left: Annotated[FactPattern, note("What stands at its left.", wanted=_TEXT)] = otherwise(_NOTHING)
    center: Annotated[FactPattern, note("What stands in its middle.", wanted=_TEXT)] = otherwise(_NOTHING)
    right: Annotated[FactPattern, note("What stands at its right.", wanted=_TEXT)] = otherwise(_NOTHING)


class Running(Shape, frozen=True):
    """A header or a footer: what stands in the margin of each page."""

    left: Annotated[FactPattern, note("What stands at the left, with {page} and {pages} if wanted.", wanted=_TEXT)] = (
        otherwise(_NOTHING)
    )
    center: Annotated[FactPattern, note("What stands in the middle.", wanted=_TEXT)] = otherwise(_NOTHING)
    right: Annotated[FactPattern, note("What stands at the right.", wanted=_TEXT)] = otherwise(_NOTHING)
    first: Annotated[
        FirstPage | None,
        note("What the first page of text has instead; null for the same.", wanted=N_("has left, center and right")),
    ] = None
    rule: Annotated[bool, note("Whether a line stands between it and the text.")] = False
    size: Annotated[Length, note("Its type size.", wanted=LENGTH)] = otherwise(Length("9pt"))
    gap: Annotated[Length, note("From it to the text.", wanted=LENGTH)] = otherwise(Length("6mm"))

    @property
    def texts(self) -> tuple[FactPattern, ...]:
        """All that it can say."""
        first = (self.first.left, self.first.center, self.first.right) if self.first else ()
        return tuple(text for text in (self.left, self.center, self.right, *first) if text)


class Logo(Shape, frozen=True):
    """A picture that an office is known by."""

    file: Annotated[str, note("Its path from the style's file on: PNG, JPEG, GIF, WebP or SVG.", min_length=1)]
    alt: Annotated[str, note("What is said of it to those who do not see it; words.logo, if left out.")] = ""
    height: Annotated[Length, note("How high it is.", wanted=LENGTH)] = otherwise(Length("20mm"))


class Cover(Shape, frozen=True):
    """A page before the first, with the title; it has no header, no footer and no number."""

    logo: Annotated[Logo | None, note("Above the title.", wanted=N_("has a file"))] = None
    size: Annotated[Length, note("The type size of the title.", wanted=LENGTH)] = otherwise(Length("28pt"))
    subtitle: Annotated[FactPattern, note("Below the title.", wanted=_TEXT)] = otherwise(_NOTHING)
    organisation: Annotated[FactPattern, note("At the foot.", wanted=_TEXT)] = otherwise(_NOTHING)
    date: Annotated[FactPattern, note("Below that.", wanted=_TEXT)] = otherwise(_NOTHING)


class Letterhead(Shape, frozen=True):
    """What stands above the title on the first page: whose paper it is, and the document's number."""

    logo: Annotated[Logo | None, note("Above the name.", wanted=N_("has a file"))] = None
    name: Annotated[FactPattern, note("The large line; as small as it takes to fit.", wanted=_TEXT)] = otherwise(
        _NOTHING
    )
    lines: Annotated[
        tuple[Annotated[FactPattern, note(wanted=_TEXT)], ...],
        note("The small lines below it, for instance an address."),
    ] = ()
    number: Annotated[FactPattern, note("The document's number, below those.", wanted=_TEXT)] = otherwise(_NOTHING)
    align: Annotated[Literal["center", "left"], note("In the middle, or from the left.")] = "center"
    size: Annotated[Length, note("The type size of the name.", wanted=LENGTH)] = otherwise(Length("22pt"))
    colour: Annotated[
        Colour, note("Of the name and the line; none is that of headings.", wanted=N_("is a colour, or none"))
    ] = otherwise(Colour("none"))
    above: Annotated[Length, note("The space above it.", wanted=LENGTH)] = otherwise(Length("0mm"))
    rule: Annotated[bool, note("Whether a line stands below it.")] = True


class Signature(Shape, frozen=True):
    """What stands below the text: who has signed it, and when."""

    agency: Annotated[FactPattern, note("Who.", wanted=_TEXT)] = otherwise(_NOTHING)
    date: Annotated[FactPattern, note("When; as words.date has it.", wanted=_TEXT)] = otherwise(_NOTHING)
    place: Annotated[
        Literal["official", "right", "left"],
        note("At an edge; or as GB/T 9704 has it, two letters from the right one, the date two further in."),
    ] = "right"
