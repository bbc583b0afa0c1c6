"""Entries under their names, without a header that holds for all (JSON lines, YAML), as sets of parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from reportkit.declarations.declaring import Declared
from reportkit.declarations.unfit import UnfitError
from reportkit.sets.faults import Faults
from reportkit.sets.header import required, strange
from reportkit.sets.places import ParameterSet, Where
from reportkit.translation import N_


class Entry(NamedTuple):
    """A value under its name, as a file holds it, and its place."""

    name: str
    held: Any
    place: Where


class Records:
    """Makes sets of records, and notes what is wrong with each."""

    def __init__(
        self,
        known: Mapping[str, Declared] | None,
        common: Mapping[str, Any],
        reader: Callable[[Any, Declared | None], Any],
        faults: Faults,
    ) -> None:
        self._known, self._common, self._reader, self._faults = known, common, reader, faults
        self._required = required(known, common)
        self._strange: dict[str, UnfitError | None] = {}

    def set_of(self, entries: Iterable[Entry], place: Where) -> ParameterSet:
        """Return a record as a set: without what is wrong with it, which is noted."""
        values = dict(self._common)
        for name, held, at in entries:
            if not self._is_known(name, at):
                continue
            try:
                values[name] = self._reader(held, self._known[name] if self._known is not None else None)
            except UnfitError as error:
                self._faults.add(at, error, name=name)
                values[name] = None
        for name in self._required:
            if name not in values:
                words = N_("is not there, and the notebook has no value for it; add it")
                self._faults.add(place, UnfitError(words), name=name)
        return ParameterSet(values, place)

    def _is_known(self, name: str, place: Where) -> bool:
        """Whether a parameter can have a name; what is wrong with it is noted once, and not in each record."""
        if name not in self._strange:
            self._strange[name] = strange(name, self._known, told=self._faults.has_room)
            if why := self._strange[name]:
                self._faults.add(place, why, name=name)
        return self._strange[name] is None
