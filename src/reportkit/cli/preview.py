"""`reportkit preview`."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import TownName, Year, command
from reportkit.cli.output import say
from reportkit.translation import _

if TYPE_CHECKING:
    from reportkit.project import Project


@command(example="reportkit preview 桑洲镇 --year 2019")
def preview(
    town: TownName,
    year: Year = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=_("Port on this machine; default: one that is free."))
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help=_("Open the page in the web browser."))
    ] = True,
    timeout: Annotated[float, typer.Option(min=0.1, help=_("Seconds that the report may take."))] = 30,
) -> None:
    """Show a report on a page of this machine that follows each save; Ctrl-C ends it. Nothing is written to dist/."""
    from reportkit.errors import UserError
    from reportkit.project import project_of_town

    project = project_of_town(town)
    name = _name(project, town, year)
    if any(find_spec(package) is None for package in ("starlette", "uvicorn", "watchfiles")):
        raise UserError(_("reportkit preview needs more packages: pip install 'reportkit[preview]'"))
    from tempfile import TemporaryDirectory

    from reportkit.batch.processes.resource_limits import Limits
    from reportkit.preview.auth import opening_file
    from reportkit.preview.server import serve

    def announce(address: Callable[[], str]) -> None:
        say(_("{name}: {address}").format(name=name, address=address()))
        say(_("opens once; follows each save; Ctrl-C ends it"), flush=True)
        if browser:
            import webbrowser

            webbrowser.open(opening_file(Path(folder), address()).as_uri())

    def used(address: str) -> None:
        say(_("for another browser: {address}").format(address=address), flush=True)

    with TemporaryDirectory(prefix="reportkit-", ignore_cleanup_errors=True) as folder:
        try:
            serve(project, name, port, limits=Limits(timeout), announce=announce, used=used)
        except KeyboardInterrupt:
            say(_("ended"))


def _name(project: Project, town: str, year: int | None) -> str:
    """The report's name, for instance 2019/宁海县/桑洲镇. Raises UserError if there is no such parameter file here."""
    from reportkit.errors import UserError
    from reportkit.files.locations import is_remote, may_be_there
    from reportkit.project import report_named

    if is_remote(project.params) or is_remote(project.notebook):
        words = _("{folder}: a preview is of files on this machine; copy them here first")
        raise UserError(words.format(folder=project.params))
    if project.source:
        return report_named(project.sets, town)
    path = project.locate(town, year)
    if is_remote(path) or not may_be_there(path):
        raise UserError(_("{town}: no such file; parameter files are kept under params/").format(town=town))
    inside = project.inside(path)
    if inside is None:
        words = _("{town}: not below {folder}, where a report has its name and year from")
        raise UserError(words.format(town=town, folder=project.shown(project.params)))
    return inside.with_suffix("").as_posix()
