"""reportkit: one notebook, one data file per town, checked HTML and PDF reports.

For notebooks and scripts, see reportkit.api: `build` (reports of parameter files), `read` (a parameter file), `check`
(what is wrong with one), `open_report` (in a notebook), `export` (an executed notebook to bytes), `load_kind`. All else
may change from version to version.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportkit.api import build, check, export, load_kind, open_report, read

__version__ = "0.1.0"

__all__ = ["__version__", "build", "check", "export", "load_kind", "open_report", "read"]


def __getattr__(name: str) -> Any:
    # The command line and the workers do without most of it: importing it all takes a second.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from reportkit import api

    return getattr(api, name)
