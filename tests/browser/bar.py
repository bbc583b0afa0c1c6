"""The bar above a report in JupyterLab, as a person uses it."""

from __future__ import annotations

from typing import Any

from browser.screen import texts

MASTER = "notebooks/annual_report.ipynb"
TOWN = "2023/江苏省/宿迁市"
PARAMS, COPY = f"params/{TOWN}.yaml", f"notebooks/towns/{TOWN}.ipynb"


class Bar:
    """The bar on a page, as a person uses it."""

    def __init__(self, page: Any, lab: Any) -> None:
        self.page, self.lab, self.root = page, lab, page.locator(".rk-reportbar").first
        page.set_viewport_size({"width": 1280, "height": 720})

    def open(self, path: str = MASTER, year: int = 2023, unit: str = "宿迁市") -> None:
        """Open a notebook and run it, the master for a town."""
        self.lab.open(self.page, path)
        if path == MASTER:
            before = self.lab.cell(self.page, "jurisdiction =").locator(".cm-content").inner_text()
            after = before.replace("year = 2019", f"year = {year}").replace('"桑洲镇"', f'"{unit}"')
            self.lab.edit_cell(self.page, "jurisdiction =", after)
        for _ in range(3):  # the menu of a page that has just been loaded may do nothing
            self.lab.run_all(self.page)
            try:
                self.root.wait_for(timeout=10_000)
                return self.root.scroll_into_view_if_needed()
            except Exception:
                continue
        raise AssertionError("no bar")

    def press(self, name: str) -> None:
        self.lab.answer(self.page)
        self.root.get_by_role("button", name=name, exact=True).click()

    def notice(self, words: str) -> None:
        self.root.locator(".rk-notice", has_text=words).wait_for()

    def texts(self) -> str:
        """All that the bar says, names of buttons and fields included."""
        return texts(self.page, ".rk-reportbar")

    def stop(self) -> None:
        """End the kernels, as who closes a notebook for good."""
        key = {"Authorization": f"token {self.lab.token}"}
        for session in self.page.request.get(f"{self.lab.url}/api/sessions", headers=key).json():
            self.page.request.delete(f"{self.lab.url}/api/sessions/{session['id']}", headers=key)
