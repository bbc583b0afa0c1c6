"""The YAML files of forms, kinds and styles: read whole, held to their shape, and told with the line if not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import yaml

from reportkit.errors import FormError, reason_of
from reportkit.files.conflict_markers import conflict_markers
from reportkit.files.locations import FileTooLargeError, read_local
from reportkit.shapes import Steps, WrongShapeError, shaped
from reportkit.signs import hidden, sign_name
from reportkit.translation import _

_MAX_BYTES = 2_000_000
_DEEPEST, _LARGEST = 100, 200_000
"""A form is smaller than this by far: the official ones have some thousand entries, ten deep."""

S = TypeVar("S")
T = TypeVar("T")


def load(path: Path, shape: type[S], make: Callable[[S], T], complete: Callable[[Any], Any] = lambda entry: entry) -> T:
    """Return what is made of a file's entries, which have a shape once it is `complete`.

    `make` can raise WrongShapeError. Raises FormError, which names the file, the line and the entry, for anything that
    is not of the shape.
    """
    content = content_of(path)
    if found := conflict_markers(content.decode(errors="replace")):
        raise FormError(f"{path}:{found.line}: {found.message}")
    entry = _parsed(path, content)
    try:
        _check_size(entry)
        _check_values(entry)
        return make(shaped(complete(entry), shape))
    except WrongShapeError as error:
        line = f":{_line(content, error.steps)}" if error.steps else ""
        raise FormError(_("{path}: {reason}").format(path=f"{path}{line}", reason=error)) from None


def content_of(path: Path) -> bytes:
    """Return the bytes of such a file. Raises FormError if it is none, or cannot be read."""
    try:
        return read_local(path, _MAX_BYTES)
    except FileTooLargeError as error:
        words = _("{path}: has {size:.1f} MB; such a file has some kB: look what it is")
        raise FormError(words.format(path=path, size=error.size / 1e6)) from None
    except OSError as error:
        words = _("{path}: cannot be read ({reason}); check what it is, and its rights")
        raise FormError(words.format(path=path, reason=reason_of(error))) from None


def _parsed(path: Path, content: bytes) -> Any:
    try:
        return yaml.load(content, Loader=yaml.CSafeLoader)
    except yaml.reader.ReaderError:
        words = _("{path}: not in UTF-8, or with signs that no text has; save it as UTF-8")
        raise FormError(words.format(path=path)) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        last = content.rstrip().count(b"\n")  # where a bracket is missing, the parser stops after the end
        line = f":{min(mark.line, last) + 1}" if mark else ""
        if tag := isinstance(error, yaml.constructor.ConstructorError) and next(_tags(content), ""):
            words = _(
                "{place}: {tag} would make an object of a program; such a file has texts, numbers, lists and mappings "
                "alone: take the tag out"
            )
            raise FormError(words.format(place=f"{path}{line}", tag=tag)) from None
        words = _(
            "{place}: not readable as YAML; check the indent, the quotes and the brackets there and in the line before"
        )
        raise FormError(words.format(place=f"{path}{line}")) from error
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:  # of a date, a long number
        words = _("{path}: not readable as YAML: {error}; put texts in quotes")
        raise FormError(words.format(path=path, error=error)) from error


def _tags(content: bytes) -> Iterator[str]:
    """The tags in a text (!!python/object), which say what an entry is to be made into."""
    tokens = yaml.scan(content, Loader=yaml.CSafeLoader)
    return ("".join(filter(None, token.value)) for token in tokens if isinstance(token, yaml.TagToken))


def _line(content: bytes, steps: Steps) -> int:
    """The line of an entry, or of the one around it."""
    node, line = yaml.compose(content, Loader=yaml.CSafeLoader), 1
    for step in steps:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == step]
            if not found:
                break
            key, node = found[-1]  # of two, the last one counts
            line = key.start_mark.line + 1
    return line


def _check_size(entry: Any) -> None:
    """Raise WrongShapeError if an entry, with all that its aliases stand for, is deeper or larger than a form."""
    count, level = 0, [entry]
    for _level in range(_DEEPEST):
        level = list(islice(chain.from_iterable(map(_within, level)), _LARGEST))
        count += len(level)
        if not level:
            return
        if count >= _LARGEST:
            words = _("more than {most:,} entries, with those that its aliases (*name) repeat")
            raise WrongShapeError((), "", words.format(most=_LARGEST))
    words = _("entries more than {most} deep; is a header (&name) its own child (*name)?")
    raise WrongShapeError((), "", words.format(most=_DEEPEST))


def _within(entry: Any) -> Iterable[Any]:
    return entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else ()


def _check_values(entry: Any) -> None:
    """Raise WrongShapeError for a number that is none, or a sign that nobody sees: labels are compared, and printed."""
    stack: list[tuple[Any, Steps]] = [(entry, ())]
    while stack:
        value, steps = stack.pop()
        if isinstance(value, dict):
            stack += [(part, (*steps, key)) for key, one in value.items() for part in (key, one)]
        elif isinstance(value, list):
            stack += [(part, (*steps, number)) for number, part in enumerate(value)]
        elif isinstance(value, float) and not isfinite(value):
            raise WrongShapeError(
                steps, ": ".join(map(str, steps)), _("is {value}, which is no number").format(value=value)
            )
        elif isinstance(value, str) and (found := next(hidden(value), None)):
            words = _("{text!r} has a sign that nobody sees, {sign}; take it out")
            raise WrongShapeError(steps, "", words.format(text=value, sign=sign_name(found.sign)))
