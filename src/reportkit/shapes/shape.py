"""How a shape is declared: a class with typed fields, each with what an editor and a message say of it."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Self, TypeVar

import msgspec

T = TypeVar("T")


class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mapping with the entries that its class declares, and no other."""


class Checked(str):
    """A text that only some texts can be."""

    __slots__ = ()
    SCHEMA: ClassVar[dict[str, Any]] = {}

    @classmethod
    def read(cls, value: Any) -> Self:
        """Return a value of a file as such a text. Raises ValueError with the end of the sentence that tells it."""
        if not isinstance(value, str):
            raise ValueError("")
        if fault := cls.fault(value):
            raise ValueError(fault.strip())
        return cls(value)

    @classmethod
    def fault(cls, text: str) -> str:
        """Return why a text is none of these, "" if it is one."""
        raise NotImplementedError


class Regex(Checked):
    """A regular expression."""

    __slots__ = ()
    SCHEMA: ClassVar[dict[str, Any]] = {"format": "regex"}

    @classmethod
    def fault(cls, text: str) -> str:
        """Return what is wrong in it."""
        try:
            re.compile(text)
        except (re.error, RecursionError, OverflowError) as error:
            return str(error)
        return ""


def note(description: str = "", *, wanted: str = "", **more: Any) -> msgspec.Meta:
    """Return the note for a field: what an editor shows, and what a message says of it where the type is not enough."""
    return msgspec.Meta(description=description or None, extra={"wanted": wanted} if wanted else None, **more)


def otherwise(value: T) -> T:
    """Return the default of a field which is a checked text: msgspec could not write it into the schema by itself."""
    field: T = msgspec.field(default_factory=lambda: value)
    return field


def schema(shape: type, partial: bool = False) -> dict[str, Any]:
    """Return the JSON Schema of a shape; a `partial` one lets entries of the file, and of its groups, be left out."""
    found = msgspec.json.schema(shape, schema_hook=_schema_of)
    if partial:
        parts, root = found["$defs"], found["$ref"].rpartition("/")[2]
        groups = (entry["$ref"].rpartition("/")[2] for entry in parts[root]["properties"].values() if "$ref" in entry)
        for name in [root, *groups]:
            parts[name].pop("required", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def _schema_of(kind: type) -> dict[str, Any]:
    return {"type": "string", **kind.SCHEMA} if issubclass(kind, Checked) else {}
