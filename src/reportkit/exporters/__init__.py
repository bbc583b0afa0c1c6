"""nbconvert exporters for annual reports: an executed notebook in, one self-contained HTML or PDF file out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportkit.exporters.html import HtmlReportExporter
    from reportkit.exporters.pdf import PdfReportExporter

__all__ = ["HtmlReportExporter", "PdfReportExporter"]

# nbconvert and typst cost a third of a second to import; a command that only checks a file must not pay for them.
_HOMES = {"HtmlReportExporter": "html", "PdfReportExporter": "pdf"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
