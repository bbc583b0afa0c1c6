"""The entries of a file as objects of their shape, and what is wrong with them in words."""

from __future__ import annotations

import functools
import reprlib
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from reportkit.shapes.shape import Checked
from reportkit.translation import N_, _, in_a_row

Steps = tuple[str | int, ...]
"""Where something stands in a tree of mappings and lists: keys, and places in lists from 0 on."""

T = TypeVar("T")
_WANTED = {
    "StrType": N_("is a text in quotes"),
    "IntType": N_("is a whole number"),
    "FloatType": N_("is a number"),
    "BoolType": N_("is true or false"),
}
_NAMES = ("key", "code", "label", "title", "heading")
_NOUNS = (N_("form"), N_("section"), N_("table"), N_("block"), N_("header"), N_("rule"), N_("fact"))
"""What a person calls entries of such shapes; others go by the name of their shape."""


class WrongShapeError(ValueError):
    """Something is not as it should be: `words` say how, of the `subject`; `unknown` are keys that there are not."""

    def __init__(self, steps: Steps, subject: str, words: str, unknown: tuple[str, ...] = ()) -> None:
        super().__init__(_("{subject} {words}").format(subject=subject, words=words) if subject else words)
        self.steps, self.words, self.unknown = steps, words, unknown


def shaped(entry: Any, shape: type[T]) -> T:
    """Return an entry, as a file gave it, as an object of its shape. Raises WrongShapeError for what is wrong first."""
    try:
        return msgspec.convert(entry, shape, dec_hook=_decoded)
    except (msgspec.ValidationError, UnicodeError) as error:  # the latter for half a sign
        raise next(faults(entry, shape), WrongShapeError((), "", _unlike(error))) from None


def _unlike(error: Exception) -> str:
    """What is told where nobody knows what is wrong but the decoder."""
    return _("not in the right shape: {error}").format(error=error)


def faults(entry: Any, shape: type) -> Iterator[WrongShapeError]:
    """Yield all that is wrong with an entry, in the order of the shape."""
    yield from _faults(entry, _way(shape), (), ())


@functools.cache
def _way(shape: type) -> inspect.Type:
    return inspect.type_info(shape)


def shown(value: Any) -> str:
    """Return a value as a message shows it: of what is long or deep only the beginning."""
    return _short.repr(value)


_short = reprlib.Repr()
_short.maxlevel, _short.maxstring, _short.maxother, _short.maxlong = 3, 60, 60, 60


def _decoded(kind: type[Checked], value: Any) -> Checked:
    return kind.read(value)


def _faults(value: Any, way: inspect.Type, steps: Steps, places: tuple[str, ...]) -> Iterator[WrongShapeError]:
    """What is wrong with a value; `places` are the names of the entries that it is in, and its own at the end."""
    way, wanted = _bare(way, value)
    match way:
        case inspect.StructType() if isinstance(value, dict):
            yield from _faults_of_entry(value, way, steps, places)
        case inspect.CollectionType(item_type=item) if isinstance(value, list) and len(value) >= (way.min_length or 0):
            for number, one in enumerate(value):
                yield from _faults(one, item, (*steps, number), (*places[:-1], _name(one, item, places[-1], number)))
        case inspect.DictType(value_type=item) if isinstance(value, dict) and all(
            isinstance(key, str) for key in value
        ):
            for key, one in value.items():
                yield from _faults(one, item, (*steps, key), (*places, _bare_text(key)))
        case _ if not _fits(value, way):
            root = _a(way) if isinstance(way, inspect.StructType) else ""
            yield WrongShapeError(steps, _place(places) or root, _sentence(value, way, wanted))


def _faults_of_entry(
    entry: dict[Any, Any], way: inspect.StructType, steps: Steps, places: tuple[str, ...]
) -> Iterator[WrongShapeError]:
    known = {field.encode_name: field for field in way.fields}
    missing = sorted(name for name, field in known.items() if field.required and name not in entry)
    unknown = tuple(sorted(str(key) for key in entry if key not in known))
    if missing or unknown:
        told = _keys(known, missing, unknown)
        near = get_close_matches(unknown[0][:60], known, n=1) if unknown else []
        told += _("; did you mean {near!r}?").format(near=near[0]) if near else ""
        yield WrongShapeError((*steps, *unknown[:1]), _place([*places, _a(way)]), told, unknown)
    for name, field in known.items():
        if name in entry:
            yield from _faults(entry[name], field.type, (*steps, name), (*places, name))


def _keys(known: Iterable[str], missing: Iterable[str], unknown: Iterable[str]) -> str:
    """What is wrong with the keys of an entry, and which it can have."""
    lacks, strange = _row(missing), _row(unknown)
    if lacks and strange:
        words = _("has {known}; missing {missing}, unknown {unknown}")
    else:
        words = _("has {known}; missing {missing}") if lacks else _("has {known}; unknown {unknown}")
    return words.format(known=_row(sorted(known)), missing=lacks, unknown=strange)


def _row(keys: Iterable[str]) -> str:
    return in_a_row(_bare_text(key) for key in keys)


def _bare_text(text: str) -> str:
    """A text as a message shows it, without quotes."""
    return shown(text)[1:-1]


def _place(places: Iterable[str]) -> str:
    """Where something stands, from the outermost entry to its own."""
    row = ""
    for place in places:
        row = _("{place}: {inner}").format(place=row, inner=place) if row else place
    return row


def _noun(way: inspect.StructType) -> str:
    return _(way.cls.__name__.lower())


def _a(way: inspect.StructType) -> str:
    """What an entry is called of which no more is known than what it should be."""
    return _("a {kind}").format(kind=_noun(way))


def _bare(way: inspect.Type, value: Any) -> tuple[inspect.Type, str]:
    """A type without its notes, and without null where there is something else; and what should stand there."""
    wanted = ""
    while isinstance(way, inspect.Metadata):
        wanted = wanted or (way.extra or {}).get("wanted", "")
        way = way.type
    if isinstance(way, inspect.UnionType) and value is not None:
        ways = [one for one in way.types if not isinstance(one, inspect.NoneType)]
        # What is wrong in a list or a mapping is told at its place.
        if isinstance(value, list):
            ways = [one for one in ways if isinstance(one, inspect.CollectionType)] or ways
        elif isinstance(value, dict):
            ways = [one for one in ways if isinstance(one, inspect.StructType)] or ways
        way = ways[0] if len(ways) == 1 else way
    return way, wanted


def _fits(value: Any, way: inspect.Type) -> bool:
    """Whether a value is what a type without entries of its own means."""
    match way:
        case inspect.UnionType(types=ways):
            return any(not any(_faults(value, one, (), ("",))) for one in ways)
        case inspect.TupleType(item_types=ways):
            return isinstance(value, list) and len(value) == len(ways) and all(map(_fits, value, ways))
        case inspect.LiteralType(values=values):
            return isinstance(value, str) and value in values
        case inspect.CustomType(cls=kind):
            return not _why_not(value, kind)
        case inspect.NoneType():
            return value is None
        case inspect.StrType():
            return isinstance(value, str) and len(value) >= (way.min_length or 0)
        case inspect.IntType() | inspect.FloatType():
            known = (int,) if isinstance(way, inspect.IntType) else (int, float)
            return type(value) in known and _is_within(value, way)
        case inspect.BoolType():
            return type(value) is bool
    return False


def _is_within(value: float, way: inspect.IntType | inspect.FloatType) -> bool:
    return (way.ge is None or value >= way.ge) and (way.le is None or value <= way.le)


def _why_not(value: Any, kind: type[Checked]) -> list[str]:
    """Why a value is no text of a kind, nothing if it is one."""
    try:
        kind.read(value)
    except ValueError as error:
        return [str(error)]
    return []


def _sentence(value: Any, way: inspect.Type, wanted: str) -> str:
    """What should stand there, and what does."""
    why = "".join(_why_not(value, way.cls)) if isinstance(way, inspect.CustomType) else ""
    words = _("{wanted}, found {found}, {why}") if why else _("{wanted}, found {found}")
    return words.format(wanted=_what_should(value, way, wanted), found=shown(value), why=_(why))


def _what_should(value: Any, way: inspect.Type, wanted: str) -> str:
    """What should stand there; `wanted` is what the shape says of it."""
    match way:
        case inspect.StructType(fields=fields):
            needed = [field for field in fields if field.required] or fields
            keys = sorted(field.encode_name for field in needed)
            return _("is a mapping with {keys}").format(keys=_row(keys))
        case inspect.CollectionType():
            return _("is a list, and not an empty one") if value == [] else _("is a list")
        case inspect.TupleType() if not isinstance(value, list):
            return _("is a list")
        case inspect.DictType():
            return _(wanted or N_("is a mapping of texts"))
        case inspect.LiteralType(values=values) if not wanted:
            *first, last = map(str, values)
            return (_("is {first} or {last}") if first else _("is {last}")).format(first=", ".join(first), last=last)
        case inspect.UnionType(types=ways) if not wanted:
            return _what_should(value, ways[0], "")
        case inspect.IntType() | inspect.FloatType() if way.le is not None and not wanted:
            words = _("{wanted} from {least} to {most}")
            return words.format(wanted=_(_WANTED[type(way).__name__]), least=way.ge, most=way.le)
    return _(wanted or _WANTED.get(type(way).__name__, N_("is something else")))


def _name(entry: Any, way: inspect.Type, field: str, number: int) -> str:
    """What a person calls an entry of a list: by its key, code, label or title, or else by its number."""
    way, _wanted = _bare(way, entry)
    if not (isinstance(way, inspect.StructType) and isinstance(entry, dict)):
        return _("{field}, entry {number}").format(field=field, number=number + 1)
    names = (entry.get(key) for key in _NAMES)
    name = next((name for name in names if isinstance(name, str) and name), None)
    return _("{kind} {name}").format(kind=_noun(way), name=_bare_text(name) if name else number + 1)
