"""R12: the number of applications received, as the text tells it, against table 3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from reportkit.checks.findings import Finding, Rule
from reportkit.checks.quantities import COUNTED, NUMBER
from reportkit.checks.texts import Passage, passages_with
from reportkit.kinds.ogi.rules import counts
from reportkit.kinds.ogi.rules.statements import Statement, is_own, joined, stated
from reportkit.model.filing import Filing

_APPLICATION = "(?:信息公开的?申请|信息依申请公开|依法?申请公开|依申请信息|公开(?:政府|政务)?信息的?申请|政府信息申请)"
_FILLED = "(?:案件|办件|事项|信息|申请|政府|公开|总数|总量|数量|件数|数|件|共计?|总计|合计|为|：|有|达|的){0,5}"
_OTHER_THINGS = "(?!引发|引起|提起|导致|的?(?:行政)?(?:复议|诉讼)|费)"
_NUMBERED = re.compile(
    f"(?:收到|新收|收办|受理|接到|接收|接受|登记|办理|处理)(?:"
    rf"(?P<gap>[^。；，：（）\d]{{0,40}}?){_APPLICATION}{_FILLED}(?P<number>{NUMBER}){COUNTED}"
    rf"|(?:共计?|各类)?(?P<first>{NUMBER}){COUNTED}[^。；，：（）\d]{{0,20}}?{_APPLICATION}{_OTHER_THINGS})"
)
# Without the words for whose application it is: only where nothing in the sentence says that it is another's.
_BARE = re.compile(
    f"(?:收到|新收|收办|受理|接到|接收|接受|登记)(?:了|到|的|各类)?(?:申请(?:事项|案件|总数|总量|数量|件数)?(?:共计?|总计|合计|为|：|有|达)?"
    f"(?P<number>{NUMBER}){COUNTED}|(?:共计?)?(?P<first>{NUMBER}){COUNTED}申请(?=[，。；、（）]|$))"
)
_REST = "(?:的|事项|案件|情况|情形|信息|政府|来信|申请|要求|请求|公开|办理|开展|发生|现象|件){0,6}(?=[，。；、）！]|$)"
_NONE = re.compile(
    rf"(?:未|没有?)(?:有)?(?:收到|接到|受理|接收|收)过?(?P<gap>[^。；，：（）\d]{{0,30}}?){_APPLICATION}{_REST}"
    f"|(?:无|没有)(?:任何)?(?:政府|政务)?{_APPLICATION}{_REST}"
)
_OTHER_SUBJECT = re.compile(
    "咨询|信件|来信|留言|建议|提案|投诉|举报|信访|工单|热线|复议|诉讼|委托|转[办来]|代为|移交|超期|逾期|引"
)
_OTHER_APPLICATIONS = re.compile(
    "许可|审批|审核|救助|补[贴助偿]|奖[补励]|低保|保障|救济|仲裁|调解|援助|复议|诉讼|赔偿|执行|登记|备案|住房|建房|宅基地|公租房|入党|信用|修复"
    "|证书|办证|职称|资质|商标|专利|贷款|就业|创业|企业开办|工伤|认定|鉴定|评审|项目|资金|加装|退役|残疾|咨询|来信|留言|建议|提案|投诉|举报"
    "|信访|工单|热线|转[办来]|代为|移交|更正|撤回|补正|延期|听证|回避|引"
)
_CHANNEL = re.compile(
    "网络|网上|在线|线[上下]|信函|邮[寄件箱]|书面|当面|现场|平台|系统|窗口|传真|自然人|法人|企业|公民"
)
_ALL_HANDLED = ("办理", "处理", "收办")


def received(filing: Filing) -> Iterator[Finding]:
    """R12: the applications that the text counts are those of 一, or of 一 and 二 together; a note says which."""
    told = [statement for statement in received_statements(filing) if not _CHANNEL.search(statement.clause)]
    new, old = (counts.requests(filing, row) for row in ("received", "carried_in")) if told else (None, None)
    if new is None or old is None:
        return
    if name := _usage(told, new, old):
        yield Finding(name, told[0].passage.section)
    for statement in told:
        accepted = {new, new + old, *_handled(statement, filing)}
        if statement.number not in accepted:
            expected = joined((new, new + old))
            if old:
                yield statement.finding("R12.wrong_carried", expected, new=new, old=old, both=new + old)
            else:
                yield statement.finding("R12.wrong", expected, new=new)


def _handled(statement: Statement, filing: Filing) -> list[Decimal]:
    """What may be counted where the text speaks of handling, and not of receiving: those that are done."""
    done = counts.requests(filing, "outcome.total")
    return [] if done is None or not statement.words.startswith(_ALL_HANDLED) else [done]


def _usage(told: Iterable[Statement], new: Decimal, old: Decimal) -> str:
    """The note on what "收到申请 N 件" counts in this text: real reports count two things, and both are right.

    "" if no number fits, or nothing was carried in, so that both are the same.
    """
    names = {new: "R12.new", new + old: "R12.all"} if old else {}
    return next((names[statement.number] for statement in told if statement.number in names), "")


def received_statements(filing: Filing) -> Iterator[Statement]:
    """Yield the exact numbers of applications that the text says this unit has received in its year."""
    for passage in passages_with(filing, "申请"):
        for statement in _statements(passage):
            if statement.number is not None and "其中" not in statement.head and is_own(statement, filing):
                yield statement


def _statements(passage: Passage) -> Iterator[Statement]:
    for match in (*_NUMBERED.finditer(passage.text), *_NONE.finditer(passage.text)):
        if not _OTHER_SUBJECT.search(match["gap"] or ""):
            yield stated(passage, match, "number", "first")
    for match in _BARE.finditer(passage.text):
        statement = stated(passage, match, "number", "first")
        if not _OTHER_APPLICATIONS.search(statement.head):
            yield statement


RULES = (Rule("R12", received),)
