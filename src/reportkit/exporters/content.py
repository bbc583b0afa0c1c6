"""An executed notebook as what a reader sees: a title and the clean HTML of each output, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.errors import ExportError, in_cell
from reportkit.exporters.gate import Gate, Pictures
from reportkit.exporters.hidden_content import drop_hidden
from reportkit.exporters.obligations import check_shown
from reportkit.exporters.outline import HEADINGS, Ids, number_images, order_headings
from reportkit.exporters.outputs import OutputReader, written_root
from reportkit.exporters.programs import program_in
from reportkit.exporters.sanitize import clean, inner_html
from reportkit.exporters.text import lines_of, printable
from reportkit.signs import Remark, remarks
from reportkit.translation import _

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Papermill's own notes on a cell that failed are for whoever ran it.
_REMOVE_CELL = {"remove-cell", "remove_cell", "papermill-error-cell-tag"}
_REMOVE_OUTPUTS = {"remove-output", "remove-outputs", "remove_output", "remove_outputs"}

__all__ = ["Content", "Fragment", "inner_html", "read_content"]


@dataclass(frozen=True)
class Fragment:
    """What one output shows: `root` is a <div> whose children are the blocks, `cell` the id of the cell."""

    cell: str
    root: HtmlElement


@dataclass(frozen=True)
class Content:
    """A report without its page: title, fragments in reading order, the style sheets its tables brought.

    `warnings` are sentences that name a cell and what somebody should look at; `files` are the pictures that were read
    from files, each with its SHA-256.

    Whoever makes a file of it leaves it as it is, so that one content serves for all files of a report.
    """

    title: str
    fragments: list[Fragment]
    styles: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    files: dict[Path, str] = field(default_factory=dict)
    draft: str = ""
    """What every page says where the report is only a draft."""
    unseen: list[tuple[str, Remark]] = field(default_factory=list)
    """What nobody sees in the text, by the cell that shows it."""

    @cached_property
    def headings(self) -> list[str]:
        """The text of every heading in order, white space collapsed; the title is the first of them."""
        found = (heading for fragment in self.fragments for heading in fragment.root.iter(*HEADINGS))
        return [" ".join(heading.text_content().split()) for heading in found]

    @cached_property
    def text(self) -> str:
        """All text in reading order, a line for each paragraph, heading, list item and table cell."""
        return "\n".join(line for fragment in self.fragments for line in lines_of(fragment.root))


def read_content(nb: Any, name: str = "", folders: Sequence[Path] = (), draft: str = "") -> Content:
    """Return the content of an executed notebook; `name` is the title when no output has an <h1>.

    Pictures that a cell names by a relative path are looked for in `folders`, and nowhere outside of these. A `draft`
    says on every page what it is, and may be incomplete.

    Raises ExportError that names every cell with something that no page can show, and says what to do; and if something
    is missing that the notebook owes its reader.
    """
    fragments: list[Fragment] = []
    styles: dict[str, None] = {}
    ids = Ids()
    pictures = Pictures(folders)
    gates = []
    for place, cell in enumerate(nb.cells, 1):
        cell_id = cell.get("id") or str(place)
        gate = Gate(cell_id, pictures, cell.get("attachments"))
        gates.append(gate)
        for root in _cell_roots(cell, nb, gate, pictures):
            ids.make_unique(root)
            for style in list(root.iter("style")):
                styles[(style.text or "").strip()] = None
                style.drop_tree()
            if len(root):
                fragments.append(Fragment(cell_id, root))
    if errors := dict.fromkeys(error for gate in gates for error in gate.errors):
        raise ExportError(*errors)
    drop_hidden([f.root for f in fragments], styles)
    title = order_headings([f.root for f in fragments])
    if not draft:
        check_shown(nb.cells, [(f.cell, f.root) for f in fragments])
    if not title:
        title = str(nb.metadata.get("title") or name or "报告")
        fragments.insert(0, Fragment("", clean(f"<h1>{escape(title)}</h1>")))
    warnings = [warning for gate in gates for warning in gate.warnings]
    for number, alt in number_images([f.root for f in fragments]):
        words = _(
            'a picture has no words in its place, and "{alt}" stands there for now; '
            "write them into alt in the cell's metadata, for a picture in Markdown into the brackets"
        )
        warnings.append(in_cell(fragments[number].cell, words.format(alt=alt)))
    warnings = list(dict.fromkeys(warnings))
    unseen = [(fragment.cell, one) for fragment in fragments for one in remarks(_all_text(fragment.root))]
    turning = [printed_remark(cell, one) for cell, one in unseen if one.turns]
    if turning and not draft:
        raise ExportError(*dict.fromkeys(turning))
    return Content(title, fragments, [css for css in styles if css], warnings, pictures.files, draft, unseen)


def printed_remark(cell: str, remark: Remark) -> str:
    """Return what there is to tell of signs that nobody sees in what a cell prints."""
    return in_cell(cell, _("what it prints {remark}").format(remark=remark.words))


def _all_text(root: HtmlElement) -> str:
    """All that a page says of a fragment, to the eye or aloud."""
    return "".join([*root.itertext(), *(f"\n{image.get('alt', '')}" for image in root.iter("img"))])


def _cell_roots(cell: Any, nb: Any, gate: Gate, pictures: Pictures) -> Iterator[HtmlElement]:
    tags = set(cell.metadata.get("tags", []))
    if tags & _REMOVE_CELL:
        return
    if cell.cell_type == "code":
        if not tags & _REMOVE_OUTPUTS:
            yield from OutputReader(cell, gate, pictures, nb).roots()
    elif program := program_in(cell.source):
        words = _(
            "this is a raw cell, in which {program} does not run; "
            "choose it in JupyterLab and press Esc, then Y, to make it a code cell again"
        )
        if cell.cell_type == "markdown":
            words = _(
                "this is a Markdown cell, in which {program} does not run; "
                "choose it in JupyterLab and press Esc, then Y, to make it a code cell again"
            )
        gate.error(words.format(program=program))
    elif cell.cell_type == "markdown":
        yield written_root(cell.source, gate)
    else:
        yield from _raw(cell, gate)


def _raw(cell: Any, gate: Gate) -> Iterator[HtmlElement]:
    """The text of a raw cell, read as what it says it is."""
    mime = str(cell.metadata.get("raw_mimetype") or cell.metadata.get("format") or "text/plain").strip().lower()
    if mime == "text/html":
        yield clean(cell.source, gate)
    elif mime == "text/markdown":
        yield written_root(cell.source, gate)
    elif mime == "text/plain":
        paragraphs = re.split(r"\n\s*\n", escape(printable(cell.source)).strip("\n"))
        yield clean("".join(f"<p>{'<br>'.join(text.split(chr(10)))}</p>" for text in paragraphs if text.strip()))
    elif cell.source.strip():
        words = _(
            "this is a raw cell of the format {mime}, which cannot be printed in a report; "
            "make it a Markdown cell, or give it the tag remove-cell if it is not to be printed"
        )
        gate.error(words.format(mime=mime))
