"""Random notebooks for the laws of merging: three that come from one another, with every nuisance that editors make.

They are made from a seed, which is twenty times as fast as drawing each line from hypothesis.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from hypothesis import settings
from hypothesis import strategies as st

from reportkit.notebook.cells import Cell
from support.laws import examples

SENTENCES = ["主动公开政府信息12条。", "依申请公开2件。", "没有其他需要报告的事项。", "x = 1", ""]
MARKS = ["=======", "<<<<<<< ours 本单位的文字", ">>>>>>> theirs 母版的文字", "<<<<<<< HEAD", "  >>>>>>>"]
MARKED = SENTENCES + MARKS
KINDS = ["code", "code", "markdown", "raw"]
METADATA = [
    {},
    {},
    {"tags": ["remove-cell"]},
    {"tags": ["a", "b"]},
    {"tags": ["b", "c"], "slideshow": {"slide_type": "skip"}},
]
FATES = ["stay", "stay", "text", "text", "text", "gone", "kind", "tags", "renamed"]

many = settings(max_examples=examples(500))

Triple = tuple[list[Cell], list[Cell], list[Cell]]


def lines(text: str | None) -> set[str]:
    return {line.removesuffix("\r") for line in (text or "").split("\n")}


def is_mark(line: str) -> bool:
    return line == "=======" or line.startswith(("<<<<<<< ours", ">>>>>>> theirs"))


def triples(lines: list[str] = SENTENCES) -> st.SearchStrategy[Triple]:
    """A base, ours and theirs; ours and theirs add cells of their own, and `n` both."""
    return st.integers(0, 2**40).map(lambda seed: triple(Random(seed), lines))


def triple(luck: Random, lines: list[str]) -> Triple:
    base = [cell(luck, name, lines) for name in luck.sample("abcd", luck.randint(0, 4))]
    return base, edited(luck, base, lines, "tun"), edited(luck, base, lines, "mvn")


def edited(luck: Random, cells: list[Cell], lines: list[str], fresh: str) -> list[Cell]:
    """What becomes of a notebook in somebody's hands; `fresh` are the ids of cells that they add."""
    result = [new for old in cells if (new := fated(luck, old, lines, fresh))]
    for name in luck.sample(fresh, luck.randint(0, 2)):
        result.insert(luck.randint(0, len(result)), cell(luck, name, lines))
    if luck.random() < 0.2:
        luck.shuffle(result)
    return result


def fated(luck: Random, old: Cell, lines: list[str], fresh: str) -> Cell | None:
    fates: dict[str, Callable[[], Cell | None]] = {
        "stay": lambda: old,
        "text": lambda: replace(old, source=changed(luck, old.source, lines)),
        "gone": lambda: None,
        "kind": lambda: replace(old, kind=luck.choice(KINDS)),
        "tags": lambda: replace(old, metadata=luck.choice(METADATA)),
        "renamed": lambda: replace(old, id=f"{old.id}-{fresh[0]}"),
    }
    return fates[luck.choice(FATES)]()


def changed(luck: Random, source: str, lines: list[str]) -> str:
    """The source with a line replaced, added or left out here and there."""
    parts = source.split("\n")
    for _ in range(luck.randint(1, 2)):
        at = luck.randint(0, len(parts))
        parts[at : at + luck.randint(0, 1)] = luck.choices(lines, k=luck.randint(0, 2))
    return "\n".join(parts)


def cell(luck: Random, name: str, lines: list[str]) -> Cell:
    kind = luck.choice(KINDS)
    head = luck.choice(["", "", "%%narrative overview\n"]) if kind == "code" else ""
    source = head + "\n".join(luck.choices(lines, k=luck.randint(0, 5))) + luck.choice(["", "", "\n", "\n\n"])
    ends = {"\n": -1, "\r\n": -1, "mixed": 1}
    end = luck.choice(["\n", "\n", "\n", *ends])
    return Cell(name, kind, source.replace("\n", "\r\n", ends[end]) if end != "\n" else source, luck.choice(METADATA))


def sources(lines: list[str]) -> st.SearchStrategy[str]:
    joined = st.lists(st.sampled_from(lines), max_size=5).map("\n".join)
    texts = st.builds(str.__add__, joined, st.sampled_from(["", "", "\n", "\n\n"]))
    return (
        texts
        | texts.map(lambda text: text.replace("\n", "\r\n"))
        | texts.map(lambda text: text.replace("\n", "\r\n", 1))
    )
