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
    with _told_by("LC_ALL", locale):
        yield


@contextmanager
def issues_in(language: str) -> Iterator[None]:
    """Let the issues of the block be told in a language, "" for that of the person."""
    with _told_by(translation.ISSUES, language):
        yield


@contextmanager
def _told_by(variable: str, value: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(variable, value)
        forget()
        try:
            yield
        finally:
            patch.undo()
            forget()


def forget() -> None:
    """Let the languages be asked for anew."""
    translation.issue_language.cache_clear()
    translation.language.cache_clear()
    translation._catalogue.cache_clear()
