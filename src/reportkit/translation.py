"""The language of what a person is told: English, as the code has it, or that of a catalogue in `locale/`.

A sentence is one whole template, whose fields have names: `_("{path}: is a link").format(path=path)`. What a sentence
is made of later, it is marked with `N_` where it stands. `tools/translations.py` finds both.

The words of the official forms are no part of this: they are Chinese in any language. What is wrong with a filing has
catalogues of its own (`messages/`), and is told in the language of issues: the person's, unless REPORTKIT_ISSUES names
another. What goes into a report is told once more in the report's language: a text that can be has a method `told_in`,
and `in_language` asks for it.
"""

from __future__ import annotations

import os
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from gettext import GNUTranslations
    from typing import Self

_CATALOGUES = {"en": "", "zh": "zh_CN", "chinese": "zh_CN"}
"""The folder of a language in `locale/`; English needs none. Windows says `Chinese (Simplified)_China`."""

_OF_ISSUES = {"": "en", "zh_CN": "zh"}
"""What the catalogues of issues call the language of a folder."""

ISSUES = "REPORTKIT_ISSUES"
"""The variable of the environment that names the language of issues where it is not the person's: en or zh."""


@cache
def language() -> str:
    """Return the folder of the language that the environment asks for, or "" for English: decided once."""
    return _first_known(_asked()) or ""


@cache
def issue_language() -> str:
    """Return the language that issues of a filing are told in, "en" or "zh": decided once."""
    asked = _first_known([os.environ.get(ISSUES, "")])
    return _OF_ISSUES[language() if asked is None else asked]


def _first_known(languages: Iterable[str]) -> str | None:
    for asked in languages:
        name = asked.lower().replace("-", "_").partition(".")[0].partition("@")[0]
        for key in (name.partition("_")[0], name.partition(" ")[0]):
            if key in _CATALOGUES:
                return _CATALOGUES[key]
    return None


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


def counted(number: int, one: str, many: str, **fields: object) -> str:
    """Return the sentence about so many things, whose {number} is written 1,234, with its other fields filled in."""
    return ngettext(one, many, number).format(number=f"{number:,}", **fields)


def gettext_in(language: str, message: str) -> str:
    """Return a sentence in a language of issues, "en" or "zh", with its fields still open."""
    folder = _CATALOGUES[language]
    return _read(folder).gettext(message) if folder and message else message


class Told(str):
    """A text in the language of issues that can be told in another.

    `tell` is a function of a module: it takes a language, then what the text is made of, and returns the text.
    """

    def __new__(cls, tell: Callable[..., str], /, *made_of: object) -> Self:
        """Return the text in the language of issues. Raises what `tell` does."""
        made = super().__new__(cls, tell(issue_language(), *made_of))
        made._tell, made._made_of = tell, made_of
        return made

    _tell: Callable[..., str]
    _made_of: tuple[object, ...]

    def __reduce__(self) -> tuple[Any, ...]:
        return Told, (self._tell, *self._made_of)

    def told_in(self, language: str) -> str:
        """Return the text in another language of issues."""
        return self._tell(language, *self._made_of)


def in_language(value: object, language: str) -> object:
    """Return a value as an issue in this language quotes it: what can be told in several languages, in this one."""
    tell = getattr(value, "told_in", None)
    return tell(language) if tell else value


class Saying(str):
    """A sentence in the language of the person, or several put into one, which an issue quotes in its own.

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

    def told_in(self, language: str) -> str:
        """Return the sentence in a language of issues."""
        values = {name: in_language(value, language) for name, value in self._values.items()}
        return _filled(partial(gettext_in, language), self._template, values)


def _saying(template: str, values: Mapping[str, object]) -> Saying:
    return Saying(template, **values)


def _filled(say: Callable[[str], str], template: str, values: Mapping[str, object]) -> str:
    lists = {name: in_a_row(value, say) for name, value in values.items() if isinstance(value, list)}
    return say(template).format(**{**values, **lists})


def in_a_row(names: Iterable[str], say: Callable[[str], str] | None = None) -> str:
    """Return names one after the other, as the person's language or that of `say` has them: a, b, c."""
    row = ""
    for name in names:
        row = (say or gettext)(N_("{left}, {right}")).format(left=row, right=name) if row else name
    return row


def one_and_many(one: str, many: str) -> list[str]:
    """Return the sentence for one and that for many, as the person's language has them: a script chooses."""
    return [ngettext(one, many, number) for number in (1, 2)]


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
