"""The command line, as a person meets it: what is printed, and how it exits."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer.core
from openpyxl import load_workbook
from typer.main import get_command

from reportkit.cli import app
from reportkit.cli.output import ClickError
from reportkit.errors import UserError
from support.commands import reportkit as run
from support.repository import ROOT, SANGZHOU

GOOD = SANGZHOU.read_text(encoding="utf-8")
BROKEN = GOOD.replace("{自然人: 0, 总计: 0}\n    二", "{自然人: 3, 总计: 2}\n    二")


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """The counts at the end of a build, without the seconds it took."""
    return done.stdout.splitlines()[-1].split(" (")[0]


@pytest.fixture
def folder(tmp_path):
    """An office's folder: parameter files and the master, nothing else."""
    (tmp_path / "params/2019/宁海县").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/annual_report.ipynb").write_bytes((ROOT / "notebooks/annual_report.ipynb").read_bytes())
    return tmp_path


def town(folder: Path, text: str, name: str = "桑洲镇") -> Path:
    path = folder / f"params/2019/宁海县/{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("command", [[], ["build"], ["check"], ["rules"], ["explain"], ["rollup"]])
def test_help_has_an_example_and_names_the_commands(command):
    done = run(ROOT, *command, "--help")
    assert done.returncode == 0
    assert ("Example: reportkit" in done.stdout) if command else ("build" in done.stdout and "check" in done.stdout)


def test_version():
    assert run(ROOT, "--version").stdout == "reportkit 0.1.0\n"


def test_check_prints_a_line_for_each_issue(folder):
    town(folder, BROKEN)
    done = run(folder, "check")
    heading, *lines = done.stdout.splitlines()
    assert heading == "== 桑洲镇  params/2019/宁海县/桑洲镇.yaml"
    assert [line.split(" ")[:3] for line in lines] == [
        ["params/2019/宁海县/桑洲镇.yaml:18", "R2", "error"],
        ["params/2019/宁海县/桑洲镇.yaml:21", "R1", "error"],
        ["params/2019/宁海县/桑洲镇.yaml:22", "R1", "error"],
        ["params/2019/宁海县/桑洲镇.yaml:17", "B1", "warning"],
        ["params/2019/宁海县/桑洲镇.yaml:23", "B1", "warning"],
    ]
    assert (done.stderr, done.returncode) == ("1 checked, 3 errors, 2 warnings\n", 1)


def test_check_as_json(folder):
    town(folder, BROKEN)
    issues = json.loads(run(folder, "check", "params", "--format", "json").stdout)
    assert [
        (issue["code"], issue["place"], issue["cell"], issue["found"], issue["expected"]) for issue in issues[:2]
    ] == [
        ("R2", "18", ["requests", "received", "total"], "3", "2"),
        ("R1", "21", ["requests", "outcome.total", "person"], "3", "0"),
    ]


@pytest.mark.usefixtures("chinese")
def test_check_groups_by_town_and_tells_last_what_lies_between_files(folder):
    town(folder, BROKEN)
    town(folder, BROKEN.replace("jurisdiction: 桑洲镇", "jurisdiction: 力洋镇"), "力洋镇")
    town(folder, GOOD.replace("jurisdiction: 桑洲镇", "jurisdiction: 宁海县"), "../宁海县")
    lines = run(folder, "check", "--severity", "error").stdout.splitlines()
    assert [line for line in lines if line.startswith("== ")] == [
        "== 力洋镇  params/2019/宁海县/力洋镇.yaml",
        "== 桑洲镇  params/2019/宁海县/桑洲镇.yaml",
    ]
    headings = [line for line in run(folder, "check").stdout.splitlines() if line.startswith("== ")]
    assert headings[2:4] == [
        "== 宁海县  params/2019/宁海县.yaml",
        "== 宁海县  params/2019/宁海县.yaml（与别的文件相比）",
    ]


@pytest.mark.usefixtures("chinese")
def test_check_as_a_workbook_to_send_to_the_towns(folder):
    nasty = '=HYPERLINK("http://x")'
    town(folder, BROKEN.replace("{自然人: 3,", "{自然人: '=1+1',"))
    town(folder, GOOD.replace("jurisdiction: 桑洲镇", f"jurisdiction: '{nasty}'"), "力洋镇")
    done = run(folder, "check", "--format", "xlsx", "-o", "检查.xlsx")
    assert (done.returncode, done.stdout) == (1, "")
    book = load_workbook(folder / "检查.xlsx")
    (page,) = book.worksheets
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[0] == ["单位", "文件", "位置", "代码", "级别", "问题", "实际", "应为", "依据"]
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}  # "f" is a formula
    assert nasty in {row[0] for row in rows}
    (refused,) = [row for row in rows if row[3] == "V1"]
    assert refused[:5] == ["桑洲镇", "params/2019/宁海县/桑洲镇.yaml", "18", "V1", "错误"]
    assert refused[6] == "=1+1"
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", f"A1:I{len(rows)}")
    assert page["F2"].alignment.wrap_text
    longest = max(range(1, len(rows)), key=lambda at: len(rows[at][5]))
    assert page.row_dimensions[longest + 1].height > 15 * len(rows[longest][5]) / 70


def test_check_needs_a_file_for_a_workbook_and_writes_others_where_it_is_told(folder):
    town(folder, BROKEN)
    done = run(folder, "check", "--format", "xlsx")
    assert (done.returncode, "add -o FILE.xlsx" in done.stderr) == (2, True)
    assert run(folder, "check", "-o", "out.txt").stdout == ""
    assert (folder / "out.txt").read_text(encoding="utf-8") == run(folder, "check").stdout
    done = run(folder, "check", "-o", "nowhere/out.txt")
    assert (done.returncode, "nowhere/out.txt" in done.stderr) == (1, True)


def test_a_file_name_that_is_no_text_is_told_all_the_same(folder):
    path = os.fsencode(folder / "params/2019/宁海县") + b"/\xff.yaml"
    try:
        with open(path, "wb") as file:  # noqa: PTH123  (a Path takes no bytes)
            file.write(BROKEN.encode())
    except OSError:
        pytest.skip("this disk takes text only")
    for options in ([], ["--format", "json"], ["--format", "xlsx", "-o", "a.xlsx"], ["-o", "a.txt"]):
        done = run(folder, "check", *options)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), options


def test_check_against_last_year(folder):
    town(folder, GOOD)
    (folder / "params/2020/宁海县").mkdir(parents=True)
    later = GOOD.replace("year: 2019", "year: 2020").replace(
        "二、上年结转政府信息公开申请数量: {总计: 0}", "二、上年结转政府信息公开申请数量: {总计: 4}"
    )
    assert later.count("总计: 4") == 1
    (folder / "params/2020/宁海县/桑洲镇.yaml").write_text(later, encoding="utf-8")
    lines = run(folder, "check", "params/2020").stdout.splitlines()
    (line,) = [line for line in lines if " R7 error " in line]
    assert line.startswith("params/2020/宁海县/桑洲镇.yaml:19 R7 error")
    assert "params/2019/宁海县/桑洲镇.yaml:22" in line


def test_a_town_that_is_taken_away_is_told_with_where_its_pages_are(folder):
    town(folder, GOOD)
    gone = town(folder, GOOD.replace("桑洲镇", "甲镇"), "甲镇")
    assert last_line(run(folder, "build", "--to", "html", "--jobs", "1", "--no-notebook")) == "2 built"
    assert {path.suffix for path in (folder / "dist/2019").rglob("*.*")} == {".html"}
    gone.unlink()
    done = run(folder, "build", "params/2019/宁海县/桑洲镇.yaml", "--to", "html", "--jobs", "1", "--no-notebook")
    assert (done.returncode, last_line(done)) == (0, "1 up to date")
    done = run(folder, "build", "--to", "html", "--jobs", "1", "--no-notebook", "--log-json", "log.jsonl")
    assert done.returncode == 0
    assert done.stdout.splitlines()[:2] == [
        "params/2019/宁海县/甲镇.yaml is gone, so its report has left: dist/2019/宁海县/甲镇.html",
        "  kept as .reportkit/withdrawn/2019/宁海县/甲镇.html; put the parameter file back and build to have it again",
    ]
    assert '"event": "left"' in (folder / "log.jsonl").read_text(encoding="utf-8")
    assert (folder / ".reportkit/withdrawn/2019/宁海县/甲镇.html").exists()


def test_a_build_without_notebooks_keeps_to_it_when_it_is_tried_again(folder):
    town(folder, BROKEN)
    done = run(folder, "build", "--to", "html", "--jobs", "1", "--no-notebook")
    assert "to try just these again: reportkit build --to html --no-notebook --failed" in done.stdout.splitlines()


def test_what_check_calls_an_error_build_does_too(folder):
    town(folder, GOOD)
    (folder / "params/2020/宁海县").mkdir(parents=True)
    row = "上年结转政府信息公开申请数量: {总计: 0}", "四、结转下年度继续办理: {总计: 0}"
    later = GOOD.replace("year: 2019", "year: 2020")
    for text in row:
        later = later.replace(text, text.replace("{总计: 0}", "{自然人: 4, 总计: 4}"))
    (folder / "params/2020/宁海县/桑洲镇.yaml").write_text(later, encoding="utf-8")
    checked, built = (
        run(folder, "check", "params/2020"),
        run(folder, "build", "params/2020", "--to", "html", "--jobs", "1"),
    )
    assert (checked.returncode, built.returncode, last_line(built)) == (1, 1, "0 built, 1 invalid")
    codes = [
        {line.split()[1] for line in done.stdout.splitlines() if len(line.split()) > 2 and line.split()[2] == "error"}
        for done in (checked, built)
    ]
    assert codes == [{"R7"}, {"R7"}]


def test_waivers_of_the_project_and_of_a_file_hold_in_check_and_in_build(folder):
    town(folder, BROKEN + "\nwaivers:\n  R1: 口径不同\n")
    (folder / "reportkit.toml").write_text('[waivers]\nR2 = "按原表公布"\n', encoding="utf-8")
    done = run(folder, "check")
    assert done.returncode == 0
    assert done.stderr.endswith(", 3 waived\n")
    told = [line for line in done.stdout.splitlines() if " waived " in line]
    assert done.stdout.splitlines()[-3:] == told
    assert sorted(line[line.index("（已豁免：") :] for line in told) == ["（已豁免：口径不同）"] * 2 + [
        "（已豁免：按原表公布）"
    ]
    done = run(folder, "build", "--to", "html")
    assert (done.returncode, last_line(done)) == (0, "1 built")
    nb = (folder / "dist/2019/宁海县/桑洲镇.ipynb").read_text(encoding="utf-8")
    assert nb.count("已豁免：按原表公布") == 1
    assert "waivers = {'R1': '口径不同'}" in nb
    (folder / "reportkit.toml").write_text('[waivers]\nR2 = "换了理由"\n', encoding="utf-8")
    assert last_line(run(folder, "build", "--to", "html", "--jobs", "1")) == "1 built"


def test_a_waiver_of_the_project_that_is_none_is_told_once(folder):
    town(folder, GOOD)
    (folder / "reportkit.toml").write_text('[waivers]\nR99 = "理由"\n', encoding="utf-8")
    for command in (["check"], ["build", "--to", "html"]):
        done = run(folder, *command)
        assert (done.returncode, done.stderr.count("R99")) == (2, 1)


@pytest.mark.usefixtures("chinese")
def test_rules_lists_every_code_and_explain_tells_one(folder):
    lines = run(folder, "rules").stdout.splitlines()
    assert "R7   错误  上年结转不等于上年报告的结转下年度" in lines
    entries = json.loads(run(folder, "rules", "--format", "json").stdout)
    assert {"code", "severity", "title", "source", "explanation", "example", "area", "waivable"} == entries[0].keys()
    told = run(folder, "explain", "r7").stdout
    for words in ["R7（错误）", "依据：", "说明：", "例：", "waivers: {R7: 理由}", "[waivers]"]:
        assert words in told
    assert "不能，只能改正" in run(folder, "explain", "Y1").stdout
    done = run(folder, "explain", "R77")
    assert (done.returncode, "R7" in done.stderr, done.stdout) == (2, True, "")


def test_rollup_prints_or_writes_the_sum_and_overwrites_nothing(folder):
    town(folder, GOOD)
    town(
        folder,
        GOOD.replace("jurisdiction: 桑洲镇", "jurisdiction: 力洋镇").replace("采购项目数量: 27", "采购项目数量: 3"),
        "力洋镇",
    )
    done = run(folder, "rollup", "params/2019/宁海县")
    assert done.returncode == 0
    assert "# 采购项目数量：力洋镇 3 + 桑洲镇 27\n" in done.stdout
    assert "政府集中采购: [30, 18.4万元]" in done.stdout
    assert "jurisdiction: 宁海县" in done.stdout
    target = "params/2019/宁海县.yaml"
    written = run(folder, "rollup", "params/2019/宁海县", "-o", target)
    assert (folder / target).read_text(encoding="utf-8") == done.stdout
    assert written.stdout == ""
    again = run(folder, "rollup", "params/2019/宁海县", "-o", target)
    assert (again.returncode, "not overwritten" in again.stderr) == (2, True)
    assert "--update" in again.stderr
    # A sum that is given back to the check adds up.
    assert " R11 " not in run(folder, "check").stdout


def test_rollup_runs_again_and_keeps_all_but_the_sums(folder):
    town(folder, GOOD)
    target = folder / "params/2019/宁海县.yaml"
    assert run(folder, "rollup", "params/2019/宁海县", "-o", target, "--update").returncode == 0
    whole = target.read_text(encoding="utf-8").replace("\n", "\r\n")
    row = "    # 采购项目数量：桑洲镇 27\r\n    # 采购总金额：桑洲镇 9.2万元\r\n    政府集中采购: [27, 9.2万元]"
    assert whole.count(row) == 1
    mine = row.replace("    政府集中", "    # 采购 3 份合同未计\r\n    政府集中") + "  # 与财政局核对过"
    target.write_text(whole.replace(row, mine) + "narrative:\r\n  总体情况: 县的文字\r\n", encoding="utf-8", newline="")
    before = target.read_bytes().decode()
    again = run(folder, "rollup", "params/2019/宁海县", "-o", target, "--update")
    assert (again.returncode, "unchanged" in again.stderr, target.read_bytes().decode()) == (0, True, before)
    town(
        folder,
        GOOD.replace("jurisdiction: 桑洲镇", "jurisdiction: 力洋镇").replace("采购项目数量: 27", "采购项目数量: 3"),
        "力洋镇",
    )
    done = run(folder, "rollup", "params/2019/宁海县", "-o", target, "--update")
    assert (done.returncode, "文件里是“27”，汇总的是“30”" in done.stderr, "updated" in done.stderr) == (0, True, True)
    new = (
        "    # 采购 3 份合同未计\r\n    # 采购项目数量：力洋镇 3 + 桑洲镇 27\r\n    # 采购总金额：力洋镇 9.2万元 + 桑洲镇 9.2万元\r\n"
        "    政府集中采购: [30, 18.4万元]  # 与财政局核对过"
    )
    after = target.read_bytes().decode()
    assert new in after
    other = [line for line in after.split("\r\n") if "采购" not in line]
    assert other == [line for line in before.split("\r\n") if "采购" not in line]
    assert run(folder, "rollup", "params/2019/宁海县", "--update").returncode == 2


def test_rollup_updates_no_file_of_another_year_or_unit(folder):
    town(folder, GOOD)
    other = town(folder, GOOD)
    before = other.read_bytes()
    done = run(folder, "rollup", "params/2019/宁海县", "-o", other, "--update")
    assert (done.returncode, " I9 error " in done.stderr, other.read_bytes()) == (1, True, before)


def test_rollup_leaves_out_no_error_unless_it_is_told_to(folder):
    town(folder, GOOD)
    town(folder, BROKEN.replace("jurisdiction: 桑洲镇", "jurisdiction: 力洋镇"), "力洋镇")
    done = run(folder, "rollup", "params/2019/宁海县", "-o", "sum.yaml")
    assert (done.returncode, done.stdout, (folder / "sum.yaml").exists()) == (1, "", False)
    assert "errors in 力洋镇" in done.stderr
    done = run(folder, "rollup", "params/2019/宁海县", "--with-errors")
    assert (done.returncode, "政府集中采购: [54, 18.4万元]" in done.stdout) == (0, True)


@pytest.mark.usefixtures("chinese")
def test_rollup_as_a_sheet_of_cells_by_unit_and_as_json(folder):
    town(folder, GOOD)
    town(folder, GOOD.replace("jurisdiction: 桑洲镇", "jurisdiction: '=1+1'"), "力洋镇")
    assert run(folder, "rollup", "params/2019/宁海县", "--format", "xlsx").returncode == 2
    assert run(folder, "rollup", "params/2019/宁海县", "--format", "xlsx", "-o", "a.xlsx").returncode == 0
    (page,) = load_workbook(folder / "a.xlsx").worksheets
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[0] == ["表", "行", "列", "合计", "=1+1", "桑洲镇"]
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}
    assert [row[3:] for row in rows if row[2] == "采购项目数量"] == [[54, 27, 27]]
    assert [row[3:] for row in rows if row[2] == "采购总金额"] == [["18.4万元", "9.2万元", "9.2万元"]]
    told = json.loads(run(folder, "rollup", "params/2019/宁海县", "--format", "json").stdout)
    (cell,) = [cell for cell in told["cells"] if cell["labels"][2] == "采购项目数量"]
    assert (cell["sum"], cell["shares"]) == ("54", {"=1+1": "27", "桑洲镇": "27"})


def test_rollup_adds_nothing_up_where_a_file_cannot_be_read(folder):
    town(folder, GOOD)
    town(folder, "", "空镇")
    done = run(folder, "rollup", "params/2019/宁海县")
    assert (done.returncode, done.stdout, " Y1 error " in done.stderr) == (1, "", True)


def test_check_is_content_with_warnings(folder):
    town(folder, GOOD)
    assert run(folder, "check").returncode == 0


def test_a_file_that_cannot_be_read_does_not_hide_the_others(folder):
    town(folder, BROKEN)
    town(folder, "", "空镇")
    lines = run(folder, "check").stdout.splitlines()
    assert [line.split(" ")[0] for line in lines if "Y1" in line] == ["params/2019/宁海县/空镇.yaml"]
    assert sum(" R1 " in line for line in lines) == 2


def test_an_invalid_report_is_not_made_and_the_others_are(folder):
    town(folder, GOOD)
    town(
        folder, GOOD.replace("jurisdiction: 桑洲镇", "jurisdiction: 力洋镇").replace("规章: [0,", "规章: [1,"), "力洋镇"
    )
    done = run(folder, "build", "--to", "html", "--jobs", "1")
    assert done.returncode == 1
    assert "invalid params/2019/宁海县/力洋镇.yaml" in done.stdout
    assert "P1 error" in done.stdout
    assert last_line(done) == "1 built, 1 invalid"
    assert sorted(path.name for path in (folder / "dist/2019/宁海县").iterdir()) == ["桑洲镇.html", "桑洲镇.ipynb"]


def test_a_cell_that_fails_is_named(folder):
    town(folder, GOOD)
    master = folder / "notebooks/annual_report.ipynb"
    nb = json.loads(master.read_text(encoding="utf-8"))
    cell = next(cell for cell in nb["cells"] if cell["id"] == "proactive")
    cell["source"] = ["report.tabel('proactive')"]
    master.write_text(json.dumps(nb), encoding="utf-8")
    done = run(folder, "build", "--to", "html", "--jobs", "1")
    assert (done.returncode, last_line(done)) == (1, "0 built, 1 failed")
    assert "cell proactive: AttributeError: 'Report' object has no attribute 'tabel'" in done.stdout
    assert sorted(path.name for path in (folder / "dist/2019/宁海县").iterdir()) == ["桑洲镇.failed.ipynb"]


def test_a_cell_that_leaves_early_is_a_failure(folder):
    town(folder, GOOD)
    master = folder / "notebooks/annual_report.ipynb"
    master.write_text(
        master.read_text(encoding="utf-8").replace('"report.title"', '"import sys; sys.exit()"'), encoding="utf-8"
    )
    done = run(folder, "build", "--to", "html", "--jobs", "1")
    assert (done.returncode, last_line(done)) == (1, "0 built, 1 failed")
    assert "cell title: SystemExit" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "nowhere"], "no such file or folder"),
        (["build", "--to", "docx"], "docx"),
        (["check", "--format", "xml"], "xml"),
        (["check", "--severity", "grave"], "grave"),
        (["rollup", "nowhere"], "no parameter file"),
        (["bild"], "bild"),
    ],
)
def test_a_mistake_in_the_call_exits_with_2(folder, arguments, words):
    done = run(folder, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_awkward_file_names_are_built(folder):
    names = ["桑 洲 镇（终稿）", "📄年报", "{town}", "a'b&c", "%s", "-n"]
    for name in names:
        town(folder, GOOD, name)
    done = run(folder, "build", "--to", "html", "--jobs", "1")
    assert (done.returncode, last_line(done)) == (0, f"{len(names)} built")
    assert sorted(path.stem for path in (folder / "dist/2019/宁海县").glob("*.html")) == sorted(names)


def test_messages_survive_a_console_that_has_no_chinese(folder):
    town(folder, BROKEN)
    done = run(folder, "check", PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert "R2 error" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_command_line_starts_without_its_heavy_parts():
    code = "import sys, reportkit.cli; print([m for m in ('pandas', 'IPython', 'nbformat', 'papermill', 'typst', 'yaml', 'lxml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_words_are_taken_as_they_are_and_other_values_as_typer_takes_them(monkeypatch, capsys):
    if not hasattr(typer.core, "build_runtime_param"):
        pytest.skip("this typer has no pydantic")
    asked, build = [], typer.core.build_runtime_param
    monkeypatch.setattr(typer.core, "build_runtime_param", lambda of: asked.append(of.annotation) or build(of))
    for arguments in (["explain", "R1"], ["rules"], ["status", "--help"]):
        get_command(app)(arguments, standalone_mode=False)
    with pytest.raises(UserError):
        get_command(app)(["build", "nowhere"], standalone_mode=False)  # its time limit is a whole number: 120
    with pytest.raises(UserError):
        get_command(app)(["build", "nowhere", "--to", "pdf", "--to", "html", "--jobs", "02"], standalone_mode=False)
    assert capsys.readouterr().out.startswith("R1")
    get_command(app)(["rules", "--format", "json"], standalone_mode=False)
    assert json.loads(capsys.readouterr().out)
    assert asked == []
    others = (
        (["--to", "xml"], "xml"),
        (["--jobs", "0"], "greater"),
        (["--jobs", "two"], "integer"),
        (["--memory", "5e9"], "integer"),
    )
    for arguments, told in others:
        with pytest.raises(ClickError, match=told):
            get_command(app)(["build", *arguments], standalone_mode=False)
    assert [getattr(each, "__name__", "list") for each in asked] == ["list", "int", "int"]  # of each parameter once


def test_the_summary_names_what_was_not_made_and_how_to_try_again(folder):
    for number in range(22):
        town(folder, GOOD.replace("桑洲镇", f"合成{number}镇"), f"合成{number}镇")
    town(folder, "year: 2019\n", "合成3镇")
    done = run(folder, "build", "--to", "html", "--why", "--log-json", "log.json")
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert "params/2019/宁海县/合成7镇.yaml: new" in lines
    place = lines.index(
        "  params/2019/宁海县/合成3镇.yaml:1 Y6 error 缺少 jurisdiction（行政区或单位名称），例如 jurisdiction: 桑洲镇"
    )
    assert lines[place - 1 : place + 2 : 2] == [
        "invalid params/2019/宁海县/合成3镇.yaml",
        "to try just these again: reportkit build --to html --failed",
    ]
    assert last_line(done) == "21 built, 1 invalid"
    log = [json.loads(line) for line in (folder / "log.json").read_text(encoding="utf-8").splitlines()]
    assert [log[0]["event"], log[-1]["event"]] == ["start", "end"]
    assert (log[0]["total"], log[-1]["built"], log[-1]["invalid"]) == (22, 21, 1)
    assert {line["status"] for line in log[1:-1]} == {"built", "invalid"}

    town(folder, GOOD.replace("桑洲镇", "合成3镇"), "合成3镇")
    again = run(folder, "build", "--to", "html", "--jobs", "1", "--failed")
    assert (again.returncode, last_line(again)) == (0, "1 built")
    assert last_line(run(folder, "build", "--to", "html", "--jobs", "1")) == "22 up to date"


@pytest.mark.filterwarnings("ignore:.*click:DeprecationWarning")  # of an older typer with a newer click
def test_a_log_has_lines_of_progress(capsys):
    from collections import Counter

    from reportkit.cli import reporter

    lines = reporter._Lines(40, interval=0.0)
    lines.advance(Counter(built=9, failed=1))
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("10 of 40, ")
    assert line.endswith(" s left")


def warned(project, *towns: str):
    from reportkit.batch import Outcome
    from reportkit.project import plan

    jobs = {job.params.stem: job for job in plan(project, [], ["html"])}
    return [Outcome(jobs[name], "built", warnings=("单元格 chart：图片没有替代文字",)) for name in towns]


@pytest.mark.filterwarnings("ignore:.*click:DeprecationWarning")  # of an older typer with a newer click
@pytest.mark.usefixtures("chinese")
def test_what_cells_should_be_looked_at_for_is_told_with_the_report_or_once_for_many(folder, capsys):
    from reportkit.batch.incremental import Plan
    from reportkit.cli.reporter import Teller
    from reportkit.project import load_project

    names = [f"合成{number}镇" for number in range(21)]
    for name in names:
        town(folder, GOOD.replace("桑洲镇", name), name)
    project = load_project(folder)
    for count in (1, 21):
        outcomes = warned(project, *names[:count])
        with Teller(project, why=False, log=folder / "log.json") as teller:
            teller.announce(Plan([], [(outcome.job, "new") for outcome in outcomes]))
            for outcome in outcomes:
                teller.tell(outcome)
            teller.summarize("")
        told = [line for line in capsys.readouterr().out.splitlines() if "chart" in line]
        assert (
            told == [["  单元格 chart：图片没有替代文字"], ["单元格 chart：图片没有替代文字（21 份报告）"]][count > 1]
        )
    log = [json.loads(line) for line in (folder / "log.json").read_text(encoding="utf-8").splitlines()]
    assert [line["warnings"] for line in log if line["event"] == "outcome"] == [["单元格 chart：图片没有替代文字"]] * 21


@pytest.mark.parametrize("command", ["build", "check", "status"])
def test_a_folder_without_parameter_files_is_told_how_to_begin(tmp_path, command):
    done = run(tmp_path, command)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: params: no such folder, and so no parameter files; begin a project with")
    assert "reportkit build --notebook FILE.ipynb LIST" in done.stderr
    assert list(tmp_path.iterdir()) == []
