"""Made-up counties on the disk, for the tests of what several files tell together."""

from pathlib import Path

from benchmarks.synthetic import yaml_text

from reportkit.errors import CellRef, Origin
from reportkit.kinds import form_for, shipped_forms
from reportkit.model.filing import Figure, Filing
from reportkit.notebook import parameters
from reportkit.project import Project, load_project


def cell(name: str, form_edition: str = "2021") -> CellRef:
    """The cell that a short name means: requests.carried_in:total, reviews.cases:review.pending."""
    table, _, rest = name.partition(".")
    row, _, column = rest.partition(":")
    ref = CellRef(table, row, column)
    assert ref in shipped_forms()[form_edition].tables[table].cells, name
    return ref


def complete(name: str, year: int, cells: dict[str, str | int] | None = None, **fields: object) -> Filing:
    """A filing with 0 in every cell but these; a cell that is None is left out."""
    form = fields.pop("form", None) or form_for(shipped_forms(), year)
    given = {cell(key, form.edition): figure for key, figure in (cells or {}).items()}
    values = {ref: Figure(0) for table in form.tables.values() for ref in table.cells}
    for ref, figure in given.items():
        del values[ref]
        if figure is not None:
            text = str(figure)
            values[ref] = Figure(text.rstrip("亿万元"), text)
    return Filing(form, name, year, f"{name}人民政府", values, {}, Origin(f"{name}.yaml", "1"), **fields)


def write(project: Project, place: str, made: Filing) -> Path:
    """Write a filing as a parameter file and return its path: 2023/甲县 puts it into that folder."""
    path = project.params / place / f"{made.jurisdiction}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml_text(parameters(made)), encoding="utf-8")
    return path


def project_at(folder: Path, config: str = "") -> Project:
    """A project with a params folder, and a reportkit.toml if there is something in it."""
    (folder / "params").mkdir(exist_ok=True)
    if config:
        (folder / "reportkit.toml").write_text(config, encoding="utf-8")
    return load_project(folder)
