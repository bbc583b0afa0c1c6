"""Run the cells of a notebook in this process, as the papermill engine ``reportkit``.

Public names:

- `InProcessEngine`: the papermill engine. ``papermill --engine reportkit`` and
  ``papermill.execute_notebook(..., engine_name="reportkit")`` find it through its entry point.
- `prepare`: does ahead what the next run can be spared, in a process that is going to be forked for instance.
- `ReadableTranslator`: writes parameters as readable Python (``'桑洲镇'``, where papermill writes escapes). Importing
  this module registers it, and papermill imports this module: every papermill run in this environment profits.
- `strip_times`: takes out of an executed notebook whatever differs from run to run.

Nothing here imports IPython before a notebook is run: ``import papermill`` must stay as quick as it was.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Return `InProcessEngine` while this module is still being imported.

    Papermill loads our entry point at the end of its own import. When *this* module is imported first, that happens
    inside the next line, before the name below exists.
    """
    if name == "InProcessEngine":
        from reportkit.engine.inprocess_engine import InProcessEngine

        return InProcessEngine
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


import papermill.engines  # noqa: E402, F401  (must come after __getattr__, see there)

from reportkit.engine.inprocess_engine import InProcessEngine, prepare  # noqa: E402
from reportkit.engine.parameters import ReadableTranslator  # noqa: E402
from reportkit.engine.volatile_metadata import strip_times  # noqa: E402

__all__ = ["InProcessEngine", "ReadableTranslator", "prepare", "strip_times"]
