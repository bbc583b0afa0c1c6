"""Everything that a report owes its reader is on the page, in order, or the report does not go out."""

import copy
import json
import re

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.display import HTML
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from reportkit.assigned_names import INJECTED
from reportkit.batch import execute
from reportkit.checks import check_project
from reportkit.errors import ExportError, Origin
from reportkit.exporters import read_content
from reportkit.exporters.obligations import Piece, label_and_cell
from reportkit.kinds import default_kind, shipped_forms
from reportkit.model.filing import Filing
from reportkit.model.form import Form, Section
from reportkit.notebook import parameters
from reportkit.notebook.towns import copy_path, make_copy, read_town, reset, resolve
from reportkit.preview.renderer import Renderer
from reportkit.report import Report
from reportkit.report.obligations import statement
from reportkit.workbench.opening import opened
from support.copies import filing_of
from support.html_tables import page
from support.languages import speaking
from support.laws import examples
from support.offices import bring, office
from support.repository import ROOT, SANGZHOU

pytestmark = pytest.mark.usefixtures("chinese")

NAME = "2019/宁海县/甲镇"
OWED = ["title", "overview", "proactive", "requests", "reviews", "problems", "other"]
"""The cells of the master that show what 桑洲镇's report owes: the town has words of its own for three sections."""
HEADINGS = {section.key: section.heading for section in shipped_forms()["2019"].sections}


@pytest.fixture(scope="module")
def ran(project):
    return execute(project.notebook, parameters(project.read(SANGZHOU)), ROOT)


def cell(nb, name: str):
    return next(each for each in nb.cells if each.get("id") == name)


def refusal(nb) -> str:
    """Why the notebook is not printed; "" if it is."""
    try:
        read_content(nb)
    except ExportError as error:
        return str(error)
    return ""


def gone(nb, name: str) -> None:
    nb.cells.remove(cell(nb, name))


def hidden(tag: str):
    return lambda nb, name: cell(nb, name).metadata.update(tags=[tag])


def cleared(nb, name: str) -> None:
    cell(nb, name).update(outputs=[])


def turned_to_text(nb, name: str) -> None:
    nb.cells[nb.cells.index(cell(nb, name))] = new_markdown_cell(cell(nb, name).source, id=name)


def below_the_rest(nb, name: str) -> None:
    nb.cells.append(nb.cells.pop(nb.cells.index(cell(nb, name))))


WAYS = [gone, hidden("remove-cell"), hidden("remove_output"), cleared, turned_to_text]


@pytest.mark.parametrize("name", OWED)
@pytest.mark.parametrize("way", WAYS, ids=["gone", "remove-cell", "remove-output", "cleared", "text"])
def test_a_cell_that_is_missing_in_any_way_is_missed(ran, way, name):
    nb = copy.deepcopy(ran)
    way(nb, name)
    told = refusal(nb)
    if way is turned_to_text and name != "title":  # a program that is none any more is told as such
        assert told.startswith(f"单元格 {name}：这是 Markdown 单元格")
        return
    assert HEADINGS.get(name, "标题") in told or (name, way) == ("overview", cleared)
    assert f'report.heading("{name}")' in told or name == "title" or f"单元格 {name}" in told


def test_a_report_is_printed_if_all_that_it_owes_is_there_and_only_then(ran):
    # What papermill injects begins with "#", and would make a title if it were text.
    names = [each.id for each in ran.cells if each.cell_type == "code" and each.id not in ("setup", INJECTED)]
    speaking = {each.id for each in ran.cells if each.source.startswith("%%narrative") and each.outputs}
    commands = {each.id: each.source.startswith(("%%narrative", "report.")) for each in ran.cells}
    commands["title"] = False  # which is an attribute, and might be words

    @settings(max_examples=examples(60))
    @given(st.dictionaries(st.sampled_from(names), st.sampled_from(range(len(WAYS))), max_size=4))
    def law(changes):
        nb = copy.deepcopy(ran)
        for name, way in changes.items():
            WAYS[way](nb, name)
        # A narrative cell that prints nothing, as the town's own words stand in its place, says so in its output.
        silenced = {name for name, way in changes.items() if WAYS[way] is cleared and name in speaking}
        # A command that has become text is refused, whether its output was owed or not.
        idle = {name for name, way in changes.items() if WAYS[way] is turned_to_text and commands[name]}
        assert bool(refusal(nb)) == bool(changes.keys() & set(OWED) or silenced or idle)

    law()


def test_sections_out_of_order_are_told(ran):
    nb = copy.deepcopy(ran)
    below_the_rest(nb, "requests")
    assert "“三、收到和处理政府信息公开申请情况”" in refusal(nb) or "四、政府信息公开行政复议、行政诉讼情况" in refusal(
        nb
    )
    assert "的前面" in refusal(nb)


def test_a_section_that_is_printed_twice_is_told(ran):
    nb = copy.deepcopy(ran)
    again = copy.deepcopy(cell(nb, "other"))
    nb.cells.insert(nb.cells.index(cell(nb, "other")), again)
    again.id = "again"
    assert "“六、其他需要报告的事项”" in refusal(nb)
    assert "印了两次" in refusal(nb)


def test_what_an_analyst_has_put_there_by_hand_counts(ran):
    nb = copy.deepcopy(ran)
    nb.cells[nb.cells.index(cell(nb, "title"))] = new_markdown_cell("# 桑洲镇的年度报告", id="title")
    proactive = cell(nb, "proactive")
    proactive.outputs = [
        new_output("display_data", data={"text/markdown": "## 二、主动公开政府信息情况"}),
        new_output("display_data", data={"text/html": proactive.outputs[-1].data["text/html"]}),
    ]
    assert refusal(nb) == ""


def test_a_notebook_that_states_nothing_owes_nothing():
    assert refusal(new_notebook(cells=[new_code_cell("1", outputs=[], execution_count=1)])) == ""


def test_only_what_was_opened_first_is_owed(ran):
    nb = copy.deepcopy(ran)
    other = copy.deepcopy(cell(nb, "setup"))
    other.id = "other-report"
    about = other.outputs[0].metadata["text/html"]["reportkit"]
    about["of"], about["owes"] = "乙镇 2018", [*about["owes"], ["heading:x", "另一份的一部分", "x", "", ""]]
    nb.cells.append(other)
    assert refusal(nb) == ""
    nb.cells.remove(other)
    for output in cell(nb, "proactive").outputs:
        output.metadata["text/html"]["reportkit"]["of"] = "乙镇 2018"
        output.data = {"text/html": "<p>乙镇</p>"}
    assert HEADINGS["proactive"] in refusal(nb)


def test_a_table_says_what_it_is_however_it_is_dressed(project):
    report = Report(project.read(SANGZHOU))
    table = report.table("reviews")
    about = {"reportkit": {"of": "桑洲镇 2019", "shows": ["table:reviews"]}}
    assert table._repr_html_()[1] == about
    dressed = table.map(lambda _: "color:red").set_uuid("mine")
    assert [each._repr_html_()[1] for each in (dressed, copy.copy(dressed), copy.deepcopy(dressed))] == [about] * 3
    assert isinstance(HTML(table.to_html()).data, str)


def section(key: str) -> Section:
    return Section(key, f"{key}！", None, {})


@settings(max_examples=examples(60))
@given(st.data())
def test_a_form_of_any_sections_owes_just_these(data):
    official = [each.key for each in shipped_forms()["2021"].sections]
    keys = data.draw(st.lists(st.sampled_from([*official, "a", "b", "c"]), unique=True, min_size=1))
    own = {key: "本镇的话。" for key in keys if data.draw(st.booleans())}
    form = Form("x", "", (2024, None), "{jurisdiction}", tuple(map(section, keys)), ())
    filing = Filing(form, "甲镇", 2024, "甲镇", {}, own, Origin("甲镇.yaml"))
    _, about = statement(filing, 2, compares=data.draw(st.booleans()), kind=default_kind())._repr_html_()
    names = [name for name, *_ in about["reportkit"]["owes"] if name != "comparison"]
    assert names == ["title", *(f"{what}:{key}" for key in keys for what in ["heading", *(["words"] * (key in own))])]
    silent = about["reportkit"]["silent"]
    assert [key for key in official if key in silent] == [key for key in official if key not in keys]
    assert about["reportkit"]["errors"] == 2


def test_the_statement_shows_nothing(ran):
    said = [output.metadata["text/html"] for output in cell(ran, "setup").outputs]
    assert [sorted(about["reportkit"]) for about in said] == [["errors", "of", "owes", "silent"]]
    assert cell(ran, "setup").outputs[0].data == {"text/html": "", "text/plain": ""}


def test_pieces_are_told_in_the_language_of_the_person(form):
    sections = form.sections
    filing = Filing(form, "甲镇", 2024, "甲镇", {}, {sections[0].key: "本镇的话。"}, Origin("甲镇.yaml"))
    _, about = statement(filing, 0, compares=True, kind=default_kind())._repr_html_()
    pieces = [Piece(*piece) for piece in about["reportkit"]["owes"]]
    assert [label_and_cell(piece, pieces) for piece in pieces] == [(piece.what, piece.cell) for piece in pieces]
    own = Piece("chart:a", "一张图", "单元格 chart(a)")
    assert label_and_cell(own, [own]) == ("一张图", "单元格 chart(a)")
    with speaking("en_GB.UTF-8"):
        english = [label_and_cell(piece, pieces) for piece in pieces]
    assert english[:3] == [
        ("the title", "cell report.title"),
        (f'the heading "{sections[0].heading}"', f'cell report.heading("{sections[0].key}")'),
        (f'the town\'s own words of "{sections[0].heading}"', f'cell report.heading("{sections[0].key}")'),
    ]
    assert [what for what, _ in english if re.search("[\u3400-\u9fff]", re.sub('".*?"', "", what))] == []


# -- on the roads ------------------------------------------------------------------------------------------------------


def without(project, *cells: str) -> None:
    """Take cells out of the master."""
    nb = json.loads(project.notebook.read_text(encoding="utf-8"))
    nb["cells"] = [each for each in nb["cells"] if each["id"] not in cells]
    project.notebook.write_text(json.dumps(nb), encoding="utf-8")


@pytest.mark.usefixtures("warm_workers")
def test_a_master_without_a_section_s_cells_makes_no_report(tmp_path):
    project = office(tmp_path, "甲镇")
    without(project, "problems", "problems-problems", "problems-improvements")
    (outcome,) = bring(project, ["html", "pdf"])
    assert outcome.status == "failed"
    assert "“五、存在的主要问题及改进情况”没有印出来" in outcome.reason
    assert 'report.heading("problems")' in outcome.reason
    with Renderer(project) as renderer:
        assert renderer.page(NAME).reason == outcome.reason


def test_a_master_that_does_not_compare_is_told_where_that_was_asked_for(tmp_path):
    project = office(tmp_path, "甲镇")
    text = (project.params / f"{NAME}.yaml").read_text(encoding="utf-8")
    path = project.params / "2020/宁海县/甲镇.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(f"compare: true\nwaivers: {WAIVED}\n{text.replace('year: 2019', 'year: 2020')}", encoding="utf-8")
    this = "2020/宁海县/甲镇"
    made = {outcome.job.name: outcome for outcome in bring(project)}
    assert (made[this].status, made[this].reason, made[this].errors) == ("built", "", [])
    without(project, "compare")
    outcome = next(outcome for outcome in bring(project) if outcome.job.name == this)
    assert (outcome.status, "与上年的对比没有印出来" in outcome.reason) == ("failed", True)


WAIVED = "{R7: 两年用了同样的数, R8: 两年用了同样的数, R9: 两年用了同样的数}"


# -- words that another's stand in the place of ------------------------------------------------------------------------


@pytest.fixture
def town(tmp_path):
    """甲镇 has words of its own for three sections, and a copy of its own."""
    project = office(tmp_path, "甲镇")
    make_copy(project, NAME, filing_of(project, NAME))
    return project


def edited(project, edit) -> None:
    """Change the town's copy as JupyterLab saves it."""
    path = copy_path(project, NAME)
    nb = json.loads(path.read_text(encoding="utf-8"))
    edit(nb["cells"])
    path.write_text(json.dumps(nb), encoding="utf-8")


def add(source: str, name: str = "mine"):
    new = {"cell_type": "code", "id": name, "metadata": {}, "source": source, "outputs": [], "execution_count": None}

    def edit(cells) -> None:
        cells.insert(next(number for number, each in enumerate(cells, 1) if each["id"] == "overview"), new)

    return edit


def errors(project) -> list[tuple[str, str]]:
    issues = [issue for one in check_project(project, [project.params / f"{NAME}.yaml"]) for issue in one.issues]
    return [(issue.code, issue.origin.place) for issue in issues if issue.severity == "error"]


@pytest.mark.usefixtures("warm_workers")
@pytest.mark.parametrize(
    "line",
    [
        "overview proactive",
        *(pytest.param(line, marks=pytest.mark.slow) for line in ("overview", "problems  problems")),
    ],
)
def test_words_added_to_a_section_that_the_town_has_written_itself_are_told(town, line):
    edited(town, add(f"%%narrative {line}\n（五）新增一段。"))
    (outcome,) = bring(town)
    found = [issue for issue in outcome.issues if issue.severity == "error"]
    assert (outcome.status, [issue.code for issue in found]) == ("invalid", ["N4"])
    assert errors(town) == [("N4", "单元格 mine")]
    assert "（五）新增一段。" in found[0].message
    assert f"reportkit reset {NAME} mine" in found[0].message
    with Renderer(town) as renderer:
        assert [issue.code for issue in renderer.page(NAME).issues if issue.severity == "error"] == ["N4"]
    path = town.params / f"{NAME}.yaml"
    draft = opened(town, path, path.read_bytes())
    assert [issue.code for issue in draft.issues if issue.severity == "error"] == ["N4"]
    reset(town, NAME, filing_of(town, NAME), "mine")
    assert bring(town)[0].status == "built"


@pytest.mark.parametrize(
    "source",
    [
        "%%narrative overview\n",  # nothing that would be missed
        "%%narrative overview platform\n这一版的格式没有这一部分。",
        "%%narrative reviews\n没有自己文字的一部分。",
        "from IPython.display import Markdown\nMarkdown('（五）新增一段。')",
    ],
)
def test_other_cells_that_a_town_adds_are_its_own_affair(town, source):
    edited(town, add(source))
    assert errors(town) == []


def test_a_settled_conflict_is_printed_or_told(tmp_path):
    project = office(tmp_path, "甲镇")
    path = project.params / f"{NAME}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.partition("\nnarrative:")[0], encoding="utf-8")
    make_copy(project, NAME, filing_of(project, NAME))

    def edit(cells) -> None:
        (found,) = [each for each in cells if each["id"] == "overview-requests"]
        found["source"] += "本镇另有说明。"

    edited(project, edit)
    assert "本镇另有说明" in page_of(project)
    path.write_text(text, encoding="utf-8")
    assert [code for code, _ in errors(project)] == ["N2"]
    resolve(project, NAME, filing_of(project, NAME), "ours", "overview-requests")
    assert errors(project) == [("N4", "单元格 overview-requests")]
    path.write_text(re.sub(r"  总体情况: \|\n(    .*\n|\n)*", "", text), encoding="utf-8")
    assert [code for code, _ in errors(project)] == ["N2"]  # the master's cell is there again
    resolve(project, NAME, filing_of(project, NAME), "ours", "overview-requests")
    assert errors(project) == []
    assert "本镇另有说明" in page_of(project)


def page_of(project) -> str:
    (outcome,) = bring(project)
    assert (outcome.status, outcome.reason) == ("built", "")
    return page(next(path for path in outcome.files if path.suffix == ".html").read_text("utf-8")).text_content()


def test_the_master_s_own_cells_give_way_without_a_word(town):
    assert read_town(town, NAME, filing_of(town, NAME)).merged.conflicts == []
    assert errors(town) == []


@pytest.mark.parametrize("engine", ["reportkit", pytest.param(None, marks=pytest.mark.slow)])
def test_a_notebook_opened_by_hand_says_which_words_it_does_not_print(project, tmp_path, engine):
    nb = nbformat.read(project.notebook, 4)
    nb.cells.insert(6, new_code_cell("%%narrative overview\n（五）新增一段。", id="mine"))
    nbformat.write(nb, tmp_path / "mine.ipynb")
    ran = execute(tmp_path / "mine.ipynb", parameters(project.read(SANGZHOU)), ROOT, engine)
    for name in ("overview", "overview-proactive", "mine"):
        assert "这一格里写的不印" in cell(ran, name).outputs[-1].data["text/html"]
    assert refusal(ran).startswith("单元格 mine：")
    assert "--own" in refusal(ran)
    gone(ran, "mine")
    assert refusal(ran) == ""
    assert "这一格里写的不印" not in read_content(ran).text


def test_a_narrative_cell_that_has_lost_its_output_is_told(project):
    values = parameters(project.read(SANGZHOU))
    del values["narrative"]
    ran = execute(project.notebook, values, ROOT)
    assert refusal(ran) == ""
    assert cell(ran, "overview-management").outputs == []  # the form of 2019 does not ask for it
    cleared(ran, "overview-requests")
    assert refusal(ran).startswith("单元格 overview-requests：")
