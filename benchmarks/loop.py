"""From a save to the finished page: how long it takes until a new word can be seen in the browser.

    uv run --group browser python benchmarks/loop.py [ROUNDS]

Starts `reportkit preview` on a project of its own, opens it in Chromium, saves a file with a changed word, and waits
until the page shows that word (or, for the PDF's pages, the new pictures). Prints the median and the worst of the
rounds, in seconds.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from reportkit.notebook.towns import copy_path, make_copy
from reportkit.project import Project, load_project

ROOT = Path(__file__).parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
OWN = "2023/江苏省/宿迁市"
FRAME = "iframe:not(.next)"


def main(rounds: int) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        project = office(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        town, other = "2019/宁海县/桑洲镇", OWN
        with preview(project, town) as address:
            page, save = opened(browser, address), parameter_file(project, town)
            told("parameter file, web page", seen, page, save, rounds)
            told("master notebook, web page", seen, page, notebook(project.notebook, "of-all"), rounds)
            page.locator("#sheets").click()
            page.locator(".sheets img").first.wait_for()
            told("parameter file, PDF pages", drawn, page, save, rounds)
        with preview(project, other) as address:
            page, save = opened(browser, address), notebook(copy_path(project, other), "of-one")
            told("town's own copy, web page", seen, page, save, rounds)
        browser.close()


def office(folder: Path) -> Project:
    """A project with the two samples and the master, and a copy of its own for the second town."""
    for part in ("params", "notebooks"):
        shutil.copytree(ROOT / part, folder / part)
    project = load_project(folder)
    make_copy(project, OWN, project.read(project.params / f"{OWN}.yaml"))
    return project


def parameter_file(project: Project, name: str) -> Callable[[str], None]:
    """What saves the town's parameter file with a word in its first section."""
    path = project.params / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert "机构建设方面" in text
    return lambda word: saved(path, text.replace("机构建设方面", f"机构建设{word}方面"))


def notebook(path: Path, cell: str) -> Callable[[str], None]:
    """What saves a notebook with a cell more."""
    text = path.read_text(encoding="utf-8")

    def save(word: str) -> None:
        nb = json.loads(text)
        nb["cells"].append({"cell_type": "markdown", "id": cell, "metadata": {}, "source": f"又记：{word}。"})
        saved(path, json.dumps(nb, ensure_ascii=False, indent=1))

    return save


def saved(path: Path, text: str) -> None:
    """As editors do it: into a new file, which takes the other's place."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


@contextmanager
def preview(project: Project, name: str) -> Iterator[str]:
    command = [sys.executable, "-m", "reportkit", "preview", name, "--no-browser"]
    with subprocess.Popen(command, cwd=project.root, stdout=subprocess.PIPE, text=True, encoding="utf-8") as running:
        assert running.stdout
        try:
            yield running.stdout.readline().rsplit(": ", 1)[1].strip()
        finally:
            running.terminate()


def opened(browser: Browser, address: str) -> Page:
    page = browser.new_page()
    start = time.perf_counter()
    page.goto(address)
    page.locator("#state", has_text="已更新").wait_for()
    print(f"{'opened, the first page is there':<34}{time.perf_counter() - start:8.2f}")
    return page


def seen(page: Page, number: int, save: Callable[[str], None]) -> float:
    """Seconds from a save to its word on the page."""
    word = f"新词{number}甲{time.monotonic_ns() % 10_000}"
    start = time.perf_counter()
    save(word)
    page.frame_locator(FRAME).get_by_text(word).wait_for()
    return settled(page, time.perf_counter() - start)


def drawn(page: Page, number: int, save: Callable[[str], None]) -> float:
    """Seconds from a save to other pictures on the page."""
    image: Any = page.locator(".sheets img").first
    before = image.get_attribute("src")
    start = time.perf_counter()
    save(f"新词{number}")
    page.locator(f".sheets img:first-child:not([src='{before}'])").wait_for()
    return settled(page, time.perf_counter() - start)


def settled(page: Page, seconds: float) -> float:
    """The seconds, after a pause as of somebody who writes the next word."""
    page.wait_for_timeout(400)
    return seconds


def told(
    what: str, measure: Callable[[Page, int, Callable[[str], None]], float], page: Page, save: Callable[[str], None],
    rounds: int,
) -> None:  # fmt: skip
    seconds = [measure(page, number, save) for number in range(rounds)]
    print(f"{what:<34}median {statistics.median(seconds):.2f}  worst {max(seconds):.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
