r"""Signs that nobody sees: shown as `\x1b` or `\u202e` wherever a text is told, and found in what is published.

A text that a person has written may hold signs that move a terminal's cursor, end a line, turn the order of the signs
around, or are nothing at all to the eye. Whatever tells such a text (terminal, log, JSON, issue, page of issues) takes
it through `one_line`, `visible` or `json_text`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from reportkit.translation import N_, Saying, in_language, issue_language

# Controls, separators of lines and paragraphs, and what Unicode calls format controls (less those that print something)
# or ignorable by default. Line feed and tab come extra, since some texts keep theirs; a line may end in \r\n.
_UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Rare characters of old fonts, as a terminal has none for them. A page shows those, or the PDF says why it cannot.
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"

_HIDDEN = re.compile(f"[{_UNSEEN}{_PRIVATE}\u2800\r]")
_HIDDEN_OR_BREAK = re.compile(f"[{_UNSEEN}{_PRIVATE}\u2800\r\t\n]")
_SUSPECT = re.compile(f"[{_UNSEEN}\u2800]|\r(?!\n)")

_BOUND = re.compile("[\u180b-\u180f\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]")
"""What belongs to the sign before it, where it is in its place."""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

# What a page would show in another order, or (an escape) not at all.
_TURNING = {
    "\u202a": N_("left-to-right embedding"),
    "\u202b": N_("right-to-left embedding"),
    "\u202c": N_("end of a direction"),
    "\u202d": N_("left-to-right override"),
    "\u202e": N_("right-to-left override"),
    "\u2066": N_("left-to-right isolate"),
    "\u2067": N_("right-to-left isolate"),
    "\u2068": N_("isolate of either direction"),
    "\u2069": N_("end of an isolate"),
    "\x1b": N_("escape"),
}
_NAMES = {
    **_TURNING,
    "\xad": N_("soft hyphen"),
    "\u200b": N_("zero-width space"),
    "\u200c": N_("zero-width non-joiner"),
    "\u200d": N_("zero-width joiner"),
    "\u200e": N_("left-to-right mark"),
    "\u200f": N_("right-to-left mark"),
    "\u2060": N_("word joiner"),
    "\u2800": N_("blank of Braille"),
    "\u3164": N_("Hangul filler"),
    "\uffa0": N_("Hangul filler"),
    "\u115f": N_("Hangul filler"),
    "\u1160": N_("Hangul filler"),
    "\ufeff": N_("byte order mark"),
}
_PICTURE = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
_JOINING = "\u0600-\u0fff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefe"
_LEFTWARD = "\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff"
_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]"
_NEAR = f"[^{_UNSEEN}{_PRIVATE}\u2800\r\t\n]{{0,11}}"
_HAN = "\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Each sign with what has to stand before it, and behind it, to be in its place. A sign that is not seen holds up none
# but a joiner: were it written out, the next would no longer be in its place.
_SEEN = f"(?![{_UNSEEN}\u2800])"
_IN_PLACE = (
    ("\ufe0e\ufe0f", f"{_SEEN}[{_PICTURE}]\\Z", ""),
    ("\ufe0f", "[0-9#*]\\Z", "\u20e3"),
    ("\ufe00-\ufe0d", f"{_SEEN}[{_HAN}\u2190-\u2aff\u1000-\u109f\ua840-\ua87f\uff01-\uff1b\u3001\u3002]\\Z", ""),
    ("\U000e0100-\U000e01ef", f"[{_HAN}]\\Z", ""),
    ("\u180b-\u180f", f"{_SEEN}[\u1800-\u18af]\\Z", ""),
    ("\u200d", f"(?:{_SEEN}[{_PICTURE}]\ufe0f?|{_FLAG}+\U000e007f)\\Z", f"{_SEEN}[{_PICTURE}]"),
    ("\u200c\u200d", f"{_SEEN}[{_JOINING}]\\Z", ""),
    ("\U000e0020-\U000e007f", f"{_FLAG}{{0,8}}\\Z", ""),
    ("\u200e\u200f\u061c", f"[{_LEFTWARD}]{_NEAR}\\Z", ""),
    ("\u200e\u200f\u061c", "", f"{_NEAR}[{_LEFTWARD}]"),
)
_LOOK = 12
"""Signs before one that are looked at: a flag made of tags is that long."""

_TURNS = N_(
    "has signs that turn the order of others around or swallow them: {places}; "
    "what a page shows would not be what is written here, so delete them"
)
_UNNOTICED = N_("has signs that nobody sees: {places}; delete them")

_AROUND = 8
_FEW = 3


def one_line(text: str) -> str:
    r"""Return the text on one line, in which each sign that nobody sees is written as Python writes it.

    One that an emoji or a script needs, and that cannot turn others around, is left in its place.

    >>> one_line("甲\n\x1b[31m乙\u202e")
    '甲\\n\\x1b[31m乙\\u202e'
    """
    return text if text.isascii() and text.isprintable() else _HIDDEN_OR_BREAK.sub(_written, text)


def visible(text: str) -> str:
    """Return the text as `one_line` does, with its line feeds and tabs as they are."""
    return text if text.isascii() and text.isprintable() else _HIDDEN.sub(_written, text)


def json_text(value: Any, indent: int | None = None) -> str:
    """Return a value as JSON that says the same and in which no sign is hidden."""
    return _HIDDEN.sub(_in_json, json.dumps(value, ensure_ascii=False, indent=indent))


class Hidden(NamedTuple):
    """A sign that nobody sees in a text that is published: which, where, and whether others read otherwise for it."""

    sign: str
    at: int
    turns: bool


def hidden(text: str) -> Iterator[Hidden]:
    """Yield the signs of a text that nobody sees and that are not in their place.

    In its place is what a script or an emoji needs: a joiner between emoji or Persian letters, a variation selector
    behind its sign, a direction mark in a line of Arabic or Hebrew.
    """
    for match in _SUSPECT.finditer(text):
        if not _is_in_place(match[0], text, match.start()):
            yield Hidden(match[0], match.start(), turns(match[0]))


def turns(sign: str) -> bool:
    """Return whether a sign makes others read otherwise, or not at all."""
    return sign in _TURNING


def sign_name(sign: str) -> str:
    """Return what a sign is called: U+202E (right-to-left override)."""
    code = f"U+{ord(sign):04X}"
    return Saying("{code} ({name})", code=code, name=Saying(_NAMES[sign])) if sign in _NAMES else code


class Place(NamedTuple):
    """Where in a text a sign stands, and the words around it."""

    line: int
    column: int
    sign: str
    around: str


class Remark(NamedTuple):
    """What there is to say of a text's signs that turn others around, or of those that do not.

    `signs` are the signs, each once: U+200B, U+2060. `places` are the first few places of `number`.
    """

    turns: bool
    signs: tuple[str, ...]
    places: tuple[Place, ...]
    number: int

    @property
    def words(self) -> str:
        """What there is to say."""
        places = ""
        for place in self.places:
            values = {**place._asdict(), "sign": sign_name(place.sign)}
            told = Saying('line {line}, sign {column}: {sign} in "{around}"', **values)
            places = Saying("{left}; {right}", left=places, right=told) if places else told
        if self.number > len(self.places):
            places = Saying("{places}; {number} in all", places=places, number=self.number)
        return Saying(_TURNS if self.turns else _UNNOTICED, places=places)

    def told_in(self, language: str) -> str:
        """Return what there is to say in a language of issues."""
        return str(in_language(self.words, language))

    def __str__(self) -> str:
        return self.told_in(issue_language())


def remarks(text: str) -> Iterator[Remark]:
    """Yield what there is to say of the signs that nobody sees in a text; the words around each show it written out."""
    found = list(hidden(text))
    for turns in (True, False) if found else ():
        signs = [one for one in found if one.turns == turns]
        if signs:
            codes = dict.fromkeys(f"U+{ord(one.sign):04X}" for one in signs)
            yield Remark(turns, tuple(codes), tuple(_place(text, one) for one in signs[:_FEW]), len(signs))


def _place(text: str, found: Hidden) -> Place:
    around = text[max(found.at - _AROUND, 0) : found.at + 1 + _AROUND]
    line = text.count("\n", 0, found.at) + 1
    column = found.at - text.rfind("\n", 0, found.at)
    return Place(line, column, found.sign, one_line(around.strip("\n")))


@cache
def _rules() -> list[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]]:
    """What is in its place, compiled when a sign is first met: that takes longer than all else here."""
    return [(re.compile(f"[{signs}]"), re.compile(before), re.compile(behind)) for signs, before, behind in _IN_PLACE]


def _is_in_place(sign: str, text: str, at: int) -> bool:
    before, behind = text[max(at - _LOOK, 0) : at], text[at + 1 : at + 1 + _LOOK]
    return any(signs.match(sign) and ahead.search(before) and after.match(behind) for signs, ahead, after in _rules())


def _written(match: re.Match[str]) -> str:
    sign = match[0]
    code = ord(sign)
    if _BOUND.match(sign) and _is_in_place(sign, match.string, match.start()):
        return sign
    return _SHORT.get(sign) or (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    )


def _in_json(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]
