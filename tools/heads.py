"""The heads of the packaged forms, cut into words ahead: a report of these does without the dictionary.

uv run python tools/heads.py           after a form was added or changed, or the dictionary has another version
"""

from __future__ import annotations

from collections.abc import Iterator

from reportkit.exporters.heads import AHEAD, BORDER, SHORTEST, cut
from reportkit.kinds import load_kind, shipped_names


def heads() -> Iterator[str]:
    """Yield the heads of all packaged forms that may be cut."""
    for form in [form for name in shipped_names() for form in load_kind(name).forms.values()]:
        for table in form.tables.values():
            for block in table.grid:
                for row in block:
                    yield from (cell.label for cell in row if len(cell.label) >= SHORTEST and not cell.label.isascii())


def content() -> str:
    """Return what the file of the package is to hold."""
    return "".join(f"{BORDER.join(cut(head))}\n" for head in sorted(set(heads())))


if __name__ == "__main__":
    AHEAD.write_text(content(), encoding="utf-8")
