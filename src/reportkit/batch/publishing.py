"""An executed notebook in, the files of a report out."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from reportkit.batch.notebooks import hidden


def export(nb: Any, name: str) -> bytes:
    """Return an executed notebook as "html" or "pdf".

    Raises ExportError if it cannot be published, for instance because no font has one of its characters.
    """
    return render(read_content(nb), name)


def read_content(nb: Any) -> Any:
    """Return what a reader sees of an executed notebook; see reportkit.exporters.Content."""
    with hidden("rfc3987_syntax"):
        from reportkit import exporters

    if not hasattr(exporters, "html_page"):  # TEMPORARY
        from types import SimpleNamespace

        from reportkit.exporters.content import read_content as rc

        return SimpleNamespace(nb=nb, title=rc(nb).title, headings=[], text="")
    return exporters.read_content(nb)


def render(content: Any, name: str) -> bytes:
    """Return the content of a report as "html" or "pdf"; see `export`."""
    with hidden("rfc3987_syntax"):
        from reportkit import exporters

        if not hasattr(exporters, "html_page"):  # TEMPORARY
            body, _ = _old(name).from_notebook_node(content.nb)
            return body.encode() if isinstance(body, str) else body
        renderers: dict[str, Callable[[Any], bytes]] = {"html": exporters.html_page, "pdf": exporters.pdf_file}
        return renderers[name](content)


@cache
def _old(name):
    from reportkit import exporters

    return getattr(exporters, {"html": "HtmlReportExporter", "pdf": "PdfReportExporter"}[name])()


def make_ready() -> None:
    """Import what publishing takes and find the typefaces, before the first report is there."""
    with hidden("rfc3987_syntax"):
        import nbformat  # noqa: F401

    from reportkit.exporters.fonts import load_typefaces

    load_typefaces()
