"""L16 and L17: signs that nobody sees, in all that a file says and a report prints."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from reportkit.checks.findings import Finding, Rule
from reportkit.errors import CellRef
from reportkit.messages.words import joined
from reportkit.model.filing import Filing
from reportkit.signs import Remark, remarks


def turning(filing: Filing) -> Iterator[Finding]:
    """L16: no sign turns the order of others around or swallows them: the page would read otherwise than the file."""
    return _found(filing, turns=True)


def unseen(filing: Filing) -> Iterator[Finding]:
    """L17: no sign is there that nobody sees, but where a script or an emoji needs it."""
    return _found(filing, turns=False)


def _found(filing: Filing, *, turns: bool) -> Iterator[Finding]:
    for at, name, text in _texts(filing):
        for one in _remarks(text):
            if one.turns == turns:
                code = "L16.text" if turns else "L17.text"
                yield Finding(code, at, joined(one.signs), where=name, remark=one)


@lru_cache(maxsize=64)
def _remarks(text: str) -> tuple[Remark, ...]:
    """What is told of a text, for the one rule and the other, and while somebody edits another section."""
    return tuple(remarks(text))


def _texts(filing: Filing) -> Iterator[tuple[CellRef | str, str, str]]:
    """Each text of a filing that is not ASCII alone: where it stands, what that is called, and the text."""
    yield "jurisdiction", "jurisdiction ", filing.jurisdiction
    yield "agency", "agency ", filing.agency
    for key, text in filing.narrative.items():
        yield key, f"“{filing.form.section_by_key[key].label}”", text
    if "".join([figure.text for figure in filing.values.values()]).isascii():
        return
    for ref, figure in filing.values.items():
        if not figure.text.isascii():
            yield ref, f"“{filing.form.tables[ref.table].caption}”", figure.text


RULES = (Rule("L16", turning), Rule("L17", unseen))
