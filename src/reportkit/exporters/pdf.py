"""The PDF: Typst sets the report's blocks with a fixed template; no text of a report is ever markup."""

from __future__ import annotations

import json
import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from reportkit.exporters.blocks import BlockReader
from reportkit.exporters.completeness import check_pdf
from reportkit.exporters.content import Content
from reportkit.exporters.endings import keep_end
from reportkit.exporters.fonts import Typefaces, load_typefaces
from reportkit.exporters.heights import add_heights, page_lines
from reportkit.exporters.rooms import arrange, arrange_table
from reportkit.exporters.runs import Block
from reportkit.exporters.typst_errors import STRICT_PDF, explain

log = logging.getLogger(__name__)

# PDF/A wants a date in the file; any fixed moment will do, so that the same report gives the same bytes.
_TIMESTAMP = 0

_kept = threading.local()


def pdf_file(content: Content, use_system_fonts: bool = True) -> bytes:
    """Return a report as a PDF, laid out as GB/T 9704-2012 asks, accessible (PDF/UA-1), fit for archives (PDF/A-2a).

    Without `use_system_fonts` it is set in Noto only, the same everywhere. Raises ExportError for a character or
    picture that cannot be set, and where the finished pages do not say all that the content says.
    """
    with _typesetter(*_parts(content), load_typefaces(use_system_fonts)) as compiled:
        pdf: bytes = compiled(**STRICT_PDF)
    check_pdf(content, pdf)
    return pdf


def sheets(content: Content, use_system_fonts: bool = True) -> list[bytes]:
    """Return the pages of a report's PDF as SVG pictures; raises ExportError where `pdf_file` does."""
    with _typesetter(*_parts(content), load_typefaces(use_system_fonts)) as compiled:
        # Only a PDF is refused for a character that no font has (the pictures would show a box), and can be read back.
        check_pdf(content, compiled(**STRICT_PDF))
        pages: bytes | list[bytes] = compiled(format="svg")
    return pages if isinstance(pages, list) else [pages]  # a single page comes by itself


def _parts(content: Content) -> tuple[str, str, list[Block], dict[str, tuple[str, bytes]]]:
    """The title, what a draft says of itself, the blocks, and the pictures that they name."""
    reader = BlockReader(content.styles)
    blocks = [block for fragment in content.fragments for block in reader.read(fragment.root, fragment.cell)]
    return content.title, content.draft, blocks, reader.images


@contextmanager
def _typesetter(
    title: str, draft: str, blocks: list[Block], images: dict[str, tuple[str, bytes]], typefaces: Typefaces
) -> Iterator[Callable[..., Any]]:
    """Yield a function from Typst's options for a format to the file; raises ExportError for what Typst refuses."""
    blocks = _paged(blocks)
    report = {"title": title, "draft": draft, "faces": typefaces.families, "blocks": [_lean(block) for block in blocks]}
    with _folder(images) as root:
        try:
            yield partial(_compiled, report, typefaces.fonts, root)
        except RuntimeError as error:  # TypstError is one
            raise explain(error, blocks, images, typefaces) from error


def _compiled(report: dict[str, Any], fonts: Any, root: str | None, **options: Any) -> Any:
    """What Typst makes of a report, with its pictures in a folder.

    Each table is placed by what is above it, which can move with it to and fro, so that Typst gives up and says so;
    even page numbers may be wrong then. Such a report is placed by estimates alone.
    """
    files, compiler = _files({**report, "estimated": False}), _compiler(fonts, root)
    made, warnings = compiler.compile_with_warnings(files, timestamp=_TIMESTAMP, **options)
    if warnings:
        log.debug("%s", [str(warning) for warning in warnings])
        made = compiler.compile(_files({**report, "estimated": True}), timestamp=_TIMESTAMP, **options)
    return made


def _compiler(fonts: Any, root: str | None) -> Any:
    """A compiler for these fonts: the thread's own, which knows Typst's library and our template from the last report.

    One that has read pictures would find them again in the next report, whatever these are there.
    """
    import typst

    if root is not None:
        return typst.Compiler(_files({}), root=root, font_paths=fonts)
    kept: dict[int, Any] = vars(_kept).setdefault("compilers", {})
    if id(fonts) not in kept:
        kept[id(fonts)] = typst.Compiler(_files({}), font_paths=fonts)  # keeps the fonts, and so their id
    return kept[id(fonts)]


def _files(report: dict[str, Any]) -> Any:
    # Typst parses every file that it is given as markup of its own, of which this is a comment: read in no time.
    data = "//" + json.dumps(report, ensure_ascii=False, separators=(",", ":"))
    return {"main.typ": _template(), "report.json": data.encode()}


@contextmanager
def _folder(images: dict[str, tuple[str, bytes]]) -> Iterator[str | None]:
    """Yield a folder with the pictures, or None without any: in memory, typst takes files of UTF-8 text only."""
    if not images:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="reportkit-") as folder:
        for name, (_, data) in images.items():
            Path(folder, name).write_bytes(data)
        yield folder


def _paged(blocks: list[Block]) -> list[Block]:
    """Return the blocks with tables fitted and joined to their headings, too wide ones on pages turned sideways."""
    out: list[Block] = []
    for number, block in enumerate(blocks):
        if block["kind"] == "table":
            arrange_table(block)
            add_heights(block)
            block |= {"number": number, "lead": _lead(out, block)}
            out.append({"kind": "landscape", "body": [block]} if block["landscape"] else block)
        else:
            out += [{**arranged, "lines": page_lines(arranged)} for arranged in arrange([block])]
    keep_end(out)
    return out


def _lean(block: Block) -> Block:
    """Return a block without what only Python asks for: typst parses every file it is given as Typst, even JSON."""
    if block["kind"] == "landscape":
        return {**block, "body": [_lean(inner) for inner in block["body"]]}
    if block["kind"] != "table":
        return block
    parts = [
        {
            "level": part["level"],
            "head": part["head"],
            "rows": [[_lean_cell(cell) for cell in row] for row in part["rows"]],
        }
        for part in block["parts"]
    ]
    return {**block, "parts": parts}


def _lean_cell(cell: Block) -> Block | str:
    body: Block | str = cell["body"]
    plain = cell["rowspan"] == cell["colspan"] == 1 and cell["align"] in (None, "center") and not cell["look"]
    if plain and isinstance(body, str) and "tall" not in cell:
        return body
    lean = {key: cell[key] for key in ("rowspan", "colspan", "align", "body")}
    return lean | {key: cell[key] for key in ("look", "tall") if cell.get(key)}


def _lead(out: list[Block], table: Block) -> list[Block]:
    """Take the headings that stand right before a table off the list: no page may end with them."""
    lead = [{"kind": "caption", "body": table["caption"]}] if table["caption"] else []
    while out and out[-1]["kind"] == "heading" and out[-1]["level"] > 1:
        lead.insert(0, out.pop())
    return lead


@lru_cache(maxsize=1)
def _template() -> bytes:
    return Path(__file__).with_name("templates").joinpath("report.typ").read_bytes()
