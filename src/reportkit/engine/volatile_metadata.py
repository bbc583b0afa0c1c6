"""Taking out of an executed notebook what differs from run to run."""

from __future__ import annotations

from nbformat import NotebookNode

_NOTEBOOK_KEYS = ("start_time", "end_time", "duration", "input_path", "output_path", "version", "environment_variables")
_CELL_KEYS = ("start_time", "end_time", "duration")


def strip_times(nb: NotebookNode) -> NotebookNode:
    """Return `nb` itself, without the times, paths and versions that differ from run to run.

    Taken out: of `nb.metadata.papermill` start, end and duration, the two paths, papermill's version and the
    environment variables; of each cell's `metadata.papermill` start, end and duration; each cell's
    `metadata.execution` (nbclient's times); the version in `nb.metadata.language_info`. The cell papermill injects gets
    the id ``injected-parameters`` in place of a random one. Kept: tags, parameters, statuses, exception marks, outputs.
    """
    for key in _NOTEBOOK_KEYS:
        nb.metadata.get("papermill", {}).pop(key, None)
    nb.metadata.get("language_info", {}).pop("version", None)
    for cell in nb.cells:
        for key in _CELL_KEYS:
            cell.metadata.get("papermill", {}).pop(key, None)
        cell.metadata.pop("execution", None)
        if "id" in cell and "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
    return nb
