"""The files that a style brings besides its own: read whole, the person's own, and what they should be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from reportkit.errors import reason_of
from reportkit.files.locations import FileTooLargeError, below, read_local, real
from reportkit.files.ownership import require_own
from reportkit.page_styles.style import Style
from reportkit.shapes import Steps, WrongShapeError
from reportkit.translation import _

LARGEST = 1_000_000
"""A logo or a file of a template has some kB: all reports have it in them."""

_MAGIC = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"RIFF")
_DRAWING = re.compile(rb"<svg[\s>]", re.I)
_BEGINNING = 4096


LOGOS = ("cover", "letterhead")
"""The parts of a style that can have a logo."""


def pictures_of(style: Style, folder: Path, parts: Iterable[str] = LOGOS) -> dict[str, bytes]:
    """Return the logos of these parts of a style by part; the paths that it names them with go out from a folder.

    Raises WrongShapeError for one that is not there, too large or no picture.
    """
    named = {part: getattr(style, part) for part in parts}
    logos = {part: one.logo for part, one in named.items() if one and one.logo}
    return {part: _picture(folder / logo.file, logo.file, (part, "logo", "file")) for part, logo in logos.items()}


def _picture(path: Path, name: str, steps: Steps) -> bytes:
    try:
        content = read_attachment(path, name)
    except ValueError as error:
        raise WrongShapeError(steps, ": ".join(map(str, steps)), _("is {found}").format(found=error)) from None
    if not content.startswith(_MAGIC) and not _DRAWING.search(content[:_BEGINNING]):
        words = _("is {name}, which is no picture; save it as PNG, JPEG, GIF, WebP or SVG").format(name=name)
        raise WrongShapeError(steps, ": ".join(map(str, steps)), words)
    return content


def read_attachment(path: Path, name: str) -> bytes:
    """Return the bytes of a file that a style or template calls so.

    Raises ValueError with the end of the sentence that tells what is wrong, UserError for another user's file.
    """
    if "://" in name:
        raise ValueError(_("{name}, which is elsewhere; put a copy beside the style's file").format(name=name))
    require_own(path)
    try:
        return read_local(path, LARGEST)
    except FileTooLargeError as error:
        words = _("{name}, which has {size:.1f} MB; all reports have it in them: make it smaller than {most} MB")
        raise ValueError(words.format(name=name, size=error.size / 1e6, most=LARGEST // 1_000_000)) from None
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        words = _("{name}, which cannot be read ({reason}); paths go out from {folder}")
        raise ValueError(words.format(name=name, reason=reason, folder=path.parent)) from None


def inside(name: str) -> bool:
    """Return whether a path leads to a file of its own folder, or of one below it."""
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name


def is_below(path: Path, folder: Path) -> bool:
    """Return whether a file lies in a folder, or below it, wherever links lead."""
    return below(real(path), real(folder)) is not None
