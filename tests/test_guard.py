"""A report must be its own town's: what is taken for a mix-up, and what is not."""

import pytest

from offices import bring, files, office
from reportkit.batch.guard import WrongTownError, check_town

OTHERS = frozenset({"桑洲镇", "力洋镇", "大桑洲镇", "宁海县"})
TITLE = "桑洲镇2019年政府信息公开工作年度报告"


def check(title=TITLE, headings=(), text="", jurisdiction="桑洲镇"):
    check_town(jurisdiction, f"{jurisdiction}人民政府", title, [title, *headings], text.splitlines(), OTHERS)


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


def test_a_title_that_a_master_has_in_it_stops_every_other_town(tmp_path):
    project = office(tmp_path, "甲镇", "乙镇")
    text = project.notebook.read_text(encoding="utf-8")
    project.notebook.write_text(
        text.replace('"report.title"', '"from reportkit.narrative import Prose, heading\\nProse(heading(\'甲镇2019年政府信息公开工作年度报告\', 1))"'),
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
