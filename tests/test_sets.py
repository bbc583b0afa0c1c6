"""Lists of parameter sets: what the notebook declares decides, what is written is kept, and every fault has its place."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.declarations import Declared, declared, typed
from reportkit.errors import UserError
from reportkit.files.locations import location
from reportkit.sets.list_names import is_list, sheet_of
from reportkit.sets.lists import read_sets
from support.languages import speaking
from support.repository import FILES

LISTS = FILES / "sets"
ANALYST = declared('town = "Alderbrook"\nyear = 2024\ndata = "data/Alderbrook.csv"')
SOURCE = """\
town: str
year = 2024
zip = "00000"
rate: float = 1.5
full = False
day: "date" = None
tags = []
extra: dict = {}
note = None
"""
KNOWN = declared(SOURCE)


def of(kind: str, name: str = "x") -> Declared:
    return Declared(name, kind, False, None)


@pytest.fixture
def told(tmp_path: Path):
    """What is told of a list, without the path of its folder; "" if nothing is."""

    def told(name: str, content: str | bytes, known=KNOWN, **common) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        try:
            read_sets(tmp_path / name.partition("/")[0], known, common)
        except UserError as error:
            return str(error).replace(f"{tmp_path}/", "")
        return ""

    return told


@pytest.fixture
def values(tmp_path: Path):
    """The values of each set of a list."""

    def values(name: str, content: str | bytes, known=KNOWN, **common):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return [one.values for one in read_sets(tmp_path / name.partition("/")[0], known, common)]

    return values


@pytest.mark.parametrize(
    ("line", "type_", "required", "default"),
    [
        ("x = 'a'", "str", False, "a"), ("x = 2024", "int", False, 2024), ("x = -1.5", "float", False, -1.5),
        ("x = True", "bool", False, True), ("x = [1, 'a']", "list", False, [1, "a"]), ("x = (1,)", "list", False, (1,)),
        ("x = {'a': 1}", "dict", False, {"a": 1}), ("x = None", "", False, None), ("x = 2 ** 3", "", False, None),
        ("x = f'a{1}'", "", False, None), ("x: int", "int", True, None), ("x: float = 3", "float", False, 3),
        ("x: 'Optional[int]' = None", "int", False, None), ("x: str | None = None", "str", False, None),
        ("x: typing.Union[None, bool]", "bool", True, None), ("x: list[str] = []", "list", False, []),
        ("x: t.Dict[str, int] = {}", "dict", False, {}), ("x: datetime.date = date(2024, 1, 31)", "date", False, None),
        ("x: int | float = 1", "float", False, 1), ("x: int | str = 1", "", False, 1), ("x: Any = 1", "", False, 1),
        ("x: Path = 'a'", "str", False, "a"), ("x: Literal['a', 'b'] = 'a'", "str", False, "a"),
        ("x: Annotated[int, 'years'] = 1", "int", False, 1), ("x: '' = 1", "int", False, 1),
        ("x = None  # type: int", "int", False, None), ("x = 5  # type: float", "float", False, 5),
        ("x = '镇'  # type: str # 名称", "str", False, "镇"), ("x = 5  # type: of building", "int", False, 5),
        ("x = 5  # the type: float", "int", False, 5), ("x: int = None\nx = 5.5", "int", False, 5.5),
        ("x: int\nx = 5", "int", False, 5), ("y = x = 5", "int", False, 5), ("for x in []: pass", "", False, None),
        ("%matplotlib inline\n!ls\nx = 1", "int", False, 1),
    ],
)  # fmt: skip
def test_a_type_is_what_the_annotation_the_comment_or_the_literal_says(line, type_, required, default):
    assert declared(line)["x"][:4] == ("x", type_, required, default)


def test_parameters_stand_in_their_order_and_no_python_declares_none():
    assert list(declared(SOURCE)) == ["town", "year", "zip", "rate", "full", "day", "tags", "extra", "note"]
    assert (declared(""), declared("x = = 1")) == ({}, None)
    assert [declared(line)["x"].optional for line in ("x = None", "x: int | None = 1", "x: int = 1")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("text", ["007", "1e5", "NaN", "2024-01-31", " a ", "=1+1", "true", "1,000", ""])
def test_a_text_is_kept_as_it_is(text):
    assert typed(text, of("str")) == text


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "2024", 2024), ("int", "-5", -5), ("int", " 7 ", 7), ("int", "0", 0), ("float", "3", 3.0), ("float", "1e5", 1e5),
        ("float", "inf", float("inf")), ("bool", "TRUE", True), ("bool", "No", False), ("bool", "1", True), ("date", "2024-02-29", "2024-02-29"),
        ("list", '[1, "a", null]', [1, "a", None]), ("dict", '{"a": {"b": 1.5}}', {"a": {"b": 1.5}}),
        ("", "2024", 2024), ("", "1.5", 1.5), ("", "true", True), ("", "False", "False"), ("", "007", "007"), ("", "1.50", "1.50"),
        ("", "1e5", "1e5"), ("", "-0", "-0"), ("", "null", "null"), ("", "NaN", "NaN"), ("", "１２", "１２"), ("", "1e999", "1e999"),
    ],
)  # fmt: skip
def test_the_declared_type_decides_what_a_text_means(kind, text, value):
    found = typed(text, of(kind))
    assert (found, type(found)) == (value, type(value))
    if not kind:
        assert typed(text, None) == value


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("int", "007", "'007' would lose its zeros as a whole number; write 7, or declare x: str in the notebook to keep them"),
        ("int", "-007", "'-007' would lose its zeros as a whole number; write -7, or"),
        ("int", "1,000", "'1,000' has thousands separators; write 1000"), ("int", "12 000", "'12 000' has thousands separators; write 12000"),
        ("int", "2024.0", "'2024.0' is no whole number; write digits alone, as in 2024, or declare another type for x"),
        ("int", "１２", "is no whole number"), ("int", "1_000", "is no whole number"), ("int", "9" * 5000, "is no whole number"),
        ("float", "1,5", "'1,5' has a decimal comma; write 1.5"), ("float", "1,000.5", "has thousands separators; write 1000.5"),
        ("float", "50%", "'50%' is no number"), ("bool", "maybe", "'maybe' is neither true nor false; write true or false"),
        ("date", "2024-02-30", "'2024-02-30' is no date; write year, month and day as in 2024-01-31"), ("date", "20240131", "is no date"),
        ("list", "a, b", """'a, b' is no list; write one as JSON does: ["a", "b"] (no JSON from sign 1 on: 'a, b')"""),
        ("list", "{}", "(a mapping)"), ("dict", '{"a": 1, "a": 2}', "('a' stands twice)"), ("dict", '{"a": NaN}', "(NaN is no JSON)"),
        ("list", "[1e999]", "('1e999' is too large for a number)"), ("list", '["\\ud800"]', "(half a sign, written with \\u)"),
        ("list", "[" * 100_000, "(nested too deep)"), ("list", "[" + "9" * 5000 + "]", "(a number with too many digits)"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_told_with_its_cure(kind, text, why):
    with pytest.raises(ValueError, match=re.escape(why)):
        typed(text, of(kind))


@given(st.text())
def test_a_text_of_no_known_type_loses_nothing(text):
    value = typed(text, None)
    assert value == text if isinstance(value, str) else json.dumps(value) == text


@given(st.one_of(st.integers(-(10**30), 10**30), st.booleans(), st.floats(allow_nan=False, allow_infinity=False)))
def test_a_plain_value_comes_back_from_its_text(value):
    kind = type(value).__name__
    assert typed(json.dumps(value), of(kind)) == value
    assert typed(json.dumps(value), None) == value


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffd"))
EVERYDAY = st.text("镇县区街道办事处宁海桑洲人民政府一二三,;\t\"'\n 甲乙,.-07aZ")


def written(rows: list[list[str]], sign: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=sign).writerows([["town", "zip"], *rows])
    return out.getvalue()


@given(rows=st.lists(st.tuples(TEXTS, TEXTS)), sign=st.sampled_from(",;\t"))
def test_what_a_csv_writer_has_written_is_read_as_it_was(tmp_path_factory, rows, sign):
    path = tmp_path_factory.mktemp("csv") / "list.csv"
    path.write_text(written([["first", "1"], *map(list, rows)], sign), encoding="utf-8", newline="")
    filled = [[cell if cell.strip() else None for cell in row] for row in rows if any(cell.strip() for cell in row)]
    known = declared("town = ''\nzip = ''")
    found = read_sets(path, known)[1:]
    assert [[one.values.get("town"), one.values.get("zip")] for one in found] == filled


@given(rows=st.lists(st.tuples(EVERYDAY, EVERYDAY)))
def test_a_list_says_the_same_in_each_encoding(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "list.csv"
    text, found = written([["宁海县桑洲镇", "1"], *map(list, rows)]), []
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        path.write_text(text, encoding=encoding, newline="")
        found.append(read_sets(path, declared("town = ''\nzip = ''")))
    assert found[1:] == found[:1] * 3


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_what_parts_the_cells_is_read_off_the_header(values, told, sign):
    assert values("a.csv", f"town{sign}year{sign}zip\nA{sign}1{sign}007\n") == [{"town": "A", "year": 1, "zip": "007"}]
    assert values("b.csv", f'"town"{sign}"rate"\n"A{sign}B"{sign}1.5\n') == [{"town": f"A{sign}B", "rate": 1.5}]
    name = {",": "a comma", ";": "a semicolon", "\t": "a tab"}[sign]
    assert told("c.csv", f"town{sign}year\nA\n").endswith(
        f"1 cells, where the header has 2; cells are parted by {name}"
    )


def test_a_blank_cell_gives_nothing_and_a_row_goes_before_what_all_have(values):
    text = "town,year,zip\nA,,007\n\n,,\nB,2023,\n,,\n\n"
    assert values("a.csv", text) == [{"town": "A", "zip": "007"}, {"town": "B", "year": 2023}]
    assert values("a.csv", text, year=1, full=True) == [
        {"town": "A", "year": 1, "full": True, "zip": "007"},
        {"town": "B", "year": 2023, "full": True},
    ]
    assert values("b.csv", "year\n1\n", town="A") == [{"town": "A", "year": 1}]


def test_rows_are_counted_as_a_spreadsheet_shows_them(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b'town,year\r\n"A\r\nB",1\r\n\r\nC,2\r\n')
    assert [str(one.place) for one in read_sets(path, KNOWN)] == [f"{path}, row 2", f"{path}, row 4 (line 5)"]
    assert [one.place[1:] for one in read_sets(path, KNOWN)] == [(2, 2), (4, 5)]


def test_without_a_cell_of_parameters_any_column_is_one(values, told):
    assert values("a.csv", "镇,year,ｚip\nA,2024,007\n", None) == [{"镇": "A", "year": 2024, "zip": "007"}]
    assert "column my col: no parameter can have this name" in told("b.csv", "my col,class\n1,2\n", None)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "a.csv: there is nothing in it; the first row names the parameters"),
        ("\r\n,\r\n", "a.csv: there is nothing in it"),
        ("town,year\n\n,\n", "a.csv, row 1: below the header there is no row; each is to become one report"),
        ("town,yaer\nA,1\n", "a.csv, row 1, column yaer: the notebook has no such parameter; did you mean year? There are: town,"),
        ("town,qq\nA,1\n", "a.csv, row 1, column qq: the notebook has no such parameter; take it out, or assign it in the notebook."),
        ("tow\u200bn\nA\n", "a.csv, row 1, column tow\\u200bn: the notebook has no such parameter; did you mean town?"),
        ("town,zip,zip\nA,1,2\n", "a.csv, row 1, column zip: is the name of columns B and C; take one of them out"),
        ("town,x,x\nA,1,2\n", "a.csv, row 1, column x: is the name of columns B and C; take one of them out"),
        ("town,,year\nA,,1\nB,y,2\nC,z,2\n", "a.csv, row 3, column B: 'y' stands in a column without a name; name it in the header"),
        ("year\n1\n", "a.csv, row 1: there is no column town, which the notebook has no value for; the columns are: year"),
        ("town,year\nA,1\n ,2\n", "a.csv, row 3, column town: is blank, and the notebook has no value for it; fill it in"),
        ("town,year\nA,1,b\n", "a.csv, row 2: 3 cells, where the header has 2; cells are parted by a comma"),
        ("town,year\nA\n", "a.csv, row 2: 1 cells, where the header has 2"),
        ('town,year\n"A\nB",x\n"C\n', "a.csv, row 3 (line 4): a quotation mark is opened here and never closed"),
        ('town\nA\n"' + "x,\n" * 100_000, "a.csv, row 3: a cell has more than 131072 signs; if it should not, a quotation mark in it is"),
        ('town,year\n"A" b,1\n', "a.csv, row 2: something stands behind a closing quotation mark"),
        ("town\nA\nB\0\n", "a.csv, line 3: no text, or UTF-16 without its mark; save it again as UTF-8"),
        ("town\r\nA\r\nM\ufffdnchen\n", "a.csv, line 3: \ufffd stands in place of signs that an earlier conversion has lost"),
        ("town\nMünchen\n".encode("latin-1"), "a.csv, line 2: neither UTF-8 nor GB18030; save it again as UTF-8"),
        ("town\n宁海县桑洲镇\n".encode()[:-2], "a.csv, line 2: bytes that are no UTF-8: the file may be cut off, or damaged"),
        ("town\nA\n".encode("utf-16-le"), "a.csv, line 1: no text, or UTF-16 without its mark"),
    ],
)  # fmt: skip
def test_a_table_that_is_wrong_is_told_with_the_place(told, text, what):
    assert what in told("a.csv", text).splitlines()[-1] if "A\nB" in str(text) else what in told("a.csv", text)


def test_cells_beyond_the_header_and_columns_without_a_name_may_be_blank(values):
    assert values("a.csv", "town,,year,\nA,,1,,,\n") == [{"town": "A", "year": 1}]


def test_all_faults_are_told_and_of_many_how_many(told):
    found = told("a.csv", "town,yaer,year\n,1,x\nA,1,007\n")
    assert [line.partition(": ")[0] for line in found.splitlines()] == [
        "a.csv, row 1, column yaer", "a.csv, row 2, column year", "a.csv, row 2, column town", "a.csv, row 3, column year",
    ]  # fmt: skip
    found = told("a.csv", "town,year\n" + "A,x\n" * 1000).splitlines()
    assert (len(found), found[-1]) == (21, "…and 980 more faults of this list")
    assert told("a.csv", "town,year\n" + "A,x\n" * 21).splitlines()[-1] == "…and 1 more fault of this list"


def test_what_is_found_is_shown_in_short(told):
    found = told("b.csv", ",".join(f"x{number}" for number in range(10_000)) + "\n" + "1," * 9_999 + "1\n").splitlines()
    assert (found[-1], max(map(len, found)) < 300) == ("…and 9981 more faults of this list", True)
    assert len(told("a.csv", f"town,year\nA,{'x' * 100_000}\n")) < 300


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_a_workbook_gives_what_its_cells_hold(suffix):
    found = [(one.place.row, one.values) for one in read_sets(LISTS / f"cells.{suffix}", KNOWN)]
    day = "2024-01-31"
    assert found == [
        (
            2,
            {
                "town": "A",
                "year": 2024,
                "zip": "00007",
                "rate": 3.0,
                "full": True,
                "day": day,
                "note": 2024,
                "tags": [1],
            },
        ),
        (3, {"town": "2024", "year": 2024, "zip": "007", "rate": 1.5, "full": True, "day": day, "note": "2024"}),
        (4, {"town": "3.5", "zip": "TRUE", "rate": 1.5, "full": True, "day": day, "note": day}),
        (5, {"town": day, "zip": "2024-01-31 12:30:00", "note": True}),
    ]
    assert [type(found[0][1][name]) for name in ("year", "rate", "full", "note")] == [int, float, bool, int]


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_a_cell_of_a_workbook_that_is_no_value_is_told(suffix):
    with pytest.raises(UserError) as error:
        read_sets(LISTS / f"faults.{suffix}", KNOWN)
    found = str(error.value).replace(f"{LISTS}/", "").splitlines()
    expected = [
        "row 9: the cells A9:A11 are merged, and only the first has a value; divide them and fill each in",
        "row 7, column year: 2024.5 is a number, and year is a whole number in the notebook; write it so, or",
        "row 7, column zip: holds the number 1234.5 and shows it in another way; format the cell as text",
        "row 7, column rate: True is a truth value, and rate is a number in the notebook",
        "row 7, column full: 2 is a whole number, and full is true or false in the notebook",
        "row 7, column day: '2024-01-31 12:30:00' is a date or a time, and day is a date such as 2024-01-31",
        "row 7, column note: #N/A is an error of the workbook; mend its formula, or put the value in its place",
        "row 7, column tags: 5 is a whole number, and tags is a list in the notebook",
        "row 8, column year: 'x' is no whole number; write digits alone",
        "row 8, column rate: '2024-01-01' is a date, and rate is a number in the notebook",
    ]
    assert [one for one in expected if not any(f"faults.{suffix}, {one}" in line for line in found)] == []
    digits = next(line for line in found if "row 8, column town: 12345678901234" in line)
    assert "has more digits than a workbook keeps of a number; format the cell as text and type it again" in digits
    unsolved = [line for line in found if "row 7, column town: =A1 has no result yet; open the workbook" in line]
    assert len(unsolved) == (suffix == "xlsx")  # the program that made the others has calculated


def test_a_sheet_is_named_where_there_is_more_than_one(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "2023"
    for sheet, town in ((book.active, "A"), (book.create_sheet("2024 #1"), "B"), (book.create_sheet("blank"), "")):
        for row in (["town"], [town]) if town else ():
            sheet.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    (one,) = read_sets(tmp_path / "a.xlsx#2024 #1", KNOWN)
    assert (one.values, str(one.place)) == ({"town": "B"}, f"{path}#2024 #1, row 2")
    for name, words in (("", "more than one sheet is filled; name the one that is the list, as in"), ("#x", "has the name x; there are: 2023, 2024 #1, blank"), ("#blank", "there is nothing in it")):  # fmt: skip
        with pytest.raises(UserError, match=words):
            read_sets(Path(f"{path}{name}"), KNOWN)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"<html>", "a.xlsx: no workbook that can be read; save it again as .xlsx"),
        ("a.xls", b"", "a.xls: no workbook that can be read"),
        (
            "a.txt",
            b"town\n",
            "a.txt: no list that can be read; one is a .csv, .xlsx, .xls, .ods or .jsonl, or a folder",
        ),
        ("a.jsonl", b"\n\n", "a.jsonl: there is nothing in it; each line is to become one report"),
        ("a/a.txt", b"", "a: no YAML file is in this folder; each is to become one report"),
    ],
)
def test_what_is_no_list_is_told(told, name, content, words):
    assert words in told(name, content)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.xlsx#x", "a.jsonl", "a.yaml", "a", "a" * 300])
def test_a_list_that_is_not_there_is_told(tmp_path, name):
    with pytest.raises(UserError, match=r"No such file|no such file|name too long"):
        read_sets(tmp_path / name, KNOWN)


def test_json_lines_give_values_of_their_own_types(values, tmp_path):
    whole = {
        "town": "A",
        "year": 2024,
        "zip": "007",
        "rate": 3,
        "full": True,
        "day": "2024-01-31",
        "tags": [1],
        "extra": {},
    }
    lines = [json.dumps(whole | {"note": None}), "", '{"town": "\\u7532", "day": null, "note": "5"}']
    assert values("a.jsonl", "\r\n".join(lines)) == [whole | {"note": None}, {"town": "甲", "day": None, "note": "5"}]
    assert [str(one.place) for one in read_sets(tmp_path / "a.jsonl", KNOWN)][1] == f"{tmp_path}/a.jsonl, line 3"


def test_json_lines_that_are_wrong_are_told(told):
    lines = [
        '{"town": 1, "year": "2024", "zip": 7, "rate": "x", "full": 1, "day": "x", "tags": {}, "extra": []}', "[1]",
        '{"town": "A", "town": "B"}', '{"yaer": 1, "year": null}', '{"yaer": 1, "town": "A", "year": 1.5}', '{"town":',
    ]  # fmt: skip
    assert told("a.jsonl", "\n".join(lines)).splitlines() == [
        "a.jsonl, line 1, town: 1 is a whole number, and town is a text in the notebook; write it so, or declare another type there",
        "a.jsonl, line 1, year: '2024' is a text, and year is a whole number in the notebook; write it so, or declare another type there",
        "a.jsonl, line 1, zip: 7 is a whole number, and zip is a text in the notebook; write it so, or declare another type there",
        "a.jsonl, line 1, rate: 'x' is a text, and rate is a number in the notebook; write it so, or declare another type there",
        "a.jsonl, line 1, full: 1 is a whole number, and full is true or false in the notebook; write it so, or declare another type there",
        "a.jsonl, line 1, day: 'x' is a text, and day is a date such as 2024-01-31 in the notebook; write it so, or declare another type there",
        "a.jsonl, line 1, tags: {} is a mapping, and tags is a list in the notebook; write it so, or declare another type there",
        "a.jsonl, line 1, extra: [] is a list, and extra is a mapping in the notebook; write it so, or declare another type there",
        'a.jsonl, line 2: [1] is no object; each line is one, such as {"town": "Alderbrook", "year": 2024}',
        "a.jsonl, line 3: 'town' stands twice",
        "a.jsonl, line 4, yaer: the notebook has no such parameter; did you mean year? There are: town, year, zip, rate, full, day, tags, extra, note",
        "a.jsonl, line 4, year: nothing is given, and year is a whole number in the notebook; leave it out to keep the notebook's value",
        "a.jsonl, line 4, town: is not there, and the notebook has no value for it; add it",
        "a.jsonl, line 5, year: 1.5 is a number, and year is a whole number in the notebook; write it so, or declare another type there",
        "a.jsonl, line 6: no JSON from sign 9 on: ''",
    ]  # fmt: skip


def test_a_folder_of_yaml_gives_what_the_list_gives():
    rows, files = read_sets(LISTS / "towns.csv", ANALYST), read_sets(LISTS / "params", ANALYST)
    assert [one.values for one in files] == [one.values for one in rows]
    assert [str(one.place) for one in files[:1]] == [str(LISTS / "params" / "Alderbrook.yaml")]
    assert read_sets(LISTS / "params" / "Dunmore.yaml", ANALYST) == files[3:4]


def test_yaml_keeps_what_is_written(values):
    text = "town: no\nyear: 2024\nzip: 007\nrate: .inf\nfull: on\nday: 2024-01-31\ntags: [a, '1', 2, ~]\nextra: {1: {b: 1.5}}\nnote: 2024-01-31\n"
    assert values("a/b/c.yml", text) == [
        {
            "town": "no", "year": 2024, "zip": "007", "rate": float("inf"), "full": True, "day": "2024-01-31",
            "tags": ["a", "1", 2, None], "extra": {"1": {"b": 1.5}}, "note": "2024-01-31",
        },
    ]  # fmt: skip
    assert values("b/c.yaml", "town: 12:30\nnote: '007'\nzip: |\n  1\n  2\n") == [
        {"town": "12:30", "note": "007", "zip": "1\n2\n"}
    ]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("year: 007", "'007' would lose its zeros"), ("year: 1_000", "no whole number"), ("year: 0o12", "no whole number"),
        ("year: '1'", "'1' is a text, and year is a whole number"), ("year:", "nothing is given, and year is a whole number"),
        ("zip: [1]", "[1] is a list, and zip is a text"), ("full: 2", "neither true nor false"), ("day: 2024-1-31", "no date"),
        ("note: no", "YAML reads 'no' as False; put it in quotes to keep it as it is, or write that value plainly"),
        ("note: 007", "YAML reads '007' as 7;"), ("note: 1_000", "YAML reads '1_000' as 1000;"), ("note: 12:30", "YAML reads '12:30' as 750;"),
        ("note: 1.50", "YAML reads '1.50' as 1.5;"), ("tags: [yes]", "YAML reads 'yes' as True"), ("extra: {a: 1, a: 2}", "'a' stands twice"),
        ("zip: x\nzip: y", "stands twice; delete one of them"), ("yaer: 1", "did you mean year?"),
        ("zip: *x", "a reference (*) stands here"), ("zip: !!python/object:os.system x", "a tag (!) stands here"), ("---\nzip: x", "a second document (---)"),
        ("zip: [x", "this is not how YAML is written"), ("? [a]\n: 1", "before the colon must stand a name"), ("<<<<<<< HEAD", "git's marks of a conflict"),
    ],
)  # fmt: skip
def test_yaml_that_is_wrong_is_told_with_file_and_line(told, line, what):
    found = told("a/b/c.yaml", f"town: A\n{line}\n")
    assert what in found
    assert found.startswith(f"a/b/c.yaml, line {3 if 'zip: y' in line else 2}")


def test_every_file_of_a_folder_is_told(told, tmp_path):
    (tmp_path / "a").mkdir()
    for name, text in (("1.yaml", ""), ("2.yml", "- A"), (".hidden.yaml", "x"), ("3.yaml", "town: A")):
        (tmp_path / "a" / name).write_text(text, encoding="utf-8")
    assert [line.partition(": ")[0] for line in told("a/b/4.yaml", "year: 1").splitlines()] == [
        "a/1.yaml",
        "a/2.yml",
        "a/b/4.yaml, town",
    ]


def test_lists_may_lie_in_a_store():
    pytest.importorskip("upath")
    store = location("memory://sets-of-a-test")
    for path in (LISTS / "towns.csv", LISTS / "cells.xlsx", *sorted((LISTS / "params").iterdir())):
        target = store / path.relative_to(LISTS).as_posix()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    expected = [one.values for one in read_sets(LISTS / "towns.csv", ANALYST)]
    assert [one.values for one in read_sets(store / "towns.csv", ANALYST)] == expected
    assert [one.values for one in read_sets(store / "params", ANALYST)] == expected
    assert len(read_sets(store / "cells.xlsx", None)) == 4


def test_what_is_wrong_is_told_in_chinese(told):
    with speaking("zh_CN.UTF-8"):
        found = told("a.csv", "town;yaer\nA;1\nB\n")
    assert found.splitlines() == [
        "a.csv，第 1 行，yaer 列：笔记本没有这个参数；是不是 year？可用的参数有：town、year、zip、rate、full、day、tags、extra、note",
        "a.csv，第 3 行：有 1 格，而表头有 2 格；各格用分号分隔",
    ]


@pytest.mark.parametrize(
    ("name", "file", "sheet", "is_a_list"),
    [
        ("towns.csv", "towns.csv", "", True), ("towns.XLSX#2024", "towns.XLSX", "2024", True),
        ("a#b.xls#c#d", "a#b.xls", "c#d", True), ("towns#1.csv", "towns#1.csv", "", True),
        ("params", "params", "", False), ("甲镇.yaml", "甲镇.yaml", "", False), ("towns.ods#", "towns.ods#", "", False),
    ],
)  # fmt: skip
def test_a_list_is_known_by_its_ending_and_a_sheet_by_what_stands_behind_it(name, file, sheet, is_a_list):
    assert (sheet_of(Path(name)), is_list(Path(name))) == ((Path(file), sheet), is_a_list)


def test_the_endings_of_lists_load_nothing_else():
    code = "import sys; before = set(sys.modules); import reportkit.sets.list_names; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [name for name in done.stdout.split() if name.startswith("reportkit")] == [
        "reportkit", "reportkit.sets", "reportkit.sets.list_names",
    ]  # fmt: skip
