"""Jobs in, outcomes out: every report through checks, papermill, exporters and into place.

Public names: `run` (jobs to outcomes, on any executor of `concurrent.futures`), `build` (one job, in this process),
`Outcome`, `execute` (one notebook through papermill) and `export` (an executed notebook to HTML or PDF).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportkit.batch.execution import execute
    from reportkit.batch.exports import export
    from reportkit.batch.outcome import Outcome
    from reportkit.batch.processes.worker import build
    from reportkit.batch.scheduler import run

__all__ = ["Outcome", "build", "execute", "export", "run"]

_HOMES = {
    "Outcome": "outcome",
    "build": "processes.worker",
    "execute": "execution",
    "export": "exports",
    "run": "scheduler",
}


def __getattr__(name: str) -> Any:
    # A command starts a worker process before it imports the rest.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"reportkit.batch.{_HOMES[name]}"), name)
