"""The PDF: Typst sets the report's blocks with a fixed template; no text of a report is ever markup."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from reportkit.exporters.blocks import BlockReader
from reportkit.exporters.content import Content
from reportkit.exporters.diagnose import explain
from reportkit.exporters.fonts import Typefaces, load_typefaces
from reportkit.exporters.heights import add_heights, page_lines
from reportkit.exporters.runs import Block
from reportkit.exporters.widths import fit

# PDF/A wants a date in the file; any fixed moment will do, so that the same report gives the same bytes.
_TIMESTAMP = 0
_PDF = {"format": "pdf", "pdf_standards": ["ua-1", "a-2a"]}


def pdf_file(content: Content, use_system_fonts: bool = True) -> bytes:
    """Return a report as a PDF, laid out as GB/T 9704-2012 asks, accessible (PDF/UA-1), fit for archives (PDF/A-2a).

    Without `use_system_fonts` it is set in Noto only, the same everywhere. Raises ExportError for a character or
    picture that cannot be set.
    """
    with _typesetter(*_parts(content), load_typefaces(use_system_fonts)) as compiled:
        pdf: bytes = compiled(**_PDF)
    return pdf


def sheets(content: Content, use_system_fonts: bool = True) -> list[bytes]:
    """Return the pages of a report's PDF as SVG pictures; raises ExportError where `pdf_file` does."""
    with _typesetter(*_parts(content), load_typefaces(use_system_fonts)) as compiled:
        compiled(**_PDF)  # only a PDF is refused for a character that no font has; the pictures would show a box
        pages: bytes | list[bytes] = compiled(format="svg")
    return pages if isinstance(pages, list) else [pages]  # a single page comes by itself


def _parts(content: Content) -> tuple[str, list[Block], dict[str, tuple[str, bytes]]]:
    """The title, the blocks, and the pictures that they name."""
    reader = BlockReader()
    blocks = [block for fragment in content.fragments for block in reader.read(fragment.root, fragment.cell)]
    return content.title, blocks, reader.images


@contextmanager
def _typesetter(
    title: str, blocks: list[Block], images: dict[str, tuple[str, bytes]], typefaces: Typefaces
) -> Iterator[Callable[..., Any]]:
    """Yield a function from Typst's options for a format to the file; raises ExportError for what Typst refuses."""
    import typst

    blocks = _paged(blocks)
    report = {"title": title, "faces": typefaces.families, "blocks": [_lean(block) for block in blocks]}
    data = json.dumps(report, ensure_ascii=False, separators=(",", ":")).encode()
    files: Any = {"main.typ": _template(), "report.json": data}
    with _folder(images) as root:
        try:
            yield partial(typst.compile, files, font_paths=typefaces.fonts, timestamp=_TIMESTAMP, root=root)
        except RuntimeError as error:  # TypstError is one
            raise explain(error, blocks, images) from error


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
            fit(block)
            add_heights(block)
            block |= {"number": number, "lead": _lead(out, block)}
            if block["landscape"]:
                block = {"kind": "landscape", "body": [block]}
        else:
            block |= {"lines": page_lines(block)}
        out.append(block)
    return out


def _lean(block: Block) -> Block:
    """Return a block without what only Python asks for: typst parses every file it is given as Typst, even JSON."""
    if block["kind"] == "landscape":
        return {**block, "body": [_lean(inner) for inner in block["body"]]}
    if block["kind"] != "table":
        return block
    parts = [
        {"level": part["level"], "rows": [[_lean_cell(cell) for cell in row] for row in part["rows"]]}
        for part in block["parts"]
    ]
    return {**block, "parts": parts}


def _lean_cell(cell: Block) -> Block | str:
    body: Block | str = cell["body"]
    if isinstance(body, str) and cell["rowspan"] == cell["colspan"] == 1 and cell["align"] in (None, "center"):
        return body
    return {key: cell[key] for key in ("rowspan", "colspan", "align", "body")}


def _lead(out: list[Block], table: Block) -> list[Block]:
    """Take the headings that stand right before a table off the list: no page may end with them."""
    lead = [{"kind": "caption", "body": table["caption"]}] if table["caption"] else []
    while out and out[-1]["kind"] == "heading" and out[-1]["level"] > 1:
        lead.insert(0, out.pop())
    return lead


@lru_cache(maxsize=1)
def _template() -> bytes:
    return Path(__file__).with_name("templates").joinpath("report.typ").read_bytes()
