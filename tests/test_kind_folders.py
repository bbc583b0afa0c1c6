"""A kind is a folder: in a project, at a path, in another package, or with this one; and what is wrong with one is told."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest

from reportkit.checks import check_report
from reportkit.checks.registry import rules_of
from reportkit.errors import UserError
from reportkit.kinds import KINDS, all_kinds, find_kind, kind_of, load_kind, shipped_names
from reportkit.kinds import kind_places as places
from reportkit.project import Project, load_project
from reportkit.project.masters import GENERIC
from reportkit.skeletons import begin, update_master
from reportkit.workbench.page import renderer
from support.commands import reportkit

KIND = "name: harbour\ntitle: Annual Report of the Harbour\nlanguage: en\nstyle: letter\n"
FORM = """
edition: harbour
years: [2000, null]
title: "Annual Report of {jurisdiction}, {year}"
sections:
  - {key: ships, heading: Ships, table: ships}
  - {key: other, heading: Other matters}
tables:
  - key: ships
    blocks:
      - columns: [{key: in, label: In}, {key: out, label: Out}]
        rows: [{key: all, label: All}]
"""
TOWN = """
year: 2025
jurisdiction: Quayside
figures: {Ships: {All: [5, 6]}}
narrative: {Other matters: Nothing else.}
"""
RULES = """
from reportkit.checks.findings import Finding, Rule
from reportkit.errors import CellRef


def more_out(filing):
    came, went = (filing.values[CellRef("ships", "all", column)] for column in ("in", "out"))
    if went > came:
        yield Finding("H1", CellRef("ships", "all", "out"), str(went), str(came), place="Ships")


RULES = (Rule("H1", more_out),)
"""
TOLD = "H1:\n  severity: error\n  title: More out than in\n  message: '{place}: {found} out, {expected} in'\n"


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def harbour(root: Path, **more: str) -> Path:
    """A project of a kind of its own; `more` are files of the kind's folder, with _ for / in their names."""
    kind = {
        "kind.yaml": KIND,
        "forms/harbour.yaml": FORM,
        **{name.replace("__", "/"): text for name, text in more.items()},
    }
    own = {f"kinds/harbour/{name}": text for name, text in kind.items()}
    return write(root, {"reportkit.toml": 'kind = "harbour"\n', "params/2025/Quayside.yaml": TOWN, **own})


def issues(project: Project) -> list[tuple[str, str]]:
    path = project.params / "2025/Quayside.yaml"
    return [(one.code, one.message) for one in check_report(project, path, project.read(path))]


def test_a_project_has_a_kind_of_its_own_with_forms_rules_words_and_style(tmp_path):
    root = harbour(
        tmp_path,
        **{"rules__ships.py": RULES, "rules__ships.yaml": TOLD, "words.yaml": "ships: '{{ ships.all.in }} came.'\n"},
    )
    project = load_project(root)
    assert (project.kind.name, list(project.forms), project.notebook) == ("harbour", ["harbour"], GENERIC)
    assert project.styles[""].paper == "Letter"
    assert issues(project) == [("H1", "Ships: 6 out, 5 in")]
    (root / "params/2025/Quayside.yaml").write_text(TOWN.replace("6", "4"), encoding="utf-8")
    built = reportkit(root, "build", "--to", "html", "--jobs", "1")
    assert built.returncode == 0, built.stdout + built.stderr
    page = (root / "dist/2025/Quayside.html").read_text(encoding="utf-8")
    assert ("<p>5 came.</p>" in page, "Nothing else." in page, 'lang="en-US"' in page) == (True, True, True)


def test_a_report_is_made_again_when_its_kind_changes(tmp_path):
    root = harbour(tmp_path)
    assert reportkit(root, "build", "--to", "html", "--jobs", "1").returncode == 0
    assert "1 up to date" in reportkit(root, "build", "--to", "html", "--jobs", "1").stdout
    (root / "kinds/harbour/words.yaml").write_text("ships: '{{ ships.all.out }} went.'\n", encoding="utf-8")
    again = reportkit(root, "build", "--to", "html", "--jobs", "1")
    assert (again.returncode, "1 built" in again.stdout) == (0, True)
    assert "6 went." in (root / "dist/2025/Quayside.html").read_text(encoding="utf-8")


def test_a_kind_that_changes_is_another_one_and_what_was_made_of_it_is_made_anew(tmp_path):
    root = harbour(tmp_path)
    before = load_project(root)
    assert "More" not in before.kind.title
    (root / "kinds/harbour/kind.yaml").write_text(KIND.replace("Annual", "More Annual"), encoding="utf-8")
    assert load_project(root).kind.title == "More Annual Report of the Harbour"
    assert load_project(root) != before


def test_a_kind_extends_another_and_says_only_what_is_its_own(tmp_path):
    root = harbour(tmp_path, **{"rules__ships.py": RULES, "rules__ships.yaml": TOLD})
    write(root, {
        "kinds/marina/kind.yaml": "name: marina\nextends: harbour\nfacts: {berths: {type: int, required: true}}\n",
        "kinds/marina/words.yaml": "other: '{{ facts.berths }} berths.'\n",
        "reportkit.toml": 'kind = "marina"\n',
    })  # fmt: skip
    project = load_project(root)
    assert (project.kind.title, project.kind.language, project.kind.style) == (
        "Annual Report of the Harbour", "en", "letter",
    )  # fmt: skip
    assert [code for code, _ in issues(project)] == ["Y13", "H1"]
    form = project.forms["harbour"]
    assert (kind_of(form).name, list(form.facts), list(form.words)) == ("marina", ["berths"], ["other"])


def test_a_kind_of_the_package_is_extended_with_its_rules(tmp_path):
    root = write(tmp_path, {
        "kinds/ours/kind.yaml": "name: ours\nextends: ogi\ntitle: 本省的年度报告\n", "reportkit.toml": 'kind = "ours"\n',
        "params/2025/甲镇.yaml": "year: 2025\njurisdiction: 甲镇\n",
    })  # fmt: skip
    project = load_project(root)
    assert project.read(project.params / "2025/甲镇.yaml").form.edition == "2021"
    assert set(rules_of("ogi")) <= set(rules_of(project.kind_reference))
    assert project.notebook.name == "annual_report.ipynb"


def test_a_fact_of_the_kind_is_a_term_of_a_form_s_rule(tmp_path):
    rule = 'rules:\n  - {code: K1, label: berths, left: ["ships[all, in]"], right: [facts.berths], sign: "<="}\n'
    kind = f"{KIND}facts: {{berths: {{type: int}}}}\n"
    root = harbour(tmp_path, **{"kind.yaml": kind, "forms__harbour.yaml": FORM + rule})
    (root / "params/2025/Quayside.yaml").write_text(f"{TOWN}berths: 4\n", encoding="utf-8")
    assert [code for code, _ in issues(load_project(root))] == ["K1"]


def test_a_kind_is_found_at_a_path_then_in_the_project_then_here(tmp_path):
    root = harbour(tmp_path / "office")
    write(tmp_path, {"shared/harbour/kind.yaml": KIND.replace("Annual", "Shared")})
    assert find_kind("harbour", root).source == "kinds"
    assert load_kind(find_kind("../shared/harbour", root).reference).title == "Shared Report of the Harbour"
    assert find_kind("ogi", root) == ("ogi", KINDS / "ogi", "reportkit")
    write(root, {"kinds/ogi/kind.yaml": "name: ogi\ntitle: Ours\n"})
    assert load_kind(find_kind("ogi", root).reference).title == "Ours"
    assert [(one.name, one.source) for one in all_kinds(root)][:2] == [("blank", "reportkit"), ("budget", "reportkit")]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of somebody else, with a kind in its folder; the entry points name it, one that is gone, and `ogi`."""
    folder = tmp_path / "site/harbour_reports"
    write(folder, {"__init__.py": "raise RuntimeError('is not to be run')", "kind.yaml": KIND, "forms/f.yaml": FORM})
    monkeypatch.syspath_prepend(str(folder.parent))
    about = folder.parent / "harbour_reports-1.0.dist-info"
    points = "harbour = harbour_reports\ngone = no_such_package\nogi = harbour_reports\n"
    write(
        about, {"METADATA": "Name: harbour-reports\nVersion: 1.0\n", "entry_points.txt": f"[{places.GROUP}]\n{points}"}
    )
    importlib.invalidate_caches()
    return folder


def test_a_kind_of_another_package_is_found_and_its_package_not_run(package, tmp_path):
    place = find_kind("harbour", tmp_path)
    assert (place.folder, place.source) == (package, "harbour-reports")
    assert list(load_kind(place.reference).forms) == ["harbour"]
    assert "harbour_reports" not in sys.modules
    assert find_kind("ogi", tmp_path).folder == KINDS / "ogi"
    with pytest.raises(UserError, match=r"kind gone .*no_such_package.*kind\.yaml"):
        find_kind("gone", tmp_path)
    assert {one.name for one in all_kinds(tmp_path)} == {*shipped_names(), "harbour", "gone"}


WRONG = [
    ({"kind.yaml": None}, r"kinds/harbour: no kind, as it has no kind\.yaml"),
    ({"kind.yaml": "name: harbor\ntitle: x\n"}, r"kind\.yaml:1: name is 'harbor', and the folder is called 'harbour'"),
    ({"kind.yaml": "name: harbour\n"}, r"kind\.yaml: title is missing"),
    ({"kind.yaml": f"{KIND}extends: nothing\n"}, r"kind\.yaml:5: there is no kind nothing; there is blank, budget, harbour"),
    ({"kind.yaml": f"{KIND}extends: harbour\n"}, r"kind\.yaml:5: extends in a circle: harbour → harbour"),
    ({"kind.yaml": f"{KIND}extends: ../nowhere\n"}, r"kind\.yaml:5: .*nowhere: no such folder"),
    ({"kind.yaml": f"{KIND}facts: !!python/object/apply:os.system [ls]\n"}, r"kind\.yaml:5: !!python/object"),
    ({"forms/harbour.yaml": f"{FORM}kind: ogi\n"}, r"harbour\.yaml:13: kind is 'ogi', and the form lies in the folder"),
    ({"forms/harbour.yaml": FORM.replace("years: [2000, null]", "")}, r"harbour\.yaml: .*years"),
    ({"words.yaml": "ships: [1]\n"}, r"words\.yaml:1: ships"),
    ({"rules/ships.py": RULES}, r"ships\.py: rule H1: no file rules/\*\.yaml has an entry H1"),
    ({"rules/ships.py": RULES, "rules/ships.yaml": TOLD.replace("H1", "Ha")}, r"ships\.yaml:1: 'Ha' is no code of a rule"),
    ({"rules/ships.py": RULES, "rules/ships.yaml": TOLD.replace("H1", "L9")}, r"L9 stands in .*lints\.yaml already"),
    ({"rules/ships.yaml": "H1: {severity: fatal, title: x, message: y}\n"}, r"ships\.yaml:1: .*severity is error, warning"),
    ({"rules/ships.yaml": "H1: {severity: error, title: x}\n"}, r"ships\.yaml:1: H1: give either message or messages"),
    ({"rules/ships.py": "RULES = (1,)"}, r"ships\.py: RULES holds 1"),
    ({"rules/ships.py": "\nx = 1 / 0"}, r"ships\.py:2: the code of this rule fails: ZeroDivisionError"),
    ({"rules/ships.py": "def ("}, r"ships\.py:1: the code of this rule fails: SyntaxError"),
    (
        {"rules/ships.py": RULES.replace('["in"', "[").replace('"all", column', '"none", column'), "rules/ships.yaml": TOLD},
        r"ships\.py:7: the code of this rule fails: KeyError",
    ),
    (
        {"rules/ships.py": RULES.replace('Finding("H1"', 'Finding("H1.often"'), "rules/ships.yaml": TOLD},
        r"ships\.py: finds 'H1\.often', for which no file rules/\*\.yaml has a message",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "said"), WRONG)
def test_what_is_wrong_with_a_kind_is_told_with_its_place(tmp_path, files, said):
    root = harbour(tmp_path)
    write(root / "kinds/harbour", {name: text for name, text in files.items() if text})
    for name in (name for name, text in files.items() if text is None):
        (root / "kinds/harbour" / name).unlink()
    with pytest.raises(UserError, match=said):
        issues(load_project(root))


def test_a_circle_of_two_is_told_with_its_way(tmp_path):
    root = harbour(tmp_path, **{"kind.yaml": f"{KIND}extends: marina\n"})
    write(root, {"kinds/marina/kind.yaml": "name: marina\nextends: harbour\n"})
    with pytest.raises(UserError, match=r"marina/kind\.yaml:2: extends in a circle: harbour → marina → harbour"):
        load_project(root)


def test_a_kind_that_cannot_be_used_is_listed_so_and_the_others_are_there(tmp_path):
    root = harbour(tmp_path)
    write(root, {"kinds/broken/kind.yaml": "name: broken\n"})
    listed = reportkit(root, "kinds", "--format", "json")
    found = {one["name"]: one for one in json.loads(listed.stdout)}
    assert listed.returncode == 1
    assert "title is missing" in found["broken"]["wrong"]
    assert (found["harbour"]["source"], found["harbour"]["forms"], found["harbour"]["wrong"]) == (
        "kinds", ["harbour"], "",
    )  # fmt: skip


def test_a_stranger_s_kind_is_not_read(tmp_path, monkeypatch):
    root = harbour(tmp_path, **{"rules__ships.py": "raise SystemExit"})
    trusted = places.require_own

    def own(path: Path) -> None:
        if path.name == "ships.py":
            raise UserError(f"{path} belongs to another")
        trusted(path)

    monkeypatch.setattr(places, "require_own", own)
    with pytest.raises(UserError, match=r"ships\.py belongs to another"):
        load_project(root)


def test_rules_in_python_are_not_run_where_no_code_is_to_run(tmp_path):
    root = harbour(tmp_path, **{"rules__ships.py": "raise SystemExit('has run')"})
    built = reportkit(root, "build", "--plain-only", "--to", "html")
    assert (built.returncode, "ships.py: is code that would run" in built.stderr) == (2, True)
    assert "has run" not in built.stdout + built.stderr


def test_a_project_is_begun_of_a_kind_in_a_folder(tmp_path, monkeypatch):
    write(tmp_path, {
        "library/harbour/kind.yaml": KIND,
        "library/harbour/forms/harbour.yaml": FORM,
        "library/harbour/skeleton/reportkit.toml": 'kind = "harbour"\n',
        "library/harbour/skeleton/params/2025/Quayside.yaml": TOWN,
    })  # fmt: skip
    monkeypatch.chdir(tmp_path)
    begin("office", "library/harbour")
    project = load_project(tmp_path / "office")
    assert (project.kind.name, project.notebook.name, issues(project)) == ("harbour", "annual_report.ipynb", [])
    assert 'kind = "../library/harbour"' in (tmp_path / "office/reportkit.toml").read_text(encoding="utf-8")
    assert update_master(project).cells == []
    (tmp_path / "library/harbour/skeleton/reportkit.toml").unlink()
    with pytest.raises(UserError, match=r"has no skeleton/reportkit\.toml"):
        begin("other", "library/harbour")


def test_a_kind_s_own_master_is_used(tmp_path):
    nb = json.loads(GENERIC.read_text(encoding="utf-8"))
    nb["cells"][3:4] = [
        nb["cells"][3],
        {**nb["cells"][3], "id": "ships", "source": 'report.heading("ships")\nreport.table("ships")'},
    ]
    root = harbour(tmp_path, **{"report.ipynb": json.dumps(nb)})
    project = load_project(root)
    assert project.notebook == root / "kinds/harbour/report.ipynb"
    assert list(project.kind.sections) == ["ships", "other"]


def test_a_section_that_must_be_written_and_one_that_may_be_left_out(tmp_path):
    form = FORM.replace(
        "{key: other, heading: Other matters}",
        """{key: other, heading: Other matters, required: true}
  - {key: plans, heading: Plans, optional: true}""",
    )
    root = harbour(tmp_path, **{"forms__harbour.yaml": form})
    assert issues(load_project(root)) == []
    built = reportkit(root, "build", "--to", "html", "--jobs", "1")
    assert (built.returncode, "Plans" in (root / "dist/2025/Quayside.html").read_text("utf-8")) == (0, False)
    back = reportkit(root, "import", "dist/2025/Quayside.html", "--into", "back")
    assert (back.returncode, "D37" in back.stdout + back.stderr) == (0, False)
    town = root / "params/2025/Quayside.yaml"
    town.write_text(TOWN.replace("Other matters: Nothing else.", "Plans: A crane."), encoding="utf-8")
    assert [code for code, _ in issues(load_project(root))] == ["N6"]
    town.write_text(
        TOWN.replace("Nothing else.", "None.\n  Plans: A crane.").replace("{Other", "\n  Other").replace(".}", "."),
        "utf-8",
    )
    assert reportkit(root, "build", "--to", "html", "--jobs", "1").returncode == 0
    assert ">Plans</h2>" in (root / "dist/2025/Quayside.html").read_text("utf-8")


def test_a_change_in_the_kind_s_folder_is_followed_by_the_preview(tmp_path):
    project = load_project(harbour(tmp_path))
    assert [path.name for path in project.kind_files()] == ["harbour.yaml", "kind.yaml"]
    assert set(project.kind_files()) <= set(renderer(project).warm_files())
    assert load_project(KINDS).kind_files() == []


def test_a_kind_has_a_style_of_its_own_in_its_folder(tmp_path):
    root = harbour(
        tmp_path, **{"kind.yaml": KIND.replace("letter", "style.yaml"), "style.yaml": "extends: letter\npaper: A5\n"}
    )
    assert load_project(root).styles[""].paper == "A5"
    (root / "kinds/harbour/style.yaml").write_text("extends: letter\npaper: A99\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"style\.yaml:2: paper"):
        _style = load_project(root).styles
    (root / "kinds/harbour/kind.yaml").write_text(KIND.replace("letter", "lettr"), encoding="utf-8")
    with pytest.raises(UserError, match=r"kind\.yaml: style 'lettr'.*did you mean 'letter'"):
        _style = load_project(root).styles


def test_a_project_without_a_form_is_told_how_to_come_by_one(tmp_path):
    root = harbour(tmp_path)
    (root / "kinds/harbour/forms/harbour.yaml").unlink()
    checked = reportkit(root, "check")
    assert ("Y6 error" in checked.stdout, "reportkit draft" in checked.stdout) == (True, True)
    made = reportkit(root, "form", "--year", "2025", "-o", "form.xlsx")
    assert (made.returncode, (root / "form.xlsx").exists()) == (2, False)
    assert "there is no form: make one in forms/" in made.stderr
