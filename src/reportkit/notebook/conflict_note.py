"""The note that shows a conflict side by side, in the notebook itself."""

from __future__ import annotations

from reportkit.notebook.cells import NOTE, Cell, is_note, note_mark
from reportkit.notebook.markers import LABELS, Labels
from reportkit.notebook.merge import Conflict
from reportkit.worddiff import html, markup, word_diff

__all__ = ["is_note", "note_of"]

_GONE = "（这一方已删去这个单元格）"
_CELL = "text-align:left;vertical-align:top;width:50%;border:1px solid #767676;padding:6px"


def note_of(conflict: Conflict, labels: Labels = LABELS) -> Cell:
    """Return the note to put right before the cell in conflict: what happened, what to do, and both texts."""
    source = f"{_words(conflict, labels)}\n\n{_table(conflict, labels)}"
    metadata = {"tags": ["remove-cell", NOTE], "reportkit": {"note": note_mark(source)}}
    return Cell(f"conflict-{conflict.cell}"[:64], "markdown", source, metadata)


def _words(conflict: Conflict, labels: Labels) -> str:
    ours, theirs = markup(labels.ours), markup(labels.theirs)
    happened = "双方都改过"
    if conflict.theirs is None:
        happened = "本单位改过，母版已删去"
    elif conflict.ours is None:
        happened = "本单位已删去，母版改过"
    return (
        f"**有冲突：下一个单元格（{markup(conflict.cell)}）{happened}，请选定用哪一方的文字。在此之前，报告不发布。**\n\n"
        f"- 请修改下一个单元格：留下要印的文字，删去以 `<<<<<<<`、`=======`、`>>>>>>>` 开头的行，然后保存；\n"
        f"- 或者运行 `reportkit resolve TOWN --ours`（用{ours}）、`reportkit resolve TOWN --theirs`（用{theirs}），"
        "把 TOWN 换成本单位名称。\n\n"
        "本说明自动生成，选定后自动消失，不会印出来。"
    )


def _table(conflict: Conflict, labels: Labels) -> str:
    ours, theirs = html(word_diff(conflict.ours or "", conflict.theirs or ""))
    if conflict.ours is None:
        ours = _GONE
    if conflict.theirs is None:
        theirs = _GONE
    heads, texts = (
        "".join(f'<{tag} style="{_CELL}">{text}</{tag}>' for text in pair)
        for tag, pair in (("th", (markup(labels.ours), markup(labels.theirs))), ("td", (ours, theirs)))
    )
    return f'<table style="width:100%"><thead><tr>{heads}</tr></thead><tbody><tr>{texts}</tr></tbody></table>'
