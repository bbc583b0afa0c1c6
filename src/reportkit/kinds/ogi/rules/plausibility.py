"""Numbers that can be, but hardly are: P2 to P4, R5 and R6, each of them for a human to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from reportkit.checks.findings import Finding, Rule
from reportkit.checks.quantities import COUNTED, NUMBER
from reportkit.checks.texts import passages_with
from reportkit.errors import CellRef
from reportkit.kinds.ogi.rules import counts
from reportkit.kinds.ogi.rules.statements import is_own, stated
from reportkit.messages.words import phrase
from reportkit.model.filing import Filing

DOCUMENTS = "normative_documents"
_WAS_DECIDED = {
    "penalties": (
        "行政处罚",
        re.compile(f"(?:作出|实施|下达)行政处罚(?:决定)?(?:共计?)?(?P<number>{NUMBER}){COUNTED}"),
    ),
    "licences": (
        "行政许可",
        re.compile(f"(?:作出|核发|办理|办结)行政许可(?:决定|事项)?(?:共计?)?(?P<number>{NUMBER}){COUNTED}"),
    ),
    "coercion": ("行政强制", re.compile(f"(?:作出|实施)行政强制(?:决定|措施)?(?:共计?)?(?P<number>{NUMBER}){COUNTED}")),
}
_TOWN = re.compile("(?:镇|乡|街道|街道办事处|苏木)$")
_MOST_OF_A_TOWN = Decimal(10**5)
_JUMP, _LEAST = 10, 50
_YUAN_FOR_WAN_YUAN = (Decimal(3000), Decimal(30000))
_COMPARED_ROWS = frozenset((DOCUMENTS, "licences", "penalties", "coercion", "received", "outcome.total"))
_COMPARED_COLUMNS = frozenset(
    ("issued", "repealed", "in_force", "made", "published", "total_published", "decisions", "total")
)


def documents(filing: Filing) -> Iterator[Finding]:
    """P2: documents that were issued are in force, or have been made public."""
    issued, repealed, in_force, made, published = (
        counts.proactive(filing, DOCUMENTS, column)
        for column in ("issued", "repealed", "in_force", "made", "published")
    )
    if issued and repealed is not None and in_force == 0 and repealed < issued:
        ref, least = CellRef("proactive", DOCUMENTS, "in_force"), phrase("at_least", number=issued - repealed)
        yield Finding("P2.in_force", ref, "0", least, issued=issued, repealed=repealed)
    if made and published == 0:
        yield Finding("P2.published", CellRef("proactive", DOCUMENTS, "published"), "0", f"{made:f}")


def published(filing: Filing) -> Iterator[Finding]:
    """R5: what was newly published is among all that is published (edition of 2019)."""
    for row in ("regulations", DOCUMENTS):
        new, everything = (counts.proactive(filing, row, column) for column in ("published", "total_published"))
        if new is not None and everything is not None and new > everything:
            ref = CellRef("proactive", row, "total_published")
            yield Finding("R5", ref, f"{everything:f}", phrase("at_least", number=new), new=new)


def decisions(filing: Filing) -> Iterator[Finding]:
    """R6: 处理决定数量 is not 上一年项目数量 with 本年增/减 added (edition of 2019)."""
    for row, name in (
        ("licences", "行政许可"),
        ("other_services", "其他对外管理服务事项"),
        ("penalties", "行政处罚"),
        ("coercion", "行政强制"),
    ):
        last_year, change, decided = (
            counts.proactive(filing, row, column) for column in ("last_year", "change", "decisions")
        )
        if last_year and change and decided and decided == last_year + change:
            ref, told = CellRef("proactive", row, "decisions"), {"last_year": last_year, "change": f"{change:+f}"}
            yield Finding("R6", ref, f"{decided:f}", phrase("decided"), what=name, **told)


def enforcement(filing: Filing) -> Iterator[Finding]:
    """P3: decisions that the text reports are not 0 in table 2."""
    for row, (name, pattern) in _WAS_DECIDED.items():
        if counts.proactive(filing, row, "decisions") != 0:
            continue
        for passage in passages_with(filing, name):
            for match in pattern.finditer(passage.text):
                statement = stated(passage, match)
                if statement.number and is_own(statement, filing):
                    ref, number, words = CellRef("proactive", row, "decisions"), statement.number, statement.quoted
                    yield Finding("P3.enforcement", ref, "0", f"{number:f}", words=words, what=name)


def town_fees(filing: Filing) -> Iterator[Finding]:
    """P4: the fees of a town, in 万元, are not as high as only its amount in 元 could be."""
    ref = CellRef("proactive", "fees", "amount")
    amount = counts.proactive(filing, "fees", "amount")
    if amount is not None and amount >= _MOST_OF_A_TOWN and _TOWN.search(filing.jurisdiction):
        yield Finding("P4.town", ref, f"{amount:f}", f"{amount / 10000:f}")


def fees(filing: Filing, last: Filing) -> Iterator[Finding]:
    """P4: the fees have not become 10,000 times as much or as little: then one of the two was written in 元."""
    now, before = (counts.proactive(each, "fees", "amount") for each in (filing, last))
    least, most = _YUAN_FOR_WAN_YUAN
    if now and before and least <= max(now, before) / min(now, before) <= most:
        yield Finding("P4.year", CellRef("proactive", "fees", "amount"), f"{now:f}", f"{before:f}", year=last.year)


def jumps(filing: Filing, last: Filing) -> Iterator[Finding]:
    """P3: no large number has become ten times as much as last year's, or a tenth of it."""
    for table in ("proactive", "requests"):
        if not (counts.stated(filing, table) and counts.stated(last, table)):
            continue
        for ref in filing.form.tables[table].cells:
            if ref.row in _COMPARED_ROWS and ref.column in _COMPARED_COLUMNS and ref in last.form.tables[table].cells:
                yield from _jump(ref, filing, last)


def _jump(ref: CellRef, filing: Filing, last: Filing) -> Iterator[Finding]:
    if ref in filing.unread or ref in last.unread:
        return
    now, before = (Decimal(each.values.get(ref, counts.ZERO)) for each in (filing, last))
    # From 0 to many is what a new power of decision looks like; from many to 0 is what a blank looks like.
    if before and max(now, before) >= _LEAST and max(now, before) > _JUMP * min(now, before):
        row, column = filing.form.tables[ref.table].labels[ref]
        told = phrase("of_year", year=last.year, number=before)
        yield Finding("P3.jump", ref, f"{now:f}", told, row=row, column=column, year=last.year, before=before)


RULES = (
    Rule("P2", documents),
    Rule("P3", enforcement),
    Rule("P4", town_fees),
    Rule("R5", published),
    Rule("R6", decisions),
    Rule("P3", jumps, "last"),
    Rule("P4", fees, "last"),
)
