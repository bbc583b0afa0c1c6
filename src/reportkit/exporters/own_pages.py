"""The template of a web page, and those of an office that extend it: with blocks, in Jinja's sandbox.

What an office's template adds loads nothing and runs nothing, as the rest of the page: what would is refused.
"""

from __future__ import annotations

import re
import traceback
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.errors import ExportError
from reportkit.exporters.style_texts import is_said, said
from reportkit.page_styles import Template
from reportkit.page_styles.templates import BASE
from reportkit.signs import one_line
from reportkit.translation import _

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from reportkit.exporters.content import Content

# Where nbconvert looks for the template too, which an office's own one extends.
SHARE = Path(__file__).with_name("share")
TEMPLATE = "reportkit"
FOLDER = SHARE / "nbconvert" / "templates" / TEMPLATE
PAGE = "index.html.j2"

_LOCK = '<meta http-equiv="Content-Security-Policy"'
_ELEMENT = re.compile(r"<(script|iframe|object|embed|base|link|frame|applet|form|meta)\b", re.I)
_HANDLER = re.compile(r"<[a-z][^<>]*?\s(on[a-z]{3,})\s*=", re.I)
_SOURCE = re.compile(
    r"""\b(?:src|srcset|poster|data|background|action)\s*=\s*["']?\s*(?!["']|data:|#)([^"'\s>]{1,200})""", re.I
)
_CSS = re.compile(r"""url\(\s*["']?\s*(?!data:|#)([^"')\s]{1,200})|@import\s+([^;\s]{1,200})""", re.I)


def rendered(own: Template, values: dict[str, Any], content: Content) -> str:
    """Return the page that an office's own template makes. `values` are those of our own page.

    Raises ExportError, with file and line, for an error in it, and for what would be loaded or run.
    """
    from markupsafe import Markup

    shown = {name: said(value, content.style) for name, value in content.values().items() if is_said(value)}
    values = {**values, "fragments": [Markup(one) for one in values["fragments"]]}
    try:
        page: str = _environment(own).get_template(own.name).render(resources={"report": values}, about=shown)
    except Exception as error:  # whatever a template does
        raise ExportError(_message(own, error)) from error
    _check(own, page)
    return page


@lru_cache(maxsize=4)
def _environment(own: Template) -> ImmutableSandboxedEnvironment:
    from jinja2 import DictLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    ours = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir() if path.suffix in {".j2", ".css"}}
    theirs = {name: content.decode("utf-8-sig") for name, content in own.files if not name.endswith(".typ")}
    sources = {**theirs, **ours, BASE: ours[PAGE]}
    return ImmutableSandboxedEnvironment(
        loader=DictLoader(sources),
        undefined=StrictUndefined,
        # Ours marks by itself what is text; in an office's own all is that is not a fragment.
        autoescape=lambda name: name in theirs and name not in ours,
    )


def _message(own: Template, error: Exception) -> str:
    """What is wrong in a template, and where."""
    name, line = getattr(error, "name", None), getattr(error, "lineno", None)
    names = {name for name, _content in own.files}
    if line is None:  # in what it does, not in what it says: the last place within it
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename in ("<template>", "<unknown>") or frame.filename in names:
                name, line = frame.filename, frame.lineno
    name = name if name in names else own.name
    words = _("{path}:{line}: {error}; mend the template there, or take it away to have the page as it was")
    told = one_line(str(error).splitlines()[0] if str(error) else type(error).__name__)
    return words.format(path=own.at(name), line=line or 1, error=told)


def _check(own: Template, page: str) -> None:
    """Raise ExportError for what would be loaded or run, where it stands in a template."""
    if _LOCK not in page:
        words = _(
            "{path}: its page has lost the lock against what loads and runs; leave the head as it is, give blocks"
        )
        raise ExportError(words.format(path=own.at(own.name)))
    for name, content in own.files:
        text = content.decode("utf-8-sig", "replace")
        for number, line in enumerate(text.splitlines(), 1) if not name.endswith(".typ") else ():
            if why := _loads(unescape(line)):
                raise ExportError(_("{path}:{line}: {why}").format(path=own.at(name), line=number, why=why))


def _loads(line: str) -> str:
    if match := _ELEMENT.search(line):
        words = _("<{name}> has no place on a page that loads and runs nothing; take it out")
        return words.format(name=match[1].lower())
    if match := _HANDLER.search(line):
        return _("{name} would run a program, and nothing runs on the page; take it out").format(name=match[1])
    if match := _SOURCE.search(line) or _CSS.search(line):
        words = _("{address} would be loaded from elsewhere; write it as a data: address, or leave it out")
        return words.format(address=next(filter(None, match.groups())))
    return ""
