"""Which report a command for a town means, and what it is made from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reportkit.translation import _

if TYPE_CHECKING:
    from reportkit.model.filing import Filing
    from reportkit.project import Project


def town_found(town: str, year: int | None) -> tuple[Project, str, Filing]:
    """The project of a town that is named, its report's name, and what that is made from."""
    from reportkit.project import project_of_town

    project = project_of_town(town)
    name, params = named(project, town, year)
    return project, name, filing_of(project, name, params)


def filing_of(project: Project, name: str, params: Path | None = None) -> Filing:
    """What a report is made from: its parameter file `params`, or its part of a list."""
    if project.source:
        return project.filing(project.sets[name])
    return project.read(params or project.file_of(name))


def named(project: Project, town: str, year: int | None) -> tuple[str, Path]:
    """The name of a town's report, 2019/宁海县/桑洲镇, and its parameter file, or the list that it is part of."""
    from reportkit.errors import UserError
    from reportkit.params.reader import SUFFIXES
    from reportkit.project import plan, report_named

    if project.source:
        return report_named(project.sets, town), project.params
    if not project.has_config and not town.endswith(SUFFIXES) and not project.params.exists():
        raise UserError(_unknown_list(project))
    params = project.locate(town, year)
    (job,) = plan(project, [params], ())
    return job.name, job.params


def _unknown_list(project: Project) -> str:
    """What is told where no report is known: those of a list that a build was given are known to that build alone."""
    words = _(
        "{folder}: no parameter files, and no {config} that names a list; what a build was told by its options, it "
        "alone knows: write it into {config}, a line for each ({lines}), and build once more"
    )
    values = {"kind": "notebook", **dict.fromkeys(("notebook", "params", "subject", "output"), "…")}
    lines = ", ".join(f'{name} = "{value}"' for name, value in values.items())
    return words.format(folder=project.shown(project.params), config="reportkit.toml", lines=lines)
