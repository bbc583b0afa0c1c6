"""Where a parameter file belongs below a folder of parameter files, and how it gets there: whole, or not at all."""

from __future__ import annotations

import itertools
import os
import shutil
from functools import cache
from pathlib import Path

from reportkit.errors import Issue, Origin, ReaderError, UserError
from reportkit.readers.params import is_parameter_file

MAX_NAME = 60
_NOT_IN_NAMES = '/\\:*?"<>|'
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}

_numbers = itertools.count(1)


def unfit(name: str) -> str:
    """Return why a name is none for a file that every system can hold, "" if it is one."""
    wrong = next((sign for sign in name if sign in _NOT_IN_NAMES or not sign.isprintable()), "")
    if not name.strip():
        return "是空的"
    if wrong:
        return f"里有“{wrong}”" if wrong.isprintable() else f"里有看不见的字符（U+{ord(wrong):04X}）"
    if name.startswith((".", "~", " ")) or name.endswith((".", " ")):
        return "不能以点、波浪号或空格开头，也不能以点或空格结尾"
    if name.split(".")[0].strip().upper() in _DEVICES:
        return "是系统保留的名称"
    return f"超过 {MAX_NAME} 字" if len(name) > MAX_NAME else ""


class Places:
    """The parameter files below a folder, <folder>/<year>/<county>/<jurisdiction>.yaml, as they are at first sight."""

    def __init__(self, folder: Path, county: str = "") -> None:
        """Raise UserError for a county that is no path of folders."""
        parts = county.split("/") if county else []
        for part in parts:
            if reason := unfit(part):
                raise UserError(f"--county {county!r}: “{part}”{reason}; give a folder such as 宁海县 or 浙江省/宁海县")
        self._folder, self._county = folder, county
        self._of_year = cache(self._find)

    def target(self, year: int, jurisdiction: str, source: Origin) -> Path:
        """Return the parameter file of a jurisdiction and year: the one that is there, or where a new one belongs.

        A new one goes into the county's folder; without a county where last year's file lies, else into the year's.
        Raises ReaderError for a name that no file can have (I4), and if several files have it (I6).
        """
        if reason := unfit(jurisdiction):
            message = f"名称“{_visible(jurisdiction)}”{reason}，不能做文件名；请用 --jurisdiction 给出单位名称"
            raise ReaderError([Issue("I4", "error", message, source, None, _visible(jurisdiction))])
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
            several = "、".join(f"{year}/{path.as_posix()}" for path in found)
            message = f"叫“{jurisdiction}”的参数文件有 {len(found)} 个：{several}；请用 --county 指明是哪一个"
            raise ReaderError([Issue("I6", "error", message, source)])
        return found[0] if found else None

    def _find(self, year: int) -> dict[str, list[Path]]:
        """The parameter files of a year by their name, hidden ones left out."""
        found: dict[str, list[Path]] = {}
        folder = self._folder / str(year)
        for path in sorted(filter(is_parameter_file, (path.relative_to(folder) for path in folder.rglob("*")))):
            found.setdefault(path.stem, []).append(path)
        return found


def _visible(name: str) -> str:
    shown = "".join(sign if sign.isprintable() else "�" for sign in name)
    return shown if len(shown) <= MAX_NAME else f"{shown[:MAX_NAME]}…"


def put(path: Path, content: bytes, new: bool) -> None:
    """Write a file as `write_whole` does, and the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content, new)


def write_whole(path: Path, content: bytes, new: bool) -> None:
    """Write a file beside its place and move it there when it is whole and on the disk.

    Raises OSError, and then nothing has changed; FileExistsError if a new one would take the place of another.
    """
    part = path.parent / f".reportkit-{os.getpid()}-{next(_numbers)}.part"
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if new:
            _move_into_free_place(part, path)
        else:
            shutil.copymode(path, part)
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _move_into_free_place(part: Path, path: Path) -> None:
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: a look at the place has to do
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        part.replace(path)
