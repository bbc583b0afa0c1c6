"""An executed notebook as what a reader sees: a title and the clean HTML of each output, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.assigned_names import literals
from reportkit.errors import ExportError, in_cell
from reportkit.exporters.figure_columns import mark_figures
from reportkit.exporters.fitness import draft_line
from reportkit.exporters.gate import Gate, Pictures
from reportkit.exporters.hidden_content import drop_hidden
from reportkit.exporters.html_trees import inner_html
from reportkit.exporters.obligations import check_shown
from reportkit.exporters.outline import HEADINGS, Ids, number_images, order_headings
from reportkit.exporters.outputs import OutputReader, written_root
from reportkit.exporters.programs import program_in
from reportkit.exporters.quotes import mark_quotes
from reportkit.exporters.sanitize import clean, shows
from reportkit.exporters.style_texts import Furniture, RunningText, running_lines
from reportkit.exporters.text import lines_of, printable
from reportkit.page_styles import CompleteStyle, Styles, chosen, load_style, styles_of
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
    """What one output shows: `root` is a <div> whose children are the blocks, `cell` the id of the cell.

    What the style says, and no cell, has a `part`: cover, letterhead or signature.
    """

    cell: str
    root: HtmlElement
    part: str = ""


@dataclass(frozen=True)
class Content:
    """A report without its page: title, fragments in reading order, the style sheets its tables brought, and its style.

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
    style: CompleteStyle = field(default_factory=lambda: load_style("gbt-9704"))
    header: RunningText | None = None
    footer: RunningText | None = None
    values: Callable[[], Mapping[str, Any]] = dict
    """Gives what is known of the report by name, for templates."""
    has_marks: bool = False
    """Whether quotation marks stand in it that belong to the other script than the style's."""

    @property
    def lines(self) -> list[str]:
        """All lines that a reader sees: those of the text, and of headers and footers."""
        return [*self.text.splitlines(), *running_lines(self.header), *running_lines(self.footer)]

    @property
    def document_title(self) -> str:
        """The title of the file: of a draft, that it is one, too."""
        return self.style.words.draft.filled(title=self.title) if self.draft else self.title

    @cached_property
    def headings(self) -> list[str]:
        """The text of every heading in order, white space collapsed; the title is the first of them."""
        found = (heading for fragment in self.fragments for heading in fragment.root.iter(*HEADINGS))
        return [" ".join(heading.text_content().split()) for heading in found]

    @cached_property
    def text(self) -> str:
        """All text in reading order, a line for each paragraph, heading, list item and table cell."""
        return "\n".join(line for fragment in self.fragments for line in lines_of(fragment.root))


def read_content(
    nb: Any,
    name: str = "",
    folders: Sequence[Path] = (),
    draft: bool = False,
    styles: Styles | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Content:
    """Return the content of an executed notebook; `name` is the title when no output has an <h1>.

    Its style is the one among `styles` for the language of its text; without any, what that language suggests.

    Pictures that a cell names by a relative path are looked for in `folders`, and nowhere outside of these. A `draft`
    says on every page what it is, and may be incomplete. What the style says of the report has its names from `facts`
    and from the notebook's parameters.

    Raises ExportError that names every cell with something that no page can show, and says what to do; and if something
    is missing that the notebook owes its reader.
    """
    fragments: list[Fragment] = []
    sheets: dict[str, None] = {}
    ids = Ids()
    pictures = Pictures(folders)
    gates = []
    for place, cell in enumerate(nb.cells, 1):
        cell_id = cell.get("id") or str(place)
        gate = Gate(cell_id, pictures, cell.get("attachments"))
        gates.append(gate)
        for root in _cell_roots(cell, nb, gate, pictures):
            ids.make_unique(root)
            for sheet in list(root.iter("style")):
                sheets[(sheet.text or "").strip()] = None
                sheet.drop_tree()
            if len(root):
                fragments.append(Fragment(cell_id, root))
    if errors := dict.fromkeys(error for gate in gates for error in gate.errors):
        raise ExportError(*errors)
    drop_hidden([f.root for f in fragments], sheets)
    title = order_headings([f.root for f in fragments])
    text = "\n".join(chain.from_iterable(f.root.itertext() for f in fragments))
    style = chosen(styles or styles_of(""), text)
    if not draft:
        check_shown(nb.cells, [(f.cell, f.root) for f in fragments])
    if not title:
        title = str(nb.metadata.get("title") or name or style.words.report)
        fragments.insert(0, Fragment("", clean(f"<h1>{escape(title)}</h1>")))
    warnings = [warning for gate in gates for warning in gate.warnings]
    for number, alt in number_images([f.root for f in fragments], style.words.figure):
        words = _(
            'a picture has no words in its place, and "{alt}" stands there for now; '
            "write them into alt in the cell's metadata, for a picture in Markdown into the brackets"
        )
        warnings.append(in_cell(fragments[number].cell, words.format(alt=alt)))
    warnings = list(dict.fromkeys([*warnings, *style.notes]))
    furniture = Furniture(style, title, lambda: {**literals(nb.cells), **(facts or {})})
    fragments = _furnished(fragments, furniture)
    header, footer = furniture.running("header"), furniture.running("footer")
    unseen = [("", one) for text in (*running_lines(header), *running_lines(footer)) for one in remarks(text)]
    unseen += [(fragment.cell, one) for fragment in fragments for one in remarks(_all_text(fragment.root))]
    turning = [printed_remark(cell, one) for cell, one in unseen if one.turns]
    if turning and not draft:
        raise ExportError(*dict.fromkeys(turning))
    text = "\n".join([text, *(f.root.text_content() for f in fragments if f.part)])
    has_marks = mark_quotes([f.root for f in fragments], text, style.is_chinese)
    if style.tables.figures != style.tables.words:
        mark_figures([f.root for f in fragments])
    said = draft_line(nb, style.words) if draft else ""
    return Content(
        title,
        fragments,
        [*filter(None, sheets)],
        warnings,
        pictures.files,
        said,
        unseen,
        style,
        header,
        footer,
        lambda: furniture.values,
        has_marks,
    )


def _furnished(fragments: list[Fragment], furniture: Furniture) -> list[Fragment]:
    """The fragments with what the style says before and after them; the title of a report with a cover is there."""
    with_title = next((f for f in fragments if f.root.find(".//h1") is not None), None)
    heading = with_title.root.find(".//h1") if with_title else None
    parts = [Fragment("", part.root, part.name) for part in furniture.parts(heading)]
    kept = [one for one in fragments if one is not with_title or shows(one.root)]
    before = [one for one in parts if one.part != "signature"]
    return [*before, *kept, *parts[len(before) :]] if parts else fragments


def printed_remark(cell: str, remark: Remark) -> str:
    """Return what there is to tell of signs that nobody sees in what a cell prints."""
    return in_cell(cell, _("what it prints {remark}").format(remark=remark.words))


def _all_text(root: HtmlElement) -> str:
    """All that a page says of a fragment, to the eye or aloud."""
    return "".join([root.text_content(), *(f"\n{image.get('alt', '')}" for image in root.iter("img"))])


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
