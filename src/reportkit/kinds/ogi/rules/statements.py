"""Numbers that a sentence states, and whether they are about the report's own year and its own unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from reportkit.checks.findings import Finding
from reportkit.checks.quantities import exact
from reportkit.checks.texts import Passage, clause_start, quoted, sentence_start
from reportkit.messages.words import joined as listed
from reportkit.model.filing import Filing

_YEAR = re.compile(r"(20\d\d)年")
_OTHER_TIME = re.compile(
    "(?<![比较与同])(?:去年|上年|上一年|往年|历年|近年)(?!度?结转)|上半年|下半年|季度|(?<![今年])以来"
)
_NO_OFFICE = re.compile("政府信息|政府网站|市场|区域|办[理结]|全部|所有|本?年度?")
# What ends the name of an office, or looks like it: a number after it is not compared, which does no harm.
_OFFICE = re.compile(
    "(?:街道|办事处|开发区|园区|社区|管委会|委员会|部门|中心|单位|机关|政府|办公[室厅]|[局委镇乡县区市州旗省站所村厅办街])"
)
_OWN = re.compile("(?:我|本|全|各级|各类)[一-鿿]{0,10}$")
_HIGHER = re.compile("[省市县区州盟旗]$")
_PEOPLES = "人民政府"


class Statement(NamedTuple):
    """A number stated in a paragraph: where it stands, and what it is (None for a rough one)."""

    passage: Passage
    start: int
    end: int
    number: Decimal | None

    @property
    def quoted(self) -> str:
        """The words, for a message."""
        return quoted(self.passage.text, self.start, self.end)

    @property
    def words(self) -> str:
        """The words themselves."""
        return self.passage.text[self.start : self.end]

    @property
    def head(self) -> str:
        """What stands before it in its sentence."""
        return self.passage.text[sentence_start(self.passage.text, self.start) : self.start]

    @property
    def clause(self) -> str:
        """The part of the sentence that it stands in, up to its end."""
        return self.passage.text[clause_start(self.passage.text, self.start) : self.end]

    def finding(self, name: str, expected: str, /, **values: object) -> Finding:
        """Return the finding that the number should be another; the sentence has the words as {words}."""
        found = f"{self.number:f}" if self.number is not None else ""
        return Finding(name, self.passage.section, found, expected, words=self.quoted, **values)


def stated(passage: Passage, match: re.Match[str], *groups: str) -> Statement:
    """Return the statement that a match makes with one of these groups; a match that has none of them says 0."""
    found = match.groupdict()
    number = next((found[group] for group in groups or ("number",) if found.get(group)), None)
    return Statement(passage, match.start(), match.end(), Decimal(0) if number is None else exact(number))


def is_own(statement: Statement, filing: Filing) -> bool:
    """Whether a statement is about the filing's year, all of it, and about its jurisdiction as a whole."""
    head = statement.head
    years = _YEAR.findall(head)
    if (years and int(years[-1]) != filing.year) or _OTHER_TIME.search(head):
        return False
    return not _elsewhere(statement, filing)


def _elsewhere(statement: Statement, filing: Filing) -> bool:
    """Whether the clause has a subject that is another unit, or only a part of this one (其中市政府349件)."""
    text = statement.passage.text
    subject = _NO_OFFICE.sub("", text[clause_start(text, statement.start) : statement.start])
    ends = [match.end() for match in _OFFICE.finditer(subject)]
    if not ends:
        return False
    # 市政府办公厅代表市政府共受理 … is the office's own number.
    name = subject[: ends[-1]].replace("人民", "").partition("代表")[0]
    if _OWN.search(name):
        return False
    if _HIGHER.search(filing.jurisdiction) and name.endswith(("政府", "办公室", "办公厅")):
        return True
    return not any(_same(name, known.replace("人民", "")) for known in _names(filing))


def _names(filing: Filing) -> Iterable[str]:
    return {filing.jurisdiction, filing.agency, f"{filing.jurisdiction}{_PEOPLES}"}


def _same(name: str, known: str) -> bool:
    """Whether a name ends like a known one: by three characters, or by all that it has."""
    common = 0
    for left, right in zip(reversed(name), reversed(known), strict=False):
        if left != right:
            break
        common += 1
    return common >= 3 or (common >= 2 and common == len(name))


def joined(numbers: Iterable[Decimal]) -> str:
    """Return the numbers as alternatives: 3511 或 3607."""
    return listed(dict.fromkeys(numbers), "or")
