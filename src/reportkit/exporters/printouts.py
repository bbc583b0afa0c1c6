"""Text that a cell printed or that stands for a value: as a terminal shows it, and whether it is only Python's."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile(r"(?<!\r)\r+\n")
_STEPS = re.compile("[\r\b]|\x1b\\[[012]?K|[^\r\b\x1b]+|\x1b(?:\\[[0-?]*[ -/]*[@-~])?")
_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*+(?P<one>'?)|"(?:[^"\\]|\\.)*+(?P<two>"?)""", re.S)
"""To its end, or to the end of the text: a search for the end of each sign would take the square of the time."""
_OBJECT = re.compile(r"<[A-Za-z_][^<>\n]* object\b|<[A-Za-z_].*>\Z", re.S)
_CALL = re.compile(r"[A-Za-z_][\w.]*\(.*[)…]", re.S)
"""Also one that has been cut, as those of widgets are."""
_INNER = re.compile(r"<[A-Za-z_][^<>]*>|(?<![\w.])[A-Za-z_][\w.]*\(")
_ADDRESS = re.compile(r"<[^<>]* at 0x[0-9A-Fa-f]+>")
_BAR = re.compile(r"\b\d+%\||\[(?:\d+:)?\d\d:\d\d, [^\[\]]*\]\Z")
"""In a bar of tqdm: `0%|     | 0/20 [00:00<?, ?it/s]`, or `0it [00:00, ?it/s]` where the number is not known."""
# A number of numpy's stands for itself; its name is Python's.
_NUMPY = re.compile(r"\bnp\.(?:u?int\d+|float\d+|bool_?|str_)\((-?[\w.+-]+|'[^']*')\)")
# The first is matplotlib's warning of a figure's text, the second what its formulas log. Both say the number of the
# character; should they say it in other words one day, the tests of the engine fail.
_NO_GLYPH = re.compile(r"\bGlyph (\d+)\b[^\n]*?missing from|\[U\+([0-9A-Fa-f]+)\], substituting")


def terminal(text: str) -> str:
    """Return text as it is seen after carriage returns and backspaces: of a progress bar its last state."""
    if "\r" not in text and "\b" not in text:
        return text
    return "\n".join(map(_seen, _LINE_ENDS.sub("\n", text).split("\n")))


def _seen(line: str) -> str:
    if "\r" not in line and "\b" not in line:
        return line
    shown: list[str] = []
    place = 0
    for step in _STEPS.findall(line):
        if step == "\r":
            place = 0
        elif step == "\b":
            place = max(place - 1, 0)
        elif step.endswith("K") and step.startswith("\x1b["):
            del shown[0 if step == "\x1b[2K" else place :]
        elif not step.startswith("\x1b"):
            shown.extend(" " * (place - len(shown)))
            shown[place : place + len(step)] = step
            place += len(step)
    return "".join(shown).rstrip()


def value_text(text: str) -> str:
    """Return the text of a value, numpy's numbers as numbers."""
    return _NUMPY.sub(r"\1", text) if "np." in text else text


def is_python(text: str) -> bool:
    """Return whether the text of a value says only how Python calls it: `<map object at 0x0>`, `Text(0, 0, '')`."""
    text = text.strip()
    if _ADDRESS.search(text) or _OBJECT.match(text) or _CALL.fullmatch(text):
        return True
    return text[:1] in "[({" and bool(_INNER.search(_QUOTED.sub(_unquoted, text)))


def is_progress(text: str) -> bool:
    """Return whether a text is a bar of tqdm, as far as it had come when it was shown."""
    return bool(_BAR.search(text.strip()))


def _unquoted(found: re.Match[str]) -> str:
    return "" if found["one"] or found["two"] else found[0]


def address_in(text: str) -> str:
    """Return what Python printed for an object without words of its own, an address in memory."""
    found = _ADDRESS.search(text)
    return found[0] if found else ""


def glyphs_missing(text: str) -> list[str]:
    """Return the characters of figures that no typeface has, from what matplotlib wrote to standard error."""
    if "Glyph" not in text and "U+" not in text:
        return []
    found = (int(match[1]) if match[1] else int(match[2], 16) for match in _NO_GLYPH.finditer(text))
    return [chr(number) for number in dict.fromkeys(found) if number < 0x110000]
