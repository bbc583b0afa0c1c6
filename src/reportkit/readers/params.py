"""A parameter file (YAML), or the parameters of a running notebook -> Filing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from reportkit.errors import Issue, Origin, ReaderError
from reportkit.filing import Filing
from reportkit.forms import Form, Section, Table, form_for
from reportkit.readers.cells import CellReader, nearest
from reportkit.readers.figures import half_width, normal
from reportkit.readers.nodes import Entries, Node, NotPlainDataError, Scalar, from_objects, parse

PARAMETERS = ("edition", "year", "jurisdiction", "agency", "figures", "narrative", "waivers", "compare")
"""The top-level keys of a parameter file: the notebook's parameters."""

SUFFIXES = (".yaml", ".yml")

MAX_BYTES = 1_000_000
"""A full parameter file has some 10 kB; a file a hundred times larger is something else."""

MAX_NAME = 60

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
        size = path.stat().st_size if content is None else len(content)
        if size > MAX_BYTES:
            raise ReaderError(
                [
                    Issue(
                        "Y1",
                        "error",
                        f"文件有 {size / 1e6:.1f} MB，参数文件不会超过 1 MB；请检查是不是放错了文件",
                        origin,
                    )
                ]
            )
        raw = path.read_bytes() if content is None else content
    except OSError as error:
        cause = "文件不存在" if isinstance(error, FileNotFoundError) else f"读不出来（{error.strerror}）"
        raise ReaderError([Issue("Y1", "error", f"{cause}；请检查路径和权限", origin)]) from None
    if not raw.strip():
        raise ReaderError([Issue("Y1", "error", "文件是空的；请从一个现成的参数文件复制后修改", origin)])
    return _decoded(raw, origin)


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
        self.origin = origin
        self.top: dict[str, Node] = {}
        self.origins: dict[Any, Origin] = {}
        if not isinstance(node, Entries):
            message = "文件里没有“名称: 值”的内容；至少要有 year、jurisdiction 和 figures"
            raise ReaderError([*notes, Issue("Y7", "error", message, node.origin if node else origin)])
        for key, value in self.unique(node):
            if key.text in PARAMETERS:
                self.top[key.text] = value
                self.origins[key.text] = key.origin
            else:
                self.issue("Y5", f"没有认出“{key.text}”；{nearest(key.text, PARAMETERS)}", key.origin)

    def issue(self, code: str, message: str, origin: Origin | None = None) -> None:
        issue = Issue(code, "error", message, origin or self.origin)
        if issue not in self.issues:  # a value that two questions look at is told once
            self.issues.append(issue)

    def unique(self, node: Entries) -> list[tuple[Scalar, Node]]:
        """The pairs of a mapping, the first of each name; a name that stands twice is an issue."""
        seen: dict[str, Scalar] = {}
        pairs = []
        for key, value in node.pairs:
            word = normal(key.text)
            if word in seen:
                self.issue(
                    "Y4", f"“{key.text}”写了两次（前一次在第 {seen[word].origin.place} 行）；请留一处", key.origin
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
        return node.text.strip()

    def year(self) -> int | None:
        text = half_width(self.scalar("year")).removesuffix("年")
        if len(text) == 4 and text.isascii() and text.isdigit():
            return int(text)
        if text:
            self.issue("Y7", f"year 应是四位数的年份，写的是“{self.scalar('year')}”", self.top["year"].origin)
        else:
            self.issue("Y6", "缺少 year（年份），例如 year: 2023")
        return None

    def jurisdiction(self) -> str:
        name = self.name("jurisdiction")
        if not name:
            self.issue("Y6", "缺少 jurisdiction（行政区或单位名称），例如 jurisdiction: 桑洲镇")
        return name

    def name(self, key: str) -> str:
        """A name: one line, of a length that fits on a title line."""
        text = self.scalar(key)
        if len(text) > MAX_NAME or not text.isprintable():
            self.issue("Y7", f"{key} 应是一个不超过 {MAX_NAME} 字的名称，不能换行", self.top[key].origin)
            return text[:MAX_NAME].split("\n")[0]
        return text

    def form(self, forms: Mapping[str, Form]) -> Form | None:
        """The form that `edition` names; without one, the official edition of the year."""
        edition = self.scalar("edition")
        if edition in forms:
            return forms[edition]
        if edition:
            message = f"没有“{edition}”这个格式版本；{nearest(edition, forms)}"
            self.issue("Y5", message, self.top["edition"].origin)
            return None
        text = half_width(self.scalar("year"))
        form = form_for(forms, int(text)) if text.isascii() and text.isdigit() else None
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
                self.issue("Y5", f"没有认出表名“{key.text}”；{nearest(key.text, captions)}", key.origin)
            elif table.key in cells.origins:
                self.issue("Y4", f"“{key.text}”这张表写了两次；请留一处", key.origin)
            else:
                cells.table(table, key.origin, value)

    def narrative(self, form: Form) -> dict[str, str]:
        """The town's own text by section key; every text is kept as it is written."""
        known = sections_by_name(form)
        texts: dict[str, str] = {}
        for key, value in self.entries("narrative", "部分名称"):
            section = known.get(normal(key.text))
            if section is None:
                labels = [section.label for section in form.sections]
                self.issue("Y5", f"没有认出部分名称“{key.text}”；{nearest(key.text, labels)}", key.origin)
            elif section.key in texts:
                self.issue("Y4", f"“{key.text}”这一部分写了两次；请留一处", key.origin)
            elif not isinstance(value, Scalar):
                self.issue("Y7", f"“{key.text}”应是一段文字；多行文字写在“|”后面的缩进行里", value.origin)
            elif not value.blank:
                texts[section.key] = value.text
                self.origins[section.key] = key.origin
        return texts

    def waivers(self) -> dict[str, str]:
        """The reasons by code; whether there are such codes is not known here. Each stands at "waivers.<code>"."""
        reasons: dict[str, str] = {}
        for key, value in self.entries("waivers", "代码"):
            code = normal(key.text).upper()
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
            self.issue("Y7", f"{key} 应是 true（要）或 false（不要），写的是“{self.scalar(key)}”", self.top[key].origin)
        return _SWITCH.get(text)

    def entries(self, key: str, what: str) -> list[tuple[Scalar, Node]]:
        node = self.top.get(key)
        if isinstance(node, Entries):
            return self.unique(node)
        if node is not None and not (isinstance(node, Scalar) and node.blank):
            self.issue("Y7", f"{key} 下面应当写“{what}: …”", node.origin)
        return []
