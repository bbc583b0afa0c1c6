"""What a notebook owes its reader, and whether all of it is on the page.

A notebook can state it in the metadata of an output that nobody sees, and say in the metadata of others what they show:
pieces by name, each of a document (`of`), since a notebook may open several. So it does not matter why a piece is
missing: its cell deleted, hidden by a tag, never written, turned into text, or its output cleared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from reportkit.errors import ExportError, in_cell
from reportkit.exporters.outline import HEADINGS
from reportkit.translation import N_, _

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_KEY = "reportkit"
_MAGIC = "%%narrative"


_WORDS = {
    "title": (N_("the title"), N_("cell report.title")),
    "heading": (N_('the heading "{heading}"'), N_('cell report.heading("{key}")')),
    "words": (N_('the town\'s own words of "{heading}"'), N_('cell report.heading("{key}")')),
    "table": (N_('the table of "{heading}"'), N_('cell report.table("{key}")')),
    "comparison": (N_("the comparison with the year before"), N_("cell report.compare()")),
}
"""The pieces of a report, by the first word of their name, and the cells that show them."""


class Piece(NamedTuple):
    """Something that must be on the page, for instance heading:overview.

    `what` is its name, `cell` that of a cell which shows it, both in the language of the notebook. What an analyst has
    put onto the page by other means counts as well: a heading with the text `heading`, a table with the id `table`.
    """

    name: str
    what: str
    cell: str
    heading: str = ""
    table: str = ""


class Shown:
    """What an output shows, as the metadata that goes with its HTML."""

    def __init__(self, of: str, *names: str) -> None:
        self.metadata = {_KEY: {"of": of, "shows": list(names)}}


class Note:
    """A line for whoever runs the notebook, which is not printed, as the metadata that goes with its HTML.

    `lost` is what is wrong if the cell has words that ought to be printed.
    """

    def __init__(self, lost: str = "") -> None:
        self.metadata = {_KEY: {"note": True, **({"lost": lost} if lost else {})}}


class Statement:
    """What a document owes, in an output that shows nothing.

    `errors` is how many errors its checks hold, `silent` are the narrative cells that show nothing, by what follows
    the magic: a section, or a section and a part.
    """

    def __init__(self, of: str, errors: int, owes: Iterable[Piece], silent: Iterable[str]) -> None:
        self._said = {"of": of, "errors": errors, "owes": [list(piece) for piece in owes], "silent": list(silent)}

    def __repr__(self) -> str:
        return ""

    def _repr_html_(self) -> tuple[str, dict[str, Any]]:
        return "", {_KEY: self._said}


def said(output: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what an output says of itself in its metadata; nothing if it is not one of ours."""
    metadata = output.get("metadata") or {}
    about = metadata.get("text/html")
    found = about.get(_KEY) if isinstance(about, dict) else None
    return found if isinstance(found, dict) else {}


def is_note(output: Mapping[str, Any]) -> bool:
    """Whether an output is a line for whoever runs the notebook, and not for its reader."""
    return bool(said(output).get("note"))


def errors_of(cells: Iterable[Any]) -> int | None:
    """Return how many errors the checks hold of what the notebook shows; None if it states nothing."""
    stated: dict[str, int] = {about["of"]: about["errors"] for _, about in _all_said(cells) if "owes" in about}
    if not stated:
        return None
    shown = {about["of"] for _, about in _all_said(cells) if "shows" in about}
    first = next(iter(stated))
    return sum(errors for of, errors in stated.items() if of in shown or of == first)


def check_shown(cells: Sequence[Any], fragments: Sequence[tuple[str, HtmlElement]]) -> None:
    """Raise ExportError for the first piece that is owed and not shown, not in order, or shown twice.

    `fragments` are the trees of the page, each with the id of its cell. A notebook that opens several documents owes
    the first; one that states nothing owes nothing.
    """
    everything = list(_all_said(cells))
    for cell, about in everything:
        if lost := about.get("lost"):
            raise ExportError(in_cell(cell, lost))
    statement = next((about for _, about in everything if "owes" in about), None)
    if statement is None:
        return
    _check_narratives(cells, statement["silent"])
    printed = {cell for cell, _ in fragments}
    shown = [
        name
        for cell, about in everything
        if "shows" in about and about["of"] == statement["of"] and cell in printed
        for name in about["shows"]
    ]
    pieces = [Piece(*piece) for piece in statement["owes"]]
    if list(dict.fromkeys(shown)) != [piece.name for piece in pieces]:
        _check_pieces(pieces, shown, [root for _, root in fragments])
    for piece in pieces:
        # A table may well be shown again, in other colours.
        if not piece.table and shown.count(piece.name) > 1:
            what, shows = label_and_cell(piece, pieces)
            words = _("{what} is printed twice; take one {cell} out")
            raise ExportError(words.format(what=what, cell=shows))


def _check_pieces(pieces: Sequence[Piece], shown: Sequence[str], roots: Sequence[HtmlElement]) -> None:
    headings = {" ".join(each.text_content().split()) for root in roots for each in root.iter(*HEADINGS)}
    tables = {table.get("id", "") for root in roots for table in root.iter("table")}
    titled = any(next(root.iter("h1"), None) is not None for root in roots)
    for piece in pieces:
        by_hand = piece.heading in headings or piece.table in tables - {""} or (piece.name == "title" and titled)
        if piece.name not in shown and not by_hand:
            what, shows = label_and_cell(piece, pieces)
            words = _(
                "{what} is not printed: no cell shows it, or the output of the cell is hidden or was cleared; "
                "add the {cell}, or take the tag away that hides it"
            )
            raise ExportError(words.format(what=what, cell=shows))
    places = [(shown.index(piece.name), piece) for piece in pieces if piece.name in shown]
    for (place, before), (next_place, piece) in pairwise(places):
        if next_place < place:
            words = _("{what} is printed before {before}; put the cells into the order of the form")
            raise ExportError(
                words.format(what=label_and_cell(piece, pieces)[0], before=label_and_cell(before, pieces)[0])
            )


def label_and_cell(piece: Piece, pieces: Sequence[Piece]) -> tuple[str, str]:
    """Return what a piece is called, and the cell that shows it, in the language of the person.

    What the notebook says itself is in its own language, and is told for a piece that no report has. The words and the
    table of a section follow its heading.
    """
    kind, _colon, key = piece.name.partition(":")
    if kind not in _WORDS:
        return piece.what, piece.cell
    headings = [each.heading for each in pieces[: pieces.index(piece) + 1] if each.heading]
    what, cell = _WORDS[kind]
    return _(what).format(heading=headings[-1] if headings else key), _(cell).format(key=key)


def _check_narratives(cells: Iterable[Any], silent: Sequence[str]) -> None:
    """Raise ExportError for a narrative cell that has run and shows nothing, though nothing keeps it from that."""
    for name, cell in _named(cells):
        source = cell["source"].lstrip()
        if not source.startswith(_MAGIC) or cell["cell_type"] != "code" or cell.get("outputs"):
            continue
        asked = source.partition("\n")[0].removeprefix(_MAGIC).split()
        if cell.get("execution_count") and not {" ".join(asked), " ".join(asked[:1])} & set(silent):
            words = _("it has run, but has no output, and what it says is not printed; run this cell again")
            raise ExportError(in_cell(name, words))


def _all_said(cells: Iterable[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What the outputs say of themselves, each with the id of its cell."""
    for name, cell in _named(cells):
        for output in cell.get("outputs", ()):
            if about := said(output):
                yield name, about


def _named(cells: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    return ((cell.get("id") or str(place), cell) for place, cell in enumerate(cells, 1))
