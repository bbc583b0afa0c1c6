"""Own facts: what the parameters cell of a project's notebook declares beyond the parameters that every report has."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from reportkit.model.names import PARAMETERS
from reportkit.params.facts import FactReader, value_of
from reportkit.project.parameter_sets import declared_in


def fact_readers(notebook: Path) -> dict[str, FactReader]:
    """Return how a parameter file's value is read for each parameter that a notebook declares of its own."""
    found = declared_in(notebook) or {}
    return {name: partial(value_of, one) for name, one in found.items() if name not in PARAMETERS}
