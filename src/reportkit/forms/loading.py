"""Forms from YAML: the shipped editions, and any that a project adds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from reportkit.errors import CellRef, FormError
from reportkit.forms.model import Block, Form, Header, Rule, Section, Table, Term

SHIPPED = Path(__file__).parent

_KEYS = {
    "form": ({"edition", "years", "title", "sections"}, {"document", "tables", "rules", "words"}),
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


def load_form(path: Path) -> Form:
    """Return the form that a YAML file describes.

    Raises FormError, which names the file and the entry, for anything that is not a form.
    """
    try:
        return _form(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader))
    except FormError as error:
        raise FormError(f"{path}: {error}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FormError(f"{path}: not readable as YAML: {error}") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise FormError(f"{path}: not in the shape of a form: {error}; compare with ogi-2021.yaml") from error


@cache
def shipped_forms() -> Mapping[str, Form]:
    """Return the official editions by their name."""
    return {form.edition: form for form in map(load_form, sorted(SHIPPED.glob("ogi-*.yaml")))}


def load_forms(folder: Path | None) -> Mapping[str, Form]:
    """Return the official editions and those of a project's folder, by name.

    Raises FormError if two files claim the same edition.
    """
    forms = dict(shipped_forms())
    for path in sorted(folder.glob("*.yaml")) if folder and folder.is_dir() else ():
        form = load_form(path)
        if form.edition in forms:
            raise FormError(f"{path}: edition {form.edition!r} exists already; give this form a name of its own")
        forms[form.edition] = form
    return forms


def form_for(forms: Mapping[str, Form], year: int) -> Form | None:
    """Return the official edition for a year, or None if there is none. A project's forms are used by name only."""
    return next((form for form in forms.values() if form.edition in shipped_forms() and form.covers(year)), None)


def _checked(kind: str, entry: Any, place: str) -> dict[str, Any]:
    """The entry as a mapping, once its keys are known to be right."""
    required, optional = _KEYS[kind]
    if not isinstance(entry, dict):
        raise FormError(f"{place}: a {kind} is a mapping with {sorted(required)}, found {entry!r}")
    missing, unknown = required - entry.keys(), entry.keys() - required - optional
    if missing or unknown:
        raise FormError(
            f"{place}: a {kind} has {sorted(required | optional)};"
            f" missing {sorted(missing)}, unknown {sorted(map(str, unknown))}"
        )
    return entry


def _form(entry: Any) -> Form:
    entry = _checked("form", entry, "form")
    tables = {table.key: table for table in map(_table, entry.get("tables", ()))}
    first, last = entry["years"]
    return Form(
        edition=str(entry["edition"]),
        document=entry.get("document", ""),
        years=(first, last),
        title=entry["title"],
        sections=tuple(_section(section, tables) for section in entry["sections"]),
        rules=tuple(rule for item in entry.get("rules", ()) for rule in _rules(item, tables)),
        words=dict(entry.get("words", {})),
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
