"""Executed notebooks in, self-contained HTML and PDF files out: as functions, and as exporters for nbconvert."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportkit.exporters.content import Content, read_content
    from reportkit.exporters.nbconvert import (
        HtmlReportCommand,
        HtmlReportExporter,
        PdfReportCommand,
        PdfReportExporter,
    )
    from reportkit.exporters.pdf import pdf_file
    from reportkit.exporters.web_page import html_page

__all__ = [
    "Content", "HtmlReportCommand", "HtmlReportExporter", "PdfReportCommand", "PdfReportExporter", "html_page",
    "pdf_file", "read_content",
]  # fmt: skip

# nbconvert costs a third of a second to import, lxml, Jinja and typst a tenth: each is paid by those who use it.
_HOMES = {
    "Content": "content",
    "HtmlReportCommand": "nbconvert",
    "HtmlReportExporter": "nbconvert",
    "PdfReportCommand": "nbconvert",
    "PdfReportExporter": "nbconvert",
    "html_page": "web_page",
    "pdf_file": "pdf",
    "read_content": "content",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
