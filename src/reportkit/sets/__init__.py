"""Parameter sets read from a list: typed, checked and named, with every fault told before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportkit.sets.declaring import Declared, declared
from reportkit.sets.output_names import named, output_name
from reportkit.sets.places import ParameterSet, Where
from reportkit.sets.typed_values import typed

__all__ = ["Declared", "ParameterSet", "Where", "declared", "named", "output_name", "read_sets", "typed"]

_NOTHING: Mapping[str, Any] = {}


def read_sets(
    path: Path, known: Mapping[str, Declared] | None, common: Mapping[str, Any] = _NOTHING
) -> list[ParameterSet]:
    """Return the sets of parameters that a list holds; see reportkit.sets.lists, loaded with the first list."""
    from reportkit.sets import lists

    return lists.read_sets(path, known, common)
