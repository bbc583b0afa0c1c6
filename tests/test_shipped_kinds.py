"""The kinds that come along with forms: their samples, and whether workbooks and pages of theirs read back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportkit.api import build
from reportkit.checks import check_report
from reportkit.form_workbook.prefill import entries_of
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.imports.published import read_published
from reportkit.imports.workbook import read_workbook
from reportkit.kinds import KINDS, load_kind, shipped_names
from reportkit.model.filing import Filing
from reportkit.model.reading import Reading
from reportkit.project import Project, load_project, new_year
from reportkit.skeletons import begin
from reportkit.workbench import Saved, Towns, open_town, save
from support.languages import speaking

WITH_FORMS = [name for name in shipped_names() if not load_kind(name).is_of_any_notebook]
LOCALES = {"blank": ["C", "zh_CN.UTF-8"]}
SAMPLES = [(name, locale) for name in WITH_FORMS for locale in LOCALES.get(name, ["C"])]


@pytest.fixture(params=SAMPLES, ids=" ".join)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Project, Filing, Path]:
    """A new project of each kind with a form, and its filing."""
    kind, locale = request.param
    with speaking(locale):
        begin(str(tmp_path), kind)
    project = load_project(tmp_path)
    (path,) = project.params.rglob("*.yaml")
    return project, project.read(path), path


def stated(source: Filing | Reading) -> dict[str, object]:
    """What was stated, without totals that are worked out again."""
    computed = source.computed if isinstance(source, Filing) else ()
    return {
        f"{ref.table}[{ref.row}, {ref.column}]": value for ref, value in source.values.items() if ref not in computed
    }


def test_a_sample_has_nothing_wrong_and_fills_its_form(sample):
    project, filing, path = sample
    assert check_report(project, path, filing) == []
    blank = [ref for ref in filing.form.cells if ref not in filing.values]
    assert (blank, set(filing.narrative) >= {one.key for one in filing.form.sections if one.required}) == ([], True)


def test_a_sample_s_workbook_reads_back(sample):
    project, filing, _path = sample
    (found,) = read_workbook(form_bytes(filing.form, entries_of(filing)), "a.xlsx", project.forms)
    assert (found.jurisdiction, found.year, found.form.edition) == (
        filing.jurisdiction, filing.year, filing.form.edition,
    )  # fmt: skip
    assert stated(filing).items() <= stated(found).items()


@pytest.mark.slow
def test_a_sample_s_page_reads_back(sample, monkeypatch):
    """Builds each of them."""
    project, filing, path = sample
    monkeypatch.chdir(project.root)
    (made,) = build(to=["html"], workers=1)
    page = next(project.dist.rglob("*.html"))
    assert not made.issues
    found = read_published(page.read_bytes(), page.name, project.forms)
    assert (found.jurisdiction, found.year) == (filing.jurisdiction, filing.year)
    assert stated(found) == {**stated(filing), **stated(found)}
    assert stated(filing).keys() <= stated(found).keys()
    assert {key: re.sub(r"\W", "", text) for key, text in found.narrative.items()}.items() >= {
        key: re.sub(r"\W", "", text) for key, text in filing.narrative.items()
    }.items()
    assert path.exists()


def test_no_skeleton_holds_a_file_of_a_machine():
    names = {path.name for path in KINDS.glob("*/skeleton*/**/*")}
    assert not names & {".DS_Store", "Thumbs.db", "__pycache__", ".ipynb_checkpoints"}


def test_a_new_year_begins_with_the_sample_s_own_text_and_the_workbench_saves_it(sample):
    project, filing, path = sample
    begun = new_year.begin(project, path, filing.year + 1).made
    assert (begun.rewritten, begun.filing.year) == (False, filing.year + 1)
    assert [line for line in begun.text.splitlines() if line.startswith("# ")][:1] == [
        path.read_text(encoding="utf-8").splitlines()[0]
    ]
    (town,) = Towns(project).search(filing.year, filing.jurisdiction)
    key = filing.form.sections[0].key
    draft = open_town(project, town).with_words(key, "Something else.")
    assert isinstance(save(draft), Saved)
    assert project.read(path).narrative[key].strip() == "Something else."
