"""The notebook's side of a report: its parameters, its cells as one town has them, and what is left in it."""

from reportkit.notebook.normalization import Source, notebook_bytes, notebook_of, read_notebook
from reportkit.notebook.provenance import is_edited, mark_of, note_failure, sign
from reportkit.params.parameters import parameters

__all__ = [
    "Source", "is_edited", "mark_of", "note_failure", "notebook_bytes", "notebook_of", "parameters", "read_notebook",
    "sign",
]  # fmt: skip
