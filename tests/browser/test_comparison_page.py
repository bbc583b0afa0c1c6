"""The page with this year beside last year, in a browser: accessible, on a phone too, and with its pictures shown."""

from __future__ import annotations

from typing import Any

import pytest

from support.offices import bring
from support.years import two_years

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("compared")
    bring(two_years(root))
    return (root / "dist/2023/甲县/甲镇.html").as_uri()


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_no_violation_and_every_picture_shows(
    page: Any, axe: Any, shot: Any, compared: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(compared)
    assert axe(page) == []
    sizes = page.evaluate(
        "[...document.images].map(image => [image.naturalWidth > 0, image.getBoundingClientRect().right])"
    )
    assert [shown for shown, _ in sizes] == [True, True, True]
    assert max(right for _, right in sizes) <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert shot(page, f"comparison-{width}").stat().st_size > 10_000
