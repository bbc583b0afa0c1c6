"""A parameter file (YAML), or the parameters of a running notebook -> Filing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import Any

from reportkit.errors import Issue, Origin, ReaderError, system_words
from reportkit.files.locations import FileTooLargeError, is_remote, read, read_local
from reportkit.kinds import Forms, form_for
from reportkit.model.filing import Filing, words_at
from reportkit.model.form import Form, Section, Table
from reportkit.model.names import MAX_NAME, unfit
from reportkit.model.numbers import half_width, normal
from reportkit.params.figures import ADVISED, CellReader, brief, nearest
from reportkit.params.nodes import Entries, Node, NotPlainDataError, Scalar, from_objects, parse
from reportkit.params.syntax import WIDE_COLON
from reportkit.signs import sign_name

PARAMETERS = ("edition", "year", "jurisdiction", "agency", "figures", "narrative", "waivers", "compare")
"""The top-level keys of a parameter file: the notebook's parameters."""

SUFFIXES = (".yaml", ".yml")

MAX_BYTES = 1_000_000
"""A full parameter file has some 10 kB; a file a hundred times larger is something else."""

MAX_WORDS = 100_000
"""Characters of all sections together; the longest reports have some 30,000 with their tables."""

_MOST_WAIVERS = 200
"""More than there are rules."""

_SWITCH = {"true": True, "false": False}


def is_parameter_file(inside: PurePath) -> bool:
    """Return whether a path below a folder is meant as a parameter file: hidden and temporary files are not."""
    return inside.suffix in SUFFIXES and not any(part.startswith((".", "~")) for part in inside.parts)


def read_params(path: Path, forms: Mapping[str, Form], shown: str = "", content: bytes | None = None) -> Filing:
    """Return the filing that a parameter file holds; `shown` is how messages call the file (its path by default).

    `content` is what the file holds, if that has been read already.

    What is wrong with single cells or names stands in the filing's `notes`. Raises ReaderError, with everything
    found so far, when no filing can be made: the file is not readable, not YAML, or does not say whose it is.
    """
    shown = shown or str(path)
    text, notes = _text(path, shown, content)
    try:
        node = parse(text, shown)
    except NotPlainDataError as error:
        raise ReaderError([*notes, error.issue]) from None
    return _filing(node, forms, Origin(shown, "1"), notes)


def read_parameters(parameters: Mapping[str, Any], forms: Mapping[str, Form]) -> Filing:
    """Return the filing that a notebook's parameters hold; see read_params for what is raised."""
    return _filing(from_objects(parameters, "parameters"), forms, Origin("parameters"), [])


def tables_by_name(form: Form) -> dict[str, Table]:
    """Return the tables by every name that a parameter file may give them, in the `normal` way of writing."""
    known = {word: table for table in form.tables.values() for word in (normal(table.caption), table.key)}
    for section in form.sections:
        if section.table:
            known[normal(section.heading)] = known[normal(section.label)] = section.table
    return known


def sections_by_name(form: Form) -> dict[str, Section]:
    """Return the sections by every name that a parameter file may give them, in the `normal` way of writing."""
    return {
        word: section
        for section in form.sections
        for word in (normal(section.label), normal(section.heading), section.key)
    }


def _text(path: Path, shown: str, content: bytes | None) -> tuple[str, list[Issue]]:
    """The file's text, and a note if it was not written in UTF-8."""
    origin = Origin(shown)
    try:
        if content is None:
            content = read(path) if is_remote(path) else read_local(path, MAX_BYTES)
        if len(content) > MAX_BYTES:
            raise FileTooLargeError(path, len(content))
    except FileTooLargeError as error:
        message = f"文件有 {error.size / 1e6:.1f} MB，参数文件不会超过 1 MB；请检查是不是放错了文件"
        raise ReaderError([Issue("Y1", "error", message, origin)]) from None
    except OSError as error:
        cause = "文件不存在" if isinstance(error, FileNotFoundError) else f"读不出来（{system_words(error)}）"
        raise ReaderError([Issue("Y1", "error", f"{cause}；请检查路径和权限", origin)]) from None
    if not content.strip():
        raise ReaderError([Issue("Y1", "error", "文件是空的；请从一个现成的参数文件复制后修改", origin)])
    return _decoded(content, origin)


def _decoded(raw: bytes, origin: Origin) -> tuple[str, list[Issue]]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReaderError([Issue("Y1", "error", "文件是 UTF-16 编码；请另存为 UTF-8", origin)])
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        message = "既不是 UTF-8 也不是 GB18030 编码的文字；请另存为 UTF-8"
        raise ReaderError([Issue("Y1", "error", message, origin._replace(place=str(line)))])
    return text, [
        Issue("Y8", "warning", "文件是 GB18030 编码，已按此读入；请另存为 UTF-8，否则 papermill 读不了", origin)
    ]


def _filing(node: Node | None, forms: Mapping[str, Form], origin: Origin, notes: list[Issue]) -> Filing:
    reading = _Reading(node, origin, notes)
    year, jurisdiction, form = reading.year(), reading.jurisdiction(), reading.form(forms)
    if year is None or not jurisdiction or form is None:
        raise ReaderError(reading.issues)
    cells = CellReader()
    reading.figures(form, cells)
    narrative, waivers, compare = reading.narrative(form), reading.waivers(), reading.switch("compare")
    return Filing(
        form=form,
        jurisdiction=jurisdiction,
        year=year,
        agency=reading.name("agency") or jurisdiction,
        values=cells.values,
        narrative=narrative,
        origin=origin,
        origins={**reading.origins, **cells.origins},
        notes=(*reading.issues, *cells.issues),
        unread=frozenset(cells.unread),
        waivers=waivers,
        compare=compare,
    )


class _Reading:
    """Walks the top level of a parameter file and gathers what is wrong."""

    def __init__(self, node: Node | None, origin: Origin, notes: list[Issue]) -> None:
        self.issues = list(notes)
        self._told: set[tuple[str, str, Origin]] = set()
        self.origin = origin
        self.top: dict[str, Node] = {}
        self.origins: dict[Any, Origin] = {}
        if not isinstance(node, Entries):
            message = "文件里没有“名称: 值”的内容；至少要有 year、jurisdiction 和 figures"
            if isinstance(node, Scalar) and "：" in node.text:
                message = f"文件里没有“名称: 值”的内容，这里{WIDE_COLON}"
            raise ReaderError([*notes, Issue("Y7", "error", message, node.origin if node else origin)])
        for key, value in self.unique(node):
            if key.text in PARAMETERS:
                self.top[key.text] = value
                self.origins[key.text] = key.origin
            else:
                self.unknown("", key, PARAMETERS)

    def issue(self, code: str, message: str, origin: Origin | None = None) -> None:
        told = (code, message, origin or self.origin)
        if told not in self._told:  # a value that two questions look at is told once
            self._told.add(told)
            self.issues.append(Issue(code, "error", message, origin or self.origin))

    def unknown(self, what: str, key: Scalar, known: Iterable[str]) -> None:
        """Note a name that is none of the known ones."""
        advice = nearest(key.text, known) if len(self.issues) < ADVISED else "请检查是不是放错了文件"
        self.issue("Y5", f"没有认出{what}“{brief(key.text)}”；{advice}", key.origin)

    def unique(self, node: Entries) -> list[tuple[Scalar, Node]]:
        """The pairs of a mapping, the first of each name; a name that stands twice is an issue."""
        seen: dict[str, Scalar] = {}
        pairs = []
        for key, value in node.pairs:
            word = normal(key.text)
            if word in seen:
                self.issue(
                    "Y4",
                    f"“{brief(key.text)}”写了两次（前一次在第 {seen[word].origin.place} 行）；请留一处",
                    key.origin,
                )
            else:
                seen[word] = key
                pairs.append((key, value))
        return pairs

    def scalar(self, key: str) -> str:
        """The text of a top-level value, "" if it is not there or blank."""
        node = self.top.get(key)
        if node is None or (isinstance(node, Scalar) and node.blank):
            return ""
        if not isinstance(node, Scalar):
            self.issue("Y7", f"{key} 应是一个值，这里是一组", node.origin)
            return ""
        text = node.text.strip()
        if len(text) > 1 and text[0] in "“‘" and text[-1] in "”’":
            self.issue("Y7", f"{key} 的引号是全角的，会当成文字；请删去引号", node.origin)
            return text[1:-1].strip()
        return text

    def year(self) -> int | None:
        text = half_width(self.scalar("year")).removesuffix("年")
        if len(text) == 4 and text.isascii() and text.isdigit():
            return int(text)
        if text:
            self.issue("Y7", f"year 应是四位数的年份，写的是“{brief(self.scalar('year'))}”", self.top["year"].origin)
        else:
            self.issue("Y6", "缺少 year（年份），例如 year: 2023")
        return None

    def jurisdiction(self) -> str:
        name = self.name("jurisdiction")
        if not name:
            self.issue("Y6", "缺少 jurisdiction（行政区或单位名称），例如 jurisdiction: 桑洲镇")
        elif name.isprintable() and (reason := unfit(name)):
            message = f"jurisdiction“{name}”{reason}，不能做文件名；请只写本单位的名称，例如 jurisdiction: 桑洲镇"
            self.issue("Y11", message, self.top["jurisdiction"].origin)
        return name

    def name(self, key: str) -> str:
        """A name: one line, of a length that fits on a title line."""
        text = self.scalar(key)
        if len(text) > MAX_NAME or not text.isprintable():
            wrong = next((sign for sign in text if sign != "\n" and not sign.isprintable()), "")
            rule = f"不能有看不见的符号 {sign_name(wrong)}" if wrong else "不能换行"
            self.issue("Y7", f"{key} 应是一个不超过 {MAX_NAME} 字的名称，{rule}", self.top[key].origin)
            return text[:MAX_NAME].split("\n")[0]
        return text

    def form(self, forms: Mapping[str, Form]) -> Form | None:
        """The form that `edition` names; without one, the official edition of the year."""
        edition = self.scalar("edition")
        if edition and isinstance(forms, Forms) and (broken := forms.wrong(edition)):
            self.issue("Y12", f"格式“{edition}”的文件用不了：{broken}", self.top["edition"].origin)
            return None
        if edition in forms:
            return forms[edition]
        if edition:
            message = f"没有“{edition}”这个格式版本；{nearest(edition, forms)}"
            self.issue("Y5", message, self.top["edition"].origin)
            return None
        text = half_width(self.scalar("year"))
        form = form_for(forms, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None
        if form is None:
            self.issue("Y6", f"缺少 edition（格式版本），由年份也推不出来；可用的有：{'、'.join(forms)}")
        return form

    def figures(self, form: Form, cells: CellReader) -> None:
        node = self.entries("figures", "表名")
        known = tables_by_name(form)
        captions = [table.caption for table in form.tables.values()]
        for key, value in node:
            table = known.get(normal(key.text))
            if table is None:
                self.unknown("表名", key, captions)
            elif table.key in cells.origins:
                self.issue("Y4", f"“{key.text}”这张表写了两次；请留一处", key.origin)
            else:
                cells.table(table, key.origin, value)

    def narrative(self, form: Form) -> dict[str, str]:
        """The town's own text by section key; every text is kept as it is written."""
        known = sections_by_name(form)
        texts: dict[str, str] = {}
        length = 0
        for key, value in self.entries("narrative", "部分名称"):
            section = known.get(normal(key.text))
            if section is None:
                self.unknown("部分名称", key, [section.label for section in form.sections])
            elif section.key in texts:
                self.issue("Y4", f"“{key.text}”这一部分写了两次；请留一处", key.origin)
            elif not isinstance(value, Scalar):
                self.issue("Y7", f"“{key.text}”应是一段文字；多行文字写在“|”后面的缩进行里", value.origin)
            elif value.plain and value.text.startswith("｜"):
                self.issue("Y7", f"“{key.text}”的“｜”是全角的；多行文字前面要用半角的“|”", value.origin)
            elif (length := length + len(value.text)) > MAX_WORDS:
                message = f"到“{key.text}”为止，各部分的文字超过 {MAX_WORDS} 字，不是一份年度报告；请只写本单位的内容"
                self.issue("Y7", message, key.origin)
            elif not value.blank:
                texts[section.key] = value.text
                self.origins[words_at(section.key)] = key.origin
        return texts

    def waivers(self) -> dict[str, str]:
        """The reasons by code; whether there are such codes is not known here. Each stands at "waivers.<code>"."""
        reasons: dict[str, str] = {}
        entries = self.entries("waivers", "代码")
        if len(entries) > _MOST_WAIVERS:
            self.issue("Y7", f"豁免了 {len(entries)} 项，规则没有这么多；请只写要豁免的", self.top["waivers"].origin)
            return reasons
        for key, value in entries:
            code = brief(normal(key.text).upper())
            reason = " ".join(value.text.split()) if isinstance(value, Scalar) and not value.blank else ""
            if code in reasons:
                self.issue("Y4", f"“{code}”的豁免写了两次；请留一处", key.origin)
            elif not reason or not reason.isprintable():
                self.issue("Y9", f"豁免 {code} 要写一句理由，例如 {code}: 联合发文，由牵头单位统计", key.origin)
            else:
                reasons[code] = reason
                self.origins[f"waivers.{code}"] = key.origin
        return reasons

    def switch(self, key: str) -> bool | None:
        """A value that is true or false; None if it is neither."""
        text = self.scalar(key).lower()
        if text and text not in _SWITCH:
            self.issue(
                "Y7", f"{key} 应是 true（要）或 false（不要），写的是“{brief(self.scalar(key))}”", self.top[key].origin
            )
        return _SWITCH.get(text)

    def entries(self, key: str, what: str) -> list[tuple[Scalar, Node]]:
        node = self.top.get(key)
        if isinstance(node, Entries):
            return self.unique(node)
        if node is not None and not (isinstance(node, Scalar) and node.blank):
            wide = f"，这里{WIDE_COLON}" if isinstance(node, Scalar) and "：" in node.text else ""
            self.issue("Y7", f"{key} 下面应当写“{what}: …”{wide}", node.origin)
        return []
