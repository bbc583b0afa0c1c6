"""The papermill engine that runs a notebook in the current process."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode, from_dict
from papermill.engines import Engine
from papermill.log import logger

from reportkit.engines.parameters import register_translator
from reportkit.errors import UserError

register_translator()

_LANGUAGE_INFO = {
    "name": "python",
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "pygments_lexer": "ipython3",
    "codemirror_mode": {"name": "ipython", "version": 3},
    "nbconvert_exporter": "python",
}


class InProcessEngine(Engine):  # type: ignore[misc]
    """Papermill engine that runs cells in an IPython shell of this process, and records what a kernel would send.

    The process is as before afterwards, but imported modules stay imported. One run at a time in a process. There is
    no time limit: only another process could end a cell that hangs. `kernel_name`, `start_timeout` and
    `execution_timeout` are accepted and have no effect.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str | None,  # noqa: ARG003
        *,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        allow_errors: bool = False,
        **_: Any,
    ) -> None:
        """Return nothing; run the cells of ``nb_man.nb`` up to the first that fails, and put the outputs into it."""
        nb = nb_man.nb
        _check_language(nb)
        from reportkit.engines.session import Session  # imports IPython

        sinks = {"stdout": stdout_file, "stderr": stderr_file}
        with Session() as session:
            for index, cell in enumerate(nb.cells):
                if not _run_cell(nb_man, session, cell, index, allow_errors):
                    _log_outputs(cell, log_output, sinks)
                    break
                _log_outputs(cell, log_output, sinks)
            nb.metadata["language_info"] = from_dict(_LANGUAGE_INFO)
            if widgets := session.widgets.metadata():
                nb.metadata["widgets"] = from_dict(widgets)


def _check_language(nb: NotebookNode) -> None:
    language = nb.metadata.get("kernelspec", {}).get("language", "python")
    if language.lower() != "python":
        raise UserError(
            f"the notebook is written in {language}, and the engine 'reportkit' runs Python only; "
            "leave the engine out to run it in its own kernel"
        )


def _run_cell(nb_man: Any, session: Any, cell: NotebookNode, index: int, allow_errors: bool) -> bool:
    """Return whether the next cell may run."""
    nb_man.cell_start(cell, index)
    try:
        error = session.run_cell(cell) if _is_executed(cell) else None
        if error is None or allow_errors or "raises-exception" in _tags(cell):
            return True
        nb_man.cell_exception(cell, cell_index=index, exception=error)
        return False
    except BaseException as error:  # Ctrl-C: the notebook shows where, and the caller gets it
        nb_man.cell_exception(cell, cell_index=index, exception=error)
        raise
    finally:
        nb_man.cell_complete(cell, cell_index=index)


def _is_executed(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip()) and "skip-execution" not in _tags(cell)


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])  # type: ignore[no-any-return]


def _log_outputs(cell: NotebookNode, log_output: bool, sinks: dict[str, Any]) -> None:
    """Do what papermill's options --log-output, --stdout-file and --stderr-file ask for, once a cell is complete."""
    for output in cell.get("outputs", []) if log_output or any(sinks.values()) else []:
        if output.output_type == "stream":
            if log_output:
                (logger.info if output.name == "stdout" else logger.warning)(output.text)
            if sink := sinks[output.name]:
                sink.write(output.text)
                sink.flush()
        elif log_output and "text/plain" in output.get("data", {}):
            logger.info(output.data["text/plain"])
