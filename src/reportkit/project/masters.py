"""The master notebooks that a project has which brings none of its own."""

from __future__ import annotations

from pathlib import Path

from reportkit.kinds import DEFAULT, KINDS, Kind
from reportkit.project.config import MASTER

_PACKAGE = Path(__file__).parent.parent

PACKAGED_NOTEBOOK = next(
    # In a checkout, from which an editable install runs, the master is not in the package but beside it.
    (folder / MASTER for folder in (_PACKAGE, _PACKAGE.parents[1]) if (folder / MASTER).is_file()),
    _PACKAGE / MASTER,
)
"""The master of the default kind."""

GENERIC = KINDS / "report.ipynb"
"""The master of any form: the title, then each section with its heading, its words and its table."""


def packaged_master(kind: Kind) -> Path:
    """Return the master that comes with a kind; it is the generic one for a kind that brings forms alone."""
    return kind.master or (PACKAGED_NOTEBOOK if KINDS / DEFAULT in kind.folders else GENERIC)
