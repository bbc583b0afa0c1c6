"""What a command is called with, as values, without pydantic where there is only one way to take it.

Typer imports pydantic for the first parameter of a command, whatever its type, which is a third of the time of a small
command. How a version of typer keeps what it does then is its own affair: one that does it otherwise than this knows
goes its own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import EnumType
from typing import Any, Final, get_args, get_origin

_OTHER: Final = object()
_WHOLE = re.compile("[0-9]{1,9}")


def spare_pydantic(params: Iterable[Any]) -> None:
    """Let parameters of typer's take what is of their type as it is, and ask pydantic for anything else alone."""
    for param in params:
        if getattr(param, "_runtime_param", param) is None and hasattr(param, "type_descriptor"):
            param._runtime_param = _AsItIs()


class _AsItIs:
    """In the place of typer's own, which it makes way for at the first value that is of another type."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        plain = _plain(value, param)
        if plain is not _OTHER:
            return plain
        param._runtime_param = None
        return param.get_runtime_param().coerce(value, param=param, ctx=ctx)


def _plain(value: Any, param: Any) -> Any:
    """The value as typer would give it back, if that is known: of none, words, choices, whole numbers and defaults."""
    about = param.type_descriptor
    if about.parameter_info.parser is not None or about.is_file:
        return _OTHER
    if value is None:
        return () if param.multiple or param.nargs == -1 else None
    if get_origin(about.annotation) is not list:
        return _plain_one(value, about.annotation, about.parameter_info)
    if not isinstance(value, list | tuple):
        return _OTHER
    (kind,) = get_args(about.annotation)
    values = [_plain_one(each, kind, about.parameter_info) for each in value]
    return _OTHER if _OTHER in values else values


def _plain_one(value: Any, kind: Any, about: Any) -> Any:
    """A single value as typer would give it back, if that is known."""
    if type(value) is kind:
        return value
    if kind is float and type(value) is int:
        return float(value)  # as a default is written: 120
    if type(value) is str and isinstance(kind, EnumType):
        return kind._value2member_map_.get(value, _OTHER)
    if type(value) is str and kind is int and _WHOLE.fullmatch(value):
        number, least, most = int(value), about.min, about.max
        return number if (least is None or least <= number) and (most is None or number <= most) else _OTHER
    return _OTHER
