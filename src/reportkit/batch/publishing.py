"""An executed notebook in, the files of a report out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def export(nb: Any, name: str) -> bytes:
    """Return an executed notebook as "html" or "pdf".

    Raises ExportError if it cannot be published, for instance because no font has one of its characters.
    """
    return render(read_content(nb), name)


def read_content(nb: Any) -> Any:
    """Return what a reader sees of an executed notebook; see reportkit.exporters.Content."""
    from reportkit import exporters

    return exporters.read_content(nb)


def render(content: Any, name: str) -> bytes:
    """Return the content of a report as "html" or "pdf"; see `export`."""
    from reportkit import exporters

    renderers: dict[str, Callable[[Any], bytes]] = {"html": exporters.html_page, "pdf": exporters.pdf_file}
    return renderers[name](content)


def make_ready(formats: Iterable[str]) -> None:
    """Import what these formats take and find the typefaces, before the first report is there."""
    from reportkit.exporters import content, html  # noqa: F401

    if "pdf" in formats:
        from reportkit.exporters import pdf  # noqa: F401
        from reportkit.exporters.fonts import load_typefaces

        load_typefaces()
