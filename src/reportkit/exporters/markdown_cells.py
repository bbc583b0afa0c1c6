"""Markdown as a cell means it: with tables, footnotes, task and definition lists; formulas stay as they are typed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from reportkit.exporters.markdown import Reader, Renderer
from reportkit.exporters.text import HAN
from reportkit.translation import _, in_a_row

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# As mistune's own, but a note may follow its colon at once, as it does where people type Chinese.
_NOTE = (
    r"^(?P<footnote_lead> {0,3})\[\^(?P<footnote_key>(?:[^\\\[\]\s]|\\.){1,500})\]:[ \t]*"
    r"(?P<footnote_text>[^\n]*(?:\n+|$)(?:(?P=footnote_lead) {1,4}(?! )[^\n]*\n+)*)"
)
_FORMULA = r"\$\$(?P<display_formula>[^$]+?)\$\$|\$(?P<inline_formula>[^\s$](?:[^$\n]*[^\s$\\])?)\$(?!\d)"
_FORMULAS = r"^ {0,3}\$\$(?P<display_lines>[^$]+?)\$\$[ \t]*(?:\n|$)"
_UNREAD_PICTURE = re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,2000}\)?")
_CHINESE = re.compile(f"[{HAN}]")
_MATH, _MERMAID = 'class="math"', 'class="language-mermaid"'


@dataclass
class Written:
    """Markdown as HTML that has yet to be cleaned, and what a person should know about it."""

    html: str
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_markdown(text: str) -> Written:
    """Return the HTML of a Markdown text, and what of the text is not in it or not set as it was meant."""
    html, noted = _parser().parse(text)
    written = Written(html)
    notes, used, twice = (noted.get(key) or () for key in ("ref_footnotes", "footnotes", "notes_twice"))
    unused = [key for key in notes if key not in used]
    if unused:
        words = _(
            "nothing in the text refers to the footnote {notes}, which is not printed; write [^…] there, or delete it"
        )
        written.errors.append(words.format(notes=_listed(unused)))
    if twice:
        words = _(
            "the footnote {notes} is there more than once, and only the first is printed; number them differently"
        )
        written.errors.append(words.format(notes=_listed(twice)))
    if _MATH in written.html:
        written.warnings.append(
            _("a formula ($…$) is printed as its source; to have it as a formula, make it a picture")
        )
    if _MERMAID in written.html:
        written.warnings.append(_("a drawing of mermaid is printed as its source; to have it drawn, make it a picture"))
    links = (noted.get("ref_links") or {}).items()
    hidden = [str(link.get("label") or key) for key, link in links if _is_text(str(link.get("url", "")))]
    if hidden:
        words = _(
            '"{text}" is the definition of a link in Markdown, which is not printed; '
            "begin the line with something else, or use a full-width colon"
        )
        written.errors.append(words.format(text=in_a_row(f"[{label}]: …" for label in hidden)))
    return written


def unread_picture(root: HtmlElement) -> str:
    """Return a picture in cleaned Markdown that is still source text, for instance because its name has a space."""
    for element in root.iter():
        for text in (element.text if element.tag not in {"code", "pre", "style"} else None, element.tail):
            if text and "![" in text and (found := _UNREAD_PICTURE.search(text)):
                return found[0]
    return ""


def _is_text(address: str) -> bool:
    """Whether what looks like the address of a link is Chinese text."""
    address = unquote(address)
    return bool(_CHINESE.search(address)) and not re.search(r"[/.#:]", address)


def _listed(keys: Any) -> str:
    return in_a_row(f"[^{key}]" for key in dict.fromkeys(keys))


@lru_cache(maxsize=1)
def _parser() -> Reader:
    # Raw HTML and any address are let through here because the allow-list judges the result.
    renderer = Renderer(escape=False, allow_harmful_protocols=True)
    plugins = ["table", "strikethrough", "footnotes", "task_lists", "def_list", _formulas]
    return Reader(renderer, plugins, extend=_notes)


def _notes(parser: Any) -> None:
    parser.block.register("ref_footnote", _NOTE, _parse_note, before="ref_link")
    parser.renderer.register("footnote_item", _note_item)


def _formulas(markdown: Any) -> None:
    """Keep what stands between dollar signs as it is typed: `*` and `_` have another meaning there."""
    markdown.inline.register("formula", _FORMULA, _parse_formula, before="codespan")
    markdown.block.register("formula_lines", _FORMULAS, _parse_formula_lines, before="list")
    markdown.renderer.register("formula", lambda _, text: f"<span {_MATH}>{escape(text)}</span>")
    markdown.renderer.register("formula_lines", lambda _, text: f"<p {_MATH}>{escape(text)}</p>\n")


def _parse_formula(inline: Any, match: re.Match[str], state: Any) -> int:  # noqa: ARG001
    state.append_token({"type": "formula", "raw": match[0]})
    return match.end()


def _parse_formula_lines(block: Any, match: re.Match[str], state: Any) -> int:  # noqa: ARG001
    state.append_token({"type": "formula_lines", "raw": match[0].strip()})
    return match.end()


def _parse_note(block: Any, match: re.Match[str], state: Any) -> int:
    from mistune.plugins.footnotes import parse_ref_footnote
    from mistune.util import unikey

    key = unikey(match["footnote_key"])
    if key in (state.env.get("ref_footnotes") or ()):
        state.env.setdefault("notes_twice", []).append(key)
    return parse_ref_footnote(block, match, state)


def _note_item(renderer: Any, text: str, key: str, index: int) -> str:  # noqa: ARG001
    """A footnote without mistune's way back up, which paper does not have and no typeface either."""
    return f'<li id="fn-{index}">{text.rstrip()}</li>\n'
