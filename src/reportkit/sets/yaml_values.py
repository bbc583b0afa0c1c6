"""A value that is written in YAML as that of a parameter: what is written decides, and not what YAML makes of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import yaml

from reportkit.declarations.declaring import UNKNOWN, Declared
from reportkit.declarations.typed_values import is_date, typed
from reportkit.declarations.unfit import UnfitError
from reportkit.params.nodes import Entries, Node, Scalar, Sequence
from reportkit.sets.fitting import fitted
from reportkit.shapes import shown
from reportkit.translation import N_

_NULL = ("", "~", "null", "Null", "NULL")
_TRUTH = {"on": True, "off": False}
_NUMBERS = {".nan": math.nan, ".inf": math.inf, "+.inf": math.inf, "-.inf": -math.inf}


def yaml_value(node: Node, declared: Declared | None) -> Any:
    """Return what a node says as the value of a parameter. Raises UnfitError if that is none, or not certain.

    A plain scalar is read as the text of a cell is; one in quotes is a text. Where no type is declared, one of which
    YAML makes something else than what stands there (007, no, 1_000, 12:30) must be written in another way.
    """
    match node:
        case Scalar(plain=True) if node.text in _NULL:
            return fitted(None, declared)
        case Scalar(plain=True):
            return _plain(node.text, declared)
        case Scalar():
            return fitted(node.text, declared)
        case Sequence():
            return fitted([yaml_value(item, None) for item in node.items], declared)
        case Entries():
            return fitted(_mapping(node), declared)


def entries_of(node: Entries) -> Iterator[tuple[Scalar, Node, bool]]:
    """Yield names and values, and whether the name has been there before."""
    seen: set[str] = set()
    for key, value in node.pairs:
        yield key, value, key.text in seen
        seen.add(key.text)


def _mapping(node: Entries) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value, twice in entries_of(node):
        if twice:
            raise UnfitError(N_("{name} stands twice"), name=shown(key.text))
        found[key.text] = yaml_value(value, None)
    return found


def _plain(text: str, declared: Declared | None) -> Any:
    kind = declared.type if declared else UNKNOWN
    if kind in (UNKNOWN, "float") and text.lower() in _NUMBERS:
        return _NUMBERS[text.lower()]
    if kind == "bool" and text.lower() in _TRUTH:
        return _TRUTH[text.lower()]
    return _unknown(text) if kind == UNKNOWN else typed(text, declared)


def _unknown(text: str) -> Any:
    """A plain scalar of no known type: as YAML reads it, if that is what stands there."""
    read = _as_yaml_reads(text)
    if isinstance(read, str):
        return text
    value = typed(text, None)
    if type(value) is type(read) and value == read:
        return value
    words = N_("YAML reads {found} as {read}; put it in quotes to keep it as it is, or write that value plainly")
    raise UnfitError(words, found=shown(text), read=shown(read))


def _as_yaml_reads(text: str) -> Any:
    """What papermill would be given; a day is the text of it, as that is what a notebook gets."""
    if is_date(text):
        return text
    loader = yaml.SafeLoader("")
    tag = loader.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    if tag.rpartition(":")[2] not in ("int", "float", "bool", "timestamp"):
        return text
    try:
        return loader.construct_object(yaml.ScalarNode(tag, text))
    except (ValueError, yaml.YAMLError):
        return None
