"""A JupyterLab on a temporary project, and the things that a person does in it."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

from support.languages import CHINESE
from support.repository import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Response

WAIT = 60_000  # milliseconds; a kernel that imports pandas on a busy machine takes its time
WAITING = re.compile(r"\[\*\]")

# What Lab would otherwise ask of other hosts, start beside itself, or leave out of the page.
SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none", "recordTiming": False},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
    "@jupyterlab/translation-extension/plugin": {"locale": "en"},
}
OPTIONS = [
    "--no-browser",
    "--allow-root",
    "--ip=127.0.0.1",
    "--ServerApp.port_retries=0",
    "--ServerApp.log_level=ERROR",
    "--ServerApp.jpserver_extensions={'jupyter_lsp': False}",
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
]


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: the project's root folder, the server's address, its token."""

    project: Path
    url: str
    token: str

    def reportkit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command, called in the project's folder: exit code and what it said, wide lines unbroken."""
        return self.python("-m", "reportkit", *arguments)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Python, called as `reportkit` is."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.project,
            env={**os.environ, **CHINESE, "COLUMNS": "400"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def open(self, page: Page, path: str) -> None:
        """Open a file of the project, as it is on the disk now; a notebook with its kernel at rest."""
        page.goto(f"{self.url}/doc/tree/{quote(path)}?reset&token={self.token}")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=WAIT)
        self.answer(page)
        self.wait_until_idle(page)

    def cell(self, page: Page, cell: int | str) -> Locator:
        """The cell with a number, counted from 0, or the first that shows a text in its source."""
        cells = page.locator(".jp-Notebook .jp-Cell")
        if isinstance(cell, int):
            return cells.nth(cell)
        return cells.filter(has=page.locator(".jp-InputArea-editor:visible", has_text=cell)).first

    def edit_cell(self, page: Page, cell: int | str, text: str) -> None:
        """Put another text into a cell."""
        editor = self.cell(page, cell).locator(".cm-content").first
        editor.scroll_into_view_if_needed()
        editor.click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(text)

    def run_all(self, page: Page) -> None:
        """Run all cells by the menu, and wait until the last is done."""
        for _ in range(5):  # the menu of a page that has just been loaded may do nothing
            before = page.locator(".jp-InputPrompt").all_inner_texts()
            self.answer(page)
            page.keyboard.press("Escape")
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
            self.answer(page)
            if self._have_changed(page, before):
                return self.wait_until_idle(page)
        raise AssertionError("Lab's menu does not run the cells")

    def _have_changed(self, page: Page, prompts: list[str], seconds: int = 5) -> bool:
        """Whether a cell is given another number, or the mark of one that waits, within some seconds."""
        from playwright.sync_api import TimeoutError as Late

        script = "b => [...document.querySelectorAll('.jp-InputPrompt')].some((p, i) => p.innerText !== b[i])"
        try:
            page.wait_for_function(script, arg=prompts, timeout=seconds * 1000)
        except Late:
            return False
        return True

    def save(self, page: Page) -> None:
        """Save the open file by the keyboard, over what is on the disk; return when it is there."""
        answers: list[Response] = []
        page.on("response", lambda answer: answers.append(answer) if _is_saving(answer) else None)
        page.keyboard.press("Control+S")
        for _ in range(WAIT // 200):
            page.wait_for_timeout(200)
            if answers:
                break
            self.answer(page)
        assert [answer.ok for answer in answers] == [True]

    def wait_until_idle(self, page: Page) -> None:
        """Return when the kernel rests and no cell waits for it."""
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for(timeout=WAIT)
        page.locator(".jp-InputPrompt", has_text=WAITING).first.wait_for(state="detached", timeout=WAIT)

    def outputs(self, page: Page) -> str:
        """The text of all outputs."""
        return "\n".join(page.locator(".jp-Notebook .jp-OutputArea-output").all_inner_texts())

    def errors(self, page: Page) -> list[str]:
        """The tracebacks on the page."""
        shown = page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']")
        return shown.all_inner_texts() + page.locator(".jp-RenderedText[data-mime-type$=stderr]").all_inner_texts()

    def answer(self, page: Page) -> None:
        """Take the kernel that Lab proposes, keep what the page has; the tests look at the file."""
        for name in ("Select Kernel", "Select", "Overwrite"):
            button = page.locator(".jp-Dialog").get_by_role("button", name=name, exact=True)
            with suppress(Exception):
                if button.count():
                    button.first.click(timeout=2000)


def _is_saving(response: Response) -> bool:
    return response.request.method == "PUT" and "/api/contents/" in response.url


@contextmanager
def running_lab(folder: Path) -> Iterator[Lab]:
    """Start JupyterLab on a fresh project below a folder; at the end it and its kernels are gone."""
    lab = Lab(_project(folder / "project"), f"http://127.0.0.1:{_free_port()}", secrets.token_hex(16))
    command = [sys.executable, "-m", "jupyterlab", *OPTIONS, f"--port={lab.url.rsplit(':', 1)[1]}"]
    command += [f"--IdentityProvider.token={lab.token}", f"--ServerApp.root_dir={lab.project}"]
    with (folder / "lab.log").open("w") as log:
        # In the group of the tests: who ends them from outside ends it, too.
        server = subprocess.Popen(
            command, cwd=lab.project, env=_environment(folder), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            _wait_for(lab, server, folder / "lab.log")
            yield lab
        finally:
            _stop(server)


def _project(root: Path) -> Path:
    """A project with the repository's notebooks and parameter files."""
    root.mkdir()
    for name in ("notebooks", "params"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "towns"))
    if (ROOT / "reportkit.toml").is_file():
        shutil.copy(ROOT / "reportkit.toml", root)
    return root


def _environment(folder: Path) -> dict[str, str]:
    """An environment in which Jupyter finds nobody's settings and leaves nothing behind, and our kernels speak Chinese."""
    settings = folder / "settings"
    for name, content in SETTINGS.items():
        path = settings / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    own = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= {"JUPYTERLAB_SETTINGS_DIR": str(settings), "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces")}
    return {**os.environ, **CHINESE, **own, "IPYTHONDIR": str(folder / "ipython")}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(lab: Lab, server: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    """Return when the server answers. Fails with its log if it has ended or takes too long."""
    asked = Request(f"{lab.url}/api/status", headers={"Authorization": f"token {lab.token}"})
    straight = build_opener(ProxyHandler({}))
    end = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < end:
        with suppress(URLError, OSError), straight.open(asked, timeout=5):
            return
        time.sleep(0.2)
    raise AssertionError(f"JupyterLab does not answer:\n{log.read_text(encoding='utf-8', errors='replace')}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server, which ends its kernels; a kernel whose server is lost ends by itself."""
    server.terminate()
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
