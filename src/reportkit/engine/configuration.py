"""What the parts of a shell ask of its configuration, and need not: a fifth of the time that a shell takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from traitlets.config import Configurable


@contextmanager
def unasked_configuration() -> Iterator[None]:
    """Let traitlets look for the settings of an object, in the block, only if the configuration has any for its class.

    A shell has two dozen parts, for one of which there is a setting; for each, traitlets goes through all it could set.
    """
    handler: Any = vars(Configurable).get("_config_changed")
    load = getattr(handler, "func", None)
    if not callable(load):  # another traitlets than we know
        yield
        return
    handler.func = _when_set(load)
    try:
        yield
    finally:
        handler.func = load


def _when_set(load: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """The function, but only for objects for which there is a setting: by their class or that of what they stand in."""

    def asked(configurable: Any, change: Any) -> None:
        owner = configurable
        while owner is not None:
            kind: Any = type(owner)
            if not _names(kind).isdisjoint(change.new):
                load(configurable, change)
                return
            owner = owner.parent

    return asked


@lru_cache(maxsize=256)
def _names(cls: type) -> frozenset[str]:
    return frozenset(base.__name__ for base in cls.__mro__)
