"""Figures drawn once where matplotlib draws twice: the file is the same, and what could tell the difference is not spared."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axis import Axis
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from reportkit.engine.single_drawing import _KNOWN_VERSIONS, single_drawing

pytestmark = pytest.mark.skipif(mpl.__version_info__[:2] not in _KNOWN_VERSIONS, reason="this matplotlib is left alone")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def saved(make: Callable[[], Figure], tight: bool = True) -> bytes:
    figure = make()
    content = io.BytesIO()
    FigureCanvasAgg(figure).print_figure(content, format="png", bbox_inches="tight" if tight else None)
    return content.getvalue()


def drawings(make: Callable[[], Figure]) -> int:
    """How often a figure is drawn until it is saved."""
    count = 0
    drawn = Figure.draw

    def draw(self: Any, renderer: Any) -> Any:
        nonlocal count
        count += 1
        return drawn(self, renderer)

    Figure.draw = draw
    try:
        with single_drawing():
            saved(make)
    finally:
        Figure.draw = drawn
    return count


def bars() -> Figure:
    figure = Figure(figsize=(6, 3))
    frame = pd.DataFrame({"2023": range(3, 15), "2024": range(4, 16)}, index=pd.Index(MONTHS, name="month"))
    frame.plot.bar(ax=figure.subplots()).set_title("Permits")
    return figure


def with_axes(change: Callable[[Any], Any]) -> Callable[[], Figure]:
    def make() -> Figure:
        figure = bars()
        change(figure.axes[0])
        return figure

    return make


class OwnText(mpl.text.Text):
    pass


@pytest.mark.parametrize(
    ("make", "times"),
    [
        (bars, 1),
        (with_axes(lambda axes: axes.figure.suptitle("All")), 1),
        (with_axes(lambda axes: axes.figure.set_layout_engine("tight")), 2),
        (with_axes(lambda axes: axes.figure.set_layout_engine("constrained")), 2),
        (with_axes(lambda axes: axes.yaxis.set_major_formatter(lambda value, _place: f"{value:.0f}")), 2),
        (with_axes(lambda axes: axes.set_aspect("equal")), 2),
        (with_axes(lambda axes: axes.twinx().plot([1, 2])), 2),
        (with_axes(lambda axes: axes.annotate("here", (1, 2), (3, 4))), 2),
        (with_axes(lambda axes: axes.text(1, 2, "words " * 40, wrap=True)), 2),
        (with_axes(lambda axes: axes.add_artist(OwnText(1, 2, "own"))), 2),
        (with_axes(lambda axes: axes.figure.canvas.mpl_connect("draw_event", print)), 2),
        (with_axes(lambda axes: axes.figure.align_labels()), 2),
        (with_axes(lambda axes: axes.inset_axes([0.1, 0.1, 0.2, 0.2])), 2),
        (with_axes(lambda axes: axes.imshow([[1, 2]])), 2),
    ],
)
def test_only_what_is_at_rest_by_itself_is_drawn_once(make, times, capsys):
    assert drawings(make) == times
    capsys.readouterr()


def test_a_drawing_that_somebody_asks_for_is_not_left_out():
    figure = bars()
    FigureCanvasAgg(figure)
    with single_drawing():
        figure.draw_without_rendering()
        placed = [tick.get_window_extent().height for tick in figure.axes[0].get_xticklabels()]
    assert min(placed) > 0
    assert len(placed) == len(MONTHS)


def test_what_draws_is_put_back():
    owners = {Figure: "draw", FigureCanvasBase: "print_figure", Text: "_get_layout", Axis: "_update_ticks"}
    before = [getattr(owner, name) for owner, name in owners.items()]
    with single_drawing():
        inside = [getattr(owner, name) for owner, name in owners.items()]
        assert not [one for one, was in zip(inside, before, strict=True) if one is was]
    assert [getattr(owner, name) for owner, name in owners.items()] == before


def test_a_text_is_laid_out_once_and_the_ticks_of_an_axis_are_found_once(monkeypatch):
    texts, axes = Counter[str](), Counter[Any]()
    laid_out, updated = Text._get_layout, Axis._update_ticks
    figure = bars()

    def layout(self: Any, renderer: Any) -> Any:
        texts[self.get_text()] += 1
        return laid_out(self, renderer)

    def ticks(self: Any) -> Any:
        axes[self] += 1
        return updated(self)

    monkeypatch.setattr(Text, "_get_layout", layout)
    monkeypatch.setattr(Axis, "_update_ticks", ticks)
    with single_drawing():
        saved(lambda: figure)
    assert [texts[month] for month in MONTHS] == [1] * len(MONTHS)
    assert list(axes.values()) == [1, 1]


def test_what_was_found_of_a_figure_whose_saving_failed_is_forgotten():
    def made_again(*, fail: bool) -> bytes:
        figure = bars()
        (axes,) = figure.axes
        if fail:
            axes.set_title(r"$\nothing$")
            with pytest.raises(ValueError, match="nothing"):
                saved(lambda: figure)
        axes.set_title("Permits")
        axes.set_ylim(0, 200)
        return saved(lambda: figure, tight=False)

    with single_drawing():
        assert made_again(fail=True) == made_again(fail=False)


numbers = st.lists(st.floats(-1e7, 1e7, allow_nan=False, width=32), min_size=2, max_size=12)
words = st.text("abcdefgh $^_\\年度公开申请，（）—0123\n", max_size=40).map(lambda text: text.replace("$", "§"))
kinds = st.sampled_from(["bar", "barh", "plot", "scatter", "hist", "fill", "step", "errorbar", "stem", "pie", "box"])


@st.composite
def figures(draw: Any) -> Callable[[], Figure]:
    rows, columns = draw(st.sampled_from([(1, 1), (1, 1), (1, 2), (2, 2)]))
    shared = draw(st.sampled_from([False, True, "row", "col"]))
    size = draw(st.tuples(st.floats(1.5, 9), st.floats(1.5, 6)))
    title, suptitle = draw(words), draw(words)
    plots = [
        (draw(kinds), draw(numbers), draw(words), draw(words), draw(st.booleans()), draw(st.sampled_from([0, 45, 90])))
        for _ in range(rows * columns)
    ]
    scale, where = (
        draw(st.sampled_from(["linear", "linear", "log"])),
        draw(st.sampled_from(["left", "center", "right"])),
    )

    def make() -> Figure:
        figure = Figure(figsize=size)
        grid = figure.subplots(rows, columns, sharex=shared, sharey=shared, squeeze=False)
        for axes, plot in zip(grid.flat, plots, strict=True):
            put(axes, *plot)
            axes.set_title(title, loc=where)
        grid.flat[0].set_yscale(scale)
        if suptitle.strip():
            figure.suptitle(suptitle)
        return figure

    return make


def put(axes: Any, kind: str, values: list[float], label: str, name: str, legend: bool, angle: int) -> None:
    """Draw one kind of plot with labels that lie and stand in different ways."""
    places = range(len(values))
    match kind:
        case "fill":
            axes.fill_between(places, values, label=label)
        case "hist":
            axes.hist(values, label=label)
        case "errorbar":
            axes.errorbar(places, values, yerr=1, label=label)
        case "pie":
            axes.pie([abs(value) + 1 for value in values], labels=[label] * len(values))
        case "box":
            axes.boxplot(values)
        case "bar" | "barh":
            getattr(axes, kind)([f"{place} {name}" for place in places], values, label=label)
        case _:
            getattr(axes, kind)(places, values, label=label)
    axes.set_xlabel(name)
    axes.set_ylabel(label)
    axes.grid(legend)
    if legend and axes.get_legend_handles_labels()[0]:
        axes.legend(title=name)
    if kind != "pie":
        axes.tick_params(axis="x", rotation=angle)


def assert_same_file(make: Callable[[], Figure]) -> None:
    twice = saved(make)
    with single_drawing():
        assert saved(make) == twice


@pytest.mark.parametrize(
    "change",
    [
        str,
        lambda axes: axes.tick_params(axis="x", rotation=45),
        lambda axes: axes.set(yscale="log", ylabel="件数", title="一个\n标题"),
        lambda axes: axes.legend(title="year", loc="center left", bbox_to_anchor=(1, 0.5)),
        lambda axes: axes.figure.suptitle("All", y=1.1),
        lambda axes: axes.plot([0, 11], [1e6, 3e6], label="line"),
    ],
)
@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_figure_drawn_once_is_the_same_file(change):
    make = with_axes(change)
    assert drawings(make) == 1
    assert_same_file(make)


@pytest.mark.slow
@given(make=figures())
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
def test_the_file_is_that_of_two_drawings(make):
    assert_same_file(make)
