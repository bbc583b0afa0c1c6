"""What a file held before: steps back and forth, what was saved by hand, bounds, and older versions over newer ones."""

import json
import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.errors import UserError
from reportkit.files import History, history
from reportkit.files.history import Bounds
from reportkit.files.patience import waiting
from reportkit.notebook.towns import copy_path, make_copy, read_copy, read_town, resolve
from support.copies import COPY, NAME, OTHER, cells, change, filing_of, output, page, told
from support.laws import examples
from support.offices import bring


@pytest.fixture
def path(tmp_path):
    return tmp_path / "params/2019/甲镇.yaml"


def saved(root, path, *contents: bytes) -> History:
    """The history of a file that held each of these in turn."""
    kept = History(root, path)
    for content in contents:
        kept.save(path.read_bytes() if path.exists() else None, content, "test")
    return kept


def test_each_undo_goes_one_step_further_back_and_any_step_can_be_had_again(path, tmp_path):
    kept = saved(tmp_path, path, b"1", b"2", b"3")
    held = []
    for _ in range(2):
        kept.go_back()
        held.append(path.read_bytes())
    assert held == [b"2", b"1"]
    assert [(step.number, step.by, step.back_to) for step in kept.steps] == [
        (1, "", 0), (2, "test", 0), (3, "test", 0), (4, "test", 0), (5, "undo", 3), (6, "undo", 2),
    ]  # fmt: skip
    kept.go_back(4)
    assert path.read_bytes() == b"3"
    kept.save(b"3", b"4", "test")
    kept.go_back()
    assert path.read_bytes() == b"3"


def test_before_the_first_step_there_was_no_file(path, tmp_path):
    kept = saved(tmp_path, path, b"1")
    kept.go_back()
    assert not path.exists()
    with pytest.raises(UserError, match="no earlier version"):
        kept.go_back()
    kept.go_back(2)
    assert path.read_bytes() == b"1"


def test_what_was_saved_by_hand_is_a_step_and_is_undone_first(path, tmp_path):
    kept = saved(tmp_path, path, b"1", b"2")
    path.write_bytes(b"by hand")
    kept.go_back()
    assert (path.read_bytes(), [step.by for step in kept.steps]) == (b"2", ["", "test", "test", "by hand", "undo"])
    kept.go_back()
    assert path.read_bytes() == b"1"
    kept.go_back(4)
    assert path.read_bytes() == b"by hand"


@given(st.lists(st.tuples(st.sampled_from("wub"), st.binary(max_size=2)), max_size=12))
@settings(max_examples=examples(15))
def test_whatever_is_done_each_version_can_be_had_again(tmp_path_factory, deeds):
    root = tmp_path_factory.mktemp("root")
    path = root / "甲镇.yaml"
    path.write_bytes(b"first")
    kept, owed = History(root, path), set()
    for deed, content in deeds:
        before = path.read_bytes()
        if deed == "b":
            path.write_bytes(content)
            continue
        if deed == "w":
            kept.save(before, content, "test")
        elif kept.further_back(before):
            kept.go_back()
        else:
            continue
        owed |= {before, path.read_bytes()}
        assert set(map(kept.content, kept.steps)) == owed


def test_twenty_versions_and_five_megabytes_are_kept(path, tmp_path):
    kept = saved(tmp_path, path, *(b"%d" % number for number in range(30)))
    there = [step.number for step in kept.steps if kept.is_kept(step) and step.digest]
    assert there == list(range(12, 32))
    with pytest.raises(UserError, match="no longer kept"):
        kept.content(kept.steps[1])
    kept = History(tmp_path, path, bounds=Bounds(bytes=100))
    kept.save(b"29", b"x" * 90, "test")
    assert [step.number for step in kept.steps if kept.is_kept(step)] == [1, 27, 28, 29, 30, 31, 32]
    kept.save(b"x" * 90, b"y" * 200, "test")
    assert [step.number for step in kept.steps if kept.is_kept(step)] == [1, 33]
    kept = History(tmp_path, path, bounds=Bounds(bytes=100, steps=3))
    kept.save(b"y" * 200, b"z", "test")
    assert [step.number for step in kept.steps] == [32, 33, 34]


@pytest.mark.parametrize("damage", [b"", b"[{", b"[1]", b"{}", b'[{"number": 1}]', b"[" * 100_000, b"\xff"])
def test_a_damaged_list_loses_no_version(path, tmp_path, damage):
    kept = saved(tmp_path, path, b"1", b"2")
    os.utime(next(each for each in kept.folder.glob("*.yaml") if each.read_bytes() == b"1"), (1, 1))
    (kept.folder / "steps.json").write_bytes(damage)
    kept.save(b"2", b"3", "test")
    held = [kept.content(step) for step in kept.steps]
    assert held == [b"1", b"2", b"3"]


def test_a_version_that_was_tampered_with_is_not_brought_back(path, tmp_path):
    kept = saved(tmp_path, path, b"1", b"2")
    for each in kept.folder.glob("*.yaml"):
        each.write_bytes(b"evil")
    with pytest.raises(UserError, match="no longer kept"):
        kept.go_back()
    assert path.read_bytes() == b"2"


def test_a_version_that_was_not_written_is_no_step(path, tmp_path, monkeypatch):
    kept = saved(tmp_path, path, b"1")
    before = kept.steps

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(history, "replace_if", full)
    with pytest.raises(OSError, match="No space"):
        kept.save(b"1", b"2", "test")
    assert kept.steps == before


def test_a_version_at_which_a_command_was_killed_is_a_step_only_if_it_was_written(path, tmp_path, monkeypatch):
    kept = saved(tmp_path, path, b"1")
    before, write = kept.steps, history.replace_if

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(history, "replace_if", killed)
    with pytest.raises(KeyboardInterrupt):
        kept.save(b"1", b"2", "test")
    assert kept.steps == before
    monkeypatch.setattr(history, "replace_if", lambda *given: (write(*given), killed()))
    with pytest.raises(KeyboardInterrupt):
        kept.save(b"1", b"3", "test")
    assert [step.number for step in kept.steps] == [1, 2, 3]
    assert [kept.content(step) for step in kept.steps] == [None, b"1", b"3"]


def test_what_somebody_saves_before_a_step_is_finished_stays_the_newest(path, tmp_path, monkeypatch):
    kept, write = saved(tmp_path, path, b"1"), history.replace_if

    def overtaken(*given) -> None:
        monkeypatch.undo()
        write(*given)
        saved(tmp_path, path, b"3")

    monkeypatch.setattr(history, "replace_if", overtaken)
    with waiting(0):
        kept.save(b"1", b"2", "test")
    done = [None, b"1", b"2", b"3"]
    assert [kept.content(step) for step in kept.steps] == done
    kept.note(b"2")  # which is what was read, and no longer there
    assert [kept.content(step) for step in kept.steps] == done


def test_a_file_outside_of_the_project_has_a_history_too(tmp_path):
    path = tmp_path / "drive/甲镇.yaml"
    kept = saved(tmp_path / "project", path, b"1", b"2")
    kept.go_back()
    assert path.read_bytes() == b"1"
    assert (tmp_path / "project/.reportkit/history/elsewhere").is_dir()


# --- the command -----------------------------------------------------------------------------------------------------


def without_times(lines: list[str]) -> list[str]:
    return [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", line) for line in lines]


def test_undo_lists_the_steps_and_brings_a_copy_back(run, county):
    assert run("undo", "乙镇", "--list") == (0, [f"{COPY}: nothing has changed it yet"])
    assert "no earlier version" in told(run, "undo", "乙镇")
    change(output(county, OTHER), "overview", "本报告由", "这份报告由")
    bring(county)
    change(copy_path(county, OTHER), "overview", "这份报告由", "此报告由")
    _, lines = run("undo", "乙镇", "--list")
    assert without_times(lines) == [
        "   1  TIME  at the beginning  (no file)",
        "   2  TIME  build",
        "   now  changed by hand since",
    ]
    code, lines = run("undo", "乙镇")
    assert (code, without_times(lines)) == (
        0, [f"{COPY}: as step 2 left it, TIME  build; reportkit undo {OTHER} --to 3 takes this back"],
    )  # fmt: skip
    assert "这份报告由" in cells(copy_path(county, OTHER))["overview"]
    assert run("undo", "乙镇")[0] == 0
    assert not copy_path(county, OTHER).exists()
    assert run("undo", "乙镇", "--to", "3")[0] == 0
    assert "此报告由" in cells(copy_path(county, OTHER))["overview"]
    _, lines = run("undo", "乙镇", "--list")
    assert without_times(lines)[2:] == [
        "   3  TIME  by hand", "   4  TIME  undo to step 2", "   5  TIME  undo to step 1  (no file)", "   6  TIME  undo to step 3",
    ]  # fmt: skip
    assert "there is no step 99" in told(run, "undo", "乙镇", "--to", "99")


def test_undo_takes_an_import_back(run, county):
    params = county.params / f"{OTHER}.yaml"
    before = params.read_bytes()
    History(county.root, params).save(before, before + b"# x\n", "import --update")
    assert run("undo", "乙镇", "--params")[0] == 0
    assert params.read_bytes() == before


# --- an older version over a newer one -------------------------------------------------------------------------------


def as_saved_by_jupyterlab(path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def save(path, nb) -> None:
    path.write_text(json.dumps(nb, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def typed(nb, cell: str, old: str, new: str) -> dict:
    (found,) = [each for each in nb["cells"] if each["id"] == cell]
    source = "".join(found["source"])
    assert old in source
    found["source"] = source.replace(old, new)
    return nb


@pytest.fixture
def overtaken(county):
    """A has a copy open; B's words come into it by a build; then A types and saves over it. Takes what A types."""
    make_copy(county, OTHER, filing_of(county, OTHER))
    path = copy_path(county, OTHER)
    open_in_a_tab = as_saved_by_jupyterlab(path)
    change(output(county, OTHER), "other-nothing", "没有其他", "确无其他")
    bring(county)
    assert "确无其他" in cells(path)["other-nothing"]

    def save_over(cell: str = "", old: str = "", new: str = "") -> None:
        save(path, typed(open_in_a_tab, cell, old, new) if cell else open_in_a_tab)

    return save_over


def test_a_build_merges_an_older_version_that_was_saved_over_a_newer_one(county, overtaken):
    overtaken("overview", "本报告由", "这份报告由")
    (done,) = [each for each in bring(county) if each.job.name == OTHER]
    assert re.search(r"an older version was saved over that of .* \(build\); both are merged", done.reason)
    own = cells(copy_path(county, OTHER))
    assert ("确无其他" in own["other-nothing"], "这份报告由" in own["overview"]) == (True, True)
    assert ("确无其他" in page(county, OTHER), "这份报告由" in page(county, OTHER)) == (True, True)
    assert {each.status for each in bring(county)} == {"up-to-date"}


def test_a_version_saved_again_without_a_word_loses_nothing_either(county, overtaken):
    overtaken()
    bring(county)
    assert "确无其他" in page(county, OTHER)


def test_whoever_goes_on_in_the_same_tab_goes_on_being_merged(county, overtaken):
    overtaken("overview", "本报告由", "这份报告由")
    bring(county)
    overtaken("title", "report.title", "report.title  # 又改")
    bring(county)
    own = cells(copy_path(county, OTHER))
    assert ("确无其他" in own["other-nothing"], "这份报告由" in own["overview"], "又改" in own["title"]) == (True,) * 3


@pytest.mark.usefixtures("chinese")
def test_the_same_words_changed_in_both_are_a_conflict_like_others(county, overtaken):
    overtaken("other-nothing", "没有其他", "再没有其他")
    (done,) = [each for each in bring(county) if each.job.name == OTHER]
    assert (done.status, [issue.code for issue in done.issues if issue.severity == "error"]) == ("invalid", ["N2"])
    text = cells(copy_path(county, OTHER))["other-nothing"]
    assert "<<<<<<< ours 后存的文字" in text
    assert ">>>>>>> theirs 在它之前别人存的文字" in text
    notes = copy_path(county, OTHER).read_text(encoding="utf-8")
    assert "后存的文字</th>" in notes
    resolve(county, OTHER, filing_of(county, OTHER), "theirs")
    bring(county)
    assert "确无其他" in page(county, OTHER)


def test_status_and_edit_say_so(run, county, overtaken):
    overtaken("overview", "本报告由", "这份报告由")
    code, lines = run("status", "--edits")
    assert (code, "an older version was saved over that of" in lines[1]) == (0, True)
    assert {"  overview: changed", "  other-nothing: changed"} <= set(lines)
    assert "确无其他" not in cells(copy_path(county, OTHER))["other-nothing"]  # status writes nothing
    _, lines = run("edit", "乙镇", "--no-open")
    assert "an older version was saved over that of" in lines[0]
    assert "确无其他" in cells(copy_path(county, OTHER))["other-nothing"]


@pytest.mark.usefixtures("overtaken")
def test_nothing_is_merged_after_an_undo_or_with_a_version_from_elsewhere(county):
    kept = History(county.root, copy_path(county, OTHER))
    kept.go_back()
    assert read_town(county, OTHER, filing_of(county, OTHER)).copy.overtaken == ""
    path = copy_path(county, OTHER)
    nb = as_saved_by_jupyterlab(path)
    nb["metadata"]["reportkit"]["revision"] = "0123456789abcdef"
    save(path, nb)
    assert read_town(county, OTHER, filing_of(county, OTHER)).copy.overtaken == ""


def test_words_stay_when_the_version_that_was_opened_is_no_longer_kept(county, overtaken):
    for each in (county.root / ".reportkit/history" / COPY).glob("*.ipynb"):
        if "确无其他" not in each.read_text(encoding="utf-8"):
            each.unlink()
    overtaken("overview", "本报告由", "这份报告由")
    bring(county)
    assert "确无其他" in page(county, OTHER)


def test_a_revision_is_the_same_for_the_same_cells(county):
    path = copy_path(county, NAME)
    make_copy(county, NAME, filing_of(county, NAME))
    first = path.read_bytes()
    make_copy(county, NAME, filing_of(county, NAME))
    assert path.read_bytes() == first
    change(path, "title", "report.title", "report.title  # 改过")
    before = read_copy(path).revision
    make_copy(county, NAME, filing_of(county, NAME))
    assert len(before) == 16
    assert read_copy(path).revision != before


# --- last year -------------------------------------------------------------------------------------------------------


def test_edit_says_how_last_year_s_edits_come_along(run, county):
    make_copy(county, OTHER, filing_of(county, OTHER))
    change(copy_path(county, OTHER), "overview", "本报告由", "这份报告由")
    text = (county.params / f"{OTHER}.yaml").read_text(encoding="utf-8")
    this_year = county.params / "2020/宁海县/乙镇.yaml"
    this_year.parent.mkdir(parents=True)
    this_year.write_text(text.replace("year: 2019", "year: 2020"), encoding="utf-8")
    words = (
        f"last year's {OTHER} has 1 cell of its own, which is not in this one: edits come along where reportkit new begins "
        "the year. To take them over now: reportkit adopt 'notebooks/towns/2019/宁海县/乙镇.ipynb' --town '2020/宁海县/乙镇'"
    )
    code, lines = run("edit", "乙镇", "--year", "2020", "--no-open")
    assert (code, lines[1]) == (0, words)
    assert words not in run("edit", "乙镇", "--year", "2020", "--no-open")[1]
    assert words not in run("edit", "甲镇", "--no-open")[1]
