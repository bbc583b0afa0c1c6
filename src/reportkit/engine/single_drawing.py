"""A figure drawn once, where matplotlib draws it twice and the first time for nothing; and no text laid out five times.

A figure that is saved with tight bounds, as the inline backend saves all, is first drawn without output: layout engines
and artists that find their places while they are drawn shall have come to rest when the bounds are taken
(`FigureCanvasBase.print_figure`). To take the bounds of plain axes settles all that there is to settle: ticks, labels,
titles and legends are placed by that. So the first drawing is left out for figures of nothing but what is listed here,
by exact class, and the file is the same, byte for byte. It is a quarter of what such a figure costs.

From when its bounds are taken until it is saved nothing of such a figure changes but where its labels stand. So the
ticks of an axis are found once, and a text is laid out once: matplotlib does that each time somebody asks for its
place. That is a fifth of what is left.
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
    text, axis = sys.modules["matplotlib.text"].Text, sys.modules["matplotlib.axis"].Axis
    canvas = sys.modules["matplotlib.backend_bases"].FigureCanvasBase
    saved, drawn = canvas.print_figure, module.Figure.draw
    laid_out, updated = text._get_layout, axis._update_ticks
    rest = _Rest()

    def save(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return saved(self, *args, **kwargs)
        finally:
            rest.end()

    def draw(self: Any, renderer: Any) -> Any:
        if _is_silent(renderer) and is_at_rest(self):
            rest.begin()
            return None
        return drawn(self, renderer)

    def layout(self: Any, renderer: Any) -> Any:
        key = _layout_key(self, renderer) if rest.is_on else None
        return rest.once(key, laid_out, self, renderer)

    def ticks(self: Any) -> Any:
        return list(rest.once(self, updated, self))

    with (
        _replaced(canvas, "print_figure", save),
        _replaced(module.Figure, "draw", draw),
        _replaced(text, "_get_layout", layout),
        _replaced(axis, "_update_ticks", ticks),
    ):
        yield


@contextmanager
def _replaced(owner: Any, name: str, function: Any) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, function)
    try:
        yield
    finally:
        if getattr(owner, name) is function:  # else somebody has put his own there
            setattr(owner, name, before)


class _Rest:
    """What has been found out of a figure at rest."""

    def __init__(self) -> None:
        self._found: dict[Any, Any] | None = None

    @property
    def is_on(self) -> bool:
        """Whether nothing changes now."""
        return self._found is not None

    def begin(self) -> None:
        """From now on nothing changes."""
        self._found = {}

    def end(self) -> None:
        """From now on anything may change."""
        self._found = None

    def once(self, key: Any, find: Any, *arguments: Any) -> Any:
        """Return what a function finds; it is not asked again, for the same key, while nothing changes."""
        if self._found is None or key is None:
            return find(*arguments)
        if key not in self._found:
            self._found[key] = find(*arguments)
        return self._found[key]


def _layout_key(text: Any, renderer: Any) -> Any:
    """All on which it hangs how a text is laid out (`Text._get_layout`); None for one that is broken to fit."""
    if text.get_wrap() or _name(text) != "matplotlib.text.Text":
        return None
    return (
        *(type(renderer), renderer.dpi, text.get_figure(root=True).dpi),
        *(text.get_text(), hash(text.get_fontproperties()), text.get_rotation(), text.get_rotation_mode()),
        *(text.get_horizontalalignment(), text.get_verticalalignment(), text._get_multialignment()),
        *(text._linespacing, text.get_usetex(), text.get_parse_math()),
    )


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
