"""The language of what a person is told: English, as the code has it, or that of a catalogue in `locale/`.

A sentence is one whole template, whose fields have names: `_("{path}: is a link").format(path=path)`. What a sentence
is made of later, it is marked with `N_` where it stands. `tools/translations.py` finds both.

The words of the official forms and what is wrong with a filing are no part of this: they are Chinese in any language.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from gettext import GNUTranslations

_CATALOGUES = {"en": "", "zh": "zh_CN", "chinese": "zh_CN"}
"""The folder of a language in `locale/`; English needs none. Windows says `Chinese (Simplified)_China`."""


@cache
def language() -> str:
    """Return the folder of the language that the environment asks for, or "" for English: decided once."""
    for asked in _asked():
        name = asked.lower().replace("-", "_").partition(".")[0].partition("@")[0]
        for key in (name.partition("_")[0], name.partition(" ")[0]):
            if key in _CATALOGUES:
                return _CATALOGUES[key]
    return ""


def gettext(message: str) -> str:
    """Return a sentence in the language that is asked for, with its fields still open."""
    catalogue = _catalogue() if message else None  # of nothing it would say what catalogue it is
    return catalogue.gettext(message) if catalogue else message


def ngettext(one: str, many: str, number: int) -> str:
    """Return the sentence for this number of things in the language that is asked for, with its fields still open."""
    catalogue = _catalogue()
    if catalogue:
        return catalogue.ngettext(one, many, number)
    return one if number == 1 else many


def in_a_row(names: Iterable[str]) -> str:
    """Return names one after the other: a, b, c."""
    row = ""
    for name in names:
        row = _("{left}, {right}").format(left=row, right=name) if row else name
    return row


def N_(message: str) -> str:  # noqa: N802  (as it is called everywhere)
    """Return a sentence as it is: it is translated later, by `gettext`, and only marked here."""
    return message


_ = gettext


def _asked() -> list[str]:
    """The languages that are asked for, the dearest first, as gettext has it; without its variables, the system's."""
    variables = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    locale = next(filter(None, variables), "")
    if locale in ("C", "POSIX"):  # which LANGUAGE does not overrule
        return []
    if listed := os.environ.get("LANGUAGE", ""):
        return listed.split(":")
    if locale:
        return [locale]
    from locale import getlocale

    return [getlocale()[0] or ""]


@cache
def _catalogue() -> GNUTranslations | None:
    if not (folder := language()):
        return None
    from gettext import GNUTranslations

    with (Path(__file__).parent / "locale" / folder / "LC_MESSAGES" / "reportkit.mo").open("rb") as file:
        return GNUTranslations(file)
