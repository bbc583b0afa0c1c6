"""What is to be read or heard on a part of a page."""

from __future__ import annotations

from typing import Any

_TEXTS = """(root) => {
    const texts = [], seen = (text) => text && texts.push(text);
    for (const part of document.querySelectorAll(root)) {
        const walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) if (walk.currentNode.parentElement.checkVisibility?.() ?? true) seen(walk.currentNode.data);
        for (const one of part.querySelectorAll("*"))
            for (const name of ["title", "aria-label", "placeholder", "data-hint"]) seen(one.getAttribute(name));
    }
    return texts.join(" ");
}"""


def texts(page: Any, root: str) -> str:
    """All texts in the elements that a selector finds: those in sight, and the names and hints of fields."""
    return str(page.evaluate(_TEXTS, root))
