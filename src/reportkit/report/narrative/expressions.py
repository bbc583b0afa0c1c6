"""Jinja expressions in narrative text, evaluated in a sandbox: what they give is text or a number, or an error."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any, NamedTuple

from jinja2 import (
    StrictUndefined,
    Template,
    TemplateAssertionError,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.exceptions import SecurityError
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer

from reportkit.errors import UserError
from reportkit.report.narrative.assigned_values import NoDataError, as_data
from reportkit.report.narrative.namespace import (
    Named,
    UnprintableError,
    check,
    labels_below_name,
    names_below,
    printed,
)
from reportkit.translation import _, in_a_row

_MARKDOWN_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
_QUOTED = 60
_BRACKETS = "{{ }}"
_EXPRESSION = re.compile(r"{{-?((?:(?!{{|-?}}).)*)-?}}")


class NarrativeError(UserError):
    """A `%%narrative` cell cannot be filled in; the message says in which section, where, and what is not known."""


class Ready(str):
    """Text that is Markdown already: a form's sentence, filled in."""

    __slots__ = ()


OfCell = Callable[[str], Any]
"""Returns what the notebook's cells have assigned to a name, `missing` if they have not."""


def filled(text: str, known: Mapping[str, Any], place: str, of_cell: OfCell = lambda _name: missing) -> str:
    """Return the Markdown of a template. Raises NarrativeError with the place, and the line where one is known."""
    try:
        template, used = compiled(text)
        given = {name: _given(name, value) for name in used - known.keys() if (value := of_cell(name)) is not missing}
        return template.render({**given, **known} if given else known)
    except TemplateError as error:
        number = error.lineno if isinstance(error, TemplateSyntaxError) else _line(error)
        raise NarrativeError(sentence_at(place, text, number, reason_of(error))) from error
    except RecursionError:
        deep = _("what stands within {brackets} is nested too deep; make it simpler").format(brackets=_BRACKETS)
        raise NarrativeError(sentence_at(place, text, 0, deep)) from None
    except (ArithmeticError, TypeError, ValueError) as error:
        words = _("words and numbers do not go together so; check the expression in {brackets}")
        if isinstance(error, ArithmeticError):
            words = _("it divides by 0, or a number is too large; check the expression in {brackets}")
        raise NarrativeError(sentence_at(place, text, _line(error), words.format(brackets=_BRACKETS))) from error


def _given(name: str, value: Any) -> Any:
    """What a cell has assigned, for a sentence; what is no data is told where the sentence uses it."""
    try:
        return as_data(value)
    except NoDataError as error:
        words = _(
            "{name}, which a cell has assigned, is {what}; "
            "a sentence can use numbers, texts and dates, and lists and tables of them"
        )
        return _NoData(words.format(name=name, what=error))


def sentence_at(place: str, text: str, number: int, reason: str) -> str:
    """Return what is wrong, and where: the line, and the expression in it if it has but one."""
    lines = text.split("\n")
    if not 0 < number <= len(lines):
        return _("{path}: {reason}").format(path=place, reason=reason)
    found = _EXPRESSION.findall(lines[number - 1])
    words = _('{place} line {line} "{text}": {reason}')
    if len(found) == 1:
        words = _("{place} line {line}, {expression}: {reason}")
        found = [f"{{{{ {found[0].strip()} }}}}"]
    shown = lines[number - 1].strip()[:_QUOTED]
    return words.format(place=place, line=number, expression="".join(found), text=shown, reason=reason)


def reason_of(error: TemplateError) -> str:
    """Return what is wrong in our words: Jinja's are English, speak of tokens, and change with the version."""
    if isinstance(error, _OtherTemplateError):
        return str(error.message)
    if isinstance(error, TemplateAssertionError):
        return _(
            "there is no filter (the word behind |) or test (that behind is) of this name; check how it is spelled"
        )
    if isinstance(error, TemplateSyntaxError):
        words = _(
            "it cannot be read; check that {brackets} and {marks} are in pairs, and names, brackets and quotes whole"
        )
        return words.format(brackets=_BRACKETS, marks="{% %}")
    if isinstance(error, SecurityError):
        words = _(
            "{brackets} can have no name that begins with __, and change no data; use names and expressions alone"
        )
        return words.format(brackets=_BRACKETS)
    if isinstance(error, UnprintableError | _UnknownNameError):
        return str(error.message)
    return _("it cannot be worked out; check the expression in {brackets}").format(brackets=_BRACKETS)


def _line(error: BaseException) -> int:
    """The line of the template that an error came from; 0 if none did."""
    number, trace = 0, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            number = trace.tb_lineno
        trace = trace.tb_next
    return number


def _inert(value: Any) -> str:
    """What an expression gives, as text that Markdown prints as it is."""
    if isinstance(value, Ready):
        return value
    text = printed(value)
    return _MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split())) if isinstance(value, str) else text


class _OtherTemplateError(TemplateSyntaxError):
    """A template asks for another one."""


class _UnknownNameError(UndefinedError):
    """A name that is not known, or that a narrative may not use, in our own words."""


class _Unknown(StrictUndefined):
    """A name that is not known stops the report and says which name was meant."""

    def __init__(self, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = None) -> None:  # noqa: ARG002
        super().__init__(hint, obj, name, _UnknownNameError)

    @property
    def _undefined_message(self) -> str:
        known, labels = _names_of(self._undefined_obj)
        close = difflib.get_close_matches(str(self._undefined_name), [*known, *labels], n=1)
        words = _("there is no name {name}; check how it is spelled")
        if close:
            words = _("there is no name {name}; did you mean {close}?")
        elif known:
            words = _("there is no name {name}; there are {known}")
        return words.format(name=self._undefined_name, close="".join(close), known=in_a_row(known))


class _NoData(_Unknown):
    """What a cell has assigned and no sentence can use; its hint says so."""

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_hint)


def _names_of(value: Any) -> tuple[list[str], list[str]]:
    """The names below a value, and the labels that stand for them."""
    if isinstance(value, Named):
        return names_below(value), labels_below_name(value)
    return ([str(key) for key in value], []) if isinstance(value, Mapping) else ([], [])


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja in which nothing becomes text that is no text: not in `~`, `%`, `.format` or a filter either."""

    intercepted_binops = frozenset("%")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, str):
            for value in right if isinstance(right, tuple) else (right,):
                check(value)
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: Any) -> Any:
        wrapped = super().wrap_str_format(value)
        return wrapped and _checked(wrapped)


_JINJA = _Sandbox(undefined=_Unknown, finalize=_inert, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)


def _checked(function: Any) -> Any:
    """The function of texts, called with nothing but what can be printed."""

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        for value in (*args, *kwargs.values()):
            if not isinstance(value, EvalContext | bool):
                check(value)
        return function(*args, **kwargs)

    return call


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else printed(value)


def _joined(value: Any, d: str = "", attribute: str | None = None) -> Any:
    items = [getattr(item, attribute) for item in value] if attribute else value
    return _as_text(d).join(map(_as_text, items))


_JINJA.filters |= {
    name: _checked(_JINJA.filters[name])
    for name in ("format", "upper", "lower", "capitalize", "title", "trim", "center", "replace", "escape", "e", "safe")
}
_JINJA.filters |= {"string": _as_text, "join": _joined, "ready": Ready}


class _Texts(NodeTransformer):
    """Puts into a template what Jinja leaves out: `~` joins only what can be printed, and a macro gives Markdown."""

    def __init__(self, macros: set[str]) -> None:
        self.macros = macros

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.nodes = [_filter(one, "string") for one in node.nodes]
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        is_macro = isinstance(node.node, nodes.Name) and node.node.name in self.macros
        return _filter(node, "ready") if is_macro else node

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.filter = node.filter or _filter(None, "ready", node.lineno)
        return node


def _filter(node: nodes.Expr | None, name: str, line: int = 0) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno if node else line)


class Compiled(NamedTuple):
    """A template, and the names that stand in it."""

    template: Template
    names: frozenset[str]


@lru_cache(maxsize=256)
def compiled(text: str) -> Compiled:
    """Return the template: the same cells and sentences come in every report, and compiling takes longer than all else.

    Raises TemplateError.
    """
    tree = tree_of(text)
    macros = {"caller", *(macro.name for macro in tree.find_all(nodes.Macro))}
    tree = _Texts(macros).visit(tree)
    names = frozenset(node.name for node in tree.find_all(nodes.Name))
    return Compiled(_JINJA.from_string(tree), names)


def tree_of(text: str) -> nodes.Template:
    """Return what a template is made of. Raises TemplateError, also for one that would load another."""
    tree = _JINJA.parse(text)
    for other in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        raise _OtherTemplateError(_("no other file can be loaded here; write what it says"), other.lineno)
    return tree


def below(value: Any, name: Any) -> Any:
    """Return what stands below a value by a name, as a sentence finds it.

    Raises UndefinedError, with a reason in our words, if there is nothing, and TemplateError as the value does.
    """
    found = _JINJA.getitem(value, name)
    if isinstance(found, _Unknown):
        found._fail_with_undefined_error()
    return found


def root(known: Mapping[str, Any], name: str) -> Any:
    """Return what a sentence finds by a name that stands first. Raises UndefinedError as `below` does."""
    if name not in known:
        _Unknown(obj=known, name=name)._fail_with_undefined_error()
    return known[name]
