"""Jobs in, outcomes out: every report through checks, papermill, exporters and into place.

Public names: `run` (jobs to outcomes, on any executor of `concurrent.futures`), `build` (one job, in this process),
`Outcome`, `execute` (one notebook through papermill) and `export` (an executed notebook to HTML or PDF).
"""

from reportkit.batch.execution import execute
from reportkit.batch.exports import export
from reportkit.batch.outcome import Outcome
from reportkit.batch.processes.worker import build
from reportkit.batch.scheduler import run

__all__ = ["Outcome", "build", "execute", "export", "run"]
