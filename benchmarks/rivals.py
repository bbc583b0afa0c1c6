"""The reports made without reportkit's command: papermill with an engine of one's choice, and nbconvert's exporters.

    python benchmarks/rivals.py ENGINE NOTEBOOK PARAMS OUT FORMAT...

ENGINE is "kernel" (papermill's own: a new kernel for each notebook) or an installed engine, such as ploomber-engine's
"embedded". It is the loop that an analyst would write, with what makes it faster without changing what comes out: the
exporters are made once, and libyaml reads the parameters. throughput.py runs it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import papermill
import yaml
from nbconvert.exporters import HTMLExporter

OFFLINE = ["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--disable-gpu"]
"""For Chromium: nbconvert's page loads MathJax and RequireJS from other hosts. Without an address it does not wait."""


def chromium() -> str | None:
    """The Chromium of this machine, None if it has none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def exporter(name: str) -> Any:
    """Return nbconvert's own exporter for a format, ready for all reports."""
    if name == "html":
        return HTMLExporter()
    from nbconvert.exporters import WebPDFExporter

    _launch_with(chromium())
    return WebPDFExporter(allow_chromium_download=False, disable_sandbox=True, browser_args=OFFLINE)


def _launch_with(executable: str | None) -> None:
    """Make Playwright start this browser: WebPDFExporter gives it no path, so it looks for one that it downloaded."""
    from playwright.async_api import BrowserType

    launch = BrowserType.launch

    async def launch_installed(self: Any, **options: Any) -> Any:
        return await launch(self, executable_path=executable, **options)

    BrowserType.launch = launch_installed


def main() -> None:
    engine, notebook, params, out, *formats = sys.argv[1:]
    exporters = {name: exporter(name) for name in formats}
    Path(out).mkdir(parents=True, exist_ok=True)
    for path in sorted(Path(params).rglob("*.yaml")):
        target = Path(out) / path.stem
        values = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        nb = papermill.execute_notebook(
            notebook, f"{target}.ipynb", values, engine_name=None if engine == "kernel" else engine, progress_bar=False
        )
        for name, made in exporters.items():
            body, _ = made.from_notebook_node(nb)
            target.with_suffix(f".{name}").write_bytes(body.encode() if isinstance(body, str) else body)


if __name__ == "__main__":
    main()
