"""The typefaces of an official document: the prescribed ones where a machine has them, Noto from PyPI elsewhere."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from reportkit.errors import ExportError
from reportkit.translation import _

# In order of preference, by the names GB/T 9704 offices buy them under and those Windows and macOS ship.
_FACES = {
    "title": ["FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05", "方正小标宋_GBK"],
    "body": ["FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "华文仿宋"],
    "kai": ["KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "华文楷体", "Kaiti SC"],
    "hei": ["SimHei", "黑体", "STHeiti", "华文黑体", "Heiti SC"],
    "number": ["SimSun", "宋体", "STSong", "华文宋体", "Songti SC"],
    "code": ["DejaVu Sans Mono"],
}
_FALLBACK = {"hei": "Noto Sans SC", "code": "Noto Sans SC"}
_SERIF = "Noto Serif SC"


class Typefaces(NamedTuple):
    """The loaded font files, and for each use (title, body, kai, hei, number, code) the families to try in order."""

    fonts: Any
    families: dict[str, list[str]]


@lru_cache(maxsize=2)
def load_typefaces(use_system_fonts: bool = True) -> Typefaces:
    """Return the typefaces of this machine; the search happens once in a process, and a fork inherits its result."""
    import pylopdf_fonts_zh_cn as noto
    import typst

    folders = sorted({str(path.parent) for path in (noto.serif_path(), noto.sans_path())})
    fonts = typst.Fonts(include_system_fonts=use_system_fonts, font_paths=folders)
    present = {family.casefold(): family for family in fonts.families()}
    if not {_SERIF, *_FALLBACK.values()} <= set(present.values()):
        # Typst would only warn, and set the report in whatever it finds.
        raise ExportError(
            _("the Noto typefaces that are installed with this are missing; install pylopdf-fonts-zh-cn again.")
        )
    families = {}
    for use, names in _FACES.items():
        official = [present[name.casefold()] for name in names if name.casefold() in present]
        # One official face is enough; two would mix within a word where the first lacks a character.
        families[use] = [*official[:1], _FALLBACK.get(use, _SERIF)]
    return Typefaces(fonts, families)
