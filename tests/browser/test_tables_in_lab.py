"""How reports and their tables look in JupyterLab: run by hand, and opened as a build has left them."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

BUILT = "dist/2023/江苏省/宿迁市.ipynb"
BY_HAND = "notebooks/styled.ipynb"
SHOWN = "(cell, names) => Object.fromEntries(names.map(name => [name, getComputedStyle(cell).getPropertyValue(name)]))"
BASE = {"border-top-style": "solid", "border-top-width": "1px", "text-align": "center"}
ROW = {"background-color": "rgba(0, 0, 0, 0)"}
STYLES = {
    "background-color": "rgb(255, 255, 0)", "font-weight": "700", "text-align": "right", "color": "rgb(0, 0, 255)",
    "border-top-style": "dashed", "padding-left": "9px", "vertical-align": "top",
}  # fmt: skip
CODE = f"""from reportkit.report import open_report
report = open_report(year=2023, jurisdiction="宿迁市")
display(report.table("reviews").set_properties(subset=["review.upheld"], **{STYLES!r}))
report.table("requests")"""


def looks(place: Any, like: dict[str, str]) -> dict[str, str]:
    """What the properties of the other are here."""
    found: dict[str, str] = place.evaluate(SHOWN, list(like))
    return found


def test_styles_of_pandas_show_on_a_forms_table(page: Any, lab: Any, shot: Any) -> None:
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3 (ipykernel)"}
    notebook = new_notebook(cells=[new_code_cell(CODE)], metadata={"kernelspec": kernel})
    nbformat.write(notebook, lab.project / BY_HAND)
    lab.open(page, BY_HAND)
    lab.run_all(page)
    shot(page, "lab-styled-table")
    assert lab.errors(page) == []
    assert looks(page.locator("#T_reviews_row0_col0"), STYLES) == STYLES
    for table, place in (("#T_reviews", "td.col1"), ("#T_requests", "td.col1"), ("#T_requests", "tbody th")):
        assert looks(page.locator(f"{table} {place}").first, BASE) == BASE
    for number in (1, 2):  # JupyterLab stripes its tables
        assert looks(page.locator("#T_requests tbody tr").nth(number), ROW) == ROW


def test_a_build_left_as_it_is_has_borders_and_folds_the_parameters(page: Any, lab: Any, shot: Any) -> None:
    assert lab.reportkit("build", "params/2023/江苏省/宿迁市.yaml", "--to", "html").returncode == 0
    lab.open(page, BUILT)
    tables = page.locator(".jp-OutputArea-output table.form-table")
    tables.nth(2).wait_for()
    shot(page, "lab-built-notebook")
    assert tables.count() == 3
    assert page.locator(".jp-OutputArea-output style").count() == 0  # it is not trusted, or this tests nothing
    for place in ("td", "tbody th"):
        assert looks(tables.nth(1).locator(place).first, BASE) == BASE
    for number in (1, 2):
        assert looks(tables.nth(1).locator("tbody tr").nth(number), ROW) == ROW
    folded = page.locator(".jp-Cell", has=page.locator(".jp-InputPlaceholder, .jp-Placeholder-content"))
    assert folded.count() == 1


def test_lines_of_narrative_wrap(page: Any, lab: Any) -> None:
    lab.open(page, "notebooks/annual_report.ipynb")
    editor = lab.cell(page, "%%narrative overview platform").locator(".cm-content").first
    editor.scroll_into_view_if_needed()
    assert "cm-lineWrapping" in editor.get_attribute("class")


def test_the_export_menu_names_what_works(page: Any, lab: Any) -> None:
    with page.expect_response(lambda answer: answer.url.partition("?")[0].endswith("/api/nbconvert")):
        lab.open(page, "notebooks/annual_report.ipynb")
    entries = page.locator(".lm-Menu-item")
    for _ in range(10):  # the menu of a page that has just been loaded may do nothing
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.get_by_role("menuitem", name="File", exact=True).click()
        page.wait_for_timeout(500)
        if entries.filter(has_text="Export Notebook As").count():
            entries.filter(has_text="Export Notebook As").hover()
            page.wait_for_timeout(1000)
            offered = [text.strip() for text in entries.all_inner_texts()]
            if "Reportkit_html" in offered:
                break
    assert [text for text in offered if "eportkit" in text] == ["Reportkit_html", "Reportkit_pdf"]
