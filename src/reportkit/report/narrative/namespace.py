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
from reportkit.model.filing import EXACT, Figure, Filing
from reportkit.model.form import Table
from reportkit.translation import N_, _, in_a_row

_DECIMALS = 12
"""A number with more of them is a division that does not come out even."""

_OFFERED = 4


class UnprintableError(TemplateRuntimeError):
    """An expression gives something that no reader of a report would understand."""


class Named:
    """Names below a name. It stands for no number and no text, so whatever would print it is told what to write."""

    def __init__(self, path: str, kind: str, below: Mapping[str, Any]) -> None:
        self._path, self._kind = path, kind
        self._below = below
        self._offer()

    def _refuse(self, *_values: Any) -> NoReturn:
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


def tables(filing: Filing) -> dict[str, Any]:
    """Return each table of a filing by its key, its cells and the sums of its groups as names below it."""
    with localcontext(EXACT):
        return {key: _named(key, _cells(filing, table)) for key, table in filing.form.tables.items()}


def _cells(filing: Filing, table: Table) -> dict[str, Any]:
    """The table as nested dicts by the parts of the keys, with the sums of groups where no row has that name."""
    tree: dict[str, Any] = {}
    sums: dict[tuple[str, str], Decimal] = {}
    for row, block in table.rows:
        groups = list(accumulate(row.key.split(".")[:-1], "{}.{}".format))
        for column in block.column_leaves:
            figure = filing.values.get(CellRef(table.key, row.key, column.key), Figure(0))
            _below(tree, row.key)[column.key] = figure
            for group in groups:
                sums[group, column.key] = sums.get((group, column.key), Decimal(0)) + figure
    for (group, column_key), total in sums.items():
        _below(tree, group).setdefault(column_key, Figure(total))
    if len(table.rows) == 1 and not table.rows[0][0].label:
        tree = _below(tree, table.rows[0][0].key)  # reviews.review.total: there is no row to name
    return tree


def _below(tree: dict[str, Any], key: str) -> dict[str, Any]:
    for part in key.split("."):
        tree = tree.setdefault(part, {})
    return tree


def _named(path: str, tree: Mapping[str, Any]) -> Named:
    """The dicts as names; a dotted key (a column below a spanner) as names below names."""
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        *above, last = key.split(".")
        (_below(flat, ".".join(above)) if above else flat)[last] = value
    row = all(isinstance(value, Figure) for value in flat.values())
    kind = N_("a row of numbers, not one number") if row else N_("a group of numbers, not one number")
    below = {key: _named(f"{path}.{key}", value) if isinstance(value, dict) else value for key, value in flat.items()}
    return Named(path, kind if "." in path else N_("a table, not one number"), below)


def printed(value: Any) -> str:
    """Return what an expression prints: a text as it is, a number without noise, a date as 2023年1月5日.

    Raises UnprintableError for anything else.
    """
    check(value)
    if isinstance(value, datetime):
        return f"{printed(value.date())}{value.hour}时{value.minute:02}分"
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
