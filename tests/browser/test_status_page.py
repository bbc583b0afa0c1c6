"""The page of `reportkit status` in Chromium: at a desk, on a telephone, and for axe."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reportkit.overview import Overview, State, Unit
from reportkit.overview.status_page import status_page

pytestmark = pytest.mark.browser

DUE = date(2024, 1, 20)
UNITS = (
    Unit("2023/宁海县/桑洲镇", "桑洲镇", State.built, "a.yaml", warnings=1, due=DUE, contact="张三 0574-65200001"),
    Unit("2023/宁海县/力洋镇", "力洋镇", State.missing, due=DUE, is_late=True, contact="李四"),
    Unit("2023/宁海县/一个名称特别长的街道办事处", "", State.errors, "b.yaml", errors=12, is_stranger=True),
    Unit("2023/宁海县/长街镇", "长街镇", State.outdated, "c.yaml", edited=2, why=f"notebooks/{'x' * 90}.ipynb changed"),
)


@pytest.fixture(params=[360, 1100])
def sheet(page: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    path = tmp_path / "a.html"
    path.write_bytes(status_page(Overview(UNITS, date(2024, 2, 1), notes=("a note",))))
    page.set_viewport_size({"width": request.param, "height": 700})
    page.goto(path.as_uri())
    return page


def test_axe_finds_no_violation_and_nothing_is_cut_off(sheet: Any, axe: Any, shot: Any) -> None:
    shot(sheet, f"status-{sheet.viewport_size['width']}")
    assert axe(sheet) == []
    assert sheet.evaluate("document.documentElement.scrollWidth") == sheet.viewport_size["width"]


def test_it_is_a_table_to_who_hears_it(sheet: Any) -> None:
    assert sheet.get_by_role("table").count() == 1
    assert sheet.get_by_role("row").count() == 5
    assert sheet.get_by_role("rowheader").all_inner_texts()[:2] == ["桑洲镇", "力洋镇"]
    assert sheet.get_by_role("columnheader").count() == 5
