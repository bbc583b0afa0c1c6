"""Runs: the pieces of a line of text, each a string or a mark `{"kind": strong | em | link | br | …, "body": runs}`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Block = dict[str, Any]
Run = str | dict[str, Any]

_SPACE = re.compile(r"[ \t\r\n\f]+")
# An unbroken word longer than this may not fit a line; beyond it, lines may end after every few characters.
_LONG_WORD = re.compile(r"[!-~]{25,}")
_UNTIDY = re.compile(f"{_SPACE.pattern}|{_LONG_WORD.pattern}")


def tidy(runs: list[Run]) -> list[Run]:
    """Return runs with white space as a browser shows it, and long words made breakable."""
    if len(runs) == 1 and isinstance(runs[0], str) and not _UNTIDY.search(runs[0]):
        return runs if runs[0] else []  # nearly every cell of a table
    flat, _ = _collapse(runs, True)
    _strip_end(flat)
    return flat


def break_words(value: Any, room: float, measure: Callable[[str], float]) -> Any:
    """Return blocks or runs in which a word wider than `room` may be broken after any character."""
    if isinstance(value, str):
        return [run for word in re.split(r"(\s+)", value) for run in _pieces(word, measure(word) > room)]
    if isinstance(value, list):
        # Runs make one list; the items of a list stay lists of their own.
        broken = [(item, break_words(item, room, measure)) for item in value]
        return [part for item, new in broken for part in (new if isinstance(item, str) else [new])]
    inner = {key: break_words(value[key], room, measure) for key in ("body", "items") if key in value}
    return {**value, **inner}


def _pieces(word: str, breakable: bool) -> list[Run]:
    if not breakable:
        return [word] if word else []
    return [run for char in word for run in (char, {"kind": "gap"})][:-1]


def _collapse(runs: list[Run], after_space: bool) -> tuple[list[Run], bool]:
    out: list[Run] = []
    for run in runs:
        if isinstance(run, str):
            text = _SPACE.sub(" ", run)
            text = text[1:] if after_space and text.startswith(" ") else text
            if text:
                after_space = text.endswith(" ")
                out += _breakable(text)
        elif "body" in run:
            body, after_space = _collapse(run["body"], after_space)
            if body:
                out.append({**run, "body": body})
        else:
            after_space = run["kind"] == "br"
            out.append(run)
    return out, after_space


def _breakable(text: str) -> list[Run]:
    """Split text at words that no line may hold: `{"kind": "gap"}` marks where a line may end."""
    out: list[Run] = []
    position = 0
    for word in _LONG_WORD.finditer(text):
        out.append(text[position : word.start()])
        for at in range(word.start(), word.end(), 8):
            out += [text[at : min(at + 8, word.end())], {"kind": "gap"}]
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


def text_of(value: Block | Run | list[Any]) -> str:
    """Return the bare text of blocks or runs, one line for each that a page would set."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(map(text_of, value))
    if value["kind"] in {"br", "table"}:
        cells = (cell["text"] for part in value.get("parts", []) for row in part["rows"] for cell in row)
        return "\n" + "\n".join(cells)
    text = text_of([value.get(key, "") for key in ("text", "body", "items")])
    return f"\n{text}\n" if value["kind"] in {"paragraph", "heading", "list", "pre"} else text
