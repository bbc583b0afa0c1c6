"""The commands that cells have in a kernel and in no other shell: `%autosave`, `%store` and others."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from ipykernel.zmqshell import KernelMagics
from IPython.core.magic import line_magic, magics_class


@magics_class
class ReportMagics(KernelMagics):
    """ipykernel's own commands."""

    @line_magic
    def autosave(self, line: str) -> None:  # type: ignore[override]
        """Do nothing: no notebook is open in a browser that could save it."""


class Memory(dict[str, Any]):
    """What commands such as `%cd`, `%bookmark` and `%store` keep, else in a folder of a profile: for one run alone."""

    def keys(self, pattern: str = "*") -> list[str]:  # type: ignore[override]
        """Return the keys that a pattern fits."""
        return [key for key in self if fnmatchcase(key, pattern)]

    def __delitem__(self, key: str) -> None:
        """Forget a key, which need not be there."""
        self.pop(key, None)


def equip(shell: Any) -> None:
    """Give a shell these commands, and the place where they keep what they know."""
    shell.db = Memory()
    shell.register_magics(ReportMagics)
    shell.magics_manager.register_lazy("store", "storemagic")
