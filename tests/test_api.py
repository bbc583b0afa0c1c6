"""What a notebook or a script calls: six names, each as the commands do it."""

import subprocess
import sys
from decimal import Decimal

import pytest

import reportkit
from reportkit.errors import CellRef, ReaderError, UserError
from reportkit.kinds import shipped_forms
from support.offices import office

pytestmark = pytest.mark.usefixtures("warm_workers")

TOWN = "params/2019/宁海县/甲镇.yaml"


def test_reports_are_made_as_the_command_makes_them(tmp_path, monkeypatch):
    root = office(tmp_path, "甲镇", "乙镇").root
    monkeypatch.chdir(root)
    (outcome,) = list(reportkit.build(TOWN, to=["html"], workers=1))
    assert (outcome.status, [path.suffix for path in outcome.files]) == ("built", [".ipynb", ".html"])
    assert [each.status for each in reportkit.build([TOWN], to=["html"])] == ["up-to-date"]
    assert [each.status for each in reportkit.build("甲镇", to=["html"], force=True, workers=1)] == ["built"]


def test_what_is_wrong_with_the_call_is_told_before_anything_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(office(tmp_path, "甲镇", "乙镇").root)
    with pytest.raises(UserError, match="no format 'docx'; there is html, pdf"):
        reportkit.build(to=["docx"])
    with pytest.raises(UserError, match="无名镇"):
        reportkit.build("无名镇")
    with pytest.raises(UserError, match="name one"):
        reportkit.read("params")


def test_a_file_is_read_and_checked(tmp_path, monkeypatch):
    root = office(tmp_path, "甲镇", "乙镇").root
    monkeypatch.chdir(root)
    filing = reportkit.read(TOWN)
    assert (filing.jurisdiction, filing.year) == ("甲镇", 2019)
    assert filing.values[CellRef("requests", "received", "total")] == Decimal(0)
    assert [issue.code for issue in reportkit.check(TOWN) if issue.severity == "error"] == []
    path = root / TOWN
    path.write_text("year: 2019\n", encoding="utf-8")
    with pytest.raises(ReaderError):
        reportkit.check(path)


def test_a_kind_is_loaded_by_name():
    kind = reportkit.load_kind("ogi")
    assert (kind.title, list(kind.forms)) == ("政府信息公开工作年度报告", list(shipped_forms()))
    with pytest.raises(UserError, match="there is no kind nothing"):
        reportkit.load_kind("nothing")


def test_the_names_are_there_and_cost_nothing_before_they_are_used():
    assert {name for name in dir(reportkit) if name in reportkit.__all__} >= {"__version__"}
    assert all(callable(getattr(reportkit, name)) for name in reportkit.__all__ if name != "__version__")
    with pytest.raises(AttributeError):
        reportkit.nothing  # noqa: B018
    code = "import sys, reportkit; sys.exit(any(name.startswith('reportkit.') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
