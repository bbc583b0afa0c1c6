"""The values of a _brand.yml as those of a style: colours by name, sizes as CSS has them, families, logos."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reportkit.page_styles.measures import Family
from reportkit.shapes import Steps, WrongShapeError, shown
from reportkit.translation import _

_SIZE = re.compile(r"(\d{1,4}(?:\.\d{1,6})?) ?(pt|px|em|rem|%|mm|cm|in)", re.A)
_POINTS = {"pt": 1.0, "px": 0.75, "em": 12.0, "rem": 12.0, "%": 0.12, "mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0}
"""What a unit is in points; a letter of a browser has 16 px."""

_WEIGHTS = {
    "thin": 100, "extra-light": 200, "ultra-light": 200, "light": 300, "normal": 400, "regular": 400, "medium": 500,
    "semi-bold": 600, "demi-bold": 600, "bold": 700, "extra-bold": 800, "ultra-bold": 800, "black": 900,
}  # fmt: skip
_BOLD = 600
_NAMED = {"black": "#000000", "white": "#ffffff"}
_DEEPEST = 10


def ink_of(value: Any, palette: Mapping[str, Any], colours: Mapping[str, Any], steps: Steps) -> str:
    """Return a colour as #rrggbb: one that is written so or shorter, or what its name stands for.

    Raises WrongShapeError for any other.
    """
    found: Any = value
    for _step in range(_DEEPEST):
        text = str(found).strip()
        if match := re.fullmatch("#([0-9a-fA-F]{3})", text):
            return "#" + "".join(2 * digit for digit in match[1].lower())
        if match := re.fullmatch("(#[0-9a-fA-F]{6})([fF]{2})?", text):
            return match[1].lower()
        known = palette.get(text, colours.get(text) if text != "palette" else None)
        if known is None or known == found:
            break
        found = known
    if text in _NAMED:
        return _NAMED[text]
    words = _("is {found}, which is no colour such as #336699, and no name of color.palette; write it so")
    raise WrongShapeError(steps, ".".join(map(str, steps)), words.format(found=shown(value)))


def family_of(value: Any, steps: Steps) -> str | None:
    """Return the name of a typeface, None without one. Raises WrongShapeError for what no typeface is called."""
    if value is None:
        return None
    if not isinstance(value, str) or Family.fault(value):
        words = _("is {found}, which no typeface is called").format(found=shown(value))
        raise WrongShapeError((*steps, "family"), ".".join([*map(str, steps), "family"]), words)
    return value


def points_of(value: Any, steps: Steps) -> float:
    """Return a size in points. Raises WrongShapeError for what is none."""
    match = _SIZE.fullmatch(str(value).strip())
    if match is None:
        words = _("is {found}; a size is a number with pt, px, rem or %").format(found=shown(value))
        raise WrongShapeError(steps, ".".join(map(str, steps)), words)
    return float(match[1]) * _POINTS[match[2]]


def leading_of(value: Any, size: float, steps: Steps) -> float:
    """Return a line's height as a multiple of the type size. Raises WrongShapeError for one that is none, or absurd."""
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if number is None:
        text = str(value).strip()
        if re.fullmatch(r"\d{1,2}(\.\d{1,6})?", text, re.A):
            number = float(text)
        elif text.endswith(("em", "%")) and (match := _SIZE.fullmatch(text)):
            number = float(match[1]) / (100 if match[2] == "%" else 1)
        else:
            number = points_of(value, steps) / size
    if not 1 <= number <= 3:
        words = _("is {found}; a line is 1 to 3 times as high as its type").format(found=shown(value))
        raise WrongShapeError(steps, ".".join(map(str, steps)), words)
    return number


def is_bold(value: Any, steps: Steps) -> str | None:
    """Return "bold" or "regular" for a weight, None without one. Raises WrongShapeError for what is none."""
    if value is None:
        return None
    if isinstance(value, list) and value:  # those that are to be loaded; the first is the usual one
        value = value[0]
    number = value if type(value) is int else _WEIGHTS.get(str(value))
    if number is None or not 1 <= number <= 1000:
        words = _("is {found}; a weight is one such as 400, normal, 700 or bold").format(found=shown(value))
        raise WrongShapeError(steps, ".".join(map(str, steps)), words)
    return "bold" if number >= _BOLD else "regular"


def logo_of(value: Any, images: Any, steps: Steps) -> dict[str, str]:
    """Return a logo as a style has it: a path, the name of one of the images, or a mapping with a path; of a pair for
    light and dark paper that for light.

    Raises WrongShapeError for what is none of these.
    """
    if isinstance(value, dict) and "light" in value:
        value = value["light"]
    if isinstance(value, str) and isinstance(images, dict) and value in images:
        value = images[value]
    entry = value if isinstance(value, dict) else {"path": value}
    if not isinstance(entry.get("path"), str) or not isinstance(entry.get("alt", ""), str):
        words = _("is {found}; a logo is a path in quotes, or a mapping with path and alt").format(found=shown(value))
        raise WrongShapeError(steps, ".".join(map(str, steps)), words)
    return {"file": entry["path"], "alt": entry.get("alt", "")}
