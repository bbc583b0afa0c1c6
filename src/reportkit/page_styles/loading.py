"""Styles by name or from a file: read, completed by the style that a file extends, and held to what a page can be."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from reportkit.errors import FormError, UserError
from reportkit.files.yaml_files import load
from reportkit.page_styles.attachments import pictures_of
from reportkit.page_styles.brand import branded
from reportkit.page_styles.complete_style import CompleteStyle
from reportkit.page_styles.limits import fit
from reportkit.page_styles.style import Style
from reportkit.page_styles.templates import HTML, TYPST, template_in
from reportkit.shapes import WrongShapeError, shaped
from reportkit.translation import _, in_a_row

_FOLDER = Path(__file__).parent
_EXTENDED = "a4"
"""What a file extends that does not say."""

PAGE = ("page_number", "header", "footer", "cover", "letterhead", "signature")
"""What a project can say of its pages without a style of its own."""


def style_names() -> list[str]:
    """Return the names of the styles that come with the package."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


@dataclass(frozen=True)
class Overlays:
    """What goes over a style: a brand's file, what a project says on its pages, and where templates may lie.

    `page` are entries as in a style's file, `source` is the file that they stand in, and paths in them go out from the
    `root`. `folders` come after the style's own. `shown` gives the name that a person knows a path by.
    """

    brand: Path | None = None
    page: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    root: Path = Path()
    folders: tuple[Path, ...] = ()
    shown: Callable[[Path], str] = str


NONE = Overlays()


def load_style(name: str, folder: Path = Path(), over: Overlays = NONE) -> CompleteStyle:
    """Return a style by the name of one that comes with the package, or from a file whose path goes out from a folder.

    Its pictures and templates are read, too. Raises FormError, with file and line, for a file that is no style, and
    for whatever else is wrong in what it names; UserError where there is neither, or a file is another user's.
    """
    if name in style_names():
        return _shipped(name) if over == NONE else _overlaid(_shipped(name), Path(), over)
    if not (path := folder / name).exists():
        raise UserError(no_such_style(name))
    make = partial(_with_pictures, folder=path.parent, origin=name)
    return _overlaid(load(path, Style, make, partial(_completed, _EXTENDED)), path.parent, over, own=True)


def _with_pictures(style: Style, folder: Path, origin: str) -> CompleteStyle:
    fit(style)
    return replace(CompleteStyle.of(style, origin), pictures=tuple(pictures_of(style, folder).items()))


def _overlaid(style: CompleteStyle, folder: Path, over: Overlays, own: bool = False) -> CompleteStyle:
    """A style with what goes over it; `folder` has its file if it is one's own."""
    if over.page:
        style = _paged(style, over)
    if over.brand:
        style = branded(style, over.brand, over.shown(over.brand))
    folders = ((folder,) if own else ()) + over.folders
    typst, html = (template_in(folders, name, over.shown) for name in (TYPST, HTML))
    return replace(style, typst=typst, html=html) if typst or html else style


def _paged(style: CompleteStyle, over: Overlays) -> CompleteStyle:
    """A style with what a project says on its pages."""
    if unknown := [key for key in over.page if key not in PAGE]:
        words = _("{path}: [page] has {known}; unknown {key}")
        if close := difflib.get_close_matches(unknown[0], PAGE, n=1):
            words = _("{path}: [page] has {known}; unknown {key}; did you mean {close}?")
        raise FormError(words.format(path=over.source, known=in_a_row(PAGE), key=unknown[0], close=close and close[0]))
    changes = {key: None if value is False else value for key, value in over.page.items()}  # TOML has no null
    try:
        changed = fit(shaped(merged(style.values, changes), Style))
        stated = [key for key, value in changes.items() if isinstance(value, Mapping) and value.get("logo")]
        pictures = {**dict(style.pictures), **pictures_of(changed, over.root, stated)}
    except WrongShapeError as error:
        raise FormError(_("{path}: {reason}").format(path=over.source, reason=f"[page] {error}")) from None
    stated_in = tuple((key, f"{over.source}: [page]") for key in changes)
    parts = {key: getattr(changed, key) for key in changes}
    return replace(style, **parts, pictures=tuple(pictures.items()), sources=stated_in)


def style_file(name: str, folder: Path) -> Path | None:
    """Return the file that a style's name means, None for a style that comes with the package."""
    return None if name in style_names() else folder / name


@cache
def _shipped(name: str) -> CompleteStyle:
    make = partial(_with_pictures, folder=_FOLDER, origin=name)
    return load(_FOLDER / f"{name}.yaml", Style, make, partial(_completed, None))


def _completed(otherwise: str | None, entries: Any) -> Any:
    """A file's entries with those that it leaves out: in a group each by itself, of a typeface or a list all."""
    if not isinstance(entries, dict):
        return entries
    named = entries.get("extends")
    base = named if named in style_names() else otherwise  # what is named wrongly is told by its line
    if base is None:
        return entries
    before = {key: value for key, value in _shipped(base).values.items() if key != "extends"}
    return merged(before, entries)


def merged(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a style's values with others in their place: in a group each by itself, of a typeface or a list all."""
    return {**values, **{key: _merged(values.get(key), value) for key, value in changes.items()}}


def _merged(before: Any, value: Any) -> Any:
    groups = isinstance(before, dict) and isinstance(value, Mapping)
    return {**before, **value} if groups else value


def no_such_style(name: str) -> str:
    """Return what there is to tell of a style that there is not."""
    close = difflib.get_close_matches(name, style_names(), n=1)
    words = _("style {name!r}: no such style and no such file; there is {there}")
    if close:
        words = _("style {name!r}: no such style and no such file; did you mean {close!r}?")
    return words.format(name=name, there=in_a_row(style_names()), close=close and close[0])
