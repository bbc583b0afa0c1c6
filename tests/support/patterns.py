"""Every regular expression of the source, how it is used, and texts that are made for it out of its own parts."""

import ast
import importlib
import pkgutil
import re
import re._constants as op
import re._parser as parser
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any, NamedTuple

import reportkit
from reportkit.imports.published.title import Sentences
from reportkit.imports.title_patterns import OfKind, OfTemplate
from reportkit.kinds import load_kind, shipped_names
from support.sources import nodes

_WAYS = {"search": "all", "findall": "all", "finditer": "all", "sub": "all", "subn": "all", "split": "all"}
_WAYS |= {"match": "match", "fullmatch": "fullmatch"}
_WHOLE = frozenset(("fullmatch",))
_MANY, _PAIRED = 40, 12


class Used(NamedTuple):
    """A pattern, where it is, and whether it is looked for at every place or only at the beginning."""

    name: str
    pattern: re.Pattern[Any]
    ways: frozenset[str]


def patterns() -> Iterator[Used]:
    """Yield each pattern once that a module of the package holds by a name, or writes down where it uses it."""
    seen = set()
    for module in _modules():
        used, inline = _uses(Path(str(module.__file__)))
        held = [(name, found) for name, value in vars(module).items() for found in _in(value)]
        for name, pattern, ways in [*((name, found, used.get(name, set())) for name, found in held), *inline]:
            if pattern not in seen:
                seen.add(pattern)
                yield Used(f"{module.__name__.removeprefix('reportkit.')}.{name}", pattern, _ways(ways))
    yield from _of_kinds()


def _of_kinds() -> Iterator[Used]:
    """Those that are made of a kind's words for its readers, and of a form's title."""
    for kind in shipped_names():
        words = load_kind(kind).vocabulary
        for maker, ways in ((Sentences, "all"), (OfKind, "fullmatch")):
            for name, value in vars(maker(words)).items():
                way = "all" if name == "_end" else ways
                yield from (Used(f"kinds.{kind}.{name}", one, frozenset((way,))) for one in _in(value))
        for ways_of in (words.headings, words.numbered_headings):
            yield from (Used(f"kinds.{kind}.{key}", re.compile(one), _WHOLE) for key, one in ways_of.items())
    for title in ("{year}年{jurisdiction}部门预算公开", "Report of {jurisdiction}, {year}"):
        (pattern,) = vars(OfTemplate(title)).values()
        yield Used(f"title.{title}", pattern, _WHOLE)


def makers(pattern: re.Pattern[Any]) -> list[Callable[[int], Any]]:
    """What makes repetitive texts of a size out of what the pattern looks for."""
    units = _units(pattern)
    single = [("", unit, end) for unit in units for end in ("", "\x00", "\n!")]
    pairs = list(permutations(units[:_PAIRED], 2))
    parts = [*single, *(("", a + b, "\x00") for a, b in pairs), *((a, b, "\x00") for a, b in pairs)]
    return [partial(_text, isinstance(pattern.pattern, bytes), *three) for three in dict.fromkeys(parts)]


def _text(in_bytes: bool, head: str, unit: str, end: str, size: int) -> Any:
    text = head + unit * (size // len(unit)) + end
    return text.encode("utf-8", "replace") if in_bytes else text


def look(used: Used, text: Any) -> None:
    """Use a pattern in all its ways."""
    for way in used.ways:
        if way == "all":
            for _ in used.pattern.finditer(text):
                pass
        else:
            getattr(used.pattern, way)(text)


def _modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(reportkit.__path__, "reportkit."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def _in(value: Any) -> list[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        return [value]
    items: Iterable[Any] = value.values() if isinstance(value, dict) else value if type(value) in (list, tuple) else ()
    return [found for item in items for found in _in(item) if type(item) in (re.Pattern, tuple, list)]


def _uses(path: Path) -> tuple[dict[str, set[str]], list[tuple[str, re.Pattern[Any], set[str]]]]:
    """The methods that are called on each name, and the patterns that are written in a call."""
    each_of = dict(filter(None, map(_loop, nodes(path))))
    found: dict[str, set[str]] = {}
    inline = []
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.setdefault(each_of.get(node.value.id, node.value.id), set()).add(node.attr)
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        of, first = node.func.value, node.args[0]
        if isinstance(of, ast.Name) and of.id == "re" and node.func.attr in _WAYS and isinstance(first, ast.Constant):
            inline.append((str(node.lineno), re.compile(first.value), {node.func.attr}))
    return found, inline


def _loop(node: ast.AST) -> tuple[str, str] | None:
    """The names of an item and of what is gone through."""
    if not (isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name)):
        return None
    return (node.target.id, node.iter.id) if isinstance(node.iter, ast.Name) else None


def _ways(methods: set[str]) -> frozenset[str]:
    return frozenset(_WAYS[method] for method in methods if method in _WAYS) or frozenset(("all",))


def _units(pattern: re.Pattern[Any]) -> list[str]:
    _, units = _parts(parser.parse(pattern.pattern, pattern.flags))
    units = list(dict.fromkeys(filter(None, units)))
    chosen = units if len(units) <= _MANY else [*units[: _MANY // 2], *units[-_MANY // 2 :]]
    return list(dict.fromkeys([*chosen, " ", "1", "字", "\n"]))


def _parts(tree: Any) -> tuple[str, list[str]]:
    """A text that the pattern finds, more or less, and the parts of such texts."""
    text, units = "", []
    for code, value in tree:
        one, more = _part(code, value)
        text += one
        units += [*more, text]
    return text, units


def _part(code: Any, value: Any) -> tuple[str, list[str]]:
    if code is op.LITERAL:
        return chr(value), []
    if code is op.NOT_LITERAL or code is op.ANY:
        return "a" if value != ord("a") else "b", []
    if code is op.IN:
        signs = _signs(value)
        return "".join(signs[:1]), signs
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        least, _, inner = value
        one, units = _parts(inner)
        return one * max(least, 1), [*units, one]
    if code is op.SUBPATTERN:
        return _parts(value[-1])
    if code is op.ATOMIC_GROUP:
        return _parts(value)
    if code is op.BRANCH:
        found = [_parts(branch) for branch in value[1]]
        return found[0][0], [unit for one, units in found[:_PAIRED] for unit in (one, *units)]
    if code in (op.ASSERT, op.ASSERT_NOT):
        one, units = _parts(value[1])
        return "", [*units, one]
    return "", []


_OF_CATEGORY = {op.CATEGORY_DIGIT: "1", op.CATEGORY_SPACE: " \n", op.CATEGORY_WORD: "a1", op.CATEGORY_NOT_WORD: " "}


def _signs(items: Any) -> list[str]:
    signs, negated = "", False
    for code, value in items:
        negated |= code is op.NEGATE
        signs += chr(value) if code is op.LITERAL else ""
        signs += chr(value[0]) + chr(value[1]) if code is op.RANGE else ""
        signs += _OF_CATEGORY.get(value, "a") if code is op.CATEGORY else ""
    return [sign for sign in "字a1 -<" if sign not in signs][:2] if negated else list(signs[:6])
