"""What the Tab key offers in a `%%narrative` cell: the sections, and the names that its sentences can use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher
from jinja2 import TemplateError

from reportkit.model.form import Form
from reportkit.report.narrative.expressions import below, root
from reportkit.report.narrative.namespace import Last, Named, OtherFormError, labels_below_name, names_below

_MAGIC = re.compile(r"%%narrative[ \t]+(?:(\S+)[ \t]+)?(\S*)\Z")
_STEP = r"""\.\w+|\[\s*"[^"\]]*"\s*\]|\[\s*'[^'\]]*'\s*\]"""
_CHAIN = re.compile(rf"""(?P<base>[^\W\d]\w*(?:{_STEP})*)(?P<sign>\.|\[\s*["']?)(?P<begun>[^"'\[\].]*)\Z""")
_FIRST = re.compile(r"[^\W\d]\w*\Z|\Z")
_TEXTS = re.compile(rf"([^\W\d]\w*)|{_STEP}")
_ENDS = ('"]', "']", "]")
_LONGEST = 500
"""How many characters before the cursor are looked at; a name with its labels is shorter."""


class Offered(NamedTuple):
    """What has been typed, and what may stand in its place."""

    typed: str
    instead: list[str]


def offered(text: str, known: Mapping[str, Any], own: Iterable[str], form: Form) -> Offered | None:
    """Return what can go on from a narrative cell's text as far as the cursor; None where nothing can.

    `known` are the names of a filing, `own` those that cells have assigned.
    """
    if not text.startswith("%%narrative"):
        return None
    if magic := _MAGIC.match(text):
        return _begun(magic[2], _parts(form, magic[1]))
    inside = _expression(text)
    if inside is None:
        return None
    inside = inside[-_LONGEST:]
    if chain := _CHAIN.search(inside):
        return _begun(chain[0], _below(chain["base"], chain["sign"], known))
    first = _FIRST.search(inside)
    return _begun(first[0], [*known, *own]) if first else None


def _parts(form: Form, section: str | None) -> list[str]:
    """What can follow `%%narrative`: the sections, and behind one of them its parts."""
    sections = form.section_by_key
    if section is None:
        return [*sections]
    return [*sections[section].parts] if section in sections else []


def _expression(text: str) -> str | None:
    """What stands in the brackets in which a text ends; None if it ends in none."""
    start = max(text.rfind("{{"), text.rfind("{%"))
    inside = text[start + 2 :]
    return None if start < 0 or re.search("[}%]}", inside) else inside


def _begun(typed: str, names: Iterable[str]) -> Offered | None:
    found = [name for name in dict.fromkeys(names) if name.startswith(typed)]
    return Offered(typed, found) if found else None


def _below(base: str, sign: str, known: Mapping[str, Any]) -> Iterator[str]:
    """All that can follow a name, each with the name."""
    try:
        name, *steps = _path(base)
        value = root(known, name)
        for step in steps:
            value = below(value, step)
        keys, labels = _names_of(value)
    except (TemplateError, OtherFormError):
        return
    if sign == ".":
        yield from (f"{base}.{name}" for name in [*keys, *labels] if name.isidentifier())
    else:
        quoted = (json.dumps(name, ensure_ascii=False) for name in [*labels, *keys])
        mark = sign.strip("[ ") or '"'
        yield from (f"{base}{sign.rstrip(mark)}{mark}{name[1:-1]}{mark}]" for name in quoted)


def _names_of(value: Any) -> tuple[list[str], list[str]]:
    """The names below a value, and the labels that stand for them."""
    if isinstance(value, Last) and not value:
        return [], []
    if isinstance(value, Named):
        return names_below(value), labels_below_name(value)
    return ([key for key in value if isinstance(key, str)], []) if isinstance(value, Mapping) else ([], [])


def _path(base: str) -> list[str]:
    return [one[0].lstrip(".").strip("[] \t\"'") for one in _TEXTS.finditer(base)]


class NarrativeMatcher:
    """IPython's matcher for narrative cells of a report; a kernel has one, for the report that was opened last."""

    def __init__(self, known: Callable[[], Mapping[str, Any]], own: Callable[[], Iterable[str]], form: Form) -> None:
        self._known, self._own, self._form = known, own, form

    def offer_in(self, completer: Any) -> None:
        """Let a kernel's completer ask this one, and no earlier one."""
        kept = [each for each in completer.custom_matchers if each.__name__ != "narrative_matcher"]

        @context_matcher(identifier="reportkit.narrative")  # type: ignore[untyped-decorator]
        def narrative_matcher(context: CompletionContext) -> SimpleMatcherResult:
            return self._match(context)

        completer.custom_matchers[:] = [*kept, narrative_matcher]

    def _match(self, context: CompletionContext) -> SimpleMatcherResult:
        lines = context.full_text.split("\n")[: context.cursor_line + 1]
        text = "\n".join([*lines[:-1], lines[-1][: context.cursor_position]])
        found = offered(text, self._known(), self._own(), self._form)
        if found is None:
            return {"completions": []}
        after = context.line_with_cursor[context.cursor_position :]
        closed = next(end for end in (*_ENDS, "") if after.startswith(end))  # which editors write by themselves
        completions = [SimpleCompletion(text=name.removesuffix(closed), type="name") for name in found.instead]
        return {"completions": completions, "suppress": True, "matched_fragment": found.typed}
