"""The names that a narrative cell can use, and what each prints: a number, a text or a date, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, localcontext
from itertools import accumulate
from typing import Any, NoReturn

from jinja2 import TemplateRuntimeError, Undefined

from reportkit.errors import CellRef
from reportkit.kinds.labels import aliases_of
from reportkit.model.cell import ADDED, Cell
from reportkit.model.filing import EXACT, Figure, Filing
from reportkit.model.form import Table
from reportkit.model.open_rows import TOTAL
from reportkit.model.printing import shown
from reportkit.model.row_records import filled_rows
from reportkit.report.narrative.cell_values import Day, quoted
from reportkit.report.narrative.labels import Label, Labelled, Path, called, nearest
from reportkit.translation import N_, _, in_a_row

_DECIMALS = 12
"""A number with more of them is a division that does not come out even."""

_OFFERED = 4

_LISTED = 9
"""So many names are told of a label that stands for several."""


class UnprintableError(TemplateRuntimeError):
    """An expression gives something that no reader of a report would understand."""


class Named:
    """Names below a name. It stands for no number and no text, so whatever would print it is told what to write.

    With the labels of a table they can be asked for by these, too; `at` are then the names from the table on.
    """

    def __init__(
        self, path: str, kind: str, below: Mapping[str, Any], labelled: Labelled | None = None, at: Path = ()
    ) -> None:
        self._path, self._kind = path, kind
        self._below = below
        self._labelled, self._at = labelled, at
        self._offer()

    def __getattr__(self, name: str) -> Any:
        # What is no key may be a label: these are looked through only then.
        if name.startswith("_"):
            raise AttributeError(name)
        if not (found := self._called(name)):
            raise AttributeError(name)
        if len(found) > 1:
            names = [".".join((self._path, *label.path[len(self._at) :])) for label in found]
            words = _('there are several "{label}" below {name}; write {names}')
            if len(names) > _LISTED:
                words = _('there are several "{label}" below {name}; write {names} or the like')
            raise UnprintableError(words.format(label=name, name=self._path, names=in_a_row(names[:_LISTED])))
        return self._meant(found[0])

    def _meant(self, label: Label) -> Any:
        """What a label stands for."""
        value: Any = self
        for name in label.path[len(self._at) :]:
            value = value._below[name]
        return _Group(value, label) if label.is_group else value

    def _labels(self) -> tuple[Label, ...]:
        """The labels directly below."""
        return self._labelled.below(self._at) if self._labelled else ()

    def _called(self, name: str) -> list[Label]:
        """The labels that a name stands for."""
        return called(self._labels(), name, self._labelled.aliases) if self._labelled else []

    def _get_ready(self) -> None:
        """Know the names below, or raise what is in the way."""

    def _refuse(self, *_values: Any) -> NoReturn:
        self._get_ready()
        paths = [path for name in self._below for path in self._printed(name)]
        paths.sort(key=lambda path: (path.count("."), not path.endswith(".total")))
        words = _("{name} is {what}; write {names}")
        if len(paths) > _OFFERED:
            words = _("{name} is {what}; write {names} or the like")
        raise UnprintableError(words.format(name=self._path, what=_(self._kind), names=in_a_row(paths[:_OFFERED])))

    # Not in a sum or a comparison either: `{% if requests.received %}` would always hold.
    __str__ = __repr__ = __format__ = __bool__ = __int__ = __float__ = __round__ = __len__ = __iter__ = _refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __neg__ = __abs__ = __contains__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = _refuse

    def _offer(self) -> None:
        self.__dict__.update(self._below)  # found much faster than through __getattr__

    def _printed(self, name: str) -> Iterator[str]:
        """The path of what prints something below a name."""
        value = self._below[name]
        if isinstance(value, Named):
            yield from (path for one in names_below(value) for path in value._printed(one))
        else:
            yield f"{self._path}.{name}"


def names_below(named: Named) -> list[str]:
    """Return the names below a name."""
    return list(named._below)


def labels_below_name(named: Named) -> list[str]:
    """Return the official labels that can be written instead of them."""
    return [label.printed for label in nearest(named._labels()) if label.printed]


class _Group(Named):
    """The names below a label that adds none itself: those of its own, without its neighbours'."""

    def __init__(self, parent: Named, label: Label) -> None:
        names = [one.path[len(parent._at)] for one in nearest(label.below) if not one.is_group]
        below = {name: parent._below[name] for name in names}
        super().__init__(parent._path, parent._kind, below, parent._labelled, parent._at)
        self._own = label.below

    def _labels(self) -> tuple[Label, ...]:
        return self._own


class OtherFormError(Exception):
    """A cell asks for a sentence that only other forms have."""


class Words(Named):
    """A form's sentences by name, each filled in when asked for; `others` are those that only other forms have."""

    def __init__(self, templates: Mapping[str, str], fill: Callable[[str], str], others: Container[str]) -> None:
        super().__init__("words", N_("the sentences of the form, not one of them"), templates)
        self._fill = fill
        self._others = others

    def _offer(self) -> None:
        pass

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._below:
            raise OtherFormError(name) if name in self._others else AttributeError(name)
        return self._fill(name)


class Last(Named):
    """Last year's figures; the file is looked for when a sentence first asks for one of them.

    `read` returns the names below, or why there are none. `{% if last %}` asks whether there are any.
    """

    def __init__(self, read: Callable[[], Mapping[str, Any] | str]) -> None:
        super().__init__("last", N_("last year's report, not one number"), {})
        self._read = read
        self._why: str | None = None

    def _missing(self) -> str:
        """Why there is no file of last year, "" if there is one: then its names are known."""
        if self._why is None:
            found = self._read()
            self._why = found if isinstance(found, str) else ""
            if not isinstance(found, str):
                self._below = found
                self._offer()
        return self._why

    def _get_ready(self) -> None:
        if why := self._missing():
            raise UnprintableError(why)

    def __bool__(self) -> bool:  # type: ignore[override]
        return not self._missing()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        self._get_ready()
        if name not in self._below:
            raise AttributeError(name)
        return self._below[name]


def about(filing: Filing, above: str = "") -> dict[str, Any]:
    """Return what a sentence can say of a filing, by name: its tables, its own facts, whose and of which year it is.

    `above` is what stands before the names where they are told, "last." for instance.
    """
    known = facts(filing, above) | tables(filing, above)
    known |= {"year": filing.year, "jurisdiction": filing.jurisdiction, "agency": filing.agency}
    return {**known, "document": filing.form.document}


def facts(filing: Filing, above: str = "") -> dict[str, Any]:
    """Return the facts that a filing states besides its form's figures, below their name; nothing if it has none.

    One that the form asks for and the filing does not state is None.
    """
    stated = {**dict.fromkeys(filing.form.facts), **filing.facts}
    if not stated:
        return {}
    below = {name: value for name, value in stated.items() if not name.startswith("_")}
    return {"facts": Named(f"{above}facts", N_("the report's own facts, not one of them"), below)}


def tables(filing: Filing, above: str = "") -> dict[str, Any]:
    """Return each table of a filing by its key, its cells and the sums of its groups as names below it."""
    with localcontext(EXACT):
        return {
            key: _records(f"{above}{key}", filing, table)
            if table.open
            else _named(f"{above}{key}", _cells(filing, table), Labelled(table, aliases_of(filing.form)))
            for key, table in filing.form.tables.items()
        }


class Records(list[dict[str, Any]]):
    """The records of a table with open rows: a list as any, each with its values by the keys of the columns.

    `total` is the row of the sums.
    """

    total: Named | None = None


def _records(path: str, filing: Filing, table: Table) -> Records:
    found = Records(_record(filing, table, row) for row in filled_rows(table, filing.values.keys()))
    if table.open_sums:
        kind = N_("a row of numbers, not one number")
        sums = {key: one for key, one in _record(filing, table, TOTAL).items() if key in table.open_sums}
        found.total = Named(f"{path}.{TOTAL}", kind, _nested(sums))
    return found


def _record(filing: Filing, table: Table, row: str) -> dict[str, Any]:
    """A row's values by the keys of its columns; those of a group of columns below the key of the group."""
    refs = (CellRef(table.key, row, leaf.key) for leaf in table.blocks[0].column_leaves)
    return {ref.column: quoted(filing.values.get(ref), table.cells[ref], table.formulas.get(ref)) for ref in refs}


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, value in values.items():
        *above, last = key.split(".")
        (_below(tree, ".".join(above)) if above else tree)[last] = value
    return tree


def _cells(filing: Filing, table: Table) -> dict[str, Any]:
    """The table as nested dicts by the parts of the keys, with the sums of groups where no row has that name."""
    tree: dict[str, Any] = {}
    sums: dict[tuple[str, str], tuple[Decimal, Cell]] = {}
    mixed: set[tuple[str, str]] = set()
    totals = filing.form.totals_of_rows
    for row, block in table.rows:
        groups = list(accumulate(row.key.split(".")[:-1], "{}.{}".format))
        for column in block.column_leaves:
            ref = CellRef(table.key, row.key, column.key)
            cell = table.cells[ref]
            _below(tree, row.key)[column.key] = quoted(filing.values.get(ref), cell, table.formulas.get(ref))
            part = 0 if ref in totals else filing.figures.get(ref, 0)
            for group in groups if cell.kind in ADDED else ():
                total, first = sums.get((group, column.key), (Decimal(0), cell))
                sums[group, column.key] = total + part, first
                mixed |= {(group, column.key)} if first.currency != cell.currency else set()
    for (group, column_key), (total, cell) in sums.items():
        if (group, column_key) not in mixed:
            _below(tree, group).setdefault(column_key, shown(Figure(total), cell))
    if len(table.rows) == 1 and not table.rows[0][0].label:
        tree = _below(tree, table.rows[0][0].key)  # reviews.review.total: there is no row to name
    return tree


def _below(tree: dict[str, Any], key: str) -> dict[str, Any]:
    for part in key.split("."):
        tree = tree.setdefault(part, {})
    return tree


def _named(path: str, tree: Mapping[str, Any], labelled: Labelled, at: Path = ()) -> Named:
    """The dicts as names; a dotted key (a column below a spanner) as names below names."""
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        *above, last = key.split(".")
        (_below(flat, ".".join(above)) if above else flat)[last] = value
    row = not any(isinstance(value, dict) for value in flat.values())
    kind = N_("a row of numbers, not one number") if row else N_("a group of numbers, not one number")
    below = {
        key: _named(f"{path}.{key}", value, labelled, (*at, key)) if isinstance(value, dict) else value
        for key, value in flat.items()
    }
    return Named(path, kind if at else N_("a table, not one number"), below, labelled, at)


def printed(value: Any) -> str:
    """Return what an expression prints: a text as it is, a number without noise, a date as 2023年1月5日.

    Raises UnprintableError for anything else.
    """
    check(value)
    if isinstance(value, datetime):
        return f"{printed(value.date())}{value.hour}时{value.minute:02}分"
    if isinstance(value, Day):
        return value.text
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value) if isinstance(value, str | int | Figure | Undefined) else _number(value)


def check(value: Any) -> None:
    """Raise UnprintableError for what is no number, no text and no date."""
    if isinstance(value, Named | Undefined):
        str(value)  # which tells what is wrong; nothing is, if it is an `if` without `else`
        return
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float | Decimal | date):
        words = _("what comes out is {what}, no number, no text and no date; write the expression in another way")
        raise UnprintableError(words.format(what=_kind(value)))
    if isinstance(value, float | Decimal) and not math.isfinite(value):
        raise UnprintableError(_("what comes out is no finite number; check the divisions in the expression"))


def _number(value: float | Decimal) -> str:
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    if isinstance(value, float) and exact != (short := Decimal(f"{value:.15g}")):
        exact = short  # 0.1 + 0.2
    if -int(exact.as_tuple().exponent) > _DECIMALS:
        words = _(
            "the division does not end; say how many decimals you want, for instance {{{{ '%.1f' % (a / b * 100) }}}}"
        )
        raise UnprintableError(words.format())
    return format(exact, "f")


def _kind(value: Any) -> str:
    if value is None:
        return _("nothing")
    if isinstance(value, bool):
        return _("true or false")
    if callable(value):
        return _("a function (are its brackets missing?)")
    return _("several values") if hasattr(value, "__iter__") else _("something else")
