"""An executed notebook in, the files of a report out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reportkit.page_styles import Styles, styles_of


def export(nb: Any, name: str, style: str = "") -> bytes:
    """Return an executed notebook in a format, see reportkit.exporters.formats.

    `style` is the name of a style or the path of its file; without any it is what the language of the text suggests.
    Raises UserError for a style that is none, and ExportError if the notebook cannot be published, for instance because
    no font has one of its characters.
    """
    from reportkit.exporters.formats import render

    return render(read_content(nb, styles=styles_of(style)), name)


def read_content(
    nb: Any, folders: Sequence[Path] = (), styles: Styles | None = None, facts: Mapping[str, Any] | None = None
) -> Any:
    """Return what a reader sees of an executed notebook, with its pictures from files in these folders, in its style.

    `facts` are what is known of the report besides the notebook's parameters. See reportkit.exporters.Content. Raises
    ExportError for what no page can show.
    """
    from reportkit import exporters

    return exporters.read_content(nb, folders=folders, styles=styles, facts=facts)
