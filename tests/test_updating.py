"""What a second build does: nothing, or just what has changed, and it says why."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from reportkit.batch.dependencies import digest
from reportkit.batch.fingerprint import environment
from reportkit.batch.folder_lock import HeldError, Hold
from reportkit.batch.incremental import Plan, update
from reportkit.batch.journal import Journal
from reportkit.batch.snapshot import Snapshot
from reportkit.errors import UserError
from reportkit.files.patience import waiting
from reportkit.project import load_project, plan
from support.offices import Here, add_cell, add_town, bring, built_office, files, office

TOWNS = ("甲镇", "乙镇", "丙镇")


@pytest.fixture
def county(tmp_path):
    """Three towns, built."""
    return built_office(tmp_path, *TOWNS)


def made(outcomes) -> set[str]:
    """The towns whose report was made now; all others must be up to date."""
    assert {outcome.status for outcome in outcomes} <= {"built", "up-to-date"}
    return {outcome.job.params.stem for outcome in outcomes if outcome.status == "built"}


def reasons(project, **options) -> dict[str, str]:
    """Why the next build makes which reports."""
    plans: list[Plan] = []
    bring(project, announce=plans.append, **options)
    return {job.params.stem: reason for job, reason in plans[0].stale}


def rewrite(project, town: str, old: str, new: str) -> None:
    path = project.params / f"2019/宁海县/{town}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_nothing_changed_so_nothing_is_made(county):
    before = files(county.dist)
    outcomes = bring(county)
    assert [outcome.status for outcome in outcomes] == ["up-to-date"] * 3
    assert {path.suffix for outcome in outcomes for path in outcome.files} == {".ipynb", ".html"}
    assert files(county.dist) == before


def test_only_the_towns_that_changed_are_made(county):
    for town in TOWNS[:2]:
        rewrite(county, town, "本年度无其他", "本年度没有其他")
    assert reasons(county) == {town: f"params/2019/宁海县/{town}.yaml changed" for town in TOWNS[:2]}
    assert made(bring(county)) == set()


def test_a_file_that_was_only_touched_has_not_changed(county):
    for path in county.root.rglob("*"):
        os.utime(path, (1, 1))
    assert reasons(county) == {}


@pytest.mark.usefixtures("county")
def test_a_project_that_was_moved_has_not_changed(tmp_path):
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("params", "notebooks", "dist"):
        (tmp_path / name).rename(moved / name)
    assert reasons(load_project(moved)) == {}


def test_a_cell_of_the_master_that_changed_touches_all(county):
    add_cell(county, "1 + 1")
    assert reasons(county) == dict.fromkeys(TOWNS, "notebooks/annual_report.ipynb changed")


def test_a_master_that_was_run_and_saved_is_the_same_master(county):
    nb = json.loads(county.notebook.read_text(encoding="utf-8"))
    for number, cell in enumerate(cell for cell in nb["cells"] if cell["cell_type"] == "code"):
        cell["execution_count"] = number
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["seen"]}]
        cell["metadata"]["execution"] = {"iopub.status.busy": "2026-01-01"}
    nb["metadata"]["language_info"] = {"name": "python", "version": "3.99"}
    county.notebook.write_text(json.dumps(nb), encoding="utf-8")
    before = files(county.dist)
    assert reasons(county) == {}
    assert made(bring(county, force=True)) == set(TOWNS)
    assert files(county.dist) == before


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("open('data.csv').read()", "data.csv"),
        ("import pandas; pandas.read_csv('data.csv')", "data.csv"),
        ("from pathlib import Path; Path('more/data.csv').read_bytes()", "more/data.csv"),
    ],
)
def test_a_file_that_a_cell_reads_counts(tmp_path, source, name):
    project = office(tmp_path, "甲镇")
    add_cell(project, source)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("a,b\n1,2\n")
    assert made(bring(project)) == {"甲镇"}
    assert reasons(project) == {}
    (tmp_path / name).write_text("a,b\n1,3\n")
    assert reasons(project) == {"甲镇": f"{name} changed"}


def test_a_module_beside_the_notebook_counts(tmp_path):
    project = office(tmp_path, "甲镇")
    add_cell(project, "import a_module_of_this_test_alone")
    (tmp_path / "a_module_of_this_test_alone.py").write_text("x = 1")
    assert made(bring(project)) == {"甲镇"}
    (tmp_path / "a_module_of_this_test_alone.py").write_text("x = 2")
    assert reasons(project) == {"甲镇": "a_module_of_this_test_alone.py changed"}


def test_a_file_that_was_looked_for_in_vain_counts_once_it_is_there(tmp_path):
    project = office(tmp_path, "甲镇")
    add_cell(project, "try:\n    open('last_year.yaml')\nexcept FileNotFoundError:\n    pass")
    assert made(bring(project)) == {"甲镇"}
    assert reasons(project) == {}
    (tmp_path / "last_year.yaml").write_text("x")
    assert reasons(project) == {"甲镇": "last_year.yaml is there now"}
    (tmp_path / "last_year.yaml").unlink()
    assert reasons(project) == {"甲镇": "last_year.yaml is gone"}


def test_a_file_that_a_cell_writes_does_not_count(tmp_path):
    project = office(tmp_path, "甲镇", "乙镇")
    add_cell(project, "open('scratch', 'a').write(jurisdiction); len(open('scratch').read())")
    bring(project)
    assert reasons(project) == {}


@pytest.mark.usefixtures("county")
def test_a_setting_or_a_form_of_the_project_counts(tmp_path):
    (tmp_path / "reportkit.toml").write_text('forms = "forms"\n', encoding="utf-8")
    assert reasons(load_project(tmp_path)) == dict.fromkeys(TOWNS, "reportkit.toml changed")


def test_a_package_counts_by_its_version(county, monkeypatch):
    from importlib import metadata

    known = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "99.0" if name == "pandas" else known(name))
    assert reasons(county) == dict.fromkeys(TOWNS, f"pandas {known('pandas')} → 99.0")


def test_a_format_more_is_made_and_one_less_is_not(county):
    assert [outcome.status for outcome in bring(county, ("html",))] == ["up-to-date"] * 3
    plans: list[Plan] = []
    bring(county, ("html", "pdf"), announce=plans.append)
    assert {reason for _, reason in plans[0].stale} == {"pdf has not been made"}
    assert [outcome.status for outcome in bring(county, ("pdf",))] == ["up-to-date"] * 3


def test_an_output_that_is_gone_or_was_changed_is_made_again(county):
    before = files(county.dist)
    (county.dist / "2019/宁海县/甲镇.html").unlink()
    (county.dist / "2019/宁海县/乙镇.html").write_text("<p>changed</p>")
    assert reasons(county) == {"甲镇": "甲镇.html is missing", "乙镇": "乙镇.html was changed by hand"}
    assert files(county.dist) == {**before, "2019/宁海县/乙镇.edited.html": b"<p>changed</p>"}


def test_a_page_that_was_altered_is_noticed_though_its_size_and_time_were_kept(county):
    page = county.dist / "2019/宁海县/甲镇.html"
    before, content = page.stat(), page.read_text(encoding="utf-8")
    page.write_text(content.replace("甲镇", "丁镇", 1), encoding="utf-8")
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (page.stat().st_size, page.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert reasons(county) == {"甲镇": "甲镇.html was changed by hand"}


def test_a_page_that_was_only_touched_is_read_once_and_no_more(county, monkeypatch):
    bring(county)  # which has read the copied pages
    page = county.dist / "2019/宁海县/甲镇.html"
    page.chmod(0o640)
    read = []
    monkeypatch.setattr("reportkit.batch.record.digest", lambda path: read.append(path.name) or digest(path))
    for times in ([page.name], []):
        read.clear()
        assert made(bring(county)) == set()
        assert [name for name in read if name.endswith(".html")] == times


def test_a_journal_of_an_earlier_version_holds(county):
    with closing(sqlite3.connect(county.dist / ".reportkit/journal.sqlite")) as db, db:
        for name, outputs in db.execute("SELECT name, outputs FROM report").fetchall():
            older = {suffix: known[:3] for suffix, known in json.loads(outputs).items()}
            db.execute("UPDATE report SET outputs = ? WHERE name = ?", (json.dumps(older), name))
    assert made(bring(county)) == set()


def test_a_page_changed_by_hand_is_kept_aside(county):
    page = county.dist / "2019/宁海县/甲镇.html"
    made = page.read_bytes()
    page.write_text("a page mended by hand", encoding="utf-8")
    outcomes = {outcome.job.params.stem: outcome for outcome in bring(county)}
    assert outcomes["甲镇"].reason == (
        "甲镇.html was changed by hand, which no build can take over; kept as 甲镇.edited.html"
    )
    assert (county.dist / "2019/宁海县/甲镇.edited.html").read_text(encoding="utf-8") == "a page mended by hand"
    assert page.read_bytes() == made


def test_force_makes_all_and_the_same(county):
    before = files(county.dist)
    assert reasons(county, force=True) == dict.fromkeys(TOWNS, "--force")
    assert files(county.dist) == before


def test_a_report_that_becomes_invalid_is_withdrawn_and_tried_again(county):
    rewrite(county, "甲镇", "规章: [0,", "规章: [1,")
    statuses = {outcome.job.params.stem: outcome.status for outcome in bring(county)}
    assert statuses == {"甲镇": "invalid", "乙镇": "up-to-date", "丙镇": "up-to-date"}
    assert [name for name in files(county.dist) if "甲镇" in name] == []
    assert "甲镇" not in (county.dist / "MANIFEST.sha256").read_text(encoding="utf-8")
    assert reasons(county, only_unmade=True) == {"甲镇": "invalid the last time"}
    rewrite(county, "甲镇", "规章: [1,", "规章: [0,")
    assert made(bring(county, only_unmade=True)) == {"甲镇"}
    assert reasons(county, only_unmade=True) == {}


def test_a_cell_that_fails_withdraws_the_old_report_and_the_next_build_mends_it(county):
    good = county.notebook.read_bytes()
    add_cell(county, "assert jurisdiction != '乙镇'")
    statuses = {outcome.job.params.stem: outcome.status for outcome in bring(county)}
    assert statuses == {"甲镇": "built", "乙镇": "failed", "丙镇": "built"}
    assert [name for name in files(county.dist) if "乙镇" in name] == ["2019/宁海县/乙镇.failed.ipynb"]
    county.notebook.write_bytes(good)
    assert made(bring(county)) == set(TOWNS)
    assert [name for name in files(county.dist) if "failed" in name] == []


def test_the_manifest_is_what_sha256sum_reads(tmp_path):
    names = ["甲镇", "a\\b", "line\nend", "tab\there", "*", "-c", "空 格"]
    project = office(tmp_path)
    for name in names:
        add_town(tmp_path, "桑洲镇").rename(project.params / f"2019/宁海县/{name}.yaml")
    assert made(bring(project)) == set(names)
    command = ["sha256sum", "--strict", "-c", "MANIFEST.sha256"]
    done = subprocess.run(command, cwd=project.dist, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 2 * len(names)


@pytest.mark.parametrize("words", ["本年度没有其他", "本年度无其他"])
def test_a_town_that_is_gone_is_no_longer_in_the_manifest(county, words):
    (county.params / "2019/宁海县/甲镇.yaml").unlink()
    rewrite(county, "乙镇", "本年度无其他", words)
    bring(county)
    manifest = (county.dist / "MANIFEST.sha256").read_text(encoding="utf-8")
    assert ("甲镇" in manifest, "乙镇" in manifest) == (False, True)


def whole(project, **options):
    """The outcomes of a build that covers all of params/, and what it took out."""
    plans: list[Plan] = []
    outcomes = bring(project, announce=plans.append, covered=[project.params], **options)
    return outcomes, [(left.params, [path.name for path in left.files]) for left in plans[0].left]


def test_a_town_that_is_gone_takes_its_pages_along_and_has_them_back(county):
    before = files(county.dist)
    path = county.params / "2019/宁海县/甲镇.yaml"
    content = path.read_bytes()
    path.unlink()
    (county.dist / "2019/宁海县/甲镇.edited.html").write_text("by hand", encoding="utf-8")
    taken = ["甲镇.edited.html", "甲镇.html", "甲镇.ipynb"]
    assert whole(county)[1] == [("params/2019/宁海县/甲镇.yaml", taken)]
    assert [name for name in files(county.dist) if "甲镇" in name] == []
    assert "甲镇" not in (county.dist / "MANIFEST.sha256").read_text(encoding="utf-8")
    kept = county.root / ".reportkit/withdrawn/2019/宁海县"
    assert sorted(path.name for path in kept.iterdir()) == taken
    assert (kept / "甲镇.html").read_bytes() == before["2019/宁海县/甲镇.html"]
    assert whole(county)[1] == []
    path.write_bytes(content)
    outcomes, left = whole(county)
    assert (made(outcomes), left, files(county.dist)) == ({"甲镇"}, [], before)
    path.unlink()
    whole(county)  # a second time: what is kept is not overwritten
    assert sorted(path.name for path in kept.iterdir()) == ["甲镇.2.html", "甲镇.2.ipynb", *taken]


def test_a_town_that_is_renamed_leaves_under_its_old_name(county):
    (county.params / "2019/宁海县/甲镇.yaml").unlink()
    add_town(county.root, "丁镇")
    outcomes, left = whole(county)
    assert (made(outcomes), [params for params, _ in left]) == ({"丁镇"}, ["params/2019/宁海县/甲镇.yaml"])
    assert {name for name in files(county.dist) if "甲镇" in name} == set()


def test_a_file_with_another_suffix_is_the_same_town(county):
    path = county.params / "2019/宁海县/甲镇.yaml"
    path.rename(path.with_suffix(".yml"))
    assert whole(county)[1] == []
    assert (county.dist / "2019/宁海县/甲镇.html").exists()


def test_a_build_takes_out_only_what_it_covers(county):
    add_town(county.root, "丁镇").rename(county.params / "2019/戊镇.yaml")
    rewrite(county, "甲镇", "规章: [0,", "规章: [1,")
    bring(county)
    (county.params / "2019/宁海县/乙镇.yaml").unlink()
    (county.params / "2019/戊镇.yaml").unlink()
    for covered in ([], [county.params / "2018"], [county.params / "2019/宁海县/丙镇.yaml"]):
        plans: list[Plan] = []
        bring(county, announce=plans.append, covered=covered)
        assert plans[0].left == ()
    assert whole(county, only_unmade=True)[1] == []
    plans = []
    bring(county, announce=plans.append, covered=[county.params / "2019/宁海县"])
    assert [left.params for left in plans[0].left] == ["params/2019/宁海县/乙镇.yaml"]
    assert [params for params, _ in whole(county)[1]] == ["params/2019/戊镇.yaml"]


def test_the_words_that_a_town_edited_stay_when_it_leaves(county):
    page = county.dist / "2019/宁海县/甲镇.ipynb"
    page.write_text(page.read_text(encoding="utf-8").replace("没有其他需要报告的事项", "无"), encoding="utf-8")
    edited = page.read_bytes()
    (county.params / "2019/宁海县/甲镇.yaml").unlink()
    whole(county)
    assert (county.root / ".reportkit/withdrawn/2019/宁海县/甲镇.ipynb").read_bytes() == edited


def test_a_form_that_is_not_asked_for_any_more_does_not_stay_beside_the_new_one(county):
    bring(county, ("html", "pdf"))
    assert (county.dist / "2019/宁海县/甲镇.pdf").exists()
    assert [outcome.status for outcome in bring(county, ("html",))] == ["up-to-date"] * 3
    assert (county.dist / "2019/宁海县/甲镇.pdf").exists()  # which still holds
    rewrite(county, "甲镇", "本年度无其他", "本年度没有其他")
    outcomes = {outcome.job.params.stem: outcome for outcome in bring(county, ("html",))}
    assert outcomes["甲镇"].reason == "甲镇.pdf of an earlier build was removed, as it was not made again"
    assert {path.name for path in county.dist.rglob("*.pdf")} == {"乙镇.pdf", "丙镇.pdf"}
    assert "甲镇.pdf" not in (county.dist / "MANIFEST.sha256").read_text(encoding="utf-8")


def public(project, **options):
    """The outcomes of a build without notebooks."""
    jobs = plan(project, [], ("html",), notebook=False)
    return list(update(project, jobs, lambda _: Here(), **options))


def test_without_notebooks_those_of_an_earlier_build_go_and_come_again(county):
    before = files(county.dist)
    assert made(public(county)) == set(TOWNS)
    assert sorted(files(county.dist)) == [
        "2019/宁海县/丙镇.html",
        "2019/宁海县/乙镇.html",
        "2019/宁海县/甲镇.html",
        "MANIFEST.sha256",
    ]
    assert ".ipynb" not in (county.dist / "MANIFEST.sha256").read_text(encoding="utf-8")
    assert made(public(county)) == set()
    assert {path: content for path, content in before.items() if path.endswith(".html")} == {
        path: content for path, content in files(county.dist).items() if path.endswith(".html")
    }
    assert reasons(county) == dict.fromkeys(TOWNS, "ipynb has not been made")
    bring(county)
    assert files(county.dist) == before


def test_without_notebooks_an_edit_in_an_earlier_one_is_carried_over_first(county):
    page = county.dist / "2019/宁海县/甲镇.ipynb"
    nb = json.loads(page.read_text(encoding="utf-8"))
    (cell,) = [cell for cell in nb["cells"] if cell["id"] == "rest"]
    cell["source"] = ["print('本镇自己加的一句')\n", *cell["source"]]
    page.write_text(json.dumps(nb), encoding="utf-8")
    public(county)
    assert "本镇自己加的一句" in (county.root / "notebooks/towns/2019/宁海县/甲镇.ipynb").read_text(encoding="utf-8")
    assert "本镇自己加的一句" in (county.dist / "2019/宁海县/甲镇.html").read_text(encoding="utf-8")
    assert list(county.dist.rglob("*.ipynb")) == []


def test_without_notebooks_one_that_cannot_be_carried_over_is_kept_elsewhere(county):
    page = county.dist / "2019/宁海县/甲镇.ipynb"
    page.write_text("no notebook any more", encoding="utf-8")
    outcome = next(outcome for outcome in public(county) if outcome.job.params.stem == "甲镇")
    assert "甲镇.edited.ipynb is kept as " in outcome.reason
    assert list(county.dist.rglob("*.ipynb")) == []
    kept = county.root / ".reportkit/withdrawn/2019/宁海县/甲镇.edited.ipynb"
    assert kept.read_text(encoding="utf-8") == "no notebook any more"


def test_without_notebooks_none_is_kept_of_a_failure_either(county):
    good = county.notebook.read_bytes()
    add_cell(county, "assert jurisdiction != '乙镇'")
    outcomes = {outcome.job.params.stem: outcome.status for outcome in public(county)}
    assert outcomes == {"甲镇": "built", "乙镇": "failed", "丙镇": "built"}
    assert [name for name in files(county.dist) if "乙镇" in name or ".ipynb" in name] == []
    county.notebook.write_bytes(good)
    assert made(public(county, only_unmade=True)) == {"乙镇"}


@pytest.mark.parametrize("content", [b"", b"not a database" * 500])
def test_a_damaged_journal_costs_a_full_build_and_no_more(county, content):
    (county.dist / ".reportkit/journal.sqlite").write_bytes(content)
    assert reasons(county) == dict.fromkeys(TOWNS, "new")


def test_of_two_builds_at_once_the_second_names_the_first(county):
    def meanwhile(_):
        who = rf"another build is at work in .*dist \(process {os.getpid()} on \S+, since [-\d]+ [:\d]+\); wait"
        with waiting(0.1), pytest.raises(UserError, match=who):
            bring(county)

    bring(county, force=True, announce=meanwhile)
    assert made(bring(county)) == set()


def test_a_build_waits_for_another_that_ends_soon(county):
    hold = Hold(county.dist / ".reportkit/lock", 0)
    threading.Timer(0.3, hold.close).start()
    assert made(bring(county)) == set()


def test_of_many_that_begin_in_the_same_moment_one_is_at_work(tmp_path):
    begin, ended = threading.Barrier(8), threading.Barrier(8)

    def work(_):
        begin.wait()
        try:
            hold = Hold(tmp_path / "lock", 0)
        except HeldError:
            hold = None
        ended.wait()
        if hold:
            hold.close()
        return hold is not None

    with ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            assert sum(pool.map(work, range(8))) == 1


@pytest.mark.slow
def test_two_commands_that_begin_in_the_same_moment_both_end_well(county):
    command = [sys.executable, "-m", "reportkit", "build", "--to", "html"]
    for _ in range(5):
        running = [subprocess.Popen(command, cwd=county.root, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        ends = [process.communicate()[1] for process in running]
        assert ([process.returncode for process in running], ends) == ([0, 0], ["", ""])


@pytest.mark.parametrize("words", ["\x1b[31m", "process 1 on a; rm, since 2020-01-01 00:00:00", ""])
def test_what_somebody_else_wrote_into_the_lock_is_not_told(tmp_path, words):
    path = tmp_path / "lock"
    hold = Hold(path, 0)
    path.write_text(words)
    with pytest.raises(HeldError, match=r"^$"):
        Hold(path, 0)
    hold.close()


def test_a_lock_is_no_link_to_another_file(tmp_path):
    (tmp_path / "other").write_text("words")
    (tmp_path / "lock").symlink_to(tmp_path / "other")
    with pytest.raises(OSError, match="lock"):
        Hold(tmp_path / "lock", 0)
    assert (tmp_path / "other").read_text() == "words"


def test_a_journal_that_cannot_be_written_is_the_user_s_to_mend(tmp_path):
    project = office(tmp_path, "甲镇")
    project.dist.write_text("a file where a folder is needed")
    with pytest.raises(UserError, match="dist"):
        bring(project)


def test_a_parameter_file_that_vanishes_or_changes_meanwhile(tmp_path):
    project = office(tmp_path, *TOWNS)
    add_cell(project, "from pathlib import Path\nimport os\n"
             "if jurisdiction == '甲镇': Path('params/2019/宁海县/乙镇.yaml').unlink()\n"
             "own = Path(f'params/2019/宁海县/{jurisdiction}.yaml')\n"
             "fd = os.open(own, os.O_WRONLY | os.O_APPEND)\nos.write(fd, b'# later\\n')\nos.close(fd)\n"
             "if jurisdiction == '丙镇': raise ValueError")  # fmt: skip
    paths = [project.params / f"2019/宁海县/{town}.yaml" for town in TOWNS]
    outcomes = list(update(project, plan(project, paths, ["html"]), lambda _: Here()))
    assert [outcome.status for outcome in outcomes] == ["built", "invalid", "failed"]
    assert "不存在" in str(outcomes[1].issues[0])
    assert reasons(project)["甲镇"] == "params/2019/宁海县/甲镇.yaml changed"


def test_a_page_that_a_killed_build_has_put_into_place_was_not_changed_by_hand(county, monkeypatch):
    before = files(county.dist)
    rewrite(county, "甲镇", "本年度无其他", "本年度没有其他")
    (county.dist / "2019/宁海县/乙镇.html").write_text("by hand", encoding="utf-8")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Journal, "record", killed)
        with pytest.raises(KeyboardInterrupt):
            bring(county)
    # What has come into the second one's place again is what the journal knows.
    assert reasons(county, only_unmade=True) == {"甲镇": "cut off the last time"}
    assert files(county.dist)["2019/宁海县/乙镇.html"] == before["2019/宁海县/乙镇.html"]
    assert sorted(name for name in files(county.dist) if "edited" in name) == ["2019/宁海县/乙镇.edited.html"]
    assert list((county.dist / ".reportkit").glob("parts/*")) == []


def test_what_a_process_has_noted_before_it_was_killed_is_known_by_what_is_there(county):
    rewrite(county, "甲镇", "本年度无其他", "本年度没有其他")
    page = county.dist / "2019/宁海县/甲镇.html"
    page.write_text("put into place", encoding="utf-8")
    made = json.dumps(["2019/宁海县/甲镇", "params/2019/宁海县/甲镇.yaml", {".html": digest(page)}])
    same = json.dumps(["2019/宁海县/乙镇", "params/2019/宁海县/乙镇.yaml", outputs(county, "乙镇")])
    log = county.dist / ".reportkit/parts/0123.making"
    log.parent.mkdir(exist_ok=True)
    log.write_text(f'\n{same}\n\n["2019/宁海县/丙镇", "par\n{made}\n["2019/宁')  # lines that were cut off say nothing
    jobs = plan(county, [], ["html"])
    with Snapshot(county, county.dist, environment(county, ["html"])) as seen:
        assert [why for why in seen.reasons(jobs) if why] == ["cut off the last time"]
    assert reasons(county) == {"甲镇": "cut off the last time"}
    assert [name for name in files(county.dist) if "edited" in name] == []
    assert not log.exists()


def outputs(project, town: str) -> dict[str, str]:
    """The files of a report by their suffixes, each with its SHA-256."""
    found = sorted((project.dist / "2019/宁海县").glob(f"{town}.*"))
    return {path.suffix: digest(path) for path in found}
