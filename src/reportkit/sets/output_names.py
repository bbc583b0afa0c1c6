"""What the report of a set is called: the template of the outputs, filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from string import Formatter
from typing import Any, NamedTuple

from reportkit.declarations.unfit import UnfitError
from reportkit.errors import UserError
from reportkit.model.names import misfit
from reportkit.sets.faults import Faults
from reportkit.sets.places import ParameterSet, Where
from reportkit.shapes import shown
from reportkit.signs import hidden
from reportkit.translation import N_, _, in_a_row

MOST_BYTES = 200
"""The name of a file has at most 255 bytes on most systems, and an ending comes behind it: `.edited1.ipynb`."""

_NO_NAMES = (list, dict)
_LONG_NUMBER = re.compile(r"\d{4}")
_STRANGE = N_("{template} is no output name: within braces stands the name of a parameter, as in {{year}}")
_MISFITS = {
    "blank": N_("the output name has an empty part"),
    "sign": N_("{part} has the sign {sign}, which no name of a file can have"),
    "edge": N_("{part} begins with a dot, ~ or a space, or ends with a dot or a space, which no name of a file can"),
    "device": N_("{part} is a name that Windows keeps for itself"),
}


class _Piece(NamedTuple):
    """A piece of a template: words, and a parameter behind them ("" for none) with its format."""

    words: str
    field: str
    format: str


def output_name(template: str, values: Mapping[str, Any]) -> str:
    """Return the name of an output: "2024/Alderbrook" for "{year}/{town}".

    Each part between slashes is the name of a file or a folder that every system can hold. `{year:04}` formats a value
    as Python's str.format does. Raises ValueError with the reason for a template that is none, a parameter that has no
    value, and a name that is none.
    """
    return _output_name(_pieces(template), values)


def _output_name(pieces: list[_Piece], values: Mapping[str, Any]) -> str:
    name = "".join([piece.words + _filled(piece, values) for piece in pieces])
    for part in name.split("/"):
        _check(part)
    return name


def named(sets: Iterable[ParameterSet], template: str, subject: str) -> dict[str, ParameterSet]:
    """Return the sets by the names of their outputs, in order; `subject` is the parameter that tells whom each is of.

    Raises UserError with everything that is wrong: a template that names no parameter, a name that is none, two sets
    for one name or for names that differ in capitals alone, which Windows and macOS take for one, a blank subject.
    """
    pieces = _with_parameter(template)
    faults = Faults()
    found: dict[str, ParameterSet] = {}
    taken: dict[str, str] = {}
    for one in sets:
        _check_subject(one, subject, faults)
        try:
            name = _output_name(pieces, one.values)
        except UnfitError as error:
            faults.add(one.place, error)
            continue
        other = taken.setdefault(_folded(name), name)
        if name in found or other != name:
            faults.add(one.place, _clash(name, other, found[other].place))
        else:
            found[name] = one
    faults.tell()
    return found


@lru_cache(16)
def _pieces(template: str) -> list[_Piece]:
    """The pieces of a template. Raises UnfitError for one that is none, or that looks into values."""
    try:
        parsed = list(Formatter().parse(template))
    except ValueError:
        raise UnfitError(_STRANGE, template=shown(template)) from None
    pieces = []
    for words, field, form, conversion in parsed:
        strange = conversion or "{" in (form or "") or _LONG_NUMBER.search(form or "")
        if strange or not (field is None or field.isidentifier()):
            raise UnfitError(_STRANGE, template=shown(template))
        if "/" in (form or ""):
            raise UnfitError(N_("{template} is no output name: a slash stands within braces"), template=shown(template))
        pieces.append(_Piece(words, field or "", form or ""))
    return pieces


def _filled(piece: _Piece, values: Mapping[str, Any]) -> str:
    """A parameter's value as it stands in a name."""
    name = piece.field
    value = values.get(name) if name else ""
    if value is None:
        words = N_("the output name asks for {name}, which is not given; the values given are: {given}")
        raise UnfitError(words, name=name, given=in_a_row(name for name, one in values.items() if one is not None))
    if isinstance(value, _NO_NAMES):
        raise UnfitError(N_("the output name asks for {name}, and a list or a mapping is no name"), name=name)
    try:
        text = value if type(value) is str and not piece.format else format(value, piece.format)
    except (ValueError, TypeError):
        words = N_("the output name asks for {name} as {format}, and {found} cannot be written so")
        raise UnfitError(words, name=name, format=shown(piece.format), found=shown(value)) from None
    if name and (not text or text.isspace()):
        raise UnfitError(N_("the output name asks for {name}, which is blank"), name=name)
    if "/" in text:
        raise UnfitError(_MISFITS["sign"], part=shown(text), sign="/")
    return text


@lru_cache(4096)
def _check(part: str) -> None:
    """Raise UnfitError if a part of a name is no name of a file or a folder."""
    size = len(part.encode("utf-8", "replace"))
    if size > MOST_BYTES:
        words = N_("{part} is too long for the name of a file: {size} bytes, at most {most}")
        raise UnfitError(words, part=shown(part), size=size, most=MOST_BYTES)
    if found := misfit(part):
        sign = found.sign if found.sign.isprintable() else f"U+{ord(found.sign):04X}"
        raise UnfitError(_MISFITS[found.why], part=shown(part), sign=sign)
    if not part.isascii() and (unseen := next(hidden(part), None)):
        raise UnfitError(_MISFITS["sign"], part=shown(part), sign=f"U+{ord(unseen.sign):04X}")


def _with_parameter(template: str) -> list[_Piece]:
    """The pieces of a template. Raises UserError if none is a parameter."""
    try:
        pieces = _pieces(template)
        if any(piece.field for piece in pieces):
            return pieces
    except UnfitError as error:
        raise UserError(error) from None
    words = _(
        "the output name {template} names no parameter, so that all reports would be one; "
        "write one in braces that tells them apart, such as {{town}}"
    )
    raise UserError(words.format(template=shown(template)))


def _check_subject(one: ParameterSet, subject: str, faults: Faults) -> None:
    """Note a subject of which nothing is to be seen, or which has signs that nobody sees."""
    if not subject:
        return
    value = one.values.get(subject)
    if value is None or not str(value).strip():
        faults.add(
            one.place, UnfitError(N_("is the subject of the report, and no value is given for it")), column=subject
        )
    elif isinstance(value, str) and not value.isascii() and (unseen := next(hidden(value), None)):
        words = N_("{found} has a sign that nobody sees, {sign}; delete it")
        faults.add(one.place, UnfitError(words, found=shown(value), sign=f"U+{ord(unseen.sign):04X}"), column=subject)


def _folded(name: str) -> str:
    """A name as file systems compare it that do not tell capitals from others, or an accent from a sign with one."""
    return (
        name.casefold()
        if name.isascii()
        else unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    )


def _clash(name: str, other: str, place: Where) -> UnfitError:
    if name == other:
        words = N_("its output {name} is that of {other}, too; name another parameter in the output name as well")
        return UnfitError(words, name=name, other=place.short)
    words = N_("its output {name} and {taken} of {other} are one file on Windows and macOS; give one another name")
    return UnfitError(words, name=name, taken=other, other=place.short)
