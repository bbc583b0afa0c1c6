"""The master's cells as one town's: where the town has words of its own, its cells hold these.

So what stands in a cell is what is printed, for every town, and whoever edits the cell edits the words.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

OWN = "--own"
"""What `%%narrative SECTION` is followed by where the cell's body is a town's own text, and so is data."""

_NARRATIVE = re.compile(r"\s*%%narrative[ \t]+(\S+)[ \t]*(\S*)[ \t]*(?:\n|\Z)")
_HEADING = re.compile(r"""report\.heading\((["'])(\w+)\1\)""")

_PROMPTS = (">>>", "...", "In [", "[nav]", "[ins]")


def drafted(cells: Iterable[Any], words: Mapping[str, str]) -> list[Any]:
    """Return notebook cells (JSON) with a town's words in them; `words` are its texts by the sections' keys.

    The words of a section go into its cell `%%narrative SECTION`, else into a cell that shows its heading alone; the
    cells of its parts, which would show nothing, are left out. A section without such a cell is left as it is: its
    words come from the parameters when the notebook runs.
    """
    cells = list(cells)
    homes = _homes(cells)
    held = {key: homes[key] for key in words if key in homes}
    out = []
    for place, cell in enumerate(cells):
        key, part = _named(cell)
        if key in held and held[key] == place:
            out.append({**cell, "source": f"%%narrative {key} {OWN}\n{_safe(words[key].rstrip())}"})
        elif key not in held or not part or part == OWN:
            out.append(cell)
    return out


def _safe(text: str) -> str:
    """The text with an empty line before it where IPython would take its first line for a prompt, and cut that off."""
    return f"\n{text}" if text.startswith(_PROMPTS) else text


def own_words(cells: Iterable[Any]) -> dict[str, tuple[str, str]]:
    """Return the words in cells that hold a town's own, by section: the text and the id of its cell."""
    found: dict[str, tuple[str, str]] = {}
    for cell in cells:
        key, part = _named(cell)
        if part == OWN:
            found.setdefault(key, (cell["source"].lstrip().partition("\n")[2], cell["id"]))
    return found


def kept_back(cells: Iterable[Any], sections: Container[str]) -> Iterator[tuple[Any, str, str]]:
    """Yield the narrative cells with words that are not printed, as the town's own stand in their place.

    Each comes with its section and part; `sections` are those for which the town has words of its own.
    """
    for cell, key, part, text in templates(cells):
        if key in sections and text.strip():
            yield cell, key, part


def templates(cells: Iterable[Any]) -> Iterator[tuple[Any, str, str, str]]:
    """Yield the narrative cells whose text is filled in, each with its section, its part and that text."""
    for cell in cells:
        match = _NARRATIVE.match(cell["source"]) if cell["cell_type"] == "code" else None
        if match and match[2] != OWN:
            yield cell, match[1], match[2], cell["source"][match.end() :]


def narrated(source: str) -> tuple[str, str]:
    """Return the section and the part whose words a code cell's source is, "" for what it does not name."""
    match = _NARRATIVE.match(source)
    return (match[1], match[2]) if match else ("", "")


def shown_in(sources: Iterable[str]) -> set[str]:
    """Return the sections that the sources of code cells show, as far as they name them."""
    sources = list(sources)
    headings = {found[1] for source in sources for found in _HEADING.findall(source)}
    return {narrated(source)[0] for source in sources} - {""} | headings


def is_narrative(source: str) -> bool:
    """Return whether a code cell's source is words of a section."""
    return _NARRATIVE.match(source) is not None


def is_own(source: str) -> bool:
    """Return whether a code cell's source is words of the town's own, which are data."""
    match = _NARRATIVE.match(source)
    return match is not None and match[2] == OWN


def comparable(source: str) -> str:
    """Return a narrative cell's source without the white space that makes no difference to it."""
    head, _, body = source.lstrip().partition("\n")
    return f"{' '.join(head.split())}\n{body.strip()}"


def _homes(cells: list[Any]) -> dict[str, int]:
    """The cells that can hold a section's words: by their place, the section's narrative before its heading."""
    homes: dict[str, int] = {}
    found = [(_is_heading(cell), place, *_named(cell)) for place, cell in enumerate(cells)]
    for _, place, key, part in sorted(found):
        if key and not part:
            homes.setdefault(key, place)
    return homes


def _is_heading(cell: Any) -> bool:
    return _HEADING.fullmatch(cell["source"].strip()) is not None


def _named(cell: Any) -> tuple[str, str]:
    """The section and the part (or --own) that a narrative cell names, or the section whose heading it shows."""
    if cell["cell_type"] != "code":
        return "", ""
    if match := _NARRATIVE.match(cell["source"]):
        return match[1], match[2]
    heading = _HEADING.fullmatch(cell["source"].strip())
    return (heading[2], "") if heading else ("", "")
