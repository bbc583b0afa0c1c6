"""Filling in at the workbench: each step undone and done again, zeros for blanks, words to begin from, waivers, drafts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.errors import CellRef, UserError
from reportkit.project import Project, load_project
from reportkit.report.narrative import cell_prose, names, town_prose
from reportkit.workbench import Desk, Draft, Town, open_town, opened
from reportkit.workbench.beginnings import begun
from reportkit.workbench.blanks import blanks, with_zeros
from reportkit.workbench.fields import Field, cell_field, field_of, words_for
from reportkit.workbench.kept_drafts import Keeper
from reportkit.workbench.steps import Steps
from support.laws import examples
from support.offices import GOOD, office
from support.repository import ROOT, SUQIAN

TOWN = Town(2019, "宁海县/桑洲镇", ".yaml", True)
PERSON, COMPANY = CellRef("requests", "received", "person"), CellRef("requests", "received", "company")
TOTAL = PERSON._replace(column="total")
AGENCY, COMPARE, OVERVIEW = Field("head", "agency"), Field("head", "compare"), Field("words", "overview")
NOTHING = "本年度无其他需要报告的事项。"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return office(tmp_path, "桑洲镇")


@pytest.fixture
def draft(project: Project) -> Draft:
    return open_town(project, TOWN)


def of_text(text: str) -> Draft:
    project = load_project(ROOT)
    return opened(project, project.params / "2019/甲镇.yaml", text.encode())


class Clerk:
    """Whoever sits at a desk: what is done, and what the desk tells of it."""

    def __init__(self, project: Project) -> None:
        self.told: list[dict[str, Any]] = []
        self.desk = Desk(project, lambda message: self.told.append(json.loads(json.dumps(message))), _no_pages)
        self.do("open", year=2019, inside="宁海县/桑洲镇")

    def do(self, action: str, **more: object) -> dict[str, Any]:
        """Do something; return the state that is told."""
        self.desk.receive({"do": action, **more})
        return next(message for message in reversed(self.told) if message["what"] == "state")

    def edit(self, group: str = "", **fields: str) -> dict[str, Any]:
        texts = {NAMES.get(name, name): text for name, text in fields.items()}
        return self.do("edit", fields=texts, group=group)

    @property
    def notice(self) -> dict[str, Any]:
        return next(message for message in reversed(self.told) if message["what"] == "told")

    def text(self, field: Field) -> str:
        return self.desk.draft.text_at(field)


NAMES = {
    "person": cell_field(PERSON).name,
    "company": cell_field(COMPANY).name,
    "total": cell_field(TOTAL).name,
    "other": "words:other",
    "agency": AGENCY.name,
}


def _no_pages() -> NoReturn:
    raise UserError("no pages are made here")


@pytest.fixture
def clerk(project: Project) -> Iterator[Clerk]:
    made = Clerk(project)
    yield made
    made.desk.close()


# --- undo and redo ---------------------------------------------------------------------------------------------------


def test_steps_of_all_kinds_have_one_history_that_leads_to_where_they_were(clerk: Clerk) -> None:
    clerk.edit(person="3")
    clerk.edit(other="无。")
    clerk.edit(agency="桑洲镇政府")
    clerk.do("zeros", table="requests")
    clerk.edit(**{"waiver:B1": "留空"})
    moved = [clerk.do("back", turn=turn)["moved"] for turn in range(6)]
    assert [names[:1] for names in moved] == [
        ["waiver:B1"], ["cell:requests|carried_in|company"], ["head:agency"], ["words:other"], [NAMES["person"]], [],
    ]  # fmt: skip
    assert (clerk.desk.draft.is_changed, clerk.desk.draft.bytes) == (False, clerk.desk.draft.content)
    for _ in range(6):
        state = clerk.do("forth")
    assert state["steps"] == [True, False]
    assert [clerk.text(field) for field in (cell_field(PERSON), AGENCY, Field("waiver", "B1"))] == [
        "3", "桑洲镇政府", "留空",
    ]  # fmt: skip


def test_what_is_typed_in_one_go_and_a_block_are_a_step_each(clerk: Clerk) -> None:
    for text in ("1", "12", "123"):
        clerk.edit(group="visit 1", person=text)
    clerk.edit(group="paste", person="7", company="8", total="15")
    assert clerk.do("back")["fields"][NAMES["person"]][0] == "123"
    assert clerk.text(cell_field(COMPANY)) == ""
    assert clerk.do("back")["fields"][NAMES["person"]][0] == "0"
    clerk.edit(group="visit 2", person="5")
    assert clerk.do("forth")["moved"] == []


def test_a_save_and_a_merge_take_no_step_away(clerk: Clerk) -> None:
    clerk.edit(person="3")
    clerk.do("save")
    state = clerk.do("back")
    assert (state["edits"], clerk.text(cell_field(PERSON))) == (1, "0")
    clerk.edit(other="无。")
    path = clerk.desk.draft.path
    path.write_text(path.read_text(encoding="utf-8").replace("项目数量: 27", "项目数量: 28"), encoding="utf-8")
    clerk.do("save")
    clerk.do("merge")
    assert clerk.do("back")["moved"] == ["words:other"]
    assert clerk.text(Field("words", "other")) == NOTHING
    assert clerk.text(field_of("cell:proactive|procurement|projects", clerk.desk.draft.opened.form)) == "28"


def test_edits_that_were_given_up_can_be_taken_back(clerk: Clerk) -> None:
    clerk.edit(person="3", other="无。")
    clerk.do("drop")
    assert not clerk.desk.draft.is_changed
    clerk.do("back")
    assert (clerk.text(cell_field(PERSON)), clerk.text(Field("words", "other"))) == ("3", "无。")


EDITS = st.dictionaries(
    st.sampled_from([cell_field(PERSON), cell_field(COMPANY), OVERVIEW, AGENCY, COMPARE, Field("waiver", "R1")]),
    st.sampled_from(["", "0", "3", "约9", "甲镇", "true", "一\n\n二"]),
    min_size=1,
    max_size=3,
)


@given(edits=st.lists(EDITS, min_size=1, max_size=5))
@settings(max_examples=examples(15), deadline=None, suppress_health_check=list(HealthCheck))
def test_any_steps_lead_back_to_the_file_and_forth_to_what_was_typed(edits: list[dict[Field, str]]) -> None:
    draft, steps = of_text(GOOD), Steps()
    seen = [draft]
    for texts in edits:
        after = seen[-1].with_edits(texts)
        if after.edits != seen[-1].edits:
            steps.add(seen[-1], after)
            seen.append(after)
    now = seen[-1]
    for expected in reversed(seen[:-1]):
        now, _ = steps.undo(now)
        assert (now.edits, now.bytes) == (expected.edits, expected.bytes)
    for expected in seen[1:]:
        now, _ = steps.redo(now)
        assert now.bytes == expected.bytes
    assert (steps.can_undo, steps.can_redo) == (len(seen) > 1, False)


# --- zeros -----------------------------------------------------------------------------------------------------------


def test_zeros_fill_the_blanks_alone_and_the_totals_follow(draft: Draft) -> None:
    wrong = draft.with_cells({COMPANY: "约9", TOTAL: "待核"})
    filled = with_zeros(wrong, "requests")
    cells = {ref: filled.texts.get(ref, "") for ref in filled.opened.form.tables["requests"].cells}
    assert (cells[COMPANY], cells[TOTAL], cells[PERSON]) == ("约9", "待核", "0")
    assert [ref for ref in cells if cells[ref] == "" and ref not in filled.filing.computed] == []
    assert {table: len(refs) for table, refs in blanks(filled).items()} == {
        "proactive": 0,
        "requests": 0,
        "reviews": 12,
    }
    assert filled.filing.values[CellRef("requests", "carried_in", "total")].text == "0"


def test_a_row_whose_sum_does_not_hold_lacks_a_number_and_no_zero(draft: Draft) -> None:
    wrong = draft.with_cells({PERSON: "3", TOTAL: "5"})
    assert {ref for ref in wrong.opened.form.tables["requests"].cells if ref.row == "received"}.isdisjoint(
        blanks(wrong)["requests"]
    )
    assert COMPANY in blanks(draft.with_cells({PERSON: "3", TOTAL: "3"}))["requests"]


def test_a_row_that_could_not_be_read_is_left_to_be_looked_at() -> None:
    row = "edition: '2019'\nyear: 2019\njurisdiction: 甲镇\nfigures:\n  requests:\n    received: [1, 2]\n"
    filled = with_zeros(of_text(row), "requests")
    assert {ref for ref in filled.filing.unread if ref.row == "received"} == {
        ref for ref in filled.opened.form.tables["requests"].cells if ref.row == "received"
    }


# --- words to begin from ---------------------------------------------------------------------------------------------


def test_a_section_begins_from_the_masters_words_with_this_towns_figures(clerk: Clerk) -> None:
    clerk.edit(person="3", total="3")
    state = clerk.do("begin", section="overview", source="master")
    words = state["fields"]["words:overview"][0]
    assert state["moved"] == ["words:overview"]
    assert words.startswith("本报告由桑洲镇人民政府根据")
    assert "\n\n没有新制作和新公开规范性文件" in words
    assert "新收政府信息公开申请3件" in words
    assert "{{" not in words
    assert clerk.do("back")["fields"]["words:overview"][0].startswith("2019年，")


def test_a_section_begins_from_last_years_words(project: Project) -> None:
    clerk = Clerk(project)
    clerk.do("open", year=2020, inside="宁海县/桑洲镇")
    assert clerk.do("begin", section="other", source="last")["fields"]["words:other"][0] == NOTHING
    clerk.desk.close()


def test_where_there_are_no_words_nothing_is_changed(clerk: Clerk) -> None:
    state = clerk.do("begin", section="other", source="last")
    assert (clerk.notice["level"], state["edits"]) == ("error", 0)


# --- agency, comparison, waivers -------------------------------------------------------------------------------------

HEADS = {
    "in lines": "edition: '2019'\nyear: 2019 # 年\njurisdiction: 甲镇\nagency: 甲镇政府 # 全称\ncompare: true\n"
    "waivers:\n  # 说明\n  R12: 联合发文 # 一\n  B1: 留空\n",
    "in braces": "{edition: '2019', year: 2019, jurisdiction: 甲镇, agency: 甲镇政府, compare: true, "
    "waivers: {R12: 联合发文, B1: 留空}}",
    "none": "edition: '2019'\nyear: 2019\njurisdiction: 甲镇\n",
}


@pytest.mark.parametrize("text", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("agency", ["", "乙：#局", "甲镇政府"])
@pytest.mark.parametrize("compare", ["", "true", "false"])
@pytest.mark.parametrize("reasons", [{"R12": ""}, {"B1": "“引号”：、#", "R7": "甲: 乙"}, {"R12": "", "B1": ""}])
def test_names_and_waivers_are_edited_where_they_stand(
    text: str, agency: str, compare: str, reasons: dict[str, str]
) -> None:
    draft = of_text(text)
    edits = {AGENCY: agency, COMPARE: compare, **{Field("waiver", code): reason for code, reason in reasons.items()}}
    changed = draft.with_edits(edits)
    again = of_text(changed.bytes.decode())
    assert again.filing.agency == (agency or "甲镇")
    assert again.filing.compare == {"": None, "true": True, "false": False}[compare]
    assert again.waivers == {code: why for code, why in {**draft.opened.waivers, **reasons}.items() if why}
    assert [again.text_at(field) for field in edits] == [edits[field] for field in edits]
    assert "# 说明" in changed.bytes.decode() or text != HEADS["in lines"]
    back = changed.with_edits({field: draft.text_at(field) for field in edits})
    assert back.bytes == draft.content


@pytest.mark.usefixtures("chinese")
def test_a_name_or_a_reason_that_cannot_be_printed_is_refused(draft: Draft) -> None:
    with pytest.raises(UserError, match="不超过 60 个字"):
        draft.with_edits({AGENCY: "甲" * 61})
    with pytest.raises(UserError, match="看不见的符号"):
        draft.with_edits({Field("waiver", "B1"): "甲\u202e乙"})


def test_a_waived_rule_is_told_with_its_reason_and_a_wrong_one_at_its_field(clerk: Clerk) -> None:
    state = clerk.edit(**{"waiver:B1": "本省规定留空", "waiver:R999": "没有这条"})
    assert {issue["severity"] for issue in state["issues"] if issue["code"] == "B1"} == {"waived"}
    assert state["waivers"] == ["B1", "R999"]
    assert state["fields"]["waiver:R999"][2] == "error"
    sheet = next(message for message in clerk.told if message["what"] == "sheet")
    assert "B1" in sheet["waivable"]
    assert "Y1" not in sheet["waivable"]


# --- what is not saved -----------------------------------------------------------------------------------------------


def test_what_was_not_saved_is_offered_to_the_next_workbench_beside_the_file(project: Project) -> None:
    first = Clerk(project)
    first.edit(person="3", other="无。", **{"head:compare": "true"})
    beside = Clerk(project)
    assert [message for message in beside.told if message["what"] == "told"] == []
    beside.desk.close()
    first.desk.close()
    path = first.desk.draft.path
    path.write_text(path.read_text(encoding="utf-8").replace("自然人: 0", "自然人: 4", 1), encoding="utf-8")
    clerk = Clerk(project)
    assert [action for action, _ in clerk.notice["actions"]] == ["restore", "forget"]
    assert [line[1:] for line in clerk.notice["differences"]] == [
        ["0", "4", "3"],
        [NOTHING, NOTHING, "无。"],
        ["", "", "yes"],
    ]
    state = clerk.do("restore")
    assert (state["edits"], set(state["moved"])) == (3, {NAMES["person"], "words:other", "head:compare"})
    assert clerk.do("back")["edits"] == 0
    clerk.desk.close()
    assert [message for message in Clerk(project).told if message["what"] == "told"] == []


def test_what_is_given_up_or_saved_is_not_offered_again(project: Project) -> None:
    first = Clerk(project)
    first.edit(person="3")
    first.desk.close()
    second = Clerk(project)
    second.do("forget")
    second.edit(person="4")
    second.do("save")
    second.desk.close()
    assert [message for message in Clerk(project).told if message["what"] == "told"] == []


def test_what_the_front_end_could_not_tell_is_offered_with_the_rest(project: Project) -> None:
    first = Clerk(project)
    first.edit(person="3")
    first.desk.close()
    clerk = Clerk(project)
    clerk.do("unsent", fields={"words:other": "无。", "cell:none": "1", NAMES["company"]: ""}, time=0)
    assert [line[-1] for line in clerk.notice["differences"]] == ["3", "无。"]
    assert clerk.do("restore")["edits"] == 2
    clerk.desk.close()


def test_a_draft_that_cannot_be_read_is_left_alone(project: Project, draft: Draft) -> None:
    keeper = Keeper(project)
    keeper.keep(TOWN.name, draft.with_cells({PERSON: "3"}))
    keeper.close()
    (path,) = project.root.glob(".reportkit/drafts/*/*.json")
    for damaged in ("", "[]", '{"edits": 1}', '{"edits": {}, "before": {}, "time": "x"}'):
        path.write_text(damaged, encoding="utf-8")
        assert Keeper(project).left(TOWN.name, draft) is None
        assert path.exists()


@pytest.mark.usefixtures("chinese")
def test_a_disk_that_keeps_no_drafts_is_told_once(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reportkit.files.parts._write", full)
    clerk.edit(person="3")
    assert "内核一停就没有了" in clerk.notice["text"]
    clerk.told.clear()
    clerk.edit(person="4")
    assert [message["what"] for message in clerk.told] == ["state"]


@pytest.mark.usefixtures("chinese")
def test_a_field_is_called_what_a_clerk_sees(draft: Draft) -> None:
    form = draft.opened.form
    words = [words_for(field, form) for field in (cell_field(TOTAL), OVERVIEW, AGENCY, Field("waiver", "B1"))]
    assert words == [
        "收到和处理政府信息公开申请情况 “一、本年新收政府信息公开申请数量” “申请人情况 / 总计”",
        "总体情况", "机关", "豁免 B1",
    ]  # fmt: skip
    for name in ("cell:requests|received", "cell:none|a|b", "words:none", "fact:none", "head:year", "waiver:", "x"):
        with pytest.raises(KeyError):
            field_of(name, form)


def test_the_masters_words_are_printed_as_the_master_prints_them(tmp_path: Path) -> None:
    project = office(tmp_path)
    path = project.params / "2023/江苏省/宿迁市.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(SUQIAN.read_bytes())
    draft = open_town(project, Town(2023, "江苏省/宿迁市", ".yaml", True))
    known = names(draft.filing, project.kind.words)
    cells = [cell["source"] for cell in json.loads((ROOT / "notebooks/annual_report.ipynb").read_bytes())["cells"]]
    for section in ("overview", "problems", "other"):
        pages = []
        for head, *body in ("".join(source).split("\n") for source in cells):
            if head.startswith(f"%%narrative {section}"):
                part = head.removeprefix(f"%%narrative {section}").strip()
                title = draft.filing.form.section_by_key[section].parts.get(part, "")
                if not part or part in draft.filing.form.section_by_key[section].parts:
                    pages += [f"<h3>{title}</h3>\n" if title else "", cell_prose("\n".join(body), known, section)]
        words = begun(draft, "2023/江苏省/宿迁市", section, "master").section_text(section)
        assert town_prose(words) == "".join(pages)
