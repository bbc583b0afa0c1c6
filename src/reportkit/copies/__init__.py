"""Towns' own copies of the notebook: what a town has changed in a cell stays, whatever becomes of the master."""

from reportkit.copies.changing import Carried, carry, make_copy, remove_copy, reset, resolve
from reportkit.copies.file import Copy, copy_digest, copy_path, parameters_changed, read_copy
from reportkit.copies.joining import Town, as_printed, inputs_of, printed, read_town
from reportkit.copies.status import Change, changes, strays, towns_with_copies

__all__ = [
    "Carried", "Change", "Copy", "Town", "as_printed", "carry", "changes", "copy_digest", "copy_path", "inputs_of",
    "make_copy", "parameters_changed", "printed", "read_copy", "read_town", "remove_copy", "reset",
    "resolve", "strays", "towns_with_copies",
]  # fmt: skip
