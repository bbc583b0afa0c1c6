"""Towns' own copies: what an analyst changes in a cell is there after every rebuild and under every new master."""

import json

import nbformat
import pytest

from reportkit.checks import check_project
from reportkit.errors import UserError
from reportkit.notebook.towns import (
    carry,
    changes,
    copy_path,
    make_copy,
    read_copy,
    read_town,
    reset,
    resolve,
    towns_with_copies,
)
from reportkit.project import parameter_files
from reportkit.report import Report
from reportkit.report.narrative import NarrativeError
from support.copies import NAME, OTHER, cells, change, conflicting, filing_of, outcomes, output, page
from support.offices import bring, files


def test_the_words_of_a_town_stand_in_its_cells(county):
    found = cells(output(county, NAME))
    assert found["overview"].startswith("%%narrative overview --own\n2019年，根据县政府")
    assert found["problems"].startswith("%%narrative problems --own\n2019年，我镇")
    assert "overview-proactive" not in found
    assert cells(output(county, OTHER))["overview"].startswith("%%narrative overview\n本报告由")


def test_an_edit_in_an_output_is_printed_from_then_on(county):
    change(output(county, NAME), "overview", "遵循公正", "一贯遵循公正")
    made = outcomes(county)[NAME]
    assert made.status == "built"
    assert made.reason == (f"甲镇.ipynb: edited cells overview were carried over to {county.copies / NAME}.ipynb")
    assert "一贯遵循公正" in page(county, NAME)
    assert "一贯遵循公正" in cells(copy_path(county, NAME))["overview"]
    assert {outcome.status for outcome in bring(county)} == {"up-to-date"}
    assert {outcome.reason for outcome in bring(county, force=True)} == {""}
    assert "一贯遵循公正" in page(county, NAME)
    assert towns_with_copies(county) == [NAME]


def test_an_edit_of_the_master_s_words_is_printed_with_the_numbers_filled_in(county):
    change(output(county, OTHER), "overview", "本报告由", "这份报告由")
    assert outcomes(county)[OTHER].status == "built"
    assert "这份报告由乙镇人民政府根据" in page(county, OTHER)


def test_a_new_master_reaches_a_town_that_changed_another_cell(county):
    change(output(county, OTHER), "overview", "本报告由", "这份报告由")
    bring(county)
    change(county.notebook, "other-nothing", "没有其他", "确无其他")
    made = outcomes(county)
    assert {outcome.status for outcome in made.values()} == {"built"}
    assert "这份报告由" in page(county, OTHER)
    assert "确无其他" in page(county, OTHER)


def test_a_new_master_reaches_another_line_of_a_changed_cell(county):
    change(county.notebook, "overview", "\n本报告由", "\n第一行。\n\n本报告由")
    bring(county)
    change(output(county, OTHER), "overview", "第一行。", "本镇的第一行。")
    bring(county)
    change(county.notebook, "overview", "本报告由", "此报告由")
    assert outcomes(county)[OTHER].status == "built"
    assert "本镇的第一行。" in page(county, OTHER)
    assert "此报告由" in page(county, OTHER)


def test_what_both_sides_changed_is_not_published_until_somebody_settles_it(county):
    made = conflicting(county)
    assert (made.status, [issue.code for issue in made.errors]) == ("invalid", ["N2"])
    assert made.errors[0].origin == (str(copy_path(county, OTHER)), "单元格 overview")
    assert not output(county, OTHER, ".html").exists()
    source = cells(copy_path(county, OTHER))["overview"]
    assert "这份报告由" in source
    assert "此报告由" in source
    assert outcomes(county)[OTHER].status == "invalid"
    assert cells(copy_path(county, OTHER))["overview"] == source
    assert outcomes(county)[NAME].status == "up-to-date"


def test_the_note_before_a_cell_in_conflict_goes_when_it_is_settled(county):
    conflicting(county)
    assert "conflict-overview" in cells(copy_path(county, OTHER))
    assert resolve(county, OTHER, filing_of(county, OTHER), "ours") == ["overview"]
    assert "conflict-overview" not in cells(copy_path(county, OTHER))


@pytest.mark.parametrize(("side", "words"), [("ours", "这份报告由乙镇"), ("theirs", "此报告由乙镇")])
def test_a_conflict_is_settled_by_a_command(county, side, words):
    conflicting(county)
    resolve(county, OTHER, filing_of(county, OTHER), side)
    assert outcomes(county)[OTHER].status == "built"
    assert words in page(county, OTHER)


def test_a_conflict_is_settled_by_editing_the_cell(county):
    conflicting(county)
    path = copy_path(county, OTHER)
    nb = json.loads(path.read_text(encoding="utf-8"))
    (cell,) = [cell for cell in nb["cells"] if cell["id"] == "overview"]
    cell["source"] = "%%narrative overview\n我们商定：{{ agency }}。"
    path.write_text(json.dumps(nb, ensure_ascii=False), encoding="utf-8")
    assert outcomes(county)[OTHER].status == "built"
    assert "我们商定：乙镇人民政府。" in page(county, OTHER)


def test_the_words_in_the_parameter_file_and_in_the_copy_are_merged_too(county):
    change(output(county, NAME), "overview", "（二）队伍建设方面。", "（二）队伍建设。")
    bring(county)
    path = county.params / f"{NAME}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("（四）监督保障方面。", "（四）监督。"), encoding="utf-8")
    assert outcomes(county)[NAME].status == "built"
    assert "（二）队伍建设。" in page(county, NAME)
    assert "（四）监督。" in page(county, NAME)


def test_words_edited_in_a_cell_are_checked_against_the_tables(county):
    change(output(county, NAME), "overview", "2019年，根据县政府", "2019年收到政府信息公开申请7件。根据县政府")
    made = outcomes(county)[NAME]
    (told,) = [issue for issue in made.issues if issue.code == "R12"]
    assert told.origin == (str(copy_path(county, NAME)), "单元格 overview")


def test_words_made_a_text_with_numbers_are_printed_as_they_stand(county):
    change(output(county, NAME), "other", "%%narrative other --own\n", "%%narrative other\n{{ year }}年，")
    assert outcomes(county)[NAME].status == "built"
    assert "2019年，本年度无其他需要报告的事项" in page(county, NAME)


@pytest.mark.usefixtures("chinese")
def test_a_cell_in_conflict_is_not_printed_by_hand_either(county):
    conflicting(county)
    source = cells(copy_path(county, OTHER))["overview"].partition("\n")[2]
    with pytest.raises(NarrativeError, match="两边都改过"):
        Report(filing_of(county, OTHER)).narrate("overview", source)


def test_check_says_what_the_build_says(county):
    conflicting(county)
    change(output(county, NAME), "overview", "2019年，根据县政府", "2019年收到政府信息公开申请7件。根据县政府")
    bring(county)
    found = {
        one.name: {issue.code for issue in one.issues} for one in check_project(county, parameter_files(county.params))
    }
    assert "N2" in found["乙镇"]
    assert "R12" in found["甲镇"]
    copy_path(county, NAME).write_text("{", encoding="utf-8")
    (told,) = [one for one in check_project(county, [county.params / f"{NAME}.yaml"]) if not one.across]
    assert [(issue.code, issue.origin.path) for issue in told.issues if issue.severity == "error"] == [
        ("N3", str(copy_path(county, NAME)))
    ]


def test_a_new_cell_and_a_cell_taken_out_stay_so(county):
    path = output(county, OTHER)
    nb = json.loads(path.read_text(encoding="utf-8"))
    nb["cells"] = [cell for cell in nb["cells"] if cell["id"] != "problems-improvements"]
    place = next(number for number, cell in enumerate(nb["cells"], 1) if cell["id"] == "other-nothing")
    nb["cells"].insert(place, {"cell_type": "markdown", "id": "own", "metadata": {}, "source": "本镇自己的一段。"})
    path.write_text(json.dumps(nb), encoding="utf-8")
    assert outcomes(county)[OTHER].status == "built"
    change(county.notebook, "other-nothing", "没有其他", "确无其他")
    assert outcomes(county)[OTHER].status == "built"
    text = page(county, OTHER)
    assert text.index("确无其他") < text.index("本镇自己的一段。")
    assert "提高主动公开的及时性" not in text
    assert {(each.cell, each.kind) for each in changes(read_town(county, OTHER, filing_of(county, OTHER)))} == {
        ("own", "added"),
        ("problems-improvements", "removed"),
    }


def test_two_people_who_edit_the_same_output_both_keep_their_words(county):
    path = output(county, NAME)
    first, second = json.loads(path.read_text(encoding="utf-8")), json.loads(path.read_text(encoding="utf-8"))
    for nb, cell, word in ((first, "overview", "甲："), (second, "problems", "乙：")):
        (found,) = [each for each in nb["cells"] if each["id"] == cell]
        found["source"] = "".join(found["source"]).replace("\n2019年，", f"\n{word}2019年，")
    carry(county, NAME, filing_of(county, NAME), first)
    assert carry(county, NAME, filing_of(county, NAME), second).cells == ["problems"]
    assert outcomes(county)[NAME].status == "built"
    assert "甲：2019年" in page(county, NAME)
    assert "乙：2019年" in page(county, NAME)


def test_two_people_who_edit_the_same_line_are_asked(county):
    path = output(county, NAME)
    first, second = json.loads(path.read_text(encoding="utf-8")), json.loads(path.read_text(encoding="utf-8"))
    for nb, word in ((first, "甲："), (second, "乙：")):
        (found,) = [each for each in nb["cells"] if each["id"] == "overview"]
        found["source"] = "".join(found["source"]).replace("\n2019年，", f"\n{word}2019年，")
    carry(county, NAME, filing_of(county, NAME), first)
    assert carry(county, NAME, filing_of(county, NAME), second).conflicts == ["overview"]
    with pytest.raises(UserError, match="cells overview are in conflict"):
        carry(county, NAME, filing_of(county, NAME), first)
    source = cells(copy_path(county, NAME))["overview"]
    assert "甲：2019年" in source
    assert "乙：2019年" in source
    assert outcomes(county)[NAME].status == "invalid"


def test_an_edit_made_while_the_town_is_in_conflict_waits_in_the_output(county):
    conflicting(county)
    assert not output(county, OTHER).exists()
    resolve(county, OTHER, filing_of(county, OTHER), "ours")
    bring(county)
    change(county.notebook, "overview", "此报告由", "该报告由")
    change(output(county, OTHER), "other-nothing", "没有其他", "本镇没有其他")
    assert outcomes(county)[OTHER].status == "invalid"
    assert "本镇没有其他" in cells(output(county, OTHER))["other-nothing"]
    resolve(county, OTHER, filing_of(county, OTHER), "theirs")
    assert outcomes(county)[OTHER].status == "built"
    assert "本镇没有其他" in page(county, OTHER)


def test_an_edit_of_a_report_whose_data_is_broken_waits_in_the_output(county):
    change(output(county, NAME), "overview", "遵循公正", "一贯遵循公正")
    params = county.params / f"{NAME}.yaml"
    good = params.read_text(encoding="utf-8")
    params.write_text(f"{good}\n- [", encoding="utf-8")
    assert outcomes(county)[NAME].status == "invalid"
    assert "一贯遵循公正" in cells(output(county, NAME))["overview"]
    params.write_text(good, encoding="utf-8")
    assert outcomes(county)[NAME].status == "built"
    assert "一贯遵循公正" in page(county, NAME)


def test_a_cell_mended_in_a_failed_notebook_is_carried_over(county):
    change(county.notebook, "other-nothing", "没有其他", "{{ nothing }}其他")
    assert outcomes(county)[OTHER].status == "failed"
    change(output(county, OTHER, ".failed.ipynb"), "other-nothing", "{{ nothing }}其他", "没有其他")
    assert outcomes(county)[OTHER].status == "built"
    assert "没有其他需要报告的事项" in page(county, OTHER)


def test_figures_changed_in_an_output_are_not_taken_over_but_kept_aside(county):
    path = output(county, NAME)
    nb = json.loads(path.read_text(encoding="utf-8"))
    (cell,) = [each for each in nb["cells"] if "injected-parameters" in each["metadata"].get("tags", [])]
    cell["source"] = "".join(cell["source"]).replace("27", "28")
    path.write_text(json.dumps(nb), encoding="utf-8")
    made = outcomes(county)[NAME]
    assert made.reason == (
        "甲镇.ipynb: its parameters were changed by hand; these come from the parameter file, kept as 甲镇.edited.ipynb"
    )
    assert json.loads(output(county, NAME, ".edited.ipynb").read_text(encoding="utf-8")) == nb
    assert not copy_path(county, NAME).exists()


@pytest.mark.usefixtures("chinese")
def test_an_output_that_is_no_notebook_any_more_is_kept_aside(county):
    output(county, NAME).write_text("{", encoding="utf-8")
    made = outcomes(county)[NAME]
    assert made.status == "built"
    assert (
        made.reason == "甲镇.ipynb：已经不是笔记本（不是笔记本：文件不完整，到第 1 行就断了）；已存为 甲镇.edited.ipynb"
    )
    assert output(county, NAME, ".edited.ipynb").read_text(encoding="utf-8") == "{"


def test_a_copy_is_small_and_the_same_bytes_each_time(county):
    make_copy(county, NAME, filing_of(county, NAME))
    path = copy_path(county, NAME)
    before = path.read_bytes()
    nb = json.loads(before)
    assert f"{nbformat.writes(nbformat.reads(before.decode(), 4))}\n" == before.decode()  # as JupyterLab saves it
    assert not any(cell["outputs"] or cell["execution_count"] for cell in nb["cells"] if cell["cell_type"] == "code")
    assert list(nb["cells"][1]) == sorted(nb["cells"][1])
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}], "execution_count": 3}
    nb["metadata"]["language_info"] = {"name": "python"}
    path.write_text(json.dumps(nb), encoding="utf-8")
    bring(county)
    assert {outcome.status for outcome in bring(county)} == {"up-to-date"}
    make_copy(county, NAME, filing_of(county, NAME))
    assert path.read_bytes() == before


def test_a_copy_runs_as_it_is_for_its_own_town(county):
    make_copy(county, NAME, filing_of(county, NAME))
    source = cells(copy_path(county, NAME))["parameters"]
    assert 'year = 2019\njurisdiction = "宁海县/甲镇"  # ' in source


def test_a_copy_without_changes_changes_nothing(county):
    before = files(county.dist)
    for name in (NAME, OTHER):
        make_copy(county, name, filing_of(county, name))
    assert {outcome.status for outcome in bring(county)} == {"built"}
    assert files(county.dist) == before


def test_a_master_copied_by_hand_counts_as_the_town_s_own(county):
    path = copy_path(county, OTHER)
    path.parent.mkdir(parents=True)
    path.write_bytes(county.notebook.read_bytes())
    change(path, "overview", "本报告由", "这份报告由")
    bring(county)
    assert "这份报告由" in page(county, OTHER)
    change(county.notebook, "other-nothing", "没有其他", "确无其他")
    bring(county)
    assert "确无其他" in page(county, OTHER)


def test_a_master_copied_by_hand_leaves_a_town_its_words(county):
    path = copy_path(county, NAME)
    path.parent.mkdir(parents=True)
    path.write_bytes(county.notebook.read_bytes())
    before = page(county, NAME)
    assert "not known what it was made from" in outcomes(county)[NAME].reason
    assert page(county, NAME) == before


def test_a_cell_or_everything_is_given_back_to_the_master(county):
    change(output(county, OTHER), "overview", "本报告由", "这份报告由")
    change(output(county, OTHER), "other-nothing", "没有其他", "本镇没有其他")
    bring(county)
    (given_up,) = reset(county, OTHER, filing_of(county, OTHER), "overview")
    assert given_up.after.startswith("%%narrative overview\n这份报告由")
    bring(county)
    assert "本报告由" in page(county, OTHER)
    assert "本镇没有其他" in page(county, OTHER)
    with pytest.raises(UserError, match="there is no cell nowhere"):
        reset(county, OTHER, filing_of(county, OTHER), "nowhere")


def test_a_parameter_set_in_the_copy_decides_nothing_and_that_is_told(county):
    make_copy(county, NAME, filing_of(county, NAME))
    change(copy_path(county, NAME), "parameters", "compare = None", "compare = True")
    assert outcomes(county)[NAME].reason == (
        f"{copy_path(county, NAME)}: its parameters cell was changed, which decides nothing; "
        "put it into the parameter file"
    )


def test_words_replaced_in_the_whole_file_of_a_copy_count_as_the_town_s(county):
    make_copy(county, NAME, filing_of(county, NAME))
    path = copy_path(county, NAME)
    path.write_text(path.read_text(encoding="utf-8").replace("遵循公正", "一贯遵循公正"), encoding="utf-8")
    assert "not known what it was made from" in outcomes(county)[NAME].reason
    assert "一贯遵循公正" in page(county, NAME)
    assert bring(county, force=True)[0].reason == ""


def test_an_output_of_another_origin_is_kept_aside_and_not_mixed_in(county):
    path = output(county, NAME)
    nb = json.loads(path.read_text(encoding="utf-8"))
    del nb["metadata"]["reportkit"]
    path.write_text(json.dumps(nb), encoding="utf-8")
    assert outcomes(county)[NAME].reason == (
        "甲镇.ipynb: not known what it was made from; kept as 甲镇.edited.ipynb, see reportkit adopt"
    )
    assert json.loads(output(county, NAME, ".edited.ipynb").read_text(encoding="utf-8")) == nb
    assert not copy_path(county, NAME).exists()


def test_a_copy_that_is_no_notebook_stops_one_report_and_says_where(county):
    path = copy_path(county, NAME)
    path.parent.mkdir(parents=True)
    path.write_text("no notebook", encoding="utf-8")
    made = outcomes(county)
    assert made[NAME].status == "invalid"
    (issue,) = made[NAME].issues
    assert (issue.code, issue.origin.path) == ("N3", str(path))
    assert "第 1 行第 1 列起读不下去" in issue.message
    assert made[OTHER].status == "up-to-date"


def test_a_copy_changed_in_the_same_moment_is_not_overwritten(county, monkeypatch):
    make_copy(county, NAME, filing_of(county, NAME))
    path = copy_path(county, NAME)
    stale = read_copy(path)
    path.write_text(path.read_text(encoding="utf-8").replace("遵循公正", "一贯遵循公正"), encoding="utf-8")
    now = path.read_bytes()
    monkeypatch.setattr("reportkit.notebook.towns.versions.read_copy", lambda _: stale)
    change(county.notebook, "other-nothing", "没有其他", "确无其他")
    with pytest.raises(UserError, match="changed by somebody else"):
        make_copy(county, NAME, filing_of(county, NAME))
    assert path.read_bytes() == now
