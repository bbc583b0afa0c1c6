"""Made-up filings with words, and the finished files of them."""

import random
import tempfile
from functools import cache
from pathlib import Path

from benchmarks.synthetic import Equations, Plausible

from reportkit.batch import build
from reportkit.errors import Origin
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Filing
from reportkit.params.writer import params_text
from reportkit.project import Project, plan
from support.offices import office
from support.synthetic import TOWN

FORMS = shipped_forms()
WORDS = {
    "overview": "本镇按时公开各类信息。\n\n共3项，其中1项延期。\n",
    "problems": "一是更新不够及时。\n",
    "other": "无其他事项。\n",
}


@cache
def project() -> Project:
    return office(Path(tempfile.mkdtemp()))


def published(filing: Filing, *formats: str) -> dict[str, bytes]:
    """The finished report's files, by format."""
    path = project().params / f"{filing.year}/{filing.jurisdiction}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(params_text(filing), encoding="utf-8")
    outcome = build(plan(project(), [path], formats)[0])
    assert (outcome.status, outcome.errors) == ("built", []), outcome.reason
    return {file.suffix[1:]: file.read_bytes() for file in outcome.files}


def town(edition: str, seed: int, *, blanks: bool) -> Filing:
    """A valid filing with words of its own; with `blanks`, some cells that are 0 and no totals are not filled in."""
    form, source = FORMS[edition], random.Random(seed)
    equations = Equations(form, TOWN)
    values = equations.with_totals(equations.values(Plausible(source)))
    if blanks:
        values = {
            ref: figure
            for ref, figure in values.items()
            if figure or "total" in f"{ref.row} {ref.column}" or source.random() < 0.7
        }
    return Filing(form, TOWN, form.years[0], f"{TOWN}人民政府", values, WORDS, Origin("synthetic.yaml", "1"))
