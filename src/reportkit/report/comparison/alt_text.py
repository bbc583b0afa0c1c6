"""What a picture shows, in words made from its numbers: for those who hear the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from reportkit.kinds import Say
from reportkit.kinds.comparison import Line
from reportkit.report.comparison.changes import change
from reportkit.translation import N_, in_a_row

_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、])")
_REMARK = re.compile(r"(?<=.)（[^（）]*）$")


def short(label: str) -> str:
    """Return a label without its number and without the remark behind it: （二）部分公开（…） -> 部分公开."""
    return _REMARK.sub("", _NUMBERING.sub("", label))


def groups(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """Return the lines below the heading they share; a single group has none, as the picture's title says it."""
    found = [(short(above), list(below)) for above, below in groupby(lines, _above)]
    return found if len(found) > 1 else [("", list(lines))]


def _above(line: Line) -> str:
    return line.labels[-2] if len(line.labels) > 1 else ""


def described(title: str, year: int, lines: Sequence[Line], say: Say) -> str:
    """Return the alternative text of a picture: every figure of both years, and what rises and falls."""
    words = say(N_("Bar chart: {title}, {year} and {last} compared, in numbers. {parts}."))
    parts = say(N_(". ")).join(_part(name, below, say) for name, below in groups(lines))
    return words.format(title=title, year=year, last=year - 1, parts=parts)


def _part(name: str, lines: Sequence[Line], say: Say) -> str:
    described = say(N_("; ")).join(_descriptions(lines, say))
    return say(N_("{name}: {figures}")).format(name=name, figures=described) if name else described


def _descriptions(lines: Sequence[Line], say: Say) -> Iterator[str]:
    """The lines one by one, those without anything to tell together at the end."""
    for line in lines:
        if not _is_nothing(line):
            yield f"{short(line.labels[-1])} {_figures(line, say)}"
    nothing = [short(line.labels[-1]) for line in lines if _is_nothing(line)]
    if nothing:
        yield say(N_("{names} 0 in both years")).format(names=in_a_row(nothing, say))


def _is_nothing(line: Line) -> bool:
    return line.now == 0 and line.before == 0 and line.now is not None


def _figures(line: Line, say: Say) -> str:
    difference = change(line)
    now = say(N_("blank this year")) if line.now is None else str(line.now)
    if line.before is None:
        return say(N_("{now}, blank last year")).format(now=now)
    if difference is None:
        words = say(N_("{now}, last year {before}"))
    elif difference == 0:
        words = say(N_("{now}, as last year"))
    elif difference > 0:
        words = say(N_("{now}, last year {before}, {difference} more"))
    else:
        words = say(N_("{now}, last year {before}, {difference} fewer"))
    return words.format(now=now, before=line.before, difference="" if difference is None else f"{abs(difference):f}")
