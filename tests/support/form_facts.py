"""An office whose form asks for facts beside its tables."""

from pathlib import Path

from reportkit.project import Project, load_project
from support.offices import GOOD, office
from support.repository import ROOT

TOWN = "桑洲镇"
FACTS = """facts:
  trainings: {type: int, label: 培训次数, required: true, add: true}
  budget: {type: float, label: 培训经费, add: true}
  office: {type: str, label: 办公地点}
  opened: {type: date}
  open: {type: bool, label: 是否对外开放}
"""
FORM = (ROOT / "src/reportkit/kinds/ogi/forms/ogi-2019.yaml").read_text(encoding="utf-8").replace(
    'edition: "2019"', "edition: 本县表\nkind: ogi"
) + FACTS
PARAMS = GOOD.replace('edition: "2019"', "edition: 本县表")


def asking(root: Path, *towns: str) -> Project:
    """An office with that form, and a parameter file of it for each town, which states no facts."""
    project = office(root)
    (root / "forms").mkdir()
    (root / "forms/own.yaml").write_text(FORM, encoding="utf-8")
    for town in towns or (TOWN,):
        path = root / f"params/2019/宁海县/{town}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PARAMS.replace(TOWN, town), encoding="utf-8")
    return load_project(project.root)


def stating(project: Project, text: str, town: str = TOWN) -> Path:
    """A town's parameter file, with some lines more."""
    path = project.params / f"2019/宁海县/{town}.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}{text}", encoding="utf-8")
    return path
