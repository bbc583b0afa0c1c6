"""The workbench without a browser: towns, drafts, saving, undo, preview and build, and the messages of the desk."""

import re
import threading
from pathlib import Path

import nbclient
import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.errors import CellRef, Issue, Origin, ReaderError, UserError
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Filing
from reportkit.model.numbers import TO_CHECK, Refusal, read_figure
from reportkit.project import Project, load_project
from reportkit.workbench import (
    Changed,
    Difference,
    Draft,
    Saved,
    Town,
    Towns,
    last_year,
    merge,
    onto,
    open_town,
    open_workbench,
    opened,
    overwrite,
    reloaded,
    save,
    undo,
)
from reportkit.workbench.build import build
from reportkit.workbench.diagnostics import marks, place_of
from reportkit.workbench.fields import Field, cell_field, field_of
from reportkit.workbench.page import Previewer
from reportkit.workbench.page_words import front_words
from reportkit.workbench.save import can_undo
from reportkit.workbench.table_layout import section_shapes, table_shape
from reportkit.workbench.widget import FRONT, SCRIPTS, STYLESHEETS
from support.fronts import Front, Printer
from support.languages import speaking
from support.laws import examples
from support.offices import GOOD, Here, add_town, office
from support.repository import ROOT, SANGZHOU, SUQIAN

FORMS = shipped_forms()
NEW, CARRIED = CellRef("requests", "received", "person"), CellRef("requests", "carried_in", "person")
TOTAL = NEW._replace(column="total")
COMPANY = NEW._replace(column="company")
AMOUNT = CellRef("proactive", "procurement", "amount")
TOWN = Town(2019, "宁海县/桑洲镇", ".yaml", True)
CELLS = [ref for table in FORMS["2019"].tables.values() for ref in table.cells]
FEW = settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
TYPED = st.sampled_from(
    [
        "",
        "0",
        "7",
        " 12 ",
        "１２",
        "1,234",
        "-3",
        "+2",
        "9.2万元",
        "1.50",
        "待核",
        "约9",
        "3 5",
        "~",
        "'",
        "1e3",
        "007",
        "#",
        "[1]",
        "是",
    ]
) | st.integers(0, 10**6).map(str)
SIGNS = "甲乙。：:#-?|>*&!%@`'\"\\{}[], \t\n\n\x85\u2028\ufeff\u3000\xa0\x07\x7f😀~0"
TEXTS = st.text(st.sampled_from(SIGNS), max_size=25)


@pytest.fixture
def desk_project(tmp_path: Path) -> Project:
    return office(tmp_path, "桑洲镇", "黄坛镇")


@pytest.fixture
def draft(desk_project: Project) -> Draft:
    return open_town(desk_project, TOWN)


def name_of(ref: CellRef) -> str:
    return cell_field(ref).name


def marked(draft: Draft) -> dict[CellRef, str]:
    """How grave the mark of each cell is that has one."""
    found = marks(draft.filing, [(issue, place_of(issue, draft.filing)) for issue in draft.issues])
    return {field.ref: mark.severity for field, mark in found.items() if field.kind == "cell"}


def stated(filing: Filing) -> dict[CellRef, str]:
    return {ref: figure.text for ref, figure in filing.values.items() if ref not in filing.computed}


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


def of_text(text: str, path: str = "2019/甲镇.yaml") -> Draft:
    project = load_project(ROOT)
    return opened(project, project.params / path, text.encode())


# --- towns -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("chinese")
def test_a_year_has_the_towns_with_a_file_and_those_of_the_year_before(tmp_path):
    project = office(tmp_path, "桑洲镇", "黄坛镇")
    other = tmp_path / "params/2020/宁海县/桑洲镇.yml"
    other.parent.mkdir(parents=True)
    other.write_text(GOOD, encoding="utf-8")
    towns = Towns(project)
    assert towns.years == [2021, 2020, 2019]
    assert [(town.name, town.suffix, town.has_file) for town in towns.of(2020)] == [
        ("2020/宁海县/桑洲镇", ".yml", True),
        ("2020/宁海县/黄坛镇", ".yaml", False),
    ]
    assert towns.find(2021, "宁海县/桑洲镇") == Town(2021, "宁海县/桑洲镇", ".yml", False)
    with pytest.raises(UserError, match="没有“宁海县/梅林街道”"):
        towns.find(2019, "宁海县/梅林街道")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("桑洲", ["宁海县/桑洲镇", "宁海县/大桑洲镇", "桑洲县/甲镇"]),
        ("甲镇", ["桑洲县/甲镇"]),
        ("宁海 桑", ["宁海县/桑洲镇", "宁海县/大桑洲镇"]),
        ("宁海县/桑", ["宁海县/桑洲镇", "宁海县/大桑洲镇"]),
        ("桑洲镇", ["宁海县/桑洲镇", "宁海县/大桑洲镇"]),
        ("", ["宁海县/大桑洲镇", "宁海县/桑洲镇", "桑洲县/甲镇"]),
        ("没有", []),
    ],
)
def test_the_best_town_comes_first(tmp_path, text, found):
    for name in ("宁海县/桑洲镇", "宁海县/大桑洲镇", "桑洲县/甲镇"):
        path = tmp_path / f"params/2019/{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert [town.inside for town in Towns(load_project(tmp_path)).search(2019, text)] == found


@pytest.mark.usefixtures("chinese")
def test_a_project_in_a_store_cannot_be_edited(tmp_path):
    (tmp_path / "reportkit.toml").write_text('params = "memory://params"', encoding="utf-8")
    with pytest.raises(UserError, match="不在本机上"):
        Towns(load_project(tmp_path))


# --- drafts ----------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_read_as_files_are_and_the_totals_follow(draft):
    changed = draft.with_cells({NEW: "３", COMPANY: "2", TOTAL: ""})
    assert stated(changed.filing) == {
        **{ref: text for ref, text in stated(draft.filing).items() if ref != TOTAL},
        NEW: "3",
        COMPANY: "2",
    }
    assert (changed.filing.values[TOTAL].text, TOTAL in changed.filing.computed) == ("5", True)
    assert (changed.texts[NEW], changed.texts[TOTAL]) == ("３", "")
    assert (
        "一、本年新收政府信息公开申请数量: {自然人: 3, 总计: ~, 法人或其他组织: [2, ~, ~, ~, ~]}"
        in changed.bytes.decode()
    )


def test_a_total_that_is_stated_is_checked(draft):
    issues = [(issue.code, issue.ref) for issue in draft.with_cells({NEW: "3"}).issues if issue.severity == "error"]
    assert issues == [("R2", TOTAL), ("R1", CellRef("requests", "outcome.total", "person"))]


@pytest.mark.parametrize(
    ("text", "code"),
    [("约9", "V1"), ("-3", "V2"), ("1.5", "V3"), ("3件", "V4"), (TO_CHECK["zh"], "V7"), ("9" * 20, "V5")],
)
def test_what_is_no_figure_stays_as_typed_and_is_an_issue_at_its_cell(draft, text, code):
    changed = draft.with_cells({COMPANY: text})
    assert changed.texts[COMPANY] == text
    assert COMPANY in changed.filing.unread
    assert [issue.code for issue in changed.issues if issue.ref == COMPANY] == [code]
    assert marked(changed)[COMPANY] == "error"
    assert changed.path.read_bytes() == draft.content
    again = opened(draft.project, draft.path, changed.bytes)
    assert again.texts[COMPANY] == text
    assert again.with_cells({COMPANY: text}).bytes == changed.bytes


def test_a_figure_keeps_its_unit_and_its_comment(draft):
    text = draft.with_cells({AMOUNT: "10.50万元"}).bytes.decode()
    assert "政府集中采购: {采购项目数量: 27, 采购总金额: 10.50万元}" in text
    assert comments(text) == comments(GOOD)


BASES = {
    "sparse": GOOD,
    "full": SUQIAN.read_text(encoding="utf-8"),
    "without figures": "year: 2023\njurisdiction: 甲镇 # 名称\nnarrative: {总体情况: 无} # 一行\n",
    "in braces": "{year: 2023, jurisdiction: 甲镇, figures: {requests: {received: {person: 1, total: 1}, outcome: {granted: ~}}}}",
    "by key": "year: 2023\njurisdiction: 甲镇\nfigures:\n  requests:\n    received:\n      person: '3' # 三\n      法人或其他组织: {company: 1}\n  reviews: ~\n",
}


@pytest.mark.parametrize("base", BASES)
@given(data=st.data())
@FEW
def test_any_typing_is_read_back_and_nothing_else_changes(base, data):
    draft = of_text(BASES[base])
    form = draft.opened.form
    cells = [ref for table in form.tables.values() for ref in table.cells]
    typed = data.draw(st.dictionaries(st.sampled_from(cells), TYPED, min_size=1, max_size=6))
    changed = draft.with_cells(typed)
    expected = stated(draft.filing)
    for ref, text in typed.items():
        expected.pop(ref, None)
        figure = read_figure(text.strip(), form.tables[ref.table].cells[ref])
        if text.strip() not in ("", "~", TO_CHECK["zh"]) and not isinstance(figure, Refusal):
            expected[ref] = figure.text
    assert stated(changed.filing) == expected
    assert changed.filing.narrative == draft.filing.narrative
    assert set(comments(draft.text)) <= set(comments(changed.bytes.decode()))
    back = changed.with_cells({ref: draft.texts.get(ref, "") for ref in typed})
    assert (back.bytes, back.is_changed) == (draft.content, False)


@pytest.mark.parametrize("before", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_the_byte_order_mark_stay(before, end):
    text = before + GOOD.replace("\n", end)
    changed = of_text(text).with_cells({NEW: "3", COMPANY: "1"}).with_words("other", "一\n\n二").bytes.decode()
    assert changed.startswith(before + "# 桑洲镇")
    assert changed.count("\n") == changed.count(end)
    assert of_text(changed).filing.narrative["other"] == "一\n\n二\n"


def test_a_file_in_gb18030_is_saved_in_utf8():
    project = load_project(ROOT)
    draft = opened(project, SANGZHOU, GOOD.encode("gb18030"))
    assert draft.bytes == GOOD.encode("gb18030")
    assert draft.with_cells({NEW: "0", COMPANY: "0"}).bytes.decode().startswith("# 桑洲镇 2019")


ODD = "edition: '2019'\nyear: 2019\njurisdiction: 甲镇\nfigures:\n  收到和处理政府信息公开申请情况:\n    一、本年新收政府信息公开申请数量: {}\n"


@pytest.mark.parametrize("row", ["[1, 2]", "5", "\n      - 1\n      - 2", "[1, 2] # 缺了几个"])
def test_a_row_of_the_wrong_length_is_written_anew_and_what_nobody_typed_is_to_be_checked(row):
    draft = of_text(ODD.format(row))
    assert NEW in draft.filing.unread
    assert draft.texts.get(NEW, "") == ""
    changed = draft.with_cells({NEW: "", COMPANY: "2"})
    assert f"[~, 2, {', '.join([TO_CHECK['zh']] * 5)}]" in changed.bytes.decode()
    assert comments(changed.bytes.decode()) == comments(draft.text)
    assert marked(draft)[COMPANY] == "error"


def test_what_cannot_be_put_in_is_refused_and_the_draft_stays():
    draft = of_text(ODD.format("\n      - 1\n      # 一条注释\n      - 2"))
    with pytest.raises(ReaderError, match=r"“自然人”、.*没有地方写：文件第 \d+ 行的写法不能自动添加"):
        draft.with_cells({NEW: "3"})
    assert draft.bytes == draft.content


# --- words -----------------------------------------------------------------------------------------------------------

HEAD = "edition: '2019'\nyear: 2019\njurisdiction: 甲镇\nagency: 甲镇人民政府\n"
STYLES = [
    "", "narrative:\n", "narrative: ~ # 待写\n", "narrative: {}\n", "narrative: {总体情况: '无', 其他需要报告的事项: 无}\n",
    "narrative:\n  总体情况: 无 # 待写\n", "narrative:\n  总体情况: | # 待写\n    一\n\n    二\n\n  # 下一节\n  other: 无\n",
    "narrative:\n  总体情况: |+\n    一\n\n\nwaivers: {R12: 联合发文}\n", "narrative:\n  总体情况: >-\n    一\n    二", "narrative:\n  总体情况: \"一\\n\n    二\" # 注\n  other: |2\n     缩进\n",
    "narrative:\n  总体情况: 一\n    二\n    三\n  other: 无\n# 完\n", "narrative:\n  总体情况: |\n    一",
]  # fmt: skip


@pytest.mark.parametrize("before", STYLES)
@given(words=TEXTS)
@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
def test_any_words_replace_any_and_the_rest_stays(before, words):
    draft = of_text(HEAD + before)
    changed = draft.with_words("overview", words)
    after = of_text(changed.bytes.decode())
    expected = {key: text.rstrip("\n") for key, text in draft.filing.narrative.items() if key != "overview"}
    if words.strip():
        expected["overview"] = words.rstrip()
    assert {key: text.rstrip("\n") for key, text in after.filing.narrative.items()} == expected
    assert after.filing.waivers == draft.filing.waivers
    assert [issue for issue in after.filing.notes if issue.severity == "error" and issue.code[0] == "Y"] == []
    assert [comment for comment in comments(draft.text) if comment not in changed.bytes.decode()] == []
    back = changed.with_words("overview", draft.section_text("overview"))
    assert back.bytes == draft.content


def test_words_taken_out_leave_a_blank(draft):
    changed = draft.with_words("other", " \n")
    assert changed.bytes.decode().endswith("\n  其他需要报告的事项: ~\n")
    assert changed.section_text("other") == ""
    assert [issue.code for issue in changed.issues if "其他需要报告的事项" in issue.message] == ["N1"]


# --- last year, and new files ----------------------------------------------------------------------------------------


def test_last_year_is_the_same_place_a_year_before_and_its_rules_are_told(tmp_path):
    project = office(tmp_path, "桑洲镇")
    this_year = tmp_path / "params/2020/宁海县/桑洲镇.yaml"
    this_year.parent.mkdir(parents=True)
    this_year.write_text(
        GOOD.replace("year: 2019", "year: 2020").replace(
            "二、上年结转政府信息公开申请数量: {总计: 0}", "二、上年结转政府信息公开申请数量: {总计: 4}"
        ),
        encoding="utf-8",
    )
    draft = open_town(project, Town(2020, "宁海县/桑洲镇", ".yaml", True))
    assert draft.last is not None
    assert draft.last.year == 2019
    assert ("R7", CARRIED._replace(column="total")) in [(issue.code, issue.ref) for issue in draft.issues]
    assert last_year(project, TOWN) is None


def test_a_new_file_keeps_last_years_comments_and_waivers_and_none_of_its_words(tmp_path):
    project = office(tmp_path, "桑洲镇")
    path = project.params / "2019/宁海县/桑洲镇.yaml"
    own = "waivers: {L3: 名称已核对}\nnarrative: {总体情况: 去年的话。}\n"
    path.write_text(
        "# 党政办填\n" + path.read_text(encoding="utf-8").partition("narrative:")[0] + own, encoding="utf-8"
    )
    draft = open_town(project, Town(2020, "宁海县/桑洲镇", ".yaml", False))
    assert "# 党政办填\n" in draft.text
    assert (draft.opened.waivers, draft.opened.narrative) == ({"L3": "名称已核对"}, {})
    assert draft.last is not None
    assert draft.last.narrative == {"overview": "去年的话。"}


def test_a_new_file_starts_with_last_years_names_and_its_carry_over(tmp_path):
    project = office(tmp_path)
    path = tmp_path / "params/2023/江苏省/宿迁市.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(SUQIAN.read_bytes())
    draft = open_town(project, Town(2024, "江苏省/宿迁市", ".yaml", False))
    assert (draft.filing.jurisdiction, draft.filing.year, draft.filing.agency) == ("宿迁市", 2024, "宿迁市人民政府")
    assert {ref.row for ref in stated(draft.filing)} == {"carried_in"}
    assert draft.texts[CARRIED] == "118"
    assert draft.filing.narrative == {}
    saved = save(draft.with_cells({NEW: "5"}))
    assert isinstance(saved, Saved)
    assert stated(project.read(draft.path))[NEW] == "5"
    assert not can_undo(saved.draft)


@pytest.mark.usefixtures("chinese")
def test_without_last_year_there_is_nothing_to_start_from(desk_project):
    with pytest.raises(UserError, match="上一年的也没有"):
        open_town(desk_project, Town(2023, "宁海县/桑洲镇", ".yaml", False))


# --- saving ----------------------------------------------------------------------------------------------------------


def test_a_saved_draft_is_the_file_and_goes_on(draft):
    saved = save(draft.with_cells({COMPANY: "0"}))
    assert isinstance(saved, Saved)
    assert draft.path.read_bytes() == saved.draft.content
    assert (saved.draft.is_changed, saved.draft.texts[COMPANY]) == (False, "0")


def test_nothing_is_written_without_an_edit(draft):
    before = draft.path.stat().st_mtime_ns
    assert isinstance(save(draft.with_cells({NEW: "5"}).with_cells({NEW: " 0 "})), Saved)
    assert draft.path.stat().st_mtime_ns == before
    assert not can_undo(draft)


@given(first=st.dictionaries(st.sampled_from(CELLS), TYPED, max_size=3), words=TEXTS)
@FEW
def test_undo_restores_the_bytes_and_undo_again_goes_forward(desk_project, first, words):
    add_town(desk_project.root, "桑洲镇")
    draft = open_town(desk_project, TOWN)
    changed = draft.with_cells(first).with_words("overview", words)
    saved = save(changed)
    assert isinstance(saved, Saved)
    assert stated(desk_project.read(draft.path)) == stated(changed.filing)
    if changed.bytes == draft.content:
        return
    back = undo(saved.draft)
    assert isinstance(back, Draft)
    assert draft.path.read_bytes() == draft.content == back.content
    undo(back)
    assert draft.path.read_bytes() == changed.bytes


def test_edits_not_saved_yet_stay_when_a_save_is_undone(draft):
    saved = save(draft.with_cells({COMPANY: "0"}))
    back = undo(saved.draft.with_cells({NEW: "3"}))
    assert (back.texts.get(COMPANY), back.texts[NEW], back.is_changed) == (None, "3", True)
    assert draft.path.read_bytes() == draft.content


def theirs(draft: Draft) -> bytes:
    """Somebody else saves: other procurement, other words."""
    text = (
        draft.path.read_text(encoding="utf-8")
        .replace("采购项目数量: 27", "采购项目数量: 28")
        .replace("本年度无其他", "本年度没有其他")
    )
    draft.path.write_text(text, encoding="utf-8")
    return text.encode()


def test_a_file_changed_meanwhile_is_not_written_and_the_difference_is_told(draft):
    mine = draft.with_cells({NEW: "3"})
    now = theirs(draft)
    found = save(mine)
    assert isinstance(found, Changed)
    assert draft.path.read_bytes() == found.theirs == now
    assert found.differences == (
        Difference("主动公开政府信息情况 “政府集中采购” “采购项目数量”", "27", "28", "27"),
        Difference(
            "收到和处理政府信息公开申请情况 “一、本年新收政府信息公开申请数量” “申请人情况 / 自然人”", "0", "0", "3"
        ),
        Difference(
            "其他需要报告的事项",
            "本年度无其他需要报告的事项。",
            "本年度没有其他需要报告的事项。",
            "本年度无其他需要报告的事项。",
        ),
    )
    assert [line.merged for line in found.differences] == ["28", "3", "本年度没有其他需要报告的事项。"]


def test_both_peoples_edits_can_be_kept(draft):
    mine = draft.with_cells({NEW: "3"})
    now = theirs(draft)
    saved = merge(mine, now)
    assert isinstance(saved, Saved)
    assert draft.path.read_bytes() == now.replace("{自然人: 0, 总计: 0}".encode(), "{自然人: 3, 总计: 0}".encode(), 1)
    undo(saved.draft)
    assert draft.path.read_bytes() == now


def test_mine_can_be_saved_over_the_version_that_was_seen_and_over_no_other(draft):
    mine = draft.with_cells({NEW: "3"})
    seen = theirs(draft)
    draft.path.write_bytes(seen + b"# more\n")
    assert isinstance(overwrite(mine, seen), Changed)
    assert draft.path.read_bytes() == seen + b"# more\n"
    saved = overwrite(mine, seen + b"# more\n")
    assert isinstance(saved, Saved)
    assert draft.path.read_bytes() == mine.bytes
    assert undo(saved.draft).content == seen + b"# more\n"


@pytest.mark.usefixtures("chinese")
def test_a_file_that_is_gone_or_broken_is_told_and_can_be_written_again(draft):
    mine = draft.with_cells({NEW: "3"})
    draft.path.write_text("a: [", encoding="utf-8")
    broken = save(mine)
    assert "读不出来" in broken.reason
    draft.path.unlink()
    gone = save(mine)
    assert (gone.theirs, "不在磁盘上" in gone.reason) == (None, True)
    assert isinstance(overwrite(mine, None), Saved)
    assert draft.path.read_bytes() == mine.bytes


def test_reloading_gives_their_version_and_onto_keeps_mine(draft):
    mine = draft.with_cells({NEW: "3"}).with_words("other", "无。")
    now = theirs(draft)
    assert reloaded(mine).content == now
    assert onto(mine, now).section_text("other") == "无。"


def test_undo_refuses_a_file_that_somebody_else_has_changed(draft):
    saved = save(draft.with_cells({NEW: "3"}))
    now = theirs(draft)
    assert isinstance(undo(saved.draft), Changed)
    assert draft.path.read_bytes() == now


@pytest.mark.usefixtures("chinese")
def test_a_disk_that_takes_nothing_is_told_and_the_file_stays(draft, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reportkit.files.parts._write", full)
    with pytest.raises(UserError, match="没有保存"):
        save(draft.with_cells({NEW: "3"}))
    assert draft.path.read_bytes() == draft.content


# --- what is shown ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_a_shape_has_each_cell_once_and_covers_its_grid(edition):
    form = FORMS[edition]
    for table in form.tables.values():
        shape = table_shape(table, form)
        cells = [cell for row in shape["rows"] for cell in row]
        assert [field_of(cell["ref"], form).ref for cell in cells if "ref" in cell] == list(table.cells)
        assert sum(cell["rowspan"] * cell["colspan"] for cell in cells) == len(shape["rows"]) * table.width
        assert all(cell["name"] and cell["takes"] for cell in cells if "ref" in cell)
    with pytest.raises(KeyError):
        field_of("cell:requests|received|nothing", form)


def test_sections_in_words_have_last_years(draft):
    assert [(shape["key"], shape["last"][:6]) for shape in section_shapes(draft.filing, draft.filing)] == [
        ("overview", "2019年，"),
        ("problems", "2019年，"),
        ("other", "本年度无其他"),
    ]


def test_an_issue_leads_to_its_cell_its_table_or_its_words(draft):
    changed = draft.with_cells({NEW: "3"}).with_words("other", "")
    places = {issue.code: place_of(issue, changed.filing) for issue in changed.issues}
    assert places["R2"] == cell_field(TOTAL)
    assert places["N1"] == Field("words", "overview")
    assert places["B1"].ref.table == "reviews"
    elsewhere = Issue("J1", "error", "", Origin("x", "99"))
    assert place_of(elsewhere, changed.filing) is None


# --- preview and build -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("chinese")
def test_only_the_newest_page_is_made_and_nobody_waits():
    shown: list[tuple[str, str, str]] = []
    come, printer = threading.Semaphore(0), Printer()
    previewer = Previewer(lambda: printer, lambda *page: (shown.append(page), come.release()), pause=0.01)
    previewer.start()
    for content in (b"1", b"2", b"3"):
        previewer.ask("a", content)
    while not printer.asked:
        pass
    previewer.ask("a", b"4")
    previewer.ask("a", b"bad")
    printer.free.set()
    assert come.acquire(timeout=10)
    assert come.acquire(timeout=10)
    previewer.ask("b", b"broken")
    assert come.acquire(timeout=10)
    previewer.close()
    assert (printer.asked, printer.closed) == ([b"3", b"bad", b"broken"], True)
    assert shown == [("a", "<p>a", ""), ("a", "", "第 2 页：no font"), ("b", "", "预览没有做出来：ValueError: oops")]


def test_a_build_tells_how_far_it_is(desk_project):
    told: list[tuple[int, int, str]] = []
    outcomes = build(
        desk_project,
        [desk_project.params / "2019"],
        lambda done, total, outcome: told.append((done, total, outcome.status if outcome else "")),
        lambda _: Here(),
    )
    assert told == [(0, 2, ""), (1, 2, "built"), (2, 2, "built")]
    assert sorted({path.suffix for path in outcomes[0].files}) == [".html", ".ipynb", ".pdf"]


# --- the desk --------------------------------------------------------------------------------------------------------


@pytest.fixture
def front(desk_project: Project):
    made = Front(desk_project)
    yield made
    made.desk.close()


def test_a_town_is_found_opened_typed_in_and_saved(front):
    assert front.do("hello") == [{"what": "hello", "years": [2020, 2019], "year": 2019}]
    (found,) = front.do("find", year=2019, text="桑")
    assert [town["inside"] for town in found["towns"]] == ["宁海县/桑洲镇"]
    sheet, state = front.do("open", year=2019, inside="宁海县/桑洲镇")
    assert [table["caption"] for table in sheet["tables"]] == [table.caption for table in FORMS["2019"].tables.values()]
    assert (state["unsaved"], state["canUndo"], state["counts"]) == (
        False,
        False,
        {"requests": {"warning": 1}, "reviews": {"warning": 1}},
    )
    (state,) = front.do("edit", fields={name_of(NEW): "3"}, turn=7)
    assert (state["turn"], state["edits"]) == (7, 1)
    assert state["fields"][name_of(TOTAL)][2] == "error"
    assert front.wait("page")["html"] == "<p>2019/宁海县/桑洲镇"
    (state,) = front.do("edit", fields={name_of(TOTAL): ""}, turn=8)
    assert state["fields"][name_of(TOTAL)][:2] == ["", "3"]
    assert [message["what"] for message in front.do("save")] == ["sheet", "state", "told"]
    assert "{自然人: 3, 总计: ~}" in (front.desk.project.params / "2019/宁海县/桑洲镇.yaml").read_text(encoding="utf-8")
    assert front.do("unsave")[-1]["level"] == "done"


def test_what_was_typed_stays_when_another_town_is_opened_and_when_the_page_is_loaded_again(front):
    front.do("open", year=2019, inside="宁海县/桑洲镇")
    front.do("edit", fields={name_of(NEW): "3"})
    front.do("open", year=2019, inside="宁海县/黄坛镇")
    (found,) = front.do("find", year=2019, text="")
    assert [(town["name"], town["unsaved"]) for town in found["towns"]] == [("桑洲镇", True), ("黄坛镇", False)]
    assert front.do("open", year=2019, inside="宁海县/桑洲镇")[-1]["fields"][name_of(NEW)][0] == "3"
    assert front.do("hello")[-1]["fields"][name_of(NEW)][0] == "3"


@pytest.mark.usefixtures("chinese")
def test_a_new_file_says_what_it_starts_with(front):
    *_, told = front.do("open", year=2020, inside="宁海县/桑洲镇")
    assert (told["level"], "取自 2019 年" in told["text"]) == ("note", True)
    (found,) = front.do("find", year=2020, text="桑")
    assert not found["towns"][0]["hasFile"]
    front.do("save")
    (found,) = front.do("find", year=2020, text="桑")
    assert found["towns"][0]["hasFile"]


def test_all_units_are_told_with_how_far_they_are_and_what_to_choose_them_by(front):
    (front.desk.project.root / "roster.csv").write_text("单位,截止\n黄坛镇,2020-01-20\n己镇,1-20\n", encoding="utf-8")
    assert front.do("survey", year=2019) == []
    told = front.wait("states", year=2019)
    assert [(unit["name"], unit["inside"], unit["said"]) for unit in told["units"]] == [
        ("黄坛镇", "宁海县/黄坛镇", "handed in"),
        ("己镇", None, "no file"),
        ("桑洲镇", "宁海县/桑洲镇", "handed in"),
    ]
    assert [(one["key"], one["number"]) for one in told["filters"] if one["key"] != "warnings"] == [
        ("missing", 1),
        ("handed_in", 2),
        ("late", 1),
        ("strangers", 1),
    ]
    assert (told["summary"], told["units"][1]["keys"]) == ("3 units: no file 1, handed in 2", ["missing", "late"])
    (found,) = front.do("find", year=2019, text="")
    assert [(town["name"], town["state"]) for town in found["towns"]] == [
        ("黄坛镇", "handed in"),
        ("桑洲镇", "handed in"),
    ]


def test_a_look_over_all_units_that_cannot_be_taken_says_why(front):
    (front.desk.project.root / "roster.csv").write_text("甲镇\n", encoding="utf-8")
    front.do("survey", year=2019, asked=True)
    told = front.wait("states")
    assert ("no column of names" in told["summary"], told["units"]) == (True, [])


def test_a_town_without_edits_is_opened_as_it_is_on_disk_now(front):
    front.do("open", year=2019, inside="宁海县/桑洲镇")
    now = theirs(front.desk.draft)
    front.do("open", year=2019, inside="宁海县/桑洲镇")
    assert front.desk.draft.content == now


def test_a_change_on_disk_is_told_with_its_choices_and_each_does_what_it_says(front):
    front.do("open", year=2019, inside="宁海县/桑洲镇")
    front.do("edit", fields={name_of(NEW): "3"})
    now = theirs(front.desk.draft)
    (told,) = front.do("save")
    assert [action for action, _ in told["actions"]] == ["merge", "overwrite", "drop"]
    assert len(told["differences"]) == 3
    assert front.do("merge")[-1]["level"] == "done"
    assert front.desk.draft.content != now
    assert front.desk.draft.texts[CellRef("proactive", "procurement", "projects")] == "28"


def test_reloading_asks_before_it_drops_edits(front):
    front.do("open", year=2019, inside="宁海县/桑洲镇")
    front.do("edit", fields={"words:other": "**无**"})
    (asked,) = front.do("reload")
    assert (asked["level"], asked["actions"][0][0]) == ("ask", "drop")
    assert front.desk.draft.is_changed
    front.do("drop")
    assert not front.desk.draft.is_changed


def test_words_are_shown_as_they_will_be_set_and_no_markup_of_theirs(front):
    front.do("open", year=2019, inside="宁海县/桑洲镇")
    (state,) = front.do("edit", fields={"words:other": "**无** <script>"})
    assert state["prose"]["other"] == "<p><strong>无</strong> &lt;script&gt;</p>\n"


def test_a_build_is_of_what_is_saved(front):
    front.do("open", year=2019, inside="宁海县/桑洲镇")
    front.do("edit", fields={name_of(COMPANY): "0"})
    (asked,) = front.do("build", scope="town")
    assert asked["level"] == "ask"
    front.do("save")
    front.do("build", scope="town")
    made = front.wait("progress", done=1)["made"]
    assert (made["status"], len(made["files"])) == ("built", 3)


@pytest.mark.usefixtures("chinese")
def test_what_cannot_be_done_is_told_and_the_draft_goes_on(front, desk_project):
    add_town(desk_project.root, "坏镇", "a: [")
    front.desk.refresh()
    (broken,) = front.do("open", year=2019, inside="宁海县/坏镇")
    assert (broken["what"], "YAML" in broken["message"]) == ("broken", True)
    front.do("open", year=2019, inside="宁海县/桑洲镇")
    told, state = front.do("open", year=2019, inside="没有/这个")
    assert (told["level"], state["what"]) == ("error", "state")
    assert front.do("unsave")[0]["text"] == "这个文件没有可以撤销的保存"
    assert front.do("nonsense") == []


# --- the notebook ----------------------------------------------------------------------------------------------------


def test_the_widget_sends_what_the_desk_tells(desk_project):
    widget = open_workbench(desk_project)
    sent: list[dict] = []
    widget.send = sent.append
    widget._received(widget, {"do": "hello"}, [])
    assert [message["what"] for message in sent] == ["hello"]
    assert open_workbench(desk_project).desk is widget.desk
    widget.desk.close()


HAN = re.compile("[\u3400-\u9fff]")


def all_words() -> list[str]:
    return [text for words in front_words().values() for text in ([words] if isinstance(words, str) else words)]


def test_the_front_end_speaks_the_language_of_the_person(desk_project):
    widget = open_workbench(desk_project)
    assert (widget.words["save"], widget.words["errors"]) == ("Save", ["{number} error", "{number} errors"])
    assert [text for text in all_words() if HAN.search(text)] == []
    with speaking("zh_CN.UTF-8"):
        words = open_workbench(desk_project).words
        latin = re.findall("[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", " ".join(all_words())))
    assert (words["save"], words["errors"]) == ("保存", ["{number} 个错误"] * 2)
    assert sorted(latin) == ["Ctrl", "Esc", "Excel", "PDF", "Tab"]
    assert words.keys() == widget.words.keys()
    widget.desk.close()


def test_the_script_has_all_its_words_as_data():
    script = "".join((FRONT / name).read_text(encoding="utf-8") for name in SCRIPTS)
    styles = [(FRONT / name).read_text(encoding="utf-8") for name in STYLESHEETS]
    assert not HAN.search(script + "".join(styles))
    assert {path.name for path in FRONT.iterdir()} == {*SCRIPTS, *STYLESHEETS}
    named = set(re.findall(r'say\((?:[^"()]*\? )?"(\w+)"', script))
    quoted = set(re.findall(r'"(\w+)"', script)) | {"html", "pdf", "ipynb"}
    assert (named - set(front_words()), set(front_words()) - quoted) == (set(), set())


def test_what_the_desk_tells_is_in_the_language_of_the_person(front):
    front.do("open", year=2019, inside="宁海县/桑洲镇")
    front.do("edit", fields={name_of(NEW): "3"})
    (asked,) = front.do("reload")
    assert asked["text"] == "1 edit is not saved, and reloading gives it up."
    with speaking("zh_CN.UTF-8"):
        (asked,) = front.do("reload")
    assert asked["text"] == "有 1 处修改没有保存；重新载入就没有了。"


def test_the_notebook_is_three_cells_without_outputs_and_runs_without_a_front_end(tmp_path):
    office(tmp_path, "桑洲镇")
    nb = nbformat.read(ROOT / "notebooks/workbench.ipynb", 4)
    assert [(cell.id, cell.cell_type) for cell in nb.cells] == [
        ("about", "markdown"),
        ("setup", "code"),
        ("workbench", "code"),
    ]
    assert [(cell.outputs, cell.execution_count) for cell in nb.cells[1:]] == [([], None)] * 2
    done = nbclient.execute(nb, cwd=str(tmp_path), timeout=60)
    assert "application/vnd.jupyter.widget-view+json" in done.cells[2].outputs[0].data
