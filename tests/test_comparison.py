"""This year beside last year: the numbers, the words, the pictures, and which file of last year counts."""

import base64
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import matplotlib
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from reportkit.batch import execute
from reportkit.batch.purity import is_plain
from reportkit.checks import check_report, last_to_compare
from reportkit.documents.document import Document, Paragraph
from reportkit.errors import UserError
from reportkit.imports.published import read_published
from reportkit.imports.published.comparison_part import without_appendix
from reportkit.kinds import saying, shipped_forms
from reportkit.kinds.comparison import Line, picture_lines, table_lines
from reportkit.model.cell import Cell
from reportkit.model.filing import Figure, Filing
from reportkit.model.form import Form
from reportkit.notebook import parameters
from reportkit.params.reader import read_parameters
from reportkit.params.writer import params_text
from reportkit.project import load_project
from reportkit.report import open_report
from reportkit.report.comparison import compared
from reportkit.report.comparison.alt_text import described, short
from reportkit.report.comparison.changes import change, change_text, percentage_text
from reportkit.report.comparison.pictures import picture
from support.html_tables import page
from support.offices import MASTER, bring, office
from support.years import LAST, NOW, filed, two_years, write

FORMS = shipped_forms()
SAY = saying(FORMS["2021"])
COUNT, MONEY, UNITLESS = (
    Cell("count", labels=("件数",)),
    Cell("amount", "万元", labels=("金额",)),
    Cell("amount"),
)


def shown(project, now: Filing) -> list[str]:
    """What the cell shows, as text: HTML, or the words of a picture."""
    last = last_to_compare(project, now)
    return [getattr(part, "html", None) or part.alt for part in compared(now, last)] if last else []


def told(project, now: Filing) -> list[tuple[str, str]]:
    """What the checks say about the comparison."""
    now = replace(now, compare=True)
    return [
        (issue.severity, issue.message) for issue in check_report(project, None, now) if issue.code in ("R19", "R22")
    ]


def rows(html: str) -> list[list[str]]:
    return [[cell.text_content() for cell in row] for row in page(html).iter("tr")]


def test_the_table_has_both_years_the_change_and_its_percentage(tmp_path):
    html = shown(two_years(tmp_path), filed(2023, NOW))[1]
    assert rows(html) == [
        ["项目", "2023年", "2022年", "增减", "增减%"],
        ["主动公开政府信息情况"],
        ["规章", "本年制发件数", "0", "0", "0", "—"],
        ["本年废止件数", "0", "0", "0", "—"],
        ["现行有效件数", "0", "0", "0", "—"],
        ["行政规范性文件", "本年制发件数", "3", "", "", ""],
        ["本年废止件数", "1", "2", "-1", "-50.0%"],
        ["现行有效件数", "12", "10", "+2", "+20.0%"],
        ["行政许可", "本年处理决定数量", "40", "36", "+4", "+11.1%"],
        ["行政处罚", "本年处理决定数量", "9", "12", "-3", "-25.0%"],
        ["行政强制", "本年处理决定数量", "2", "0", "+2", "—"],
        ["行政事业性收费", "本年收费金额（单位：万元）", "9.20", "10.25", "-1.05", "-10.2%"],
        ["收到和处理政府信息公开申请情况"],
        ["一、本年新收政府信息公开申请数量", "15", "13", "+2", "+15.4%"],
        ["二、上年结转政府信息公开申请数量", "2", "0", "+2", "—"],
        ["三、本年度办理结果", "（一）予以公开", "11", "11", "0", "0.0%"],
        ["（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "", "", "", ""],
        ["（三）不予公开", "3", "0", "+3", "—"],
        ["（四）无法提供", "", "", "", ""],
        ["（五）不予处理", "", "", "", ""],
        ["（六）其他处理", "", "", "", ""],
        ["（七）总计", "14", "11", "+3", "+27.3%"],
        ["四、结转下年度继续办理", "3", "2", "+1", "+50.0%"],
        ["政府信息公开行政复议、行政诉讼情况"],
        ["行政复议", "结果维持", "1", "2", "-1", "-50.0%"],
        ["结果纠正", "0", "0", "0", "—"],
        ["其他结果", "0", "0", "0", "—"],
        ["尚未审结", "0", "0", "0", "—"],
        ["总计", "1", "2", "-1", "-50.0%"],
        ["行政诉讼", "结果维持", "1", "1", "0", "0.0%"],
        ["结果纠正", "0", "0", "0", "—"],
        ["其他结果", "0", "0", "0", "—"],
        ["尚未审结", "1", "0", "+1", "—"],
        ["总计", "2", "1", "+1", "+100.0%"],
    ]


def test_the_table_has_a_caption_and_its_heads_say_what_they_head(tmp_path):
    (table,) = page(shown(two_years(tmp_path), filed(2023, NOW))[1]).iter("table")
    assert table.findtext("caption") == "2023年与2022年对比"
    assert {head.get("scope") for head in table.iter("th")} == {"col", "colgroup", "row", "rowgroup"}
    spans = {head.text: (head.get("rowspan"), head.get("colspan")) for head in table.iter("th")}
    assert (spans["三、本年度办理结果"], spans["四、结转下年度继续办理"]) == (("7", None), (None, "2"))


@pytest.mark.parametrize(
    ("now", "before", "column", "difference", "percentage"),
    [
        (None, "3", COUNT, "", ""),
        ("3", None, COUNT, "", ""),
        (None, None, COUNT, "", ""),
        ("0", "0", COUNT, "0", "—"),
        ("3", "0", COUNT, "+3", "—"),
        ("0", "3", COUNT, "-3", "-100.0%"),
        ("1", "3", COUNT, "-2", "-66.7%"),
        ("1001", "2000", COUNT, "-999", "-50.0%"),  # -49.95, rounded half away from 0
        ("10000", "10001", COUNT, "-1", "0.0%"),
        ("0.10", "0.30", MONEY, "-0.20", "-66.7%"),
        ("9.2万元", "10.25万元", UNITLESS, "-1.05万元", "-10.2%"),
        ("9.2", "10.25万元", MONEY, "-1.05", "-10.2%"),
        ("1万元", "9000元", UNITLESS, "+0.1万元", "+11.1%"),
        ("9.2", "9.2万元", UNITLESS, "", ""),  # nobody says what the first is in
        ("999999999999999", "1", COUNT, "+999999999999998", "+99999999999999800.0%"),
    ],
)  # fmt: skip
def test_no_change_is_computed_from_a_blank_and_no_percentage_from_0(now, before, column, difference, percentage):
    figures = [None if text is None else Figure(re.match(r"[\d.]+", text)[0], text) for text in (now, before)]
    line = Line("t", ("甲",), *figures, column)
    assert (change_text(line, str), percentage_text(line)) == (difference, percentage)


COUNTS = st.integers(0, 10**15)


@given(COUNTS, COUNTS)
def test_last_year_and_the_change_make_this_year(now, before):
    line = Line("t", ("甲",), Figure(now), Figure(before), COUNT)
    assert before + change(line) == now
    assert (percentage_text(line) == "—") == (before == 0)
    if before:
        exact = Decimal(now - before) / before * 100
        assert abs(Decimal(percentage_text(line).rstrip("%")) - exact) <= Decimal("0.05001")


def test_between_two_editions_only_what_both_forms_have_is_listed(tmp_path):
    old = {
        "主动公开政府信息情况": {"规章": [0, 0, 0], "行政许可": [1, 0, 30], "政府集中采购": [1, "9万元"]},
        "收到和处理政府信息公开申请情况": {
            "一、本年新收政府信息公开申请数量": [4, 0, 0, 0, 0, 0, 4],
            "三、本年度办理结果": {"（六）其他处理": [4, 0, 0, 0, 0, 0, 4], "（七）总计": [4, 0, 0, 0, 0, 0, 4]},
        },
    }
    new = {
        "主动公开政府信息情况": {"规章": [0, 0, 0], "行政许可": 40},
        "收到和处理政府信息公开申请情况": {"三、本年度办理结果": {"（六）其他处理": {"3.其他": [5, 0, 0, 0, 0, 0, 5]}}},
    }
    now, last = filed(2021, new), filed(2020, old)
    lines = {line.labels: (line.now, line.before) for line in table_lines(now, last)}
    assert [
        labels for labels in lines if "规章" in labels or "行政事业性收费" in labels or "政府集中采购" in labels
    ] == []
    assert lines["行政许可", "本年处理决定数量"] == (40, 30)
    assert lines["三、本年度办理结果", "（六）其他处理"] == (5, 4)
    assert len(lines) == 3 + 10 + 10
    project = office(tmp_path)
    write(tmp_path, 2020, old)
    note = "<p>2021年用的是2021年版格式，2020年用的是2019年版格式，只列两种格式都有的项目。</p>"
    assert note in shown(project, now)


def test_of_a_cell_that_cannot_be_read_nothing_is_concluded():
    figures = {"收到和处理政府信息公开申请情况": {"一、本年新收政府信息公开申请数量": [12, "待核", 0, 0, 0, 0, 15]}}
    lines = picture_lines(filed(2023, figures), filed(2022, LAST))["新收申请（按申请人）"]
    assert [line.now for line in lines] == [12, None, 0, 0, 0, 0]
    assert change(lines[1]) is None


def test_the_words_of_a_picture_come_from_its_numbers(tmp_path):
    assert shown(two_years(tmp_path), filed(2023, NOW))[-3:] == [
        "条形图：新收申请（按申请人），2023年与2022年对比，单位：件。申请人情况：自然人 12，上年 8，增 4。"
        "法人或其他组织：商业企业 3，上年 5，减 2；科研机构、社会公益组织、法律服务机构、其他 两年都是 0。",
        "条形图：申请的办理结果，2023年与2022年对比，单位：件。予以公开 11，与上年相同；部分公开 本年空白，上年空白；"
        "不予公开 3，上年 0，增 3；无法提供 本年空白，上年空白；不予处理 本年空白，上年空白；其他处理 本年空白，上年空白。",
        "条形图：行政复议、行政诉讼的结果，2023年与2022年对比，单位：件。"
        "行政复议：结果维持 1，上年 2，减 1；结果纠正、其他结果、尚未审结 两年都是 0。"
        "行政诉讼：结果维持 1，与上年相同；尚未审结 1，上年 0，增 1；结果纠正、其他结果 两年都是 0。",
    ]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("一、本年新收政府信息公开申请数量", "本年新收政府信息公开申请数量"),
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "部分公开"),
        ("1.属于国家秘密", "属于国家秘密"),
        ("自然人", "自然人"),
        ("（其他）", "（其他）"),
    ],
)
def test_a_label_in_a_picture_is_without_its_number_and_its_remark(label, name):
    assert short(label) == name


def test_instead_of_an_empty_picture_there_is_a_sentence(tmp_path):
    zeros = {"政府信息公开行政复议、行政诉讼情况": {"行政复议": [0, 0, 0, 0, 0]}}
    project = office(tmp_path)
    write(tmp_path, 2022, zeros)
    sentence = "没有作图的：新收申请（按申请人）；申请的办理结果；行政复议、行政诉讼的结果。各项都是 0 或空白。"
    assert shown(project, filed(2023, zeros))[-1] == f"<p>{sentence}</p>"


# The file of last year.


NOT_FOUND = "要求与上年对比，但没有找到上年的文件{}，报告里不印与上年的对比；请导入上年的数"
WRONG = "要求与上年对比，但上年的文件 2022/甲县/甲镇.yaml {}；请改正那个文件，或把 compare 改为 false"


def test_without_a_file_of_last_year_nothing_is_shown_and_a_warning_says_why(tmp_path):
    project = office(tmp_path)
    write(tmp_path, 2023, NOW)
    assert shown(project, filed(2023, NOW)) == []
    assert told(project, filed(2023, NOW)) == [("warning", NOT_FOUND.format(" 2022/甲县/甲镇.yaml"))]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "读不出来：文件是空的；请从一个现成的参数文件复制后修改"),
        (b"- x", "读不出来：文件里没有“名称: 值”的内容；至少要有 year、jurisdiction 和 figures"),
        (b"\xff\xfe\x00", "读不出来：文件是 UTF-16 编码；请另存为 UTF-8"),
        ("year: 2021\njurisdiction: 甲镇".encode(), "写的是 2021 年"),
        ("year: 2022\njurisdiction: 乙镇".encode(), "写的是“乙镇”"),
    ],
)
def test_a_file_of_last_year_that_cannot_be_relied_on_is_an_error(tmp_path, content, words):
    project = office(tmp_path)
    write(tmp_path, 2022, LAST).write_bytes(content)
    write(tmp_path, 2023, NOW)
    assert shown(project, filed(2023, NOW)) == []
    assert told(project, filed(2023, NOW)) == [("error", WRONG.format(words))]


def test_a_file_of_last_year_with_a_broken_rule_is_an_error(tmp_path):
    project = office(tmp_path)
    wrong = {"政府信息公开行政复议、行政诉讼情况": {"行政复议": [1, 0, 0, 0, 5]}}
    write(tmp_path, 2022, wrong)
    write(tmp_path, 2023, NOW)
    assert shown(project, filed(2023, NOW)) == []
    ((severity, message),) = told(project, filed(2023, NOW))
    words = r"有 1 处错误，对比的数靠不住（2022/甲县/甲镇.yaml:\d+ R4）"
    assert (severity, bool(re.fullmatch(re.escape(WRONG).replace(r"\{\}", words), message))) == ("error", True)


def test_an_error_about_last_year_that_is_waived_leaves_the_comparison_out(tmp_path):
    project = two_years(tmp_path, waivers={"R22": "上年没有公开"})
    (tmp_path / "params/2022/甲县/甲镇.yaml").write_bytes(b"")
    assert statuses(project) == {"2022": "invalid", "2023": "built"}
    assert "对比" not in (tmp_path / "dist/2023/甲县/甲镇.html").read_text(encoding="utf-8")


def test_no_page_speaks_of_the_program(tmp_path):
    project = two_years(tmp_path)
    last = tmp_path / "params/2022/甲县/甲镇.yaml"
    last.write_bytes(b"")
    assert statuses(project) == {"2022": "invalid", "2023": "invalid"}
    assert not (tmp_path / "dist/2023/甲县/甲镇.html").exists()
    last.unlink()
    (outcome,) = bring(project)
    assert (outcome.status, [issue.severity for issue in outcome.issues if issue.code == "R22"]) == (
        "built",
        ["warning"],
    )
    page = (tmp_path / "dist/2023/甲县/甲镇.html").read_text(encoding="utf-8")
    assert [word for word in ("对比", "reportkit", "yaml", "参数文件") if word in page] == []


def test_forms_without_anything_in_common_are_told_and_nothing_is_shown(tmp_path):
    project = office(tmp_path)
    write(tmp_path, 2022, LAST)
    write(tmp_path, 2023, NOW)
    other = project.read(tmp_path / "params/2022/甲县/甲镇.yaml")
    form = Form(edition="季报", document="", years=(2023, 2023), title="{jurisdiction}{year}", sections=(), rules=())
    now = replace(filed(2023, NOW), form=form, values={})
    assert list(compared(now, other)) == []
    ((severity, message),) = told(project, now)
    assert (severity, "本报告的格式（季报）与上年的没有可以对比的项目" in message) == ("warning", True)


def test_a_folder_in_place_of_the_file_is_no_reason_to_fail(tmp_path):
    project = office(tmp_path)
    (tmp_path / "params/2022/甲县/甲镇.yaml").mkdir(parents=True)
    write(tmp_path, 2023, NOW)
    assert shown(project, filed(2023, NOW)) == []


def test_of_two_towns_with_one_name_each_is_compared_with_its_own_file(tmp_path):
    project = office(tmp_path)
    paths = [write(tmp_path, 2023, NOW, folder=folder) for folder in ("甲县", "乙县")]
    write(tmp_path, 2022, LAST, folder="乙县")
    own = [shown(project, project.read(path)) for path in paths]
    assert own[0] == []
    assert told(project, project.read(paths[0])) == [("warning", NOT_FOUND.format(" 2022/甲县/甲镇.yaml"))]
    assert "<table" in own[1][1]
    unknown = filed(2023, NOW)  # papermill gave the figures, and nobody says which town it is
    assert shown(project, unknown) == []
    several = " （叫“甲镇”的有 2023/乙县/甲镇、2023/甲县/甲镇）"
    assert told(project, unknown) == [("warning", NOT_FOUND.format(several))]


def test_a_unit_that_has_moved_is_found_where_it_was(tmp_path):
    project = office(tmp_path)
    now = project.read(write(tmp_path, 2023, NOW, folder="新县"))
    write(tmp_path, 2022, LAST, folder="旧县")
    assert "<table" in shown(project, now)[1]


def test_figures_that_papermill_gives_are_compared_with_the_project_s_file(tmp_path):
    project = office(tmp_path)
    write(tmp_path, 2022, LAST)
    assert "<table" in shown(project, filed(2023, NOW))[1]
    write(tmp_path, 2023, NOW)
    assert "<table" in shown(project, filed(2023, NOW))[1]


STRANGE = "甲&$x_1$'镇"


def test_a_town_s_name_is_text_wherever_it_goes(tmp_path):
    project = office(tmp_path)
    write(tmp_path, 2023, NOW, STRANGE)
    assert told(project, filed(2023, NOW, STRANGE)) == [("warning", NOT_FOUND.format(f" 2022/甲县/{STRANGE}.yaml"))]
    write(tmp_path, 2022, LAST, STRANGE)
    assert "<table" in shown(project, filed(2023, NOW, STRANGE))[1]
    for name in ("../2023/甲县/甲镇", "甲\x00镇", "."):
        assert shown(project, filed(2023, NOW, name)) == []
        assert told(project, filed(2023, NOW, name)) == [("warning", NOT_FOUND.format(""))]


# The pictures.

LINES = [
    Line("t", ("<甲>&$x^2$（一）",), Figure(5), Figure(3), COUNT),
    Line("t", ("很长很长很长很长的名称",), Figure(0), None, COUNT),
]


def test_a_picture_is_the_same_bytes_each_time_and_leaves_nothing_behind():
    before = dict(matplotlib.rcParams)
    first = picture("甲", 2023, LINES, SAY).svg
    matplotlib.rcParams.update(
        {"svg.fonttype": "none", "hatch.linewidth": 7, "patch.linewidth": 9, "text.usetex": True}
    )
    try:
        second = picture("甲", 2023, LINES, SAY).svg
    finally:
        matplotlib.rcParams.update(before)
    assert first == second
    assert dict(matplotlib.rcParams) == before
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


@pytest.mark.slow  # every day a whole report is, in tests/test_report.py
def test_a_picture_is_the_same_bytes_in_another_process():
    code = (
        "import sys\nfrom reportkit.kinds.comparison import Line\nfrom reportkit.report.comparison.pictures import picture\n"
        "from reportkit.model.filing import Figure\nfrom reportkit.model.cell import Cell\n"
        "line = Line('t', ('甲',), Figure(5), Figure(3), Cell(labels=('件数',)))\n"
        "from reportkit.kinds import saying, shipped_forms\nsay = saying(shipped_forms()['2021'])\n"
        "sys.stdout.buffer.write(picture('甲', 2023, [line], say).svg.encode())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    here = picture("甲", 2023, [Line("t", ("甲",), Figure(5), Figure(3), COUNT)], SAY)
    assert done.stdout.decode() == here.svg


def test_a_picture_is_small_whole_and_needs_nothing_from_elsewhere():
    now, last = filed(2023, NOW), filed(2022, LAST)
    for title, lines in picture_lines(now, last).items():
        drawn = picture(title, 2023, lines, SAY)
        assert len(drawn.svg.encode()) < 45_000
        root = etree.fromstring(drawn.svg.encode())
        assert root.findtext("{*}title") == drawn.alt == described(title, 2023, lines, SAY)
        links = {value for node in root.iter() for key, value in node.attrib.items() if key.endswith("href")}
        assert {link[0] for link in links} == {"#"}
        assert list(root.iter("{*}text", "{*}image", "{*}metadata")) == []


def test_a_picture_s_bars_are_as_long_as_their_numbers_and_told_apart_without_colour():
    svg = picture("甲", 2023, [Line("t", ("甲",), Figure(200), Figure(50), COUNT)], SAY).svg
    bars = re.findall(r'd="M([\d.]+) [\d.]+L([\d.]+) [^"]*" style="fill: (#0072b2|url)', svg)
    lengths = [(float(right) - float(left), fill) for left, right, fill in bars]
    assert lengths == [(14, "#0072b2"), (14, "url"), (190, "#0072b2"), (47.5, "url")]


# From the parameter to the report.


@pytest.mark.parametrize(("word", "meant"), [("true", True), ("False", False), ("TRUE", True), ("~", None), ("", None)])
def test_the_parameter_is_true_or_false(tmp_path, word, meant):
    path = tmp_path / "甲镇.yaml"
    path.write_text(f"year: 2023\njurisdiction: 甲镇\ncompare: {word}\n", encoding="utf-8")
    read = load_project(tmp_path).read(path)
    assert (read.compare, [issue.code for issue in read.notes]) == (meant, [])
    stated = {} if meant is None else {"compare": meant}
    assert {key: value for key, value in parameters(read).items() if key == "compare"} == stated
    assert read_parameters(parameters(read), FORMS).compare is meant


@pytest.mark.parametrize("word", ["yes", "1", "是", "[true]"])
def test_anything_else_is_an_issue_with_its_line(tmp_path, word):
    path = tmp_path / "甲镇.yaml"
    path.write_text(f"year: 2023\njurisdiction: 甲镇\ncompare: {word}\n", encoding="utf-8")
    (issue,) = load_project(tmp_path).read(path).notes
    assert (issue.code, issue.severity, issue.origin.place) == ("Y7", "error", "3")


def test_the_parameter_is_written_again():
    assert "compare: false\n" in params_text(filed(2023, NOW, compare=False))
    assert "compare" not in params_text(filed(2023, NOW))


@pytest.mark.parametrize(
    ("of_project", "of_file", "of_notebook", "there"),
    [
        (False, None, None, False),
        (True, None, None, True),
        (True, False, None, False),
        (False, True, None, True),
        (False, False, True, True),
        (True, True, False, False),
    ],
)
def test_the_notebook_s_word_goes_before_the_file_s_and_that_before_the_project_s(
    tmp_path, monkeypatch, capsys, of_project, of_file, of_notebook, there
):
    office(tmp_path)
    (tmp_path / "reportkit.toml").write_text(f"compare = {str(of_project).lower()}\n", encoding="utf-8")
    write(tmp_path, 2023, NOW, compare=of_file)
    write(tmp_path, 2022, LAST)
    monkeypatch.chdir(tmp_path)
    open_report(year=2023, jurisdiction="甲镇", compare=of_notebook).compare()
    assert bool(capsys.readouterr().out) == there


@pytest.mark.usefixtures("chinese")
def test_a_word_of_the_notebook_that_is_neither_is_refused(tmp_path, monkeypatch):
    office(tmp_path)
    write(tmp_path, 2023, NOW)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="compare 应是 True（要）或 False（不要），写的是 'yes'"):
        open_report(year=2023, jurisdiction="甲镇", compare="yes")


def test_a_wrong_word_in_the_configuration_is_told(tmp_path):
    (tmp_path / "reportkit.toml").write_text('compare = "yes"\n', encoding="utf-8")
    with pytest.raises(UserError, match="compare is true or false, without quotes, found 'yes'"):
        load_project(tmp_path)


def test_the_master_can_still_share_a_process():
    assert is_plain(MASTER.read_text(encoding="utf-8"))


def test_off_shows_nothing_and_loads_nothing(tmp_path):
    two_years(tmp_path)
    write(tmp_path, 2023, NOW, compare=False)
    code = (
        "import sys\nfrom reportkit.report import open_report\nopen_report(year=2023, jurisdiction='甲镇').compare()\n"
        "print([name for name in ('matplotlib.backends.backend_svg', 'reportkit.report.comparison') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("made")
    outcomes = {outcome.job.name: outcome for outcome in bring(two_years(root), ("html", "pdf"))}
    assert outcomes["2023/甲县/甲镇"].status == "built", outcomes["2023/甲县/甲镇"].reason
    return root / "dist/2023/甲县"


def test_the_page_ends_with_the_comparison(made):
    tree = page((made / "甲镇.html").read_text(encoding="utf-8"))
    assert [node.text for node in tree.iter("h2")][-2:] == ["六、其他需要报告的事项", "附：与上年对比"]
    (table,) = [table for table in tree.iter("table") if table.findtext("caption") == "2023年与2022年对比"]
    assert table.getparent().get("aria-label") == "2023年与2022年对比"
    pictures = list(tree.iter("img"))
    assert [image.get("alt")[:12] for image in pictures] == [
        "条形图：新收申请（按申请",
        "条形图：申请的办理结果，",
        "条形图：行政复议、行政诉",
    ]
    kinds = {image.get("src").partition(",")[0] for image in pictures}
    assert kinds == {"data:image/svg+xml;base64"}
    assert all(b"<path" in base64.b64decode(image.get("src").partition(",")[2]) for image in pictures)


def test_the_pdf_has_the_table_and_the_pictures_with_their_words(made):
    reader = PdfReader(made / "甲镇.pdf")
    text = re.sub(r"\s", "", "".join(leaf.extract_text() for leaf in reader.pages))
    assert [words for words in ("附：与上年对比", "-1.05") if words not in text] == []
    objects = (reader.get_object(number) for number in range(1, len(reader.xref_objStm) + len(reader.xref[0])))
    alts = [str(each["/Alt"]) for each in objects if isinstance(each, DictionaryObject) and "/Alt" in each]
    assert sorted(alt[:11] for alt in alts) == [
        "条形图：新收申请（按申",
        "条形图：申请的办理结果",
        "条形图：行政复议、行政",
    ]


def text_of(path: Path) -> bytes:
    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(leaf.get_textpage().get_text_bounded() for leaf in document).encode()


@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_our_report_with_a_comparison_reads_back_as_without(made, kind):
    path = made / f"甲镇.{kind}"
    reading = read_published(path.read_bytes() if kind == "html" else text_of(path), f"report.{kind}", FORMS)
    stated = {ref: figure.text for ref, figure in filed(2023, NOW).values.items()}
    assert {ref: figure.text for ref, figure in reading.values.items()} == stated
    assert reading.unread == frozenset()
    assert "对比" not in "".join(reading.narrative.values())


def test_what_follows_the_comparison_is_read_where_it_is_a_report_s_section():
    texts = ["一、总体情况", "附：与上年对比", "甲", "六、其他需要报告的事项"]
    blocks = tuple(Paragraph(text, str(number)) for number, text in enumerate(texts, 1))
    assert without_appendix(Document("a.html", blocks), FORMS).blocks == blocks
    assert without_appendix(Document("a.html", blocks[:3]), FORMS).blocks == blocks[:1]


@pytest.mark.slow
def test_the_report_is_the_same_with_papermill_s_own_engine(made):
    root = made.parent.parent.parent
    project = load_project(root)
    values = parameters(project.read(root / "params/2023/甲县/甲镇.yaml"))
    ours, kernel = (execute(project.notebook, values, root, engine) for engine in ("reportkit", None))
    shows = [[cell.get("outputs") for cell in nb.cells if cell.get("id") == "compare"] for nb in (ours, kernel)]
    assert shows[0] == shows[1]
    assert len(shows[0][0]) == 6


def statuses(project) -> dict[str, str]:
    return {outcome.job.name[:4]: outcome.status for outcome in bring(project)}


def test_the_report_is_made_again_when_last_year_s_file_changes(tmp_path):
    project = two_years(tmp_path)
    assert statuses(project) == {"2022": "built", "2023": "built"}
    assert statuses(project) == {"2022": "up-to-date", "2023": "up-to-date"}
    path = tmp_path / "params/2022/甲县/甲镇.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("行政许可: 36", "行政许可: 35"), encoding="utf-8")
    assert statuses(project) == {"2022": "built", "2023": "built"}
    assert "<td>35</td>" in (tmp_path / "dist/2023/甲县/甲镇.html").read_text(encoding="utf-8")


def test_without_the_comparison_last_year_s_file_is_a_reason_too_as_it_is_checked_against(tmp_path):
    project = two_years(tmp_path)
    write(tmp_path, 2023, NOW)
    statuses(project)
    path = tmp_path / "params/2022/甲县/甲镇.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("行政许可: 36", "行政许可: 35"), encoding="utf-8")
    assert statuses(project) == {"2022": "built", "2023": "built"}


def test_the_report_is_made_again_when_a_file_of_last_year_appears(tmp_path):
    project = two_years(tmp_path)
    last = tmp_path / "params/2022/甲县/甲镇.yaml"
    content = last.read_bytes()
    last.unlink()
    assert statuses(project) == {"2023": "built"}
    last.write_bytes(content)
    assert statuses(project) == {"2022": "built", "2023": "built"}


def test_the_report_is_made_again_when_the_project_turns_the_comparison_on(tmp_path):
    project = two_years(tmp_path)
    write(tmp_path, 2023, NOW)
    statuses(project)
    (tmp_path / "reportkit.toml").write_text("compare = true\n", encoding="utf-8")
    assert statuses(load_project(tmp_path))["2023"] == "built"
    assert "附：与上年对比" in (tmp_path / "dist/2023/甲县/甲镇.html").read_text(encoding="utf-8")
