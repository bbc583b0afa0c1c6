"""What is wrong with a filing in two languages: one catalogue for each, and who is told in which."""

import json
import pickle
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import reportkit.messages
from reportkit import translation
from reportkit.checks.filing_runner import as_issues, check
from reportkit.errors import Issue, Origin, reason_of
from reportkit.kinds import KINDS, language_of, load_form, shipped_forms
from reportkit.messages.catalogue import AREAS, entries, sentences, title_of
from reportkit.messages.words import area_title, issue, joined, phrase, phrases
from reportkit.model.names import unfit
from reportkit.model.reading import Reading
from reportkit.params.writer import params_text
from reportkit.report import Report
from support.filings import RULES, filing
from support.languages import issues_in, speaking

HAN = re.compile("[\u3400-\u9fff]")
FOLDER = Path(reportkit.messages.__file__).parent
PAIRS = [
    *((path, path.parents[1] / "en" / path.name) for path in sorted(FOLDER.glob("zh/*.yaml"))),
    *((path, path.parent / "en" / path.name) for path in sorted(KINDS.glob("*/rules/*.yaml"))),
]
TEXTS = ("title", "source", "explanation", "example")
ENGLISH, CHINESE = sentences("ogi", "en"), sentences("ogi", "zh")


def first_document(path: Path) -> dict[str, dict[str, Any]]:
    return next(yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader))


def variants(fields: dict[str, Any]) -> set[str]:
    return {*fields.get("messages", {}), *(key for key in fields if key == "message")}


# --- the catalogues --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("chinese", "english"), PAIRS, ids=[path.stem for path, _ in PAIRS])
def test_both_languages_have_the_same_codes_variants_and_texts(chinese, english):
    left, right = first_document(chinese), first_document(english)
    assert list(left) == list(right)
    for code, fields in left.items():
        assert variants(fields) == variants(right[code]), code
        assert [key for key in TEXTS if key in fields] == [key for key in TEXTS if key in right[code]], code
        assert right[code].keys() <= {*TEXTS, "message", "messages"}, code  # how grave it is stands once


def test_no_file_of_translations_is_for_nobody():
    there = {*FOLDER.glob("en/*.yaml"), *KINDS.glob("*/rules/en/*.yaml")}
    assert there == {english for _, english in PAIRS}


def test_a_sentence_has_the_same_values_and_is_as_grave_in_both():
    assert ENGLISH.keys() == CHINESE.keys()
    assert [name for name in ENGLISH if ENGLISH[name].fields != CHINESE[name].fields] == []
    assert [name for name in ENGLISH if ENGLISH[name].severity != CHINESE[name].severity] == []
    same = {name for name in ENGLISH if ENGLISH[name].template == CHINESE[name].template}
    assert same == {"Y1.folder", "Y2.markers", "Y12.broken"}  # which only quote


def test_phrases_are_the_same_in_both():
    english, chinese = phrases("en"), phrases("zh")
    assert list(english) == list(chinese)
    values = re.compile(r"\{[a-z_]+\}")
    assert [name for name in english if set(values.findall(english[name])) != set(values.findall(chinese[name]))] == []


QUOTED = re.compile(
    r'"[^"]*"|“[^”]*”|《[^》]*》(?:（[^）]*）)?'  # labels and words of towns, as they are printed, and titles
    r"|\S*〔\d{4}〕\d+号"  # numbers of documents
    r"|(?<!\w)[一-鿿\w/.-]*(?:桑洲镇|力洋镇|宁海县|参内乡|甲镇|甲县|乙县|丙镇)[\w/.一-鿿-]*"  # examples of names
    r"|%%narrative\S*|(?:万|亿)?元|余, 多, 近"
)


def own_words(text: str) -> str:
    return QUOTED.sub(" ", text)


def english_texts() -> Iterator[str]:
    yield from (one.template for one in ENGLISH.values())
    yield from phrases("en").values()
    with issues_in("en"):
        for entry in entries("ogi").values():
            yield from (entry.title, entry.source, entry.explanation, entry.example)


def test_no_sentence_mixes_both_languages_but_for_what_it_quotes():
    assert [text for text in english_texts() if HAN.search(own_words(text))] == []
    words = re.compile(r"\b[a-z']{2,} [a-z']{2,} [a-z']{2,}\b")
    chinese = [*(one.template for one in CHINESE.values()), *phrases("zh").values()]
    assert [text for text in chinese if words.search(re.sub("reportkit [a-z ]+", "", text))] == []


def test_an_english_sentence_begins_and_ends_as_all_do():
    assert [one.template for one in ENGLISH.values() if one.template.endswith((".", ";", " "))] == []
    with issues_in("en"):
        listed = entries("ogi").values()
        assert [one.title for one in listed if one.title.endswith(".") or one.title[:1].islower()] == []
        assert [one.explanation for one in listed if not one.explanation.endswith((".", '."'))] == []


def test_every_area_has_a_title_in_both():
    for language in ("en", "zh"):
        with issues_in(language):
            assert [area for area in AREAS if area_title(area) == area] == []
    assert area_title("a kind's own") == "a kind's own"


# --- which language is asked for ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "asked", "language"),
    [
        ("C.UTF-8", "", "en"),
        ("zh_CN.UTF-8", "", "zh"),
        ("C.UTF-8", "zh", "zh"),
        ("C.UTF-8", "zh_CN.UTF-8", "zh"),
        ("zh_CN.UTF-8", "en", "en"),
        ("zh_CN.UTF-8", "xx", "zh"),
    ],
)
def test_issues_are_told_in_the_person_s_language_unless_another_is_named(person, asked, language):
    with speaking(person), issues_in(asked):
        assert translation.issue_language() == language


@pytest.mark.usefixtures("english_issues")
def test_an_issue_can_be_told_in_the_other_language():
    one = issue("N3", Origin("甲"), reason=unfit("甲/镇"))
    assert one.message == (
        'the unit\'s own copy of the notebook cannot be read: has "/" in it; if its changes are not wanted, delete it'
    )
    chinese = one.in_language("zh")
    assert chinese.message == "本单位的笔记本副本读不出来：里有“/”；副本里的改动不要了，就删掉它"
    assert chinese == pickle.loads(pickle.dumps(one)).in_language("zh")
    assert one.in_language("en") == one


@pytest.mark.usefixtures("english_issues")
def test_what_an_issue_is_made_of_is_told_in_the_other_language_too():
    number = phrase("at_least", number=3)
    one = issue("I12", Origin("甲", phrase("notebook_cell", cell="a")), None, number, joined([1, number], "or"), place="p", other=phrase("summed"), source="q")  # fmt: skip
    assert (one.found, one.expected, str(one.origin)) == ("at least 3", "1 or at least 3", "甲:cell a")
    assert one.message == 'p: the file has "at least 3", the sum 1 or at least 3 (q); the file\'s figure stays'
    told = one.in_language("zh")
    assert (told.found, told.expected, str(told.origin)) == ("不少于 3", "1 或 不少于 3", "甲:单元格 a")
    assert told.message == "p：文件里是“不少于 3”，汇总的1 或 不少于 3（q）；保留文件里的数"


@pytest.mark.usefixtures("english_issues")
def test_signs_that_nobody_sees_are_written_out_in_both():
    one = issue("J4", Origin("甲"), others=["a\u202eb"], unit="甲")
    assert r"there is a\u202eb, and" in one.message
    assert r"旁边还有 a\u202eb，" in one.in_language("zh").message


@pytest.mark.usefixtures("english_issues")
def test_why_a_system_refuses_is_told_in_both():
    one = issue("Y1.unreadable", Origin("甲"), why=reason_of(PermissionError(13, "Permission denied")))
    assert one.message == "the file cannot be read (Permission denied); check the path and its rights"
    assert one.in_language("zh").message == "读不出来（没有权限）；请检查路径和权限"


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(KINDS.glob("*/rules/*.yaml")):
        for told in list(yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader))[1:]:
            yield from ((code, {**case}) for code, sides in told.items() for case in sides.get("wrong", []))


def found(code: str, given: dict[str, Any]) -> list[Issue]:
    given = {key: value for key, value in given.items() if key != "found"}
    one = filing(**given)
    return list(as_issues(RULES[code](one), one.where, "ogi"))


def test_each_case_of_a_rule_is_told_in_english_and_once_more_in_chinese():
    told = list(cases())
    chinese = [found(code, given) for code, given in told]
    with issues_in("en"):
        english = [found(code, given) for code, given in told]
    assert [[one.in_language("zh") for one in issues] for issues in english] == chinese
    assert [[one.in_language("en") for one in issues] for issues in chinese] == english
    assert all(not HAN.search(one.message[:4]) for issues in english for one in issues)
    assert len(english) > 50


@pytest.mark.usefixtures("english_issues")
def test_an_equation_and_blanks_are_told_in_english():
    wrong = filing(received=3, received__person=2, year=2023)
    (equation,) = (one for one in check(wrong) if one.code == "R2")
    assert '. Rule: "' in equation.message
    assert equation.message.endswith("Correct one of these figures")
    blank = next(one for one in check(wrong) if one.code == "B1")
    assert blank.found.startswith("blank cells: ")
    assert blank.in_language("zh").found.endswith(" 个空白")


@pytest.mark.usefixtures("english_issues")
def test_a_waived_issue_says_so_in_english():
    (one,) = (one for one in check(filing("", year=2023), {"N1": "because"}) if one.code == "N1")
    assert one.message.endswith("write what holds for this unit (waived: because)")
    assert one.in_language("zh").message.endswith("请写明本单位情况（已豁免：because）")


@pytest.mark.usefixtures("english_issues")
def test_the_title_of_a_code_that_an_issue_quotes_is_told_in_both():
    wrong = phrase("not_waivable", title=title_of("Y1", shipped_forms().values()))
    one = issue("Y9.not_waivable", Origin("甲"), None, "Y1", wrong=wrong)
    assert one.message == 'waiver of Y1: "The file cannot be read" cannot be waived, it has to be mended'
    assert one.in_language("zh").message == "豁免 Y1：“文件读不出来”不能豁免，只能改正"


# --- who is told in which -------------------------------------------------------------------------------------------

BROKEN = """\
year: 2022
jurisdiction: 甲镇
figures:
  收到和处理政府信息公开申请情况:
    一、本年新收政府信息公开申请数量: [-1, 0, 0, 0, 0, 0, 0]
"""


@pytest.fixture
def broken(county: Any) -> Path:
    path = county.params / "2023/甲镇.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(BROKEN, encoding="utf-8")
    return path


@pytest.mark.usefixtures("english_issues")
def test_check_tells_issues_in_the_language_of_its_other_words(run: Callable[..., Any], broken):
    code, lines = run("check", str(broken))
    assert code == 1
    where = (
        f"{broken.parents[2].name}/2023/甲镇.yaml" if broken.parents[2].name == "params" else "params/2023/甲镇.yaml"
    )
    assert (
        f"{where}:1 J1 error the file is in the folder 2023 and says that it is of 2022; correct one of the two"
        in lines
    )
    assert any(
        'V2 error "自然人" of "一、本年新收政府信息公开申请数量" says "-1", and takes a whole' in line for line in lines
    )


def test_check_tells_a_chinese_person_the_same_in_chinese(run: Callable[..., Any], broken):
    with issues_in(""), speaking("zh_CN.UTF-8"):
        lines = run("check", str(broken))[1]
    assert any("J1 错误 文件在 2023 文件夹里，年份写的是 2022；请改正其中一处" in line for line in lines)


def test_json_has_the_message_in_the_person_s_language_and_the_rest_as_it_is(run: Callable[..., Any], broken):
    chinese = json.loads("\n".join(run("check", "--format", "json", str(broken))[1][:-1]))
    with issues_in("en"):
        english = json.loads("\n".join(run("check", "--format", "json", str(broken))[1][:-1]))
    same = ("unit", "path", "place", "code", "severity", "cell")
    assert [[one[key] for key in same] for one in english] == [[one[key] for key in same] for one in chinese]
    assert [one["message"] for one in english] != [one["message"] for one in chinese]


@pytest.mark.usefixtures("english_issues")
def test_a_code_is_explained_in_the_person_s_language(run: Callable[..., Any]):
    assert run("explain", "R7")[1][:2] == [
        "R7 (error) What was carried over is not what last year's report carried over",
        "Source: Row 2 of table 3, and row 4 of last year's; both editions have them",
    ]
    listed = run("rules")[1]
    assert listed[:2] == ["How parameter files are written", "Y1   error  The file cannot be read"]
    assert "This year's figures" in listed


def table_of(report: Report) -> str:
    return report._issues_table()._repr_html_()


@pytest.mark.usefixtures("english_issues")
def test_a_report_s_table_of_issues_is_in_the_report_s_language_whoever_makes_it():
    one = filing("", year=2023)
    table = table_of(Report(one))
    assert "<th>级别</th><th>代码</th><th>位置</th><th>问题</th>" in table
    assert "<td>提醒</td><td>N1</td>" in table
    assert "没有本单位自己的文字" in table
    assert "the unit's own" not in table


FORM = """\
edition: budget
years: [2020, null]
title: Budget of {jurisdiction} {year}
{language}sections: [{key: figures, heading: Figures, table: figures}]
tables:
- key: figures
  blocks: [{columns: [{label: Sum, key: sum}], rows: [{label: Roads, key: roads}]}]
"""


@pytest.mark.parametrize(("line", "language"), [("", "zh"), ("language: en\n", "en"), ("language: zh\n", "zh")])
def test_a_form_may_say_that_its_reports_are_english(tmp_path, line, language):
    path = tmp_path / "budget.yaml"
    path.write_text(FORM.replace("{language}", line), encoding="utf-8")
    assert language_of(load_form(path)) == language


def test_an_english_report_has_its_table_of_issues_in_english_for_a_chinese_person(tmp_path):
    path = tmp_path / "budget.yaml"
    path.write_text(FORM.replace("{language}", "language: en\n"), encoding="utf-8")
    (form,) = [load_form(path)]
    from reportkit.model.filing import Filing

    with speaking("zh_CN.UTF-8"), issues_in(""):
        table = table_of(Report(Filing(form, "Larkmoor", 2023, "Larkmoor", {}, {}, Origin("a"))))
    assert "<th>Level</th><th>Code</th><th>Place</th><th>Issue</th>" in table
    assert "<td>warning</td><td>B1</td>" in table
    assert "the whole table is blank" in table
    assert not HAN.search(table)


@pytest.mark.usefixtures("english_issues")
def test_the_comments_of_an_imported_file_are_in_the_language_of_its_form():
    form = shipped_forms()["2021"]
    note = issue("D34.none", Origin("甲镇.html"))
    reading = Reading(form, "甲镇", 2023, "", {}, {}, notes=[note], origin=Origin("甲镇.html"))
    assert "# 待核（D34）：没有找到年份（标题和统计期限里都没有）；请填写 year（甲镇.html）" in params_text(reading)
