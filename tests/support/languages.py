"""Another language than the tests' own English, for the process itself and for commands."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reportkit import translation

CHINESE = {"LC_ALL": "zh_CN.UTF-8"}
"""The environment of a command that is to speak Chinese; the machine need not have the locale."""


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Let what is told in the block be in the language of a locale."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", locale)
        _forget()
        try:
            yield
        finally:
            patch.undo()
            _forget()


def _forget() -> None:
    translation.language.cache_clear()
    translation._catalogue.cache_clear()
