"""The notebook's side of a report: its parameters, its cells as one town has them, and what is left in it."""

from reportkit.notebook.marks import is_edited, mark_of, note_failure, sign
from reportkit.notebook.source import Source, notebook_bytes, notebook_of, read_notebook
from reportkit.notebook.values import parameters

__all__ = [
    "Source", "is_edited", "mark_of", "note_failure", "notebook_bytes", "notebook_of", "parameters", "read_notebook",
    "sign",
]  # fmt: skip
