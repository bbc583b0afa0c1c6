"""Which lines are the words of which section; each line that is in none, and in no table, is noted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import takewhile
from typing import NamedTuple

from reportkit.documents.document import Joint
from reportkit.errors import Place
from reportkit.imports.published.furniture import ends_page, is_furniture, is_signature
from reportkit.imports.published.lexer import Kind, is_value
from reportkit.imports.published.paragraphs import Found, Piece, has_indents, measured, paragraphs
from reportkit.imports.published.tokens import Line, Shape
from reportkit.imports.title_patterns import title_patterns
from reportkit.kinds import Vocabulary, kind_of
from reportkit.model.form import Form
from reportkit.model.spelling import squeezed

_PERIOD = re.compile(r"统计(?:期限|时限|时间)")
_SENTENCE = re.compile(r"[，。；,;]")
_CAPTION = re.compile(
    r"\(?(?:(?:计量)?单位|填[报表](?:单位|日期|人)|制表(?:单位|人)?)[:：].{0,20}|(?:附)?表[\d一二三四]{1,2}"
)
_LEAD, _LEAST = 30, 12
"""No line of a page around the report is a sentence as long as the first, no words of a table as the second."""

_LONE = 3
"""A number of at most so many digits in a line of its own is a page's."""

_TABLE = frozenset({Kind.STUB, Kind.RUN_ON, Kind.TITLE, Kind.CORNER, Kind.NOTE, Kind.HEAD})
_NO_WORDS = frozenset({Kind.BLANK, Kind.PAD})


class Left(NamedTuple):
    """A text of the file that is in no section and in no table, and where it stands."""

    number: int
    text: str
    place: Place


class Division:
    """The words of each section, where the sections begin, and what was left: of the report, and of the page around."""

    def __init__(self, lines: Sequence[Line], used: Set[int], form: Form) -> None:
        self.begins: dict[str, Place] = {}
        self.dropped: list[Left] = []
        self.furniture: list[Left] = []
        self._lines, self._used, self._form = lines, used, form
        self._words, self._titles = kind_of(form).vocabulary, title_patterns(form)
        self._measure, self._indented = measured(lines), has_indents(lines)
        self._skipped: set[int] = set()  # lines of furniture
        sections, self._last = self._by_section()
        words = {key: self._section(key, numbers) for key, numbers in sections.items() if key}
        first = form.sections[0].key
        words[first] = [*self._preamble(sections.get("", [])), *words.get(first, [])]
        self.dropped.sort()
        self.furniture.sort()
        self.words = {section.key: words[section.key] for section in form.sections if words.get(section.key)}

    def _by_section(self) -> tuple[dict[str, list[int]], str]:
        """The numbers of the lines below each heading, "" for those above the first; and the last section."""
        numbers: dict[str, list[int]] = {}
        here = ""
        for number, line in enumerate(self._lines):
            if line.tokens and line.tokens[0].kind is Kind.HEADING:
                here = line.tokens[0].section
                self.begins.setdefault(here, line.place)
            else:
                numbers.setdefault(here, []).append(number)
        return numbers, here

    def _section(self, key: str, numbers: Sequence[int]) -> list[Found]:
        table = self._table(key, numbers)
        printed = self._form.section_by_key[key].table
        has_table = printed is not None
        around = {squeezed(line) for line in printed.around} if printed else ()
        words = [number for number in numbers if self._is_words(number, table, has_table=has_table)]
        words = self._above_the_foot(words) if key == self._last else words
        stay = []
        for found in self._paragraphs(self._without_furniture(words)):
            if squeezed(found.text) in around:
                continue  # a line of the form's that a page has broken into several
            if _belongs(found, table, has_table=has_table):
                stay.append(found)
            else:
                self._drop(found)
        return stay

    def _table(self, key: str, numbers: Sequence[int]) -> range:
        """The lines from the first to the last of the section's tables: another's too, where a heading was lost."""
        has_table = bool(key) and self._form.section_by_key[key].table is not None
        if not has_table and self._used.isdisjoint(numbers):
            return range(0)
        of_table = [n for n in numbers if n in self._used or {token.kind for token in self._lines[n].tokens} & _TABLE]
        if not of_table:
            return range(0)
        end = of_table[-1] + 1
        while end <= numbers[-1] and self._is_piece(end):
            end += 1
        return range(of_table[0], end)

    def _is_piece(self, number: int) -> bool:
        """Whether a line is a part of a label, as at the end of a file that was cut off."""
        return {token.kind for token in self._lines[number].tokens} == {Kind.PIECE}

    def _is_words(self, number: int, table: range, *, has_table: bool) -> bool:
        """Whether a line may be words of the town's; one that is neither that nor of a table is noted."""
        line = self._lines[number]
        kinds = {token.kind for token in line.tokens}
        if line.is_prose:
            return True
        if number in self._used or kinds <= _NO_WORDS or _is_page_number(line):
            return False
        if number in table and not kinds & {Kind.NUMBER, Kind.PROSE}:
            return False  # labels of the form, and parts of them
        if not has_table and number not in table and line.shape is Shape.PLAIN and kinds != {Kind.NUMBER}:
            return True
        self.dropped.append(Left(number, line.text, line.place))
        return False

    # --- above the first section ---------------------------------------------------------------------------------

    def _preamble(self, numbers: Sequence[int]) -> list[Found]:
        """What the report says above its first section, from the first sentence below its title on."""
        table = self._table("", numbers)
        lines = [number for number in numbers if self._is_words(number, table, has_table=False)]
        found = list(self._paragraphs(self._without_furniture(lines, at_edge=True)))
        opening = [*takewhile(lambda one: not _introduces(one.text, self._words), found)]
        title = max((at for at, one in enumerate(opening) if self._titles.ends(one.text)), default=-1)
        begin = next((at for at in range(title + 1, len(found)) if self._begins(found[at].text, title)), len(found))
        for at, one in enumerate(found[:begin]):  # a title may be broken behind the name
            if self._titles.ends(one.text):
                continue
            if _is_sentence(one.text):
                self._drop(one)
            elif not (at + 1 == title and is_signature(one.text)):
                self._set_aside(one, below=at > title >= 0)
        return found[begin:]

    def _begins(self, text: str, title: int) -> bool:
        """Whether the words of the report begin here: with any at all, if its first heading is missing."""
        if title < 0:
            return _introduces(text, self._words)
        return _is_sentence(text) or (self._form.sections[0].key not in self.begins and not self._titles.ends(text))

    def _set_aside(self, found: Found, *, below: bool) -> None:
        """Note what stands around the title: below it, it may be the report's."""
        if below:
            self._drop(found)
        else:
            self.furniture.append(_left(found))

    # --- the page around the report ------------------------------------------------------------------------------

    def _above_the_foot(self, numbers: Sequence[int]) -> list[int]:
        """The lines of the last section without the page's foot, and without name and day of a signature above it.

        Sentences below the foot stay: they may be the report's.
        """
        texts = [self._lines[number].text for number in numbers]
        foot = next((at for at, text in enumerate(texts) if is_furniture(text) and ends_page(text)), len(numbers))
        below = []
        for number, text in zip(numbers[foot:], texts[foot:], strict=True):
            if _is_sentence(text) and not is_furniture(text, at_edge=True):
                below.append(number)
            else:
                self._skip(number)
        while foot > 1 and (is_signature(texts[foot - 1]) or is_furniture(texts[foot - 1], at_edge=True)):
            foot -= 1
            if is_signature(texts[foot]):
                self.dropped.append(Left(numbers[foot], texts[foot], self._lines[numbers[foot]].place))
            else:
                self._skip(numbers[foot])
        return [*numbers[:foot], *below]

    def _skip(self, number: int) -> None:
        self._skipped.add(number)
        self.furniture.append(Left(number, self._lines[number].text, self._lines[number].place))

    def _without_furniture(self, numbers: Sequence[int], *, at_edge: bool = False) -> list[Piece]:
        pieces: list[Piece] = []
        for number in numbers:
            if is_furniture(self._lines[number].text, at_edge=at_edge):
                self._skip(number)
            else:
                pieces.append(Piece(number, self._lines[number], self._joint(pieces, number)))
        return pieces

    def _joint(self, pieces: Sequence[Piece], number: int) -> Joint:
        """What stands between a line and the words before it: the end of a page, where there is furniture only."""
        if not pieces:
            return Joint.APART
        between = range(pieces[-1].number + 1, number)
        if not between:
            return self._lines[number].joint
        return Joint.PAGE if self._skipped.issuperset(between) else Joint.APART

    # --- paragraphs ----------------------------------------------------------------------------------------------

    def _paragraphs(self, pieces: Sequence[Piece]) -> Iterator[Found]:
        """The paragraphs; a title is one of its own."""
        part: list[Piece] = []
        for piece in pieces:
            is_own = self._titles.ends(piece.line.text)
            if part and (is_own or self._titles.ends(part[-1].line.text)):
                yield from paragraphs(part, self._measure, indented=self._indented)
                part = []
            part.append(piece)
        yield from paragraphs(part, self._measure, indented=self._indented)

    def _drop(self, found: Found) -> None:
        self.dropped.append(_left(found))


def _left(found: Found) -> Left:
    number, line, _ = found.pieces[0]
    return Left(number, found.text, line.place)


def _introduces(text: str, words: Vocabulary) -> bool:
    """Whether a paragraph is a sentence about the report's matter, as a report begins with."""
    if _PERIOD.search(text):
        return True
    leads = len(text) >= _LEAD and text[-1] in "。：:" and words.opening in text
    return bool(_SENTENCE.search(text)) and (leads or (words.basis in text and "报告" in text))


def _belongs(found: Found, table: range, *, has_table: bool) -> bool:
    """Whether a paragraph is words: beside a table all but its caption, in it sentences only."""
    if found.pieces[0].number in table:
        return _is_sentence(found.text)
    return not has_table or not _CAPTION.fullmatch(squeezed(found.text))


def _is_sentence(text: str) -> bool:
    """Whether a text is one or more sentences, and no label with its values."""
    if len(text) < _LEAST or not _SENTENCE.search(text):
        return False
    return not all(map(is_value, text[-_LEAD:].split()[-2:]))


def _is_page_number(line: Line) -> bool:
    return line.text.isdecimal() and len(line.text) <= _LONE
