"""Matplotlib's state around a run: its inline backend inside, whatever there was before outside.

Nothing here imports matplotlib. If the notebook does, the variable MPLBACKEND makes it choose the inline backend with
the first figure, and importing that connects it to the shell; in a process where all this has already happened it is
made to happen again.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from reportkit.engine.single_drawing import single_drawing

_INLINE = "matplotlib_inline.backend_inline"
BACKEND = f"module://{_INLINE}"

_DRAWN_BY_PANDAS = "pandas.plotting._matplotlib"


@contextmanager
def inline_figures() -> Iterator[None]:
    """Show the figures of the block in its shell; close them and restore matplotlib's settings after it."""
    before, hook, backend = _settings(), _display_hook(), _inline_backend()
    others = _take_figures()
    try:
        if "matplotlib" in sys.modules:
            _as_if_new(sys.modules.get("matplotlib.pyplot"))
        with single_drawing():
            yield
    finally:
        _take_figures()
        if backend:
            sys.modules[_INLINE] = backend
        if "matplotlib" in sys.modules:
            _restore(before)
            _believe_connected(hook)
            _give_back(others)


def make_ready(sources: Iterable[str]) -> None:
    """Have matplotlib ready for cells that name it, with what their first figure would import, pandas' part too."""
    sources = list(sources)
    if not any("matplotlib" in source for source in sources):
        return
    names = ["matplotlib.pyplot", "IPython.core.pylabtools", "pylopdf_fonts_zh_cn", _INLINE]
    if any("pandas" in source for source in sources):
        names.append(_DRAWN_BY_PANDAS)
    for name in names:
        importlib.import_module(name)
    warm_up()


def warm_up() -> None:
    """Draw a figure that nobody sees, if matplotlib is there: it finds its fonts and the rest of itself for the first.

    The figure belongs to no shell and not to pyplot, so that nothing is left of it. Where pandas draws, it is drawn by
    pandas: what a process has done once is done in half the time by those forked from it.
    """
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    import io

    import matplotlib.backends
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    if _DRAWN_BY_PANDAS in sys.modules:
        _draw_by_pandas(axes, pyplot)
    else:
        axes.bar([0, 1], [1, 2], label="1")
        axes.legend()
    axes.set_title("1")
    FigureCanvasAgg(figure).print_figure(io.BytesIO(), format="png", bbox_inches="tight")
    if registry := getattr(matplotlib.backends, "backend_registry", None):
        registry.is_valid_backend(BACKEND)  # it looks once through all that is installed here


def _draw_by_pandas(axes: Any, pyplot: Any) -> None:
    """Put bars of a table into axes, without the call by which pyplot would choose its backend."""
    import pandas

    draw, pyplot.draw_if_interactive = pyplot.draw_if_interactive, lambda: None
    try:
        pandas.DataFrame({"1": [1, 2]}, index=["1", "2"]).plot.bar(ax=axes)
    finally:
        pyplot.draw_if_interactive = draw


def _settings() -> dict[str, Any] | None:
    matplotlib = sys.modules.get("matplotlib")
    # By the items of a dict: reading rcParams["backend"] itself, as dict.copy does, would make matplotlib choose one.
    return dict(dict.items(matplotlib.rcParams)) if matplotlib else None


def _as_if_new(pyplot: Any) -> None:
    """Let a pyplot that is here already choose its backend with the first figure, as that of a new kernel does.

    Only then is it connected to the shell; a `plt.ioff()` before that comes to nothing, there as here.
    """
    import matplotlib

    new: dict[Any, Any] = {"backend": BACKEND, "interactive": False}
    dict.update(matplotlib.rcParams, new)
    if pyplot is None:
        return  # importing it will do all this
    _believe_connected(None)
    pyplot._backend_mod = None
    sys.modules.pop(_INLINE, None)  # it connects itself to the shell that is there when it is imported


_HOOK = "_REPL_DISPLAYHOOK"
"""Where pyplot keeps whether it has put a callback into the events of a shell: `plt.ioff()` takes it out again."""


def _display_hook() -> Any:
    return getattr(sys.modules.get("matplotlib.pyplot"), _HOOK, None)


def _believe_connected(hook: Any) -> None:
    """Let pyplot believe that, or, for None, that no shell has its callback: a new one knows nothing of it."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if hasattr(pyplot, _HOOK):
        setattr(pyplot, _HOOK, pyplot._ReplDisplayHook.NONE if hook is None else hook)


def _restore(before: dict[str, Any] | None) -> None:
    matplotlib: Any = sys.modules["matplotlib"]
    settings = dict(matplotlib.rcParamsOrig) if before is None else before
    pyplot = sys.modules.get("matplotlib.pyplot")
    backend = settings["backend"]
    if pyplot and isinstance(backend, str):
        pyplot.switch_backend(backend)
    dict.update(matplotlib.rcParams, settings)


def _take_figures() -> list[Any]:
    """Return the open figures' managers, which pyplot then no longer knows; those of a run are thereby closed."""
    helpers, inline = sys.modules.get("matplotlib._pylab_helpers"), _inline_backend()
    managers = list(helpers.Gcf.figs.items()) if helpers else []
    if helpers:
        helpers.Gcf.figs.clear()
    waiting = (list(inline.show._to_draw), inline.show._draw_called) if inline else ([], False)
    if inline:
        inline.show._to_draw, inline.show._draw_called = [], False
    return [managers, waiting]


def _give_back(taken: list[Any]) -> None:
    managers, waiting = taken
    if helpers := sys.modules.get("matplotlib._pylab_helpers"):
        helpers.Gcf.figs.update(managers)
    if inline := _inline_backend():
        inline.show._to_draw, inline.show._draw_called = waiting


def _inline_backend() -> Any:
    return sys.modules.get(_INLINE)
