"""Made-up forms whose tables have blocks beside each other, labels over several columns of labels, and lines around."""

from dataclasses import replace
from itertools import count

from hypothesis import strategies as st

from reportkit.model.form import Block, Form, Header, Section, Table

SIGNS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"


def _word(number: int) -> str:
    """A word of three signs, another for each number."""
    return "".join(SIGNS[number // len(SIGNS) ** place % len(SIGNS)] for place in (2, 1, 0))


@st.composite
def _headers(draw, numbers, depth: int) -> Header:
    number = next(numbers)
    size = draw(st.integers(1, 2)) if depth > 1 else 0
    children = tuple(draw(_headers(numbers, depth - 1)) for _ in range(size))
    return Header(f"k{number}", _word(number), children)


@st.composite
def _forest(draw, numbers, most: int) -> tuple[Header, ...]:
    return tuple(draw(_headers(numbers, draw(st.integers(1, 2)))) for _ in range(draw(st.integers(1, most))))


def _deep(headers: tuple[Header, ...]) -> int:
    return max(header.depth for header in headers)


@st.composite
def _blocks(draw, numbers, beside: bool) -> Block:
    rows, columns = draw(_forest(numbers, 3)), draw(_forest(numbers, 2))
    single = draw(st.booleans())
    corner = _word(next(numbers)) if single else tuple(Header("", _word(next(numbers))) for _ in range(_deep(rows)))
    title = _word(next(numbers)) if draw(st.booleans()) else ""
    ends = [0]
    for header in reversed(rows):
        ends.append(ends[-1] + len(header.leaves))
    foot = draw(st.sampled_from(ends)) if beside else 0
    return Block(title, corner, columns, rows, beside=beside, foot=foot)


def _renamed(headers: tuple[Header, ...], numbers) -> tuple[Header, ...]:
    """The same labels under other keys."""
    return tuple(Header(f"k{next(numbers)}", one.label, _renamed(one.children, numbers)) for one in headers)


@st.composite
def _sides(draw, numbers, many: int) -> list[Block]:
    """Blocks beside each other; sometimes all have the labels of the first, under other titles."""
    first = draw(_blocks(numbers, False))
    if draw(st.booleans()):
        return [first, *(draw(_blocks(numbers, True)) for _ in range(many - 1))]
    first = replace(first, title=_word(next(numbers)))
    others = (
        replace(first, title=_word(next(numbers)), rows=_renamed(first.rows, numbers), beside=True)
        for _ in range(many - 1)
    )
    return [first, *others]


@st.composite
def layouts(draw) -> Form:
    """A form with one to three such tables."""
    numbers = count()
    tables = []
    for key in "abc"[: draw(st.integers(1, 3))]:
        sides = [draw(st.integers(1, 3)) for _ in range(draw(st.integers(1, 2)))]
        blocks = tuple(block for many in sides for block in draw(_sides(numbers, many)))
        note, source, *feet = (
            f"注：{_word(next(numbers))}，2024年 12 件。" if draw(st.booleans()) else "" for _ in range(4)
        )
        tables.append(
            Table(key, _word(next(numbers)), blocks, note=note, source=source, footnotes=tuple(filter(None, feet)))
        )
    sections = tuple(
        Section(table.key, f"{'一二三'[at]}、{table.caption}", table, {}) for at, table in enumerate(tables)
    )
    return Form("并排表", "", (2020, None), "{jurisdiction}{year}年并排表", sections, ())
