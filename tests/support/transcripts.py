"""Pages of the guide that show what commands say: what a reader does by them, done in a folder.

A block `console` has commands, each behind `$ `, with what they say below. A comment in front of a block or between two
says what is done there: `<!-- 文件：PATH -->` writes the block that follows as this file, `<!-- 做：NAME -->` is done by a
function of that name, which plays the person who works in a workbook, an editor or JupyterLab.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from support.commands import reportkit
from support.languages import CHINESE

STEP = re.compile(r"^<!-- (文件|做)：(.+?) -->$|^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Said(NamedTuple):
    """A command, what the page says that it says, and what it has said."""

    command: str
    told: str
    said: str

    @property
    def holds(self) -> bool:
        """Whether it is the same but for what the page leaves out (…) and for times."""
        pattern = ".*?".join(map(re.escape, _timeless(self.told).split("…")))
        return re.fullmatch(pattern, _timeless(self.said), re.DOTALL) is not None


def followed(page: str, folder: Path, acts: Mapping[str, Callable[[Path], None]]) -> list[Said]:
    """Return what the commands of a page have said, done one after the other from this folder on."""
    done: list[Said] = []
    file = None
    for act, name, language, block in STEP.findall(page):
        if act == "做":
            acts[name](folder)
        elif act:
            file = folder / name
        elif file:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block, encoding="utf-8")
            file = None
        elif language == "console":
            for command, told in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
                if command.startswith("cd "):
                    folder = folder / command.removeprefix("cd ")
                else:
                    done.append(Said(command, told, _run(command, folder)))
    return done


def _run(command: str, folder: Path) -> str:
    name, *arguments = shlex.split(command)
    assert name == "reportkit", command
    ended = reportkit(folder, *arguments, COLUMNS="80", **CHINESE)
    return ended.stdout + ended.stderr


def _timeless(text: str) -> str:
    return re.sub(r"\d+\.\d 秒|\d{4}-\d\d-\d\d \d\d:\d\d", "（时间）", text).strip()
