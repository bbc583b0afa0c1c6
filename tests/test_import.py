"""`reportkit import`: which reader a file goes to, where its figures go, and that nothing there is ever lost."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import typer
import yaml

from reportkit.cli.imports import Layout, import_files
from reportkit.errors import CellRef, Issue, Origin, ReaderError, UserError
from reportkit.files import put
from reportkit.imports import dispatch, published, workbook
from reportkit.imports.targets import Places, unfit
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Figure
from reportkit.model.reading import Hints, Reading
from reportkit.params.reader import read_params
from support.repository import ROOT

FORMS = shipped_forms()
RECEIVED = CellRef("requests", "received", "person")
TOTAL = RECEIVED._replace(column="total")
FEES = CellRef("proactive", "fees", "amount")


def told_by(line: str, path: str, place: str, hints: Hints) -> Reading:
    """A reading as a line says it: name, year, and a figure, "?" if it cannot be read."""
    name, year, figure = line.split()
    origin = Origin(path, place)
    unread = figure == "?"
    note = Issue("D24", "warning", "这一格写的是“?”，没有读入", origin, RECEIVED)
    return Reading(
        FORMS[hints.edition or "2021"],
        hints.jurisdiction or name.strip("-"),
        hints.year or (int(year) if year.isdigit() else None),
        "",
        {} if unread else {RECEIVED: Figure(int(figure))},
        {},
        origin,
        {} if unread else {RECEIVED: origin},
        (note,) if unread else (),
        frozenset({RECEIVED} if unread else ()),
    )


def fake_published(raw, path, _, hints):
    if not raw.strip():
        raise ReaderError([Issue("D1", "error", "文件是空的", Origin(path))])
    return told_by(raw.decode(), path, "1", hints)


def fake_workbook(raw, path, _, hints):
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        lines = archive.read("xl/workbook.xml").decode().splitlines()
    return [told_by(line, path, f"第{number}行", hints) for number, line in enumerate(lines, 1)]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An office's folder, and readers for files that say: 甲镇 2023 3."""
    monkeypatch.setattr(published, "read_published", fake_published)
    monkeypatch.setattr(workbook, "read_workbook", fake_workbook)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params").mkdir()
    return tmp_path


def page(name: str, text: str) -> Path:
    Path(name).write_text(text, encoding="utf-8")
    return Path(name)


def book(name: str, *lines: str) -> Path:
    with zipfile.ZipFile(name, "w") as archive:
        archive.writestr("xl/workbook.xml", "\n".join(lines))
    return Path(name)


@pytest.fixture
def bring(capsys):
    """What `reportkit import` prints, line by line, to stdout and stderr, and how it exits."""

    def run(*files: Path, **options) -> tuple[list[str], list[str], int]:
        with pytest.raises(typer.Exit) as caught:
            import_files(list(files), **options)
        printed = capsys.readouterr()
        return printed.out.splitlines(), printed.err.splitlines(), caught.value.exit_code

    return run


def there(folder: str = "params") -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file())


def figure(path: str, ref: CellRef = RECEIVED) -> str:
    return read_params(Path(path), FORMS).values[ref].text


# --- which reader ----------------------------------------------------------------------------------------------------


def zipped(*names: str, first: bytes = b"") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        if first:
            archive.writestr(zipfile.ZipInfo("mimetype"), first)
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"x")  # no clock: the bytes are a test's name
    return content.getvalue()


OLE = b"\xd0\xcf\x11\xe0" + b"\0" * 20


@pytest.mark.parametrize(
    ("raw", "name", "is_workbook"),
    [
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "a.docx", True),
        (zipped("xl\\workbook.bin"), "a.xlsb", True),
        (zipped("word/document.xml", "word/embeddings/xl/workbook.xml"), "a.xlsx", False),
        (zipped("word/document.xml") + zipped("xl/workbook.xml")[:0], "a.docx", False),
        (zipped("content.xml", first=b"application/vnd.oasis.opendocument.spreadsheet"), "a.bin", True),
        (zipped("content.xml", first=b"application/vnd.oasis.opendocument.text"), "a.odt", False),
        (zipped("content.xml"), "a.ods", True),
        (b"PK\x03\x04 damaged", "a.xlsx", True),
        (b"PK\x03\x04 damaged", "a.docx", False),
        (OLE + "\0Workbook\0".encode("utf-16-le")[1:], "a.doc", True),
        (OLE + "\0Book\0".encode("utf-16-le")[1:], "a", True),
        (OLE + "\0WordDocument\0".encode("utf-16-le")[1:], "a.xls", False),
        (OLE + "\0EncryptedPackage\0".encode("utf-16-le")[1:], "a.xlsx", True),
        (OLE + "\0EncryptedPackage\0".encode("utf-16-le")[1:], "a.docx", False),
        (b"<html><table>", "a.xls", False),
        (b"", "a.xlsx", False),
        ("总体情况".encode(), "a.txt", False),
    ],
)
def test_a_file_goes_to_the_reader_of_its_content(raw, name, is_workbook):
    assert dispatch.is_workbook(raw, Path(name).suffix) is is_workbook


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("甲镇.yaml", "已经是参数文件"),
        ("甲镇.YML", "已经是参数文件"),
        ("报送.csv", "另存为 .xlsx"),
        ("无.html", "文件不存在"),
        (".", "文件夹"),
    ],
)
def test_what_is_no_file_to_import(name, words):
    if name.endswith(("yaml", "YML", "csv")):
        page(name, "甲镇 2023 3")
    with pytest.raises(ReaderError, match=words):
        dispatch.read_any(Path(name), FORMS, Hints())


def test_a_file_of_a_hundred_megabytes_is_refused_before_it_is_read():
    for name in ("大.html", "大.xlsx", "大.txt"):
        with Path(name).open("wb") as file:
            file.write(b"PK\x03\x04" if name.endswith("xlsx") else b"<html>")
            file.truncate(100_000_000)
        with pytest.raises(ReaderError, match=r"100\.0 MB"):
            dispatch.read_any(Path(name), FORMS, Hints())


# --- new files -------------------------------------------------------------------------------------------------------


def test_a_reading_becomes_a_parameter_file(bring):
    out, err, code = bring(page("甲镇.html", "甲镇 2023 3"), into="params", county="宁海县")
    assert (out, err, code) == (["written params/2023/宁海县/甲镇.yaml (1 figure) from 甲镇.html:1"], ["1 written"], 0)
    assert there() == ["2023/宁海县/甲镇.yaml"]
    text = Path("params/2023/宁海县/甲镇.yaml").read_text(encoding="utf-8")
    assert text.startswith('# 取自 甲镇.html\nedition: "2021"\nyear: 2023\njurisdiction: 甲镇\n')
    assert figure("params/2023/宁海县/甲镇.yaml") == "3"


def test_a_county_s_workbook_becomes_a_file_for_each_town(bring):
    out, _, code = bring(book("全县.xlsx", "甲镇 2023 3", "乙镇 2023 ?", "丙镇 2022 0"))
    assert out == [
        "written params/2023/甲镇.yaml (1 figure) from 全县.xlsx:第1行",
        "written params/2023/乙镇.yaml (0 figures, 1 to look at) from 全县.xlsx:第2行",
        "  全县.xlsx:第2行 D24 warning 这一格写的是“?”，没有读入",
        "written params/2022/丙镇.yaml (1 figure) from 全县.xlsx:第3行",
    ]
    assert code == 1  # somebody has to fill in a cell
    assert there() == ["2022/丙镇.yaml", "2023/乙镇.yaml", "2023/甲镇.yaml"]
    text = Path("params/2023/乙镇.yaml").read_text(encoding="utf-8")
    assert (
        "    # 待核（D24）：这一格写的是“?”，没有读入（全县.xlsx:第2行）\n    一、本年新收政府信息公开申请数量: [待核,"
        in text
    )


def test_a_new_file_goes_where_last_year_s_lies(bring):
    bring(page("去年.html", "甲镇 2022 3"), county="浙江省/宁海县")
    bring(page("今年.html", "甲镇 2023 3"))
    assert there() == ["2022/浙江省/宁海县/甲镇.yaml", "2023/浙江省/宁海县/甲镇.yaml"]


def test_files_that_cannot_be_read_do_not_stop_the_others(bring):
    missing = Path("无.html")
    out, err, code = bring(
        missing, page("空.html", ""), Path("params"), page("甲镇.html", "甲镇 2023 3"), page("乙镇.yaml", "year: 2023")
    )
    assert [line.split(" ")[:4] for line in out] == [
        ["refused", "无.html"], ["", "", "无.html", "D1"], ["refused", "空.html"], ["", "", "空.html", "D1"],
        ["refused", "params"], ["", "", "params", "D1"], ["written", "params/2023/甲镇.yaml", "(1", "figure)"],
        ["refused", "乙镇.yaml"], ["", "", "乙镇.yaml", "I1"],
    ]  # fmt: skip
    assert (err, code) == (["4 refused, 1 written"], 1)


def test_year_and_name_are_asked_for(bring):
    out, _, code = bring(page("年报.html", "- - 3"))
    assert [line.split(" ", 4)[2:4] for line in out[1:]] == [["年报.html:1", "I2"], ["年报.html:1", "I3"]]
    assert ("--year 2023" in out[1], "--jurisdiction 桑洲镇" in out[2], code, there()) == (True, True, 1, [])
    assert bring(Path("年报.html"), year=2023, jurisdiction="甲镇 ")[2] == 0
    assert there() == ["2023/甲镇.yaml"]


def test_of_two_files_for_one_town_neither_is_written(bring):
    files = [page("甲.html", "甲镇 2023 3"), page("乙.html", "甲镇 2023 4"), page("丙.html", "丙镇 2023 4")]
    out, _, code = bring(*files)
    assert [line for line in out if "I5" in line] == [
        "  甲.html:1 I5 error 有 2 份都要写成 params/2023/甲镇.yaml：甲.html:1、乙.html:1；都没有写，请只留一份"
    ] * 2
    assert (code, there()) == (1, ["2023/丙镇.yaml"])
    assert bring(files[0], files[0])[2] == 0  # the same file twice is one file


def call_it(name: str, monkeypatch) -> None:
    """Have the reader find this name in every file."""

    def read(raw, path, _, hints):
        return replace(told_by(raw.decode(), path, "1", hints), jurisdiction=name)

    monkeypatch.setattr(published, "read_published", read)


@pytest.mark.parametrize(
    "name",
    [
        "..",
        ".",
        "甲/乙",
        "甲\\乙",
        "甲\n镇",
        "甲\x00",
        "CON",
        "nul.甲",
        "LPT1",
        "甲镇.",
        "甲" * 61,
        ".甲",
        "~甲",
        "",
        " ",
        "甲:乙",
        "甲*",
        "甲\u202e乙",
        '"甲"',
        "../../甲",
    ],
)
def test_names_that_are_no_file_names(folder, bring, monkeypatch, name):
    assert unfit(name)

    call_it(name, monkeypatch)
    out, _, code = bring(page("甲.html", "甲镇 2023 3"))
    assert out[1].split(" ")[3] == ("I4" if name else "I3")
    assert (code, there()) == (1, [])
    assert sorted(path.name for path in folder.iterdir()) == ["params", "甲.html"]


@pytest.mark.parametrize(
    "name", ["=HYPERLINK(1)", "甲'乙&丙", "{town}", "📄年报", "-n", "%s", "甲 镇（终稿）", "null", "2023", "甲.乙"]
)
def test_any_other_name_is_a_name(bring, monkeypatch, name):
    call_it(name, monkeypatch)
    assert bring(page("甲.html", "甲镇 2023 3"))[2] == 0
    filing = read_params(Path(f"params/2023/{name}.yaml"), FORMS)
    assert (filing.jurisdiction, filing.notes) == (name, ())


def test_a_dry_run_writes_nothing_and_prints_the_file(bring):
    out, err, code = bring(book("全县.xlsx", "甲镇 2023 3", "- - 4"), dry_run=True)
    assert err[0] == "would write params/2023/甲镇.yaml (1 figure) from 全县.xlsx:第1行"
    assert err[-1] == "1 would write, 1 refused"
    first, second = list(yaml.safe_load_all("\n".join(out).replace("# 取自", "---\n#", 2)))[-2:]
    assert (first["jurisdiction"], second["jurisdiction"], second["year"], code, there()) == ("甲镇", None, None, 1, [])


def test_json(bring):
    bring(page("甲.html", "甲镇 2023 3"))
    out, _, code = bring(page("甲.html", "甲镇 2023 ?"), page("乙.html", ""), layout=Layout.json)
    second, first = json.loads("\n".join(out))
    assert (first["source"], first["status"], first["target"], first["issues"][0]["code"], code) == ("乙.html", "refused", None, "D1", 1)  # fmt: skip
    assert [(issue["code"], issue["cell"]) for issue in second["issues"]] == [
        ("D24", ["requests", "received", "person"]),
        ("I12", ["requests", "received", "person"]),
    ]
    assert (second["status"], second["target"], second["figures"], second["unread"]) == ("unchanged", "params/2023/甲镇.yaml", 0, 1)  # fmt: skip


@pytest.mark.parametrize(
    ("options", "words"),
    [({"county": "../甲"}, "county"), ({"county": "/甲"}, "county"), ({"edition": "2020"}, "2020"), ({"into": "s3://bucket/params"}, "machine")],
)  # fmt: skip
def test_a_mistake_in_the_call(options, words):
    with pytest.raises(UserError, match=words):
        import_files([page("甲.html", "甲镇 2023 3")], **options)
    assert there() == []


# --- files that are there --------------------------------------------------------------------------------------------


def town(name: str, text: str) -> Path:
    path = Path("params") / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


GOOD = "# 手写的\nyear: 2023\njurisdiction: 甲镇\nfigures:\n  requests:\n    received: [3, ~, ~, ~, ~, ~, 3] # 核对过\n"


def test_a_file_that_is_there_is_compared_and_merged_only_on_request(bring):
    path = town("2023/某市/某县/甲镇", GOOD)
    source = page("甲.html", "甲镇 2023 4")
    out, err, code = bring(source)
    assert out[0] == "different params/2023/某市/某县/甲镇.yaml (1 figure, 2 to look at) from 甲.html:1"
    assert [line.split(" ")[2:5] for line in out[1:]] == [["params/2023/某市/某县/甲镇.yaml:6", code, severity] for code, severity in [("I10", "error"), ("I12", "warning")]]  # fmt: skip
    assert (err, code, path.read_text(encoding="utf-8")) == (["1 different, add --update to merge"], 1, GOOD)

    out, err, code = bring(source, dry_run=True)
    assert [line for line in out if line[0] in "+-" and line[1] not in "+-"] == [
        "-    received: [3, ~, ~, ~, ~, ~, 3] # 核对过",
        "+    received: [4, ~, ~, ~, ~, ~, 3] # 核对过",
    ]
    assert path.read_text(encoding="utf-8") == GOOD

    out, err, code = bring(source, update=True)
    assert path.read_text(encoding="utf-8") == GOOD.replace("[3,", "[4,")
    assert [line.split(" ")[3] for line in out[1:]] == ["I10", "I12", "R2"]  # the total does not fit any more
    assert (err, code, there()) == (["1 updated"], 1, ["2023/某市/某县/甲镇.yaml"])

    town("2023/某市/某县/甲镇", GOOD.replace("~, 3]", "~, ~]"))
    assert bring(page("甲.html", "甲镇 2023 3"))[1:] == (["1 unchanged"], 0)


def test_a_file_found_without_its_county_is_the_only_one_of_its_name(bring):
    for county in ("甲县", "乙县"):
        town(f"2023/{county}/城关镇", GOOD.replace("甲镇", "城关镇"))
    source = page("城关镇.html", "城关镇 2023 4")
    out, _, code = bring(source)
    assert ("I6" in out[1], "2023/乙县/城关镇.yaml、2023/甲县/城关镇.yaml" in out[1], code) == (True, True, 1)
    bring(source, county="乙县", update=True)
    assert [figure(f"params/2023/{county}/城关镇.yaml") for county in ("甲县", "乙县")] == ["3", "4"]
    bring(source, county="丙县")
    assert figure("params/2023/丙县/城关镇.yaml") == "4"


@pytest.mark.parametrize(
    ("text", "code"),
    [("year: [", "I7"), ("", "I7"), (GOOD.replace("甲镇", "乙镇"), "I9"), (GOOD.replace("2023", "2022"), "I9"), (GOOD + "edition: '2019'\n", "I9"), (GOOD.replace("[3, ~, ~,", "[3,"), "I16")],
)  # fmt: skip
def test_a_file_that_cannot_be_compared_is_left_alone(bring, text, code):
    path = town("2023/甲镇", text)
    out, _, exit_code = bring(page("甲.html", "甲镇 2023 4"), update=True)
    assert (out[1].split(" ")[3], exit_code, path.read_text(encoding="utf-8")) == (code, 1, text)


def test_a_byte_order_mark_stays_and_gb18030_becomes_utf8(bring):
    path = town("2023/甲镇", GOOD)
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    bring(page("甲.html", "甲镇 2023 4"), update=True)
    assert path.read_bytes() == b"\xef\xbb\xbf" + GOOD.replace("[3,", "[4,").replace("\n", "\r\n").encode()
    path.write_bytes(GOOD.encode("gb18030"))
    bring(page("甲.html", "甲镇 2023 4"), update=True)
    assert path.read_bytes() == GOOD.replace("[3,", "[4,").encode()


def test_a_link_is_not_followed(bring):
    elsewhere = page("别处.yaml", GOOD)
    Path("params/2023").mkdir()
    for target in (elsewhere.absolute(), Path("/nowhere")):
        link = Path("params/2023/甲镇.yaml")
        link.symlink_to(target)
        out, _, code = bring(page("甲.html", "甲镇 2023 4"), update=True)
        assert (out[1].split(" ")[3], code, link.is_symlink()) == ("I7", 1, True)
        link.unlink()
    assert elsewhere.read_text(encoding="utf-8") == GOOD


# --- into place ------------------------------------------------------------------------------------------------------


def test_a_file_is_never_written_over_and_never_half(tmp_path):
    path = tmp_path / "2023" / "甲镇.yaml"
    wins = []

    def write(number: int) -> None:
        try:
            put(path.with_name("乙镇.yaml"), bytes([48 + number]) * 100_000, new=True)
            wins.append(number)
        except FileExistsError:
            pass

    put(path, b"first", new=True)
    with pytest.raises(FileExistsError):
        put(path, b"second", new=True)
    assert path.read_bytes() == b"first"
    put(path, b"third", new=False)
    assert path.read_bytes() == b"third"
    for number in range(3):
        write(number)
    assert wins == [0]
    assert sorted(other.name for other in path.parent.iterdir()) == ["乙镇.yaml", "甲镇.yaml"]


def test_a_file_system_without_links(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    path = tmp_path / "2023" / "甲镇.yaml"
    put(path, b"first", new=True)
    with pytest.raises(FileExistsError):
        put(path, b"second", new=True)
    assert (path.read_bytes(), [other.name for other in path.parent.iterdir()]) == (b"first", ["甲镇.yaml"])


def test_what_cannot_be_written_is_told(bring):
    Path("params/2023").write_text("a file where a folder should be", encoding="utf-8")
    out, err, code = bring(page("甲.html", "甲镇 2023 4"), page("乙.html", "乙镇 2022 4"))
    assert [line.split(" ")[:4] for line in out] == [
        ["refused", "甲.html:1"],
        ["", "", "params/2023/甲镇.yaml", "I18"],
        ["written", "params/2022/乙镇.yaml", "(1", "figure)"],
    ]
    assert (err, code) == (["1 refused, 1 written"], 1)


def test_hidden_and_temporary_files_are_no_parameter_files(tmp_path):
    for name in (".甲镇.yaml", "~甲镇.yaml", ".旧/甲镇.yaml"):
        path = tmp_path / "2023" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(GOOD, encoding="utf-8")
    assert Places(tmp_path).target(2023, "甲镇", Origin("甲.html")) == tmp_path / "2023/甲镇.yaml"


# --- the catalogue ---------------------------------------------------------------------------------------------------


def test_every_code_of_an_import_is_in_the_catalogue():
    folder = ROOT / "src/reportkit"
    entries = yaml.safe_load((folder / "messages/zh/imports.yaml").read_text(encoding="utf-8"))
    assert all(not entry["waivable"] and set(entry) - {"message", "messages"} == {"severity", "title", "source", "explanation", "example", "waivable"} for entry in entries.values())  # fmt: skip
    sources = [
        path.read_text(encoding="utf-8")
        for path in (*folder.glob("imports/*.py"), *folder.glob("params/*.py"), *folder.glob("form_workbook/*.py"))
    ]
    used = {
        code
        for code in (f"I{number}" for number in range(1, 30))
        if any(f'"{code}"' in text or f'"{code}.' in text for text in sources)
    }
    assert used == set(entries)
