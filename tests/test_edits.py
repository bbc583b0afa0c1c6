"""`reportkit edit`, `status`, `diff`, `resolve`, `reset`, `adopt`: the commands around towns' own copies."""

import contextlib
import json

import pytest

from reportkit.notebook.towns import copy_path
from support.copies import COPY, NAME, OTHER, cells, change, conflicting, output, page, told
from support.languages import speaking
from support.offices import bring


def test_edit_makes_a_copy_and_says_where(run, county):
    assert run("edit", "乙镇", "--no-open") == (0, [f"{COPY} made from the master"])
    assert run("edit", "乙镇", "--no-open") == (0, [f"{COPY} brought up to the master"])
    assert cells(copy_path(county, OTHER))["overview"].startswith("%%narrative overview\n本报告由")


class Lab(contextlib.nullcontext):
    """A JupyterLab that is closed at once, or interrupted."""

    def __init__(self, end=None):
        super().__init__(self)
        self.end, self.terminated = end, False

    def wait(self):
        if self.end:
            raise self.end

    def terminate(self):
        self.terminated = True


def test_edit_opens_the_copy_in_jupyterlab_and_tells_what_changed(run, county, monkeypatch):
    called = []

    def lab(command, *, cwd):
        called.append((command[1:], cwd))
        change(copy_path(county, OTHER), "overview", "本报告由", "这份报告由")
        return Lab()

    monkeypatch.setattr("subprocess.Popen", lab)
    code, lines = run("edit", "乙镇")
    assert (code, lines[-1]) == (0, f"{COPY}: 1 cell not as the master has them; see reportkit diff {OTHER}")
    assert called == [(["-m", "jupyter", "lab", str(copy_path(county, OTHER))], county.root)]


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("end", [None, KeyboardInterrupt])
def test_however_edit_ends_jupyterlab_is_asked_to_end_with_it(run, monkeypatch, end):
    lab = Lab(end)
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: lab)
    assert run("edit", "乙镇")[1][-1] == f"{COPY}: nothing was changed, so it is not kept"
    assert lab.terminated == bool(end)


def test_adopting_what_plain_papermill_has_run_takes_the_edits_and_nothing_else(run, county):
    plain = county.root / "x.ipynb"
    plain.write_bytes(county.notebook.read_bytes())
    assert run("adopt", str(plain), "--town", "甲镇")[1][1] == f"{plain}: nothing new in it"
    assert not copy_path(county, NAME).exists()
    change(plain, "title", "report.title", "report.title  # 改过")
    assert run("adopt", str(plain), "--town", "甲镇")[0] == 0
    found = cells(copy_path(county, NAME))
    assert found["title"] == "report.title  # 改过"
    assert found["overview"].startswith("%%narrative overview --own\n2019年，")


def test_a_copy_in_which_nothing_was_changed_is_not_kept(run, county, monkeypatch):
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: Lab())
    assert run("edit", "乙镇") == (
        0,
        [
            f"{COPY} made from the master",
            "JupyterLab opens in the web browser; close it with Ctrl-C in this window",
            f"{COPY}: nothing was changed, so it is not kept",
        ],
    )
    assert not copy_path(county, OTHER).exists()


def test_status_tells_who_changed_which_words(run, county):
    assert run("status", "--edits") == (0, ["0 towns, 0 cells not as the master has them"])
    change(output(county, OTHER), "other-nothing", "没有其他需要报告的事项", "没有其他要报告的事项")
    bring(county)
    assert run("status", "--edits") == (
        0,
        [
            f"{OTHER}  {COPY}",
            "  other-nothing: changed",
            "    没有其他[-需要-]{+要+}报告的事项。",
            "1 town, 1 cell not as the master has them",
        ],
    )


def test_status_and_diff_show_what_was_before_a_conflict_and_both_sides(run, county):
    conflicting(county)
    code, lines = run("status", "--edits")
    assert code == 1
    assert f"  overview: CONFLICT in {COPY}" in lines
    heads = (
        "    before:",
        "    ours, the town's text:",
        "    theirs, the text of the master (or the parameter file) now:",
    )
    assert tuple(lines[2:8:2]) == heads
    assert lines[3].startswith("      本报告由{{ agency }}")
    assert lines[5].startswith("      [-本-]{+这份+}报告由{{ agency }}")
    assert lines[7].startswith("      [-本-]{+此+}报告由{{ agency }}")
    assert f"    settle it there, or: reportkit resolve {OTHER} overview --ours|--theirs" in lines
    assert lines[-1] == "1 town, 0 cells not as the master has them, 1 cell in conflict"
    assert run("diff", "乙镇")[0] == 1


def test_resolve_wants_one_side(run, county):
    assert "--ours (the town's words), --theirs (the master's) or --both" in told(run, "resolve", "乙镇")
    assert "there is no conflict" in told(run, "resolve", "乙镇", "--ours")
    conflicting(county)
    assert "there is no conflict in cell title" in told(run, "resolve", "乙镇", "title", "--ours")
    assert run("resolve", "乙镇", "overview", "--theirs") == (0, [f"{OTHER} overview: settled, theirs is printed"])
    bring(county)
    assert "此报告由乙镇" in page(county, OTHER)


def test_reset_gives_a_copy_up_and_undo_brings_it_back(run, county):
    assert "has no copy of its own" in told(run, "reset", "乙镇")
    change(output(county, OTHER), "overview", "本报告由", "这份报告由")
    bring(county)
    before = copy_path(county, OTHER).read_bytes()
    code, lines = run("reset", "乙镇")
    removed = f"{COPY} removed; reportkit undo {OTHER} brings it back"
    assert (code, lines[0], lines[-1]) == (0, "overview: given up", removed)
    bring(county)
    assert ">本报告由" in page(county, OTHER)
    assert run("undo", "乙镇")[0] == 0
    assert copy_path(county, OTHER).read_bytes() == before


def test_adopt_takes_over_the_edits_of_an_output_that_was_moved(run, county):
    moved = county.root / "下载.ipynb"
    moved.write_bytes(output(county, OTHER).read_bytes())
    assert run("adopt", str(moved)) == (0, [f"{moved}: nothing new in it"])
    change(moved, "overview", "本报告由", "这份报告由")
    assert run("adopt", str(moved)) == (0, [f"{moved}: edited cells overview → {COPY}"])
    bring(county)
    assert "这份报告由" in page(county, OTHER)
    change(moved, "overview", "这份报告由", "那份报告由")
    change(copy_path(county, OTHER), "overview", "这份报告由", "此报告由")
    code, lines = run("adopt", str(moved))
    assert (code, lines[1]) == (1, f"  overview: CONFLICT in {COPY}")


def test_adopt_does_not_take_figures(run, county):
    nb = json.loads(output(county, NAME).read_text(encoding="utf-8"))
    for cell in nb["cells"]:
        if "injected-parameters" in cell["metadata"].get("tags", []):
            cell["source"] = "".join(cell["source"]).replace("27", "28")
    moved = county.root / "x.ipynb"
    moved.write_text(json.dumps(nb), encoding="utf-8")
    assert run("adopt", str(moved)) == (
        1,
        [
            f"{moved}: nothing new in it",
            f"{moved}: its parameters were changed, too; figures come from params/{NAME}.yaml: change them there",
        ],
    )


def test_adopt_asks_whose_a_strange_notebook_is(run, county):
    strange = county.root / "x.ipynb"
    strange.write_bytes(county.notebook.read_bytes())
    assert told(run, "adopt", str(strange)).endswith("add --town 桑洲镇")
    change(strange, "overview", "本报告由", "这份报告由")
    code, lines = run("adopt", str(strange), "--town", "乙镇")
    assert code == 0
    assert lines[0].endswith("all that differs from the master counts as an edit")
    assert cells(copy_path(county, OTHER))["overview"].startswith("%%narrative overview\n这份报告由")
    with speaking("zh_CN.UTF-8"):
        assert "不是笔记本" in told(run, "adopt", str(county.root / f"params/{NAME}.yaml"))


def test_a_town_is_named_by_its_name_its_path_or_its_file(run):
    for town in ("乙镇", "宁海县/乙镇", OTHER, f"params/{OTHER}.yaml"):
        assert run("diff", town) == (0, [f"{OTHER}: no cell differs from the master"])
    assert run("diff", "乙镇", "--year", "2019")[0] == 0
    with speaking("zh_CN.UTF-8"):
        assert "没有“丙镇”的参数文件" in told(run, "diff", "丙镇")
    assert "2018" in told(run, "diff", "乙镇", "--year", "2018")


@pytest.mark.usefixtures("warm_workers")
def test_a_copy_to_which_no_parameter_file_belongs_is_told(run, county):
    change(output(county, OTHER), "overview", "本报告由", "这份报告由")
    bring(county)
    (county.params / f"{OTHER}.yaml").rename(county.params / "2019/宁海县/丙镇.yaml")
    assert run("build", "--to", "html")[1][-1] == f"{COPY}: no parameter file {OTHER}; its edits are printed nowhere"
    code, lines = run("status", "--edits")
    assert (code, lines[:2]) == (
        1,
        [OTHER, f"  cannot be read: params/{OTHER}.yaml Y1 error 文件不存在；请检查路径和权限"],
    )


def test_words_of_a_town_do_not_reach_the_terminal_as_commands(run, county):
    change(output(county, OTHER), "overview", "本报告由", "\x1b]0;owned\x07这份报告由")
    bring(county)
    assert "\x1b" not in "\n".join(run("status", "--edits")[1])


def test_adopt_takes_a_colleague_s_copy_too(run, county):
    run("edit", "乙镇", "--no-open")
    theirs = county.root / "x.ipynb"
    theirs.write_bytes(copy_path(county, OTHER).read_bytes())
    change(theirs, "overview", "本报告由", "这份报告由")
    change(copy_path(county, OTHER), "other-nothing", "没有其他", "确无其他")
    assert run("adopt", str(theirs)) == (0, [f"{theirs}: edited cells overview → {COPY}"])
    found = cells(copy_path(county, OTHER))
    assert "这份报告由" in found["overview"]
    assert "确无其他" in found["other-nothing"]
