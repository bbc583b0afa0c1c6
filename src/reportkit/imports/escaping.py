"""Plain text -> Markdown that prints just that text: what a town has typed is no markup."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"[`*_\[\]<>&|~]")
"""The signs that a backslash makes plain in a town's own text, wherever they stand. A backslash is none of them."""

_START = re.compile(r"\\*[#+=-]|\d{1,9}(?=[.)](?:\s|$)|\\+[.)])")
"""Where a backslash does so at the start of a line: before a heading, a list or a rule, and behind a number."""


def markdown_text(text: str) -> str:
    r"""Return the Markdown of a text in which every line is a paragraph, and prints as it stands.

    White space around a line is layout and goes, as do blank lines.

    >>> markdown_text("1. 培训*2*次\n  # 其他")
    '1\\. 培训\\*2\\*次\n\n\\# 其他'
    """
    return "\n\n".join(filter(None, map(markdown_line, text.splitlines())))


def markdown_line(line: str) -> str:
    """Return the Markdown of one line, without the white space around it: no sign in it means anything but itself."""
    escaped = _SIGNS.sub(r"\\\g<0>", line.strip())
    start = _START.match(escaped)
    if not start:
        return escaped
    at = start.end() if start[0].isdigit() else 0
    return f"{escaped[:at]}\\{escaped[at:]}"
