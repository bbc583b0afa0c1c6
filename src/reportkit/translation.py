"""The language of what a person is told: English, as the code has it, or that of a catalogue in `locale/`.

A sentence is one whole template, whose fields have names: `_("{path}: is a link").format(path=path)`. What a sentence
is made of later, it is marked with `N_` where it stands. `tools/translations.py` finds both.

The words of the official forms and what is wrong with a filing are no part of this: they are Chinese in any language.
What such a sentence quotes and a person is told in sentences of ours, too, `for_issues` tells in its language.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from gettext import GNUTranslations
    from typing import Self

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


def for_issues(message: str) -> str:
    """Return a sentence in the language that issues of a filing are told in, with its fields still open.

    That is Chinese, whoever asks, as long as their catalogue in `messages/` has no other language.
    """
    return _read("zh_CN").gettext(message)


class Saying(str):
    """A sentence in the language of the person, or several put into one, which an issue quotes in its own language.

    The template's fields are filled with `values`: texts, numbers, lists of them, and other such sentences.
    """

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Return the sentence; `template` is found for the catalogues as what `gettext` is given."""
        made = super().__new__(cls, _filled(gettext, template, values))
        made._template, made._values = template, values
        return made

    _template: str
    _values: Mapping[str, object]

    def __reduce__(self) -> tuple[Any, ...]:
        return _saying, (self._template, self._values)

    @property
    def in_issue(self) -> str:
        """The sentence in the language that issues are told in."""
        return _filled(for_issues, self._template, {name: in_issue(value) for name, value in self._values.items()})


def _saying(template: str, values: Mapping[str, object]) -> Saying:
    return Saying(template, **values)


def _filled(say: Callable[[str], str], template: str, values: Mapping[str, object]) -> str:
    lists = {name: in_a_row(value, say) for name, value in values.items() if isinstance(value, list)}
    return say(template).format(**{**values, **lists})


def in_issue(value: object) -> object:
    """Return a value as an issue quotes it: what can be told in two languages, in the one that issues have."""
    return getattr(value, "in_issue", value)


def in_a_row(names: Iterable[str], say: Callable[[str], str] | None = None) -> str:
    """Return names one after the other, as the person's language or that of `say` has them: a, b, c."""
    row = ""
    for name in names:
        row = (say or gettext)(N_("{left}, {right}")).format(left=row, right=name) if row else name
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
    return _read(language()) if language() else None


@cache
def _read(folder: str) -> GNUTranslations:
    from gettext import GNUTranslations

    with (Path(__file__).parent / "locale" / folder / "LC_MESSAGES" / "reportkit.mo").open("rb") as file:
        return GNUTranslations(file)
