"""Runs: the pieces of a line of text, each a string or a mark `{"kind": strong | em | link | br | …, "body": runs}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Block = dict[str, Any]
Run = str | dict[str, Any]

PICTURES = frozenset({"image", "figure"})
"""The kinds of a picture: one that stands by itself, and one among words."""

PARTS = frozenset({"cover", "letterhead", "signature"})
"""The kinds of what a style says of a report: by part its blocks, a picture, or a list of these."""

# Where a line may end, though no character there says so.
GAP: Run = {"kind": "gap"}

_SPACE = re.compile(r"[ \t\r\n\f]+")
# An unbroken word longer than this may not fit a line; beyond it, lines may end after every few characters.
_LONG_WORD = re.compile(r"[!-~]{25,}")
# Fixed-width text may be folded anywhere.
_PRINTED_WORD, _FOLDED = re.compile(r"(\S{16})(?=\S)"), "\\1\u200b"
_UNTIDY = re.compile(f"{_SPACE.pattern}|{_LONG_WORD.pattern}")


def is_untidy(text: str) -> bool:
    """Whether `tidy` may make anything else of a text."""
    return _UNTIDY.search(text) is not None


def tidy(runs: list[Run]) -> list[Run]:
    """Return runs with white space as a browser shows it, and long words made breakable."""
    if len(runs) == 1 and isinstance(runs[0], str) and not is_untidy(runs[0]):
        return runs if runs[0] else []
    flat, _ = _collapse(runs, True, frozenset())
    _strip_end(flat)
    return flat


def _collapse(runs: list[Run], after_space: bool, marks: frozenset[str]) -> tuple[list[Run], bool]:
    """Return runs with white space as one space; a mark within one of its kind is nothing new."""
    out: list[Run] = []
    for run in joined(runs):
        if isinstance(run, str):
            text = _SPACE.sub(" ", run)
            text = text[1:] if after_space and text.startswith(" ") else text
            if text:
                after_space = text.endswith(" ")
                out += _breakable(text)
        elif "body" in run:
            body, after_space = _collapse(run["body"], after_space, marks | {run["kind"]})
            if body:
                out += body if run["kind"] in marks else [{**run, "body": body}]
        else:
            after_space = run["kind"] == "br"
            out.append(run)
    return out, after_space


def joined(runs: list[Run]) -> list[Run]:
    """Return runs with neighbouring strings made one: a word may come in several."""
    out: list[Run] = []
    for run in runs:
        if isinstance(run, str) and out and isinstance(out[-1], str):
            out[-1] += run
        else:
            out.append(run)
    return out


def _breakable(text: str) -> list[Run]:
    """Split text at words that no line may hold: `{"kind": "gap"}` marks where a line may end."""
    out: list[Run] = []
    position = 0
    for word in _LONG_WORD.finditer(text):
        out.append(text[position : word.start()])
        for at in range(word.start(), word.end(), 8):
            out += [text[at : min(at + 8, word.end())], GAP]
        out.pop()
        position = word.end()
    return [run for run in [*out, text[position:]] if run]


def _strip_end(runs: list[Run]) -> None:
    while runs:
        last = runs[-1]
        if isinstance(last, dict):
            if last["kind"] in {"br", "gap"}:
                runs.pop()
                continue
            if "body" in last:
                _strip_end(last["body"])
            return
        if last.rstrip(" "):
            runs[-1] = last.rstrip(" ")
            return
        runs.pop()


def marks_in(runs: list[Run]) -> Iterator[Block]:
    """Yield every run that is more than a string, and those within it."""
    for run in runs:
        if not isinstance(run, str):
            yield run
            yield from marks_in(run.get("body", []))


def text_of(value: Block | Run | list[Any]) -> str:
    """Return the bare text of blocks or runs, one line for each that a page would set, U+200B where one may end."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(map(text_of, value))
    if value["kind"] == "gap":
        return "\u200b"
    if value["kind"] in {"br", "table"}:
        cells = (cell["text"] for part in value.get("parts", []) for row in part["rows"] for cell in row)
        return "\n" + "\n".join(cells)
    if value["kind"] == "pre":
        return f"\n{_PRINTED_WORD.sub(_FOLDED, value['text'])}\n"
    if value["kind"] in PARTS:
        return text_of([*value["parts"].values()])
    text = text_of([value.get(key, "") for key in ("body", "items")])
    return f"\n{text}\n" if value["kind"] in {"paragraph", "heading", "list"} else text
