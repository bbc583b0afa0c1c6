"""Pictures of the comparison: paired bars, drawn with matplotlib's objects alone, so that nothing is left behind."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

from reportkit.kinds import Say
from reportkit.kinds.comparison import Line
from reportkit.model.filing import Figure
from reportkit.report.comparison.alt_text import described, groups, short
from reportkit.report.comparison.table import year_text
from reportkit.translation import N_

# Okabe and Ito's blue and orange, which the colour-blind tell apart; in black and white, solid from hatched.
_NOW: Any = {"facecolor": "#0072B2", "edgecolor": "#0072B2"}
_BEFORE: Any = {"facecolor": "#E69F00", "edgecolor": "#000000", "hatch": "/////"}

# In points. A picture is as wide as a telephone shows without making its letters much smaller.
_WIDTH, _LABELS, _BARS = 340, 92, 190
_HEAD, _ROW, _GROUP, _BAR, _FOOT = 48, 27, 18, 10, 8
_LONGEST = 9

_METADATA = re.compile(r"<metadata>.*?</metadata>", re.S)
_PATH = re.compile(r' d="[^"]*"')
_SPACE = re.compile(r"\s*([A-Zz\"])\s*")


class Picture:
    """A drawing that shows itself in a notebook; `alt` says in words what it shows."""

    def __init__(self, svg: str, alt: str, height: int) -> None:
        self.svg, self.alt, self._height = svg, alt, height

    def __repr__(self) -> str:
        return self.alt

    def _repr_svg_(self) -> tuple[str, dict[str, Any]]:
        return self.svg, {"alt": self.alt, "width": _pixels(_WIDTH), "height": _pixels(self._height)}


def prepare() -> None:
    """Load what drawing takes, for the reports of this process and of its forks."""
    _drawing()


def has_bars(lines: Sequence[Line]) -> bool:
    """Return whether there is anything to draw: a figure that is not 0."""
    return any(line.now or line.before for line in lines)


def picture(title: str, year: int, lines: Sequence[Line], say: Say) -> Picture:
    """Return the lines as pairs of bars with their numbers, this year's above last year's; `say` as for its form."""
    tools = _drawing()
    alt = described(title, year, lines, say)
    with tools.matplotlib.rc_context(tools.settings):
        sheet = _Sheet(tools, title, year, lines, say)
        text = io.StringIO()
        sheet.canvas.print_svg(text, metadata={"Title": alt, "Date": None, "Creator": None})
    return Picture(_lean(text.getvalue()), alt, sheet.height)


def _lean(svg: str) -> str:
    """The drawing without what nobody sees: a preamble, metadata, white space in its paths."""
    svg = _METADATA.sub("", svg[svg.index("<svg") :])
    return _PATH.sub(lambda path: _SPACE.sub(r"\1", path[0]), svg)


def _pixels(points: float) -> int:
    return round(points * 4 / 3)


class _Sheet:
    """One picture, laid out from the top down in points."""

    def __init__(self, tools: _Tools, title: str, year: int, lines: Sequence[Line], say: Say) -> None:
        named = groups(lines)
        self.height = height = _HEAD + _ROW * len(lines) + _GROUP * sum(bool(name) for name, _ in named) + _FOOT
        self._tools, self._say = tools, say
        self._figure = tools.figure(figsize=(_WIDTH / 72, height / 72), dpi=72, facecolor="white", linewidth=0)
        self.canvas = tools.canvas(self._figure)
        self._most = max((figure for line in lines for figure in (line.now, line.before) if figure), default=Figure(1))
        self._top = height
        self._heading(title, year)
        for name, below in named:
            self._group(name)
            for line in below:
                self._line(line)

    def _heading(self, title: str, year: int) -> None:
        self._write(0, self._top - 14, title, size=11)
        self._write(_LABELS, self._top - 34, year_text(self._say, year), size=9, after=self._legend(0, _NOW))
        self._write(_LABELS, self._top - 34, year_text(self._say, year - 1), size=9, after=self._legend(62, _BEFORE))
        self._write(_WIDTH, self._top - 34, self._say(N_("in numbers")), size=9, align="right")
        self._top -= _HEAD

    def _legend(self, at: float, look: Any) -> float:
        self._bar(_LABELS + at, self._top - 38, 14, 8, look)
        return at + 18

    def _group(self, name: str) -> None:
        if name:
            self._write(0, self._top - _GROUP / 2, name, size=9.5)
            self._top -= _GROUP

    def _line(self, line: Line) -> None:
        middle = self._top - _ROW / 2
        self._write(_LABELS - 6, middle, _cut(short(line.labels[-1])), size=9, align="right")
        self._number(middle + _BAR / 2 + 0.5, line.now, _NOW)
        self._number(middle - _BAR / 2 - 0.5, line.before, _BEFORE)
        self._top -= _ROW

    def _number(self, middle: float, figure: Figure | None, look: Any) -> None:
        """A bar with its number behind it; a blank is no bar, and says so."""
        length = _BARS * max(float(figure / self._most), 0.0) if figure else 0.0
        if length:
            self._bar(_LABELS, middle - _BAR / 2, length, _BAR, look)
        self._write(
            _LABELS + length, middle, self._say(N_("blank")) if figure is None else figure.text, size=8.5, after=4
        )

    def _bar(self, x: float, y: float, width: float, height: float, look: Any) -> None:
        bar = self._tools.rectangle((x, y), width, height, linewidth=0.6, transform=self._tools.points, **look)
        self._figure.add_artist(bar)

    def _write(self, x: float, y: float, text: str, *, size: float, align: str = "left", after: float = 0) -> None:
        font: Any = self._tools.font(size)
        self._figure.text(
            x + after, y, text, transform=self._tools.points, fontproperties=font, color="black",
            ha=align, va="center_baseline", parse_math=False,
        )  # fmt: skip


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"


class _Tools(NamedTuple):
    """What of matplotlib is used."""

    matplotlib: Any
    figure: Any
    canvas: Any
    rectangle: Any
    points: Any
    font: Any
    settings: dict[str, Any]


@cache
def _drawing() -> _Tools:
    """Load matplotlib, which takes most of a second the first time."""
    with _silent("matplotlib"):
        import matplotlib
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure as Drawing
        from matplotlib.font_manager import FontProperties
        from matplotlib.patches import Rectangle
        from matplotlib.transforms import IdentityTransform
        from pylopdf_fonts_zh_cn import sans_path

    file = str(sans_path())
    return _Tools(
        matplotlib, Drawing, FigureCanvasSVG, Rectangle, IdentityTransform(),
        cache(lambda size: FontProperties(fname=file, size=size)), _settings(matplotlib),
    )  # fmt: skip


def _settings(matplotlib: Any) -> dict[str, Any]:
    """Matplotlib as it comes, whatever a person has set, and text as outlines: no page has to have the font."""
    own = {"svg.fonttype": "path", "svg.hashsalt": "reportkit", "svg.id": None, "hatch.linewidth": 0.6}
    names = ("svg.", "hatch.", "path.", "text.", "patch.", "figure.")
    return {key: value for key, value in matplotlib.rcParamsDefault.items() if key.startswith(names)} | own


@contextmanager
def _silent(name: str) -> Iterator[None]:
    """Keep a library's warnings (a first run builds a list of fonts) out of the report's notebook."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
