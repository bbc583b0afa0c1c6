"""`reportkit preview`."""

from __future__ import annotations

import signal
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import TownName, Year, app

if TYPE_CHECKING:
    from reportkit.project import Project


@app.command(epilog="Example: reportkit preview 桑洲镇 --year 2019")
def preview(
    town: TownName,
    year: Year = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; default: one that is free.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the web browser.")] = True,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that the report may take.")] = 30,
) -> None:
    """Show a report on a page of this machine that follows each save; Ctrl-C ends it. Nothing is written to dist/."""
    from reportkit.errors import UserError
    from reportkit.project import find_project

    project = find_project()
    name = _name(project, town, year)
    if any(find_spec(package) is None for package in ("starlette", "uvicorn", "watchfiles")):
        raise UserError("reportkit preview needs more packages: pip install 'reportkit[preview]'")
    from reportkit.batch.limits import Limits
    from reportkit.preview.serving import serve

    def announce(address: str) -> None:
        print(f"{name}: {address}\nfollows each save; Ctrl-C ends it", flush=True)
        if browser:
            import webbrowser

            webbrowser.open(address)

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite end is an end like Ctrl-C
    try:
        serve(project, name, port, limits=Limits(timeout), announce=announce)
    except KeyboardInterrupt:
        print("ended")


def _name(project: Project, town: str, year: int | None) -> str:
    """The report's name, for instance 2019/宁海县/桑洲镇. Raises UserError if there is no such parameter file here."""
    from reportkit.errors import UserError
    from reportkit.locations import is_remote

    if is_remote(project.params) or is_remote(project.notebook):
        raise UserError(f"{project.params}: a preview is of files on this machine; copy them here first")
    path = project.locate(town, year)
    if is_remote(path) or not path.is_file():
        raise UserError(f"{town}: no such file; parameter files are kept under params/")
    inside = project.inside(path)
    if inside is None:
        raise UserError(f"{town}: not below {project.shown(project.params)}, where a report has its name and year from")
    return inside.with_suffix("").as_posix()
