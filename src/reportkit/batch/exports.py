"""An executed notebook in, the files of a report out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def export(nb: Any, name: str) -> bytes:
    """Return an executed notebook in a format, see reportkit.exporters.formats.

    Raises ExportError if it cannot be published, for instance because no font has one of its characters.
    """
    from reportkit.exporters.formats import render

    return render(read_content(nb), name)


def read_content(nb: Any, folders: Sequence[Path] = ()) -> Any:
    """Return what a reader sees of an executed notebook, with its pictures from files in these folders.

    See reportkit.exporters.Content. Raises ExportError for what no page can show.
    """
    from reportkit import exporters

    return exporters.read_content(nb, folders=folders)
