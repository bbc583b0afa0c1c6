"""Conflicts between a town's words and the master's: merged by sentence, shown with what was before, and settled."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from reportkit.errors import UserError
from reportkit.notebook import sign
from reportkit.notebook.towns import (
    Carried,
    Choice,
    carry,
    copy_path,
    make_copy,
    open_conflicts,
    read_town,
    settle,
    settle_by_text,
    undo,
)
from reportkit.worddiff import plain
from support.copies import COPY, NAME, OTHER, cells, change, filing_of, page, told
from support.offices import bring

CELL = "other-nothing"
EMPTY = "没有其他需要报告的事项。"
FOUR = "主动公开信息12条。公开渠道以网站为主。微信公众号同步发布。咨询电话为8888。"


@pytest.fixture
def town(county):
    """乙镇, whose copy was made from a master with a paragraph of four sentences in one cell."""
    change(county.notebook, CELL, EMPTY, FOUR)
    filing = filing_of(county, OTHER)
    make_copy(county, OTHER, filing)

    def by_town(old: str, new: str) -> None:
        change(copy_path(county, OTHER), CELL, old, new)

    def by_office(old: str, new: str) -> None:
        change(county.notebook, CELL, old, new)

    def conflict():
        (found,) = open_conflicts(county, OTHER, filing)
        return found

    def body() -> str:
        return cells(copy_path(county, OTHER))[CELL].partition("\n")[2]

    return SimpleNamespace(
        by_town=by_town, by_office=by_office, conflict=conflict, body=body, project=county, at=(county, OTHER, filing)
    )


def test_sentences_of_one_paragraph_changed_by_the_town_and_by_the_office_are_both_printed(run, town):
    town.by_town("12条", "15条")
    town.by_office("8888", "6666")
    bring(town.project)
    text = "主动公开信息15条。公开渠道以网站为主。微信公众号同步发布。咨询电话为6666。"
    assert text in page(town.project, OTHER)
    assert run("diff", "乙镇") == (0, [f"{CELL}: changed", f"  {text.replace('15条', '[-12条-]{+15条+}')}"])


def test_an_edit_of_an_output_from_before_the_office_s_change_is_merged_by_sentence(town):
    made = read_town(*town.at)
    nb = made.notebook(made.cells)
    sign(nb, OTHER)
    for cell in nb["cells"]:
        cell["source"] = cell["source"].replace("12条", "15条")
    town.by_office("8888", "6666")
    assert carry(*town.at, nb) == Carried([CELL], [], False)
    assert town.body() == FOUR.replace("12条", "15条").replace("8888", "6666")


def test_words_of_the_parameter_file_and_of_the_copy_are_merged_by_sentence(county):
    filing = filing_of(county, NAME)

    def with_problems(words: str):
        return replace(filing, narrative={**filing.narrative, "problems": words})

    make_copy(county, NAME, with_problems(FOUR))
    change(copy_path(county, NAME), "problems", "12条", "15条")
    later = read_town(county, NAME, with_problems(FOUR.replace("8888", "6666")))
    assert later.merged.conflicts == []
    assert {cell.id: cell.source for cell in later.merged.cells}["problems"].endswith(
        f"--own\n{FOUR.replace('12条', '15条').replace('8888', '6666')}"
    )


def test_both_changes_of_one_sentence_are_shown_against_what_was_there_before(run, town):
    town.by_town("12条", "15条")
    town.by_office("12条", "13条")
    town.by_office("8888", "6666")
    lines = [
        f"  {CELL}: CONFLICT in {COPY}",
        "    before:",
        "      主动公开信息12条。…",
        "    ours, the town's text:",
        "      主动公开信息[-12条-]{+15条+}。…",
        "    theirs, the text of the master (or the parameter file) now:",
        "      主动公开信息[-12条-]{+13条+}。…",
        f"    settle it there, or: reportkit resolve {OTHER} {CELL} --ours|--theirs",
    ]
    assert run("diff", "乙镇") == (1, lines)
    make_copy(*town.at)  # as a build does: then the conflict stands in the copy
    assert run("diff", "乙镇") == (1, lines)
    assert run("status", "--edits")[1][1:-1] == lines


@pytest.mark.parametrize(("side", "number"), [("ours", "15条"), ("theirs", "13条")])
def test_whichever_side_is_taken_the_other_sentences_stay_merged(run, town, side, number):
    town.by_town("12条", "15条")
    town.by_office("12条", "13条")
    town.by_office("8888", "6666")
    assert run("resolve", "乙镇", f"--{side}") == (0, [f"{OTHER} {CELL}: settled, {side} is printed"])
    assert town.body() == FOUR.replace("12条", number).replace("8888", "6666")


def test_what_is_told_after_a_conflict_was_settled_is_the_town_s_change_of_the_master_now(run, town):
    town.by_town("12条", "15条")
    town.by_office("12条", "13条")
    make_copy(*town.at)
    town.by_office("8888", "6666")  # waits until the conflict is settled
    run("resolve", "乙镇", "--ours")
    assert run("diff", "乙镇") == (
        0,
        [
            f"{CELL}: changed",
            "  主动公开信息[-13条-]{+15条+}。公开渠道以网站为主。微信公众号同步发布。咨询电话为6666。",
        ],
    )


def test_neighbours_changed_by_the_two_sides_are_for_a_person_who_is_shown_both_changes_at_once(town):
    town.by_town("12条", "15条")
    town.by_office("网站为主", "门户网站为主")
    found = town.conflict()
    assert (found.base, found.choices) == (FOUR, [Choice.ours, Choice.theirs])
    assert (found.ours, found.theirs) == (FOUR.replace("12条", "15条"), FOUR.replace("网站为主", "门户网站为主"))
    assert found.proposal == FOUR.replace("12条", "15条").replace("网站为主", "门户网站为主")


def test_both_are_taken_where_both_have_only_added_the_master_s_first(run, town):
    town.by_town("8888。", "8888。另设窗口一个。")
    town.by_office("8888。", "8888。现场咨询在三楼。")
    assert run("diff", "乙镇")[1][-1].endswith("--ours|--theirs|--both")
    assert run("resolve", "乙镇", "--both") == (0, [f"{OTHER} {CELL}: settled, both are printed"])
    assert town.body() == f"{FOUR}现场咨询在三楼。另设窗口一个。"
    assert run("undo", "乙镇")[0] == 0
    assert town.body() == f"{FOUR}另设窗口一个。"


@pytest.mark.parametrize(
    ("by_town", "by_office", "why"),
    [
        (
            "咨询电话为9999。",
            "咨询电话为8888。三楼。",
            "the town's text does not only add, but changes or takes out what was there",
        ),
        ("咨询电话为8888。窗口。", "", "now does not only add, but changes or takes out what was there"),
        (
            "咨询电话为8888。窗口。三楼。",
            "三楼。咨询电话为8888。",
            "both have added the same sentence, which would stand there twice",
        ),
    ],
)
def test_both_are_refused_where_one_has_changed_something_and_nothing_is_written(run, town, by_town, by_office, why):
    town.by_town("咨询电话为8888。", by_town)
    town.by_office("咨询电话为8888。", by_office)
    before = copy_path(town.project, OTHER).read_bytes()
    refused = told(run, "resolve", "乙镇", "--both")
    assert refused.startswith(f"{OTHER} {CELL}: both cannot be taken: ")
    assert f"{why}; take --ours or --theirs, or edit the cell" in refused
    assert town.conflict().choices == [Choice.ours, Choice.theirs]
    assert copy_path(town.project, OTHER).read_bytes() == before


def test_a_front_end_lists_conflicts_and_settles_one_as_it_was_seen(town):
    town.by_town("12条", "15条")
    town.by_office("12条", "13条")
    found = town.conflict()
    where = town.project.shown(copy_path(*town.at[:2]))
    assert (found.cell, found.place.path, found.head) == (CELL, where, "%%narrative other nothing\n")
    assert (found.view.before, plain(found.view.ours)) == ("主动公开信息12条。…", "主动公开信息[-12条-]{+15条+}。…")
    town.by_town("15条", "16条")
    with pytest.raises(UserError, match="changed since they were shown"):
        settle(*town.at, CELL, Choice.ours, found.version)
    assert town.body() == FOUR.replace("12条", "16条")
    settle(*town.at, CELL, Choice.ours, town.conflict().version)
    assert (town.body(), open_conflicts(*town.at)) == (FOUR.replace("12条", "16条"), [])


def test_a_conflict_is_settled_by_a_text_of_one_s_own_and_undone(town):
    town.by_town("12条", "15条")
    town.by_office("12条", "13条")
    make_copy(*town.at)
    torn = copy_path(town.project, OTHER).read_bytes()
    with pytest.raises(UserError, match="begins with <<<<<<< or >>>>>>> is left in the text"):
        settle_by_text(*town.at, CELL, "甲\n<<<<<<< ours\n乙")
    settle_by_text(*town.at, CELL, "主动公开信息28条。", town.conflict().version)
    assert cells(copy_path(town.project, OTHER))[CELL] == "%%narrative other nothing\n主动公开信息28条。"
    undo(*town.at[:2])
    assert copy_path(town.project, OTHER).read_bytes() == torn


def test_a_conflict_of_which_it_is_not_known_what_was_before_shows_both_sides_against_each_other(run, town):
    town.by_town("12条", "15条")
    town.by_office("12条", "13条")
    make_copy(*town.at)
    path = copy_path(town.project, OTHER)
    nb = json.loads(path.read_text(encoding="utf-8"))
    del nb["metadata"]["reportkit"]["disputed"]
    path.write_text(json.dumps(nb), encoding="utf-8")
    assert run("diff", "乙镇")[1][1:5] == [
        "    ours, the town's text:",
        "      主动公开信息{+15条+}。…",
        "    theirs, the text of the master (or the parameter file) now:",
        "      主动公开信息{+13条+}。…",
    ]
    assert "it is not known what was there before" in town.conflict().no_both


def test_the_note_on_a_conflict_shows_what_was_before_and_both_changes(town):
    town.by_town("12条", "15条")
    town.by_office("12条", "13条")
    make_copy(*town.at)
    note = cells(copy_path(town.project, OTHER))[f"conflict-{CELL}"]
    words = [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<t[hd] .*?</t[hd]>", note)]
    assert words == [
        "the text before both changes", "the town&#39;s text", "the text of the master &#40;or the parameter file&#41; now",
        "主动公开信息12条。…", "主动公开信息12条15条。…", "主动公开信息12条13条。…",
    ]  # fmt: skip


def test_where_an_old_version_was_saved_over_a_newer_one_it_is_known_what_both_came_from(town):
    path = copy_path(town.project, OTHER)
    opened = path.read_bytes()
    made = read_town(*town.at)
    nb = made.notebook(made.cells)
    sign(nb, OTHER)
    for cell in nb["cells"]:
        cell["source"] = cell["source"].replace("12条", "15条")
    carry(*town.at, nb)
    path.write_bytes(opened)
    town.by_town("12条", "16条")
    found = town.conflict()
    assert (found.base, found.ours, found.theirs) == (FOUR, FOUR.replace("12条", "16条"), FOUR.replace("12条", "15条"))
    make_copy(*town.at)
    assert town.conflict() == replace(found, place=town.conflict().place)
