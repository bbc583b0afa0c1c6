"""A text as a value: the type that the notebook declares decides, and nothing is guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from reportkit.declarations.called import called_as_it_is
from reportkit.declarations.declaring import UNKNOWN, Declared
from reportkit.declarations.json_text import from_json
from reportkit.declarations.unfit import UnfitError
from reportkit.shapes import shown
from reportkit.translation import N_

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,999})")
_LEADING_ZEROS = re.compile(r"(-?)0+(0|[1-9][0-9]*)")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:[,' \u00a0\u202f][0-9]{3})+(?:\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,999})(\.[0-9]+)?(?:e[+-][0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def typed(text: str, declared: Declared | None) -> Any:
    """Return the text of a cell, or of the command line, as the value of a parameter.

    Raises ValueError with the reason if it is none of the declared type. Of an unknown type, a number that JSON would
    write as it stands here is a number, true and false are truth values, and all else is text.
    """
    kind = declared.type if declared else UNKNOWN
    if kind == "str":
        return text
    if declared is None or kind == UNKNOWN:
        return _unknown(text)
    return _READERS[kind](text.strip(), declared)


def _unknown(text: str) -> Any:
    """A value of no known type: a number only if nothing of its writing is lost."""
    if text in ("true", "false"):
        return text == "true"
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    value: int | float = float(text) if match[1] or "e" in text else int(text)
    return value if json.dumps(value) == text else text


def _int(text: str, declared: Declared) -> int:
    if _WHOLE.fullmatch(text):
        return int(text)
    about = {"found": shown(text), "name": declared.name}
    if match := _LEADING_ZEROS.fullmatch(text):
        words = N_(
            "{found} would lose its zeros as a whole number; "
            "write {number}, or declare {name}: str in the notebook to keep them"
        )
        raise UnfitError(words, **about, number=match[1] + match[2])
    if _THOUSANDS.fullmatch(text):
        raise _separated(text, about)
    words = N_("{found} is no whole number; write digits alone, as in 2024, or declare another type for {name}")
    raise UnfitError(words, **about)


def _separated(text: str, about: dict[str, str]) -> UnfitError:
    words = N_("{found} has thousands separators; write {number}")
    return UnfitError(words, **about, number=shown(re.sub(r"[^-.0-9]", "", text))[1:-1])


def _float(text: str, declared: Declared) -> float:
    try:
        return float(text)
    except ValueError:
        about = {"found": shown(text), "name": declared.name}
    if _THOUSANDS.fullmatch(text):
        raise _separated(text, about)
    if _DECIMAL_COMMA.fullmatch(text):
        words = N_("{found} has a decimal comma; write {number}")
        raise UnfitError(words, **about, number=shown(text.replace(",", "."))[1:-1])
    raise UnfitError(N_("{found} is no number; write one as in 12.5, or declare another type for {name}"), **about)


def _bool(text: str, declared: Declared) -> bool:
    if (value := _TRUTH.get(text.lower())) is not None:
        return value
    words = N_("{found} is neither true nor false; write true or false, or declare another type for {name}")
    raise UnfitError(words, found=shown(text), name=declared.name)


def _list(text: str, declared: Declared) -> Any:
    return _of_json(text, list, N_('{found} is no list; write one as JSON does: ["a", "b"] ({why})'), declared)


def _dict(text: str, declared: Declared) -> Any:
    return _of_json(text, dict, N_('{found} is no mapping; write one as JSON does: {{"a": 1}} ({why})'), declared)


def _of_json(text: str, kind: type, words: str, declared: Declared) -> Any:
    try:
        value = from_json(text)
    except UnfitError as error:
        raise UnfitError(words, found=shown(text), name=declared.name, why=error) from None
    if not isinstance(value, kind):
        raise UnfitError(words, found=shown(text), name=declared.name, why=called_as_it_is(value))
    return value


def _date(text: str, declared: Declared) -> str:
    if not is_date(text):
        words = N_("{found} is no date; write year, month and day as in 2024-01-31")
        raise UnfitError(words, found=shown(text), name=declared.name)
    return text


def is_date(text: str) -> bool:
    """Return whether a text is a day that the calendar has, as ISO writes it."""
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


_READERS: dict[str, Callable[[str, Declared], Any]] = {
    "int": _int, "float": _float, "bool": _bool, "list": _list, "dict": _dict, "date": _date,
}  # fmt: skip
