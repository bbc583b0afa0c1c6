"""Names of jurisdictions: each has to be the name of a file, too, on every system."""

from __future__ import annotations

from typing import NamedTuple

from reportkit.signs import hidden, sign_name, turns
from reportkit.translation import Saying

PARAMETERS = ("edition", "year", "jurisdiction", "agency", "figures", "narrative", "waivers", "compare")
"""The top-level keys of every parameter file: the parameters of every report's notebook."""

MAX_NAME = 60
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
_CONTROLS = frozenset(map(chr, [*range(9), *range(11, 32), *range(127, 160)]))
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}


class Misfit(NamedTuple):
    """Why a name is none for a file: it is "blank", has a "sign" that no name has or a bad "edge", or is a "device".

    `sign` is the sign, where it is one.
    """

    why: str
    sign: str = ""


def misfit(name: str) -> Misfit | None:
    """Return why a name is none for a file that every system can hold, None if it is one, however long."""
    if not name.strip():
        return Misfit("blank")
    if not name.isprintable() or not _NOT_IN_NAMES.isdisjoint(name):
        return Misfit("sign", next(sign for sign in name if sign in _NOT_IN_NAMES or not sign.isprintable()))
    if name.startswith((".", "~", " ")) or name.endswith((".", " ")):
        return Misfit("edge")
    return Misfit("device") if name.split(".")[0].strip().upper() in _DEVICES else None


def unfit(name: str) -> str:
    """Return why a name is none for a file that every system can hold, to be told after it; "" if it is one."""
    found = misfit(name)
    if found is None:
        return Saying("has more than {most} signs", most=MAX_NAME) if len(name) > MAX_NAME else ""
    if found.why == "blank":
        return Saying("is empty")
    if found.why == "sign" and found.sign.isprintable():
        return Saying('has "{sign}" in it', sign=found.sign)
    if found.why == "sign":
        return Saying("has a sign in it that nobody sees ({code})", code=f"U+{ord(found.sign):04X}")
    if found.why == "edge":
        return Saying("may not begin with a dot, a tilde or a space, nor end with a dot or a space")
    return Saying("is a name that the system keeps for itself")


def unseen(path: str) -> tuple[list[str], bool]:
    """Return the names of the signs of a path that nobody sees, and whether one could forge a line or a word."""
    signs = [one.sign for one in hidden(path)] + [sign for sign in "\n\t" if sign in path]
    return list(map(sign_name, dict.fromkeys(signs))), any(sign in _CONTROLS or turns(sign) for sign in signs)
