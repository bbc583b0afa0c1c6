"""Where a parameter file belongs below a folder of parameter files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reportkit.errors import Origin, ReaderError, UserError
from reportkit.messages.words import issue
from reportkit.model.names import MAX_NAME, unfit
from reportkit.project.listings import listed
from reportkit.translation import _


class Places:
    """The parameter files below a folder, <folder>/<year>/<county>/<jurisdiction>.yaml, as they are at first sight."""

    def __init__(self, folder: Path, county: str = "") -> None:
        """Raise UserError for a county that is no path of folders."""
        if wrong := unfit_part(county):
            words = _('--county {county!r}: "{part}" {reason}; give a folder such as 宁海县 or 浙江省/宁海县')
            raise UserError(words.format(county=county, part=wrong[0], reason=wrong[1]))
        self._folder, self._county = folder, county
        self._of_year = cache(self._find)

    def target(self, year: int, jurisdiction: str, source: Origin) -> Path:
        """Return the parameter file of a jurisdiction and year: the one that is there, or where a new one belongs.

        A new one goes into the county's folder; without a county where last year's file lies, else into the year's.
        Raises ReaderError for a name that no file can have (I4), and if several files have it (I6).
        """
        if reason := unfit(jurisdiction):
            raise ReaderError([issue("I4", source, None, _visible(jurisdiction), reason=reason)])
        folder = self._folder / str(year)
        there = self._one(year, jurisdiction, source)
        if there:
            return folder / there
        last = None if self._county else self._one(year - 1, jurisdiction, source)
        return folder / (last.parent if last else self._county) / f"{jurisdiction}.yaml"

    def _one(self, year: int, jurisdiction: str, source: Origin) -> Path | None:
        """The file of that name, in the county if one is given."""
        found = [path for path in self._of_year(year).get(jurisdiction, []) if path.is_relative_to(self._county)]
        if len(found) > 1:
            files = [f"{year}/{path.as_posix()}" for path in found]
            raise ReaderError([issue("I6", source, unit=jurisdiction, count=len(found), files=files)])
        return found[0] if found else None

    def _find(self, year: int) -> dict[str, list[Path]]:
        """The parameter files of a year by their name, hidden ones left out."""
        found: dict[str, list[Path]] = {}
        folder = self._folder / str(year)
        for path in listed(folder, self._folder).files:
            found.setdefault(path.stem, []).append(Path(path))
        return found


def unfit_part(county: str) -> tuple[str, str] | None:
    """Return the part of a county's path that can be no folder, and why, to be told after it; None if all can be."""
    parts = ((part, unfit(part)) for part in (county.split("/") if county else []))
    return next(((part, reason) for part, reason in parts if reason), None)


def _visible(name: str) -> str:
    shown = "".join(sign if sign.isprintable() else "�" for sign in name)
    return shown if len(shown) <= MAX_NAME else f"{shown[:MAX_NAME]}…"
