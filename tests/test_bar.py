"""The bar above a report in a live notebook: shown to a person alone, never printed, and what its buttons do."""

from __future__ import annotations

import json
import re
import threading
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from reportkit.bar import BarDesk, offers
from reportkit.bar.bar_widgets import Bar
from reportkit.bar.page_desk import PageDesk
from reportkit.batch.execution import run_cells, with_parameters
from reportkit.exporters.content import read_content
from reportkit.notebook.cells import cells_of
from reportkit.notebook.towns import copy_path, make_copy
from reportkit.preview.renderer import Rendered
from reportkit.project import Project
from reportkit.report import live, open_report
from reportkit.saved_notebooks import without_widgets
from reportkit.workbench import Desk
from support.copies import OTHER, change, filing_of
from support.offices import GOOD, Here
from support.repository import ROOT

VIEW = "application/vnd.jupyter.widget-view+json"
CELL = "other-nothing"
FOUR = "主动公开信息12条。公开渠道以网站为主。"


class Printer:
    """A stand-in for the renderer: a page is the name of its report."""

    def page(self, name: str, _content: bytes | None = None) -> Rendered:
        return Rendered(html=f"<p>{name}")

    def close(self) -> None:
        pass


class Front:
    """A front end that keeps what it is told."""

    def __init__(self, project: Project, unit: str, year: int = 2019) -> None:
        self.told: list[dict[str, Any]] = []
        self.news = threading.Condition()
        self.desk = BarDesk(project, self.hear, Printer, lambda _: Here())
        self.desk.turn_to(year, unit)

    def hear(self, message: dict[str, Any]) -> None:
        json.dumps(message)
        with self.news:
            self.told.append(message)
            self.news.notify()

    def do(self, action: str, **more: object) -> list[dict[str, Any]]:
        """What is told at once."""
        before = len(self.told)
        self.desk.receive({"do": action, **more})
        return [message for message in self.told[before:] if message["what"] != "page"]

    def wait(self, what: str, **fields: object) -> dict[str, Any]:
        def found() -> list[dict[str, Any]]:
            return [one for one in self.told if one["what"] == what and fields.items() <= one.items()]

        with self.news:
            assert self.news.wait_for(found, 30)
        return found()[-1]


@pytest.fixture
def front(county: Project):
    made = Front(county, "乙镇")
    yield made
    made.desk.close()


def a_kernel(asks: bool) -> SimpleNamespace:
    return SimpleNamespace(get_parent=lambda: {"content": {"allow_stdin": asks}})


def test_what_a_cell_is_going_to_show_is_imported_ahead_and_what_cannot_be_is_told_there(monkeypatch) -> None:
    loaded = []

    def broken() -> None:
        raise ImportError

    offers = [SimpleNamespace(load=broken), SimpleNamespace(load=lambda: loaded.append("page"))]
    monkeypatch.setattr(live, "entry_points", lambda **_: offers)
    live.load()
    assert loaded == ["page"]


@pytest.mark.parametrize(
    ("kernel", "is_live"), [(a_kernel(True), True), (a_kernel(False), False), (SimpleNamespace(get_parent=dict), False)]
)
def test_only_a_front_end_that_can_be_asked_is_a_persons(monkeypatch, kernel, is_live) -> None:
    monkeypatch.setattr(live, "get_ipython", lambda: SimpleNamespace(kernel=kernel))
    assert live.is_live() == is_live
    monkeypatch.setattr(live, "get_ipython", lambda: None)
    assert not live.is_live()


def test_a_report_shows_its_bar_first_also_where_its_file_cannot_be_read(county: Project, monkeypatch) -> None:
    shown: list[tuple[Any, ...]] = []
    monkeypatch.setattr(live, "is_live", lambda: True)
    monkeypatch.setattr(offers, "display", lambda widget, metadata: shown.append((type(widget).__name__, metadata)))
    monkeypatch.chdir(county.root)
    report = open_report(year=2019, jurisdiction="乙镇")
    report.preview()
    assert [kind for kind, _ in shown] == ["Bar", "PageView"]
    assert shown[0][1] == {"text/html": {"reportkit": {"note": True}}}
    (county.params / f"{OTHER}.yaml").write_text("figures: [", encoding="utf-8")
    with pytest.raises(Exception, match="乙镇"):
        open_report(year=2019, jurisdiction="乙镇")
    assert [kind for kind, _ in shown] == ["Bar", "PageView", "Bar"]
    offers.close_bar()


def test_a_batch_shows_neither_bar_nor_page() -> None:
    cells = [
        new_code_cell("from reportkit.report import open_report"),
        new_code_cell("report = open_report(year=2023, jurisdiction='宿迁市'); report.preview()"),
    ]
    nb = new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    )
    done, failure = run_cells(with_parameters(nbformat.writes(nb), {}), ROOT, "reportkit")
    assert failure is None
    assert [list(output.data) for cell in done.cells for output in cell.outputs] == [["text/plain", "text/html"]]


@pytest.mark.slow
def test_a_kernel_of_a_batch_shows_neither_bar_nor_page() -> None:
    source = "from reportkit.report import open_report\nreport = open_report(year=2023, jurisdiction='宿迁市'); report.preview()"
    nb = new_notebook(cells=[new_code_cell(source)], metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}})  # fmt: skip
    done, failure = run_cells(with_parameters(nbformat.writes(nb), {}), ROOT, None)
    assert failure is None
    assert [set(output.data) for cell in done.cells for output in cell.outputs] == [{"text/plain", "text/html"}]


def test_the_bar_that_is_saved_in_a_notebook_is_not_printed_and_is_nobodys_edit() -> None:
    about = {"text/html": {"reportkit": {"note": True}}}
    bar = new_output("display_data", {VIEW: {"model_id": "x"}, "text/plain": "Buttons"}, metadata=about)
    words = new_output("display_data", {"text/html": "<h1>题</h1><p>文字"})
    cell = new_code_cell("report", outputs=[bar, words])
    assert read_content(new_notebook(cells=[cell])).text == "题\n文字"
    assert cells_of(new_notebook(cells=[cell])) == cells_of(new_notebook(cells=[{**cell, "outputs": []}]))


def test_what_is_saved_of_the_bar_is_the_sentence_that_says_how_to_get_it(county: Project) -> None:
    bar = Bar(BarDesk(county))
    data, metadata = bar._repr_mimebundle_()
    slider = new_output("display_data", {VIEW: {"model_id": "y"}, "text/plain": "IntSlider(value=0)"})
    cells = [
        new_code_cell("", outputs=[new_output("display_data", data, metadata=metadata), slider]),
        new_markdown_cell("甲"),
    ]
    content = json.loads(json.dumps(new_notebook(cells=cells)))
    assert VIEW in content["cells"][0]["outputs"][0]["data"]
    for model in (
        {"type": "notebook", "content": content},
        {"type": "notebook", "content": None},
        {"type": "file", "content": "甲"},
    ):
        without_widgets(model, path="甲.ipynb")
    assert [list(output["data"]) for output in content["cells"][0]["outputs"]] == [["text/plain"], [VIEW, "text/plain"]]
    assert "Run this cell" in content["cells"][0]["outputs"][0]["data"]["text/plain"]
    bar.close()


def test_the_bar_is_the_same_model_each_time_so_that_a_saved_notebook_differs_by_nothing(county: Project) -> None:
    ids = []
    for _ in range(2):
        bar = Bar(BarDesk(county))
        ids.append(bar.model_id)
        bar.close()
    assert ids[0] == ids[1]


def test_it_says_what_is_wrong_with_the_place(front: Front, county: Project) -> None:
    report, checked = front.do("hello")
    assert (report["name"], report["canBegin"], report["files"]) == (
        OTHER,
        False,
        [str(county.params / f"{OTHER}.yaml")],
    )
    assert {issue["code"] for issue in checked["issues"]} == {"B1", "N1"}
    file = county.params / f"{OTHER}.yaml"
    file.write_text(GOOD.replace("桑洲镇", "乙镇").replace("总计: 0}", "总计: 3}", 1), encoding="utf-8")
    checked = front.do("check")[0]
    first = checked["issues"][0]
    assert first["severity"] == "error"
    assert re.fullmatch(r"params/2019/宁海县/乙镇\.yaml:\d+", first["place"])
    file.write_text("figures: [", encoding="utf-8")
    checked = front.do("check")[0]
    assert checked["issues"][0]["place"].startswith("params/2019/宁海县/乙镇.yaml:2")


def test_unknown_names_of_all_cells_are_told_without_running_one(front: Front, county: Project) -> None:
    change(county.notebook, CELL, "没有其他需要报告的事项。", "{{ requests.recieved.total }}{{ mine }}{{ visits.web }}")
    change(county.notebook, "title", "report.title", "report.title\nvisits = load()\n")
    checked = front.do("check")[0]
    unknown = [issue for issue in checked["issues"] if not issue["code"]]
    assert [issue["place"] for issue in unknown] == [f"notebooks/annual_report.ipynb:单元格 {CELL}"] * 2
    assert ["received" in unknown[0]["message"], "mine" in unknown[1]["message"]] == [True, True]


def test_the_page_is_shown_and_made_anew_after_a_save_until_it_is_closed(front: Front, county: Project) -> None:
    assert front.do("preview", open=True) == []
    assert front.wait("page")["html"] == f"<p>{OTHER}"
    pages = len(front.told)
    change(county.notebook, CELL, "没有其他", "没有别的")
    with front.news:
        assert front.news.wait_for(lambda: len(front.told) > pages, 30)
    front.do("preview", open=False)
    alone: list[dict[str, Any]] = []
    desk = PageDesk(front.desk.page, alone.append)
    desk.receive({"do": "hello"})
    assert alone[0]["html"] == f"<p>{OTHER}"
    desk.receive({"do": "bye"})


def test_a_build_tells_how_far_it_is_and_names_the_files(front: Front) -> None:
    front.do("build")
    made = front.wait("progress", done=1)["made"]
    assert sorted(path.rpartition(".")[2] for path in made["files"]) == ["html", "ipynb", "pdf"]


def test_undo_asks_which_file_and_puts_it_back(front: Front, county: Project) -> None:
    (told,) = front.do("undo")
    assert (told["level"], told["actions"]) == ("note", [])
    make_copy(county, OTHER, filing_of(county, OTHER))
    change(copy_path(county, OTHER), CELL, "没有其他", "没有别的")
    (asked,) = front.do("undo")
    ((action, label),) = asked["actions"]
    assert (asked["level"], action, "notebooks/towns/2019/宁海县/乙镇.ipynb" in label) == ("ask", "undo_copy", True)
    assert front.do("undo_copy")[-1]["level"] == "done"
    assert "没有别的" not in copy_path(county, OTHER).read_text(encoding="utf-8")


@pytest.fixture
def torn(front: Front, county: Project) -> Front:
    """The bar of a town whose paragraph the office has changed, too."""
    change(county.notebook, CELL, "没有其他需要报告的事项。", FOUR)
    make_copy(county, OTHER, filing_of(county, OTHER))
    change(copy_path(county, OTHER), CELL, "12条", "15条")
    change(county.notebook, CELL, "12条", "13条")
    return front


def test_a_conflict_is_shown_word_by_word_and_settled(torn: Front, county: Project) -> None:
    checked = torn.do("check")[0]
    (one,) = checked["conflicts"]
    assert one["name"] == "其他需要报告的事项"
    (line,) = (issue for issue in checked["issues"] if issue["code"] == "N2")
    assert line["message"].endswith("press Resolve")  # and no command, nor the id of a cell
    assert line["place"] == f"notebooks/towns/{OTHER}.ipynb"
    assert one["sides"]["ours"][:3] == [["same", "主动公开信息"], ["gone", "12条"], ["new", "15条"]]
    assert (one["choices"], bool(one["noBoth"])) == (["ours", "theirs"], True)
    told = torn.do("settle", cell=CELL, version="another", choice="ours")
    assert [message["level"] for message in told] == ["error"]
    told = torn.do("settle", cell=CELL, name=one["name"], version=one["version"], text="主动公开信息28条。")
    assert one["name"] in told[-1]["text"]
    assert [message["what"] for message in told] == ["report", "checked", "told"]
    assert told[1]["conflicts"] == []
    assert "主动公开信息28条。" in copy_path(county, OTHER).read_text(encoding="utf-8")
    assert torn.do("undo_copy")[-1]["level"] == "done"
    assert [one["cell"] for one in torn.do("check")[0]["conflicts"]] == [CELL]


def test_a_year_without_a_file_is_begun_from_the_year_before(county: Project) -> None:
    front = Front(county, "乙镇", 2020)
    (report,) = front.do("hello")
    assert (report["name"], report["canBegin"], "2020" in report["why"]) == ("", True, True)
    assert [message["level"] for message in front.do("check")] == ["error"]
    report, _checked, told = front.do("begin")
    assert (report["name"], report["canBegin"], told["level"]) == ("2020/宁海县/乙镇", False, "done")
    assert "year: 2020" in (county.params / "2020/宁海县/乙镇.yaml").read_text(encoding="utf-8")
    assert front.do("begin")[-1]["level"] == "note"
    front.desk.turn_to(2030, "乙镇")
    assert front.told[-1]["canBegin"] is False
    assert front.do("begin")[0]["level"] == "error"
    front.desk.close()


@pytest.mark.usefixtures("torn")
def test_the_workbench_shows_a_town_s_conflicts_and_settles_them_too(county: Project) -> None:
    told: list[dict[str, Any]] = []
    desk = Desk(county, told.append, Printer, lambda _: Here())
    desk.receive({"do": "open", "year": 2019, "inside": "宁海县/乙镇"})
    (one,) = told[0]["conflicts"]
    desk.receive({"do": "settle", "cell": one["cell"], "version": one["version"], "choice": "theirs"})
    assert [message["what"] for message in told if message["what"] != "page"][-2:] == ["told", "conflicts"]
    assert "主动公开信息13条。" in copy_path(county, OTHER).read_text(encoding="utf-8")
    copy_path(county, OTHER).write_text("{", encoding="utf-8")
    desk.receive({"do": "open", "year": 2019, "inside": "宁海县/乙镇"})
    assert {"sheet", "state"} <= {message["what"] for message in told[-4:]}
    desk.close()
