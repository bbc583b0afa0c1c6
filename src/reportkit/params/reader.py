"""A parameter file (YAML), or the parameters of a running notebook -> Filing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from reportkit.errors import Issue, Origin, ReaderError, reason_of
from reportkit.files.locations import FileTooLargeError, is_remote, read, read_local
from reportkit.kinds import Forms, form_for
from reportkit.kinds.headings import Headings
from reportkit.kinds.labels import aliases_of
from reportkit.messages.words import issue, phrase
from reportkit.model.facts import Fact
from reportkit.model.filing import Filing, fact_at, words_at
from reportkit.model.form import Form
from reportkit.model.names import MAX_NAME, PARAMETERS, unfit
from reportkit.model.numbers import half_width
from reportkit.model.spelling import normal
from reportkit.params.facts import FactReader, stated_value
from reportkit.params.figures import ADVISED, CellReader, brief, nearest
from reportkit.params.nodes import Entries, Node, NotPlainDataError, Scalar, from_objects, parse
from reportkit.signs import sign_name

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
    return _filing(node, forms, Origin(shown, 1), notes)


def read_parameters(parameters: Mapping[str, Any], forms: Mapping[str, Form]) -> Filing:
    """Return the filing that a notebook's parameters hold; see read_params for what is raised.

    Facts of the form are missed where the parameters name them with None: a notebook has those alone that it declares.
    """
    return _filing(from_objects(parameters, "parameters"), forms, Origin("parameters"), [], asked=parameters)


def waiver_code(text: str) -> str:
    """Return the code of a waiver as it is compared, of the name that a parameter file gives it."""
    return brief(normal(text).upper())


def _text(path: Path, shown: str, content: bytes | None) -> tuple[str, list[Issue]]:
    """The file's text, and a note if it was not written in UTF-8."""
    origin = Origin(shown)
    try:
        if content is None:
            content = read(path) if is_remote(path) else read_local(path, MAX_BYTES)
        if len(content) > MAX_BYTES:
            raise FileTooLargeError(path, len(content))
    except FileTooLargeError as error:
        raise ReaderError([issue("Y1.large", origin, size=f"{error.size / 1e6:.1f}")]) from None
    except FileNotFoundError:
        raise ReaderError([issue("Y1.not_there", origin)]) from None
    except OSError as error:
        raise ReaderError([issue("Y1.unreadable", origin, why=reason_of(error))]) from None
    if not content.strip():
        raise ReaderError([issue("Y1.empty", origin)])
    return _decoded(content, origin)


def decoded(content: bytes) -> str:
    """Return the text of a file that a filing has been made of; a byte order mark stays, GB18030 becomes UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _decoded(raw: bytes, origin: Origin) -> tuple[str, list[Issue]]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReaderError([issue("Y1.utf_16", origin)])
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise ReaderError([issue("Y1.encoding", origin._replace(at=line))])
    return text, [issue("Y8", origin)]


def _filing(
    node: Node | None,
    forms: Mapping[str, Form],
    origin: Origin,
    notes: list[Issue],
    asked: Container[str] | None = None,
) -> Filing:
    """The filing; `asked` are the facts that it can state, None if that is all of its form's."""
    reading = _Reading(node, origin, notes, forms)
    year, jurisdiction, form = reading.year(), reading.jurisdiction(), reading.form(forms)
    if year is None or not jurisdiction or form is None:
        raise ReaderError(reading.issues)
    cells = CellReader(aliases_of(form))
    headings = Headings(form)
    reading.figures(form, cells, headings)
    reading.miss_facts(fact for fact in form.facts.values() if asked is None or fact.name in asked)
    narrative, waivers, compare = reading.narrative(form, headings), reading.waivers(), reading.switch("compare")
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
        unread=cells.unread,
        waivers=waivers,
        compare=compare,
        facts=reading.facts,
    )


class _Reading:
    """Walks the top level of a parameter file and gathers what is wrong."""

    def __init__(self, node: Node | None, origin: Origin, notes: list[Issue], forms: Mapping[str, Form]) -> None:
        self.issues = list(notes)
        self._told: set[tuple[str, str, Origin]] = set()
        self.origin = origin
        self.top: dict[str, Node] = {}
        self.origins: dict[Any, Origin] = {}
        self.facts: dict[str, Any] = {}
        if not isinstance(node, Entries):
            name = "Y7.file_colon" if isinstance(node, Scalar) and "：" in node.text else "Y7.file"
            raise ReaderError([*notes, issue(name, node.origin if node else origin)])
        others: list[tuple[Scalar, Node]] = []
        for key, value in self.unique(node):
            if key.text in PARAMETERS:
                self.top[key.text] = value
                self.origins[key.text] = key.origin
            else:
                others.append((key, value))
        if others:
            readers = self._fact_readers(forms)
            for key, value in others:
                self._fact(key, value, readers)

    def issue(self, name: str, origin: Origin, /, **values: object) -> None:
        told = issue(name, origin, **values)
        if (told.code, told.message, told.origin) not in self._told:  # a value that two questions look at is told once
            self._told.add((told.code, told.message, told.origin))
            self.issues.append(told)

    def _fact_readers(self, forms: Mapping[str, Form]) -> Mapping[str, FactReader]:
        """What reads each fact that the file may state: the form goes before the notebook."""
        told = list(self.issues), set(self._told)
        form = self.form(forms)
        self._lacks_form = form is None and bool(self.scalar("edition"))
        self.issues, self._told = told  # what is wrong with the form's name is told in its turn
        own: Mapping[str, FactReader] = forms.facts if isinstance(forms, Forms) else {}
        asked = form.facts if form else {}
        return {**own, **{name: partial(stated_value, fact) for name, fact in asked.items()}}

    def _fact(self, key: Scalar, node: Node, readers: Mapping[str, FactReader]) -> None:
        """Keep the value of a fact, if there is one of this name."""
        if key.text not in readers:
            if not self._lacks_form:  # of a form that cannot be used it is not known what it asks for
                self.unknown("Y5.key", key, [*PARAMETERS, *readers])
            return
        self.origins[fact_at(key.text)] = key.origin
        try:
            value = readers[key.text](node)
        except ValueError as error:
            self.issue("Y7.fact", key.origin, key=key.text, reason=error)
        else:
            self.facts |= {} if value is None else {key.text: value}

    def miss_facts(self, facts: Iterable[Fact]) -> None:
        """Note those of the facts that a report must state and that are not there; an unread one has been told."""
        wrong = {one.origin for one in self.issues if one.code == "Y7"}
        for fact in facts:
            origin = self.origins.get(fact_at(fact.name))
            if fact.required and fact.name not in self.facts and origin not in wrong:
                self.issue("Y13", origin or self.origin, name=fact.name, label=fact.label)

    def unknown(self, name: str, key: Scalar, known: Iterable[str]) -> None:
        """Note a name that is none of the known ones; `name` is that of the sentence."""
        advice = nearest(key.text, known) if len(self.issues) < ADVISED else phrase("wrong_file")
        self.issue(name, key.origin, name=brief(key.text), advice=advice)

    def unique(self, node: Entries) -> list[tuple[Scalar, Node]]:
        """The pairs of a mapping, the first of each name; a name that stands twice is an issue."""
        seen: dict[str, Scalar] = {}
        pairs = []
        for key, value in node.pairs:
            word = normal(key.text)
            if word in seen:
                self.issue("Y4.name", key.origin, name=brief(key.text), line=seen[word].origin.place)
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
            self.issue("Y7.value", node.origin, key=key)
            return ""
        text = node.text.strip()
        if len(text) > 1 and text[0] in "“‘" and text[-1] in "”’":
            self.issue("Y7.quotes", node.origin, key=key)
            return text[1:-1].strip()
        return text

    def year(self) -> int | None:
        text = half_width(self.scalar("year")).removesuffix("年")
        if len(text) == 4 and text.isascii() and text.isdigit():
            return int(text)
        if text:
            self.issue("Y7.year", self.top["year"].origin, text=brief(self.scalar("year")))
        else:
            self.issue("Y6.year", self.origin)
        return None

    def jurisdiction(self) -> str:
        name = self.name("jurisdiction")
        if not name:
            self.issue("Y6.jurisdiction", self.origin)
        elif name.isprintable() and (reason := unfit(name)):
            self.issue("Y11", self.top["jurisdiction"].origin, name=name, reason=reason)
        return name

    def name(self, key: str) -> str:
        """A name: one line, of a length that fits on a title line."""
        text = self.scalar(key)
        if len(text) > MAX_NAME or not text.isprintable():
            wrong = next((sign for sign in text if sign != "\n" and not sign.isprintable()), "")
            if wrong:
                self.issue("Y7.name_sign", self.top[key].origin, key=key, most=MAX_NAME, sign=sign_name(wrong))
            else:
                self.issue("Y7.name", self.top[key].origin, key=key, most=MAX_NAME)
            return text[:MAX_NAME].split("\n")[0]
        return text

    def form(self, forms: Mapping[str, Form]) -> Form | None:
        """The form that `edition` names; without one, the official edition of the year."""
        edition = self.scalar("edition")
        if edition and isinstance(forms, Forms) and (broken := forms.wrong(edition)):
            self.issue("Y12.edition", self.top["edition"].origin, edition=edition, reason=broken)
            return None
        if edition in forms:
            return forms[edition]
        if not forms:
            self.issue("Y6.no_form", self.top["edition"].origin if edition else self.origin)
            return None
        if edition:
            self.issue("Y5.edition", self.top["edition"].origin, name=edition, advice=nearest(edition, forms))
            return None
        text = half_width(self.scalar("year"))
        form = form_for(forms, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None
        if form is None:
            self.issue("Y6.edition", self.origin, editions=list(forms))
        return form

    def figures(self, form: Form, cells: CellReader, headings: Headings) -> None:
        node = self.entries("figures", "Y7.tables", "Y7.tables_colon")
        captions = [table.caption for table in form.tables.values()]
        for key, value in node:
            table = headings.named_table(key.text)
            if table is None:
                self.unknown("Y5.table", key, captions)
            elif table.key in cells.origins:
                self.issue("Y4.table", key.origin, name=key.text)
            else:
                cells.table(table, key.origin, value)

    def narrative(self, form: Form, headings: Headings) -> dict[str, str]:
        """The town's own text by section key; every text is kept as it is written."""
        texts: dict[str, str] = {}
        length = 0
        for key, value in self.entries("narrative", "Y7.sections", "Y7.sections_colon"):
            section = headings.named_section(key.text)
            if section is None:
                self.unknown("Y5.section", key, [section.label for section in form.sections])
            elif section.key in texts:
                self.issue("Y4.section", key.origin, name=key.text)
            elif not isinstance(value, Scalar):
                self.issue("Y7.section", value.origin, name=key.text)
            elif value.plain and value.text.startswith("｜"):
                self.issue("Y7.bar", value.origin, name=key.text)
            elif (length := length + len(value.text)) > MAX_WORDS:
                self.issue("Y7.words", key.origin, name=key.text, most=MAX_WORDS)
            elif not value.blank:
                texts[section.key] = value.text
                self.origins[words_at(section.key)] = key.origin
        return texts

    def waivers(self) -> dict[str, str]:
        """The reasons by code; whether there are such codes is not known here. Each stands at "waivers.<code>"."""
        reasons: dict[str, str] = {}
        entries = self.entries("waivers", "Y7.codes", "Y7.codes_colon")
        if len(entries) > _MOST_WAIVERS:
            self.issue("Y7.waivers", self.top["waivers"].origin, count=len(entries))
            return reasons
        for key, value in entries:
            code = waiver_code(key.text)
            reason = " ".join(value.text.split()) if isinstance(value, Scalar) and not value.blank else ""
            if code in reasons:
                self.issue("Y4.waiver", key.origin, name=code)
            elif not reason or not reason.isprintable():
                self.issue("Y9.reason", key.origin, code=code)
            else:
                reasons[code] = reason
                self.origins[f"waivers.{code}"] = key.origin
        return reasons

    def switch(self, key: str) -> bool | None:
        """A value that is true or false; None if it is neither."""
        text = self.scalar(key).lower()
        if text and text not in _SWITCH:
            self.issue("Y7.switch", self.top[key].origin, key=key, text=brief(self.scalar(key)))
        return _SWITCH.get(text)

    def entries(self, key: str, name: str, with_colon: str) -> list[tuple[Scalar, Node]]:
        node = self.top.get(key)
        if isinstance(node, Entries):
            return self.unique(node)
        if node is not None and not (isinstance(node, Scalar) and node.blank):
            wide = isinstance(node, Scalar) and "：" in node.text
            self.issue(with_colon if wide else name, node.origin, key=key)
        return []
