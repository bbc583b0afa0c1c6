"""The PDF exporter: Typst sets the report's blocks with a fixed template; no text of a report is ever markup."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from traitlets import Bool, default

from reportkit.errors import ExportError
from reportkit.exporters.blocks import BlockReader
from reportkit.exporters.content import read_content
from reportkit.exporters.fonts import Typefaces, load_typefaces
from reportkit.exporters.runs import Block
from reportkit.exporters.widths import fit

# Any fixed moment: the same report is to give the same bytes.
_TIMESTAMP = 0
_STANDARDS = ["ua-1", "a-2a"]


class PdfReportExporter(Exporter):  # type: ignore[misc]
    """One PDF file, laid out as GB/T 9704-2012 asks, accessible (PDF/UA-1) and fit for archives (PDF/A-2a)."""

    export_from_notebook = "政府信息公开年度报告 (PDF)"
    output_mimetype = "application/pdf"
    optimistic_validation = True

    use_system_fonts = Bool(
        True, help="Use the official typefaces installed on this machine; otherwise Noto only, the same everywhere."
    ).tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[bytes, Any]:
        """Return the PDF of an executed notebook, and nbconvert's resources."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        content = read_content(nb, resources["metadata"].get("name", ""))
        reader = BlockReader()
        blocks = [block for f in content.fragments for block in reader.read(f.root, f.cell)]
        return _typeset(content.title, blocks, reader, load_typefaces(self.use_system_fonts)), resources


def _typeset(title: str, blocks: list[Block], reader: BlockReader, typefaces: Typefaces) -> bytes:
    import typst

    report = {"title": title, "faces": typefaces.families, "blocks": _paged(blocks)}
    files = {"main.typ": _template(), "report.json": json.dumps(report, ensure_ascii=False).encode(), **reader.files}
    try:
        pdf: bytes = typst.compile(
            files, font_paths=typefaces.fonts, format="pdf", pdf_standards=_STANDARDS, timestamp=_TIMESTAMP
        )
    except typst.TypstError as error:
        raise ExportError(f"PDF 排版失败：{error}") from error
    return pdf


def _paged(blocks: list[Block]) -> list[Block]:
    """Return the blocks with tables fitted, those too wide on pages of their own together with their headings."""
    out: list[Block] = []
    for block in blocks:
        if block["kind"] == "table":
            fit(block)
            if block["landscape"]:
                body = [block]
                while out and out[-1]["kind"] == "heading" and out[-1]["level"] > 1:
                    body.insert(0, out.pop())
                block = {"kind": "landscape", "body": body}
        out.append(block)
    return out


@lru_cache(maxsize=1)
def _template() -> bytes:
    return Path(__file__).with_name("templates").joinpath("report.typ").read_bytes()
