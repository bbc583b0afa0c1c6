"""Same input, same bytes: what libraries draw by lot, or take from the clock, is fixed during a run.

Nothing here imports pandas or matplotlib; when the notebook does, they are changed as soon as they are imported.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from uuid import UUID

_STYLER = "pandas.io.formats.style_render"
_SALT = "svg.hashsalt"

# Matplotlib writes the time into SVG and PDF, but for this variable, by which other tools go, too. 1980 because a ZIP
# archive, which may be among what a cell makes, knows no earlier time.
_EPOCH = "315532800"


@contextmanager
def repeatable() -> Iterator[None]:
    """Give the same ids and times in every run: those of pandas' Stylers, and those in matplotlib's SVG and PDF."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", _EPOCH)
    with contextlib.ExitStack() as stack:
        uuid4 = _numbered_ids()
        after = {
            _STYLER: lambda module: _number(module, uuid4, stack),
            "matplotlib": lambda module: _salt(module, stack),
        }
        stack.enter_context(_when_imported(after))
        yield


def _numbered_ids() -> Callable[[], UUID]:
    """A `uuid4` that counts. The last digit comes first, since pandas takes only the first five."""
    numbers = itertools.count(1)
    return lambda: UUID(f"{next(numbers):032x}"[::-1])


def _number(styler: Any, uuid4: Callable[[], UUID], stack: contextlib.ExitStack) -> None:
    if hasattr(styler, "uuid4"):
        stack.callback(setattr, styler, "uuid4", styler.uuid4)
        styler.uuid4 = uuid4


def _salt(matplotlib: Any, stack: contextlib.ExitStack) -> None:
    """Fix the ids in an SVG, also after `plt.style.use("default")`, unless the user's matplotlibrc has fixed them."""
    for settings in (matplotlib.rcParams, matplotlib.rcParamsDefault):
        if settings.get(_SALT, "") is None:
            dict.__setitem__(settings, _SALT, "reportkit")
            stack.callback(dict.__setitem__, settings, _SALT, None)


@contextmanager
def _when_imported(after: dict[str, Callable[[Any], None]]) -> Iterator[None]:
    """Call the functions with their modules: now, or during the block as soon as a module has been imported."""
    for name, function in after.items():
        if module := sys.modules.get(name):
            function(module)
    finder = _Finder(after)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.meta_path.remove(finder)


class _Finder:
    """Finds nothing itself, but lets a module's loader do one thing more."""

    def __init__(self, after: dict[str, Callable[[Any], None]]) -> None:
        self._after = after

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in self._after:
            return None
        specs = (finder.find_spec(name, path, target) for finder in sys.meta_path if finder is not self)
        spec = next(filter(None, specs), None)
        if spec is not None and spec.loader is not None:
            self._extend(spec.loader, self._after[name])
        return spec

    def _extend(self, loader: Any, after: Callable[[Any], None]) -> None:
        execute = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            vars(loader).pop("exec_module", None)
            execute(module)
            after(module)

        loader.exec_module = exec_module
