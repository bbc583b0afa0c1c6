"""A report must be its own town's: what is taken for a mix-up, and what is not."""

import re
from dataclasses import replace

import pytest

from reportkit.batch.incremental import update
from reportkit.batch.title_check import WrongTownError, check_town
from reportkit.kinds import shipped_forms
from reportkit.kinds.titles import titles_of
from reportkit.project import load_project, plan
from support.offices import Here, add_cell, bring, files, office

OTHERS = frozenset({"桑洲镇", "力洋镇", "大桑洲镇", "宁海县"})
OFFICIAL = shipped_forms()["2019"]
TITLE = "桑洲镇2019年政府信息公开工作年度报告"


def check(title=TITLE, headings=(), text="", jurisdiction="桑洲镇", form=OFFICIAL):
    check_town(
        jurisdiction, f"{jurisdiction}人民政府", title, [title, *headings], text.splitlines(), OTHERS, titles_of(form)
    )


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (TITLE, ""),
        ("宁海县桑洲镇2019年政府信息公开工作年度报告", ""),
        ("桑洲镇人民政府2019年度政府信息公开年度报告", ""),
        (" 桑洲镇 2019年政府信息公开工作年度报告", ""),
        (TITLE, "现公布桑洲镇2019年政府信息公开工作年度报告。"),
        (TITLE, "根据《宁海县2019年政府信息公开工作年度报告》的要求"),
        (TITLE, "本镇2018年政府信息公开工作年度报告已经公布"),
        ("2023年度桑洲镇政府信息公开工作年度报告", "《2023年度力洋镇政府信息公开工作年度报告》"),
        (TITLE, "2019年政府信息公开工作年度报告已经公布"),
        (TITLE, "力洋镇与本镇共同举办培训；2019年政府信息公开工作年度报告"),
    ],
)
def test_its_own_titles_and_references_pass(title, text):
    check(title, (), text)


@pytest.mark.parametrize(
    ("title", "headings", "text", "words"),
    [
        ("力洋镇2019年政府信息公开工作年度报告", (), "", "里面没有“桑洲镇”"),
        ("政府信息公开工作年度报告", (), "", "里面没有“桑洲镇”"),
        (TITLE, ("力洋镇2019年政府信息公开工作年度报告",), "", "别的单位的标题：“力洋镇"),
        (TITLE, ("某某镇2019年政府信息公开工作年度报告",), "", "别的单位的标题：“某某镇"),
        ("大桑洲镇2019年政府信息公开工作年度报告", (), "", "别的单位的标题：“大桑洲镇"),
        (TITLE, (), "现公布力洋镇2019年政府信息公开工作年度报告。", "有“力洋镇”的标题"),
        (TITLE, ("2023年度某某镇政府信息公开工作年度报告",), "", "别的单位的标题：“2023年度某某镇"),
        ("2023年度大桑洲镇政府信息公开工作年度报告", (), "", "别的单位的标题：“2023年度大桑洲镇"),
        (TITLE, (), "现公布2023年度力洋镇政府信息公开工作年度报告。", "有“力洋镇”的标题"),
        (TITLE, (), "大桑洲镇 2019 年政府信息公开工作年度报告", "有“大桑洲镇”的标题"),
        (TITLE, (), "第一行\n力洋镇2018年度政府信息公开年度报告", "有“力洋镇”的标题"),
    ],
)
@pytest.mark.usefixtures("chinese")
def test_another_s_title_is_a_mix_up(title, headings, text, words):
    with pytest.raises(WrongTownError, match=words):
        check(title, headings, text)


@pytest.mark.parametrize("heading", [
    "2023年度政府信息公开工作年度报告", "编制2019年政府信息公开工作年度报告的情况", "本镇2018年政府信息公开工作年度报告的落实",
])  # fmt: skip
def test_a_heading_without_a_name_is_nobody_s(heading):
    check(TITLE, (heading,))


def test_a_name_with_blanks_or_signs_in_it_is_found():
    check("a. b (1)2019年政府信息公开工作年度报告", jurisdiction="a. b (1)")


@pytest.mark.usefixtures("chinese")
def test_a_title_that_a_master_has_in_it_stops_every_other_town(tmp_path):
    project = office(tmp_path, "甲镇", "乙镇")
    text = project.notebook.read_text(encoding="utf-8")
    project.notebook.write_text(
        text.replace('"report.title"', '"from reportkit.report.narrative import Prose, heading\\nProse(heading(\'甲镇2019年政府信息公开工作年度报告\', 1))"'),
        encoding="utf-8",
    )  # fmt: skip
    outcomes = {outcome.job.params.stem: outcome for outcome in bring(project)}
    assert {town: outcome.status for town, outcome in outcomes.items()} == {"甲镇": "built", "乙镇": "failed"}
    assert "标题是“甲镇2019年政府信息公开工作年度报告”，里面没有“乙镇”" in outcomes["乙镇"].reason
    assert [name for name in files(project.dist) if "乙镇" in name] == ["2019/宁海县/乙镇.failed.ipynb"]


def test_a_neighbour_s_narrative_is_a_failed_outcome(tmp_path):
    project = office(tmp_path, "甲镇", "乙镇")
    path = project.params / "2019/宁海县/乙镇.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("本年度无其他", "现公布甲镇2019年政府信息公开工作年度报告。本年度无其他"), encoding="utf-8"
    )
    statuses = {outcome.job.params.stem: outcome.status for outcome in bring(project)}
    assert statuses == {"甲镇": "built", "乙镇": "failed"}


# --- another unit's name in the finished text ------------------------------------------------------------------------


def outcome_of(project, town: str):
    """The outcome of a build of this town alone."""
    (path,) = project.params.rglob(f"{town}.yaml")
    (outcome,) = update(project, plan(project, [path], ["html"]), lambda _: Here())
    return outcome


def warned(outcome) -> list[tuple[str, str, str]]:
    return [(issue.found, issue.severity, issue.origin.place) for issue in outcome.issues if issue.code == "L3"]


@pytest.mark.parametrize(
    "words",
    [
        "甲乡共收到申请 999 件",
        "2019年甲乡新收政府信息公开申请999件",
        "其中甲乡主动公开信息１２条。",
        "力洋镇本年度共主动公开政府信息 1,200 条",
    ],
)
def test_figures_of_another_unit_that_a_cell_prints_stop_the_report(tmp_path, words):
    project = office(tmp_path, "桑洲镇", "甲乡", "力洋镇")
    add_cell(project, f"if jurisdiction == '桑洲镇':\n    print('{words}')", cell="strange")
    outcome = outcome_of(project, "桑洲镇")
    assert (outcome.status, "单元格 strange" in outcome.reason) == ("failed", True)
    assert re.findall(r"[\d,]+", words)[-1] in outcome.reason  # the figure whole
    assert "桑洲镇.failed.ipynb" in {path.name for path in project.dist.rglob("*")}


@pytest.mark.usefixtures("chinese")
def test_another_unit_s_name_that_a_cell_prints_is_a_warning_told_once(tmp_path):
    project = office(tmp_path, "桑洲镇", "力洋镇")
    add_cell(project, "if jurisdiction == '桑洲镇':\n    print('力洋镇严格落实。力洋镇也是。')", cell="strange")
    outcome = outcome_of(project, "桑洲镇")
    assert (outcome.status, warned(outcome)) == ("built", [("力洋镇", "warning", "单元格 strange")])
    assert outcome.reason.count("单元格 strange 印出来的文字") == 1  # told by the build, as check does not see it


@pytest.mark.parametrize(
    "words",
    [
        "赴力洋镇学习", "与力洋镇共收到申请3件", "宁海县共收到申请 999 件", "《力洋镇公开3件事项的办法》",
        "桑洲镇共收到申请 1 件", "本乡共收到申请 3 件", "宁海县桑洲镇共收到申请 1 件",
        "全年通过镇微信公众号发布信息166条", "依托街道便民服务中心公开信息12条", "。积极推动镇政府网站公开信息3条",
    ],
)  # fmt: skip
def test_what_may_stand_in_a_report(tmp_path, words):
    project = office(tmp_path, "桑洲镇", "力洋镇", "宁海县", "甲乡")
    add_cell(project, f"if jurisdiction == '桑洲镇':\n    print('{words}')")
    outcome = outcome_of(project, "桑洲镇")
    assert (outcome.status, warned(outcome)) == ("built", [])


def test_figures_of_a_town_that_the_project_does_not_know_are_a_warning(tmp_path):
    project = office(tmp_path, "桑洲镇")
    add_cell(
        project,
        "print('2019年甲乡共收到申请 999 件。各乡镇公开信息3条，全镇公开信息5条，本镇收到申请0件')",
        cell="strange",
    )
    outcome = outcome_of(project, "桑洲镇")
    assert (outcome.status, warned(outcome)) == ("built", [("甲乡", "warning", "单元格 strange")])


def test_a_county_names_its_towns(tmp_path):
    project = office(tmp_path, "宁海县", "力洋镇")
    add_cell(project, "if jurisdiction == '宁海县':\n    print('力洋镇共收到申请 3 件')")
    assert (outcome_of(project, "宁海县").status, warned(outcome_of(project, "宁海县"))) == ("built", [])


def test_what_the_parameter_file_says_is_told_by_its_line_and_not_again_by_the_cell(tmp_path):
    project = office(tmp_path, "桑洲镇", "力洋镇")
    path = project.params / "2019/宁海县/桑洲镇.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("本年度无其他", "力洋镇严格落实。本年度无其他"), encoding="utf-8"
    )
    ((name, severity, place),) = warned(outcome_of(project, "桑洲镇"))
    assert (name, severity, place.isdecimal()) == ("力洋镇", "warning", True)


def test_a_reason_lets_another_unit_s_figures_stand(tmp_path):
    project = office(tmp_path, "桑洲镇", "力洋镇")
    add_cell(project, "if jurisdiction == '桑洲镇':\n    print('力洋镇共收到申请 3 件')")
    (tmp_path / "reportkit.toml").write_text('[waivers]\nL3 = "今年并入"\n', encoding="utf-8")
    outcome = outcome_of(load_project(tmp_path), "桑洲镇")
    assert (outcome.status, [severity for _, severity, _ in warned(outcome)]) == ("built", ["waived"])


TOWNS = frozenset({"Alderbrook", "Alder Brook", "Birch Hollow", "西山街道"})


def other_kind(title):
    return replace(OFFICIAL, title=title, kind="")


@pytest.mark.parametrize(
    ("title", "line"),
    [
        (
            "Annual Report of the Town of {jurisdiction}, {year}",
            "See the Annual Report of the Town of Birch Hollow, 2023.",
        ),
        ("{jurisdiction} Town Report {year}", "As the Birch Hollow Town Report 2023 says"),
        ("Town Report {year}: {jurisdiction}", "Town Report 2023: Birch Hollow"),
        ("{year}年{jurisdiction}工作季报", "摘自2024年西山街道工作季报"),
    ],
)
def test_the_title_of_another_is_found_as_the_form_s_own_title_reads(title, line):
    form = other_kind(title)
    own = title.format(jurisdiction="Alder Brook", year=2024)
    check_town("Alder Brook", "", own, [own], [own, "no title of any kind"], TOWNS, titles_of(form))
    for headings, lines in (([own, line], [own]), ([own], [own, line])):
        with pytest.raises(WrongTownError, match=r"Birch Hollow|西山街道"):
            check_town("Alder Brook", "", own, headings, lines, TOWNS, titles_of(form))


@pytest.mark.parametrize("title", ["{jurisdiction}{year}", "{year}", "t", "{jurisdiction}"])
def test_a_title_without_words_of_its_own_is_found_nowhere(title):
    text = "西山街道2024 Birch Hollow 2023 t"
    assert list(titles_of(other_kind(title)).names(text.replace(" ", ""))) == []
