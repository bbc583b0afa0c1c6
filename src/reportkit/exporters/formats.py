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


def notes(content: Content, names: Iterable[str]) -> list[str]:
    """Return what there is to tell of a report in these formats: typefaces of its brand that this machine lacks."""
    if not content.style.wished or not need_typefaces(names):
        return []
    from reportkit.exporters.fonts import missing_typefaces

    return missing_typefaces(content.style)


def need_typefaces(names: Iterable[str]) -> bool:
    """Return whether one of these formats hangs on the typefaces of the machine."""
    return any(FORMATS[name].typefaces for name in names)


def make_ready(names: Iterable[str], texts: Iterable[str]) -> None:
    """Import what these formats take and find the typefaces, before the first report is there.

    `texts` are the cells of the notebook: what only tables of somebody's own need is got ready for these.
    """
    from reportkit.exporters import content, heads, web_page  # noqa: F401  (the gates compare with the page)

    if any("pandas" in text and not text.isascii() for text in texts):
        heads.make_ready()
    names = list(names)
    for name in names:
        _module(name)
    if need_typefaces(names):
        from reportkit.exporters.fonts import load_fonts

        load_fonts()


def _module(name: str) -> object:
    return import_module(f"reportkit.exporters.{FORMATS[name].module}")
