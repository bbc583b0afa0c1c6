"""Where things are, and which jobs follow from it."""

import pytest

from reportkit.errors import UserError
from reportkit.messages.figures import check
from reportkit.project import find_project, load_project, plan
from support.repository import ROOT


@pytest.fixture
def county(tmp_path, monkeypatch):
    """A small project; the current folder is its root."""
    for name in ["2019/甲县/东镇", "2019/甲县/西镇", "2019/乙县/东镇", "2019/甲县", "2020/甲县/东镇"]:
        path = tmp_path / "params" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"year: {name[:4]}\njurisdiction: {path.stem}\n", encoding="utf-8")
    (tmp_path / "params/2019/甲县/.~lock.yaml").write_text("x", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return find_project()


def targets(project, *paths, out=None):
    jobs = plan(project, [project.root / path for path in paths], ["html"], out)
    return sorted(str(job.target.relative_to(out or project.dist)) for job in jobs)


def test_dist_mirrors_params(county):
    assert targets(county) == ["2019/乙县/东镇", "2019/甲县", "2019/甲县/东镇", "2019/甲县/西镇", "2020/甲县/东镇"]


def test_files_and_folders_can_be_named(county, tmp_path):
    assert targets(county, "params/2019/甲县") == ["2019/甲县/东镇", "2019/甲县/西镇"]
    assert targets(county, "params/2019/甲县.yaml", "params/2020") == ["2019/甲县", "2020/甲县/东镇"]
    assert targets(county, "params/2020", "params/2020/甲县/东镇.yaml", out=tmp_path / "o") == ["2020/甲县/东镇"]


def test_a_file_from_elsewhere_keeps_its_name(county, tmp_path):
    (tmp_path / "别处").mkdir()
    (tmp_path / "别处/丙镇.yaml").write_text("x: 1", encoding="utf-8")
    assert targets(county, "别处/丙镇.yaml") == ["丙镇"]


@pytest.mark.parametrize(("path", "words"), [("params/2031", "no such file"), ("空", "no parameter file")])
def test_paths_that_hold_nothing(county, tmp_path, path, words):
    (tmp_path / "空").mkdir()
    with pytest.raises(UserError, match=words):
        targets(county, path)


def test_a_jurisdiction_is_found_by_name(county):
    assert county.find(2019, "西镇").parent.name == "甲县"
    assert county.find(2019, "乙县/东镇").parent.name == "乙县"


@pytest.mark.parametrize(
    ("year", "name", "words"),
    [
        (2019, "东镇", ["2 个", "乙县/东镇、甲县/东镇"]),
        (2019, "西真", ["没有“西真”", "西镇"]),
        (2031, "西镇", ["没有“西镇”"]),
    ],
)
@pytest.mark.usefixtures("chinese")
def test_a_jurisdiction_that_is_not_found_or_not_alone(county, year, name, words):
    with pytest.raises(UserError) as error:
        county.find(year, name)
    assert [word for word in words if word not in str(error.value)] == []


@pytest.mark.usefixtures("county")
def test_the_root_is_found_from_below(tmp_path):
    (tmp_path / "notebooks").mkdir()
    assert find_project(tmp_path / "notebooks").root == tmp_path
    assert find_project(ROOT / "notebooks").notebook == ROOT / "notebooks/annual_report.ipynb"


def test_a_year_or_a_name_left_from_another_file_shows(county, tmp_path):
    path = tmp_path / "params/2020/甲县/西镇.yaml"
    path.write_text("year: 2019\njurisdiction: 东镇\n", encoding="utf-8")
    issues = [issue for issue in check(county.read(path)) if issue.code.startswith("J")]
    assert [(issue.code, issue.severity, str(issue.origin)) for issue in issues] == [
        ("J1", "error", "params/2020/甲县/西镇.yaml:1"),
        ("J2", "error", "params/2020/甲县/西镇.yaml:2"),  # for there is a file of that name beside it
    ]
    path.with_name("东镇.yaml").unlink()
    assert [issue.severity for issue in check(county.read(path)) if issue.code == "J2"] == ["warning"]


def test_places_can_be_changed_in_reportkit_toml(tmp_path):
    (tmp_path / "reportkit.toml").write_text('params = "数据"\ndist = "成品"\n', encoding="utf-8")
    project = load_project(tmp_path)
    assert (project.params, project.dist) == (tmp_path / "数据", tmp_path / "成品")


def test_a_byte_order_mark_before_reportkit_toml_is_no_part_of_it(tmp_path):
    (tmp_path / "reportkit.toml").write_text('params = "数据"\n', encoding="utf-8-sig")
    assert load_project(tmp_path).params == tmp_path / "数据"


@pytest.mark.usefixtures("chinese")
def test_git_s_markers_in_reportkit_toml_are_told_with_both_sides(tmp_path):
    text = "<<<<<<< HEAD\ncompare = true\n=======\ncompare = false\n>>>>>>> other\n"
    (tmp_path / "reportkit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"toml:1: .*git.*“compare = true”.*“compare = false”.*请留下"):
        load_project(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('parms = "x"', ["unknown key 'parms'", "did you mean 'params'"]),
        ("params = 1\ncolour = 2", ["params is a path in quotes, found 1", "unknown key 'colour'"]),
        ("params =", [":1: not readable as TOML", "'params ='"]),
        ('dist = "a"\nparams = 数据\n', [":2: not readable as TOML", "params = 数据"]),
        ('dist = "a"\nparams：= "b"\n', [":2: not readable as TOML", "ASCII"]),
        ('dist = "a"\n\ndist = "b"\n', [":3: not readable as TOML", "dist"]),
        ('compare = true\n[waivers\nR12 = "x"\n', [":2: not readable as TOML", "[waivers"]),
        ("\udcff", ["not in UTF-8"]),
    ],
)
def test_a_wrong_reportkit_toml_is_told_all_at_once(tmp_path, text, words):
    (tmp_path / "reportkit.toml").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(UserError) as error:
        load_project(tmp_path)
    assert [word for word in words if word not in str(error.value)] == []
