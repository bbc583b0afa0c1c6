"""The PDF: Typst sets the report's blocks with a fixed template; no text of a report is ever markup."""

from __future__ import annotations

import json
import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

from reportkit.errors import ExportError
from reportkit.exporters.blocks import BlockReader
from reportkit.exporters.completeness import check_pdf
from reportkit.exporters.content import Content, Fragment
from reportkit.exporters.endings import keep_end
from reportkit.exporters.fonts import load_typefaces
from reportkit.exporters.heights import add_heights, page_lines
from reportkit.exporters.rooms import Room, arrange, arrange_table
from reportkit.exporters.runs import Block
from reportkit.exporters.style_texts import is_said, running_lines, said
from reportkit.exporters.table_lines import with_lines
from reportkit.exporters.template_errors import OWN, explain_style, with_template
from reportkit.exporters.typst_errors import STRICT_PDF, explain
from reportkit.page_styles import Page, Template, page_of

log = logging.getLogger(__name__)

# PDF/A wants a date in the file; any fixed moment will do, so that the same report gives the same bytes.
_TIMESTAMP = 0

_TEMPLATES = Path(__file__).with_name("templates")
_MAIN, _REPORT = "main.typ", "report.typ"

_kept = threading.local()


def pdf_file(content: Content, use_system_fonts: bool = True) -> bytes:
    """Return a report as a PDF, laid out by its style, accessible (PDF/UA-1), fit for archives (PDF/A-2a).

    Without `use_system_fonts` it is set in what is installed with this only, the same everywhere. Raises ExportError
    for a character or picture that cannot be set, and where the finished pages do not say all that the content says.
    """
    with _typesetter(content, use_system_fonts) as compiled:
        pdf: bytes = compiled(**STRICT_PDF)
    _check(content, pdf)
    return pdf


def sheets(content: Content, use_system_fonts: bool = True) -> list[bytes]:
    """Return the pages of a report's PDF as SVG pictures; raises ExportError where `pdf_file` does."""
    with _typesetter(content, use_system_fonts) as compiled:
        # Only a PDF is refused for a character that no font has (the pictures would show a box), and can be read back.
        _check(content, compiled(**STRICT_PDF))
        pages: bytes | list[bytes] = compiled(format="svg")
    return pages if isinstance(pages, list) else [pages]  # a single page comes by itself


def drawn(content: Content, dots: float, use_system_fonts: bool = True) -> list[bytes]:
    """Return the pages of a report's PDF as PNG pictures, with so many dots to the inch. Raises as `sheets` does."""
    with _typesetter(content, use_system_fonts) as compiled:
        pages: bytes | list[bytes] = compiled(format="png", ppi=dots)
    return pages if isinstance(pages, list) else [pages]


def _check(content: Content, pdf: bytes) -> None:
    try:
        check_pdf(content, pdf)
    except ExportError as error:
        raise with_template(error, content.style) from error


@contextmanager
def _typesetter(content: Content, use_system_fonts: bool) -> Iterator[Callable[..., Any]]:
    """Yield a function from Typst's options for a format to the file; raises ExportError for what Typst refuses."""
    style, reader = content.style, BlockReader(content.styles)
    typefaces, page = load_typefaces(style.faces, use_system_fonts), page_of(style)
    read = [block for fragment in content.fragments for block in _read(reader, fragment)]
    blocks, images = _paged(with_lines(read), page), reader.images
    pages = {
        "draft": content.draft,
        "style": style.values,
        "paper": [f"{length}mm" for length in page.paper],
        "area": [f"{length}mm" for length in page.area],
        "page_number": style.page_number.pattern.parts,
        "faces": typefaces.families,
        "header": content.header,
        "footer": content.footer,
        "about": _about(content) if style.typst else {},
    }
    report = {
        "document": content.document_title,
        "blocks": [_lean(block, style.tables.words) for block in blocks],
    }
    with _folder(images, style.typst) as root:
        try:
            yield partial(_compiled, report, pages, style.typst, typefaces.fonts, root)
        except RuntimeError as error:  # TypstError is one
            told = explain_style(error, style) or explain(error, [*_margins(content), *blocks], images, typefaces)
            raise told from error


def _read(reader: BlockReader, fragment: Fragment) -> list[Block]:
    """The blocks of a fragment; what the style says is one, by its parts."""
    if not fragment.part:
        return reader.read(fragment.root, fragment.cell)
    parts: dict[str, Any] = {}
    for child in fragment.root:
        name = "title" if child.tag == "h1" else child.get("class", "").removeprefix(f"{fragment.part}-")
        blocks = reader.read_block(child, fragment.cell)
        if name == "line":
            parts.setdefault(name, []).append(blocks)
        else:
            parts[name] = blocks[0] if name == "logo" else blocks
    return [{"kind": fragment.part, "parts": parts}]


def _about(content: Content) -> dict[str, str]:
    """What is known of the report as texts, for an office's own template."""
    return {name: said(value, content.style) for name, value in content.values().items() if is_said(value)}


def _margins(content: Content) -> list[Block]:
    """What stands in the margins as blocks, to find signs in them that no typeface has."""
    texts = [*running_lines(content.header), *running_lines(content.footer)]
    return [{"kind": "paragraph", "body": [text]} for text in texts]


def _compiled(
    report: dict[str, Any], pages: dict[str, Any], own: Template | None, fonts: Any, root: str | None, **options: Any
) -> Any:
    """What Typst makes of a report on such pages, with its pictures in a folder.

    Each table is placed by what is above it, which can move with it to and fro, so that Typst gives up and says so;
    even page numbers may be wrong then. Such a report is placed by estimates alone.
    """
    files, compiler = _files(report, {**pages, "estimated": False}, own), _compiler(fonts, root)
    made, warnings = compiler.compile_with_warnings(files, timestamp=_TIMESTAMP, **options)
    if warnings:
        log.debug("%s", [str(warning) for warning in warnings])
        made = compiler.compile(_files(report, {**pages, "estimated": True}, own), timestamp=_TIMESTAMP, **options)
    return made


def _compiler(fonts: Any, root: str | None) -> Any:
    """A compiler for these fonts: the thread's own, which knows Typst's library and our template from the last report.

    One that has read pictures would find them again in the next report, whatever these are there. What it is given in
    memory, it parses for each report; of a file on the disk it looks only whether it is the same.
    """
    import typst

    if root is not None:
        return typst.Compiler(_files({}, {}), root=root, font_paths=fonts)
    kept: dict[int, Any] = vars(_kept).setdefault("compilers", {})
    if id(fonts) not in kept:
        # It keeps the fonts, and so their id.
        kept[id(fonts)] = typst.Compiler(_files({}, {}), root=_TEMPLATES, font_paths=fonts)
    return kept[id(fonts)]


def _files(report: dict[str, Any], pages: dict[str, Any], own: Template | None = None) -> Any:
    named = f'#import "{OWN}/{own.name}": *' if own else ""
    texts = {f"{OWN}/{name}": content for name, content in own.files if name.endswith(".typ")} if own else {}
    data = {"report.json": _data(report), "pages.json": _data(pages)}
    return {_MAIN: _template(_MAIN), **data, "own.typ": named.encode(), **texts}


def _data(value: dict[str, Any]) -> bytes:
    # Typst parses every file that it is given as markup of its own, of which this is a comment: read in no time.
    return f"//{json.dumps(value, ensure_ascii=False, separators=(',', ':'))}".encode()


@contextmanager
def _folder(images: dict[str, tuple[str, bytes]], own: Template | None) -> Iterator[str | None]:
    """Yield a folder with the pictures, an office's own template and ours, or None without any of the first two.

    In memory, typst takes files of UTF-8 text only; and whatever a template reads, it finds nothing of others.
    """
    if not images and not own:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="reportkit-") as folder:
        files = {_REPORT: _template(_REPORT), **{name: data for name, (_, data) in images.items()}}
        files |= {f"{OWN}/{name}": data for name, data in own.files} if own else {}
        for name, data in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        yield folder


def _paged(blocks: list[Block], page: Page) -> list[Block]:
    """Return the blocks with tables fitted and joined to their headings, too wide ones on pages turned sideways."""
    out: list[Block] = []
    room = Room.of(page)
    for number, block in enumerate(blocks):
        if block["kind"] == "table":
            arrange_table(block, page)
            add_heights(block, page)
            block |= {"number": number, "lead": _lead(out, block)}
            block["lead_lines"] = sum(page_lines(line, page) for line in (*block["lead"], *block["below"]))
            out.append({"kind": "landscape", "body": [block]} if block["landscape"] else block)
        else:
            out += [{**arranged, "lines": page_lines(arranged, page)} for arranged in arrange([block], room)]
    keep_end(out, page.pitch)
    return out


def _lean(block: Block, usual: str) -> Block:
    """Return a block without what only Python asks for: typst parses every file it is given as Typst, even JSON.

    `usual` is where cells of tables stand that do not say.
    """
    if block["kind"] == "landscape":
        return {**block, "body": [_lean(inner, usual) for inner in block["body"]]}
    if block["kind"] != "table":
        return block
    parts = [
        {
            "level": part["level"],
            "head": part["head"],
            "rows": [[_lean_cell(cell, usual) for cell in row] for row in part["rows"]],
        }
        for part in block["parts"]
    ]
    return {key: value for key, value in block.items() if key not in ("above", "below") or value} | {"parts": parts}


def _lean_cell(cell: Block, usual: str) -> Block | str | None:
    body: Block | str = cell["body"]
    plain = cell["rowspan"] == cell["colspan"] == 1 and cell["align"] in (None, usual) and not cell["look"]
    if plain and "tall" not in cell and (isinstance(body, str) or not body):
        return body or None
    lean = {key: cell[key] for key in ("rowspan", "colspan", "align", "body")}
    return lean | {key: cell[key] for key in ("look", "tall") if cell.get(key)}


def _lead(out: list[Block], table: Block) -> list[Block]:
    """Take the headings that stand right before a table off the list: no page may end with them."""
    lead = [{"kind": "caption", "body": table["caption"]}] if table["caption"] else []
    lead += table["above"]
    while out and out[-1]["kind"] == "heading" and out[-1]["level"] > 1:
        lead.insert(0, out.pop())
    return lead


@cache
def _template(name: str) -> bytes:
    return _TEMPLATES.joinpath(name).read_bytes()
