"""The catalogue: for each issue code how grave it is, its sentences, who asks for it, and whether it can be waived.

What any report may be told stands in zh/, a file for each area; what a report kind's rules tell, beside these rules in
`kinds/<kind>/rules/*.yaml`, where each entry names its area. zh.yaml has words that belong to no code (words.py).

Each such file has all that is known of its codes. Its texts are translated in a file of the same name, in en/ or in
`kinds/<kind>/rules/en/`; a text without a translation is told as it is.

An entry has a `message`, or `messages` where a code is told in several ways: each a template, or a template with the
`severity` in which that one differs. The name of a sentence is its code and the way: "R22.unread".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from reportkit.messages.catalogue_files import FOLDER, ORIGINAL, Entry, Found, any_report, beside_rules
from reportkit.messages.sentences import Sentence
from reportkit.model.form import Form
from reportkit.translation import Told, issue_language

__all__ = [
    "AREAS", "FOLDER", "ORIGINAL", "Entry", "codes_about", "entries", "entries_of", "sentence", "sentences", "title_of",
]  # fmt: skip

AREAS = (
    "params",
    "figures",
    "years",
    "sentences",
    "lints",
    "plausible",
    "similar",
    "workbook",
    "documents",
    "published",
    "imports",
    "forms",
)
"""What the entries of the catalogue are about, in the order in which they are listed; the phrases have their titles."""

OWN_RULES = "forms"
"""The area of the rules that a project's own forms add."""


def entries(kind: str = "") -> Mapping[str, Entry]:
    """Return every entry by its code, area by area: those of any report, and those of a report kind's own rules.

    In an area the codes go by letter, as its file has them, and by number.

    Raises FormError for a file in which a code stands that another has already, or that is none where somebody else has
    written it, and TypeError for an entry of ours with a key too many or too few.
    """
    return _entries((kind,), issue_language())


@cache
def codes_about(area: str, kind: str = "") -> frozenset[str]:
    """Return the codes of an area, of any report and of a report kind's own rules."""
    return _entries((kind,), issue_language()).about(area)


def entries_of(forms: Iterable[Form]) -> Mapping[str, Entry]:
    """Return the entries of the kinds that these forms are of, and one for each other rule that they have.

    Where two kinds have the same code it is the first form's.
    """
    forms = list(forms)
    codes = _entries(_kinds(forms), issue_language())
    own = {
        rule.code: Entry(rule.code, rule.severity, rule.label, rule.source, rule.label, "", OWN_RULES)
        for form in forms
        for rule in form.rules
    }
    return {**codes, **{code: entry for code, entry in own.items() if code not in codes}}


def title_of(code: str, forms: Iterable[Form]) -> str:
    """Return the title of an entry of these forms' kinds, for an issue to quote. Raises KeyError if there is none."""
    return Told(_title, _kinds(forms), code)


def _title(language: str, kinds: tuple[str, ...], code: str) -> str:
    return _entries(kinds, language)[code].title


def _kinds(forms: Iterable[Form]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form.kind for form in forms))


def sentence(kind: str, language: str, name: str) -> Sentence:
    """Return a sentence by its name in a language of issues, of any report or of a report kind's own rules.

    Raises KeyError if there is none of this name.
    """
    code, shipped = name.partition(".")[0], any_report(language)
    return (shipped if code in shipped else beside_rules(kind, language))[code].sentences[name]


@cache
def sentences(kind: str, language: str) -> Mapping[str, Sentence]:
    """Return every sentence by its name in a language of issues, of any report and of a report kind's own rules."""
    found = {**beside_rules(kind, language), **any_report(language)}
    return {name: one for each in found.values() for name, one in each.sentences.items()}


class _Entries(Mapping[str, Entry]):
    """The entries of any report and of some kinds in their order; each is read when it is asked for."""

    def __init__(self, kinds: tuple[str, ...], language: str) -> None:
        self._shipped, self._own = any_report(language), dict[str, Found]()
        for kind in kinds:
            self._own |= {code: one for code, one in beside_rules(kind, language).items() if code not in self._own}
        places = {code: _Place(self._shipped.area(code), code) for code in self._shipped}
        places |= {code: _Place(one.entry.area, one.after or code) for code, one in self._own.items()}
        self._places = {code: places[code] for code in sorted(places, key=_order(places))}

    def about(self, area: str) -> frozenset[str]:
        """The codes of an area."""
        return frozenset(code for code, place in self._places.items() if place.area == area)

    def __getitem__(self, code: str) -> Entry:
        return (self._own if code in self._own else self._shipped)[code].entry

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, code: object) -> bool:
        return code in self._places


_entries = cache(_Entries)


class _Place(NamedTuple):
    """Where a code stands in the lists: in an area, at its own number or behind the code that it follows."""

    area: str
    at: str


def _order(places: Mapping[str, _Place]) -> Callable[[str], tuple[int, int, int, bool]]:
    """What sorts codes into the order in which they are listed."""
    letters = list(dict.fromkeys((place.area, code[:1]) for code, place in places.items()))

    def key(code: str) -> tuple[int, int, int, bool]:
        area, at = places[code]
        return _rank(area), letters.index((area, at[:1])), int(at[1:]), at != code

    return key


def _rank(area: str) -> int:
    return AREAS.index(area) if area in AREAS else len(AREAS)
