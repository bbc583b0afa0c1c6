"""Chinese in matplotlib's figures: the Noto that comes with the package stands in for what a figure's own fonts lack.

Nothing here imports matplotlib: its modules are changed when the notebook imports them, or at once where that has
happened already, and are as before when the run is over. What no font has, matplotlib prints as a box and warns; the
warning must reach the cell's standard error whatever the notebook does with warnings, since the exporters refuse a
report for it.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from types import ModuleType
from typing import Any

_FONTS, _FORMULAS, _TEXTS = "matplotlib.font_manager", "matplotlib._mathtext", "matplotlib._text_helpers"
_CHOOSING = tuple(
    f"font.{name}"
    for name in (
        *("family", "style", "variant", "weight", "stretch", "size"),
        *("serif", "sans-serif", "cursive", "fantasy", "monospace"),
    )
)
"""The settings by which matplotlib chooses a font."""
_FIRST_WIDE = "\u2e80"


@contextmanager
def chinese_figures(shell: Any) -> Iterator[None]:
    """Let the figures of the block show Chinese, and tell of every character that they cannot show."""
    with ExitStack() as stack:
        changes: dict[str, Callable[[Any], None]] = {
            _FONTS: lambda module: _add_noto(module, stack),
            _FORMULAS: lambda module: _add_noto_to_formulas(module, stack),
            _TEXTS: lambda module: _always_warn(module, stack, shell),
        }
        for name in [name for name in changes if name in sys.modules]:
            changes.pop(name)(sys.modules[name])
        finder = _AfterImport(changes)
        sys.meta_path.insert(0, finder)
        stack.callback(finder.leave)
        yield


def open_usual() -> None:
    """Open the fonts of a text of no special kind, if matplotlib is there: it does not keep them over a fork."""
    module, agg = sys.modules.get(_FONTS), sys.modules.get("matplotlib.backends.backend_agg")
    if module and agg:
        with ExitStack() as stack:
            _add_noto(module, stack)
            agg.RendererAgg(1, 1, 72).get_text_width_height_descent("1", module.FontProperties(), ismath=False)


class _AfterImport(importlib.abc.MetaPathFinder):
    """Calls a function with each of some modules, right after it has been imported."""

    def __init__(self, changes: dict[str, Callable[[Any], None]]) -> None:
        self._changes = changes

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        change = self._changes.pop(name, None)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target) if change else None
        loader: Any = spec.loader if spec else None
        if change is None or not hasattr(loader, "exec_module"):
            return None
        execute = loader.exec_module

        def execute_and_change(module: ModuleType) -> None:
            execute(module)
            change(module)

        loader.exec_module = execute_and_change
        return spec

    def leave(self) -> None:
        """Be asked no more."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)


def _add_noto(module: Any, stack: ExitStack) -> None:
    """Put Noto after the fonts that a text asks for: matplotlib takes each character from the first that has it."""
    manager = module.fontManager
    find = getattr(manager, "_find_fonts_by_props", None)
    if find is None or "_find_fonts_by_props" in vars(manager):
        return
    known: dict[Any, list[Any]] = {}

    def find_with_noto(prop: Any, fontext: str = "ttf", *args: Any, **kwargs: Any) -> list[Any]:
        if args or kwargs or fontext != "ttf":
            found = list(find(prop, fontext, *args, **kwargs))
            return [*found, _noto()] if fontext == "ttf" else found
        choice = _choice(module)
        if (prop, choice) not in known:  # a figure asks some two hundred times
            known[prop.copy(), choice] = [*find(prop), _noto()]
        return list(known[prop, choice])

    manager._find_fonts_by_props = find_with_noto
    stack.callback(vars(manager).pop, "_find_fonts_by_props", None)


def _choice(module: Any) -> tuple[Any, ...]:
    """All that says, beside the properties of a text, which fonts matplotlib finds for it (`FontManager.findfont`)."""
    values = map(partial(dict.get, sys.modules["matplotlib"].rcParams), _CHOOSING)
    return (
        *(tuple(value) if isinstance(value, list) else value for value in values),
        len(module.fontManager.ttflist),
        os.environ.get("MPL_IGNORE_SYSTEM_FONTS"),
    )


@cache
def _noto() -> str:
    import pylopdf_fonts_zh_cn as noto

    return str(noto.sans_path())


def _add_noto_to_formulas(module: Any, stack: ExitStack) -> None:
    """Take Chinese in a text that has a formula, `面积（km$^2$）`, from Noto: a formula's fonts are a closed set."""
    fonts: Any = getattr(module, "UnicodeFonts", None)
    find, get_font = getattr(fonts, "_get_glyph", None), getattr(module, "get_font", None)
    if find is None or get_font is None:
        return

    def find_with_noto(self: Any, name: str, kind: str, symbol: str, *args: Any, **kwargs: Any) -> Any:
        if len(symbol) == 1 and symbol >= _FIRST_WIDE and get_font(_noto()).get_char_index(ord(symbol)):
            return get_font(_noto()), ord(symbol), False
        return find(self, name, kind, symbol, *args, **kwargs)

    fonts._get_glyph = find_with_noto
    stack.callback(setattr, fonts, "_get_glyph", find)


def _always_warn(module: Any, stack: ExitStack, shell: Any) -> None:
    """Let the warning of a missing character be heard, once in a cell, also where the notebook hears no warnings."""
    warn = getattr(module, "warn_on_missing_glyph", None)
    if warn is None:
        return
    heard: set[tuple[int, Any]] = set()

    def warn_once(codepoint: Any, *args: Any, **kwargs: Any) -> None:
        place = (shell.execution_count, codepoint)
        if place in heard:
            return
        heard.add(place)
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warn(codepoint, *args, **kwargs)

    module.warn_on_missing_glyph = warn_once
    stack.callback(setattr, module, "warn_on_missing_glyph", warn)
