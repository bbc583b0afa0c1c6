"""The workbooks of a year at the workbench's desk: sent out to the towns, and taken in when they come back."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from reportkit.documents.size_limits import MAX_TEXT_BYTES, MAX_WORD_BYTES
from reportkit.project import Project, load_project
from support.commands import reportkit
from support.fronts import Front
from support.languages import speaking
from support.offices import office
from support.repository import SANGZHOU

PIECE = 1 << 20
TOWNS = ["桑洲镇", "黄坛镇"]
ROOM = "params/2020/宁海县"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An office that has the parameter files of two towns, of 2019."""
    return office(tmp_path / "office", *TOWNS)


@pytest.fixture
def front(project: Project):
    made = Front(project)
    yield made
    made.desk.close()


def sent(front: Front, year: int = 2020) -> dict:
    """What is told in the end of the workbooks that were sent out."""
    before = len(front.told)
    front.do("send_out", year=year)

    def ended() -> list[dict]:
        return [one for one in front.told[before:] if "made" in one or one["what"] == "told"]

    with front.news:
        assert front.news.wait_for(ended, 30)
    return ended()[0]


def books(front: Front) -> dict[str, bytes]:
    """The workbooks that are sent out, by the names of their towns."""
    with zipfile.ZipFile(sent(front)["file"]) as archive:
        return {Path(name).stem: archive.read(name) for name in archive.namelist()}


def filled_in(book: bytes, sheet: str = "表三", **cells: object) -> bytes:
    """A workbook with other values in some cells."""
    opened = openpyxl.load_workbook(io.BytesIO(book))
    for place, value in cells.items():
        opened[sheet][place] = value
    content = io.BytesIO()
    opened.save(content)
    return content.getvalue()


def give(front: Front, name: str, content: bytes, identity: str = "") -> list[str]:
    """Send a file in pieces, as the page does; what the kernel says of each."""
    at, said = 0, []
    about = {"id": identity or name, "name": name, "size": len(content)}
    while True:
        piece = memoryview(content[at : at + PIECE])
        before = len(front.told)
        front.do("piece", **about, at=at, buffers=[piece])

        def answers(before: int = before) -> list[dict]:
            return [one for one in front.told[before:] if one["what"] in ("piece", "read")]

        with front.news:
            assert front.news.wait_for(answers, 30)
        said.append(answers()[0]["what"])
        if said[-1] == "read":
            return said
        at = answers()[0]["at"]


def look(front: Front, county: str = "", zeros: bool = False, update: bool = False) -> dict:
    return front.ask("intake", "look", county=county, zeros=zeros, update=update)


def lines(intake: dict) -> list[tuple[str, str, str]]:
    """What is said of each file: its name, what becomes of it, where it goes."""
    return [(row["file"], row["said"], row["path"]) for row in intake["rows"]]


def found(intake: dict) -> list[tuple[str, str]]:
    """What was found in the files: the codes with how grave they are."""
    return [(issue["code"], issue["severity"]) for row in intake["rows"] for issue in row["issues"]]


def files(project: Project) -> dict[str, bytes]:
    """The parameter files of the new year."""
    folder = project.root / ROOM
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


# --- sending out -----------------------------------------------------------------------------------------------------


def test_the_workbooks_are_those_of_the_command(front, project):
    told = sent(front)
    assert (told["made"], told["refused"], told["name"]) == (2, [], "workbooks-2020.zip")
    assert Path(told["file"]) == project.root / "workbooks-2020.zip"
    reportkit(project.root, "form", "--from", "params/2019", "-o", "out.zip")
    assert Path(told["file"]).read_bytes() == (project.root / "out.zip").read_bytes()
    done = [one["done"] for one in front.told if one["what"] == "sent"]
    assert done == [0, 1, 2, 2]


def test_the_same_workbooks_are_one_file_and_no_other_file_is_written_over(front, project):
    assert sent(front)["name"] == sent(front)["name"] == "workbooks-2020.zip"
    mine = project.root / "workbooks-2020.zip"
    mine.write_bytes(b"somebody's own")
    assert sent(front)["name"] == "workbooks-2020-2.zip"
    assert mine.read_bytes() == b"somebody's own"
    assert sent(front)["name"] == "workbooks-2020-2.zip"


def test_a_year_without_one_before_has_no_workbooks(front, project):
    told = sent(front, 2030)
    assert told["text"] == "Workbooks for 2030 are made from the parameter files of 2029, and there are none."
    assert list(project.root.glob("*.zip")) == []


def test_a_workbook_that_cannot_be_made_is_told_and_the_others_are(front, project):
    (project.params / "2019/宁海县/黄坛镇.yaml").write_text("a: [", encoding="utf-8")
    told = sent(front)
    assert told["made"] == 1
    (why,) = told["refused"]
    assert why.startswith("params/2019/宁海县/黄坛镇.yaml:2 Y2 error")
    (project.params / "2019/宁海县/桑洲镇.yaml").write_text("a: [", encoding="utf-8")
    told = sent(front)
    assert (told["made"], told["file"], len(told["refused"])) == (0, "", 2)


def test_a_folder_that_takes_no_file_is_told(front, monkeypatch):
    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reportkit.workbench.sending.put", full)
    told = sent(front)
    assert (told["level"], told["text"].split(" (")[0]) == (
        "error",
        "workbooks-2020.zip: the workbooks were not written",
    )


def test_a_year_without_files_says_what_can_be_done_and_which_counties_there_are(front, project):
    told = front.ask("states", "survey", year=2020)
    assert told["summary"].startswith("No unit has a parameter file of 2020 yet: send out workbooks")
    assert (told["units"], told["counties"]) == ([], ["宁海县"])
    (project.root / "roster.csv").write_text("单位\n桑洲镇\n", encoding="utf-8")
    assert [unit["said"] for unit in front.ask("states", "survey", year=2020)["units"]] == ["no file"]


# --- taking in -------------------------------------------------------------------------------------------------------


def test_what_would_be_written_is_told_first_and_then_written_as_the_command_does(front, project, tmp_path):
    for town, book in books(front).items():
        assert give(front, f"{town}.xlsx", filled_in(book, D6=3)) == ["read"]
        (tmp_path / f"{town}.xlsx").write_bytes(filled_in(book, D6=3))
    would = look(front, "宁海县", zeros=True)
    assert lines(would) == [(f"{town}.xlsx", "new file", f"{ROOM}/{town}.yaml") for town in TOWNS]
    assert (would["isDone"], would["writes"], files(project)) == (False, 2, {})
    (row, _other) = would["rows"]
    assert (row["unit"], row["year"], row["inside"]) == ("桑洲镇", 2020, None)
    assert row["content"] == "6 figures, 2 blanks, 158 blanks to be 0"
    did = front.ask("intake", "take_in")
    assert [(row["said"], row["inside"]) for row in did["rows"]] == [("written", f"宁海县/{town}") for town in TOWNS]
    assert front.wait("years")["years"] == [2021, 2020, 2019]
    sheet, *_ = front.do("open", year=2020, inside="宁海县/桑洲镇")
    assert sheet["title"] == "2020年度桑洲镇政府信息公开工作年度报告"
    ours = files(project)
    for path in (project.root / ROOM).iterdir():
        path.unlink()
    command = ["import", *(f"../{town}.xlsx" for town in TOWNS), "--county", "宁海县", "--blank-as-zero"]
    reportkit(project.root, *command)
    assert ours == files(project)


def test_a_file_comes_in_pieces(front):
    content = SANGZHOU.read_bytes()
    text = ("桑洲镇政府信息公开\n" * 100_000).encode()
    assert give(front, "长.txt", text) == ["piece", "piece", "read"]
    assert give(front, "无.txt", b"") == ["read"]
    assert give(front, "桑洲镇.yaml", content) == ["read"]
    told = look(front)
    assert [(row["file"], row["said"]) for row in told["rows"]] == [
        ("长.txt", "cannot be taken in"),
        ("无.txt", "cannot be taken in"),
        ("桑洲镇.yaml", "cannot be taken in"),
    ]
    assert ("D1", "error") in found(told)
    assert told["rows"][2]["issues"][0]["message"].startswith("this is a parameter file already")


def test_a_file_that_is_no_workbook_is_told_and_the_others_go_on(front, project):
    give(front, "坏.xlsx", b"PK\x03\x04nothing")
    give(front, "桑洲镇.xlsx", books(front)["桑洲镇"])
    give(front, "图.png", b"\x89PNG\r\n\x1a\n")
    told = look(front)
    assert [row["said"] for row in told["rows"]] == ["cannot be taken in", "new file", "cannot be taken in"]
    assert all(row["issues"] for row in told["rows"] if row["grave"])
    assert (told["summary"], told["writes"]) == ("3 reports: new file 1, cannot be taken in 2", 1)
    front.ask("intake", "take_in")
    assert list(files(project)) == ["桑洲镇.yaml"]


@pytest.mark.usefixtures("english_issues")
@pytest.mark.parametrize(
    ("begins", "limit"), [(b"2019", MAX_TEXT_BYTES), (b"PK\x03\x04", MAX_WORD_BYTES)], ids=["text", "zip"]
)
def test_a_file_that_is_too_large_is_refused_at_its_first_piece(front, begins, limit):
    about = {"id": "1", "name": "大.txt", "size": limit + 1, "at": 0}
    assert front.ask("read", "piece", **about, buffers=[begins * 1000]) == {"what": "read", "id": "1"}
    assert found(look(front)) == [("D1", "error")]
    assert f"no more than {limit // 10**6} MB" in look(front)["rows"][0]["issues"][0]["message"]


@pytest.mark.usefixtures("english_issues")
@pytest.mark.parametrize(
    "pieces",
    [
        [{"at": 0, "buffers": [b"abc"]}, {"at": 0, "buffers": [b"abcdefgh"]}],
        [{"at": 5, "buffers": [b"abc"]}],
        [{"at": 0, "buffers": [b"abc"]}, {"at": 2, "buffers": [b"abc"]}],
        [{"at": 0, "buffers": [b"abc"]}, {"at": 3, "buffers": []}],
        [{"at": 0, "buffers": [], "failed": True}],
    ],
    ids=["longer", "late", "twice", "nothing", "failed"],
)
def test_a_file_that_does_not_come_whole_is_not_read(front, pieces):
    for piece in pieces[:-1]:
        assert front.ask("piece", "piece", id="1", name="a.txt", size=6, **piece)["at"] == 3
    front.ask("read", "piece", id="1", name="a.txt", size=6, **pieces[-1])
    (row,) = look(front)["rows"]
    assert row["issues"][0]["message"].startswith("the file cannot be read (it ")


def test_of_two_files_for_one_town_neither_is_written_until_one_is_left_out(front, project):
    book = books(front)["桑洲镇"]
    give(front, "桑洲镇.xlsx", filled_in(book, D6=3), "a")
    give(front, "桑洲镇.xlsx", filled_in(book, D6=4), "b")
    told = look(front)
    assert [one for one in found(told) if one[1] == "error"] == [("I5", "error"), ("I5", "error")]
    assert told["writes"] == 0
    assert "leave out all but one" in told["rows"][0]["issues"][0]["message"]
    front.ask("intake", "take_in")
    assert files(project) == {}
    assert lines(front.ask("intake", "leave_out", id="b")) == [("桑洲镇.xlsx", "new file", f"{ROOM}/桑洲镇.yaml")]
    front.ask("intake", "take_in")
    assert list(files(project)) == ["桑洲镇.yaml"]


def test_a_file_of_a_town_that_is_there_is_never_written_over_without_being_asked(front, project):
    book = books(front)["桑洲镇"]
    give(front, "桑洲镇.xlsx", filled_in(book, D6=3))
    look(front)
    front.ask("intake", "take_in")
    before = files(project)
    give(front, "桑洲镇.xlsx", filled_in(book, D6=5), "second")
    told = look(front)
    assert lines(told) == [("桑洲镇.xlsx", "differs from its file", f"{ROOM}/桑洲镇.yaml")]
    assert (told["writes"], told["differ"], told["rows"][0]["inside"]) == (0, 1, "宁海县/桑洲镇")
    (line,) = [issue["message"] for issue in told["rows"][0]["issues"] if issue["code"] == "I10"]
    assert 'the file has "3", and what was sent says "5"' in line
    assert "--update" not in line
    front.ask("intake", "take_in")
    assert files(project) == before
    (row,) = look(front, update=True)["rows"]
    assert (row["said"], row["inside"]) == ("goes into its file", "宁海县/桑洲镇")
    assert files(project) == before
    assert front.ask("intake", "take_in")["rows"][0]["said"] == "put into its file"
    assert files(project) != before
    assert look(front)["rows"][0]["said"] == "same as its file"
    front.do("open", year=2020, inside="宁海县/桑洲镇")
    assert front.do("unsave")[-1]["level"] == "done"
    assert files(project) == before


def test_a_file_that_appears_after_the_look_is_not_written_over(front, project):
    give(front, "桑洲镇.xlsx", books(front)["桑洲镇"])
    assert look(front)["rows"][0]["said"] == "new file"
    there = project.root / ROOM / "桑洲镇.yaml"
    there.parent.mkdir(parents=True)
    there.write_text("somebody's", encoding="utf-8")
    assert front.ask("intake", "take_in")["rows"][0]["said"] == "not taken in"
    assert there.read_text(encoding="utf-8") == "somebody's"


@pytest.mark.parametrize(
    "name", ["../x.xlsx", "/etc/x.xlsx", "a\x1b[31m\u202e\n.xlsx", "<img src=x onerror=alert(1)>.xlsx"]
)
def test_a_hostile_name_is_a_text(front, project, tmp_path, name):
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    give(front, name, books(front)["桑洲镇"])
    (row,) = look(front)["rows"]
    assert row["file"].isprintable()
    assert row["path"] == f"{ROOM}/桑洲镇.yaml"
    front.ask("intake", "take_in")
    new = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert sorted(path.name for path in new) == ["workbooks-2020.zip", "桑洲镇.yaml"]
    assert load_project(project.root).read(project.root / ROOM / "桑洲镇.yaml").jurisdiction == "桑洲镇"


@pytest.mark.parametrize("name", ["../外面", "甲/乙", "CON", "甲\x07", "镇" * 61])
def test_a_town_whose_name_no_file_can_have_is_told(front, project, name):
    book = books(front)["桑洲镇"]
    cover = openpyxl.load_workbook(io.BytesIO(book)).sheetnames[0]
    if "\x07" in name:  # which no cell of a workbook can hold
        give(front, "甲.txt", SANGZHOU.read_bytes().replace("桑洲镇".encode(), name.encode()))
    else:
        give(front, "甲.xlsx", filled_in(book, cover, B3=name))
    told = look(front)
    assert (told["writes"], told["rows"][0]["said"]) == (0, "cannot be taken in")
    assert told["rows"][0]["issues"]
    assert all(issue["message"].isprintable() and "--" not in issue["message"] for issue in told["rows"][0]["issues"])
    front.ask("intake", "take_in")
    assert files(project) == {}


def test_hostile_cells_are_data(front, project):
    book = books(front)["桑洲镇"]
    texts = ["=1+1", "<script>alert(1)</script>", "{{ 7*7 }}", "- !!python/object:os.system"]
    prose = openpyxl.load_workbook(io.BytesIO(book)).sheetnames[-2]
    give(front, "桑洲镇.xlsx", filled_in(book, prose, **{f"A{row}": text for row, text in enumerate(texts, 3)}))
    look(front)
    front.ask("intake", "take_in")
    narrative = load_project(project.root).read(project.root / ROOM / "桑洲镇.yaml").narrative
    assert narrative == {
        "overview": "\\<script\\>alert(1)\\</script\\>\n\n{{ 7\\*7 }}\n\n\\- !!python/object:os.system"
    }
    *_, state = front.do("open", year=2020, inside="宁海县/桑洲镇")
    assert state["prose"]["overview"].startswith("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n<p>{{ 7*7 }}</p>")


def test_a_county_that_can_be_no_folder_is_refused_and_nothing_is_written(front, project):
    give(front, "桑洲镇.xlsx", books(front)["桑洲镇"])
    told = front.ask("told", "look", county="../外面", zeros=False, update=False)
    assert (told["level"], told["text"].split(";")[0]) == (
        "error",
        'County: ".." may not begin with a dot, a tilde or a space, nor end with a dot or a space',
    )
    assert front.ask("told", "take_in")["level"] == "error"
    assert files(project) == {}
    assert lines(look(front, "甲县"))[0][2] == "params/2020/甲县/桑洲镇.yaml"


def test_a_list_of_a_county_is_a_row_for_each_of_its_towns(front, project):
    reportkit(project.root, "form", "--county", "--from", "params/2019", "-o", "list.xlsx")
    give(front, "全县.xlsx", (project.root / "list.xlsx").read_bytes())
    told = look(front, "宁海县")
    assert [(row["unit"], row["path"]) for row in told["rows"]] == [(town, f"{ROOM}/{town}.yaml") for town in TOWNS]
    assert front.ask("intake", "leave_out", id="全县.xlsx")["rows"] == []


def test_a_front_end_that_comes_later_is_told_of_the_files_and_they_can_be_put_away(front):
    give(front, "桑洲镇.xlsx", books(front)["桑洲镇"])
    look(front, "宁海县", zeros=True)
    told = front.ask("intake", "hello")
    assert (told["wishes"], len(told["rows"])) == ({"county": "宁海县", "zeros": True, "update": False}, 1)
    assert front.ask("intake", "put_away")["rows"] == []
    assert [one["what"] for one in front.do("hello")] == ["hello"]


def test_what_was_taken_in_makes_room_for_the_next_files(front):
    made = books(front)
    give(front, "桑洲镇.xlsx", made["桑洲镇"])
    look(front)
    front.ask("intake", "take_in")
    give(front, "黄坛镇.xlsx", made["黄坛镇"])
    assert [row["unit"] for row in look(front)["rows"]] == ["黄坛镇"]


def test_what_nobody_expected_is_told_and_the_next_is_done(front, monkeypatch):
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("oops")

    with monkeypatch.context() as patched:
        patched.setattr("reportkit.imports.many_files.read_received", broken)
        assert give(front, "桑洲镇.xlsx", b"PK") == ["read"]
    assert front.wait("told")["text"] == "ZeroDivisionError: oops"
    assert look(front)["rows"] == []


@pytest.mark.usefixtures("chinese")
def test_what_is_told_of_files_is_in_the_language_of_the_person(front):
    with speaking("zh_CN.UTF-8"):
        give(front, "桑洲镇.xlsx", books(front)["桑洲镇"])
        give(front, "年报.txt", "政府信息公开工作年度报告".encode())
        told = look(front, zeros=True)
        assert told["summary"] == "共 2 份：新文件 1、不能收下 1。"
        assert "空白将填 0 的" in told["rows"][0]["content"]
