"""The looks that style sheets give to tables: a closed list of properties, by the selectors that pandas writes.

A look is a mapping with some of `fill` and `color` (#rrggbb), `weight` (bold or normal), `style` (italic or normal),
`align` (left, center or right), `line` (underline, strike or none), and `hidden` (gone or blank).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from reportkit.exporters.selectors import Selector, matches, read_selectors

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Look = dict[str, str]
Rule = tuple[tuple[Selector, ...], Look, bool]

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_INHERITED = frozenset({"color", "weight", "style", "align", "line", "fill"})
# What a table looks like anyway.
_PLAIN = {"fill": "none", "weight": "normal", "style": "normal", "align": "center", "line": "none"}
_ALIGNMENTS = {"left": "left", "right": "right", "center": "center", "start": "left", "end": "right", "justify": "left"}
# The rank of a style attribute: no selector has as many ids.
_INLINE = 10**6
_ROWS = frozenset({"tr", "thead", "tbody", "tfoot"})


class Looks:
    """What the style sheets of a report say; asked for a table's cells, after their order of rank."""

    def __init__(self, styles: Iterable[str]) -> None:
        self._ranked: dict[str, list[tuple[tuple[int, ...], Selector, Look]]] = {}
        rules = [rule for css in styles for rule in read_rules(css)]
        self._speaking = [selector for selectors, look, _ in rules if not _says_nothing(look) for selector in selectors]
        if self._speaking:
            for order, (selectors, look, urgent) in enumerate(rules):
                for selector in selectors:
                    plain = _is_plain(selector, look)
                    rank = (0, 0, 0) if plain else selector.rank
                    said = look | {"align": "auto"} if plain and "align" in look else look
                    self._ranked.setdefault(selector.key, []).append(((urgent, *rank, order), selector, said))
        self._known: dict[HtmlElement, Look] = {}

    def within(self, table: HtmlElement) -> Looks:
        """Return what is said of a table and its cells: most tables bring no more than what all tables look like.

        To search the rules for each cell would take as long as all else together.
        """
        if not self._speaking:
            return self
        ids = {*table.xpath("descendant-or-self::*/@id"), *table.xpath("ancestor::*/@id")}
        speak = any(selector.names <= ids for selector in self._speaking)
        return self if speak else _NOTHING_SAID

    def of(self, element: HtmlElement) -> Look:
        """Return the look of a table's cell, with what it has from its row and its table."""
        style = element.get("style")
        if not self._ranked and not style:
            row = element.getparent()
            if row is None or not row.get("style"):
                return {}
        own = self._own(element)
        above = element.getparent()
        while above is not None and above.tag in _ROWS | {"table"}:
            upper = self._known.get(above)
            if upper is None:
                upper = self._known[above] = self._own(above)
                if "text-align" in above.get("style", ""):
                    upper.pop("align", None)  # pandas' habit of setting heads from the right: here all are centred
            if own.get("fill") == "none":
                del own["fill"]
            own = {name: value for name, value in upper.items() if name in _INHERITED} | own
            above = above.getparent()
        return {name: value for name, value in own.items() if value not in {"none", "normal", "auto"}}

    def hidden(self, element: HtmlElement) -> str:
        """Return "gone" for an element that takes no room, "blank" for one that is not seen, else nothing."""
        hidden = self._own(element).get("hidden", "no")
        return "" if hidden == "no" else hidden

    def _own(self, element: HtmlElement) -> Look:
        look: Look = {}
        said = [(rank, more) for rank, _, more in self._found(element)]
        style = element.get("style")
        if style:
            said += [((urgent, _INLINE), more) for more, urgent in _declared(style)]
        for _, more in sorted(said, key=lambda one: one[0]):
            look |= more
        return look

    def _found(self, element: HtmlElement) -> Iterator[tuple[tuple[int, ...], Selector, Look]]:
        if not self._ranked:
            return
        name = element.get("id")
        keys = [element.tag, "*", *(f".{kind}" for kind in element.get("class", "").split())]
        for key in [f"#{name}", *keys] if name else keys:
            for found in self._ranked.get(key, ()):
                if matches(found[1], element):
                    yield found


def _says_nothing(look: Look) -> bool:
    """Return whether a rule says only what is so anyway; alone, such rules change nothing."""
    return all(_PLAIN.get(name) == value for name, value in look.items())


def _is_plain(selector: Selector, look: Look) -> bool:
    """Return whether a rule for all cells of a table says what is so anyway; such a rule outranks no other."""
    return not selector.special and _says_nothing(look)


@lru_cache(maxsize=256)  # the style sheets of a form's tables come back in every report
def read_rules(css: str) -> tuple[Rule, ...]:
    """Return the rules of a style sheet that say something of a look, in order."""
    rules: list[Rule] = []
    skipped: list[bool] = []
    start, selectors_text = 0, ""
    css = _COMMENT.sub(" ", css)
    for brace in re.finditer("[{}]", css):
        text = css[start : brace.start()].strip()
        start = brace.end()
        if brace[0] == "{":
            prelude = text.rpartition(";")[2].strip()
            at = prelude.startswith("@")
            skipped.append(skipped[-1:] == [True] or (at and not re.match(r"@media\s+(print|all)\b", prelude)))
            if not at:
                selectors_text = prelude
        elif skipped and not skipped.pop() and text:
            declared = _declared(text)
            selectors = read_selectors(selectors_text) if any(look for look, _ in declared) else ()
            rules += [(selectors, look, urgent) for look, urgent in declared if selectors and look]
    return tuple(rules)


@lru_cache(maxsize=1024)
def _declared(text: str) -> tuple[tuple[Look, bool], tuple[Look, bool]]:
    """Return what declarations say, and what they say as `!important`."""
    plain: Look = {}
    urgent: Look = {}
    for declaration in text.split(";"):
        name, _, value = declaration.partition(":")
        value, mark, _ = value.strip().lower().partition("!")
        (urgent if mark else plain).update(_meaning(name.strip().lower(), value.strip()))
    return (plain, False), (urgent, True)


def declarations(text: str) -> Look:
    """Return the look that a style attribute asks for."""
    (plain, _), (urgent, _) = _declared(text)
    return plain | urgent


def _meaning(name: str, value: str) -> Look:
    if name == "color":
        found = colour(value)
        return {"color": found} if found and found != "none" else {}
    if name in {"background", "background-color"}:
        found = _background(value)
        return {"fill": found} if found else {}
    if name == "font-weight":
        return _weight(value)
    if name == "font-style":
        return {"style": "italic" if value.startswith(("italic", "oblique")) else "normal"}
    if name == "text-align":
        return {"align": _ALIGNMENTS[value]} if value in _ALIGNMENTS else {}
    if name in {"text-decoration", "text-decoration-line"}:
        words = value.split()
        return {"line": "underline" if "underline" in words else "strike" if "line-through" in words else "none"}
    if name == "display":
        return {"hidden": "gone" if value == "none" else "no"}
    if name == "visibility":
        return {"hidden": "blank" if value in {"hidden", "collapse"} else "no"}
    return {}


def _weight(value: str) -> Look:
    heavy = value in {"bold", "bolder"} or (value.isdigit() and int(value) >= 600)
    return {"weight": "bold" if heavy else "normal"}


def _background(value: str) -> str:
    """Return the plain colour of a background, or none; a gradient or a picture is not for a printed table."""
    if not value or "gradient" in value or "url" in value:
        return "none"
    pieces = re.findall(r"[\w#.%-]+(?:\([^()]*\))?", value)
    return next(filter(None, map(colour, pieces)), "")


@lru_cache(maxsize=4096)
def colour(value: str) -> str:
    """Return a CSS colour as #rrggbb as it is seen on white paper, "none" for no colour, or "" for what is none."""
    if value in {"none", "transparent", "initial", "unset"}:
        return "none"
    if re.fullmatch("#[0-9a-f]{6}", value):
        return value
    from tinycss2.color4 import parse_color

    parsed = parse_color(value)
    if parsed is None or isinstance(parsed, str):
        return ""
    shown = parsed.to("srgb")
    alpha = min(max(shown.alpha, 0.0), 1.0)
    parts = (min(max(part or 0.0, 0.0), 1.0) * alpha + 1 - alpha for part in shown.coordinates)
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts) if alpha else "none"


_NOTHING_SAID = Looks(())
