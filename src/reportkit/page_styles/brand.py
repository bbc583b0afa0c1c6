"""A brand over a style: what a _brand.yml says of colours, logo and typography, as far as a page has a place for it.

See https://posit-dev.github.io/brand-yml. What the specification has beyond that is passed over; what it does not have
is told, and passed over, too.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from reportkit.files.ownership import require_own
from reportkit.files.yaml_files import load
from reportkit.page_styles.attachments import pictures_of
from reportkit.page_styles.brand_values import family_of, ink_of, is_bold, leading_of, logo_of, points_of
from reportkit.page_styles.complete_style import CompleteStyle
from reportkit.page_styles.limits import LEAST_CONTRAST, fit
from reportkit.page_styles.measures import Ink
from reportkit.page_styles.style import Style
from reportkit.page_styles.type_area import page_of
from reportkit.shapes import WrongShapeError, shaped
from reportkit.translation import _

BRAND = "_brand.yml"
"""The file that is read from a project's root."""

# What the specification has; of the parts with a mapping here we know what is in them.
_KNOWN: Mapping[str, Any] = {
    "meta": None,
    "defaults": None,
    "logo": {"images": None, "small": None, "medium": None, "large": None},
    "color": dict.fromkeys(
        ("palette", "foreground", "background", "primary", "secondary", "tertiary", "success", "info", "warning",
         "danger", "light", "dark")
    ),
    "typography": {
        "fonts": None,
        "base": dict.fromkeys(("family", "size", "weight", "line-height", "color")),
        "headings": dict.fromkeys(("family", "weight", "style", "line-height", "color")),
        "monospace": dict.fromkeys(("family", "size", "weight", "color", "background-color")),
        "monospace-inline": None,
        "monospace-block": None,
        "link": None,
    },
}  # fmt: skip
_PARTS = {"colours": "color", "text": "typography", "faces": "typography"}
"""Where a brand says what a style has in its parts."""

_TYPE = ("base", "headings", "monospace")
_LOGOS = {"cover": ("large", "medium", "small"), "letterhead": ("small", "medium", "large")}


def branded(style: CompleteStyle, path: Path, shown: str) -> CompleteStyle:
    """Return a style with a brand over it; `shown` is what a person calls the brand's file.

    Raises FormError, with file and line, for a value that cannot be used, and UserError for another user's file.
    """
    require_own(path)
    return load(Path(shown), dict[str, Any], lambda entries: _over(style, entries, path, shown), _as_mapping)


def _as_mapping(entries: Any) -> Any:
    return {} if entries is None else entries


def _over(style: CompleteStyle, entries: dict[str, Any], path: Path, shown: str) -> CompleteStyle:
    brand = _Brand(style, entries)
    try:
        changed = fit(shaped(_merged(style.values, brand.changes), Style))
        pictures = {**dict(style.pictures), **pictures_of(changed, path.parent, brand.logos)}
    except WrongShapeError as error:  # in the words of the style, at the place of the brand
        part = _PARTS.get(str(error.steps[0]) if error.steps else "", "logo")
        raise WrongShapeError((part,), "", f"{part}: {error}") from None
    told = (_("{path}: {reason}").format(path=shown, reason=note) for note in brand.notes)
    return replace(
        style,
        **{name: getattr(changed, name) for name in brand.changes},
        pictures=tuple(pictures.items()),
        notes=(*style.notes, *told),
        wished=(*style.wished, *brand.families),
    )


def _merged(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, **{key: {**values[key], **change} for key, change in changes.items()}}


class _Brand:
    """What a brand changes in a style (`changes`), its typefaces, whose logos it has, and what was left out."""

    def __init__(self, style: CompleteStyle, entries: dict[str, Any]) -> None:
        self._style, self._entries = style, _spelled_out(entries)
        self.changes: dict[str, dict[str, Any]] = {}
        self.families: list[str] = []
        self.logos: list[str] = []
        self.notes = list(_unknown(entries, _KNOWN, ()))
        self._palette = self._part("color", "palette")
        self._read_colours()
        self._read_logos()
        self._read_type()

    def _part(self, *steps: str) -> dict[str, Any]:
        found: Any = self._entries
        for number, step in enumerate(steps, 1):
            found = found.get(step)
            if found is None:
                return {}
            if not isinstance(found, dict):
                raise WrongShapeError(steps[:number], ".".join(steps[:number]), _("is a mapping with names"))
        return dict(found)

    def _ink(self, *steps: str) -> str | None:
        """The colour at a place, which may be the name of another; None without one."""
        found = self._part(*steps[:-1]).get(steps[-1])
        return None if found is None else ink_of(found, self._palette, self._part("color"), steps)

    def _read_colours(self) -> None:
        stated = {
            "text": self._ink("typography", "base", "color") or self._ink("color", "foreground"),
            "paper": self._ink("color", "background"),
        }
        changes = {name: value for name, value in stated.items() if value}
        accent = self._ink("typography", "headings", "color") or self._ink("color", "primary")
        paper = changes.get("paper", self._style.colours.paper)
        if accent and Ink(accent).contrast(paper) >= LEAST_CONTRAST["accent"]:
            changes["accent"] = accent
        elif accent:
            words = _("{colour} is too pale for headings on {paper}; they have the colour of the text")
            self.notes.append(words.format(colour=accent, paper=paper))
        if changes:
            self.changes["colours"] = changes

    def _read_logos(self) -> None:
        entry = self._part("logo")
        for part, sizes in _LOGOS.items():
            own = getattr(self._style, part)
            size = next((size for size in sizes if entry.get(size)), None)
            if own and not own.logo and size:
                self.changes[part] = {"logo": logo_of(entry[size], entry.get("images"), ("logo", size))}
                self.logos.append(part)

    def _read_type(self) -> None:
        base, headings, code = (self._part("typography", name) for name in _TYPE)
        faces: dict[str, Any] = {}
        family = family_of(base.get("family"), ("typography", "base"))
        for use in ("body", "emphasis", "number"):
            faces |= self._face(use, family)
        if (bold := is_bold(base.get("weight"), ("typography", "base", "weight"))) is not None and family:
            faces["body"]["weight"] = bold
        other = family_of(headings.get("family"), ("typography", "headings")) or family
        for use in ("title", "heading"):
            faces |= self._face(use, other, is_bold(headings.get("weight"), ("typography", "headings", "weight")))
        faces |= self._face("code", family_of(code.get("family"), ("typography", "monospace")))
        if faces:
            self.changes["faces"] = faces
        self.families += dict.fromkeys(filter(None, (family, other, faces.get("code", {}).get("families", [""])[0])))
        self._read_measures(base)

    def _face(self, use: str, family: str | None, weight: str | None = None) -> dict[str, Any]:
        before = self._style.values["faces"][use]
        if not family and not weight:
            return {}
        face = dict(before)
        if family:
            seen = before["screen"] or [*before["families"], *before["fallback"]]
            face |= {"families": [family, *before["families"]], "screen": [family, *(x for x in seen if x != family)]}
        return {use: face | ({"weight": weight} if weight else {})}

    def _read_measures(self, base: dict[str, Any]) -> None:
        text, page = self._style.text, page_of(self._style)
        if text.letters is not None:
            if "size" in base or "line-height" in base:
                words = _(
                    "typography.base: size and line-height are not used, as the style {style} sets its text on a grid"
                )
                self.notes.append(words.format(style=self._style.origin))
            return
        size = points_of(base["size"], ("typography", "base", "size")) if "size" in base else page.size
        leading = page.pitch / page.size
        if "line-height" in base:
            leading = leading_of(base["line-height"], size, ("typography", "base", "line-height"))
        if "size" in base or "line-height" in base:
            if not 6 <= size <= 30:
                raise WrongShapeError(
                    ("typography", "base", "size"),
                    "typography.base.size",
                    _("is {size:g}pt; a text is set from 6pt to 30pt").format(size=size),
                )
            lines = min(max(round(page.height / (size * leading)), 10), 100)
            self.changes["text"] = {"size": f"{size:.4g}pt", "lines": lines}


def _spelled_out(entries: dict[str, Any]) -> dict[str, Any]:
    """A brand's entries with mappings where a text alone is enough: a logo's path, a typeface's name."""
    found = dict(entries)
    if isinstance(found.get("logo"), str):
        found["logo"] = {"medium": found["logo"]}
    if isinstance(type_ := found.get("typography"), dict):
        whole = {name: {"family": one} for name, one in type_.items() if name in _TYPE and isinstance(one, str)}
        found["typography"] = {**type_, **whole}
    return found


def _unknown(entries: Mapping[str, Any], known: Mapping[str, Any], steps: tuple[str, ...]) -> Iterator[str]:
    for key, value in entries.items():
        if key not in known:
            close = difflib.get_close_matches(str(key)[:60], known, n=1)
            words = _("no brand has {key}, which is left out")
            if close:
                words = _("no brand has {key}, which is left out; did you mean {close}?")
            yield words.format(key=".".join([*steps, str(key)[:60]]), close=close and close[0])
        elif isinstance(value, dict) and known[key]:
            yield from _unknown(value, known[key], (*steps, key))
