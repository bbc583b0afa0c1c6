"""Files that are not what they seem: each is refused or read in part, with a reason, and never ends in a traceback."""

import html
import io
import re
import struct
import sys
import zipfile
import zlib

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.cli import main
from reportkit.errors import ReaderError
from reportkit.imports.escaping import markdown_text
from reportkit.imports.workbook import read_workbook
from reportkit.report.narrative import town_prose
from reportkit.spreadsheets.size_limits import SizeLimits
from support.laws import examples
from support.repository import FILES, ROOT, SUQIAN
from support.workbooks import CITY, FORMS, cell_xml, codes, edited, filled, only, repacked, saved, told

SHEET = "xl/worksheets/sheet3.xml"


def refused(raw: bytes, **limits: int) -> str:
    with pytest.raises(ReaderError) as caught:
        read_workbook(raw, "上报.xlsx", FORMS, limits=SizeLimits(**limits))
    (issue,) = caught.value.issues
    assert (issue.severity, issue.origin.path) == ("error", "上报.xlsx")
    return issue.code


def changed(name: str, old: bytes, new: bytes) -> bytes:
    def edit(parts):
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new, 1)

    return repacked(filled(), edit)


def added(name: str, content: bytes = b"x") -> bytes:
    return repacked(filled(), lambda parts: parts.update({name: content}))


def ole(*names: str) -> bytes:
    """An OLE file whose directory has streams of these names, and nothing in them."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<III", header, 44, 1, 1, 0)
    struct.pack_into("<IIIII", header, 56, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    directory = bytearray(512)
    for at, (name, kind) in enumerate([("Root Entry", 5), *((name, 2) for name in names)]):
        encoded = name.encode("utf-16-le")
        directory[at * 128 : at * 128 + len(encoded)] = encoded
        struct.pack_into("<HB", directory, at * 128 + 64, len(encoded) + 2, kind)
        struct.pack_into("<II", directory, at * 128 + 116, 0xFFFFFFFE, 0)
    return bytes(header) + table + bytes(directory)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"  \n", b"PK", b"PK\x03\x04", b"1,2,3\n", "单位,数".encode(), b"<html><table></table></html>", b"\xef\xbb\xbf<?xml?>",
        b"%PDF-1.7", filled()[:-200], filled()[:2000], ole("WordDocument"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100,
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused(raw):
    assert refused(raw) == "W1"


def test_a_web_page_that_is_called_xls_is_named_as_what_it_is():
    (issue,) = told(b"<html><body><table><tr><td>1</td></tr></table></body></html>")
    assert "网页" in issue.message


def test_a_word_document_is_no_workbook():
    def edit(parts):
        parts["word/document.xml"] = parts.pop("xl/workbook.xml")

    assert refused(repacked(filled(), edit)) == "W1"


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/VbaProject.bin", "Basic/script-lc.xml"])
def test_macros_are_refused(name):
    assert refused(added(name)) == "W4"
    assert refused(ole("_VBA_PROJECT", "Workbook")) == "W4"


def test_a_macro_workbook_without_its_macros_is_still_one():
    old, new = b"spreadsheetml.sheet.main+xml", b"macroEnabled.main+xml"
    content = b"application/vnd.openxmlformats-officedocument." + old
    assert refused(changed("[Content_Types].xml", content, b"application/vnd.ms-excel.sheet." + new)) == "W4"


def test_an_encrypted_workbook_is_refused():
    assert refused(ole("EncryptedPackage", "EncryptionInfo")) == "W3"
    locked = repacked(
        (FILES / "workbooks/list.ods").read_bytes(),
        lambda parts: parts.update({"META-INF/manifest.xml": b"<a><encryption-data/></a>"}),
    )
    assert refused(locked) == "W3"
    flagged = bytearray(filled())
    at = flagged.index(b"PK\x01\x02")
    flagged[at + 8] |= 1
    assert refused(bytes(flagged)) == "W3"


def test_a_protected_sheet_is_no_encrypted_one():
    def protect(book):
        for sheet in book:
            sheet.protection.set_password("secret")

    assert only(edited(filled(), protect, values_only=True)).values == CITY.values


def test_what_unpacks_to_too_much_is_refused():
    assert refused(added("xl/worksheets/sheet99.xml", b" " * 2_000_001), unpacked=2_000_000) == "W2"
    picture = added("xl/media/image.png", b" " * 2_000_001)
    (reading,) = read_workbook(picture, "上报.xlsx", FORMS, limits=SizeLimits(unpacked=2_000_000))
    assert reading.values == CITY.values
    many = repacked(filled(), lambda parts: parts.update({f"{n}.xml": b"" for n in range(20)}))
    assert refused(many, parts=20) == "W2"
    assert refused(filled(), file=1000) == "W2"


def test_a_part_that_lies_about_its_size_is_refused():
    """The directory says that a part is small and gives the check sum of its beginning; unpacked it is a bomb."""
    buffer = io.BytesIO(added("xl/worksheets/sheet99.xml", b" " * 5_000_000))
    raw = bytearray(buffer.getvalue())
    with zipfile.ZipFile(buffer) as archive:
        entry = archive.getinfo("xl/worksheets/sheet99.xml")
    true = struct.pack("<II", entry.CRC, entry.compress_size) + struct.pack("<I", entry.file_size)
    lie = struct.pack("<II", zlib.crc32(b" " * 10), entry.compress_size) + struct.pack("<I", 10)
    assert raw.count(true) == 2
    assert only(bytes(raw.replace(true, lie))).values == CITY.values  # what is read is what was looked at: ten bytes


def test_an_entity_is_refused():
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]>'
    for name in (SHEET, "xl/sharedStrings.xml", "xl/workbook.xml"):
        assert refused(changed(name, b"?>\n", b"?>\n" + bomb)) == "W1"
    utf_16 = "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE a><a/>".encode("utf-16")
    assert refused(added(SHEET, utf_16)) == "W1"


def test_comments_between_cells_are_passed_over():
    commented = re.sub(rb"(<sheetData>|<row [^>]*>|<c [^>]*>)", rb"\1<!-- 3 -->", filled_part())
    assert only(added(SHEET, commented)).values == CITY.values


def test_what_stands_between_rows_where_only_rows_may_is_refused():
    assert refused(changed(SHEET, b"<sheetData>", b'<sheetData><c r="B5"><v>7</v></c>')) == "W1"


def filled_part() -> bytes:
    with zipfile.ZipFile(io.BytesIO(filled())) as archive:
        return archive.read(SHEET)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET, "xl/sharedStrings.xml"])
@pytest.mark.parametrize("content", [b"", b"<a>", b"<a/>", b"\xff\xfe\x00"])
def test_a_broken_part_is_no_traceback(part, content):
    assert {code for code, _ in codes(added(part, content))} <= {"W1", "W5", "W6", "W7", "W12", "W13", "V1"}


@pytest.mark.parametrize("at", ["XFD1048576", "D1048576", "XFD31", "ZZZ9999999"])
def test_cells_that_reach_too_far_are_refused_before_they_take_memory(at):
    far = f'<row r="{at.lstrip("ABCDEFXZ")}"><c r="{at}"><v>1</v></c></row></sheetData>'.encode()
    raw = changed(SHEET, b"</sheetData>", far)
    assert codes(raw)[0][0] in ("W1", "W2") if at != "XFD31" else only(raw).values[next(iter(CITY.values))] == 2


def test_a_dimension_that_claims_too_much_is_only_a_claim():
    raw = repacked(
        filled(),
        lambda parts: parts.update(
            {SHEET: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', parts[SHEET])}
        ),
    )
    assert only(raw).values == CITY.values


def test_one_text_shared_by_all_cells_is_refused():
    def edit(parts):
        parts["xl/sharedStrings.xml"] = (
            b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
            + b"a" * 32_000
            + b"</t></si></sst>"
        )
        cells = b"".join(b'<c r="A%d" t="s"><v>0</v></c>' % row for row in range(40, 1100))
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", b'<row r="40">' + cells + b"</row></sheetData>")

    assert refused(repacked(filled(), edit)) == "W2"


def test_a_table_repeated_without_end_is_refused():
    def edit(parts):
        text = parts["content.xml"].decode()
        parts["content.xml"] = text.replace(
            '<table:table-row table:style-name="ro1">', '<table:table-row table:number-rows-repeated="1000000">'
        ).encode()

    assert refused(repacked((FILES / "workbooks/list.ods").read_bytes(), edit)) == "W2"


def test_an_old_workbook_that_claims_any_size_is_refused():
    raw = (FILES / "workbooks/list.xls").read_bytes()
    dimensions = raw.index(b"\x00\x02\x0e\x00")
    huge = raw[: dimensions + 8] + b"\xff\xff\xff\x7f" + raw[dimensions + 12 :]
    assert refused(huge) == "W2"
    start = raw.rindex(b"\x09\x08", 0, dimensions)
    assert refused(huge[:start] + b"\x77" + huge[start + 1 :]) == "W2"  # without the record that begins the sheet, too


@pytest.mark.parametrize("at", ["d6", "$D$6", "6D", "D06", "表6", ""])
def test_an_address_that_is_none_is_refused(at):
    assert refused(changed(SHEET, b'r="D6"', f'r="{at}"'.encode())) == "W1"


@pytest.mark.parametrize("encoding", [b"UTF-16", b"GB18030", b"UTF-7", b"IBM037"])
def test_another_encoding_is_refused(encoding):
    assert refused(changed(SHEET, b'encoding="UTF-8"', b'encoding="' + encoding + b'"')) == "W1"


def test_an_external_link_is_read_nowhere():
    raw = cell_xml(filled(), 3, "D6", "<f>[1]表!$A$1</f><v>3402</v>")
    raw = repacked(raw, lambda parts: parts.update({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}))
    assert ("W10", "表三!D6") in codes(raw)


def test_a_chart_sheet_is_passed_over():
    assert only(edited(filled(), lambda book: book.create_chartsheet("图表"), values_only=True)).values == CITY.values


def test_a_workbook_without_anything_has_no_table():
    assert refused(saved(openpyxl.Workbook())) == "W5"


class PanicException(BaseException):
    pass


def test_a_panic_in_the_library_is_a_reason_and_an_interrupt_stays_one(monkeypatch):
    def fail(error):
        def raising(*_args):
            raise error

        monkeypatch.setattr(
            "reportkit.spreadsheets.workbook.CalamineWorkbook", type("Broken", (), {"from_filelike": raising})
        )

    fail(PanicException("index out of bounds"))
    assert refused(filled()) == "W1"
    fail(python_calamine.PasswordError("password"))
    assert refused(filled()) == "W3"
    fail(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        read_workbook(filled(), "上报.xlsx", FORMS)


CORPUS = [filled(), *(path.read_bytes() for path in sorted((FILES / "workbooks").glob("list.*")))]


@settings(max_examples=examples(120), deadline=None)
@given(
    st.sampled_from(CORPUS),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    st.floats(0.5, 1),
)
def test_damaged_bytes_are_read_or_refused(raw, changes, kept):
    damaged = bytearray(raw[: int(len(raw) * kept)] if kept < 0.9 else raw)
    for place, value in changes:
        damaged[int(place * len(damaged))] = value
    told(bytes(damaged))


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.sampled_from([b"<", b'"', b"9", b"/>", b"A", b"-", b"&"])),
        min_size=1,
        max_size=5,
    )
)
def test_damaged_xml_is_read_or_refused(changes):
    def damage(parts):
        for place, value in changes:
            at = int(place * len(parts[SHEET]))
            parts[SHEET] = parts[SHEET][:at] + value + parts[SHEET][at + 1 :]

    told(repacked(filled(), damage))


SIGNS = "甲1 2.)(-+*_#>=`~!|&<>[]{}:;\\/\"'\t\n\u3000\xa0，。①$^%@x"
LINES = [
    "&amp;", "<b>", "1. a", "- a", "**a**", "| a | b |", "|---|---|", "---", "===", "```", "> q", "[1]: b", "[a](b)", "![a](b)", "    x",
    "# x", "***", "+ a", "10) b", "\\", "a\\", "<!-- x -->", "&#65;", "<http://x.cn>", "* * *", "[^1]: x", "甲  乙",
]  # fmt: skip


@settings(max_examples=examples(300), deadline=None)
@given(st.one_of(st.text(SIGNS, max_size=40), st.lists(st.sampled_from(LINES), max_size=5).map("\n".join)))
def test_escaped_text_prints_as_it_stands(text):
    printed = re.findall(r"<p>(.*?)</p>\n", town_prose(markdown_text(text)), re.DOTALL)
    assert "".join(f"<p>{line}</p>\n" for line in printed) == town_prose(markdown_text(text))
    assert [html.unescape(line) for line in printed] == [line.strip() for line in text.splitlines() if line.strip()]


# The command


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs the command in an empty folder; gives its exit code, and what it prints to both streams."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["reportkit", "form", *arguments])
        return main(), *capsys.readouterr()

    return call


def test_the_command_writes_a_form_and_does_not_write_over_one(tmp_path, run):
    assert run("--year", "2024", "--from", str(SUQIAN), "-o", "form.xlsx") == (
        0,
        "written form.xlsx (2021 edition)\n",
        "",
    )
    reading = only((tmp_path / "form.xlsx").read_bytes())
    assert (reading.jurisdiction, reading.year, len(reading.values)) == ("宿迁市", 2024, 7)
    code, _, said = run("--jurisdiction", "甲镇", "-o", "form.xlsx")
    assert (code, "--force" in said) == (2, True)
    assert run("--jurisdiction", "甲镇", "-o", "form.xlsx", "--force")[0] == 0
    assert only((tmp_path / "form.xlsx").read_bytes()).jurisdiction == "甲镇"
    assert [path.name for path in tmp_path.iterdir()] == ["form.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--edition", "2020"], "no edition '2020'"), (["--edition", "2019", "--year", "2024"], "use --edition 2021"),
        (["--year", "2018"], "no official edition for 2018"), (["--from", str(SUQIAN), "--year", "2025"], "name last year's"),
        (["--from", str(ROOT / "params")], "is a folder"), (["-o", "form.pdf"], "form.pdf"),
    ],
)  # fmt: skip
def test_a_call_that_cannot_be_meant_is_refused(tmp_path, run, arguments, said):
    code, _, error = run("-o", "form.xlsx", *arguments)
    assert code == 2
    assert said in error
    assert list(tmp_path.iterdir()) == []


def test_a_form_that_cannot_be_written_is_told(tmp_path, run):
    code, _, error = run("-o", "no/form.xlsx")
    assert (code, "no/form.xlsx" in error, "choose another file with -o" in error) == (1, True, True)
    assert list(tmp_path.iterdir()) == []


def test_the_list_of_a_county_has_its_towns(tmp_path, run):
    assert run("--county", "--from", str(SUQIAN.parent), "-o", "list.xlsx")[0] == 0
    reading = only((tmp_path / "list.xlsx").read_bytes())
    assert (reading.jurisdiction, reading.year, len(reading.values)) == ("宿迁市", 2024, 7)
