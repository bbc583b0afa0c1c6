"""The state of a shell, noted when it is new and put back after a run: a tenth of the work of making another shell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from types import MethodType
from typing import Any

from traitlets import HasTraits


class ShellState:
    """What a shell and its parts hold; what that is need not be known, so that any version of IPython will do.

    What a run has changed elsewhere, or in an object that a cell has made, is not put back.
    """

    def __init__(self, shell: Any) -> None:
        self._refill: list[Callable[[], None]] = []
        for holder in _holders(shell):
            kind: Any = next(kind for kind in (dict, list, set) if isinstance(holder, kind))
            self._refill += [
                partial(kind.clear, holder),
                partial(kind.extend if kind is list else kind.update, holder, kind.copy(holder)),
            ]

    def put_back(self) -> None:
        """Give the shell what it held when this was made."""
        for step in self._refill:
            step()


def _holders(shell: Any) -> Iterator[Any]:
    """The containers in a shell that can change, those with the attributes of its parts among them."""
    seen, waiting = set[int](), [shell]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, dict | list | set):
            yield one
        waiting += _inside(one)


def _inside(one: Any) -> list[Any]:
    """What an object leads to that may be of the shell, too."""
    within = [vars(one)] if _is_part(type(one)) and hasattr(one, "__dict__") else []
    if isinstance(one, MethodType):
        within.append(one.__self__)
    elif isinstance(one, dict):
        within += one.values()
    elif isinstance(one, list | tuple | set):
        within += one
    return within


def _is_part(kind: type) -> bool:
    return issubclass(kind, HasTraits) or any(base.__module__.startswith("IPython.") for base in kind.__mro__)
