"""`reportkit draft`: what it writes and says, and that it never leaves half a form."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reportkit.cli import app
from reportkit.errors import UserError
from reportkit.kinds import load_form, load_forms
from support.repository import ROOT
from support.workbooks import edited, filled

GUIDE = (ROOT / "docs/forms.md").read_text(encoding="utf-8")
PAGE = re.search(r"```html\n(.*?)```", GUIDE, re.DOTALL)[1]
FORM = re.search(r"makes `forms/energy.yaml`:\n\n```yaml\n(.*?)```", GUIDE, re.DOTALL)[1]

Run = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a folder with the page of the guide; its exit code and its lines."""
    monkeypatch.chdir(tmp_path)
    Path("能耗情况表.html").write_text(PAGE, encoding="utf-8")

    def run(*arguments: str) -> tuple[int, list[str]]:
        done = CliRunner().invoke(app, ["draft", *arguments], catch_exceptions=False)
        return done.exit_code, done.output.splitlines()

    return run


def test_the_guides_commands_make_what_it_shows(run):
    (command, again) = re.findall(r"reportkit draft (\S.*?--show)[`\n]", GUIDE)
    code, told = run(*command.split())
    assert (code, Path("forms/energy.yaml").read_text(encoding="utf-8")) == (0, FORM)
    assert told == [
        "written forms/energy.yaml (1 table, 6 of 6 rows printed as in the files, 7 sums, 8 guesses to look at)",
        "written forms/energy.html: open it in a browser, and compare",
        "  t1: 能耗情况表.html#1, 6 of 6 rows as there",
    ]
    assert run(*again.split()) == (0, ["written forms/energy.html: open it in a browser, and compare"])


def test_a_form_is_printed_where_no_file_is_named(run):
    code, told = run("能耗情况表.html", "--name", "能耗季报")
    assert (code, told[-1]) == (0, "  t1: 能耗情况表.html#1, 6 of 6 rows as there")
    assert "\n".join(told[:-1]).startswith(FORM.rstrip())
    assert list(Path().iterdir()) == [Path("能耗情况表.html")]


def test_what_is_written_loads_as_any_form_of_a_project_and_its_guesses_are_marked(run):
    run("能耗情况表.html", "-o", "forms/energy.yaml", "--name", "能耗季报")
    forms = load_forms(Path("forms"))
    assert (forms.broken, "能耗季报" in forms) == ([], True)
    marked = [line for line in Path("forms/energy.yaml").read_text(encoding="utf-8").splitlines() if "# ?" in line]
    assert len(marked) == 9  # and the line that says what the mark is for


def test_a_page_shows_the_table_of_the_file_beside_that_of_the_form(run):
    Path("a.html").write_text(PAGE.replace("照明", "照明<b>&lt;i&gt;</b>"), encoding="utf-8")
    run("a.html", "-o", "forms/energy.yaml", "--show")
    page = Path("forms/energy.html").read_text(encoding="utf-8")
    assert page.count("<table>") == 2
    assert page.count("照明&lt;i&gt;") == 2
    assert (page.count('class="guess"'), 'class="other"' in page) == (16, False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("能耗情况表.html", "-o", "there.yaml"), "there.yaml exists already and may have been corrected"),
        (("能耗情况表.html", "-o", "x.xlsx"), "a form is a .yaml file"),
        (("能耗情况表.html", "-o", "x.yaml", "--name", "2021"), "there is a form '2021' in the project already"),
        (("能耗情况表.html", "--show"), "say with -o where the form goes"),
        (("能耗情况表.html#2", "-o", "x.yaml"), "no table '2'; there is 1"),
        (("能耗情况表.html", "--table", "7", "-o", "x.yaml"), "no table '7'"),
        (("能耗情况表.html", "nothing.html", "-o", "x.yaml"), "nothing.html"),
        (("there.yaml",), "there.yaml is a form already"),
        (("能耗情况表.html", "能耗情况表.html", "--table", "1", "-o", "x.yaml"), "among the tables of one file"),
        (("broken.html", "-o", "x.yaml"), "to leave this table out, name the others: broken.html#2"),
    ],
)
def test_a_call_that_cannot_be_done_says_why_and_writes_nothing(run, arguments, words):
    Path("there.yaml").write_text("edition: 甲\n", encoding="utf-8")
    broken = PAGE.replace("<td>水", "<td>水").replace('<td colspan="2">水</td>', "<td>水</td>")
    Path("broken.html").write_text(broken + PAGE, encoding="utf-8")
    before = {path: path.read_bytes() for path in Path().iterdir()}
    with pytest.raises(UserError, match=re.escape(words)):
        run(*arguments)
    assert {path: path.read_bytes() for path in Path().iterdir()} == before


def test_tables_of_several_files_are_tables_of_one_form(run):
    Path("form.xlsx").write_bytes(filled())
    code, told = run("form.xlsx#表四", "能耗情况表.html", "form.xlsx#表二", "-o", "forms/all.yaml")
    assert (code, len(told)) == (0, 4)
    form = load_form(Path("forms/all.yaml"))
    assert [section.heading for section in form.sections] == [
        "四、政府信息公开行政复议、行政诉讼情况", "一、能耗情况表", "二、主动公开政府信息情况",
    ]  # fmt: skip


def test_a_filled_workbook_proves_its_own_sums(run):
    Path("form.xlsx").write_bytes(filled())
    assert run("form.xlsx", "-o", "forms/a.yaml")[0] == 0
    proofs = re.findall(r"code: K\d(.*)", Path("forms/a.yaml").read_text(encoding="utf-8"))
    assert all("holds where it is filled in" in proof for proof in proofs)
    assert len(proofs) == 6


def test_a_sum_that_is_off_in_a_sample_is_left_out_and_told(run):
    def wrong(book):
        book["表四"]["A6"] = 999

    Path("form.xlsx").write_bytes(filled())
    Path("filled.xlsx").write_bytes(edited(filled(), wrong, values_only=True))
    _, told = run("form.xlsx#表四", "--sample", "filled.xlsx#表四", "-o", "forms/a.yaml")
    assert [line.strip() for line in told if "not proposed" in line] == [
        "not proposed: 行政复议 / 总计等于各项之和: filled.xlsx#表四: E6: 1130 and 440"
    ]
    assert len(load_form(Path("forms/a.yaml")).rules) == 2


def test_a_page_that_somebody_else_has_made_is_not_written_over(run):
    Path("forms").mkdir()
    Path("forms/energy.html").write_text("<p>ours</p>", encoding="utf-8")
    with pytest.raises(UserError, match="is no page of this command"):
        run("能耗情况表.html", "-o", "forms/energy.yaml", "--show")
    assert Path("forms/energy.html").read_text(encoding="utf-8") == "<p>ours</p>"
    assert not Path("forms/energy.yaml").exists()


@pytest.mark.usefixtures("chinese")
def test_what_is_guessed_is_told_in_the_language_of_the_person(run):
    run("能耗情况表.html", "-o", "forms/energy.yaml")
    text = Path("forms/energy.yaml").read_text(encoding="utf-8")
    assert "- {key: c3, label: 同比增长率, kind: percent}  # ? percent: 名称是这样写的" in text
