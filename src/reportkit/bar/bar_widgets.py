"""The bar and the finished page as widgets."""

from __future__ import annotations

from pathlib import Path

from reportkit.bar.bar_desk import BarDesk
from reportkit.bar.bar_words import bar_words
from reportkit.bar.page_desk import PageDesk
from reportkit.translation import _
from reportkit.workbench.widget import FRONT, DeskWidget, joined

_OWN = Path(__file__).parent / "front"
_SHARED = joined(FRONT, ["elements.js", "view.js", "issues.js", "page.js", "notices.js", "conflicts.js"])
_CSS = joined(FRONT, ["bench.css", "conflicts.css"]) + joined(_OWN, ["bar.css"])

_MODEL = "7265706f72746b69740000000000ba01"
"""The bar's id in every notebook: one that is saved with its output is no other notebook each time it is run."""


class Bar(DeskWidget):
    """The bar above a report; its behaviour stands in its desk."""

    _esm = "\n".join([_SHARED, joined(_OWN, ["bar.js"])])
    _css = _CSS
    desk: BarDesk

    def __init__(self, desk: BarDesk) -> None:
        super().__init__(desk, bar_words(), model_id=_MODEL)

    def __repr__(self) -> str:
        return _("Run this cell in JupyterLab for the buttons of this report: check, preview, make, undo")


class PageView(DeskWidget):
    """The finished page alone."""

    _esm = "\n".join([_SHARED, joined(_OWN, ["page_view.js"])])
    _css = _CSS

    def __init__(self, desk: BarDesk) -> None:
        super().__init__(PageDesk(desk.page), bar_words())

    def __repr__(self) -> str:
        return _("Run this cell in JupyterLab for the finished page")
