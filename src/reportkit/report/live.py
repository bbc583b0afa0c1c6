"""What a person sees beside a report in a live front end, and a batch never: its offers come from above this room.

The rooms above name them in the entry point group `reportkit.live`, each a function that shows something.
"""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import entry_points
from typing import Any

from IPython.core.getipython import get_ipython

GROUP = "reportkit.live"


def is_live() -> bool:
    """Whether the cell was sent by a front end in which a person can be asked, as JupyterLab's and no batch's can."""
    kernel: Any = getattr(get_ipython(), "kernel", None)
    request = kernel.get_parent() if kernel is not None else {}
    return bool(request.get("content", {}).get("allow_stdin"))


def load() -> None:
    """Import what is offered, ahead of the cell that is going to show it; what cannot be is told there."""
    for offer in entry_points(group=GROUP):
        with suppress(Exception):
            offer.load()


def show(name: str, *given: Any) -> None:
    """Let what is offered by a name show itself to a person; nothing without one, or if nothing is offered."""
    if is_live():
        for offer in entry_points(group=GROUP, name=name):
            offer.load()(*given)
