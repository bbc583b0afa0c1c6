"""The fonts of figures: which are found for a text, and that they are open before a forked process needs them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module

import pytest
from matplotlib import font_manager, rc_context
from matplotlib.font_manager import FontProperties, fontManager
from pylopdf_fonts_zh_cn import sans_path

from reportkit.batch.processes.worker import CAN_FORK
from reportkit.engine.plot_fonts import chinese_figures, open_usual

NOTO = str(sans_path())


@pytest.fixture(autouse=True)
def figures() -> Iterator[None]:
    with chinese_figures(None):
        yield


def found(properties: FontProperties) -> list[str]:
    return [str(path) for path in fontManager._find_fonts_by_props(properties)]


def without_noto(properties: FontProperties) -> list[str]:
    return [str(path) for path in type(fontManager)._find_fonts_by_props(fontManager, properties)]


@pytest.mark.parametrize("family", [["sans-serif"], ["serif"], ["monospace", "DejaVu Sans"]])
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_what_is_found_for_a_text_is_what_matplotlib_finds_and_noto(family, weight):
    text = FontProperties(family=family, weight=weight)
    assert found(text) == found(text) == [*without_noto(text), NOTO]


def test_a_text_whose_properties_change_is_looked_up_again():
    text = FontProperties()
    plain = found(text)
    text.set_weight("bold")
    assert found(text) != plain
    assert found(text) == [*without_noto(text), NOTO]


def test_a_changed_setting_is_looked_up_again():
    text = FontProperties()
    before = found(text)
    with rc_context({"font.sans-serif": ["DejaVu Serif"]}):
        assert found(text) == [*without_noto(text), NOTO]
        assert found(text) != before
    assert found(text) == before


def test_what_is_found_is_the_callers_to_change():
    text = FontProperties()
    fontManager._find_fonts_by_props(text).clear()
    assert found(text)[-1] == NOTO


@pytest.mark.skipif(not CAN_FORK, reason="needs fork")
def test_the_fonts_of_a_usual_text_are_open_in_a_process_that_has_opened_them_ahead():
    told, telling = os.pipe()
    import_module("matplotlib.backends.backend_agg")
    if os.fork() == 0:
        before = font_manager._get_font.cache_info().currsize
        open_usual()
        ahead = font_manager._get_font.cache_info().misses
        font_manager.get_font(fontManager._find_fonts_by_props(FontProperties()))
        os.write(telling, f"{before} {font_manager._get_font.cache_info().misses - ahead}".encode())
        os._exit(0)
    os.close(telling)
    os.wait()
    assert os.read(told, 99) == b"0 0"
