"""Chinese under a Chinese locale, English else, and never both in one sentence."""

import errno
import json
import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from reportkit import translation
from reportkit.batch.processes.fork import epitaph
from reportkit.batch.processes.resource_limits import too_long
from reportkit.engine.allowance import Allowance
from reportkit.errors import Origin, RunError, UserError, reason_of, unwritten
from reportkit.files.locations import location
from reportkit.files.writing import ChangedError, replace_if
from reportkit.kinds.forms import load_form
from reportkit.messages.words import issue
from reportkit.model.names import unfit
from reportkit.notebook.cells import is_note
from reportkit.notebook.conflict_note import note_of
from reportkit.notebook.markers import LABELS, Labels, conflict, regions_of, resolved
from reportkit.notebook.merge import Conflict
from reportkit.notebook.provenance import note_failure
from reportkit.notebook.validation import NotebookError, load_notebook
from reportkit.project import load_project, plan
from reportkit.project.config import Config, read_config
from reportkit.translation import in_language
from support.commands import reportkit
from support.languages import CHINESE, speaking
from support.repository import ROOT, SANGZHOU

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, "zh_CN"),
        ({"LANG": "zh"}, "zh_CN"),
        ({"LANG": "zh-Hans"}, "zh_CN"),
        ({"LANG": "zh_SG@pinyin"}, "zh_CN"),
        ({"LANG": "en_GB.UTF-8"}, ""),
        ({"LANG": "de_DE.UTF-8"}, ""),
        ({"LANG": "C.UTF-8"}, ""),
        ({"LANG": "C"}, ""),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, ""),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh_CN"),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh_CN"),
        ({"LANGUAGE": "zh_CN:en", "LANG": "en_US.UTF-8"}, "zh_CN"),
        ({"LANGUAGE": "de:zh", "LANG": "en_US.UTF-8"}, "zh_CN"),
        ({"LANGUAGE": "en:zh_CN", "LANG": "zh_CN.UTF-8"}, ""),
        ({"LANGUAGE": "zh_CN", "LC_ALL": "C"}, ""),
        ({"LANGUAGE": "zh_CN"}, "zh_CN"),
    ],
)
def test_the_language_is_that_of_the_environment(environment, folder, monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert translation.language.__wrapped__() == folder


@pytest.mark.parametrize(
    ("system", "folder"),
    [("zh_CN", "zh_CN"), ("Chinese (Simplified)_China", "zh_CN"), ("English_Norway", ""), (None, "")],
)
def test_without_these_variables_it_is_the_systems(system, folder, monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("locale.getlocale", lambda: (system, "cp936"))
    assert translation.language.__wrapped__() == folder


def test_nothing_is_loaded_for_english():
    program = (
        "import sys, reportkit.errors as e; print(e.unwritten(OSError(28, 'x'), 'p')); print('gettext' in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == [
        "p: x; nothing was changed there: free space on this disk and run the command again",
        "False",
    ]


# --- the command line ------------------------------------------------------------------------------------------------

_HELP = """
import json, typer.main, reportkit.cli as cli
group = typer.main.get_command(cli.app)
context = group.make_context("reportkit", ["check"], resilient_parsing=True)
pages = {"": group.get_help(context)}
for name, command in group.commands.items():
    inner = command.make_context(name, [], parent=context, resilient_parsing=True)
    pages[name] = command.get_help(inner)
print(json.dumps(pages))
"""

ENGLISH = re.compile(r"[A-Za-z']{2,} [a-z']{2,} [a-z']{2,}")


@pytest.fixture(scope="module")
def pages() -> dict[str, dict[str, str]]:
    def asked(**environment: str) -> dict[str, str]:
        command = [sys.executable, "-c", _HELP]
        ended = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, check=True)
        return json.loads(ended.stdout)

    return {"zh": asked(**CHINESE), "en": asked(LC_ALL="C")}


def test_the_help_of_every_command_is_in_one_language(pages):
    assert pages["zh"].keys() == pages["en"].keys()
    assert len(pages["zh"]) == 24
    for page in pages["zh"].values():
        assert ENGLISH.findall(re.sub("<(int|float) range>|reportkit [^，。；]*", "", page)) == []
        assert "  --help" in page
        assert "显示这段帮助。" in page
        assert page.startswith("用法：reportkit")
    for page in pages["en"].values():
        assert re.findall("选项|默认|用法|必填", page) == []
        assert page.startswith("Usage: reportkit")


WORDS = re.compile(r"(?<![-\w./])[A-Za-z][A-Za-z0-9.-]*")
KEPT = "HTML PDF JSON Schema YAML README JupyterLab CycloneDX Dask Ctrl-C MB base64 reportkit params dist"
"""Names that have no Chinese one."""
TYPED = "local xlsx year town subject browser overview kind.yaml readers.yaml reportkit.toml roster.csv zip ogi gbt-9704 a4 letter"
"""Values, keys and files; other values stand between bars, as <text|json>."""


def test_the_chinese_help_has_no_english_words_but_names_and_what_is_to_be_typed(pages):
    # Earlier versions of typer have them between other bars.
    choices = re.findall(r"[<\[{][\w-]+(?:\|[\w-]+)+[>\]}]", " ".join(pages["zh"].values()))
    values = set(re.findall(r"[\w-]+", " ".join(choices)))
    for name, page in pages["zh"].items():
        told = re.sub(r"例：.*|`[^`]*`|\w+://", "", page, flags=re.DOTALL if name else 0)
        assert set(WORDS.findall(told)) - {*KEPT.split(), *TYPED.split()} - values - pages["zh"].keys() == set(), name


def test_what_the_commands_say_of_options_is_in_the_same_place(pages):
    for name, page in pages["en"].items():
        options = re.findall(r"^  (-[-\w]+)", page, re.MULTILINE)
        assert re.findall(r"^  (-[-\w]+)", pages["zh"][name], re.MULTILINE) == options
    assert "[默认：30，至少 0.1]" in pages["zh"]["preview"]
    assert "[必填]" in pages["zh"]["form"]
    assert "例：reportkit explain R12" in pages["zh"]["explain"]


def test_no_line_of_the_help_is_wider_than_a_terminal(pages):
    def width(line: str) -> int:
        return sum(2 if "\u2e80" <= sign <= "\uffef" else 1 for sign in line)

    assert [line for page in pages["zh"].values() for line in page.splitlines() if width(line) > 80] == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--version"], 0, "reportkit 0.1.0\n"),
        (["build", "--nope"], 2, "错误：没有 --nope 这个选项"),
        (["build", "--jobs", "x"], 2, "错误：'--jobs' / '-j' 的值不对：应当是整数\n"),
        (["build", "--jobs", "0"], 2, "错误：'--jobs' / '-j' 的值不对：至少是 1\n"),
        (["edit"], 2, "错误：缺少参数 '单位'。\n"),
        (["build", "-p", "year"], 2, "错误：值不对：-p 后面要写参数名和值\n"),
        (["import", "无.xlsx"], 1, "  无.xlsx D1 错误 文件不存在；请检查路径\n"),
        (["buidl"], 2, "错误：没有 'buidl' 这个命令。您要的是不是 'build'？\n"),
        (["check", "--format", "xlsx"], 2, "错误：--format xlsx 需要一个文件：请加上 -o 文件.xlsx\n"),
        (["check", "no.yaml"], 2, "错误：no.yaml：没有这个文件或文件夹；参数文件放在 params/ 下\n"),
        (["form", "--edition", "1066", "-o", "f.xlsx"], 2, "错误：没有“1066”这个版本；现有：2019, 2021\n"),
        (
            ["resolve", "桑洲镇"],
            2,
            "错误：请说明用哪一方的文字：--ours（本单位的）、--theirs（母版的），或者 --both（双方的）\n",
        ),
        (["undo", "桑洲镇", "--list"], 0, "notebooks/towns/2019/宁海县/桑洲镇.ipynb：还没有改过\n"),
        (["status", "--edits"], 0, "0 个单位，0 个单元格和母版不同\n"),
        (
            ["sbom", "-o", "no/such/bom.json"],
            1,
            "错误：no/such/bom.json：不存在；那里什么都没有改：请用 -o 另选一个文件\n",
        ),
    ],
)
def test_the_command_line_speaks_chinese(arguments, code, said, small):
    ended = reportkit(small, *arguments, **CHINESE)
    assert (ended.returncode, said in ended.stdout + ended.stderr) == (code, True), ended.stdout + ended.stderr
    assert ENGLISH.findall(ended.stdout + ended.stderr) == []


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project with one town."""
    file = tmp_path / SANGZHOU.relative_to(ROOT)
    file.parent.mkdir(parents=True)
    file.write_bytes(SANGZHOU.read_bytes())
    return tmp_path


def test_a_build_is_told_in_chinese(small):
    ended = reportkit(small, "build", "--to", "html", "--jobs", "1", "--why", **CHINESE)
    lines = ended.stdout.splitlines()
    assert lines[0] == "params/2019/宁海县/桑洲镇.yaml：新的"
    assert lines[1] == "已生成 dist/2019/宁海县/桑洲镇.html（2 个提醒：reportkit check）"
    assert re.fullmatch(r"生成 1 份（\d+\.\d 秒）", lines[-1])
    (small / "dist/2019/宁海县/桑洲镇.html").unlink()
    again = reportkit(small, "build", "--to", "html", "--jobs", "1", "--why", **CHINESE)
    assert "params/2019/宁海县/桑洲镇.yaml：桑洲镇.html 不见了" in again.stdout.splitlines()


def test_the_journal_of_one_language_is_read_in_the_other(small):
    reportkit(small, "build", "--to", "html", "--jobs", "1", **CHINESE)
    page = small / "dist/2019/宁海县/桑洲镇.html"
    page.write_bytes(page.read_bytes() + b" ")
    ended = reportkit(small, "build", "--to", "html", "--jobs", "1", "--why")
    assert "桑洲镇.html was changed by hand, which no build can take over; kept as 桑洲镇.edited.html" in ended.stdout


# --- a sentence of each room -----------------------------------------------------------------------------------------


def said(call, *arguments) -> str:
    with pytest.raises(UserError) as error:
        call(*arguments)
    return str(error.value)


def test_a_file_that_the_system_refuses():
    with speaking("zh_CN.UTF-8"):
        told = str(unwritten(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "表.yaml"))
        other = str(unwritten(OSError(errno.EXDEV, "Invalid cross-device link"), "表.yaml"))
    assert told == "表.yaml：磁盘已满；那里什么都没有改：请在这个磁盘上腾出空间，再运行一次"
    assert other == f"表.yaml：系统错误 {errno.EXDEV}；那里什么都没有改：请检查文件夹、权限和磁盘，再运行一次"


def test_files(tmp_path):
    link = tmp_path / "桑洲镇.yaml"
    link.symlink_to("别处")
    with speaking("zh_CN.UTF-8"):
        assert said(replace_if, link, b"", b"") == f"{link}：是链接，不会顺着它写；请把文件本身放到这里"
        assert said(location, "s3://") == "s3://：地址里没有存储桶或主机；例如 s3://bucket/folder"
        assert str(ChangedError(link)).startswith(f"{link}：刚才被别人改了；")


def test_the_project(tmp_path):
    file = tmp_path / "reportkit.toml"
    file.write_text("compare = 1\ncoppies = 'x'\nx = 1\n", encoding="utf-8")
    with speaking("zh_CN.UTF-8"):
        assert said(read_config, file).splitlines() == [
            f"{file}：不认识的键 'coppies'；您要的是不是“copies”？",
            f"{file}：不认识的键 'x'；可以写 {[*Config.__struct_fields__]}",
            f"{file}：compare 应是 true 或 false，不带引号，写的是 1",
        ]
        project = load_project(tmp_path.parent)
        assert said(plan, project, [tmp_path], ["html"]).endswith("：这个文件夹里没有参数文件（*.yaml）")


def test_the_forms(tmp_path):
    file = tmp_path / "甲.yaml"
    file.write_text("edition: 甲\n", encoding="utf-8")
    words = "甲.yaml：“格式” 可以有 carry、compare、document、edition、facts、kind、language、rules、sections、tables、title、words、years；缺少 sections、title、years"
    with speaking("zh_CN.UTF-8"):
        assert words in said(load_form, file)
        file.write_text("- [", encoding="utf-8")
        assert said(load_form, file) == f"{file}:1：不是能读的 YAML；请检查这一行和上一行的缩进、引号和括号"


def test_the_notebook():
    with speaking("zh_CN.UTF-8"):
        assert said(regions_of, ["甲", ">>>>>>> 乙"]) == (
            "单元格第 2 行：冲突标记没有配成对（“>>>>>>> 乙”）；请手工改好这个单元格：留下要印的行，删去所有标记行"
        )
        assert str(RunError("overview", "NameError", "x")) == "单元格 overview：NameError: x"


def test_what_stands_in_a_notebook_until_a_person_has_mended_it():
    notebook = new_notebook(cells=[new_code_cell("1 / 0", id="extra")])
    torn = conflict(["甲"], ["乙"], LABELS)
    told = note_of(Conflict("a", "甲", "甲一", None))
    with speaking("zh_CN.UTF-8"):
        note_failure(notebook, "extra", "ZeroDivisionError")
        assert notebook.cells[0].source == (
            "# 这份报告没有做成\n\n    ZeroDivisionError\n\n[转到出错的单元格 extra](#出错的单元格)"
        )
        assert notebook.cells[1].source == "## 出错的单元格\n\n下面的单元格（extra）没有运行成功。"
        assert conflict(["甲"], ["乙"], LABELS).written[0] == "<<<<<<< ours 本单位的文字"
        assert resolved("\n".join(torn.written), "ours") == "甲"  # as it was written under another language
        assert is_note({"metadata": told.metadata, "source": told.source})
        assert note_of(Conflict("a", "甲", "甲一", None), Labels("my text", LABELS.theirs)).source.startswith(
            "**有冲突：下一个"
        )
    assert torn.written[0] == "<<<<<<< ours the town's text"
    assert told.source.startswith("**Conflict: the town has changed the next cell (a), and the master has it no more.")
    assert "（" not in told.source


def test_an_issue_quotes_in_its_own_language_what_a_person_is_told(tmp_path):
    path = tmp_path / "甲镇.ipynb"
    path.write_text('{"cells": [{"cell_type": "prose"}]}', encoding="utf-8")
    with pytest.raises(NotebookError) as error:
        load_notebook(path, path.read_bytes())
    assert str(error.value) == (
        f"{path}: is no notebook of format 4: in cell 1 cell_type is prose, none of code, markdown, raw; "
        "bring it back as version control or an earlier version has it, or mend it in JupyterLab and save it"
    )
    quoted = issue("N3", Origin("甲镇.ipynb"), reason=pickle.loads(pickle.dumps(error.value.reason)))
    assert (
        "：不是第 4 版格式的笔记本：第 1 个单元格的 cell_type 写的是 prose，应是 code、markdown、raw 之一；"
        in quoted.message
    )
    refused = reason_of(OSError(errno.EACCES, "Permission denied"))
    assert (refused, issue("Y1.unreadable", Origin("甲镇.yaml"), why=refused).message) == (
        "Permission denied",
        issue("Y1.unreadable", Origin("甲镇.yaml"), why="没有权限").message,
    )
    assert (unfit("con"), in_language(unfit("con"), "zh")) == (
        "is a name that the system keeps for itself",
        "是系统保留的名称",
    )


def test_the_engine_and_the_processes():
    with speaking("zh_CN.UTF-8"):
        assert Allowance(1000).spend(2000) == "笔记本已经输出了 2,000 字节，最多只能输出 1,000 字节（max_output）"
        assert too_long(1.5) == "超过了每份报告最多 1.5 秒的时间（--timeout）"
        assert epitaph(9) == "进程被 SIGKILL 结束；可能是内存不够"


def test_what_is_empty_stays_empty():
    with speaking("zh_CN.UTF-8"):
        assert translation.gettext("") == ""
        assert translation.gettext("no sentence of ours") == "no sentence of ours"
        assert [translation.ngettext("{number} town", "{number} towns", number) for number in (1, 2)] == [
            "{number} 个单位"
        ] * 2
