"""The typefaces of a style: those that it asks for where a machine has them, and those that are installed with this."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from reportkit.errors import ExportError
from reportkit.page_styles import CompleteStyle, Face, Faces
from reportkit.translation import _, in_a_row

_CHINESE = "Noto Serif SC"
_MARKS = {"latin": ["Libertinus Serif", _CHINESE], "han": [_CHINESE]}
"""What quotation marks of the other script are set in."""

_NOTO = frozenset({_CHINESE, "Noto Sans SC"})


class Typefaces(NamedTuple):
    """The loaded font files, and for each use (title, body, heading, …) the families to try in order."""

    fonts: Any
    families: dict[str, list[str]]


@lru_cache(maxsize=2)
def load_fonts(use_system_fonts: bool = True) -> Any:
    """Return the font files of this machine; the search happens once in a process, and a fork inherits its result.

    Raises ExportError if those that are installed with this are missing.
    """
    import pylopdf_fonts_zh_cn as noto
    import typst

    folders = sorted({str(path.parent) for path in (noto.serif_path(), noto.sans_path())})
    fonts = typst.Fonts(include_system_fonts=use_system_fonts, font_paths=folders)
    if not set(fonts.families()) >= _NOTO:
        # Typst would only warn, and set the report in whatever it finds.
        raise ExportError(
            _("the Noto typefaces that are installed with this are missing; install pylopdf-fonts-zh-cn again.")
        )
    return fonts


@lru_cache(maxsize=16)
def load_typefaces(faces: Faces, use_system_fonts: bool = True) -> Typefaces:
    """Return the typefaces of a style. Raises ExportError if one is missing that has to be there."""
    fonts = load_fonts(use_system_fonts)
    present = {family.casefold(): family for family in fonts.families()}
    by_use: dict[str, Face] = {use: getattr(faces, use) for use in Faces.__struct_fields__}
    if missing := {
        name: use for use, face in by_use.items() for name in face.fallback if name.casefold() not in present
    }:
        words = _("the style's typefaces {names} are not on this machine; install them, or name others in the style")
        raise ExportError(words.format(names=in_a_row(missing)))
    families = {use: _families(face, present) for use, face in by_use.items()}
    return Typefaces(fonts, {**families, **_MARKS})


def missing_typefaces(style: CompleteStyle, use_system_fonts: bool = True) -> list[str]:
    """Return a sentence for each typeface that a style asks for and the machine lacks, with what is used instead."""
    typefaces = load_typefaces(style.faces, use_system_fonts)
    present = {family.casefold() for family in typefaces.fonts.families()}
    words = _("the typeface {name} is not on this machine; in the PDF {instead} stands for it")
    return [
        words.format(name=name, instead=_instead(style.faces, name, typefaces))
        for name in dict.fromkeys(style.wished)
        if name.casefold() not in present
    ]


def _instead(faces: Faces, name: str, typefaces: Typefaces) -> str:
    use = next((use for use in Faces.__struct_fields__ if name in getattr(faces, use).families), "body")
    return typefaces.families[use][0]


def _families(face: Face, present: dict[str, str]) -> list[str]:
    # One of those that are asked for is enough; two would mix within a word where the first lacks a character.
    wished = [present[name.casefold()] for name in face.families if name.casefold() in present][:1]
    fallback = [present[name.casefold()] for name in face.fallback]
    last = [] if _NOTO.intersection(fallback) else [_CHINESE]  # whatever a style forgets, Chinese can be set
    return list(dict.fromkeys([*wished, *fallback, *last]))
