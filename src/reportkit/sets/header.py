"""The header of a table: which column is which parameter, and what is wrong with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from keyword import iskeyword
from typing import NamedTuple

from reportkit.declarations.declaring import Declared
from reportkit.declarations.unfit import UnfitError
from reportkit.sets.faults import MOST, Faults
from reportkit.sets.places import Where
from reportkit.spreadsheets.sheets import address
from reportkit.translation import N_, in_a_row


class Column(NamedTuple):
    """A column that is a parameter: where it is, from 0, what it is called, and what the notebook says of it."""

    at: int
    name: str
    declared: Declared | None


def columns(header: Sequence[str], known: Mapping[str, Declared] | None, place: Where, faults: Faults) -> list[Column]:
    """Return the columns of a header that can be read, and note what is wrong with the others.

    One without a name is left out: only what stands below it is wrong.
    """
    found: list[Column] = []
    first: dict[str, int] = {}
    for at, written in enumerate(header):
        name = plain_name(written)
        if not name:
            continue
        if first.setdefault(name, at) < at:
            words = N_("is the name of columns {first} and {second}; take one of them out, or give it its own name")
            why = UnfitError(words, first=letters(first[name]), second=letters(at))
            faults.add(place, why, column=name)
        elif why_not := strange(name, known, told=faults.has_room):
            faults.add(place, why_not, column=name)
        else:
            found.append(Column(at, name, known[name] if known else None))
    return found


def require_columns(
    header: Iterable[str], known: Mapping[str, Declared] | None, common: Iterable[str], place: Where, faults: Faults
) -> frozenset[str]:
    """Return the parameters that must be given and have no column, and note each."""
    there = [name for name in map(plain_name, header) if name]
    missing = required(known, {*there, *common})
    for name in missing:
        words = N_("there is no column {name}, which the notebook has no value for; the columns are: {columns}")
        faults.add(place, UnfitError(words, name=name, columns=_few(there)))
    return frozenset(missing)


def required(known: Mapping[str, Declared] | None, but: Collection[str]) -> list[str]:
    """Return the parameters that a notebook has no value for, less those that are given otherwise."""
    return [one.name for one in (known or {}).values() if one.required and one.name not in but]


def strange(name: str, known: Mapping[str, Declared] | None, *, told: bool = True) -> UnfitError | None:
    """Return why no parameter can have a name, None if the notebook has one that does.

    What is not told any more, as there is too much of it, needs no look for the name most like it.
    """
    if known is None:
        if name.isidentifier() and not iskeyword(name):
            return None
        return UnfitError(N_("no parameter can have this name; use letters, digits and _, as Python has them"))
    if name in known:
        return None
    if near := told and get_close_matches(name[:60], known, n=1, cutoff=0.6):
        words = N_("the notebook has no such parameter; did you mean {near}? There are: {known}")
        return UnfitError(words, near=near[0], known=_few(known))
    if not known:
        return UnfitError(N_("the notebook has no such parameter, and no other"))
    return UnfitError(
        N_("the notebook has no such parameter; take it out, or assign it in the notebook. There are: {known}"),
        known=_few(known),
    )


def _few(names: Collection[str]) -> str:
    """Names one after the other; of many only the first, as a header may have a hundred thousand cells."""
    return in_a_row([*islice(names, MOST), *(["…"] if len(names) > MOST else [])])


def plain_name(written: str) -> str:
    """Return a name as Python reads it: full-width letters are the usual ones."""
    name = written.strip()
    return name if name.isascii() else unicodedata.normalize("NFKC", name).strip()


def letters(at: int) -> str:
    """Return what spreadsheets call a column: A for the first."""
    return address(0, at).rstrip("0123456789")
