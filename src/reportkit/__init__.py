"""reportkit: one notebook, one data file per town, checked HTML and PDF reports.

For notebooks and scripts, see reportkit.api: `build` (reports of parameter files), `read` (a parameter file), `check`
(what is wrong with one), `open_report` (in a notebook), `path` (in a notebook: where a file is that it names),
`export` (an executed notebook to bytes), `load_kind`. All else may change from version to version.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportkit.api import build, check, export, load_kind, open_report, path, read

__version__ = "0.1.0"

__all__ = ["__version__", "build", "check", "export", "load_kind", "open_report", "path", "read"]


def __getattr__(name: str) -> Any:
    # The command line and the workers do without most of it: importing it all takes a second.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "path":  # which a kernel needs, and none of the rest
        from reportkit.project import path

        return path
    from reportkit import api

    return getattr(api, name)


def load_ipython_extension(shell: Any) -> None:
    """Return nothing; let modules of a kernel's project be found beside the notebook and in the root, as in a build.

    Every kernel of the environment does so when it starts: etc/ipython/ipython_kernel_config.json asks for it. In a
    folder that is no project's nothing happens; of a project that cannot be used, those tell who use it.
    """
    from contextlib import suppress
    from pathlib import Path

    marks = ("reportkit.toml", "params")  # to look for them here spares kernels elsewhere the import of the rest
    with suppress(OSError):
        here = Path.cwd()
        if not any((folder / name).exists() for folder in (here, *here.parents) for name in marks):
            return
        from reportkit.errors import UserError
        from reportkit.project import look_from_here

        with suppress(UserError):
            project = look_from_here()
            if project.source is None and project.notebook.is_relative_to(project.root) and hasattr(shell, "kernel"):
                _import_ahead(shell)


def _import_ahead(shell: Any) -> None:
    """Let a kernel at rest import what the first cell of a report is going to, more than a second of work.

    While a person still looks at the notebook nobody waits for that. It is done by the thread that runs the cells, so
    that none of them meets a module that is half imported.
    """
    from importlib import import_module

    from tornado.ioloop import IOLoop

    def as_in_a_cell() -> None:
        with shell.builtin_trap:  # pandas asks for get_ipython when it is imported, and without it prints wider tables
            import_module("reportkit.report.live").load()

    IOLoop.current().call_later(_STARTED, as_in_a_cell)


_STARTED = 0.5
"""Seconds after which a kernel that has just loaded us has answered its front end."""
