"""Imports of papermill and nbformat without what no report needs: it would take half of a build's start."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any

_OPTIONAL = ("rfc3987_syntax", "rfc3986_validator", "isoduration", "uri_template", "webcolors")
_LATE = ("boto3", "requests")


@contextmanager
def lean_imports(optional: Sequence[str] = _OPTIONAL, late: Sequence[str] = _LATE) -> Iterator[None]:
    """Let imports go without optional modules of somebody else's, and put off what may never be used.

    Where JupyterLab is installed, jsonschema loads checkers for addresses, durations and colours, of which no
    notebook's schema has any. By what is `late`, papermill reads notebooks from the web and from S3, which we do
    ourselves: it is imported when something of it is used, and so are engines that other packages bring for papermill.
    """
    stand_ins: dict[str, Any] = {
        **dict.fromkeys(optional),  # None is what makes an import fail
        **{module: _Late(partial(_import_late, module)) for module in late},
    }
    absent = {module: stand_in for module, stand_in in stand_ins.items() if module not in sys.modules}
    sys.modules.update(absent)
    try:
        with _late_plugins():
            yield
    finally:
        for module, stand_in in absent.items():
            if sys.modules.get(module) is stand_in:
                del sys.modules[module]


class _Late:
    """A module, or what an entry point of another package names: imported when something of it is used."""

    __spec__ = None  # which an import looks for in a module that is there

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load

    def __getattr__(self, name: str) -> Any:
        if name == "__path__":  # nobody can import a part of what is not there
            raise AttributeError(name)
        return getattr(self._load(), name)


def _import_late(name: str) -> Any:
    if isinstance(sys.modules.get(name), _Late):
        del sys.modules[name]
    return import_module(name)


@contextmanager
def _late_plugins() -> Iterator[None]:
    """Let papermill, if it is imported in the block, register what other packages bring for it without importing it."""
    try:
        import entrypoints  # papermill's own way to find them; a later one may have another
    except ImportError:
        entrypoints = None
    if entrypoints is None or "papermill.engines" in sys.modules:
        yield
        return
    load = entrypoints.EntryPoint.load

    def load_ours(entry: Any) -> Any:
        return load(entry) if entry.module_name.startswith("reportkit.") else _Late(partial(load, entry))

    entrypoints.EntryPoint.load = load_ours
    try:
        yield
    finally:
        entrypoints.EntryPoint.load = load
