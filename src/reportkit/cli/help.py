"""Help, and what is wrong with a call, in the language of the person; in English just as typer has them.

Typer wraps some of its words in gettext and others not, and which ones changes between its versions. So its formatter
and its messages are taken as they come, and what they say is looked up here: what a later version says otherwise stays
English, as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from reportkit.cli.alignment import width_of
from reportkit.cli.coercion import spare_pydantic
from reportkit.translation import N_, _, language

_HEADINGS = [N_("Arguments"), N_("Options"), N_("Commands")]

_EXTRA = re.compile(r"(?P<help>.*?)(?:^|  )\[(?P<extra>[^\[\]]+)\]", re.DOTALL)
"""The text of an option, with what typer adds to it: [default: 4000; x>=100], [required]."""

_USAGE = [N_("[OPTIONS]"), N_("COMMAND [ARGS]...")]

_TYPES = [
    *(N_("<str>"), N_("<int>"), N_("<int range>"), N_("<float>"), N_("<float range>"), N_("<path>"), N_("<Path>")),
    # and as earlier versions say it
    *(N_("TEXT"), N_("INTEGER RANGE"), N_("INTEGER"), N_("FLOAT RANGE"), N_("FLOAT"), N_("PATH")),
]
"""What typer says of values that an option or argument takes; of several, with list[…] around it."""

_RANGE = re.compile(r"(?:(?P<least>[\d.]+)<=)?x(?:>=(?P<at_least>[\d.]+)|<=(?P<most>[\d.]+))")

_MISTAKES = [
    (r"Missing argument (?P<name>.+?)\.(?: Choose from:(?P<choices>.*))?", N_("Missing argument {name}.")),
    (r"Missing option (?P<name>.+?)\.(?: Choose from:(?P<choices>.*))?", N_("Missing option {name}.")),
    (r"Missing command\.", N_("Missing command.")),
    (r"No such command (?P<name>.+?)\.", N_("No such command {name}.")),
    (
        r"No such command (?P<name>.+?)\. Did you mean (?P<others>.+)\?",
        N_("No such command {name}. Did you mean {others}?"),
    ),
    (r"No such option: (?P<name>\S+)", N_("No such option: {name}")),
    (
        r"No such option: (?P<name>\S+) [('\"]*Possible options: (?P<others>[^()'\"]+)[)'\",]*",
        N_("No such option: {name} (Possible options: {others})"),
    ),
    (
        r"No such option: (?P<name>\S+) Did you mean (?P<others>.+)\?",
        N_("No such option: {name} Did you mean {others}?"),
    ),
    (r"Got unexpected extra arguments? ?\(s?\)? ?\(?(?P<words>.+?)\)?", N_("Got unexpected extra arguments ({words})")),
    (r"Option (?P<name>\S+) requires (?:an argument|\d+ arguments)\.", N_("Option {name} requires an argument.")),
    (r"Option (?P<name>\S+) does not take a value\.", N_("Option {name} does not take a value.")),
    (
        r"Invalid value for (?P<name>.+?): (?:Input should be greater than or equal to |.+ is not in the range x>=)"
        r"(?P<least>.+?)\.?",
        N_("Invalid value for {name}: it should be at least {least}"),
    ),
    (
        r"Invalid value for (?P<name>.+?): (?:Input should be less than or equal to |.+ is not in the range x<=)"
        r"(?P<most>.+?)\.?",
        N_("Invalid value for {name}: it should be at most {most}"),
    ),
    (
        r"Invalid value for (?P<name>.+?): (?P<value>.+) is not in the range (?P<range>.+)\.",
        N_("Invalid value for {name}: {value} is not in the range {range}."),
    ),
    (
        r"Invalid value for (?P<name>.+?): .*(?:is not a valid int|valid integer).*",
        N_("Invalid value for {name}: it should be a whole number"),
    ),
    (
        r"Invalid value for (?P<name>.+?): .*(?:is not a valid float|valid number).*",
        N_("Invalid value for {name}: it should be a number"),
    ),
    (
        r"Invalid value for (?P<name>.+?): (?:Value error, )?(?P<value>.+) is not one of (?P<choices>.+)\.",
        N_("Invalid value for {name}: {value} is not one of {choices}."),
    ),
    (r"Invalid value for (?P<name>.+?): (?P<why>.+)", N_("Invalid value for {name}: {why}")),
    (r"Invalid value: (?P<why>.+)", N_("Invalid value: {why}")),
]
"""What typer says of a wrong call, and the sentence for it."""

_UNIT = r"\s+|[“‘（《\[]*(?:[^\s\u2e80-\uffef“”‘’]+|[^\s“”‘’]|[“”‘’])[，。；：、！？”’）》]*"
"""What stays on one line: a word of letters, or one Chinese sign, each with the marks before and behind it."""


def first_sentence(words: str) -> str | None:
    """Return what a list of commands says of one; None leaves that to typer, which cuts English between two words."""
    return re.split("(?<=。)", words, maxsplit=1)[0] if language() else None


def told_mistake(error: Any) -> str | None:
    """Return what is wrong with a call in the language of the person, with its usage; None if that is English."""
    if not language() or is_help(error):
        return None
    context = getattr(error, "ctx", None)
    lines = []
    if context is not None:
        help_of = f"{context.command_path} {context.help_option_names[0]}"
        lines = [context.get_usage(), _("Try '{command}' for help.").format(command=help_of), ""]
    return "\n".join([*lines, _("Error: {mistake}").format(mistake=_mistake(error.format_message())), ""])


def is_help(error: Any) -> bool:
    """Return whether what typer raises is the help that is shown for a call without arguments."""
    return type(error).__name__ == "NoArgsIsHelpError"


def _mistake(message: str) -> str:
    for pattern, sentence in _MISTAKES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return _(sentence).format(**found.groupdict())
    return message


_Plain: Any = typer.Context.formatter_class


class _Formatter(_Plain):  # type: ignore[misc]
    """Typer's, which fills lines of Chinese, too, and has the headings in the language of the person."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        if not language():
            super().write_usage(prog, args, prefix)
            return
        for words in _USAGE:
            args = args.replace(words, _(words))
        self._write_filled(_("Usage: {usage}").format(usage=f"{prog} {args}"), later="  ")

    def write_heading(self, heading: str) -> None:
        if not language():
            super().write_heading(heading)
            return
        self.write(" " * self.current_indent + _("{heading}:").format(heading=_(heading)) + "\n")

    def write_text(self, text: str) -> None:
        if not language():
            super().write_text(text)
            return
        for number, paragraph in enumerate(text.split("\n\n")):
            self.write("\n" if number else "")
            self._write_filled(paragraph)

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        if not language():
            super().write_dl(rows, col_max, col_spacing)
            return
        rows = [(_typed(name), words) for name, words in rows]
        indent = " " * self.current_indent
        column = min(max(width_of(name) for name, _help in rows), col_max) + col_spacing
        for name, words in rows:
            gap = column - width_of(name)
            head = f"{indent}{name}{' ' * gap}" if gap >= col_spacing else f"{indent}{name}\n{indent}{' ' * column}"
            lines = list(_filled(_described(words), max(self.width - column - 2, 10)))
            self.write(head + f"\n{indent}{' ' * column}".join(lines) + "\n")

    def _write_filled(self, text: str, later: str = "") -> None:
        indent = " " * self.current_indent
        lines = list(_filled(text, self.width - len(indent) - len(later)))
        self.write(indent + f"\n{indent}{later}".join(lines) + "\n")


class _Context(typer.Context):
    formatter_class = _Formatter


class Command(TyperCommand):
    """A command whose help is in the language of the person."""

    context_class = _Context

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the arguments of a call; raises what typer raises for a wrong one."""
        spare_pydantic(self.get_params(ctx))
        return super().parse_args(ctx, args)


class Group(TyperGroup):
    """The command itself, whose help is in the language of the person."""

    context_class = _Context

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the arguments of a call; raises what typer raises for a wrong one."""
        spare_pydantic(self.get_params(ctx))
        return super().parse_args(ctx, args)


def _typed(name: str) -> str:
    """An option or argument, with what values it takes."""
    name = re.sub(r"<list\[([^\[\]]+)\]>", r"<\1>", name)
    for words in _TYPES:
        name = name.replace(words, _(words))
    return name


def _described(words: str) -> str:
    """An option's text, with what typer says of it besides."""
    found = _EXTRA.fullmatch(words)
    if not found:
        return _(words) if words else ""
    extra = [_extra(part) for part in found["extra"].split("; ")]
    words = extra[0]
    for more in extra[1:]:
        words = _("{left}; {right}").format(left=words, right=more)
    return f"{found['help']}  [{words}]".strip()


def _extra(part: str) -> str:
    name, _colon, value = part.partition(": ")
    if name == "default":
        return _("default: {value}").format(value=value)
    if found := _RANGE.fullmatch(part):
        return _bounds(found["least"] or found["at_least"], found["most"])
    return _("required") if part == "required" else part


def _bounds(least: str | None, most: str | None) -> str:
    if least and most:
        return _("{least} to {most}").format(least=least, most=most)
    return _("at least {least}").format(least=least) if least else _("at most {most}").format(most=most)


def _filled(text: str, width: int) -> Iterator[str]:
    """The lines of a paragraph, none wider than this if its words allow."""
    line, used = "", 0
    for unit in _units(text):
        size = width_of(unit)
        if line and used + size > width and not unit.isspace():
            yield line.rstrip()
            line, used = "", 0
        if line or not unit.isspace():
            line, used = line + unit, used + size
    yield line.rstrip()


def _units(text: str) -> Iterable[str]:
    return (" " if "\n" in unit else unit for unit in re.findall(_UNIT, text))


N_("Show this message and exit.")
