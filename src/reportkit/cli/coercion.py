"""What a command is called with, as values, without pydantic where words are wanted and words are there.

Typer imports pydantic for the first parameter of a command, whatever its type, which is a third of the time of a small
command. How a version of typer keeps what it does then is its own affair: one that does it otherwise than this knows
goes its own way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

_OTHER: Final = object()


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
    """The value, if typer would give it back as it is: none, words for words, and a default of the right type."""
    about = param.type_descriptor
    if about.parameter_info.parser is not None or about.is_file:
        return _OTHER
    if value is None:
        return () if param.multiple or param.nargs == -1 else None
    if about.annotation == list[str] and isinstance(value, list | tuple) and all(type(each) is str for each in value):
        return list(value)
    if about.annotation is float and type(value) is int:
        return float(value)  # as a default is written: 120
    return value if type(value) is about.annotation else _OTHER
