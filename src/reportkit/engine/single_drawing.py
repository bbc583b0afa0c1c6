"""A figure drawn once, where matplotlib draws it twice and the first time for nothing.

A figure that is saved with tight bounds, as the inline backend saves all, is first drawn without output: layout engines
and artists that find their places while they are drawn shall have come to rest when the bounds are taken
(`FigureCanvasBase.print_figure`). To take the bounds of plain axes settles all that there is to settle: ticks, labels,
titles and legends are placed by that. So the first drawing is left out for figures of nothing but what is listed here,
by exact class, and the file is the same, byte for byte. It is a quarter of what such a figure costs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

_KNOWN_VERSIONS = {(3, 10), (3, 11)}
"""Of matplotlib: those whose way of saving is as it says above."""

_PLAIN = {
    "matplotlib.axis.XAxis",
    "matplotlib.axis.YAxis",
    "matplotlib.collections.LineCollection",
    "matplotlib.collections.PathCollection",
    "matplotlib.collections.PolyCollection",
    "matplotlib.legend.Legend",
    "matplotlib.lines.Line2D",
    "matplotlib.patches.Polygon",
    "matplotlib.patches.Rectangle",
    "matplotlib.spines.Spine",
    "matplotlib.text.Text",
}
"""Artists whose place does not hang on having been drawn before."""

_COMPUTED = {
    f"matplotlib.{name}"
    for name in (
        *("ticker.AutoLocator", "ticker.AutoMinorLocator", "ticker.FixedLocator", "ticker.LogLocator"),
        *("ticker.MaxNLocator", "ticker.MultipleLocator", "ticker.NullLocator", "category.StrCategoryLocator"),
        *("ticker.FixedFormatter", "ticker.LogFormatterSciNotation", "ticker.NullFormatter", "ticker.PercentFormatter"),
        *("ticker.ScalarFormatter", "ticker.StrMethodFormatter", "category.StrCategoryFormatter"),
    )
}
"""What finds ticks and writes them out, without a function of somebody's that would be called once less."""


@contextmanager
def single_drawing() -> Iterator[None]:
    """Leave the first of two drawings out in the block, if matplotlib is there already and is one that is known."""
    module: Any = sys.modules.get("matplotlib.figure")
    if module is None or sys.modules["matplotlib"].__version_info__[:2] not in _KNOWN_VERSIONS:
        yield
        return
    figure, drawn = module.Figure, module.Figure.draw

    def draw(self: Any, renderer: Any) -> Any:
        return None if _is_silent(renderer) and is_at_rest(self) else drawn(self, renderer)

    figure.draw = draw
    try:
        yield
    finally:
        if figure.draw is draw:  # else somebody has put his own there
            figure.draw = drawn


def is_at_rest(figure: Any) -> bool:
    """Whether a figure that is being saved has nothing whose place hangs on having been drawn before."""
    return (
        _name(figure) == "matplotlib.figure.Figure"
        and figure.canvas.is_saving()
        and figure.get_layout_engine() is None
        and not figure._canvas_callbacks.callbacks.get("draw_event")  # which would be called once less
        and not any(list(group) for group in figure._align_label_groups.values())
        and all(_is_plain(one) or _is_plain_axes(one) for one in figure.get_children())
    )


def _is_silent(renderer: Any) -> bool:
    """Whether this is the renderer of pixels with its output switched off (`RendererBase._draw_disabled`)."""
    return _name(renderer) == "matplotlib.backends.backend_agg.RendererAgg" and "draw_path" in vars(renderer)


def _is_plain_axes(axes: Any) -> bool:
    return (
        _name(axes) == "matplotlib.axes._axes.Axes"
        and axes.get_aspect() == "auto"
        and axes.get_axes_locator() is None
        and not axes.child_axes
        and len(axes._twinned_axes.get_siblings(axes)) == 1
        and {axes.get_xscale(), axes.get_yscale()} <= {"linear", "log"}
        and all(map(_is_plain, axes.get_children()))
        and all(_is_computed(one) for axis in (axes.xaxis, axes.yaxis) for one in _parts(axis))
    )


def _is_plain(artist: Any) -> bool:
    return (
        _name(artist) in _PLAIN
        and artist.get_agg_filter() is None
        and not artist.get_animated()
        and not (hasattr(artist, "get_wrap") and artist.get_wrap())
    )


def _parts(axis: Any) -> Iterable[Any]:
    """What finds the ticks of an axis and writes them out."""
    return (
        *(axis.get_major_locator(), axis.get_minor_locator()),
        *(axis.get_major_formatter(), axis.get_minor_formatter()),
    )


def _is_computed(part: Any) -> bool:
    """Whether this is matplotlib's own; `set_ticklabels` wraps a method of its own into a formatter by a function."""
    function = getattr(getattr(part, "func", None), "func", None)
    return _name(part) in _COMPUTED or (
        _name(part) == "matplotlib.ticker.FuncFormatter" and getattr(function, "__module__", "") == "matplotlib.axis"
    )


def _name(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"
