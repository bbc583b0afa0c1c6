"""The touchstone: 桑洲镇's published report, cell by cell and sentence by sentence, whichever way it is made."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest
from click.testing import CliRunner
from papermill.cli import papermill
from pypdf import PdfReader

from reportkit.batch import execute, run
from reportkit.errors import Issue, Origin
from reportkit.exporters import HtmlReportExporter
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Filing
from reportkit.model.form import Form, Section
from reportkit.notebook import parameters
from reportkit.project import load_project, plan
from reportkit.report import Report, expectation, report
from reportkit.report.narrative import NarrativeError
from support import seed
from support.commands import reportkit
from support.html_tables import grid, page
from support.kernels import command_with_kernel, with_kernel
from support.offices import office
from support.repository import ROOT, SANGZHOU

OFFICIAL = [section.heading for section in shipped_forms()["2019"].sections]


def file(built, town: str, suffix: str) -> Path:
    (path,) = [path for path in built[town].files if path.suffix == suffix]
    return path


@pytest.fixture(scope="module")
def html(built) -> str:
    return file(built, "桑洲镇", ".html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pdf_text(built) -> str:
    return "".join(squeezed(leaf.extract_text()) for leaf in PdfReader(file(built, "桑洲镇", ".pdf")).pages)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_both_samples_are_built(built):
    assert {town: (outcome.status, outcome.reason) for town, outcome in built.items()} == {
        "桑洲镇": ("built", ""), "宿迁市": ("built", "")
    }  # fmt: skip


@pytest.mark.parametrize("number", [2, 3, 4])
def test_tables_equal_the_published_ones_cell_by_cell(html, number):
    tables = list(page(html).iter("table"))
    assert len(tables) == 3
    assert [[cell.text if cell else "" for cell in row] for row in grid(tables[number - 2])] == seed.table(number)


def test_every_published_paragraph_stands_in_the_html_word_for_word(html):
    shown = [p.text_content() for p in page(html).iter("p")]
    assert shown == seed.paragraphs()


def test_every_published_paragraph_stands_in_the_pdf_s_text(pdf_text):
    without_page_numbers = re.sub(r"—\d+—", "", pdf_text)
    assert [text[:20] for text in seed.paragraphs() if squeezed(text) not in without_page_numbers] == []


def test_title_and_headings_are_the_official_ones(html, pdf_text):
    tree = page(html)
    assert [node.text_content() for node in tree.iter("h1", "h2")] == [seed.TEXT.splitlines()[0], *OFFICIAL]
    assert tree.findtext("head/title") == "2019年度桑洲镇政府信息公开工作年度报告"
    assert [heading for heading in OFFICIAL if heading not in pdf_text] == []


def test_the_page_is_small_and_has_no_script_no_code_and_no_other_host(html):
    assert len(html.encode()) < 60_000
    tree = page(html)
    assert tree.get("lang") == "zh-CN"
    assert [node.tag for node in tree.iter("script", "iframe", "link", "img")] == []
    assert [
        word for word in ("http:", "https:", "//", "report.heading", "%%narrative", "open_report") if word in html
    ] == []


def test_the_issues_are_for_the_analyst_and_not_in_the_export(built, html, pdf_text):
    nb = nbformat.read(file(built, "桑洲镇", ".ipynb"), as_version=4)
    (checks,) = [cell for cell in nb.cells if cell.id == "checks"]
    assert "155 个单元格" in checks.outputs[0]["data"]["text/html"]
    assert "155" not in html
    assert "155" not in pdf_text


def test_injected_parameters_are_readable(built):
    nb = nbformat.read(file(built, "桑洲镇", ".ipynb"), as_version=4)
    (cell,) = [cell for cell in nb.cells if cell.id == "injected-parameters"]
    assert "jurisdiction = '桑洲镇'" in cell.source
    assert "\\u" not in cell.source


def test_the_city_s_report_speaks_its_numbers(built):
    text = page(file(built, "宿迁市", ".html").read_text(encoding="utf-8")).text_content()
    for words in [
        "新收政府信息公开申请3511件（自然人3402件，法人或其他组织109件），上年结转96件", "不予公开142件，无法提供1078件，不予处理406件，其他处理341件",
        "结转下年度继续办理121件", "被申请行政复议440件，被提起行政诉讼113件", "制发行政规范性文件109件", "行政事业性收费59237.2449万元",
        "（四）政府信息公开平台建设", "（五）监督保障", "（一）存在的主要问题", "信息处理费",
    ]:  # fmt: skip
        assert words in text


def test_the_same_input_gives_the_same_bytes_in_a_new_process(built, tmp_path):
    command = [sys.executable, "-m", "reportkit", "build", str(SANGZHOU), "--out", str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    for path in built["桑洲镇"].files:
        assert (tmp_path / "2019/宁海县" / path.name).read_bytes() == path.read_bytes()


PAPERMILL = ["notebooks/annual_report.ipynb", "-f", "params/2019/宁海县/桑洲镇.yaml"]


def is_the_same(path: Path, html: str) -> bool:
    """Whether a notebook that papermill has run is the report, made from its parameter file."""
    nb = nbformat.read(path, as_version=4)
    assert "jurisdiction = '桑洲镇'" in "".join(cell.source for cell in nb.cells)
    return HtmlReportExporter().from_notebook_node(nb)[0] == html


@pytest.mark.slow  # ten seconds; every day a kernel runs it in the next tests, and papermill's command here
def test_plain_papermill_gives_the_same_report(html, tmp_path):
    done = command_with_kernel("papermill", *PAPERMILL, str(tmp_path / "out.ipynb"), cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert is_the_same(tmp_path / "out.ipynb", html)


def test_papermill_s_command_with_our_engine_gives_the_same_report(html, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(papermill, [*PAPERMILL, str(tmp_path / "out.ipynb"), "--engine", "reportkit"])
    assert done.exit_code == 0, done.output
    assert is_the_same(tmp_path / "out.ipynb", html)


@pytest.mark.slow
def test_both_engines_give_the_same_outputs_for_the_master(project):
    values = parameters(project.read(SANGZHOU))
    ours = execute(project.notebook, values, ROOT, "reportkit")
    kernel = with_kernel(lambda: execute(project.notebook, values, ROOT, None))
    assert [(cell.id, cell.get("outputs")) for cell in ours.cells] == [
        (cell.id, cell.get("outputs")) for cell in kernel.cells
    ]


def by_hand(year: int, jurisdiction: str) -> nbformat.NotebookNode:
    """What an analyst does: open the master where it lies, change two parameters, run all cells in a kernel."""
    nb = nbformat.read(ROOT / "notebooks/annual_report.ipynb", as_version=4)
    (cell,) = [cell for cell in nb.cells if cell.id == "parameters"]
    cell.source = cell.source.replace("year = 2019", f"year = {year}").replace('"桑洲镇"', f'"{jurisdiction}"')
    client = nbclient.NotebookClient(nb, timeout=60, resources={"metadata": {"path": str(ROOT / "notebooks")}})
    return with_kernel(client.execute)


@pytest.mark.parametrize(
    ("year", "jurisdiction"), [(2019, "桑洲镇"), pytest.param(2023, "宿迁市", marks=pytest.mark.slow)]
)
def test_running_it_by_hand_gives_the_same_report(built, year, jurisdiction):
    made = HtmlReportExporter().from_notebook_node(by_hand(year, jurisdiction))[0]
    assert made == file(built, jurisdiction, ".html").read_text(encoding="utf-8")


HOSTILE = """<img src="http://evil/x.png" onerror=alert(1)> {{ 7*7 }} ![图](http://evil/a.png) [链](http://evil) #set text(red) $x$ @ref"""


@pytest.mark.usefixtures("warm_workers")
def test_a_town_s_text_stays_text_all_the_way_to_both_files(tmp_path):
    agency = "甲镇<script>alert(1)</script>#{*_@$[x](http://evil)"
    params = tmp_path / "甲镇.yaml"
    params.write_text(
        json.dumps(
            {"year": 2023, "jurisdiction": "甲镇", "agency": agency, "narrative": {"其他需要报告的事项": HOSTILE}}
        ),
        encoding="utf-8",
    )
    (outcome,) = run(plan(load_project(ROOT), [params], ["html", "pdf"], tmp_path / "dist"))
    assert (outcome.status, outcome.reason) == ("built", "")
    tree = page((tmp_path / "dist/甲镇.html").read_text(encoding="utf-8"))
    shown = [p.text_content() for p in tree.iter("p")]
    assert shown[-1] == HOSTILE.replace("[链](http://evil)", "链（http://evil）")
    assert agency in shown[0]
    assert {node.tag for node in tree.find(".//main").iter()} & {"script", "img", "a"} == set()
    text = squeezed("".join(leaf.extract_text() for leaf in PdfReader(tmp_path / "dist/甲镇.pdf").pages))
    assert squeezed(shown[-1]) in text
    assert squeezed(agency) in text


FORM = """
edition: 乡镇季报
years: [2024, null]
title: "{jurisdiction}{year}年季报"
sections:
  - {key: overview, heading: 一、概况}
  - {key: energy, heading: 二、能耗, table: energy}
  - {key: other, heading: 三、其他}
tables:
  - key: energy
    blocks:
      - corner: 项目
        columns:
          - label: 季度
            children: [{key: q1, label: 一季度}, {key: q2, label: 二季度}]
          - {key: total, label: 合计}
        rows:
          - key: power
            label: 电
            children: [{key: lights, label: 照明}, {key: heat, label: 采暖}]
rules:
  - {code: K1, label: 两季之和等于合计, table: energy, per: row, left: [q1, q2], right: [total], total: right}
"""
PARAMS = """
edition: 乡镇季报
year: 2024
jurisdiction: 甲镇
figures:
  能耗: {照明: [1, 2], 采暖: {一季度: 4, 合计: 4}}
narrative: {概况: 甲镇的概况。, 其他: 无。}
"""


@pytest.fixture
def made_up(tmp_path):
    """A project with a form of its own: two YAML files, no Python."""
    for path, text in {"forms/quarter.yaml": FORM, "params/2024/甲镇.yaml": PARAMS}.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / "reportkit.toml").write_text(
        f"notebook = '{ROOT / 'notebooks/annual_report.ipynb'}'\n", encoding="utf-8"
    )
    return tmp_path


def test_a_new_form_is_a_yaml_file(made_up):
    path = made_up / "params/2024/甲镇.yaml"
    path.write_text(PARAMS.replace("照明: [1, 2]", "照明: {一季度: 1, 二季度: 2}"), encoding="utf-8")
    assert reportkit(made_up, "build", "--to", "html").returncode == 0
    tree = page((made_up / "dist/2024/甲镇.html").read_text(encoding="utf-8"))
    assert [node.text_content() for node in tree.iter("h1", "h2", "p")] == [
        "甲镇2024年季报", "一、概况", "甲镇的概况。", "二、能耗", "三、其他", "无。"
    ]  # fmt: skip
    (table,) = tree.iter("table")
    assert [[cell.text if cell else "" for cell in row] for row in grid(table)] == [
        ["项目", "季度", "合计"],
        ["", "一季度", "二季度", ""],
        ["电", "照明", "1", "2", "3"],
        ["", "采暖", "4", "", "4"],
    ]


def test_its_own_rules_and_shapes_are_checked(made_up):
    done = reportkit(made_up, "check")
    assert done.returncode == 1
    assert "params/2024/甲镇.yaml:6 Y7 error" in done.stdout
    assert "应有 3 个数（一季度、二季度、合计），写了 2 个" in done.stdout


@pytest.fixture
def shown(monkeypatch) -> list[str]:
    """What a report displays for its reader, as text."""
    texts: list[str] = []

    def keep(thing):
        html = thing._repr_html_()
        text, about = html if isinstance(html, tuple) else (html, {})
        if not about.get("reportkit", {}).get("note"):
            texts.append(text)

    monkeypatch.setattr("reportkit.report.report.display", keep)
    return texts


def blank(form: Form, **narrative: str) -> Report:
    return Report(Filing(form, "甲镇", form.years[0], "甲镇", {}, narrative, Origin("甲镇.yaml")))


def test_a_cell_that_is_run_again_shows_the_same(shown):
    report = blank(shipped_forms()["2021"])
    for cell in [
        lambda: report.narrate("overview", "正文。"),
        lambda: report.narrate("problems problems", "问题。"),
        lambda: report.heading("other"),
    ]:
        before = len(shown)
        cell()
        first = shown[before:]
        cell()
        assert shown[before + len(first) :] == first != []


def test_a_part_has_the_heading_that_the_form_gives_it(shown):
    for edition, heading in [("2021", "<h3>（一）存在的主要问题</h3>\n"), ("2019", "")]:
        shown.clear()
        blank(shipped_forms()[edition]).narrate("problems problems", "问题。")
        assert shown == [heading + "<p>问题。</p>\n"]


def test_what_a_form_does_not_ask_for_is_not_shown(shown):
    blank(shipped_forms()["2019"]).narrate("overview management", "管理。")
    assert shown == []


def test_a_town_s_own_text_stands_once_instead_of_all_cells_of_its_section(shown):
    report = blank(shipped_forms()["2021"], overview="本镇的话。")
    for line in ["overview", "overview proactive", "overview requests"]:
        report.narrate(line, "母版的话。")
    assert shown == ["<h2>一、总体情况</h2>\n", "<p>本镇的话。</p>\n"]


@pytest.mark.parametrize(("line", "words"), [("overveiw", "overveiw"), ("overview managment", "managment"), ("", "“”")])
@pytest.mark.usefixtures("chinese")
def test_a_mistyped_section_is_an_error_and_not_silence(line, words):
    with pytest.raises(NarrativeError, match=words):
        blank(shipped_forms()["2021"]).narrate(line, "正文。")


def test_a_mistyped_table_is_an_error_and_one_of_another_edition_is_not():
    report = blank(sections("a"))
    assert report.table("proactive") is None
    assert report.frame("proactive") is None
    with pytest.raises(NarrativeError, match="proactve"):
        report.table("proactve")
    with pytest.raises(NarrativeError, match=r"report\.frame"):
        report.frame("proactve")


def test_the_figures_of_a_table_can_be_counted_and_plotted(project):
    from reportkit.tables import table_frame  # as older notebooks ask for it

    filing = project.read(SANGZHOU)
    frame = Report(filing).frame("proactive")
    assert frame.equals(table_frame(filing, "proactive"))
    assert frame.loc["licences"].dropna().astype(float).sum() == frame.loc["licences", "decisions"]


def sections(*keys: str) -> Form:
    return Form("x", "", (2024, None), "t", tuple(Section(key, key, None, {}) for key in keys), ())


@pytest.mark.parametrize(
    ("keys", "cells"),
    [
        (["a", "overview", "b", "c", "other", "d"], ["overview", "other"]),  # the master knows two of them
        (["a", "overview", "b", "c", "other", "d"], ["overview", "b", "other"]),  # a notebook with a cell for b
        (["a", "b"], []),
        (["overview", "other"], ["overview", "other"]),
    ],
)
def test_every_section_is_shown_once_and_in_the_form_s_order(shown, keys, cells):
    report = blank(sections(*keys))
    for key in cells:
        report.heading(key)
    report.rest()
    assert shown == [f"<h2>{key}</h2>\n" for key in keys]


def test_jobs_are_planned_for_both_samples():
    assert sorted(job.params.stem for job in plan(load_project(ROOT), [], ["html"])) == ["宿迁市", "桑洲镇"]


@pytest.mark.usefixtures("warm_workers")
def test_a_batch_tells_the_file_and_the_line_as_a_notebook_opened_by_hand_does(tmp_path, monkeypatch):
    project = office(tmp_path / "office", "甲镇")
    monkeypatch.chdir(tmp_path)
    (outcome,) = run(plan(project, [], []))
    nb = nbformat.read(outcome.files[0], as_version=4)
    (checks,) = (cell for cell in nb.cells if cell.id == "checks")
    assert "<td>2019/宁海县/甲镇.yaml:17</td>" in checks.outputs[0].data["text/html"]
    assert str(outcome.issues[0].origin) == "office/params/2019/宁海县/甲镇.yaml:17"


def test_what_a_check_has_found_before_is_told_for_just_these_parameters(project, monkeypatch):
    monkeypatch.setattr(expectation, "_expected", None)
    monkeypatch.setattr(expectation, "find_project", lambda: project)
    filing = project.read(SANGZHOU)
    values, found = parameters(filing), [Issue("R1", "warning", "seen", filing.origin)]
    expectation.expect(project, values, filing, found)
    assert report.open_report(**values).issues == found
    assert "R1" not in [issue.code for issue in report.open_report(**{**values, "agency": "别的机关"}).issues]
