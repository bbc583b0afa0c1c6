"""The notebook's side of a report: parameters for a filing, and a notebook that is the same for the same input."""

from reportkit.notebook.marks import is_edited, note_failure, own_mark, sign
from reportkit.notebook.source import Source, read_notebook
from reportkit.notebook.values import parameters

__all__ = ["Source", "is_edited", "note_failure", "own_mark", "parameters", "read_notebook", "sign"]
