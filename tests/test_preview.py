"""The preview: a report made in a moment without writing anything, and the page that follows each save."""

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import lxml.html
import pytest

from reportkit.batch.processes.resource_limits import Limits
from reportkit.errors import Issue, Origin, UserError
from reportkit.exporters import read_content
from reportkit.exporters.pdf import sheets
from reportkit.preview import Rendered, Renderer
from reportkit.preview.auth import Entry, opening_file, opening_page
from reportkit.preview.live_report import Desk
from reportkit.preview.page_words import script_words
from reportkit.preview.routes import application
from reportkit.preview.server import serve
from reportkit.preview.watcher import changes, contents, differ, watched_folders
from reportkit.project import Project
from support.commands import reportkit
from support.languages import CHINESE, speaking
from support.offices import GOOD, add_cell, files, office

pytestmark = pytest.mark.usefixtures("warm_workers")

NAME = "2019/宁海县/桑洲镇"
PORT = 8000
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return office(tmp_path_factory.mktemp("office"), "桑洲镇")


@pytest.fixture(scope="module")
def renderer(project: Project, warm_workers: None) -> Iterator[Renderer]:  # noqa: ARG001
    with Renderer(project) as renderer:
        yield renderer


def params(project: Project) -> Path:
    return project.params / f"{NAME}.yaml"


# --- the renderer ---------------------------------------------------------------------------------------------------


def test_a_report_is_a_page_a_pdf_and_pictures_and_nothing_is_written(renderer: Renderer, project: Project) -> None:
    before = files(project.root)
    page, pdf, pictures = renderer.page(NAME), renderer.pdf(NAME), renderer.sheets(NAME)
    assert (page.reason, pdf.reason, pictures.reason) == ("", "", "")
    assert "<h1>2019年度桑洲镇政府信息公开工作年度报告</h1>" in page.html
    assert pdf.pdf.startswith(b"%PDF-")
    assert len(pictures.sheets) == 5
    assert all(sheet.startswith(b"<svg ") for sheet in pictures.sheets)
    assert {"params/2019/宁海县/桑洲镇.yaml", "notebooks/annual_report.ipynb"} <= {*page.inputs}
    assert {issue.severity for issue in page.issues} == {"warning"}
    assert files(project.root) == before
    assert not project.dist.exists()


def test_the_same_content_is_the_same_page(renderer: Renderer) -> None:
    assert renderer.page(NAME).html == renderer.page(NAME).html
    assert renderer.sheets(NAME).sheets == renderer.sheets(NAME).sheets


def test_what_is_not_saved_yet_can_be_seen(renderer: Renderer, project: Project) -> None:
    before = params(project).read_bytes()
    page = renderer.page(NAME, GOOD.replace("机构建设方面", "尚未保存方面").encode())
    assert "尚未保存方面" in page.html
    assert params(project).read_bytes() == before
    assert "尚未保存方面" not in renderer.page(NAME).html


def test_a_broken_file_has_issues_with_lines_and_no_page(renderer: Renderer) -> None:
    page = renderer.page(NAME, f"{GOOD}\nforeword: 1\n".encode())
    errors = [issue for issue in page.issues if issue.severity == "error"]
    assert (page.html, page.made) == ("", False)
    assert [(issue.code, int(issue.origin.place) > 40) for issue in errors] == [("Y5", True)]


def test_a_missing_file_is_told(renderer: Renderer) -> None:
    page = renderer.page("2019/宁海县/黄坛镇")
    assert not page.made
    assert page.reason or page.issues


def test_a_character_that_no_font_has_is_told_where_a_picture_would_show_a_box(renderer: Renderer) -> None:
    content = GOOD.replace("机构建设方面", "机构\U0001fadf建设方面").encode()
    assert "\U0001fadf" in renderer.page(NAME, content).html
    shown = renderer.sheets(NAME, content)
    assert shown.sheets == ()
    assert "U+1FADF" in shown.reason


BAD_CELLS = {
    "x = 1\nx / 0": ("cell extra, line 2", "ZeroDivisionError: division by zero"),
    "import time\ntime.sleep(60)": ("cell extra", "took longer than"),
    "import os\nos.abort()": ("cell extra", "SIGABRT"),
}


def test_a_cell_that_fails_hangs_or_crashes_costs_one_answer(tmp_path: Path) -> None:
    project = office(tmp_path, "桑洲镇")
    master = project.notebook.read_bytes()
    with Renderer(project, Limits(seconds=2)) as renderer:
        for source, (place, reason) in BAD_CELLS.items():
            add_cell(project, source)
            page = renderer.page(NAME)
            assert (page.html, page.place.endswith(f"notebooks/annual_report.ipynb:{place}")) == ("", True)
            assert reason in page.reason
            project.notebook.write_bytes(master)
            assert renderer.page(NAME).made


@pytest.mark.slow
def test_without_fork_a_hanging_cell_costs_one_answer_too(tmp_path: Path) -> None:
    project = office(tmp_path, "桑洲镇")
    master = project.notebook.read_bytes()
    with Renderer(project, Limits(seconds=4), fork=False) as renderer:
        assert renderer.page(NAME).made
        add_cell(project, "import time\ntime.sleep(600)")
        assert "took longer than" in renderer.page(NAME).reason
        project.notebook.write_bytes(master)
        assert renderer.page(NAME).made


def test_a_changed_module_of_the_project_is_imported_anew(tmp_path: Path) -> None:
    project = office(tmp_path, "桑洲镇")
    (tmp_path / "words.py").write_text("WORD = '旧词'")
    add_cell(project, "from words import WORD\nprint(WORD)")
    with Renderer(project) as renderer:
        page = renderer.page(NAME)
        assert "旧词" in page.html
        assert "words.py" in page.inputs
        (tmp_path / "words.py").write_text("WORD = '新词语'")
        assert "新词语" in renderer.page(NAME).html


def test_a_changed_reportkit_toml_counts_at_once(tmp_path: Path) -> None:
    project = office(tmp_path, "桑洲镇")
    with Renderer(project) as renderer:
        assert renderer.page(NAME).made
        (tmp_path / "reportkit.toml").write_text("nonsense = 1", encoding="utf-8")
        assert "nonsense" in renderer.page(NAME).reason
        (tmp_path / "reportkit.toml").write_text('[waivers]\nB1 = "旧表无此栏"', encoding="utf-8")
        assert {issue.severity for issue in renderer.page(NAME).issues if issue.code == "B1"} == {"waived"}


def test_a_closed_renderer_says_so_and_leaves_no_thread(project: Project) -> None:
    before = threading.active_count()
    renderer = Renderer(project)
    renderer.close()
    renderer.close()
    assert renderer.page(NAME).reason == "the renderer has been closed"
    assert threading.active_count() == before


def test_a_single_page_is_a_list_of_one_picture() -> None:
    from nbformat.v4 import new_markdown_cell, new_notebook

    assert len(sheets(read_content(new_notebook(cells=[new_markdown_cell("# 一页\n\n正文。")])))) == 1


# --- noticing saves -------------------------------------------------------------------------------------------------


def test_a_file_is_judged_by_what_it_holds(tmp_path: Path) -> None:
    path, absent = tmp_path / "a", tmp_path / "b"
    path.write_text("1")
    before = contents([path, absent])
    path.write_text("1")
    assert not differ(before, contents([path, absent], before))
    path.write_text("2")
    assert differ(before, contents([path, absent], before))
    path.write_text("1")
    absent.write_text("")
    assert differ(before, contents([path, absent], before))


def test_of_a_folder_the_names_count_and_a_new_file_to_watch_is_no_change(tmp_path: Path) -> None:
    path, folder = tmp_path / "a", tmp_path / "forms"
    folder.mkdir()
    before = contents([folder])
    path.write_text("1")
    assert not differ(before, contents([folder, path], before))
    (folder / "2030.yaml").write_text("")
    assert differ(before, contents([folder], before))


def test_of_a_folder_that_is_not_there_the_nearest_is_watched(tmp_path: Path) -> None:
    assert watched_folders([tmp_path / "towns/2019/a.ipynb", tmp_path / "b.yaml"]) == {tmp_path}


def test_each_way_to_save_is_seen_also_in_a_new_folder(tmp_path: Path) -> None:
    path, late = tmp_path / "a.yaml", tmp_path / "towns/2019/a.ipynb"
    path.write_text("1")

    def rename() -> None:
        (tmp_path / "a.tmp").write_text("3")
        (tmp_path / "a.tmp").replace(path)

    def make() -> None:
        late.parent.mkdir(parents=True)
        late.write_text("{}")

    saves = [lambda: path.write_text("2"), rename, make, late.unlink]

    async def seen() -> int:
        stream = changes(lambda: [path, late])
        for number, save in enumerate(saves):
            asyncio.get_running_loop().call_later(0.3, save)
            await asyncio.wait_for(anext(stream), 5)
            assert number < len(saves)
        await stream.aclose()
        return len(saves)

    assert asyncio.run(seen()) == 4


# --- the page -------------------------------------------------------------------------------------------------------


@dataclass
class Fake:
    """A renderer that answers at once, with what it is told to."""

    project: Project
    made: Rendered = field(default_factory=lambda: Rendered(html="<h1>好</h1>", sheets=(SVG, SVG), pdf=b"%PDF-"))
    calls: list[str] = field(default_factory=list)

    def page(self, name: str) -> Rendered:
        self.calls.append(f"page {name}")
        return self.made

    def sheets(self, name: str) -> Rendered:
        self.calls.append(f"sheets {name}")
        return self.made

    def pdf(self, name: str) -> Rendered:
        self.calls.append(f"pdf {name}")
        return self.made

    def warm_files(self) -> list[Path]:
        return []

    def interrupt(self) -> None:
        self.calls.append("interrupt")


@pytest.fixture
def desk(project: Project) -> Desk:
    desk = Desk(Fake(project), NAME)
    for sight in desk.sights.values():
        sight.take(desk.maker.page(NAME))
    return desk


class Client:
    """A browser that was let in, which asks the application itself, without a server; the desk does not run."""

    def __init__(self, desk: Desk) -> None:
        self.entry = Entry(PORT)
        self.room = self.entry.room
        self._application = application(desk, self.entry, PORT)
        self._cookie = self.ask(f"/{self.entry.token()}/").headers["set-cookie"]

    def ask(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        """The answer to somebody whom nobody knows."""

        async def answer() -> httpx.Response:
            door = httpx.ASGITransport(self._application)
            async with httpx.AsyncClient(transport=door) as web:
                lines = {name.encode(): value.encode() for name, value in headers.items()}
                return await web.request(method, f"http://127.0.0.1:{PORT}{path}", headers=lines)

        return asyncio.run(answer())

    def get(self, path: str, **headers: str) -> httpx.Response:
        """The answer to the browser, for a path in its room."""
        return self.ask(f"{self.room}{path}", cookie=self._cookie.partition(";")[0], **headers)


@pytest.fixture
def client(desk: Desk) -> Client:
    return Client(desk)


PATHS = ["", "page.js", "page.css", "report", "sheets/1", "sheets/2", "report.pdf"]


@pytest.mark.parametrize("path", PATHS)
def test_who_was_let_in_sees_all_and_nobody_else_anything(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200
    for cookie in ("", f"reportkit-{PORT}=", f"reportkit-{PORT}=x", "é=1", '{"a'):
        assert client.ask(f"{client.room}{path}", cookie=cookie).status_code == 403
    for wrong in (f"/{path}", f"/wrong/{path}", f"/{client.room}{path}", f"{client.room.rstrip('/')}x/{path}", "/é/"):
        answer = client.ask(wrong)
        assert (answer.status_code, answer.text) == (404, "Not Found")


@pytest.mark.usefixtures("chinese")
def test_a_token_lets_one_browser_in_and_no_second(client: Client) -> None:
    token = client.entry.token()
    for refused in (client.ask(f"/{token}/", "HEAD"), client.ask(f"/{token}/", "POST"), client.ask(f"/{token}/report")):
        assert refused.status_code == 404
    assert client.ask(f"/{token}/", **{"sec-purpose": "prefetch"}).status_code == 503
    first, second = client.ask(f"/{token}/"), client.ask(f"/{token}/")
    assert (first.status_code, f'content="0; url={client.room}"' in first.text) == (200, True)
    assert (second.status_code, "用过" in second.text, "set-cookie" in second.headers) == (410, True, False)
    _, *attributes = first.headers["set-cookie"].split("; ")
    assert attributes == [f"Path={client.room}", "HttpOnly", "SameSite=Strict"]
    assert token not in first.text


def test_what_other_servers_have_left_in_the_browser_does_not_matter(client: Client) -> None:
    assert client.ask(client.room, cookie=f'a={{"b": 1}}, ; {client._cookie.partition(";")[0]};é').status_code == 200


def test_a_new_token_is_told_when_the_last_one_is_used() -> None:
    told: list[str] = []
    entry = Entry(PORT, lambda: told.append(entry.token()))
    first, second = entry.token(), entry.token()
    assert entry.take(second)
    assert told == []
    assert entry.take(first)
    assert len(told) == 1
    assert entry.take(told[0])
    assert not entry.take(told[0])
    assert not entry.take("")


def test_the_file_that_a_browser_is_called_with_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = opening_file(tmp_path, "http://127.0.0.1:1/a&b/")
    assert file.stat().st_mode & 0o077 == 0
    assert 'content="0; url=http://127.0.0.1:1/a&amp;b/"' in file.read_text(encoding="utf-8")
    with pytest.raises(FileExistsError):
        opening_file(tmp_path, "http://127.0.0.1:1/b/")


@pytest.mark.parametrize(
    "host", ["evil.example:8000", "127.0.0.1", "127.0.0.1:8001", "127.0.0.1.evil.example:8000", ""]
)
def test_a_name_that_was_rebound_to_this_machine_is_refused(client: Client, host: str) -> None:
    assert client.get("", host=host).status_code == 404
    assert client.ask(f"/{client.entry.token()}/", host=host).status_code == 404
    assert client.get("", host="localhost:8000").status_code == 200


@pytest.mark.parametrize("path", ["sheets/0", "sheets/3", "sheets/x", "events", "events?view=pdf", "../desk.py", "x"])
def test_what_there_is_not_is_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [*PATHS, "absent"])
def test_nothing_is_kept_shared_or_told_to_others(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert not [name for name in headers if name.startswith("access-control")]


def policy(client: Client, path: str) -> dict[str, str]:
    directives = client.get(path).headers["content-security-policy"].split("; ")
    return {name: value for name, _, value in (directive.partition(" ") for directive in directives)}


def test_the_page_runs_its_own_script_and_no_other(client: Client) -> None:
    found = policy(client, "")
    assert (found["default-src"], found["script-src"], found["style-src"]) == ("'none'", "'self'", "'self'")
    shell = client.get("").text
    assert re.findall(r"<script[^>]*>", shell) == ['<script src="page.js" defer>']
    assert not re.search(r"\son\w+=|style=|<style", shell)


def words_of(page: str) -> tuple[str, str]:
    """What a page says by itself, and what it gives its script to say."""
    root = lxml.html.fromstring(page)
    said = json.loads(root.body.attrib.pop("data-words"))
    script = " ".join(text for words in said.values() for text in ([words] if isinstance(words, str) else words))
    labels = [value for name in ("aria-label", "title", "alt") for value in root.xpath(f"//@{name}")]
    return " ".join([*root.itertext(), *labels]), script


HAN = re.compile("[\u3400-\u9fff]")
LATIN = re.compile(r"(?<![A-Za-z])(?!PDF|JavaScript|reportkit|preview)[A-Za-z]{3,}")


def test_the_page_and_its_script_speak_the_language_of_the_person(desk: Desk) -> None:
    page, script = words_of(Client(desk).get("").text)
    assert ("Web page" in page, "The preview needs JavaScript." in page, "Page {page} of {pages}" in script) == (
        True,
    ) * 3
    assert [text for text in (page, script, opening_page("/a/")) if HAN.search(text)] == []
    assert '<html lang="en">' in opening_page("/a/")
    with speaking("zh_CN.UTF-8"):
        shell = Client(desk).get("").text
        page, script = words_of(shell)
        assert '<html lang="zh-CN">' in shell
        assert "打开报告预览" in opening_page("/a/")
    assert ("网页" in page, "第 {page} 页，共 {pages} 页" in script) == (True, True)
    assert [LATIN.findall(re.sub(r"\{\w+\}", "", text)) for text in (page, script)] == [[], []]


def test_the_script_has_all_its_words_as_data(client: Client) -> None:
    script = client.get("page.js").text
    assert not HAN.search(script)
    names = set(re.findall(r'phrase\("(\w+)"', script)) | {"ended", "lost"}
    assert names == set(script_words())


@pytest.mark.parametrize("path", ["report", "sheets/1"])
def test_no_script_runs_in_the_report(client: Client, path: str) -> None:
    found = policy(client, path)
    assert found["default-src"] == "'none'"
    assert "script-src" not in found
    assert found["sandbox"] == "allow-same-origin"
    script = client.get("page.js").text
    assert 'setAttribute("sandbox", "allow-same-origin")' in script
    assert "innerHTML" not in script


def test_a_report_that_cannot_be_made_has_no_pdf_but_the_last_page(desk: Desk, client: Client) -> None:
    desk.maker.made = Rendered(reason="坏了")
    for sight in desk.sights.values():
        sight.take(desk.maker.made)
    assert client.get("report").text == "<h1>好</h1>"
    assert client.get("report.pdf").status_code == 409


def test_the_state_names_each_error_with_its_place(desk: Desk) -> None:
    issues = (
        Issue("R1", "error", "</script><img src=x onerror=alert(1)>", Origin("params/a.yaml", "41")),
        Issue("B1", "warning", "空白", Origin("params/a.yaml", "9")),
    )
    desk.sights["html"].take(Rendered(issues=issues, reason="boom", place="单元格 extra 第 2 行"))
    state = desk.state("html")
    assert (state["town"], state["year"], state["made"], state["shown"]) == ("桑洲镇", "2019", False, 1)
    assert [(error["place"], error["code"]) for error in state["errors"]] == [
        ("单元格 extra 第 2 行", ""),
        ("params/a.yaml:41", "R1"),
    ]
    assert [warning["code"] for warning in state["warnings"]] == ["B1"]


@pytest.mark.usefixtures("chinese")
def test_the_state_tells_what_cells_should_be_looked_at_for(desk: Desk) -> None:
    desk.sights["html"].take(Rendered(html="<h1>好</h1>", warnings=("单元格 chart：图片没有替代文字",)))
    told = {"place": "", "code": "", "message": "单元格 chart：图片没有替代文字"}
    assert desk.state("html")["warnings"] == [told]


def test_only_the_view_that_somebody_looks_at_is_made(project: Project) -> None:
    fake = Fake(project)
    desk = Desk(fake, NAME)

    async def look() -> list[dict[str, object]]:
        work = asyncio.create_task(desk.run())
        seen = []
        async for state in desk.news("sheets"):
            seen.append(state)
            if state and not state["busy"]:
                desk.close()
        work.cancel()
        await asyncio.wait([work])
        return seen

    last = asyncio.run(look())[-1]
    assert fake.calls == [f"sheets {NAME}"]
    assert last is not None
    assert (last["sheets"], last["made"]) == (2, True)


def test_an_error_that_the_next_save_mends_at_once_is_never_told(tmp_path: Path) -> None:
    project = office(tmp_path, "桑洲镇")
    fake = Fake(project)
    desk = Desk(fake, NAME)
    half, whole = Rendered(reason="half a file"), fake.made

    async def look() -> list[bool]:
        work = asyncio.create_task(desk.run())
        told: list[bool] = []
        async for state in desk.news("html"):
            if not state or state["busy"]:
                continue
            told.append(bool(state["made"]))
            if len(told) == 1:
                await asyncio.sleep(0.3)
                fake.made = half
                params(project).write_text("")
                await asyncio.sleep(0.05)
                fake.made = Rendered(html="<h1>新</h1>")
                params(project).write_text(f"{GOOD}# mended\n")  # or both saves may be seen as none
            else:
                desk.close()
        work.cancel()
        await asyncio.wait([work])
        return told

    fake.made = whole
    assert asyncio.run(asyncio.wait_for(look(), 20)) == [True, True]


@pytest.mark.slow
def test_a_save_ends_the_wait_for_a_cell_that_hangs(tmp_path: Path) -> None:
    project = office(tmp_path, "桑洲镇")
    master = project.notebook.read_bytes()
    add_cell(project, "import time\ntime.sleep(600)")

    async def look(desk: Desk) -> dict[str, object]:
        work = asyncio.create_task(desk.run())
        asyncio.get_running_loop().call_later(3, project.notebook.write_bytes, master)
        last: dict[str, object] = {}
        async for state in desk.news("html"):
            if state and not state["busy"]:
                last = state
                desk.close()
        work.cancel()
        await asyncio.wait([work])
        return last

    with Renderer(project, Limits(seconds=600)) as renderer:
        assert asyncio.run(asyncio.wait_for(look(Desk(renderer, NAME)), 60))["made"]


# --- the server -----------------------------------------------------------------------------------------------------


@contextmanager
def served(project: Project) -> Iterator[str]:
    """The address of a preview in a process of its own, as the command starts it."""
    command = [sys.executable, "-m", "reportkit", "preview", "桑洲镇", "--no-browser"]
    with subprocess.Popen(command, cwd=project.root, stdout=subprocess.PIPE, text=True, encoding="utf-8") as running:
        assert running.stdout
        try:
            address = running.stdout.readline().split(": ", 1)[1].strip()
            assert running.stdout.readline() == "opens once; follows each save; Ctrl-C ends it\n"
            yield address
        finally:
            running.terminate()
            ending = threading.Timer(30, running.kill)  # or else one that does not end would be waited for without end
            ending.start()
            *others, last = running.stdout.read().splitlines()
            assert [other.startswith("for another browser: http://127.0.0.1:") for other in others] in ([], [True])
            assert last == "ended"
            assert running.wait(10) == 0
            ending.cancel()


def let_in(web: httpx.Client, address: str) -> str:
    """The address of the page to which a browser comes."""
    found = re.search(r'content="0; url=(/[^"]+/)"', web.get(address).text)
    assert found
    return str(httpx.URL(address).join(found[1]))


def states(lines: Iterator[str]) -> Iterator[dict[str, object]]:
    for line in lines:
        if line.startswith("data: "):
            state = json.loads(line.removeprefix("data: "))
            if not state["busy"]:
                yield state


def test_a_save_is_told_to_this_machine_alone_and_the_end_is_clean(tmp_path: Path) -> None:
    project = office(tmp_path, "桑洲镇")
    text = '机构</script><img src=x onerror="alert(1)">建设'
    with (
        served(project) as once,
        httpx.Client(timeout=30, trust_env=False) as web,
        web.stream("GET", f"{(address := let_in(web, once))}events?view=html") as stream,
    ):
        assert web.get(once).status_code == 410
        assert httpx.get(address, trust_env=False).status_code == 403
        assert once.startswith("http://127.0.0.1:")
        assert len(httpx.URL(once).path) > 30
        port = httpx.URL(once).port
        own = {found[4][0] for found in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)}
        for other in own - {"127.0.0.1"}:
            with pytest.raises(OSError, match="refused"), socket.create_connection((other, port), timeout=2):
                pass
        news = states(stream.iter_lines())
        assert next(news)["made"]
        params(project).write_text(GOOD.replace("机构建设", text), encoding="utf-8")
        start = time.perf_counter()
        assert next(news)["shown"] == 2
        assert time.perf_counter() - start < 5
        page = web.get(f"{address}report").text
        assert "机构&lt;/script&gt;&lt;img" in page
        assert "<img" not in page
        params(project).write_text(f"{GOOD}\nforeword: 1\n", encoding="utf-8")
        broken = next(news)
        assert not broken["made"]
        assert [error["code"] for error in broken["errors"]] == ["Y5"]  # type: ignore[attr-defined]
        assert web.get(f"{address}report").text == page
    assert not (tmp_path / "dist").exists()
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", port), timeout=2):
        pass


def test_whoever_asks_for_the_end_before_it_runs_is_heard(project: Project) -> None:
    class Callback:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)  # an exception that is raised in here goes to nobody

    def announce(_: object) -> None:
        Callback()

    with pytest.raises(KeyboardInterrupt):
        serve(project, NAME, announce=announce)


def test_a_port_that_is_taken_is_told(project: Project) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(UserError, match="choose another with --port"):
            serve(project, NAME, other.getsockname()[1], announce=print)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["黄坛镇"], "没有“黄坛镇”的参数文件"),
        (["params/2019/宁海县/黄坛镇.yaml"], "no such file"),
        (["elsewhere.yaml"], "not below params"),
        (["桑洲镇", "--year", "2018"], "没有“桑洲镇”的参数文件"),
    ],
)
def test_a_wrong_town_is_told_before_anything_starts(project: Project, arguments: list[str], message: str) -> None:
    (project.root / "elsewhere.yaml").write_text(GOOD, encoding="utf-8")
    language = {} if message.isascii() else CHINESE
    done = reportkit(project.root, "preview", "--no-browser", *arguments, **language)
    assert done.returncode == 2
    assert message in done.stderr
