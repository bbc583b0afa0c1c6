"""The formats of a report. A new one is an entry here and the module that it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from reportkit.exporters.content import Content


class Format(NamedTuple):
    """A format that the content of a report can be rendered in.

    `module` of this room has the `function` that returns it as bytes. `typefaces` says whether what comes out hangs on
    the typefaces of the machine.
    """

    module: str
    function: str
    typefaces: bool = False


FORMATS: Mapping[str, Format] = {
    "html": Format("web_page", "html_page"),
    "pdf": Format("pdf", "pdf_file", typefaces=True),
}
"""The formats by name, which is the suffix of their files too."""


def render(content: Content, name: str) -> bytes:
    """Return the content of a report in the format of this name.

    Raises ExportError for what the format cannot show, and where the finished pages do not say all of the content.
    """
    page: bytes = getattr(_module(name), FORMATS[name].function)(content)
    return page


def need_typefaces(names: Iterable[str]) -> bool:
    """Return whether one of these formats hangs on the typefaces of the machine."""
    return any(FORMATS[name].typefaces for name in names)


def make_ready(names: Iterable[str]) -> None:
    """Import what these formats take and find the typefaces, before the first report is there."""
    from reportkit.exporters import content, web_page  # noqa: F401  (the gates compare with the page)

    names = list(names)
    for name in names:
        _module(name)
    if need_typefaces(names):
        from reportkit.exporters.fonts import load_typefaces

        load_typefaces()


def _module(name: str) -> object:
    return import_module(f"reportkit.exporters.{FORMATS[name].module}")
