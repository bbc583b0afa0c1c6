"""Signs that nobody sees: written out wherever a text is told, and rules against them in what is published."""

import json
import sys
import time
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_markdown_cell, new_notebook

from reportkit.checks import check, check_report
from reportkit.errors import FormError, Issue, Origin, RunError, UserError
from reportkit.exporters import read_content
from reportkit.kinds import KINDS, load_form
from reportkit.model.filing import Figure
from reportkit.notebook.towns import copy_path, make_copy, printed
from reportkit.preview import live_report as desk
from reportkit.report import Report
from reportkit.signs import hidden, json_text, one_line, remarks, sign_name, visible
from reportkit.translation import in_language
from reportkit.workbench import serialization
from support.copies import OTHER
from support.filings import filing
from support.offices import GOOD, add_cell, add_town, bring, office
from support.repository import ROOT

# Signs of the kind Cf that print something: numbers and marks of Arabic, Syriac and Kaithi.
PRINTED = {*map(chr, range(0x600, 0x606)), *"\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"}
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x1b"
WARNED = "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2064\ufeff\xad\ufe0f\ufe00\U000e0041\U000e0100\u3164\u115f\uffa0\u034f\u2800\x08\x85"


def test_every_sign_that_unicode_calls_unseen_is_written_out():
    every = map(chr, range(sys.maxunicode + 1))
    left = [sign for sign in every if unicodedata.category(sign) in UNSEEN and one_line(sign) == sign]
    assert set(left) <= PRINTED


@given(st.text(st.one_of(st.characters(), st.sampled_from([*TURNING, *WARNED, "\n", "\r", "\t", "\u2028", "\udcff"]))))
def test_a_text_that_is_told_is_one_line_and_says_the_same_in_json(text):
    shown = one_line(text)
    assert len(shown.splitlines()) == (1 if text else 0)
    assert one_line(shown) == shown
    assert {unicodedata.category(sign) for sign in shown} & {"Cc", "Cs", "Co", "Zl", "Zp"} == set()
    assert not set(shown) & {*TURNING, *"\u200b\u200e\u200f\u2060\ufeff\xad"}
    assert list(hidden(shown)) == []
    assert visible(text).replace("\n", "\\n").replace("\t", "\\t") == shown
    whole = json_text({text: [text]}, indent=1)
    assert json.loads(whole) == {text: [text]}
    assert not set(whole) & {*TURNING, *WARNED, "\r", "\u2028", "\udcff"}
    assert len(whole.splitlines()) == 5


@pytest.mark.parametrize(
    "text", ["\u2800\ufe0f", "\u5b57\n\ufe00", "\u2800\ufe0f\u200d\U0001f600", "\u05d0\u2060\u200f"]
)
def test_a_sign_that_is_written_out_holds_up_no_other(text):
    shown = one_line(text)
    assert shown == one_line(shown)
    assert shown.isprintable()
    assert list(hidden(shown)) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("甲\n\x1b[31m乙", "甲\\n\\x1b[31m乙"),
        ("\u202e21\u2069", "\\u202e21\\u2069"),
        ("\udcff\U000e0041\x85\u2028", "\\udcff\\U000e0041\\x85\\u2028"),
        ("甲　乙\xa0C:\\新", "甲　乙\xa0C:\\新"),
        ("1\ufe0f\u20e3 👩\u200d💻 葛\U000e0100", "1\ufe0f\u20e3 👩\u200d💻 葛\U000e0100"),
        ("a\ufe0f甲\u200d乙\u200f", "a\\ufe0f甲\\u200d乙\\u200f"),
    ],
)
def test_signs_are_written_as_python_writes_them(text, shown):
    assert one_line(text) == shown


def test_messages_are_lines_and_quote_no_sign_raw():
    assert str(UserError("甲\n乙\x1b[2J", "丙")) == "甲\\n乙\\x1b[2J\n丙"
    assert str(RunError("a\nb", "E", "甲\nbuilt 乙\x07")) == "cell a\\nb: E: 甲\n  built 乙\\x07"
    issue = Issue("Y5", "error", "甲\n\u202e乙", Origin("a\n.yaml", "3"))
    assert str(issue) == "a\\n.yaml:3 Y5 error 甲\\n\\u202e乙"
    assert issue.as_dict()["message"] == "甲\\n\\u202e乙"


def test_pages_show_messages_with_the_signs_written_out(tmp_path):
    project = office(tmp_path)
    path = add_town(tmp_path, "桑洲镇").rename(project.params / "2019/宁海县/甲\u202e乙.yaml")
    filing = project.read(path)
    issue = next(issue for issue in filing.notes if issue.code == "J3")
    for said in (
        Report(filing, issues=[issue])._issues_table().html,
        desk._issue_entry(issue)["message"] + desk._issue_entry(issue)["place"],
        serialization._issue(issue, None)["message"],
        serialization.notice("error", f"{path.name}：没有保存")["text"],
    ):
        assert "甲\\u202e乙" in said
        assert "\u202e" not in said


# --- L16, L17, J3: what is published reads as the file says ----------------------------------------------------------


@pytest.mark.parametrize("sign", TURNING)
def test_a_sign_that_turns_others_around_is_an_error(sign):
    issues = [issue for issue in check(filing(f"全年公开\n信息{sign}21条")) if issue.code in ("L16", "L17")]
    assert [(issue.code, issue.severity, issue.found) for issue in issues] == [("L16", "error", f"U+{ord(sign):04X}")]
    name = in_language(sign_name(sign), "zh")
    assert f"第 2 行第 3 个字 {name}，在“全年公开\\n信息{one_line(sign)}21条”里" in issues[0].message


@pytest.mark.parametrize("sign", WARNED)
def test_a_sign_that_nobody_sees_is_a_warning(sign):
    issues = [issue for issue in check(filing(f"没有a{sign}其他。")) if issue.code in ("L16", "L17")]
    assert [(issue.code, issue.severity, issue.found) for issue in issues] == [("L17", "warning", f"U+{ord(sign):04X}")]
    assert f"“没有a{one_line(sign)}其他。”" in issues[0].message


@pytest.mark.parametrize(
    "text",
    [
        "正文　有\xa0空格\t和\r\n换行，“引号”——破折号……",
        "👩\u200d💻 ❤\ufe0f\u200d🔥 ☎\ufe0f 1\ufe0f\u20e3 🏳\ufe0f\u200d🌈",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می\u200cخواهم ئۇيغۇر\u200f。",
        "葛\U000e0100城、葛\ufe00",
        "ᠮᠣᠩᠭᠣᠯ\u180b ᠬᠡᠯᠡ\u180eᠠ",
        "क्\u200dष",
    ],
)
def test_a_sign_in_its_place_is_no_matter(text):
    assert list(remarks(text)) == []


def test_names_and_figures_are_looked_at_too():
    town = filing("信息21条。")
    ref = next(iter(town.form.tables["proactive"].cells))
    odd = replace(town, agency="甲\u3164镇", values={**town.values, ref: Figure(1, "1\u200b万元")})
    found = [(issue.code, issue.found, issue.ref) for issue in check(odd) if issue.code == "L17"]
    assert found == [("L17", "U+3164", None), ("L17", "U+200B", ref)]


def test_looking_for_signs_takes_time_in_proportion():
    for text in ("\u200b", "\u200e", "\u202e\n", "正文", "1\ufe0f", "\U000e0067"):
        start = time.perf_counter()
        assert len(list(remarks(text * 20_000))) <= 1
        assert time.perf_counter() - start < 5, repr(text)


def test_every_road_has_the_rules(tmp_path):
    project = office(tmp_path)
    path = add_town(tmp_path, "甲镇", GOOD.replace("narrative:\n", "narrative:\n", 1))
    path.write_text(
        f"{path.read_text(encoding='utf-8').partition('narrative:')[0]}narrative:\n  总体情况: 信息\u202e21条。\n",
        encoding="utf-8",
    )
    issues = check_report(project, None, project.read(path))
    assert [issue.code for issue in issues if issue.severity == "error"] == ["L16"]
    (outcome,) = bring(project)
    assert (outcome.status, [issue.code for issue in outcome.errors]) == ("invalid", ["L16"])


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("甲\u202e乙", "error"),
        ("甲\x1b[31m", "error"),
        ("甲\x9b", "error"),
        ("甲\u200b", "warning"),
        ("甲\n乙", "warning"),
    ],
)
def test_a_file_s_name_is_read_as_it_is(tmp_path, name, severity):
    project = office(tmp_path)
    path = add_town(tmp_path, "桑洲镇").rename(project.params / f"2019/宁海县/{name}.yaml")
    assert [(issue.code, issue.severity) for issue in project.read(path).notes if issue.code == "J3"] == [
        ("J3", severity)
    ]


@pytest.mark.parametrize("escaped", ["\\u202e", "\\u200b"])
def test_a_form_s_labels_are_read_as_they_are(tmp_path, escaped):
    path = tmp_path / "own.yaml"
    text = (KINDS / "ogi/forms/ogi-2021.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("label: 规章", f'label: "规{escaped}章"', 1), encoding="utf-8")
    with pytest.raises(FormError, match=r"own\.yaml:40: .*nobody sees, U\+20"):
        load_form(path)


@pytest.mark.parametrize(("sign", "code"), [("\u202e", "L16"), ("\u2060", "L17")])
@pytest.mark.parametrize("kind", ["code", "markdown"])
def test_cells_of_a_town_s_own_are_looked_at_without_being_run(county, sign, code, kind):
    read = county.read(county.file_of(OTHER))
    make_copy(county, OTHER, read)
    path = copy_path(county, OTHER)
    nb = json.loads(path.read_text(encoding="utf-8"))
    nb["cells"].append(
        {"cell_type": kind, "id": "own", "metadata": {}, "source": f"# 共{sign}21条"}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
    )
    path.write_text(json.dumps(nb), encoding="utf-8")
    found = [issue for issue in printed(county, OTHER, read).notes if issue.code in ("L16", "L17")]
    assert [(issue.code, issue.origin.place) for issue in found] == [(code, "单元格 own")]


@pytest.mark.usefixtures("chinese")
def test_what_cells_print_is_looked_at(tmp_path):
    project = office(tmp_path, "甲镇")
    add_cell(
        project, "from IPython.display import Markdown\ndisplay(Markdown('共 21 条\u200b，' + chr(0x2060) + '没有'))"
    )
    (outcome,) = bring(project)
    seen = [issue for issue in outcome.issues if issue.code == "L17"]
    assert [(issue.severity, issue.origin.place, issue.found) for issue in seen] == [
        ("warning", "单元格 extra", "U+200B、U+2060")
    ]
    assert "L17 提醒" in outcome.reason
    add_cell(
        project, "from IPython.display import HTML\ndisplay(HTML('<p>共' + chr(0x202e) + '21 条</p>'))", cell="turned"
    )
    (outcome,) = bring(project)
    assert outcome.status == "failed"
    assert outcome.reason.startswith("单元格 turned：印出来的文字有颠倒次序")
    assert "U+202E" in outcome.reason


@pytest.mark.usefixtures("chinese")
def test_nbconvert_refuses_and_warns_of_the_same():
    nb = new_notebook(
        cells=[new_markdown_cell("# 报告\n\n![甲\u2067乙](data:image/gif;base64,R0lGODlhAQABAAAAACw=)", id="a")]
    )
    with pytest.raises(UserError, match=r"单元格 a：印出来的文字有颠倒次序.*U\+2067"):
        read_content(nb)
    assert [one.signs for _, one in read_content(nb, draft=True).unseen] == [("U+2067",)]


def test_what_is_printed_is_told_in_english_and_an_issue_in_its_own_language():
    (one,) = remarks("共\u200b" * 5)
    assert one.words == (
        'has signs that nobody sees: line 1, sign 2: U+200B (zero-width space) in "共\\u200b共\\u200b共\\u200b共\\u200b共\\u200b"; '
        'line 1, sign 4: U+200B (zero-width space) in "共\\u200b共\\u200b共\\u200b共\\u200b共\\u200b"; '
        'line 1, sign 6: U+200B (zero-width space) in "共\\u200b共\\u200b共\\u200b共\\u200b共\\u200b"; 5 in all; delete them'
    )
    assert str(one).startswith("有看不见的符号：第 1 行第 2 个字 U+200B（零宽空格），在“共")
    assert str(one).endswith("”里等 5 处；请删去")


def test_the_reports_of_this_project_have_no_sign_that_nobody_sees(built):
    for outcome in built.values():
        assert [issue.code for issue in outcome.issues if issue.code in ("L16", "L17", "J3")] == []


def test_the_catalogue_s_examples_name_the_signs():
    text = (ROOT / "src/reportkit/messages/zh/lints.yaml").read_text(encoding="utf-8")
    assert list(hidden(text)) == []
