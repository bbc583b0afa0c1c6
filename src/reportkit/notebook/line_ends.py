r"""How the lines end (`\n` or `\r\n`), and how many empty ones close them: merged apart from the rest."""

from __future__ import annotations

from typing import NamedTuple


class Bare(NamedTuple):
    """Base, ours and theirs without empty lines at their ends, and how a text made of them is to end."""

    texts: tuple[str, str, str]
    ending: str
    closing: str

    def with_ends(self, text: str) -> str:
        """Return a text made of these with the line ends and the empty lines that it has after the merge."""
        text += self.closing
        return text.replace("\n", self.ending) if self.ending else text


def without_ends(base: str, ours: str, theirs: str) -> Bare:
    """Return three texts as they are merged: where none of them mixes two ways, with line feeds alone between lines.

    Where both sides have changed how a text ends, ours counts.
    """
    ending = _ending(base, ours, theirs)
    texts = [text.replace("\r\n", "\n") if ending else text for text in (base, ours, theirs)]
    closings = [_closing(text) for text in texts]
    before, left, right = (text.removesuffix(end) for text, end in zip(texts, closings, strict=True))
    return Bare((before, left, right), ending, _three_way(*closings))


def _closing(text: str) -> str:
    at = len(text)
    while text[at - 1 : at] == "\n":
        at -= 2 if text[at - 2 : at] == "\r\n" else 1
    return text[at:]


def _ending(base: str, ours: str, theirs: str) -> str:
    """Return how the merged lines end, or "" if one of the texts mixes two ways; then each line keeps its own."""
    before, left, right = map(_way, (base, ours, theirs))
    if "" in (before, left, right):
        return ""
    left, right = left or right or before or "\n", right or left or before or "\n"
    return _three_way(before or left, left, right)


def _way(text: str) -> str | None:
    feeds, pairs = text.count("\n"), text.count("\r\n")
    return None if not feeds else "\r\n" if pairs == feeds else "" if pairs else "\n"


def _three_way(base: str, ours: str, theirs: str) -> str:
    return theirs if ours == base else ours
