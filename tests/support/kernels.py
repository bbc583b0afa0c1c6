"""Kernels for tests, on a machine whose ports others take too.

Jupyter chooses free ports for a kernel and lets go of them before the kernel takes them (jupyter_client#487). With
clusters, stores and other kernels beside it, another process is now and then the quicker one; then the kernel ends
before it answers. That is nothing that a test here is about, so it begins again.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

PORT_TAKEN = "Kernel died before replying to kernel_info"
TRIES = 3


def with_kernel(run: Callable[[], T]) -> T:
    """What `run` returns, which starts a kernel; it is called again if the kernel did not get its ports."""
    for _ in range(TRIES - 1):
        try:
            return run()
        except RuntimeError as error:
            if PORT_TAKEN not in str(error):
                raise
    return run()


def command_with_kernel(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The end of `python -m WORDS`, a command that starts a kernel."""

    def once() -> subprocess.CompletedProcess[str]:
        done = subprocess.run([sys.executable, "-m", *words], cwd=cwd, capture_output=True, text=True, check=False)
        if PORT_TAKEN in done.stderr:
            raise RuntimeError(done.stderr)
        return done

    return with_kernel(once)
