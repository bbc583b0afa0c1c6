"""What the browser's tests share: Chromium, screenshots, axe, and a JupyterLab on a project of its own.

Run them with `pytest -m browser -n 0`; they need a Chromium and the dependency group `browser`. An ordinary run collects
this folder and takes nothing from it, so nothing of that group may be imported before a test runs.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from browser.bar import COPY, MASTER, PARAMS, Bar
from browser.jupyterlab import Lab, running_lab
from browser.workbench import Bench
from support.repository import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Chromium's own traffic and first-run windows have no place in a test.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's own options, with the machine's Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "no Chromium on this machine: apt-get install chromium"
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS}


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address before the others; pytest-playwright's own is made in a way that pytest warns of."""


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """The folder that keeps the pictures: $REPORTKIT_SCREENSHOTS, or dist/screenshots."""
    folder = ROOT / os.environ.get("REPORTKIT_SCREENSHOTS", "dist/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


# JupyterLab scrolls inside its window, which must be as tall as the notebook for a picture of all of it.
NOTEBOOK_HEIGHT = """() => {
    const notebook = document.querySelector(".jp-NotebookPanel .jp-WindowedPanel-outer");
    if (!notebook) return 0;
    notebook.scrollTop = 0;
    return Math.ceil(Math.max(...[...notebook.querySelectorAll(".jp-Cell")].map(c => c.getBoundingClientRect().bottom)));
}"""


@pytest.fixture
def shot(screenshots: Path) -> Callable[[Page, str], Path]:
    """A call that keeps a picture of a whole page, or of a whole notebook in JupyterLab, and returns its path."""

    def keep(page: Page, name: str) -> Path:
        before, height = page.viewport_size, page.evaluate(NOTEBOOK_HEIGHT)
        if before and height:
            page.set_viewport_size({"width": before["width"], "height": min(height + 60, 8000)})
            page.wait_for_timeout(300)
            page.evaluate(NOTEBOOK_HEIGHT)
        path = screenshots / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        if before and height:
            page.set_viewport_size(before)
        return path

    return keep


@pytest.fixture
def axe() -> Callable[..., list[tuple[str, str]]]:
    """A call that returns what axe finds wrong with a page, or below one element: the rule and the first place."""

    def violations(page: Page, root: str | None = None) -> list[tuple[str, str]]:
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(page, context=root, options={"runOnly": LEVELS}).response["violations"]
        return [(violation["id"], violation["nodes"][0]["html"]) for violation in found]

    return violations


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab on a copy of the repository's notebooks and parameter files, for the tests of one file."""
    with running_lab(tmp_path_factory.mktemp("lab")) as started:
        yield started


@pytest.fixture
def bench(page: Any, lab: Lab) -> Iterator[Bench]:
    """The workbench of the project, open in a kernel of its own; the town's file is put back afterwards."""
    bench = Bench(page, lab)
    before = bench.file.read_bytes()
    bench.start()
    yield bench
    bench.file.write_bytes(before)
    bench.stop()
    shutil.rmtree(lab.project / ".reportkit/drafts", ignore_errors=True)  # what was typed would be offered to the next


@pytest.fixture
def bar(page: Any, lab: Lab) -> Iterator[Bar]:
    """The bar in a notebook of the project; the master and the town's file are put back afterwards."""
    bar = Bar(page, lab)
    before = {path: (lab.project / path).read_bytes() for path in (MASTER, PARAMS)}
    yield bar
    bar.stop()
    (lab.project / COPY).unlink(missing_ok=True)
    for path, content in before.items():
        (lab.project / path).write_bytes(content)
