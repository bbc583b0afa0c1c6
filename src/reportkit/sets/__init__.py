"""Parameter sets read from a list: typed, checked and named, with every fault told before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportkit.declarations.declaring import Declared
from reportkit.sets.output_names import named, output_name
from reportkit.sets.places import ParameterSet, Where

__all__ = ["ParameterSet", "Where", "named", "output_name", "read_sets"]

_NOTHING: Mapping[str, Any] = {}


def read_sets(
    path: Path, known: Mapping[str, Declared] | None, common: Mapping[str, Any] = _NOTHING
) -> list[ParameterSet]:
    """Return the sets of parameters that a list holds; see reportkit.sets.lists, loaded with the first list."""
    from reportkit.sets import lists

    return lists.read_sets(path, known, common)
