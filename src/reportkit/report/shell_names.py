"""What the cells of a running notebook have assigned."""

from __future__ import annotations

from typing import Any

from IPython.core.getipython import get_ipython
from jinja2.utils import missing


def assigned(name: str) -> Any:
    """Return what cells have assigned to a name, jinja2's `missing` if nothing; what IPython puts there is not it."""
    shell: Any = get_ipython()
    if shell is None or name.startswith("_"):
        return missing
    value = shell.user_ns.get(name, missing)
    return missing if value is shell.user_ns_hidden.get(name, missing) else value
