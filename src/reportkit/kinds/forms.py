"""Forms from YAML: one file, one form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

import yaml

from reportkit.errors import CellRef, FormError, system_words
from reportkit.files.conflict_markers import conflict_markers
from reportkit.files.locations import FileTooLargeError, read_local
from reportkit.model.form import Block, Form, Header, Rule, Section, Table, Term
from reportkit.signs import hidden, sign_name

_MAX_BYTES = 2_000_000
_DEEPEST, _LARGEST = 100, 200_000
"""A form is smaller than this by far: the official ones have some thousand entries, ten deep."""

_KEYS = {
    "form": ({"edition", "years", "title", "sections"}, {"document", "kind", "tables", "rules", "words"}),
    "section": ({"key", "heading"}, {"table", "parts"}),
    "table": ({"key", "blocks"}, {"caption"}),
    "block": ({"columns", "rows"}, {"title", "corner"}),
    "header": ({"label"}, {"key", "children", "kind", "unit"}),
    "rule": (
        {"code", "label", "table", "per", "left", "right"},
        {"source", "severity", "total", "only", "jurisdictions"},
    ),
}
"""For each kind of entry the keys it must have and the keys it may have."""

_LISTS = ("years", "sections", "tables", "rules", "blocks", "columns", "rows", "children", "left", "right", "only")
_MAPPINGS = ("words", "parts")
_ANY = ("edition",)


def load_form(path: Path, kind: str = "") -> Form:
    """Return the form that a YAML file describes; `kind` is the one it belongs to where it names none itself.

    Raises FormError, which names the file and the entry, for anything that is not a form.
    """
    content = content_of(path)
    if found := conflict_markers(content.decode(errors="replace")):
        raise FormError(f"{path}:{found.line}: {found.message}")
    try:
        entry = _bounded(yaml.load(content, Loader=yaml.CSafeLoader))
        _check_signs(entry)
        return _form(entry, kind)
    except FormError as error:
        raise FormError(f"{path}: {error}") from None
    except yaml.reader.ReaderError:
        raise FormError(f"{path}: not in UTF-8, or with signs that no text has; save it as UTF-8") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        last = content.rstrip().count(b"\n")  # where a bracket is missing, the parser stops after the end
        line = f":{min(mark.line, last) + 1}" if mark else ""
        cure = "check the indent, the quotes and the brackets there and in the line before"
        raise FormError(f"{path}{line}: not readable as YAML; {cure}") from error
    except (TypeError, ValueError, AttributeError, KeyError, IndexError) as error:
        raise FormError(f"{path}: not in the shape of a form: {error}; compare with ogi-2021.yaml") from error


def _bounded(entry: Any) -> Any:
    """The entry. Raises FormError if, with all that its aliases stand for, it is deeper or larger than a form."""
    count, level = 0, [entry]
    for _ in range(_DEEPEST):
        level = list(islice(chain.from_iterable(map(_within, level)), _LARGEST))
        count += len(level)
        if not level:
            return entry
        if count >= _LARGEST:
            raise FormError(f"more than {_LARGEST:,} entries, with those that its aliases (*name) repeat")
    raise FormError(f"entries more than {_DEEPEST} deep; is a header (&name) its own child (*name)?")


def _within(entry: Any) -> Iterable[Any]:
    return entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else ()


def content_of(path: Path) -> bytes:
    """Return the bytes of a form's file. Raises FormError if it is none, or cannot be read."""
    try:
        return read_local(path, _MAX_BYTES)
    except FileTooLargeError as error:
        raise FormError(f"{path}: has {error.size / 1e6:.1f} MB; a form has some kB: look what it is") from None
    except OSError as error:
        raise FormError(f"{path}: cannot be read ({system_words(error)}); check what it is, and its rights") from None


def _check_signs(entry: Any) -> None:
    """Raise FormError for a sign that nobody sees: labels are matched by what they say, and printed."""
    stack = [entry]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            stack += value
        elif isinstance(value, str) and (found := next(hidden(value), None)):
            raise FormError(f"{value!r} has a sign that nobody sees, {sign_name(found.sign)}; take it out")


def _checked(kind: str, entry: Any, place: str) -> dict[str, Any]:
    """The entry as a mapping, once its keys are known to be right."""
    required, optional = _KEYS[kind]
    if not isinstance(entry, dict):
        raise FormError(f"{place}: a {kind} is a mapping with {sorted(required)}, found {entry!r}")
    for key in entry:
        if wanted := _wrong_type(key, entry[key]):
            raise FormError(f"{place}: {key} is {wanted}, found {entry[key]!r:.60}")
    missing, unknown = required - entry.keys(), entry.keys() - required - optional
    if missing or unknown:
        raise FormError(
            f"{place}: a {kind} has {sorted(required | optional)};"
            f" missing {sorted(missing)}, unknown {sorted(map(str, unknown))}"
        )
    return entry


def _wrong_type(key: Any, value: Any) -> str:
    """What the value of a key should be and is not, "" if it is."""
    if key in _LISTS:
        return "" if isinstance(value, list) else "a list"
    if key in _MAPPINGS:
        texts = isinstance(value, dict) and all(isinstance(word, str) for pair in value.items() for word in pair)
        return "" if texts else "a mapping of texts"
    return "" if key in _ANY or isinstance(value, str) or (key == "table" and value is None) else "a text in quotes"


def _form(entry: Any, kind: str) -> Form:
    entry = _checked("form", entry, "form")
    tables = {table.key: table for table in map(_table, entry.get("tables", ()))}
    first, last = entry["years"]
    if type(first) is not int or not (last is None or type(last) is int):
        raise FormError(f"years are two numbers, the last one can be null, found {entry['years']!r:.60}")
    return Form(
        edition=str(entry["edition"]),
        document=entry.get("document", ""),
        years=(first, last),
        title=entry["title"],
        sections=tuple(_section(section, tables) for section in entry["sections"]),
        rules=tuple(rule for item in entry.get("rules", ()) for rule in _rules(item, tables)),
        words=dict(entry.get("words", {})),
        kind=entry.get("kind", kind),
    )


def _section(entry: Any, tables: Mapping[str, Table]) -> Section:
    entry = _checked("section", entry, f"section {entry}")
    name = entry.get("table")
    if name is not None and name not in tables:
        raise FormError(f"section {entry['key']}: no table {name!r}; the tables are {list(tables)}")
    table = tables.get(name)
    section = Section(entry["key"], entry["heading"], table, entry.get("parts", {}))
    if table and not table.caption:
        # A table is called what its section is called, unless the form says otherwise.
        return replace(section, table=replace(table, caption=section.label))
    return section


def _table(entry: Any) -> Table:
    entry = _checked("table", entry, f"table {entry.get('key') if isinstance(entry, dict) else entry}")
    place = f"table {entry['key']}"
    return Table(entry["key"], entry.get("caption", ""), tuple(_block(block, place) for block in entry["blocks"]))


def _block(entry: Any, place: str) -> Block:
    entry = _checked("block", entry, place)
    columns = tuple(_header(header, place) for header in entry["columns"])
    rows = tuple(_header(header, place) for header in entry["rows"])
    return Block(entry.get("title", ""), entry.get("corner", ""), columns, rows)


def _header(entry: Any, place: str) -> Header:
    entry = _checked("header", entry, place)
    kind = entry.get("kind", "count")
    if kind not in ("count", "change", "amount"):
        raise FormError(f"{place}: {entry['label']}: kind is count, change or amount, found {kind!r}")
    children = tuple(_header(child, place) for child in entry.get("children", ()))
    return Header(entry.get("key", ""), entry["label"], children, kind, entry.get("unit", ""))


def _rules(entry: Any, tables: Mapping[str, Table]) -> Iterable[Rule]:
    """One rule for each column (or row) that the entry speaks of."""
    entry = _checked("rule", entry, f"rule {entry}")
    place = f"rule {entry['code']}"
    if entry["table"] not in tables:
        raise FormError(f"{place}: no table {entry['table']!r}; the tables are {list(tables)}")
    if entry["per"] not in ("row", "column"):
        raise FormError(f"{place}: per is row or column, found {entry['per']!r}")
    if entry.get("total", "right") != "right":
        raise FormError(f"{place}: total is right (the one cell on the right is computed), found {entry['total']!r}")
    cells = list(tables[entry["table"]].cells)
    for line in _lines(cells, entry["per"], entry.get("only")):
        left = _select(line, entry["left"], entry["per"], place)
        right = _select(line, entry["right"], entry["per"], place)
        yield Rule(
            code=entry["code"],
            label=entry["label"],
            severity=entry.get("severity", "error"),
            source=entry.get("source", ""),
            terms=tuple([Term(1, ref) for ref in left] + [Term(-1, ref) for ref in right]),
            total=right[0] if "total" in entry else None,
            jurisdictions=entry.get("jurisdictions", ""),
        )


def _lines(cells: list[CellRef], per: str, only: list[str] | None) -> Iterable[list[CellRef]]:
    """The cells of each row (or column), in print order; `only` narrows them to the rows (columns) it names."""
    lines: dict[str, list[CellRef]] = {}
    for ref in cells:
        lines.setdefault(ref.row if per == "row" else ref.column, []).append(ref)
    return [line for key, line in lines.items() if only is None or key in only]


def _select(line: list[CellRef], names: list[str], per: str, place: str) -> list[CellRef]:
    """The cells of a line that the names pick; `group.*` stands for all leaves of a group, `*` for all."""
    by_key = {(ref.column if per == "row" else ref.row): ref for ref in line}
    picked: list[CellRef] = []
    for name in names:
        prefix = name.removesuffix("*")
        found = [ref for key, ref in by_key.items() if key == name or (name.endswith("*") and key.startswith(prefix))]
        if not found:
            raise FormError(f"{place}: nothing is called {name!r}; there is {list(by_key)}")
        picked += found
    return picked
