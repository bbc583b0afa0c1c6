"""Matplotlib's state around a run: its inline backend inside, whatever there was before outside.

Nothing here imports matplotlib. If the notebook does, the variable MPLBACKEND makes it choose the inline backend, and
importing that connects it to the shell; in a process where that import has already happened we must connect it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

BACKEND = "module://matplotlib_inline.backend_inline"


@contextmanager
def inline_figures(shell: Any) -> Iterator[None]:
    """Show the figures of the block in `shell`; close them and restore matplotlib's settings after it."""
    before = _settings()
    others = _take_figures()
    try:
        if "matplotlib" in sys.modules:
            _connect(shell)
        yield
    finally:
        _take_figures()
        if "matplotlib" in sys.modules:
            _restore(before)
            _give_back(others)


def warm_up() -> None:
    """Draw a figure that nobody sees, if matplotlib is there: it finds its fonts and the rest of itself for the first.

    The figure belongs to no shell and not to pyplot, so that nothing is left of it.
    """
    if "matplotlib.pyplot" not in sys.modules:
        return
    import io

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    axes.bar([0, 1], [1, 2], label="1")
    axes.set_title("1")
    axes.legend()
    FigureCanvasAgg(figure).print_figure(io.BytesIO(), format="png", bbox_inches="tight")


def _settings() -> dict[str, Any] | None:
    matplotlib = sys.modules.get("matplotlib")
    # As a dict: reading rcParams["backend"] itself would make matplotlib choose one.
    return dict.copy(matplotlib.rcParams) if matplotlib else None


def _connect(shell: Any) -> None:
    import matplotlib

    dict.__setitem__(matplotlib.rcParams, "backend", BACKEND)
    if "matplotlib.pyplot" not in sys.modules:
        return  # importing it will choose the backend, as in a fresh process
    from IPython.core.pylabtools import activate_matplotlib
    from matplotlib_inline import backend_inline

    inline: Any = backend_inline
    # It registers the formatter of figures with a shell only when it believes that the backend has changed.
    inline.configure_inline_support.current_backend = "unset"
    activate_matplotlib(BACKEND)
    inline.configure_inline_support(shell, BACKEND)


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
    return sys.modules.get("matplotlib_inline.backend_inline")
