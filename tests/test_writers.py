"""What is written is what was read: parameter files made of filings and readings, and files with a reading put in."""

import io
import random
from dataclasses import replace
from pathlib import Path

import pytest
import ruamel.yaml
import yaml
from benchmarks.synthetic import Equations, Plausible
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.errors import CellRef, Issue, Origin, ReaderError
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Figure, Filing, with_totals
from reportkit.model.names import unfit
from reportkit.model.reading import Reading
from reportkit.notebook import parameters
from reportkit.params.reader import read_parameters, read_params
from reportkit.params.round_trip import prove, stated_filing
from reportkit.params.update import compare, updated
from reportkit.params.writer import params_text
from support.laws import examples
from support.repository import SANGZHOU, SUQIAN
from support.synthetic import TOWN, filings

FORMS = shipped_forms()
FEW = settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(max_examples=examples(150), deadline=None)
ORIGIN = Origin("公开/甲镇 2023.html", "1")
RECEIVED = CellRef("requests", "received", "person")
FEES = CellRef("proactive", "fees", "amount")
PENALTIES = CellRef("proactive", "penalties", "decisions")
TABLE2, TABLE3, TABLE4 = (table.caption for table in FORMS["2021"].tables.values())

SIGNS = "甲乙。：:#-?|>*&!%@`'\"\\{}[], \t\n\n\r\x85\u2028\u2029\ufeff\u3000\xa0\x00\x07\x1b\x7f\x9f\ufffe😀~0"
TEXTS = st.text(st.sampled_from(SIGNS), max_size=25) | st.text(st.characters(exclude_categories=["Cs"]), max_size=25)
NAMES = TEXTS.map(lambda text: "".join(filter(str.isprintable, text)).strip() or "甲")


def read(text: str, name: str = "甲镇.yaml") -> Filing:
    return read_params(Path(name), FORMS, name, text.encode())


def texts(filing: Filing) -> dict[CellRef, str]:
    return {ref: figure.text for ref, figure in filing.values.items()}


def said(filing: Filing) -> tuple:
    return filing.form, filing.jurisdiction, filing.year, filing.agency, texts(filing), filing.narrative


def reading(**changes) -> Reading:
    values = changes.pop("values", {RECEIVED: Figure(3)})
    return replace(Reading(FORMS["2021"], "甲镇", 2023, "", values, {}, ORIGIN), **changes)


def note(code: str, message: str, place: str, ref: CellRef | None = None) -> Issue:
    return Issue(code, "warning", message, Origin(ORIGIN.path, place), ref)


# --- new files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [SANGZHOU, SUQIAN])
def test_the_shipped_files_are_written_again_as_they_read(path):
    filing = read_params(path, FORMS)
    assert said(read(params_text(filing))) == said(filing)


@st.composite
def with_blanks(draw) -> Filing:
    filing = draw(filings(FORMS[draw(st.sampled_from(["2019", "2021"]))]))
    gone = draw(st.sets(st.sampled_from(list(filing.values))))
    values = {ref: figure for ref, figure in filing.values.items() if ref not in gone}
    names = {
        "agency": draw(NAMES),
        "jurisdiction": draw(NAMES.map(lambda name: "乙镇" if unfit(name) else name)),
    }  # a file's, too
    return replace(filing, values=values, computed=frozenset(), **names)


@given(with_blanks())
@FEW
def test_any_filing_is_read_back_and_plain_papermill_loads_the_same(filing):
    text = params_text(filing)
    assert said(read(text)) == said(filing)
    assert read(text).notes == ()
    loaded = read_parameters(yaml.load(text, Loader=yaml.CSafeLoader), FORMS)
    assert said(loaded) == said(filing)
    assert said(read_parameters(parameters(filing), FORMS)) == said(loaded)


@given(st.dictionaries(st.sampled_from(["overview", "problems", "other"]), TEXTS))
@MANY
def test_any_words_are_read_back_by_every_parser(words):
    text = params_text(reading(narrative=words))
    labels = {key: section.label for key, section in FORMS["2021"].section_by_key.items()}
    kept = {key: words[key] for key in labels if words.get(key, "").strip()}
    assert read(text).narrative == kept
    by_label = {labels[key]: text for key, text in kept.items()}
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        assert yaml.load(text, Loader=loader).get("narrative", {}) == by_label
    assert ruamel.yaml.YAML(typ="safe", pure=True).load(io.StringIO(text)).get("narrative", {}) == by_label


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("甲: 乙 # 丙\n\n- 丁\n", "  总体情况: |\n    甲: 乙 # 丙\n\n    - 丁\n"),
        ("甲", "  总体情况: |-\n    甲\n"),
        ("甲\n\n\n", "  总体情况: |+\n    甲\n\n\n"),
        ("  甲\n乙\n", "  总体情况: |2\n      甲\n    乙\n"),
        ("\n甲  \n", "  总体情况: |2\n\n    甲  \n"),
        ("甲\r\n 乙\x07", '  总体情况: "甲\\r\\n\\\n    \\ 乙\\u0007"\n'),
        ("甲\u2028乙\x85丙", '  总体情况: "甲\\u2028乙\\u0085丙"\n'),
    ],
)
def test_words_stand_in_a_block_unless_that_would_change_them(words, written):
    text = params_text(reading(narrative={"overview": words}))
    assert text.endswith(f"narrative:\n{written}")


@pytest.mark.parametrize(
    ("table", "row", "written"),
    [
        ("change", "+19", "[3, '+19', 40]"), ("change", "-3", "[3, -3, 40]"), ("change", "-0", "[3, '-0', 40]"),
        ("amount", "9.2万元", "9.2万元"), ("amount", "0.10", "'0.10'"), ("amount", "59237.2449", "59237.2449"),
        ("amount", "0.00001", "'0.00001'"), ("amount", "123456789012.345", "123456789012.345"), ("amount", "5.0", "5.0"),
    ],
)  # fmt: skip
def test_figures_keep_their_text_and_get_quotes_where_plain_papermill_would_change_it(table, row, written):
    written = written.replace("'", '"')
    if table == "change":
        refs = [CellRef("proactive", "penalties", key) for key in ("last_year", "change", "decisions")]
        values = dict(zip(refs, (Figure(3), Figure(row.replace("万元", ""), row), Figure(40)), strict=True))
        text = params_text(replace(reading(values=values), form=FORMS["2019"], year=2019))
        assert f"    行政处罚: {written}\n" in text
    else:
        text = params_text(reading(values={FEES: Figure(row.replace("万元", ""), row)}))
        assert f"    行政事业性收费: {written}\n" in text
    assert [note.code for note in read(text).notes] == []


def test_computed_totals_are_left_to_be_computed():
    filing = with_totals(read("year: 2023\njurisdiction: 甲镇\nfigures: {requests: {received: [1, 2, 0, 0, 0, 0, ~]}}"))
    assert "一、本年新收政府信息公开申请数量: [1, 2, 0, 0, 0, 0, ~]\n" in params_text(filing)


def test_what_could_not_be_read_is_no_blank_and_keeps_the_report_from_being_made(tmp_path):
    path = tmp_path / "甲镇.yaml"
    path.write_text(params_text(reading(unread=frozenset({PENALTIES, FEES}))), encoding="utf-8")
    filing = read_params(path, FORMS)
    assert filing.unread == {PENALTIES: "待核", FEES: "待核"}
    assert [(note.code, note.severity, note.ref) for note in filing.notes] == [("V7", "error", PENALTIES)]
    assert "有 2 个数待核（“行政处罚”、“行政事业性收费”）" in filing.notes[0].message


def test_what_was_noticed_stands_above_its_line():
    noticed = reading(
        narrative={"overview": "甲\n"},
        origins={"overview": Origin(ORIGIN.path, "paragraph 2"), "proactive": Origin(ORIGIN.path, "table 1")},
        notes=(
            note("D24", "这一格写的是“/”", "table 1 row 9", PENALTIES),
            note("D7", "表头不全", "table 1"),
            note("D8", "文字里有图片", "paragraph 2"),
            note("D9", "没有找到第六部分", ""),
        ),
        unread=frozenset({PENALTIES, FEES}),
    )
    lines = params_text(noticed).splitlines()
    above = {line.split(":")[0].strip(): lines[number - 1].strip() for number, line in enumerate(lines) if number}
    assert lines[:3] == [
        "# 取自 甲镇 2023.html；请核对写有“待核”的地方",
        "# 待核（D9）：没有找到第六部分（甲镇 2023.html）",
        'edition: "2021"',
    ]
    assert above["主动公开政府信息情况"] == "# 待核（D7）：表头不全（甲镇 2023.html:table 1）"
    assert above["行政处罚"] == "# 待核（D24）：这一格写的是“/”（甲镇 2023.html:table 1 row 9）"
    assert above["行政事业性收费"] == "# 待核：“本年收费金额（单位：万元）”没有读准，请填写"
    assert above["总体情况"] == "# 待核（D8）：文字里有图片（甲镇 2023.html:paragraph 2）"
    assert "    行政处罚: 待核" in lines


@given(TEXTS, TEXTS, TEXTS)
@FEW
def test_no_note_breaks_out_of_its_comment(message, place, path):
    notes = (note("D1", message, place, RECEIVED), replace(note("D2", message, place), origin=Origin(path, place)))
    filing = read(params_text(reading(notes=notes, origin=Origin(path, place))))
    assert (texts(filing), filing.notes) == ({RECEIVED: "3"}, ())


def test_cells_that_no_issue_names_are_told_once_a_table_or_row():
    def above(unread: set[CellRef]) -> list[tuple[str, str]]:
        lines = [line.strip() for line in params_text(reading(values={}, unread=frozenset(unread))).splitlines()]
        told = [number for number, line in enumerate(lines) if line.startswith("# 待核")]
        return [(lines[number].removeprefix("# 待核："), lines[number + 1].split(":")[0]) for number in told]

    requests, reviews = (set(FORMS["2021"].tables[key].cells) for key in ("requests", "reviews"))
    row = {ref for ref in requests if ref.row == "received"}
    assert above(requests | reviews) == [
        ("整张表没有读准，请填写", "收到和处理政府信息公开申请情况"),
        ("整张表没有读准，请填写", TABLE4),
    ]
    assert above(row | {FEES}) == [
        ("“本年收费金额（单位：万元）”没有读准，请填写", "行政事业性收费"),
        ("这一行没有读准，请填写", "一、本年新收政府信息公开申请数量"),
    ]
    assert above({ref for ref in reviews if "pending" in ref.column})[0][0].startswith(
        "“行政复议 / 尚未审结”、“行政诉讼 / 未"
    )
    assert above({RECEIVED, RECEIVED._replace(column="total")}) == [
        ("“自然人”、“总计”没有读准，请填写", "一、本年新收政府信息公开申请数量")
    ]


def test_a_reading_without_year_and_name_says_where_to_fill_them_in():
    text = params_text(reading(year=None, jurisdiction=""))
    assert "\nyear: ~  # 请填写年份，例如 2023\njurisdiction: ~  # 请填写" in text
    assert yaml.safe_load(text)["year"] is None
    with pytest.raises(ValueError, match="no year"):
        stated_filing(reading(year=None))


def test_a_form_with_rows_of_one_name_is_written_with_the_titles():
    form = FORMS["2021"]
    table = form.tables["proactive"]
    first, second, *rest = table.blocks
    twice = replace(second, rows=tuple(replace(row, label="规章") for row in second.rows))
    blocks = (first, twice, *rest)
    section = replace(form.sections[1], table=replace(table, blocks=blocks))
    own = replace(form, edition="own", sections=(form.sections[0], section, *form.sections[2:]))
    values = {
        CellRef("proactive", "regulations", "issued"): Figure(1),
        CellRef("proactive", "licences", "decisions"): Figure(2),
    }
    text = params_text(reading(form=own, values=values))
    assert "    第二十条第（一）项:\n" in text
    assert read_params(Path("甲镇.yaml"), {"own": own}, content=text.encode()).values == values


def test_waivers_are_written_again():
    filing = read("year: 2023\njurisdiction: 甲镇\nwaivers: {R12: 联合发文}\n")
    assert filing.waivers == {"R12": "联合发文"}
    assert read(params_text(filing)).waivers == filing.waivers


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agency": "甲\n镇"}, "编制机关是“甲”"),
        ({"agency": "甲" * 61}, "编制机关"),
        ({"values": {RECEIVED: Figure(3, "三")}}, "“申请人情况 / 自然人”是 空白"),
        ({"values": {CellRef("requests", "received", "children"): Figure(3)}}, "children"),
        ({"narrative": {"overview": "甲\ud800"}}, "“总体情况”的文字不同"),
        ({"narrative": {"overview": "甲" * 400_000}}, "1 MB"),
    ],
)
def test_what_would_not_be_read_back_is_not_written(changes, words):
    wrong = reading(**changes)
    with pytest.raises(ReaderError, match=words) as caught:
        prove(params_text(wrong), stated_filing(wrong), "I17")
    assert [issue.code for issue in caught.value.issues] == ["I17"]


# --- merging ---------------------------------------------------------------------------------------------------------

HEAD = "year: 2023  # 年份\njurisdiction: 甲镇\n"


def merged(text: str, **changes) -> str:
    return updated(text, read(text), reading(**changes))


def test_only_the_figure_that_differs_is_touched():
    text = (
        "# 头\n\n'year':   2023 # 年\njurisdiction:    \"甲镇\"\nother_key: x # 😀不认识的也留着\nfigures:\n"
        f"      {TABLE3}:   # 表三\n"
        "          # 上面\n"
        "          一、 本年新收政府信息公开申请数量:   [ 1,0 ,~, '0',\n"
        "               0, 0, 1 ] # 手写的\n"
        "          # 下面\n"
        "narrative: {总体情况: '甲 # 不是注释'}"
    )
    assert merged(text) == text.replace("[ 1,0", "[ 3,0")
    two = {RECEIVED: Figure(3), RECEIVED._replace(column="research"): Figure(12)}
    assert merged(text, values=two) == text.replace("[ 1,0 ,~", "[ 3,0 ,12")


def test_what_differs_is_told_and_what_the_file_alone_has_is_kept():
    text = (
        HEAD + f"agency: 甲镇政府\nfigures:\n  {TABLE2}:\n    行政处罚: 5\n    行政强制: 本单位没有\n"
        f"  {TABLE3}:\n    received: [1, 2, 0, ~, 0, 0, 3]\n"
        "narrative:\n  总体情况: 甲文。\n  problems: 乙  文。\n"
    )
    coercion = CellRef("proactive", "coercion", "decisions")
    values = {ref: Figure(number) for ref, number in [(RECEIVED, 3), (RECEIVED._replace(column="charity"), 0), (RECEIVED._replace(column="research"), 0), (coercion, 0)]}  # fmt: skip
    new = reading(
        agency="甲镇人民政府",
        values=values,
        narrative={"overview": "另一段文字。\n", "problems": "乙文。\n", "other": "无。\n"},
        origins={RECEIVED: Origin(ORIGIN.path, "table 2 row 4")},
        unread=frozenset({PENALTIES}),
    )
    told = [
        (difference.kind.value, difference.at, difference.stated, difference.read)
        for difference in compare(read(text), new)
    ]
    assert told == [
        ("I15", "agency", "甲镇政府", "甲镇人民政府"),
        ("I12", PENALTIES, "5", "没有读准"),
        ("I10", coercion, "本单位没有", "0"),
        ("I10", RECEIVED, "1", "3"),
        ("I12", RECEIVED._replace(column="company"), "2", "是空白"),
        ("I11", RECEIVED._replace(column="charity"), "", "0"),
        ("I12", RECEIVED._replace(column="total"), "3", "是空白"),
        ("I13", "overview", "甲文。", "另一段文字。\n"),
        ("I14", "other", "", "无。\n"),
    ]
    changed = next(difference for difference in compare(read(text), new) if difference.at == RECEIVED)
    assert str(changed.issue(updated=False)) == (
        f"甲镇.yaml:9 I10 error {TABLE3} “一、本年新收政府信息公开申请数量” “申请人情况 / 自然人”：文件里是“1”，"
        "导入的是“3”（公开/甲镇 2023.html:table 2 row 4）；请核对哪个对，用 --update 改成导入的"
    )
    assert (changed.issue(updated=True).severity, "已改成导入的" in changed.issue(updated=True).message) == (
        "warning",
        True,
    )
    result = updated(text, read(text), new)
    assert (
        result
        == text.replace("[1, 2, 0, ~,", "[3, 2, 0, 0,").replace("本单位没有", "0")
        + "  其他需要报告的事项: |\n    无。\n"
    )


def test_a_reading_that_says_the_same_changes_nothing():
    text = SUQIAN.read_text(encoding="utf-8")
    filing = read_params(SUQIAN, FORMS)
    same = Reading(filing.form, filing.jurisdiction, filing.year, filing.agency, filing.values, {}, ORIGIN)
    assert compare(filing, same) == []
    assert updated(text, filing, same) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"figures:\n  {TABLE3}:\n"),
        ("figures:\n", f"figures:\n  {TABLE3}:\n"),
        ("...\n# 完\n", f"figures:\n  {TABLE3}:\n"),
        ("figures: ~ # 待填\nnarrative: {}\n", f"figures:  # 待填\n  {TABLE3}:\n"),
        (f"figures:\n  {TABLE2}:\n    规章: [0, 0, 0] # 无\n\n# 文字\nnarrative: {{}}\n", f"# 无\n  {TABLE3}:\n"),
        (f"figures:\n    {TABLE3}:\n", f"    {TABLE3}:\n      # 列："),
        (f"figures: {{{TABLE2}: {{规章: [0, 0, 0]}}}}\n", f"[0, 0, 0]}}, {TABLE3}: {{"),
        (f"figures:\n  {TABLE3}:\n    carried_in: [0, 0, 0, 0, 0, 0, 0]\n", "0]\n    一、本年新收政府信息公开申请数量: [3, ~, ~, ~, ~, ~, ~]\n"),
        (f"figures:\n  {TABLE3}: {{}}\n", ": {一、本年新收政府信息公开申请数量: [3, ~, ~, ~, ~, ~, ~]}\n"),
        (f"figures:\n  {TABLE3}:\n    received:   # 空\n", "    received: [3, ~, ~, ~, ~, ~, ~]   # 空\n"),
        (f"figures:\n  {TABLE3}:\n    received: ~\n", "    received: [3, ~, ~, ~, ~, ~, ~]\n"),
        (f"figures:\n  {TABLE3}:\n    received: {{总计: 3 }}\n", "{总计: 3, 自然人: 3 }\n"),
        (f"figures:\n  {TABLE3}:\n    received: {{总计: 3,}}\n", "{总计: 3,自然人: 3}\n"),
        (f"figures:\n  {TABLE3}:\n    received: {{总计: 3 # 只有总计\n      }}\n", "{总计: 3 # 只有总计\n     , 自然人: 3 }\n"),
        (f"figures:\n  {TABLE3}:\n    received:\n      总计: 3 # 块\n", "总计: 3 # 块\n      自然人: 3\n"),
        (f"figures:\n  {TABLE3}:\n    received:\n      - '' # 自然人\n" + "      - 0\n" * 6, "- 3 # 自然人\n"),
        (f"figures:\n  {TABLE3}:\n    received:\n      - # 自然人\n" + "      - 0\n" * 6, "- 3 # 自然人\n"),
        ("figures:\n  requests:\n    received: {person: , total: 3}\n", "{person: 3, total: 3}\n"),
    ],
)  # fmt: skip
def test_a_figure_finds_its_place_however_the_file_is_written(before, after):
    for text in (HEAD + before, (HEAD + before).replace("\n", "\r\n"), (HEAD + before).rstrip("\n")):
        result = merged(text)
        assert texts(read(result)) == {**texts(read(text)), RECEIVED: "3"}
        assert read(result).notes == ()
        if "\r" in text:
            assert "\n" not in result.replace("\r\n", "")
        elif text.endswith("\n"):
            assert after.replace(" }", "}").split() == [] or "".join(after.split()) in "".join(result.split())
        comments = [line.split("#")[1] for line in text.splitlines() if "#" in line]
        assert [comment for comment in comments if comment not in result] == []


def test_rows_are_added_to_the_innermost_group_that_is_written():
    text = HEAD + (
        f"figures:\n  {TABLE3}:\n    三、本年度办理结果:\n      （四）无法提供: {{2.没有现成信息需要另行制作: [1, 0, 0, 0, 0, 0, 1]}}\n"
        "      （七）总计: {总计: 1}  # 合计\n    四、结转下年度继续办理: {总计: 0}\n  # 表四\n"
        f"  {TABLE4}:\n    行政复议: {{总计: 0}}\n"
    )
    rows = ["outcome.refused.state_secret", "outcome.refused.third_party", "outcome.unavailable.not_held", "carried_in"]
    values = {CellRef("requests", row, "person"): Figure(2) for row in rows}
    values |= {
        CellRef("reviews", "cases", column): Figure(7)
        for column in ("review.upheld", "direct.total", "after_review.pending")
    }
    result = merged(text, values=values)
    assert texts(read(result)) == {**texts(read(text)), **{ref: figure.text for ref, figure in values.items()}}
    assert result == HEAD + (
        f"figures:\n  {TABLE3}:\n    三、本年度办理结果:\n      （四）无法提供: {{2.没有现成信息需要另行制作: [1, 0, 0, 0, 0, 0, 1], 1.本机关不掌握相关政府信息: [2, ~, ~, ~, ~, ~, ~]}}\n"
        "      （七）总计: {总计: 1}  # 合计\n      （三）不予公开:\n        1.属于国家秘密: [2, ~, ~, ~, ~, ~, ~]\n        4.保护第三方合法权益: [2, ~, ~, ~, ~, ~, ~]\n"
        "    四、结转下年度继续办理: {总计: 0}\n    二、上年结转政府信息公开申请数量: [2, ~, ~, ~, ~, ~, ~]\n  # 表四\n"
        f"  {TABLE4}:\n    行政复议: {{总计: 0, 结果维持: 7}}\n    未经复议直接起诉: [~, ~, ~, ~, 7]\n    复议后起诉: [~, ~, ~, 7, ~]\n"
    )


@pytest.mark.parametrize(
    "before",
    [
        "", "narrative:\n", "narrative: ~ # 待写\n", "narrative: {}\n", "narrative: {其他需要报告的事项: '无'}\n", "narrative:\n  总体情况: # 待写\n",
        "narrative:\n    overview: ~\n    其他需要报告的事项: |+\n      无\n\n", "narrative:\n  其他需要报告的事项: |-\n    无\n\n\nagency: 甲\n",
        "narrative:\n  其他需要报告的事项: >\n    无\n    也没有\n# 完\n",
    ],
)  # fmt: skip
@given(words=TEXTS)
@settings(max_examples=examples(20), deadline=None)
def test_words_are_added_wherever_there_are_none(before, words):
    text = HEAD + before
    result = merged(text, values={}, narrative={"overview": words})
    expected = dict(read(text).narrative)
    assert read(result).narrative == ({**expected, "overview": words} if words.strip() else expected)
    assert read(result).notes == ()
    comments = [line.split("#")[1] for line in text.splitlines() if "#" in line]
    assert [comment for comment in comments if comment not in result] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"figures:\n  {TABLE3}:\n    received: [1, 2]\n", "第 5 行"),
        (f"figures:\n  {TABLE3}: [1, 2]\n", "第 4 行"),
        ("figures: 无\n", "第 3 行"),
        (f"figures: {{{TABLE3}: ~}}\n", "没有写"),
    ],
)
def test_a_file_that_cannot_be_added_to_is_left_alone(text, words):
    with pytest.raises(ReaderError, match=words) as caught:
        merged(HEAD + text)
    assert [issue.code for issue in caught.value.issues] == ["I16"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"jurisdiction": "乙镇"}, "乙镇 2023"), ({"year": 2022}, "甲镇 2022"), ({"form": FORMS["2019"]}, "2019年版")],
)
def test_another_report_is_not_compared(changes, words):
    with pytest.raises(ReaderError, match=words) as caught:
        merged(HEAD, **changes)
    assert [issue.code for issue in caught.value.issues] == ["I9"]


def two_of_one(edition: str, seed: int) -> tuple[Filing, Filing]:
    """Two filings of a form with blanks at random, and here and there the same figures."""
    form, source = FORMS[edition], random.Random(seed)
    equations = Equations(form, TOWN)
    one, other = (equations.with_totals(equations.values(Plausible(source))) for _ in range(2))
    some = {ref: source.choice([None, one, one, other]) for ref in one}
    first = {ref: values[ref] for ref, values in some.items() if values}
    second = {ref: figure for ref, figure in other.items() if source.random() < 0.7}
    empty = Filing(form, TOWN, form.years[0], TOWN, {}, {}, ORIGIN)
    return replace(empty, values=first), replace(empty, values=second)


@pytest.mark.parametrize("edition", ["2019", "2021"])
@given(st.integers(0, 10**9))
@settings(max_examples=examples(12), deadline=None)
def test_a_merged_file_has_the_figures_of_both_and_those_read_go_first(edition, seed):
    existing, new = two_of_one(edition, seed)
    source = Reading(new.form, new.jurisdiction, new.year, "", new.values, {}, ORIGIN)
    expected = {**texts(existing), **texts(new)}
    plain = parameters(existing)
    for text in (
        params_text(existing),
        yaml.safe_dump(plain, allow_unicode=True, width=200),
        yaml.safe_dump(plain, default_flow_style=True),
    ):
        differences = compare(read(text), source)
        result = updated(text, read(text), source)
        assert texts(read(result)) == expected
        assert read(result).notes == ()
        assert {difference.at for difference in differences if difference.kind.mergeable} == {
            ref for ref, text in texts(new).items() if texts(existing).get(ref) != text
        }
        assert {difference.at for difference in differences if not difference.kind.mergeable} == {
            ref for ref, text in texts(existing).items() if ref not in new.values and text != "0"
        }
        assert [difference for difference in compare(read(result), source) if difference.kind.mergeable] == []
