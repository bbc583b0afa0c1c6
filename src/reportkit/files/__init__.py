"""Files as they are written: whole or not at all, never over another's save, with what was before kept."""

from reportkit.files.history import BY_HAND, UNDO, History, Step
from reportkit.files.writing import (
    OWN,
    ChangedError,
    all_on_disk,
    move_all,
    move_new,
    own_folder,
    put,
    read_now,
    remove_if,
    replace_if,
    write_parts,
    write_whole,
)

__all__ = [
    "BY_HAND", "OWN", "UNDO", "ChangedError", "History", "Step", "all_on_disk", "move_all", "move_new", "own_folder",
    "put", "read_now", "remove_if", "replace_if", "write_parts", "write_whole",
]  # fmt: skip
