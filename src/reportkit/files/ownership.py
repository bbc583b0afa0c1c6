"""Whose a project is: its notebooks, modules and settings run with the rights of whoever calls the command.

As with git and its safe.directory, a project is trusted if its folder belongs to the person, or if the person has said
that it is safe. Windows keeps owners in another way, which is not asked: there all folders are the person's own.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from reportkit.errors import UserError, reason_of
from reportkit.files.locations import is_remote, read_local, real
from reportkit.translation import Saying, _

SAFE = "REPORTKIT_SAFE"
"""The environment variable with folders that are safe."""

_ROOT = 0


def require_own_root(folder: Path) -> None:
    """Raise UserError if a project's folder belongs to another user and is not listed as safe."""
    if not _is_owned(folder, _users()) and not _is_listed([real(folder)]):
        words = _(
            "{path} {whose}. {advice}; or begin a project of your own: a folder with an empty reportkit.toml is one"
        )
        raise UserError(words.format(path=folder, whose=_whose(folder), advice=_advice(folder)))


def require_own(path: Path) -> None:
    """Raise UserError if a file that brings code or settings belongs to another user and lies in no safe folder.

    The system's own user may have put it there. Of a link both it and what it leads to count. A file that is not there,
    or is in a store, is nobody's.
    """
    if why := distrusted(path):
        raise UserError(Saying("{path} {why}", path=path, why=why))


def distrusted(path: Path) -> str:
    """Return what `require_own` has against a file or folder, to be told after its name; "" if nothing."""
    return "" if is_trusted(path) else Saying("{whose}. {advice}", whose=_whose(path), advice=_advice(path.parent))


def is_trusted(path: Path) -> bool:
    """Return whether `require_own` has nothing against a file or folder."""
    if is_remote(path) or _is_owned(path, _users() | {_ROOT}):
        return True
    return _is_listed(real(path).parents) or _is_listed(path.absolute().parents)


def is_own_link(link: Path) -> bool:
    """Return whether the person, the system's own user, or anybody in a safe folder has made a link."""
    if not hasattr(os, "geteuid") or owner(link, follow=False) in _users() | {_ROOT}:
        return True
    return _is_listed(link.absolute().parents)


def is_safe(folder: Path) -> bool:
    """Return whether the person has listed a folder as safe."""
    return _is_listed([real(folder)])


def _is_owned(path: Path, users: Set[int]) -> bool:
    """Whether a path, and what it leads to, belongs to one of these users."""
    if not hasattr(os, "geteuid"):
        return True
    try:
        return owner(path, follow=False) in users and (not os.path.islink(path) or owner(path) in users)  # noqa: PTH114
    except (OSError, ValueError):
        return True  # whoever opens it is told why that cannot be done


def _users() -> Set[int]:
    """The person, and under sudo the one who called it, too."""
    if not hasattr(os, "geteuid"):
        return frozenset()
    user, caller = os.geteuid(), os.environ.get("SUDO_UID", "")
    return {user, int(caller)} if user == _ROOT and caller.isascii() and caller.isdigit() else {user}


def _is_listed(folders: Iterable[Path]) -> bool:
    """Whether one of the folders is listed as safe: by its path, by `*`, or by `FOLDER/*` for all that lies below."""
    entries = list(_entries())
    if "*" in entries:
        return True
    exact = {os.path.realpath(entry) for entry in entries if not entry.endswith("/*")}
    above = {os.path.realpath(entry.removesuffix("/*")) for entry in entries if entry.endswith("/*")}
    return any(str(folder) in exact or not above.isdisjoint(map(str, folder.parents)) for folder in folders)


def _entries() -> Iterator[str]:
    """The folders that the person has listed: in the environment, and in a file of the person's own, one a line."""
    listed = [(SAFE, entry) for entry in os.environ.get(SAFE, "").split(os.pathsep)]
    file = safe_file()
    if file and _is_owned(file, _users() | {_ROOT}):
        listed += [(str(file), line) for line in _lines(file) if not line.lstrip().startswith("#")]
    for where, entry in listed:
        folder = os.path.expanduser(entry.strip())  # noqa: PTH111  (which raises where there is no home)
        if folder and folder != "*" and not os.path.isabs(folder):  # noqa: PTH117
            words = _("{where}: a safe folder is a whole path such as /srv/county, found {found!r}")
            raise UserError(words.format(where=where, found=entry.strip()))
        if folder:
            yield folder


def _lines(file: Path) -> list[str]:
    try:
        return os.fsdecode(read_local(file)).splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UserError(_("{path}: cannot be read ({reason})").format(path=file, reason=reason_of(error))) from None


def safe_file() -> Path | None:
    """Return the file with the folders that the person has listed as safe, None for a person without a home."""
    name = "APPDATA" if sys.platform == "win32" else "XDG_CONFIG_HOME"
    if os.path.isabs(base := os.environ.get(name, "")):  # noqa: PTH117
        return Path(base, "reportkit", "safe")
    with contextlib.suppress(RuntimeError):
        return Path.home() / ".config" / "reportkit" / "safe"
    return None


def owner(path: Path, *, follow: bool = True) -> int:
    """Return the number of the user that a file, a folder or a link belongs to. Raises OSError."""
    return os.stat(path, follow_symlinks=follow).st_uid  # noqa: PTH116  (for each report of thousands)


def _whose(path: Path) -> Saying:
    owners = (owner(path, follow=False), owner(path))
    stranger = next((user for user in owners if user not in _users()), owners[0])
    other, you = _name(stranger), _name(os.geteuid())
    return Saying("belongs to {other}, not to you ({you}): what is in it would run as you", other=other, you=you)


def _name(user: int) -> Saying:
    import pwd  # which Windows has not

    try:
        return Saying("{name}, user {number}", name=pwd.getpwuid(user).pw_name, number=user)
    except KeyError:
        return Saying("user {number}", number=user)


def _advice(folder: Path) -> Saying:
    """What to do for somebody who trusts a folder."""
    file = safe_file()
    if not file:
        return Saying("If you trust {folder}, add it to {variable}", folder=folder, variable=SAFE)
    return Saying(
        "If you trust {folder}, add it as a line to {file}, or to {variable}", folder=folder, file=file, variable=SAFE
    )
