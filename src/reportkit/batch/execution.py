"""Running a notebook through papermill."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportkit.assigned_names import INJECTED
from reportkit.batch.lean_imports import lean_imports
from reportkit.errors import RunError
from reportkit.notebook import read_notebook
from reportkit.notebook.own_words import drafted
from reportkit.notebook.towns import Town
from reportkit.translation import _

_ENGINE = "reportkit"


def execute(notebook: Path, values: dict[str, Any], cwd: Path, engine: str | None = _ENGINE) -> Any:
    """Return the notebook, executed by a papermill engine with these parameters, as a NotebookNode without times.

    `engine` None is papermill's own: a new kernel.

    Raises RunError for the cell that failed, UserError if the file is no notebook.
    """
    nb, failure = run_cells(with_parameters(read_notebook(notebook).text, values), cwd, engine)
    if failure is not None:
        raise failure
    return nb


def with_parameters(text: str, values: dict[str, Any]) -> Any:
    """Return a notebook's JSON as a NotebookNode with the parameters in a cell, as papermill puts them."""
    with lean_imports():
        from papermill.engines import papermill_engines
        from papermill.parameterize import translate_parameters
        from papermill.utils import find_first_tagged_cell_index

    nb = pickle.loads(_loaded(text))
    kernel, language = papermill_engines.nb_kernel_name(_ENGINE, nb), papermill_engines.nb_language(_ENGINE, nb)
    injected = nb.cells[find_first_tagged_cell_index(nb, INJECTED)]
    injected.source = translate_parameters(kernel, language, values)
    dict.__setitem__(nb.metadata.papermill, "parameters", values)  # as they are: no node for each of their mappings
    return nb


def town_notebook(town: Town, values: dict[str, Any]) -> Any:
    """Return a town's notebook with its parameters: as its own copy has it, or the master with the town's words."""
    if town.copy:
        return with_parameters(town.text, values)
    from nbformat import NotebookNode

    nb = with_parameters(town.master.text, values)
    nb.cells = [NotebookNode(cell) for cell in drafted(nb.cells, town.words)]
    return nb


@lru_cache(maxsize=4)
def _loaded(text: str) -> bytes:
    """A notebook as papermill loads it, with no parameters in their cell: made once, it is copied for each report."""
    import reportkit.engine  # noqa: F401  (parameters as a person can read them)

    with lean_imports():
        import nbformat
        from papermill.iorw import load_notebook_node
        from papermill.parameterize import parameterize_notebook

    nb = load_notebook_node(nbformat.reads(text, as_version=4))
    return pickle.dumps(parameterize_notebook(nb, {}, engine_name=_ENGINE))


def run_cells(
    nb: Any,
    cwd: Path,
    engine: str | None = _ENGINE,
    on_cell: Callable[[int], None] | None = None,
    plain: bool = False,
) -> tuple[Any, RunError | None]:
    """Return the executed notebook without times, and what its first failing cell failed with.

    `papermill.execute_notebook` with its own steps in this order, less the two times it would write the notebook
    into nowhere. For the engine "reportkit" only: `on_cell` is called with the index of each cell before it starts, and
    the shell of `plain` cells, see `reportkit.batch.purity`, is kept for the next run.
    """
    from papermill.engines import papermill_engines
    from papermill.utils import chdir

    from reportkit.engine import strip_times

    kernel = papermill_engines.nb_kernel_name(engine_name=engine, nb=nb, name=None)
    extras: dict[str, Any] = {"on_cell": on_cell} if on_cell else {}
    extras |= {"plain": True} if plain else {}
    with chdir(str(cwd)):
        done = papermill_engines.execute_notebook_with_engine(
            engine, nb, kernel_name=kernel, output_path=None, progress_bar=False, **extras
        )
    return strip_times(done), _failure(done)


def _failure(nb: Any) -> RunError | None:
    """What the first failing cell says; as with papermill, an error that was expected (raises-exception) is one, too.

    Papermill takes `exit()` for success, but then the report is not whole.
    """
    for index, cell in enumerate(nb.cells):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                ended = _("the cell ended the notebook") if output.ename == "SystemExit" else ""
                return RunError(str(cell.get("id", index)), output.ename, output.evalue or ended)
        if cell.metadata.get("papermill", {}).get("exception"):
            return RunError(str(cell.get("id", index)), *_last_words(cell))
    return None


def _last_words(cell: Any) -> tuple[str, str]:
    """What a cell that left no error has printed last: so IPython tells a command that was used in a wrong way."""
    said = "".join(output.text for output in cell.outputs if output.get("name") == "stderr").strip().splitlines()
    kind, colon, message = (said[-1] if said else "").partition(": ")
    return (kind, message) if colon and kind.isidentifier() else ("CellExecutionError", _("it left no message"))
