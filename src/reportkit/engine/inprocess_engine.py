"""The papermill engine that runs a notebook in the current process."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from click import ClickException
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_notebook
from papermill.engines import Engine, NotebookExecutionManager
from papermill.log import logger

from reportkit.assigned_names import strange_parameter, tags_of
from reportkit.engine.parameters import fold, register_translator
from reportkit.errors import UserError
from reportkit.translation import _

register_translator()

_LANGUAGE_INFO = {
    "name": "python",
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "pygments_lexer": "ipython3",
    "codemirror_mode": {"name": "ipython", "version": 3},
    "nbconvert_exporter": "python",
}

_MAX_OUTPUT = 50_000_000  # a report has some hundred thousand; JupyterLab takes a minute to open so much

_REHEARSAL = (
    "import sys\nprint(1)",
    "from IPython.display import HTML, display\ndisplay(HTML(''))\nHTML('')",
    "%%html\n",
)


def prepare(sources: Iterable[str] = ()) -> None:
    """Return nothing; do what the next run can be spared, in a process that runs notebooks or forks to run them.

    Imported is what a run imports; a shell is made for the next run in this process, and each process forked from it
    has that shell for its first run; `sources`, the code of cells, is compiled and not run. The process is otherwise as
    before. Calling this again makes up for what has been used.
    """
    from reportkit.engine.compiler import remember
    from reportkit.engine.spare_shell import keep_shell_ready

    # A run finds out by itself what it imports, whatever the versions of IPython and ipykernel.
    nb = new_notebook(cells=[new_code_cell(source) for source in _REHEARSAL], metadata={"papermill": {}})
    InProcessEngine.execute_notebook(nb, None, progress_bar=False, max_output=None)
    for source in sources:
        remember(source)
    keep_shell_ready()


class EngineError(UserError, ClickException):
    """A notebook that is not run at all; papermill's command line tells the sentence and ends with 1."""

    def format_message(self) -> str:
        """Return the sentence as papermill prints it."""
        return str(self)


class InProcessEngine(Engine):  # type: ignore[misc]
    """Papermill engine that runs cells in an IPython shell of this process, and records what a kernel would send.

    The process is as before afterwards, but imported modules stay imported. One run at a time in a process. There is
    no time limit: only another process could end a cell that hangs. `kernel_name`, `start_timeout` and
    `execution_timeout` are accepted and have no effect.

    Options of its own: `on_cell` is called with the index of each cell before it starts. `max_output` is the number of
    bytes that the notebook may print and display; the cell that goes beyond fails with OutputLimitError, and nothing
    more is recorded. None means no limit. `plain` is for cells that are known to change nothing in the shell but names,
    history and commands, and to start no task and no program: the next run takes the shell over, as it was when it was
    new, and neither a loop nor what is written past Python is there for them.
    """

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """Return the kernel that papermill is to note; a notebook need not name one, as none is started."""
        return str(name or (nb.metadata.get("kernelspec") or {}).get("name") or "python3")

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        """Return the language in which papermill is to write the parameters."""
        return str(language or _language(nb))

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str | None,
        output_path: str | None = None,
        progress_bar: Any = True,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        **kwargs: Any,
    ) -> Any:
        """Return `nb`, executed; as papermill's, but for the manager."""
        nb_man = _Manager(nb, output_path, log_output, progress_bar, autosave_cell_every)
        nb_man.notebook_start()
        try:
            cls.execute_managed_notebook(nb_man, kernel_name, log_output=log_output, **kwargs)
        finally:
            nb_man.cleanup_pbar()
            nb_man.notebook_complete()
        return nb_man.nb

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
        on_cell: Callable[[int], None] | None = None,
        max_output: int | None = _MAX_OUTPUT,
        plain: bool = False,
        **_: Any,
    ) -> None:
        """Return nothing; run the cells of ``nb_man.nb`` up to the first that fails, and put the outputs into it."""
        nb = nb_man.nb
        _check_language(nb)
        _check_parameters(nb)
        fold(nb)
        from reportkit.engine.session import Session  # imports IPython

        sinks = {"stdout": stdout_file, "stderr": stderr_file}
        with Session(max_output, plain) as session:
            for index, cell in enumerate(nb.cells):
                if on_cell is not None:
                    on_cell(index)
                if not _run_cell(nb_man, session, cell, index, allow_errors):
                    _log_outputs(cell, log_output, sinks)
                    break
                _log_outputs(cell, log_output, sinks)
            nb.metadata["language_info"] = from_dict(_LANGUAGE_INFO)
            if widgets := session.widgets.metadata():
                nb.metadata["widgets"] = from_dict(widgets)


class _Manager(NotebookExecutionManager):  # type: ignore[misc]
    """Papermill's manager, which after each cell parses the time at which it began from the text it has written."""

    def cell_complete(self, cell: NotebookNode, cell_index: int | None = None, **kwargs: Any) -> None:
        notes = cell.metadata.papermill
        if self.output_path or not notes.get("start_time"):
            super().cell_complete(cell, cell_index, **kwargs)
            return
        began, notes["start_time"] = notes["start_time"], None
        super().cell_complete(cell, cell_index, **kwargs)
        notes["start_time"] = began
        taken = datetime.fromisoformat(notes["end_time"]) - datetime.fromisoformat(began)
        notes["duration"] = taken.total_seconds()


def _language(nb: NotebookNode) -> str:
    """The language of a notebook; one that says nothing of it is taken for Python, as others are not run here."""
    named = (nb.metadata.get("kernelspec") or {}).get("language")
    return str(named or (nb.metadata.get("language_info") or {}).get("name") or "python")


def _check_language(nb: NotebookNode) -> None:
    language = _language(nb)
    if language.lower() not in ("python", "ipython"):
        words = _(
            "the notebook is written in {language}, and the engine 'reportkit' runs Python only; "
            "leave the engine out to run it in its own kernel"
        )
        raise EngineError(words.format(language=language))


def _check_parameters(nb: NotebookNode) -> None:
    """Raise EngineError for a parameter that the notebook does not have; papermill itself only warns."""
    given = nb.metadata.get("papermill", {}).get("parameters", {})
    if strange := strange_parameter(nb.cells, given):
        raise EngineError(strange)


def _run_cell(nb_man: Any, session: Any, cell: NotebookNode, index: int, allow_errors: bool) -> bool:
    """Return whether the next cell may run."""
    nb_man.cell_start(cell, index)
    try:
        error = session.run_cell(cell) if _is_executed(cell) else None
        if error is None or allow_errors or "raises-exception" in tags_of(cell):
            return True
        nb_man.cell_exception(cell, cell_index=index, exception=error)
        return False
    except BaseException as error:  # Ctrl-C: the notebook shows where, and the caller gets it
        nb_man.cell_exception(cell, cell_index=index, exception=error)
        raise
    finally:
        nb_man.cell_complete(cell, cell_index=index)


def _is_executed(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip()) and "skip-execution" not in tags_of(cell)


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
