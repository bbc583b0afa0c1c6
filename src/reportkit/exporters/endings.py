"""How a report ends: its last page never holds a heading and a line or two alone, but some lines before them, too."""

from __future__ import annotations

from reportkit.exporters.runs import PICTURES, Block, marks_in, text_of

# So many lines the last page has at least, if there are as many before it that can go along.
_LEAST = 4
# A block of so few lines goes along whole; of a longer paragraph go the last lines, of a longer table nothing.
_SHORT = 5


def keep_end(blocks: list[Block], pitch: float) -> None:
    """Mark the last blocks that stay with what follows: as `sticky`, or as `end` with the lines that follow.

    `pitch` is the height of a line, in points. A last paragraph that is short is marked as `whole`: it is not split.
    """
    after = 0.0
    for block in reversed(blocks):
        if after >= _LEAST or not _is_text(block):
            break
        lines = max(block["lines"], text_of(block).strip("\n").count("\n") + 1)
        if block["kind"] == "paragraph":
            if lines > _SHORT:
                block["end"] = after
            else:
                block["sticky" if after else "whole"] = True
        after += lines
    else:
        return
    if 0 < after < _LEAST and block["kind"] == "table" and block["spacings"][0]["height"] < 2 * _SHORT * pitch:
        block["sticky"] = True


def _is_text(block: Block) -> bool:
    if block["kind"] == "heading":
        return bool(block["level"] > 1)
    if block["kind"] == "signature":
        return True
    return block["kind"] == "paragraph" and all(run["kind"] not in PICTURES for run in marks_in(block["body"]))
