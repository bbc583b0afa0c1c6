"""What a file may hold, declared once as classes: decoding by them, what is wrong in words, and their JSON Schema."""

from reportkit.shapes.decoding import Steps, WrongShapeError, faults, shaped, shown
from reportkit.shapes.shape import Checked, Regex, Shape, note, otherwise, schema

__all__ = [
    "Checked", "Regex", "Shape", "Steps", "WrongShapeError", "faults", "note", "otherwise", "schema", "shaped", "shown",
]  # fmt: skip
