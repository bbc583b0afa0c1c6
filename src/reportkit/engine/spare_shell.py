"""A shell made before it is needed: the dearest part of a run, and the same for each."""

from __future__ import annotations

import atexit
import builtins
import io
import os
import sys
from pathlib import Path
from typing import Any

from IPython.display import display

from reportkit.engine.configuration import unasked_configuration
from reportkit.engine.plots import BACKEND
from reportkit.engine.process_state import kernel_warnings, preserved_process
from reportkit.engine.recorder import Recorder
from reportkit.engine.shell import ReportShell
from reportkit.engine.shell_state import ShellState

# What ipykernel sets, so that the commands of a cell print what they print in a kernel.
_ENVIRONMENT = {
    "TERM": "xterm-color",
    "CLICOLOR": "1",
    "FORCE_COLOR": "1",
    "CLICOLOR_FORCE": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "MPLBACKEND": BACKEND,
}

_waiting: list[tuple[ReportShell, ShellState | None]] = []


def kernel_surroundings() -> None:
    """Make warnings, environment and standard input those of a kernel, for `preserved_process` to restore."""
    kernel_warnings()
    os.environ.update(_ENVIRONMENT)
    sys.stdin = io.StringIO()


def keep_shell_ready() -> None:
    """Make the shell of the next run in this process, and of the first run in each process forked from it."""
    if not _waiting:
        shell: Any = _new_shell()
        # What is made when first used; None is shown in no way but as text.
        shell.display_formatter.format(None)
        shell.transform_cell("None")
        _waiting.append((shell, None))


def put_back(shell: ReportShell, state: ShellState) -> None:
    """Keep a shell of which no more than its state has changed for the next run in this process."""
    state.put_back()
    if not _waiting:
        _waiting.append((shell, state))


def enter_shell(recorder: Recorder, comes_back: bool = False) -> tuple[ReportShell, ShellState | None]:
    """Return a shell, the one that is ready if there is one, and let it change the process as a new one does.

    Of one that is to come back, its state as a new one is returned, too.
    """
    if comes_back:
        keep_shell_ready()
    shell: Any
    shell, state = _waiting.pop() if _waiting else (_new_shell(), None)
    if comes_back and state is None:
        state = ShellState(shell)
    shell.recorder = recorder
    # What the constructor has read from the process, or changed in it, when the shell was made.
    shell.starting_dir = os.getcwd()  # noqa: PTH109  (the attribute is a string)
    shell.history_manager.dir_hist[:] = [Path.cwd()]
    shell.save_sys_module_state()
    shell.init_sys_modules()
    shell.init_pushd_popd_magic()
    # As init_builtins does; but that would make the shell's BuiltinTrap anew, which takes half a millisecond.
    vars(builtins).update(__IPYTHON__=True, display=display)
    shell.init_prompts()
    shell.sys_excepthook = sys.excepthook
    return shell, state


def _new_shell() -> ReportShell:
    """A shell of which there is no trace in the process."""
    with preserved_process(), unasked_configuration():
        kernel_surroundings()
        shell = ReportShell()
    atexit.unregister(shell.atexit_operations)
    return shell
