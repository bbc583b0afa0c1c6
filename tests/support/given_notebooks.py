"""A notebook that was given parameters and run, for what a style says of a report."""

from __future__ import annotations

from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

GIVEN = 'town = "Alderbrook"\nyear = 2024\ndate = "2025-02-14"\nclerk = ""\nfigures = {"a": 1}'


def notebook(given: str = GIVEN, text: str = "# A Report\n\nIts words.") -> Any:
    cells = [new_code_cell(given, metadata={"tags": ["parameters"]}, execution_count=1), new_markdown_cell(text)]
    return new_notebook(cells=cells)
