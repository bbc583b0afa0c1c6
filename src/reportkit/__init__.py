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


def load_ipython_extension(_shell: object) -> None:
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
            look_from_here()
