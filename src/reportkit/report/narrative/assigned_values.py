"""What a cell has assigned, as data for a sentence: numbers, texts, dates, and lists and tables of them.

A sentence gets copies in plain types, so that nothing it can write calls a method with an effect or changes what the
cells after it see, and no text comes in as more than text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from reportkit.model.filing import Figure
from reportkit.translation import _

_AS_IT_IS = frozenset({int, float, bool, str, Decimal, Figure, date, datetime, type(None)})
_MOST = 100_000
"""Values that are copied for a sentence: more are no part of one, and each sentence would wait for them."""

_DEEPEST = 20


class NoDataError(Exception):
    """A value that no sentence can use; the message is what it is, in words."""


def as_data(value: Any) -> Any:
    """Return a value in plain types, a table of pandas as dicts by column and row.

    Raises NoDataError if it has none.
    """
    return value if type(value) in _AS_IT_IS else _Copy().of(value, 0)


class _Copy:
    """Copies one value, with all that is in it."""

    def __init__(self) -> None:
        self._left = _MOST

    def of(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if self._left < 0:
            words = _("more than {number} values; take out in the cell what the sentence needs")
            raise NoDataError(words.format(number=f"{_MOST:,}"))
        if depth > _DEEPEST:
            raise NoDataError(_("nested too deep"))
        kind = type(value)
        if kind in _AS_IT_IS:
            return value
        copy = next((copy for known, copy in _PLAIN if isinstance(value, known)), None)
        return copy(value) if copy else self._several(value, depth + 1)

    def _several(self, value: Any, depth: int) -> Any:
        if isinstance(value, pd.DataFrame | pd.Series):
            return self._of_pandas(value, depth)
        if isinstance(value, np.ndarray | pd.Index):
            return self.of(value.tolist(), depth)
        if isinstance(value, Mapping):
            return {self.of(key, depth): self.of(one, depth) for key, one in value.items()}
        if isinstance(value, tuple):
            return tuple(self.of(one, depth) for one in value)
        if isinstance(value, list):
            return [self.of(one, depth) for one in value]
        raise NoDataError(_kind(value))

    def _of_pandas(self, value: Any, depth: int) -> dict[Any, Any]:
        if not (value.index.is_unique and (isinstance(value, pd.Series) or value.columns.is_unique)):
            raise NoDataError(_("a table in which a row or a column has the name of another"))
        if value.size > _MOST:
            self._left = 0
        return {self.of(key, depth): self.of(one, depth) for key, one in value.items()}


def _moment(value: Any) -> Any:
    """A date as Python has it; pandas knows moments alone, and midnight is none that anybody means."""
    if value is pd.NaT:
        return None
    if isinstance(value, datetime):
        plain = datetime(value.year, value.month, value.day, value.hour, value.minute, value.second)
        is_day = isinstance(value, pd.Timestamp) and plain.time() == time()
        return plain.date() if is_day else plain
    return date(value.year, value.month, value.day)


def _scalar(value: Any) -> Any:
    if isinstance(value, np.datetime64):
        return _moment(pd.Timestamp(value))
    plain = value.item()
    if isinstance(plain, np.generic):  # a number that Python has no type for
        raise NoDataError(_kind(plain))
    return as_data(plain)


# A subclass may do anything when it is printed, and np.float64 prints its type: what it holds is taken out.
_PLAIN: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (str, str.__str__),
    (np.generic, _scalar),
    (date, _moment),
    (int, int.__index__),
    (float, float.__float__),
    (Decimal, lambda value: Decimal(value.as_tuple())),
    (type(pd.NA), lambda _value: None),
)


def _kind(value: Any) -> str:
    if isinstance(value, ModuleType):
        return _("a module")
    if callable(value):
        return _("a function or a class")
    if isinstance(value, set | frozenset):
        return _("a set, which has no order; make a list of it with {function}").format(function="sorted()")
    return _("an object of the kind {kind}").format(kind=type(value).__name__)
