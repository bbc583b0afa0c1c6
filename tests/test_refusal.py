"""What papermill's engine and nbconvert's exporters refuse, as the build does; and drafts, which can be had."""

import copy
import re
import subprocess
import sys

import nbformat
import papermill
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from reportkit.assigned_names import assigned, strange_parameter
from reportkit.batch import execute
from reportkit.engine.inprocess_engine import EngineError
from reportkit.errors import UserError
from reportkit.exporters import HtmlReportExporter, PdfReportExporter
from reportkit.exporters.nbconvert import RefusedError
from reportkit.notebook import parameters
from reportkit.report import ChecksError, Report, open_report
from support.kernels import command_with_kernel, with_kernel
from support.languages import speaking
from support.offices import GOOD
from support.repository import ROOT, SANGZHOU

pytestmark = pytest.mark.usefixtures("chinese")

BROKEN = GOOD.replace("申请数量: {自然人: 0, 总计: 0}", "申请数量: {自然人: 3, 总计: 2}")


@pytest.fixture(scope="module")
def ran(project):
    return execute(project.notebook, parameters(project.read(SANGZHOU)), ROOT)


@pytest.fixture(scope="module")
def broken(project, tmp_path_factory):
    """The executed notebook of a report whose sums are wrong, as papermill leaves it."""
    path = tmp_path_factory.mktemp("broken") / "out.ipynb"
    values = parameters(project.read(SANGZHOU, BROKEN.encode()))
    with speaking("zh_CN.UTF-8"), pytest.raises(papermill.PapermillExecutionError) as caught:
        papermill.execute_notebook(
            project.notebook, path, values, engine_name="reportkit", progress_bar=False, cwd=ROOT
        )
    assert (caught.value.ename, caught.value.evalue[:6]) == ("ChecksError", "检查出 3 ")
    return nbformat.read(path, 4)


def refusal(nb, exporter=HtmlReportExporter) -> str:
    """Why the exporter refuses the notebook; "" if it does not."""
    try:
        exporter().from_notebook_node(nb)
    except RefusedError as error:
        return str(error)
    return ""


def draft(nb) -> tuple[str, list[str]]:
    """A draft's page, and the text of each page of its PDF."""
    page, _ = HtmlReportExporter(draft=True).from_notebook_node(nb)
    pdf, _ = PdfReportExporter(draft=True, use_system_fonts=False).from_notebook_node(nb)
    sheets = [sheet.get_textpage().get_text_bounded() for sheet in pypdfium2.PdfDocument(pdf)]
    return page, [re.sub(r"\s", "", text) for text in sheets]


def changed(nb, name: str, **values):
    nb = copy.deepcopy(nb)
    next(cell for cell in nb.cells if cell.id == name).update(**values)
    return nb


@pytest.mark.parametrize("exporter", [HtmlReportExporter, PdfReportExporter])
def test_a_notebook_whose_checks_hold_errors_is_refused(broken, exporter):
    told = refusal(broken, exporter)
    assert told.startswith("检查出 3 处错误，不能发布")
    assert f"--{exporter.__name__}.draft=True" in told


def test_a_notebook_is_refused_though_its_checks_were_left_out(broken):
    nb = copy.deepcopy(broken)
    nb.cells = [cell for cell in nb.cells if cell.id != "checks"]
    assert refusal(nb).startswith("检查出 3 处错误")
    nb = changed(broken, "setup", outputs=[])
    assert refusal(nb).startswith("单元格 checks 运行出错（检查出 3 处错误")


@pytest.mark.parametrize("exporter", [HtmlReportExporter, PdfReportExporter])
def test_a_notebook_that_was_not_run_is_refused(project, exporter):
    assert refusal(nbformat.read(project.notebook, 4), exporter).startswith("笔记本没有运行过")


def test_one_cell_that_was_not_run_is_named(ran):
    unrun = {"outputs": [], "execution_count": None}
    assert refusal(ran) == ""
    assert refusal(changed(ran, "overview", **unrun)).startswith("单元格 overview 没有运行")
    assert refusal(changed(ran, "rest", **unrun)).startswith("单元格 rest 没有运行")
    assert refusal(changed(ran, "rest", **unrun, metadata={"tags": ["skip-execution"]})) == ""
    assert refusal(changed(ran, "rest", **unrun, source=" ")) == ""


def test_a_notebook_whose_numbers_were_taken_off_counts_as_run(ran):
    nb = copy.deepcopy(ran)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
    assert refusal(nb) == ""


def test_a_notebook_of_words_alone_need_not_be_run():
    assert refusal(new_notebook(cells=[new_markdown_cell("# 题")])) == ""


def test_a_cell_that_failed_is_named_with_what_it_said():
    def nb(**metadata):
        failed = new_output("error", ename="KeyError", evalue="'行政许可'", traceback=["long"])
        return new_notebook(
            cells=[new_code_cell("x", id="mine", execution_count=1, outputs=[failed], metadata=metadata)]
        )

    assert refusal(nb()).startswith("单元格 mine 运行出错（'行政许可'）")
    assert refusal(nb(tags=["raises-exception"])) == ""


def test_a_draft_says_so_on_every_page(broken):
    page, sheets = draft(broken)
    assert len(sheets) > 3
    assert [text.count("草稿：检查出3处错误，不得发布") for text in sheets] == [1] * len(sheets)
    tree = lxml_html.fromstring(page)
    assert tree.findtext("head/title") == "草稿 2019年度桑洲镇政府信息公开工作年度报告"
    assert [p.text for p in tree.iter("p") if p.get("class") == "draft"] == ["草稿：检查出 3 处错误，不得发布"]
    assert "Exception" not in tree.text_content()


def test_a_draft_of_what_was_not_run_says_that(project, ran):
    page, sheets = draft(nbformat.read(project.notebook, 4))
    assert "草稿：没有经过检查，21 个单元格没有运行，不得发布" in page
    assert [text.count("草稿：") for text in sheets] == [1]
    page, _ = draft(ran)
    assert "草稿：检查出 0 处错误，不得发布" in page


def test_a_report_that_may_go_out_says_nothing_of_drafts(ran):
    page, _ = HtmlReportExporter().from_notebook_node(ran)
    assert "草稿" not in page
    assert 'class="draft"' not in page


def test_checks_raise_after_they_have_told(project, capsys):
    report = Report(project.read(SANGZHOU, BROKEN.encode()))
    with pytest.raises(ChecksError, match="检查出 3 处错误"):
        report.checks()
    assert "Prose" in capsys.readouterr().out  # without a notebook, `display` prints
    assert Report(project.read(SANGZHOU)).checks() is not None


@pytest.mark.parametrize("year", ["2023年", "二〇二三", "", [2023], 20233])
def test_a_year_that_is_no_year_is_told_in_words(project, monkeypatch, year):
    monkeypatch.setattr("reportkit.report.report.project_here", lambda: project)
    with pytest.raises(UserError, match="year 应是四位数的年份"):
        open_report(year=year, jurisdiction="桑洲镇")


@pytest.mark.parametrize("asked", [{}, {"jurisdiction": None}, {"jurisdiction": " "}])
def test_whose_report_it_is_must_be_said(project, monkeypatch, asked):
    monkeypatch.setattr("reportkit.report.report.project_here", lambda: project)
    with pytest.raises(UserError, match="没有写 jurisdiction"):
        open_report(year=2019, **asked)
    with pytest.raises(UserError, match="如 2023；没有写"):
        open_report(jurisdiction="桑洲镇")


# -- parameters --------------------------------------------------------------------------------------------------------


def with_parameters(source: str, *sources: str):
    cells = [new_code_cell(source, metadata={"tags": ["parameters"]}), *map(new_code_cell, sources)]
    spec = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return new_notebook(cells=cells, metadata=spec)


def execute_with(nb, tmp_path, engine, **values):
    path = tmp_path / "any.ipynb"
    nbformat.write(nb, path)
    out = tmp_path / "out.ipynb"
    return with_kernel(lambda: papermill.execute_notebook(path, out, values, engine_name=engine, progress_bar=False))


def test_the_engine_refuses_a_parameter_that_the_notebook_does_not_have(tmp_path):
    nb = with_parameters("town = ''\nyear: int = 2023\na, (b, *c) = 1, (2, 3)", "print('ran')")
    with pytest.raises(
        EngineError, match="没有参数 twon，给它的值不起作用；是不是 town？可用的参数有：town、year、a、b、c"
    ):
        execute_with(nb, tmp_path, "reportkit", twon="甲镇")
    out = nbformat.read(tmp_path / "out.ipynb", 4)
    assert [cell.execution_count for cell in out.cells] == [None] * 3
    assert execute_with(nb, tmp_path, "reportkit", town="甲镇", c=1).metadata.papermill.parameters.town == "甲镇"


def test_a_notebook_that_says_nothing_of_its_parameters_takes_any(tmp_path):
    nb = with_parameters("%matplotlib inline\nif True print", "1")
    nb.cells[0].source = "1"
    nb.cells[0].metadata.tags = []
    assert execute_with(nb, tmp_path, "reportkit", anything=1).cells[-1].outputs[0].data["text/plain"] == "1"


def test_the_exporters_refuse_it_where_another_engine_ran_it(tmp_path):
    nb = execute_with(with_parameters("town = ''", "print('好')"), tmp_path, None, town="甲镇", twon="乙镇")
    assert refusal(nb).startswith("笔记本没有参数 twon")
    nb.metadata.pop("papermill")
    assert refusal(nb).startswith("笔记本没有参数 twon")
    assert refusal(execute_with(with_parameters("town = ''", "print('好')"), tmp_path, None, town="甲镇")) == ""


names = st.sampled_from(["a", "b", "year", "镇", "jurisdiction"])


@given(st.lists(st.tuples(names, st.sampled_from(["1", "{\n'a': [1,\n2]}", "'''x\ny = 1'''", "f(z=1)"])), max_size=6))
def test_the_names_that_a_cell_assigns_are_those_that_python_would_assign(pairs):
    source = "\n".join(f"{name} = {value}  # {name}2 = 3" for name, value in pairs)
    space: dict = {"f": lambda z: z}
    exec(source, space)
    assert assigned(source) == list(dict.fromkeys(name for name, _ in pairs))
    assert set(assigned(source)) == space.keys() - {"f", "__builtins__"}


@pytest.mark.parametrize("source", ["!ls\nyear = 1", "%matplotlib inline\nyear = 1"])
def test_lines_for_the_shell_are_passed_over(source):
    assert assigned(source) == ["year"]


def test_of_what_is_no_python_nothing_is_known():
    assert assigned("year <- 2023") == []
    assert assigned("if True print") is None
    assert strange_parameter(with_parameters("if True print").cells, ["year"]) == ""


# -- the commands ------------------------------------------------------------------------------------------------------


def command(*words: str, cwd) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *words], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_papermill_ends_with_one_sentence(project, tmp_path):
    options = ["-p", "jurisdicton", "宿迁市", "--engine", "reportkit", "--no-progress-bar"]
    done = command("papermill", str(project.notebook), str(tmp_path / "out.ipynb"), *options, cwd=ROOT)
    assert done.returncode == 1
    assert "Error: 笔记本没有参数 jurisdicton" in done.stderr
    assert "是不是 jurisdiction？" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_nbconvert_ends_with_one_sentence_and_makes_no_file(broken, tmp_path):
    nbformat.write(broken, tmp_path / "out.ipynb")
    done = command("nbconvert", "--to", "reportkit-pdf", "out.ipynb", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        "[NbConvertApp] ERROR | Error while converting 'out.ipynb': 检查出 3 处错误，不能发布"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["out.ipynb"]


@pytest.mark.slow
def test_nbconvert_that_runs_the_notebook_itself_ends_at_its_checks(tmp_path):
    (tmp_path / "params/2019").mkdir(parents=True)
    (tmp_path / "params/2019/桑洲镇.yaml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/annual_report.ipynb").write_bytes((ROOT / "notebooks/annual_report.ipynb").read_bytes())
    words = ["nbconvert", "--execute", "--to", "reportkit-html", "notebooks/annual_report.ipynb"]
    done = command_with_kernel(*words, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "运行出错：检查出 3 处错误，这份报告不能发布" in done.stderr
    assert command_with_kernel(*words, "--HtmlReportExporter.draft=True", cwd=tmp_path).returncode == 0
    page = (tmp_path / "notebooks/annual_report.html").read_text(encoding="utf-8")
    assert "草稿：检查出 3 处错误，不得发布" in page
