"""SYNTHETIC towns: parameter files with made-up numbers and words that keep a form's rules. No real town files them.

    uv run python benchmarks/synthetic.py FOLDER COUNT [--year 2023] [--seed 0]

writes FOLDER/2023/合成县/合成0001镇.yaml and so on. Every name has 合成 (synthetic) in it, and every text says so too.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from reportkit.errors import CellRef, Origin
from reportkit.kinds import form_for, shipped_forms
from reportkit.model.equations import applies, totals
from reportkit.model.filing import Figure, Filing
from reportkit.model.form import Form, Rule
from reportkit.notebook import parameters

COUNTY = "合成县"

Terms = list[tuple[int, CellRef]]


class Numbers(Protocol):
    """Where made-up numbers come from: a random generator, or hypothesis, which can make them smaller."""

    def figure(self, kind: str) -> Figure:
        """Return a figure for a column of this kind."""

    def up_to(self, most: int) -> int:
        """Return a whole number from 0 to `most`."""


class Equations:
    """A form's cells and the rules between them, worked out once for many towns."""

    def __init__(self, form: Form, jurisdiction: str) -> None:
        self._rules = [rule for rule in form.rules if applies(rule, jurisdiction)]
        self._parts = {rule.total: [ref for ref, _ in rule.left] for rule in self._rules if rule.total}
        self._kinds = {
            ref: column.kind
            for table in form.tables.values()
            for ref, column in table.cells.items()
            if ref not in self._parts
        }
        # The sum over all columns holds by itself once each column's holds, so the short equations come first.
        self._open = sorted((self._flat(_signed(rule)) for rule in self._rules if not rule.total), key=len)

    def values(self, numbers: Numbers) -> dict[CellRef, Figure]:
        """Return figures for every cell that is no total; with the totals computed they keep every rule.

        Raises ValueError for a form with rules of another kind than those of the official editions.
        """
        values = {ref: numbers.figure(kind) for ref, kind in self._kinds.items()}
        settled: set[CellRef] = set()
        for terms in self._open:
            _settle(terms, values, settled, numbers)
        return values

    def with_totals(self, values: Mapping[CellRef, Figure]) -> dict[CellRef, Figure]:
        """Return the figures with all totals stated."""
        return {**values, **{ref: Figure(number) for ref, number in totals(self._rules, values).items()}}

    def _flat(self, terms: Iterable[tuple[int, CellRef]]) -> Terms:
        """The same sum in cells that are no totals."""
        flat: Terms = []
        for coefficient, ref in terms:
            parts = self._parts.get(ref)
            flat += self._flat((coefficient, part) for part in parts) if parts else [(coefficient, ref)]
        return flat


def _signed(rule: Rule) -> list[tuple[int, CellRef]]:
    return [*((1, ref) for ref, _ in rule.left), *((-1, ref) for ref, _ in rule.right)]


def _settle(terms: Terms, values: dict[CellRef, Figure], settled: set[CellRef], numbers: Numbers) -> None:
    """Make an equation hold for good: what its right side needs is shared out over the cells that are still free.

    An equation without a right side (P1) makes its cells 0 in the same way.
    """
    left = [ref for coefficient, ref in terms if coefficient > 0]
    right = [ref for coefficient, ref in terms if coefficient < 0]
    free = [ref for ref in left if ref not in settled]
    rest = sum(values[ref] for ref in right) - sum(values[ref] for ref in left if ref in settled)
    if rest < 0 or rest % 1 or (rest and not free):
        raise ValueError(f"no numbers found for the form's rule over {terms[0][1]}: the generator must learn this kind")
    rest = int(rest)
    for ref in free:
        share = rest if ref == free[-1] else numbers.up_to(rest)
        values[ref] = Figure(share)
        rest -= share
    settled.update(left, right)


class Plausible:
    """Numbers as small towns have them: half of them 0, the others a few, or hundreds where the town is a busy one."""

    def __init__(self, source: random.Random) -> None:
        self._source = source
        self._mean = source.choice((2, 15, 120))

    def figure(self, kind: str) -> Figure:
        """Return a figure for a column of this kind."""
        if kind == "change":
            return Figure(self._source.randint(-20, 20))
        if kind == "amount":
            text = f"{self._source.randint(0, 9999)}.{self._source.randint(0, 9999):04}"
            return Figure(text, text)
        return Figure(0 if self._source.random() < 0.5 else int(self._source.expovariate(1 / self._mean)))

    def up_to(self, most: int) -> int:
        """Return a whole number from 0 to `most`."""
        return self._source.randint(0, most)


OFFICES = (
    "党政综合办公室", "经济发展办公室", "社会事务办公室", "财政管理办公室", "农业农村办公室", "村镇建设办公室",
    "综合执法队", "便民服务中心", "应急管理站", "退役军人服务站",
)  # fmt: skip
TOPICS = (
    "惠农补贴发放", "农村危房改造", "义务教育招生", "医疗救助", "河道整治", "乡村道路养护", "土地流转", "防汛防台",
    "生活垃圾分类", "居家养老服务", "安全生产检查", "村级财务收支",
)  # fmt: skip
CHANNELS = (
    "县政府门户网站的本镇专栏",
    "镇微信公众号",
    "村务公开栏",
    "便民服务大厅的电子屏",
    "政务公开专区",
    "村村响广播",
)

PARTS = {
    "主动公开": (
        "全年通过{channel}发布信息{many}条，其中涉及{topic}的{few}条，均在形成之日起{few}个工作日内公开。",
        "{month}月起按月公布{topic}的对象名单和金额，公示期内收到群众询问{few}次，由{office}逐一作了答复。",
        "对{topic}的办事指南作了{few}处更新，删去过期的表述，并在{channel}同步张贴。",
        "作出重大决定前征求意见{few}次，收到意见建议{many}条，采纳与否及其理由一并公布。",
    ),
    "依申请公开": (
        "修订了申请办理的内部流程，由{office}统一登记，{office}协助查找，答复文书出具前须经{few}人校核。",
        "在{channel}公布了受理地点和联系电话，全年接听咨询电话{many}个，当面解答{few}人次。",
        "对容易引起误解的答复，{office}在寄出后{few}日内打电话说明理由，减少了重复申请。",
    ),
    "政府信息管理": (
        "{office}对历年文件作了清理，核对{many}件，其中{few}件因内容已经变化而注明停止执行。",
        "每件公文在拟稿时就写明公开属性，{month}月抽查{many}件，有{few}件属性不准，已经退回改正。",
        "涉及{topic}的信息在公布前一律经过保密审查，并隐去身份证号码和银行账号。",
    ),
    "平台建设": (
        "{channel}全年维护{few}次，改正失效链接{few}处、错别字{few}处。",
        "在{place}新设查阅点{few}处，配备查询终端，全年接待群众{many}人次。",
        "{topic}一栏改为按村分列，群众从首页点击三次以内就能找到。",
    ),
    "监督保障": (
        "全年组织培训{few}次，参加{many}人次，内容包括条例条文和常见差错。",
        "{office}每季度通报一次发布情况，{month}月对进度慢的{few}个村当面提醒。",
        "公布监督电话和信箱，收到来信{few}件，全部在{few}个工作日内回复；全年没有发生责任追究的情形。",
    ),
}
DUTIES = (
    "{office}：收集和校对涉及{topic}的信息，全年报送{many}条；",
    "{office}：保管纸质文件，在{channel}上公布目录{few}次；",
    "{office}：回复群众留言{many}条，平均用时{few}个工作日；",
    "{place}：代为张贴公告{many}份，收集意见{few}条；",
)
PROBLEMS = (
    "{topic}的信息偏重结果，过程写得少，群众看不明白是怎样算出来的；",
    "个别村报送材料迟，{month}月有{few}条信息晚于规定的时间才公布；",
    "{channel}与其他渠道的内容有时不一致，有{few}处数据没有同时更新；",
    "解读材料多为文字，图表和问答只有{few}份，不便老年人阅读；",
    "新到岗的{few}名工作人员对条例还不熟悉，拟写答复时引用条款不准；",
)
CURES = (
    "由{office}编写{topic}的说明，用算例把标准讲清楚，在{month}月底前公布；",
    "把报送时限写进{place}的月度安排，逾期{few}天即由{office}催办；",
    "每月核对一次{channel}，发现不一致的当日改正，并登记原因；",
    "为{topic}制作问答{few}份，在{place}循环播放；",
    "安排{few}次岗前学习，由{office}讲解近年的典型答复；",
)
OTHERS = (
    "本年度没有收取信息处理费。",
    "本报告的电子版可以在{channel}查阅和下载，纸质版存放在{place}。",
    "对本报告有疑问的，可在工作日向{office}询问。",
    "{month}月，{topic}的办理地点迁到{place}，已提前{few}天公告。",
)


class Words:
    """Sentences of a made-up town, filled in with names and numbers that change from town to town."""

    def __init__(self, source: random.Random, town: str, year: int) -> None:
        self._source, self._town, self._year = source, town, year

    def section(self, key: str) -> str:
        """Return the Markdown of a section: some 500 characters for the overview, fewer for the others."""
        known: dict[str, Callable[[], Iterable[str]]] = {"overview": self._overview, "problems": self._problems}
        return "\n\n".join(known.get(key, self._others)()) + "\n"

    def _overview(self) -> Iterator[str]:
        yield self._filled(
            "本文为合成数据：{town}并不存在，文字和数字都由程序编写。{year}年，{town}围绕{topic}、{topic}等事项公开政府信息，"
            "由{office}收集和发布，{office}审核，主要情况如下："
        )
        for number, (name, sentences) in zip("一二三四五", PARTS.items(), strict=True):
            yield f"（{number}）{name}。" + "".join(self._some(sentences, 2))
        yield "各办公室和各村的分工是："
        yield _list(f"- {line}" for line in self._some(DUTIES, 3))

    def _problems(self) -> Iterator[str]:
        yield self._filled("回顾{year}年，{town}（合成）的政府信息公开工作还有不足：")
        yield _list(f"{number}. {line}" for number, line in enumerate(self._some(PROBLEMS, 3), 1))
        yield self._filled("针对上述问题，{next}年准备采取下列措施，由{office}按季度检查：")
        yield _list(f"{number}. {line}" for number, line in enumerate(self._some(CURES, 3), 1))

    def _others(self) -> Iterator[str]:
        yield self._filled("{town}为合成的单位，本部分没有实际内容。") + "".join(self._some(OTHERS, 2))

    def _some(self, sentences: Sequence[str], least: int) -> list[str]:
        """At least so many of the sentences, in their order."""
        number = self._source.randint(least, min(least + 1, len(sentences)))
        chosen = sorted(self._source.sample(range(len(sentences)), number))
        return [self._filled(sentences[index]) for index in chosen]

    def _filled(self, sentence: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda slot: self._word(slot[1]), sentence)

    def _word(self, slot: str) -> str:
        match slot:
            case "town" | "year":
                return self._town if slot == "town" else str(self._year)
            case "next":
                return str(self._year + 1)
            case "office" | "topic" | "channel":
                return self._source.choice({"office": OFFICES, "topic": TOPICS, "channel": CHANNELS}[slot])
            case "place":
                return f"合成第{self._source.randint(1, 30)}村"
            case _:
                least, most = {"few": (2, 9), "many": (20, 480), "month": (2, 11)}[slot]
                return str(self._source.randint(least, most))


def _list(lines: Iterable[str]) -> str:
    return "\n".join(lines).removesuffix("；") + "。"


def write_towns(folder: Path, count: int, edition_year: int = 2023, seed: int = 0) -> list[Path]:
    """Return the parameter files of `count` SYNTHETIC towns, written to folder/<year>/合成县/合成0001镇.yaml and so on.

    Every cell and every total is stated and every section has words, so that a check finds nothing. The same seed gives
    the same bytes, and the same town whatever the count.
    """
    form = form_for(shipped_forms(), edition_year)
    if form is None:
        raise ValueError(f"no official edition for {edition_year}")
    county = folder / str(edition_year) / COUNTY
    county.mkdir(parents=True, exist_ok=True)
    equations = Equations(form, _name(1))
    paths = [county / f"{_name(number)}.yaml" for number in range(1, count + 1)]
    for path in paths:
        town = _town(form, equations, path.stem, edition_year, random.Random(f"{seed} {edition_year} {path.stem}"))
        path.write_bytes(yaml_text(parameters(town)).encode())
    return paths


def _name(number: int) -> str:
    return f"合成{number:04}镇"


def _town(form: Form, equations: Equations, name: str, year: int, source: random.Random) -> Filing:
    """A valid filing of a SYNTHETIC town with nothing left out."""
    values = equations.with_totals(equations.values(Plausible(source)))
    words = Words(source, name, year)
    narrative = {section.key: words.section(section.key) for section in form.sections if section.table is None}
    return Filing(form, name, year, f"{name}人民政府", values, narrative, Origin(name))


def yaml_text(entries: Mapping[str, Any]) -> str:
    """Return nested mappings of text, whole numbers and lists as YAML. PyYAML's dumper would take longer than all else.

    Text that YAML could take for anything else is quoted; whole lines stand below a `|`.
    """
    return "".join(_lines(entries, ""))


def _lines(entries: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in entries.items():
        head = f"{indent}{_scalar(key)}:"
        if isinstance(value, Mapping):
            yield f"{head}\n"
            yield from _lines(value, f"{indent}  ")
        elif isinstance(value, list):
            yield f"{head} [{', '.join(map(_scalar, value))}]\n"
        elif isinstance(value, str) and _is_block(value):
            yield f"{head} |\n" + "".join(f"{indent}  {line}".rstrip() + "\n" for line in value.splitlines())
        else:
            yield f"{head} {_scalar(value)}\n"


def _is_block(text: str) -> bool:
    """Whether the text can stand below a | as it is: whole lines, none of which has white space at its ends."""
    *lines, last = text.split("\n")
    whole = bool(lines and lines[0] and lines[-1] and not last)
    return whole and all(line.isprintable() and line == line.strip() for line in lines)


_PLAIN = re.compile(r"[（一-鿿][\w（）、，“”]*|edition|year|jurisdiction|agency|figures|narrative")


def _scalar(value: str | int) -> str:
    if isinstance(value, int) or _PLAIN.fullmatch(value):
        return str(value)
    # JSON leaves alone what YAML takes for a line break or refuses.
    escaped = json.dumps(value, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda sign: f"\\u{ord(sign[0]):04x}", escaped)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write parameter files of SYNTHETIC towns (合成0001镇, …).")
    parser.add_argument("folder", type=Path, help="where the folder of the year goes, such as params/")
    parser.add_argument("count", type=int)
    parser.add_argument("--year", type=int, default=2023)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    written = write_towns(wanted.folder, wanted.count, wanted.year, wanted.seed)
    print(f"{len(written)} synthetic towns below {wanted.folder}")


if __name__ == "__main__":
    main()
