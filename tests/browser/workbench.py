"""The workbench in JupyterLab, as a clerk uses it."""

from __future__ import annotations

import base64
import os
import re
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from browser.screen import texts

NOTEBOOK = "notebooks/workbench.ipynb"
PARAMS = "params/2019/宁海县/桑洲镇.yaml"
REQUESTS, WORDS, DETAILS = "收到和处理政府信息公开申请情况", "文字", "单位与豁免"
NEW = "一、本年新收政府信息公开申请数量，申请人情况，"
FOLLOWING = NEW.replace("一、本年新收", "二、上年结转")
ANSWERED, LEFT = "三、本年度办理结果，（七）总计，申请人情况，", "四、结转下年度继续办理，申请人情况，"

ZEROS = re.compile("空格填 0")
FOCUSED = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.labels?.[0]?.textContent"


class Bench:
    """The workbench on a page, as a person uses it."""

    def __init__(self, page: Any, lab: Any) -> None:
        self.page, self.lab, self.root = page, lab, page.locator(".rk-bench")
        self.file: Path = lab.project / PARAMS

    def start(self, width: int = 1440, height: int = 900) -> None:
        self.page.set_viewport_size({"width": width, "height": height})
        self.lab.open(self.page, NOTEBOOK)
        for _ in range(3):  # the menu of a page that has just been loaded may do nothing
            self.lab.run_all(self.page)
            try:
                self.root.wait_for(timeout=30_000)
                return self.lab.wait_until_idle(self.page)  # Lab scrolls to a cell that has run
            except Exception:
                continue
        raise AssertionError("no workbench")

    def kill(self) -> None:
        """Let the kernel die, as where the machine runs out of memory."""
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                words = (process / "cmdline").read_bytes().split(b"\0")
                if b"ipykernel_launcher" in words and any(
                    str(self.lab.project.parent).encode() in one for one in words
                ):
                    os.kill(int(process.name), signal.SIGKILL)

    def stop(self) -> None:
        """End the kernel: what was typed and not saved would still be there for the next test, as for a person."""
        key = {"Authorization": f"token {self.lab.token}"}
        for session in self.page.request.get(f"{self.lab.url}/api/sessions", headers=key).json():
            self.page.request.delete(f"{self.lab.url}/api/sessions/{session['id']}", headers=key)

    def open(self, year: str, text: str) -> None:
        self.root.get_by_label("年度", exact=True).select_option(year)
        box = self.root.get_by_role("combobox", name="单位", exact=True)
        box.click()
        box.press_sequentially(text)
        box.press("Enter")
        self.root.get_by_role("tablist").wait_for()
        self.root.locator(".rk-title", has_text=text).wait_for()

    def tab(self, name: str) -> None:
        self.root.get_by_role("tab", name=name).click()

    def cell(self, name: str) -> Any:
        return self.root.get_by_label(name, exact=True)

    def button(self, name: str) -> Any:
        return self.root.get_by_role("button", name=name, exact=True)

    def more(self, name: str) -> None:
        """Click a button of the menu."""
        self.root.locator(".rk-menu summary").click()
        self.button(name).click()

    @property
    def focused(self) -> str:
        """What the element is called in which the cursor is."""
        return str(self.page.evaluate(FOCUSED))

    def wait_for_focus(self, name: str) -> None:
        """Wait until the cursor is in the element that is called so."""
        self.page.wait_for_function(f"name => ({FOCUSED}) === name", arg=name)

    def paste(self, text: str) -> None:
        """Paste a text where the cursor is, as a browser tells the page of it."""
        self.page.evaluate(
            """text => { const clipboardData = new DataTransfer(); clipboardData.setData("text/plain", text);
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true})); }""",
            text,
        )

    def texts(self) -> str:
        """All that the workbench says, names of buttons and fields included."""
        return texts(self.page, ".rk-bench")

    def fill_blanks(self) -> None:
        """Put 0 into all blanks of the table in sight."""
        self.root.get_by_role("button", name=ZEROS).click()
        self.root.get_by_role("button", name="没有要填 0 的空格").wait_for()

    def make_all(self) -> None:
        """Make the reports of all units of the year."""
        self.root.get_by_label("生成范围", exact=True).select_option("year")
        self.button("生成").click()

    def send_out(self, year: int) -> Any:
        """Have the workbooks of a year made; the link to them."""
        self.button(f"发出 {year} 年的工作簿").click()
        link = self.root.locator(".rk-sent a")
        link.wait_for(timeout=60_000)
        return link

    def choose(self, files: list[Path], *, by_key: bool = False) -> None:
        """Choose files of one's own machine, to be taken in."""
        control = self.button("收回文件…")
        with self.page.expect_file_chooser() as chooser:
            if by_key:
                control.press("Enter")
            else:
                control.click()
        chooser.value.set_files(files)

    def look_at(self, year: int) -> None:
        """Look at all units of a year."""
        self.root.get_by_label("年度", exact=True).select_option(str(year))
        self.page.keyboard.press("Escape")

    def wish(self, county: str, zeros: bool) -> None:
        """Say how files are to be taken in, and wait until it is told what would become of them."""
        self.root.get_by_label("表里的空白填 0").set_checked(zeros)
        field = self.root.get_by_label("新文件归入的县")
        field.fill(county)
        field.press("Enter")
        self.rows.first.get_by_text("空白将填 0 的" if zeros else "空白").wait_for()
        self.root.locator(".rk-intake .rk-main:enabled").wait_for()

    def drop(self, files: Mapping[str, Path]) -> None:
        """Drop files, by their names, on the overview."""
        held = self.page.evaluate_handle("() => new DataTransfer()")
        for name, path in files.items():
            content = base64.b64encode(path.read_bytes()).decode()
            self.page.evaluate(
                """([held, name, content]) => held.items.add(
                new File([Uint8Array.from(atob(content), sign => sign.charCodeAt(0))], name))""",
                [held, name, content],
            )
        units = self.root.locator(".rk-units")
        for event in ("dragover", "drop"):
            units.dispatch_event(event, {"dataTransfer": held})

    @property
    def rows(self) -> Any:
        """The lines of the files that are taken in."""
        return self.root.locator(".rk-intake-table tbody tr")

    def intake(self, words: str) -> None:
        """Wait until this is said of the files."""
        self.root.locator(".rk-intake-status", has_text=words).wait_for(timeout=60_000)

    @property
    def intake_status(self) -> str:
        """What is said of the files."""
        return str(self.root.locator(".rk-intake-status").inner_text())

    def status(self, words: str) -> None:
        self.root.locator(".rk-status", has_text=words).wait_for()

    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")
