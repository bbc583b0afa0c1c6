"""The report's prose: Markdown with numbers in it -> HTML in which nobody's text can become markup.

Two kinds of text come in. What stands in a notebook cell is the analyst's: Jinja expressions are evaluated (in a
sandbox) and the result is Markdown. A town's own text is data: it is Markdown only, and raw HTML, images and links in
it stay visible text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal, localcontext
from functools import cache, lru_cache
from html import escape
from itertools import accumulate
from types import SimpleNamespace
from typing import Any

import mistune
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reportkit.errors import CellRef, UserError
from reportkit.exporters.text import join_lines
from reportkit.filing import EXACT, Figure, Filing
from reportkit.forms import Form, Table

FIRST_LEVEL = 3
"""Headings inside a section: the title is level 1, a section's heading level 2."""

_MARKDOWN_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")


class NarrativeError(UserError):
    """A `%%narrative` cell cannot be filled in; the message says in which section, where, and what is not known."""


class Prose:
    """A piece of HTML that shows itself in a notebook."""

    def __init__(self, html: str) -> None:
        self.html = html

    def __repr__(self) -> str:
        return f"Prose({len(self.html)} characters)"

    def _repr_html_(self) -> str:
        return self.html


def prepare(form: Form, cells: Iterable[str]) -> None:
    """Compile ahead the form's sentences and the `%%narrative` cells among these sources."""
    bodies = (
        f"{source.partition(chr(10))[2].rstrip(chr(10))}\n" for source in cells if source.startswith("%%narrative")
    )
    for text in (*form.words.values(), *bodies):
        with suppress(TemplateError):  # whoever runs the cell is told
            _compiled(text)
    for links in (True, False):
        _parser(links)


def heading(text: str, level: int) -> str:
    """Return a heading's HTML."""
    return f"<h{level}>{escape(text, quote=False)}</h{level}>\n"


def town_prose(text: str) -> str:
    """Return a town's own Markdown as HTML. Nothing in it is evaluated, loaded or linked."""
    return _markdown(text, links=False)


def cell_prose(text: str, known: Mapping[str, Any], place: str) -> str:
    """Return the HTML of a narrative cell's Markdown, its Jinja expressions filled in with the `names` of a filing.

    `place` is what the cell says after `%%narrative`. Raises NarrativeError for an unknown name or a broken expression.
    """
    with localcontext(EXACT):
        return _markdown(_filled(text, known, f"%%narrative {place}"), links=True)


def names(filing: Filing) -> dict[str, Any]:
    """Return the names that a narrative cell can use.

    `year`, `jurisdiction`, `agency`, `document` (the notice behind the form), `words` (the form's own sentences), and
    each table by its key: `requests.received.total` is a cell; a group of rows has the sums of its columns,
    `requests.outcome.refused.total`. Blank cells count as 0.
    """
    tables = filing.form.tables
    with localcontext(EXACT):
        known: dict[str, Any] = {key: _namespace(_cells(filing, table)) for key, table in tables.items()}
    known |= {"year": filing.year, "jurisdiction": filing.jurisdiction, "agency": filing.agency}
    known |= {"document": filing.form.document}
    return {**known, "words": _Words(filing.form.words, known)}


class _Ready(str):
    """Text that is Markdown already: a form's sentence, filled in."""

    __slots__ = ()


class _Words:
    """A form's sentences by name, each filled in when it is asked for."""

    def __init__(self, templates: Mapping[str, str], known: Mapping[str, Any]) -> None:
        self.templates, self._known = templates, known

    def __getattr__(self, name: str) -> _Ready:
        if name not in self.templates:
            raise AttributeError(name)
        return _Ready(_filled(self.templates[name], self._known, f"words.{name}"))


def _filled(text: str, known: Mapping[str, Any], place: str) -> str:
    """The Markdown of a template."""
    try:
        return _compiled(text).render(known)
    except TemplateError as error:
        number = getattr(error, "lineno", None)
        line = f" 第 {number} 行" if number else ""
        raise NarrativeError(f"{place}{line}：{error.message}") from error
    except (ArithmeticError, TypeError, ValueError) as error:
        raise NarrativeError(f"{place}：{error}；请检查 {{{{ }}}} 中的算式") from error


def _cells(filing: Filing, table: Table) -> dict[str, Any]:
    """The table as nested dicts by the parts of the keys, with the sums of groups where no row has that name."""
    tree: dict[str, Any] = {}
    sums: dict[tuple[str, str], Decimal] = {}
    for row, block in table.rows:
        groups = list(accumulate(row.key.split(".")[:-1], "{}.{}".format))
        for column in block.column_leaves:
            figure = filing.values.get(CellRef(table.key, row.key, column.key), Figure(0))
            _below(tree, row.key)[column.key] = figure
            for group in groups:
                sums[group, column.key] = sums.get((group, column.key), Decimal(0)) + figure
    for (group, column_key), total in sums.items():
        _below(tree, group).setdefault(column_key, Figure(total))
    if len(table.rows) == 1 and not table.rows[0][0].label:
        tree = _below(tree, table.rows[0][0].key)  # reviews.review.total: there is no row to name
    return tree


def _below(tree: dict[str, Any], key: str) -> dict[str, Any]:
    for part in key.split("."):
        tree = tree.setdefault(part, {})
    return tree


def _namespace(tree: Mapping[str, Any]) -> SimpleNamespace:
    """The dicts as attributes; a dotted key (a column below a spanner) as attributes of attributes."""
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        *above, last = key.split(".")
        (_below(flat, ".".join(above)) if above else flat)[last] = value
    return SimpleNamespace(
        **{key: _namespace(value) if isinstance(value, dict) else value for key, value in flat.items()}
    )


def _inert(value: Any) -> Any:
    """What an expression gives, as text that Markdown prints as it is."""
    if isinstance(value, _Ready):
        return value
    return _MARKDOWN_SIGNS.sub(r"\\\1", " ".join(value.split())) if isinstance(value, str) else value


class _Unknown(StrictUndefined):
    """A name that is not known stops the report and says which name was meant."""

    @property
    def _undefined_message(self) -> str:
        owner = self._undefined_obj
        known = (
            owner.templates if isinstance(owner, _Words) else vars(owner) if isinstance(owner, SimpleNamespace) else {}
        )
        close = difflib.get_close_matches(str(self._undefined_name), known, n=1)
        advice = f"是不是 {close[0]}" if close else "可用的有 " + "、".join(known) if known else "请检查拼写"
        return f"没有 {self._undefined_name} 这个名称，{advice}"


_JINJA = ImmutableSandboxedEnvironment(
    undefined=_Unknown, finalize=_inert, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
)


@lru_cache(maxsize=256)
def _compiled(text: str) -> Template:
    """The same cells and sentences come in every report, and compiling one takes longer than all the rest."""
    return _JINJA.from_string(text)


class _Html(mistune.HTMLRenderer):
    """Markdown's HTML with raw HTML shown as text, images as their source, and headings below the section's."""

    def __init__(self, links: bool) -> None:
        super().__init__(escape=True)
        self.links = links
        self.level = 0  # set anew for each text

    def heading(self, text: str, level: int, **_attrs: Any) -> str:
        # A level is never skipped on the way down, or a screen reader misses a step.
        self.level = min(max(level, FIRST_LEVEL), self.level + 1, 6)
        return f"<h{self.level}>{text}</h{self.level}>\n"

    def paragraph(self, text: str) -> str:
        return f"<p>{join_lines(text.strip())}</p>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
        return f"![{text}]({escape(url)})"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if self.links:
            return super().link(text, url, title)
        return text if text == escape(url) else f"{text}（{escape(url)}）"


def _markdown(text: str, *, links: bool) -> str:
    markdown, renderer = _parser(links)
    renderer.level = FIRST_LEVEL - 1
    return str(markdown("\n".join(map(_unindented, text.splitlines()))))


@cache
def _parser(links: bool) -> tuple[mistune.Markdown, _Html]:
    renderer = _Html(links)
    markdown = mistune.create_markdown(renderer=renderer, plugins=["table"])
    # An indented paragraph is Chinese typography, a line of dashes is a line of dashes, and a line like "[1]: 注"
    # would vanish as the definition of a link: none of them is what Markdown takes it for.
    for rule in ("indent_code", "setex_heading", "ref_link"):
        markdown.block.rules.remove(rule)
    return markdown, renderer


def _unindented(line: str) -> str:
    """The line without the white space that is layout only. A line indented the Chinese way begins a paragraph."""
    if re.match(r"\s+([-*+]|\d+[.)])\s", line):  # a nested list
        return line
    return ("\n" if line.startswith("\u3000") else "") + line.strip(" \t\u3000\xa0")
