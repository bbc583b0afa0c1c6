"""Names of jurisdictions: each has to be the name of a file, too, on every system."""

from __future__ import annotations

from reportkit.signs import hidden, sign_name, turns

MAX_NAME = 60
_NOT_IN_NAMES = '/\\:*?"<>|'
_CONTROLS = frozenset(map(chr, [*range(9), *range(11, 32), *range(127, 160)]))
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}


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


def unseen(path: str) -> tuple[str, bool]:
    """Return the names of the signs of a path that nobody sees, and whether one could forge a line or a word."""
    signs = [one.sign for one in hidden(path)] + [sign for sign in "\n\t" if sign in path]
    return "、".join(map(sign_name, dict.fromkeys(signs))), any(sign in _CONTROLS or turns(sign) for sign in signs)
