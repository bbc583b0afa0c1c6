"""Jobs in, outcomes out: every report through checks, papermill, exporters and into place.

Public names: `run` (jobs to outcomes, on any executor of `concurrent.futures`), `build` (one job, in this process),
`Outcome`, `execute` (one notebook through papermill) and `export` (an executed notebook to HTML or PDF).
"""

from reportkit.batch.notebooks import execute
from reportkit.batch.outcome import Outcome
from reportkit.batch.publishing import export
from reportkit.batch.running import run
from reportkit.batch.worker import build

__all__ = ["Outcome", "build", "execute", "export", "run"]
