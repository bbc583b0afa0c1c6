"""Names of jurisdictions: each has to be the name of a file, too, on every system."""

from __future__ import annotations

from typing import NamedTuple

from reportkit.signs import hidden, sign_name, turns

MAX_NAME = 60
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
_CONTROLS = frozenset(map(chr, [*range(9), *range(11, 32), *range(127, 160)]))
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}
_UNFIT = {
    "": "",
    "blank": "是空的",
    "sign": "里有“{sign}”",
    "edge": "不能以点、波浪号或空格开头，也不能以点或空格结尾",
    "device": "是系统保留的名称",
    "long": f"超过 {MAX_NAME} 字",
}


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
    """Return why a name is none for a file that every system can hold, "" if it is one."""
    found = misfit(name) or Misfit("long" if len(name) > MAX_NAME else "")
    if found.why == "sign" and not found.sign.isprintable():
        return f"里有看不见的字符（U+{ord(found.sign):04X}）"
    return _UNFIT[found.why].format(sign=found.sign)


def unseen(path: str) -> tuple[str, bool]:
    """Return the names of the signs of a path that nobody sees, and whether one could forge a line or a word."""
    signs = [one.sign for one in hidden(path)] + [sign for sign in "\n\t" if sign in path]
    return "、".join(map(sign_name, dict.fromkeys(signs))), any(sign in _CONTROLS or turns(sign) for sign in signs)
