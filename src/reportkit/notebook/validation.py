"""A notebook file read with care: what comes back has the shape of a notebook, and all else is refused by place.

Everything that takes a notebook from a file takes it from here, so that what a copy, a mailed notebook or an output
holds can stop nothing but what is made of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reportkit.errors import UserError
from reportkit.files.conflict_markers import conflict_markers
from reportkit.translation import N_, Saying, _

MAX_BYTES = 50_000_000
"""A report's notebook with all its pictures has some hundreds of kB."""

MAX_CELLS = 2_000
"""The master has some thirty; merging takes more than linear time."""

MAX_SOURCE = 1_000_000
"""So many signs all cells may have together; the master has some 2,000."""

_MAX_DEPTH = 64
_KINDS = ("code", "markdown", "raw")
_CURE = N_("bring it back as version control or an earlier version has it, or mend it in JupyterLab and save it")


class NotebookError(UserError):
    """A file is no notebook that can be used: the path, why, and what to do."""

    def __init__(self, path: Path, reason: str, cure: str = "") -> None:
        super().__init__(path, reason, cure)
        self.path, self.reason, self.cure = path, reason, cure or Saying(_CURE)

    def __str__(self) -> str:
        words = _("{path}: {reason}; {cure}")
        return words.format(path=self.path, reason=self.reason, cure=self.cure)


class _FoundError(ValueError):
    """What the decoder has come upon that JSON allows and a notebook does not."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def load_notebook(path: Path, content: bytes) -> dict[str, Any]:
    """Return the JSON of a notebook file that holds `content`; `path` is what messages call it.

    It is a notebook of format 4: `cells` are mappings of a known type, each with `source` (a text, or a list of
    texts), `metadata` (a mapping), and an `id` that is a text or missing. Raises NotebookError for any other file.
    """
    if wrong := _size(content):
        raise NotebookError(path, wrong)
    try:
        text = content.decode(json.detect_encoding(content), "surrogatepass")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotebookError(path, Saying("is no notebook: line {line} is not text in UTF-8", line=line)) from None
    try:
        nb = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise NotebookError(path, Saying("is no notebook: {why}", why=_unreadable(error, text))) from None
    if wrong := next(_wrong(nb), ""):
        raise NotebookError(path, Saying("is no notebook of format 4: {why}", why=wrong))
    nb.setdefault("metadata", {})
    for cell in nb["cells"]:
        cell.setdefault("metadata", {})
    return nb  # type: ignore[no-any-return]


def cells_wrong(cells: Any) -> str:
    """Return what keeps a JSON value that is not too deep from being a notebook's cells, "" if nothing does."""
    return next(_wrong_cells(cells), "")


def source_of(cell: Mapping[str, Any]) -> str:
    """Return what a cell says: a list of lines or one text, whose lines editors on Windows end with CR."""
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def given_id(cell: Mapping[str, Any]) -> str:
    """Return the id that a cell was given, "" for none; Colab and Deepnote write format 4.0 and keep it elsewhere."""
    metadata = cell.get("metadata") or {}
    found = (cell.get("id"), metadata.get("id"), metadata.get("cell_id"))
    return next((name for name in found if name and isinstance(name, str)), "")


def unique_ids(given: Mapping[int, str]) -> dict[int, str]:
    """Return an id for each cell's number: the one given to it, else `cell-NUMBER`.

    The first that has an id keeps it; the second of two that share one gets `-2`.
    """
    names: dict[int, str] = {}
    taken = {name for name in given.values() if name}
    used: set[str] = set()
    counts: dict[str, int] = {}  # where each name has got to, as thousands of cells may share one
    for number in sorted(given, key=lambda number: not given[number]):
        first = given[number] or f"cell-{number}"
        name = first
        while name in used or (name in taken and name != first):
            counts[first] = counts.get(first, 1) + 1
            name = f"{first[:56]}-{counts[first]}"
        used.add(name)
        names[number] = name
    return names


def _size(content: bytes) -> str:
    if not content.strip():
        return Saying("is no notebook: the file is empty")
    if len(content) > MAX_BYTES:
        return Saying(
            "has {size} MB, and no notebook has more than {most} MB", size=len(content) >> 20, most=MAX_BYTES >> 20
        )
    return ""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping, once it is known that no key stands in it twice: of two texts of a cell one would vanish."""
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _FoundError(Saying('"{key}" stands there twice', key=_shown(key)))
    return found


def _number(text: str) -> float:
    number = float(text)
    return number if number - number == 0 else _no_number(text)


def _no_number(text: str) -> float:
    raise _FoundError(Saying("{found} is no number of JSON", found=_shown(text)))


def _unreadable(error: Exception, text: str) -> str:
    """Why a text is no JSON that can be read."""
    if isinstance(error, RecursionError):
        return Saying("it is nested too deeply")
    if isinstance(error, _FoundError):
        return error.why
    if not isinstance(error, json.JSONDecodeError):
        return Saying("a number in it is impossibly long")  # the only other thing that the decoder refuses
    if left := conflict_markers(text):
        return left.message
    whole = text.strip()
    if whole.startswith("{") and not whole.endswith("}"):
        return Saying("the file is cut off in line {line}", line=text.rstrip().count("\n") + 1)
    return Saying("it cannot be read on from line {line}, column {column}", line=error.lineno, column=error.colno)


def _wrong(nb: Any) -> Iterator[str]:
    """Yield what keeps a JSON value from being a notebook of format 4."""
    if not isinstance(nb, dict):
        yield Saying("the outermost is names with values")
        return
    if _is_too_deep(nb):  # first, as what is too deep cannot even be shown
        yield Saying("it is nested too deeply")
    if nb.get("nbformat", 4) != 4:
        yield Saying("nbformat is {found}", found=_shown(nb["nbformat"]))
    if not _is_small_number(nb.get("nbformat_minor", 0)):
        yield Saying("nbformat_minor is a small whole number, found {found}", found=_shown(nb["nbformat_minor"]))
    yield from _wrong_metadata(nb)
    yield from _wrong_cells(nb.get("cells"))


def _wrong_cells(cells: Any) -> Iterator[str]:
    if not isinstance(cells, list):
        yield Saying("cells is a list of cells")
        return
    if len(cells) > MAX_CELLS:
        yield Saying("there are {number} cells, {most} at most", number=len(cells), most=MAX_CELLS)
    for number, cell in enumerate(cells, 1):
        for wrong in _wrong_cell(cell):
            yield Saying("in cell {number} {wrong}", number=number, wrong=wrong)
    if sum(len(source_of(cell)) for cell in cells) > MAX_SOURCE:
        yield Saying("there is too much text in the cells, {most} signs at most", most=MAX_SOURCE)


def _wrong_metadata(nb: Mapping[str, Any]) -> Iterator[str]:
    metadata = nb.get("metadata", {})
    if not isinstance(metadata, dict):
        yield Saying("metadata is names with values")
        return
    for key in ("kernelspec", "language_info"):
        about = metadata.get(key) or {}
        if not isinstance(about, dict) or not all(
            isinstance(about.get(name, ""), str) for name in ("name", "language")
        ):
            yield Saying("{key} in metadata has a wrong shape", key=key)


def _wrong_cell(cell: Any) -> Iterator[str]:
    if not isinstance(cell, dict):
        yield Saying("there are no names with values")
        return
    kind, metadata = cell.get("cell_type"), cell.get("metadata", {})
    if kind not in _KINDS:
        yield Saying("cell_type is {found}, none of {kinds}", found=_shown(kind), kinds=list(_KINDS))
    if not _is_text(cell.get("source")):
        yield Saying("source is text, found {found}", found=_shown(cell.get("source")))
    if not isinstance(cell.get("id", ""), str):
        yield Saying("id is text, found {found}", found=_shown(cell["id"]))
    if not isinstance(metadata, dict):
        yield Saying("metadata is names with values, found {found}", found=_shown(metadata))
    elif not _is_list_of(_is_str, metadata.get("tags", [])):
        yield Saying("tags is a list of texts, found {found}", found=_shown(metadata["tags"]))
    files = cell.get("attachments") or {}
    if not _is_mapping_of(lambda bundle: _is_mapping_of(_is_text, bundle), files):
        yield Saying("attachments has a wrong shape")


def _is_str(value: Any) -> bool:
    return isinstance(value, str)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or _is_list_of(_is_str, value)


def _is_list_of(good: Callable[[Any], bool], value: Any) -> bool:
    return isinstance(value, list) and all(map(good, value))


def _is_mapping_of(good: Callable[[Any], bool], value: Any) -> bool:
    return isinstance(value, dict) and all(map(good, value.values()))


def _is_small_number(value: Any) -> bool:
    return type(value) is int and 0 <= value < 100


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _level in range(_MAX_DEPTH):
        level = [
            child
            for each in level
            for child in (each.values() if isinstance(each, dict) else each)
            if isinstance(child, (dict, list))
        ]
        if not level:
            return False
    return True


def _shown(value: Any) -> str:
    """A value as messages show it, in short."""
    if isinstance(value, str):
        text = value if value.isprintable() else ascii(value)
    else:
        if isinstance(value, int) and not -(10**9) < value < 10**9:
            return Saying("a very large number")
        text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
