"""The style of a report: the one that somebody has named, or the one that its language suggests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from reportkit.page_styles.complete_style import CompleteStyle
from reportkit.page_styles.loading import NONE, Overlays, load_style

Styles = Mapping[str, CompleteStyle]
"""The styles that a report may have by the language of its text; "" stands for all that have none of their own."""

_CHINESE = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_WORD = re.compile("[A-Za-z\u00c0-\u024f]{2,}")


def styles_of(name: str, folder: Path = Path(), over: Overlays = NONE) -> Styles:
    """Return the style of this name or file for any text; without a name, what the text's language suggests.

    Raises UserError as `load_style` does.
    """
    if name:
        return {"": load_style(name, folder, over)}
    return {"": load_style("a4", over=over), "zh": load_style("gbt-9704", over=over)}


def chosen(styles: Styles, text: str) -> CompleteStyle:
    """Return the style for a text."""
    return styles[""] if len(styles) == 1 else styles.get(language_of(text), styles[""])


def language_of(text: str) -> str:
    """Return "zh" for a text with as many Chinese characters as words of Latin letters, else ""."""
    return "zh" if len(_CHINESE.findall(text)) >= len(_WORD.findall(text)) else ""
