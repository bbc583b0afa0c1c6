"""What `reportkit.report.live` shows: the bar and the finished page, which belong together in one notebook."""

from __future__ import annotations

from IPython.display import display

from reportkit.bar.bar_desk import BarDesk
from reportkit.bar.bar_widgets import Bar, PageView
from reportkit.exporters.obligations import Note
from reportkit.project import Project

_NOT_PRINTED = {"text/html": Note().metadata}


def show_bar(project: Project, year: int, jurisdiction: str) -> None:
    """Show the bar for a town's report, which is the same one each time; in exports of the notebook it is left out."""
    bar = _bar_of(project)
    bar.desk.turn_to(year, jurisdiction)
    display(bar, metadata=_NOT_PRINTED)


def show_page(project: Project, year: int, jurisdiction: str) -> None:
    """Show the finished page of a town's report, made anew after each save; in exports it is left out."""
    desk = _bar_of(project).desk
    desk.turn_to(year, jurisdiction)
    display(PageView(desk), metadata=_NOT_PRINTED)


def _bar_of(project: Project) -> Bar:
    if project not in _bars:
        close_bar()
        _bars[project] = Bar(BarDesk(project))
    return _bars[project]


def close_bar() -> None:
    """End the bar of this kernel, and what it has started."""
    while _bars:
        bar = _bars.popitem()[1]
        bar.desk.close()
        bar.close()


_bars: dict[Project, Bar] = {}
"""The bar of this kernel, by its project: a cell that is run again shows it again, with what was open in it."""
