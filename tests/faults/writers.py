"""The commands that write, each as work for a process of its own, and the office that it finds."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, NoReturn

from typer.main import get_command

import reportkit
from reportkit import cli
from reportkit.batch.processes import pool, started_worker
from reportkit.errors import UserError
from reportkit.files import History, parts
from reportkit.project import Project, load_project
from reportkit.workbench import Desk
from support.changing import ELSEWHERE, IN_PLACE, NAMED, TOWN, added_up, edited, nothing, params_of
from support.copies import change, output
from support.offices import GOOD, Here, add_town, bring


@dataclass(frozen=True)
class Writer:
    """What writes, what has to be the case before, and whether doing it again changes no more."""

    work: Callable[[], int]
    before: Callable[[Project], None] = nothing
    settles: bool = True


def command(*arguments: str) -> int:
    """Run a command in this process, which is for nothing else; reports are made in it, too."""
    parts.SWEEPER.swept.clear()
    sys.argv = ["reportkit", *arguments]
    cli.app = _commands()
    pool.Crew = lambda *_: Here()
    started_worker.cores = lambda: 1  # no worker is started ahead: it would be stopped, too, and nobody let it go on
    return cli.main()


@cache
def _commands() -> Any:
    return get_command(cli.app)


@cache
def warm() -> None:
    """Do once what every command does first, so that no process of its own has to."""
    for module in walk_packages(reportkit.__path__, "reportkit."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    with contextlib.redirect_stdout(None):
        _commands()(["explain", "R1"], standalone_mode=False)


def workbench(*messages: dict[str, object]) -> int:
    """Give a desk with the town open its messages; 1 if it tells an error or that something has changed."""
    parts.SWEEPER.swept.clear()
    told: list[dict[str, object]] = []
    desk = Desk(load_project(Path()), told.append, _no_pages)
    for message in ({"do": "open", "year": 2019, "inside": TOWN.partition("/")[2]}, *messages):
        desk.receive(message)
    answers = [message for message in told if message["what"] == "told"]
    print(answers)
    return 0 if answers[-1]["level"] == "done" else 1


def _no_pages() -> NoReturn:
    raise UserError("no pages are made here")


def saved(project: Project) -> None:
    """The town's parameter file has an earlier version."""
    path = params_of(project)
    content = path.read_bytes()
    History(project.root, path).save(
        content, content.replace("采购项目数量: 28".encode(), "采购项目数量: 29".encode()), "workbench"
    )


def moved_on(project: Project) -> None:
    """A build has all to do: an output edited, a page changed by hand, one town gone, one new, and a copy overtaken."""
    add_town(project.root, "甲镇")
    edited(project)
    bring(project)
    (project.params / "2019/宁海县/甲镇.yaml").unlink()
    add_town(project.root, "乙镇", GOOD)
    change(output(project, TOWN), "other-nothing", "没有其他", "再没有其他")
    page = output(project, TOWN, ".html")
    page.write_text(page.read_text(encoding="utf-8") + "by hand", encoding="utf-8")


def failing(project: Project) -> None:
    """A cell of the master raises, and an earlier notebook that failed was changed by hand."""
    for wrong in ("report.titel", "report.titles"):
        change(project.notebook, "title", "report.title", wrong)
        bring(project)
        change(project.notebook, "title", wrong, "report.title")
        failed = output(project, TOWN, ".failed.ipynb")
        change(failed, "other-nothing", "没有其他", "再没有其他")
    change(project.notebook, "title", "report.title", "report.titre")


TYPED = {"do": "edit", "fields": {"cell:requests|received|person": "31"}}

WRITERS = {
    **{
        name: Writer(partial(command, *arguments), before, name != "undo")
        for name, (arguments, before, _) in {**IN_PLACE, **ELSEWHERE}.items()
    },
    "edit for the first time": Writer(partial(command, "edit", NAMED, "--no-open")),
    "undo of parameters": Writer(partial(command, "undo", NAMED, "--params"), saved, settles=False),
    "rollup into a file": Writer(
        partial(command, "rollup", "params/2019/宁海县", "-o", "params/2019/宁海县.yaml", "--update"), added_up
    ),
    "workbench": Writer(partial(workbench, TYPED, {"do": "save"})),
    "undo at the workbench": Writer(partial(workbench, {"do": "unsave"}), saved, settles=False),
    "build": Writer(partial(command, "build", "--to", "html"), moved_on),
    "build for the public": Writer(partial(command, "build", "--to", "html", "--no-notebook"), moved_on),
    "build that fails": Writer(partial(command, "build", "--to", "html"), failing),
}
"""What writes, by a name for it."""
