"""From opening the master in JupyterLab to its first report: how long a person looks at an unfinished page.

    uv run --group browser python benchmarks/opening.py [ROUNDS]

Starts JupyterLab on a project of its own, as an office has it running all day, and opens the master in Chromium each
time with a new kernel: by a double click in JupyterLab's list of files, and by its address, which loads JupyterLab's
page as well. "Run All Cells" is chosen as soon as the notebook is on the screen. Prints, for the first opening, which
fetches and compiles everything, and for the best and the median of the others: seconds until the cells are on the
screen, until the first of them has been run, until the bar is there, and until the last one is done; and the seconds
of processor time that the kernel, the server and the browser took meanwhile.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from measure import print_table, verdict, workplace
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as Late

TESTS = Path(__file__).parent.parent / "tests"
sys.path.insert(0, str(TESTS))

from browser.conftest import FLAGS  # noqa: E402
from browser.jupyterlab import WAIT, Lab, running_lab  # noqa: E402

MASTER = "notebooks/annual_report.ipynb"
WANTED = 3.0
REST = 3000  # milliseconds after which a JupyterLab that has just been loaded does nothing more
PROGRAMS = {"ipykernel_launcher": "kernel", "jupyterlab": "server", "chromium": "browser", "chrome": "browser"}

# Each sign is looked for with every change of the page, so that none is late by the pause of a poll.
SIGNS = {
    "cells": "prompts().length > 20 && !document.querySelector('.jp-Spinner')",
    "kernel": "prompts().some(number => /[0-9]/.test(number))",
    "bar": "document.querySelector('.rk-reportbar button')",
    "report": "prompts().length > 20 && prompts().every(number => /[0-9]/.test(number))",
}
WATCH = f"""
window.seen = {{}};
window.since = 0;
window.prompts = () => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(each => each.textContent);
const signs = {{ {", ".join(f"{name}: () => {sign}" for name, sign in SIGNS.items())} }};
const look = () => {{
    for (const [name, sign] of Object.entries(signs))
        if (!(name in seen) && sign()) seen[name] = (performance.now() - since) / 1000;
}};
new MutationObserver(look).observe(document, {{ childList: true, subtree: true, characterData: true }});
addEventListener("dblclick", () => {{ since = performance.now(); }}, true);
"""


def main(rounds: int) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with workplace() as folder, running_lab(folder) as lab, sync_playwright() as playwright:
        # What the tests ask of Lab's windows is nobody's setting.
        (folder / "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings").unlink()
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name, opening in (("by its address", by_address), ("in the list of files", in_the_list)):
            print(name)
            show(list(measured(browser, lab, opening, rounds + 1)))


def show(openings: Sequence[Mapping[str, float]]) -> None:
    """Print the first, and the best and the median of the others."""
    first, *others = openings
    columns = {name: [each[name] for each in others] for name in first}
    rows = {
        "first": list(first.values()),
        "best": [min(column) for column in columns.values()],
        "median": [statistics.median(column) for column in columns.values()],
    }
    print_table(["", *first], [[name, *(f"{value:.2f}" for value in row)] for name, row in rows.items()])
    best = min(columns["report"])
    verdict("until the report, best", best, f"at most {WANTED}", met=best <= WANTED)


def measured(
    browser: Browser, lab: Lab, opening: Callable[[Page, Lab], Callable[[], object]], rounds: int
) -> Iterator[dict[str, float]]:
    """What each opening took; the pages share a browser's memory of what it has fetched."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.add_init_script(WATCH)
    for _ in range(rounds):
        page = context.new_page()
        open_master = opening(page, lab)
        before = processor_seconds()
        open_master()
        yield run(page, lab) | {f"{name} CPU": used for name, used in used_since(before).items()}
        close(page, lab)
    context.close()


def by_address(page: Page, lab: Lab) -> Callable[[], object]:
    """What opens the master by its address."""
    return lambda: page.goto(f"{lab.url}/doc/tree/{MASTER}?token={lab.token}", wait_until="commit")


def in_the_list(page: Page, lab: Lab) -> Callable[[], object]:
    """What opens the master by a double click in a JupyterLab that is at rest."""
    page.goto(f"{lab.url}/lab/tree/{MASTER.rsplit('/', 1)[0]}?reset&token={lab.token}")
    item = page.locator(".jp-DirListing-item", has_text=MASTER.rsplit("/", 1)[1])
    item.wait_for(timeout=WAIT)
    page.wait_for_timeout(REST)
    return item.dblclick


def run(page: Page, lab: Lab) -> dict[str, float]:
    """Run all cells as soon as they are there; seconds after which each sign was seen."""
    page.wait_for_function("seen.cells", timeout=WAIT)
    for _ in range(5):  # the menu of a page that has just been loaded may do nothing
        lab.answer(page)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        with suppress(Late):
            page.wait_for_function("prompts().some(prompt => /[0-9*]/.test(prompt))", timeout=3000)
            break
    page.wait_for_function("seen.report && seen.bar", timeout=WAIT)
    seen: Mapping[str, Any] = page.evaluate("seen")
    return {name: float(seen[name]) for name in SIGNS}


def close(page: Page, lab: Lab) -> None:
    """Leave no kernel: the next opening starts its own."""
    key = {"Authorization": f"token {lab.token}"}
    for session in page.request.get(f"{lab.url}/api/sessions", headers=key).json():
        page.request.delete(f"{lab.url}/api/sessions/{session['id']}", headers=key)
    page.close()


def processor_seconds() -> dict[tuple[str, int], float]:
    """What every program below this one has used so far, by what it is."""
    used = {}
    for process in psutil.Process(os.getpid()).children(recursive=True):
        try:
            words, times = " ".join(process.cmdline()), process.cpu_times()
        except psutil.Error:  # it has just ended
            continue
        name = next((name for sign, name in PROGRAMS.items() if sign in words), "")
        if name:
            used[name, process.pid] = times.user + times.system
    return used


def used_since(before: Mapping[tuple[str, int], float]) -> dict[str, float]:
    """What the programs have used since then, summed by what they are."""
    sums = dict.fromkeys(dict.fromkeys(PROGRAMS.values()), 0.0)
    for one, used in processor_seconds().items():
        sums[one[0]] += used - before.get(one, 0.0)
    return sums


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
