"""CSS selectors as pandas' Stylers and analysts write them: what they name, how they rank, and what they match."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SIMPLE = re.compile(
    r"(?P<id>#[\w-]+)|(?P<kind>\.[\w-]+)|(?P<tag>\*|[A-Za-z][\w-]*)"
    r"|::?(?P<pseudo>[a-z-]+)(?:\((?P<argument>(?:[^()]|\([^()]*\))*)\))?|(?P<step>\s*[>+~]\s*|\s+)"
)
_NTH = re.compile(r"(?P<step>[+-]?\d*)n(?:\s*(?P<offset>[+-]\s*\d+))?|(?P<only>[+-]?\d+)")


class Compound(NamedTuple):
    """What one element has to be: tag, id, classes, and pseudo-classes with their arguments."""

    tag: str
    name: str
    kinds: tuple[str, ...]
    pseudos: tuple[tuple[str, str], ...]


class Selector(NamedTuple):
    """Compounds from the element upwards, each with the step to it: "" for the element, then " " or ">".

    `key` is the id, class or tag that tells quickest what it cannot match; `special` says if it names more than tags
    within a table.
    """

    steps: tuple[tuple[str, Compound], ...]
    rank: tuple[int, int, int]
    key: str
    special: bool

    @property
    def names(self) -> set[str]:
        """The ids that must be there for it to match."""
        return {compound.name for _, compound in self.steps if compound.name}


def read_selectors(text: str) -> tuple[Selector, ...]:
    """Return the selectors of a list; one with something that no printed table has, such as :hover, is left out."""
    return tuple(selector for selector in map(_read, _split(text)) if selector)


def _split(text: str) -> list[str]:
    if "(" not in text:
        return text.split(",")
    parts, depth, start = [], 0, 0
    for mark in re.finditer("[(),]", text):
        depth += {"(": 1, ")": -1}.get(mark[0], 0)
        if mark[0] == "," and depth == 0:
            parts.append(text[start : mark.start()])
            start = mark.end()
    return [*parts, text[start:]]


def _read(text: str) -> Selector | None:
    text = text.strip()
    steps: list[tuple[str, list[re.Match[str]]]] = [("", [])]
    at = 0
    while at < len(text):
        found = _SIMPLE.match(text, at)
        if not found or (found["step"] or " ").strip() not in {"", ">"}:
            return None
        at = found.end()
        if found["step"]:
            steps.append((found["step"].strip() or " ", []))
        else:
            steps[-1][1].append(found)
    compounds = [_compound(simple) for _, simple in steps]
    ranks = [_rank(compound) for compound in compounds if compound]
    if len(ranks) < len(compounds):
        return None
    rank = (sum(r[0] for r in ranks), sum(r[1] for r in ranks), sum(r[2] for r in ranks))
    # The step that leads to a compound from the one right of it is the one written between them.
    upward = ["", *(step for step, _ in steps[:0:-1])]
    last = compounds[-1]
    assert last is not None
    special = bool(rank[1]) or bool(last.name) or rank[0] > 1
    key = f"#{last.name}" if last.name else f".{last.kinds[0]}" if last.kinds else last.tag
    return Selector(tuple(zip(upward, filter(None, reversed(compounds)), strict=True)), rank, key, special)


def _compound(simple: list[re.Match[str]]) -> Compound | None:
    if not simple or any(part["pseudo"] and not _is_known(part["pseudo"]) for part in simple):
        return None
    tag = next((part["tag"].lower() for part in simple if part["tag"]), "*")
    name = next((part["id"][1:] for part in simple if part["id"]), "")
    kinds = tuple(part["kind"][1:] for part in simple if part["kind"])
    return Compound(tag, name, kinds, tuple((p["pseudo"], p["argument"] or "") for p in simple if p["pseudo"]))


def _is_known(pseudo: str) -> bool:
    return pseudo in {"where", "is", "not", "nth-child", "nth-of-type", "first-child", "last-child"}


def _rank(compound: Compound) -> tuple[int, int, int]:
    inner = [s.rank for name, text in compound.pseudos if name in {"is", "not"} for s in read_selectors(text)]
    own = sum(name not in {"where", "is", "not"} for name, _ in compound.pseudos)
    ids, kinds, tags = max(inner, default=(0, 0, 0))
    return ids + bool(compound.name), kinds + len(compound.kinds) + own, tags + (compound.tag != "*")


def matches(selector: Selector, element: HtmlElement) -> bool:
    """Return whether an element is what a selector names."""
    return _climb(selector.steps, element)


def _climb(steps: tuple[tuple[str, Compound], ...], element: HtmlElement | None) -> bool:
    if element is None or not _fits(steps[0][1], element):
        return False
    if len(steps) == 1:
        return True
    above = element.getparent()
    if steps[1][0] == ">":
        return _climb(steps[1:], above)
    while above is not None:
        if _climb(steps[1:], above):
            return True
        above = above.getparent()
    return False


def _fits(compound: Compound, element: HtmlElement) -> bool:
    if compound.tag not in ("*", element.tag) or (compound.name and compound.name != element.get("id")):
        return False
    if compound.kinds and not set(compound.kinds) <= set(element.get("class", "").split()):
        return False
    return all(_holds(name, text, element) for name, text in compound.pseudos)


def _holds(name: str, text: str, element: HtmlElement) -> bool:
    if name in {"where", "is", "not"}:
        return any(matches(selector, element) for selector in read_selectors(text)) is (name != "not")
    if name == "last-child":
        return element.getnext() is None
    place = 1 + sum(
        1 for other in element.itersiblings(preceding=True) if name != "nth-of-type" or other.tag == element.tag
    )
    return place == 1 if name == "first-child" else _is_nth(place, text.strip().lower())


def _is_nth(place: int, text: str) -> bool:
    found = _NTH.fullmatch({"odd": "2n+1", "even": "2n"}.get(text, text))
    if not found:
        return False
    if found["only"]:
        return place == int(found["only"])
    step = int(found["step"] + "1" if found["step"] in ("", "+", "-") else found["step"])
    rest = place - int((found["offset"] or "0").replace(" ", ""))
    return rest % step == 0 and rest // step >= 0 if step else rest == 0
