"""A published report's bytes: what a person sees of it comes out in reading order, and what is no report is refused."""

import io
import zipfile
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.documents import encoding, html, size_limits, unread_formats, word
from reportkit.documents.document import Document, Grid, Paragraph, Picture
from reportkit.documents.html import generating
from reportkit.errors import Issue, Origin, ReaderError
from reportkit.exporters import html_page, read_content
from reportkit.imports.reader_issues import issues_of, raising_issues
from reportkit.messages.words import as_issue
from support.laws import examples
from support.repository import SANGZHOU

# As an import calls them: what is wrong is told in the catalogue's words.
decoded = raising_issues()(encoding.decoded)
file_bytes = raising_issues()(size_limits.file_bytes)
html_document = raising_issues()(html.html_document)
word_document = raising_issues()(word.word_document)

ORIGIN = Origin("报告")
TEXT = "桑洲镇政府信息公开工作年度报告\n一、总体情况\n行政许可 12 件\n"


def told(call, *arguments) -> list[tuple[str, str]]:
    """The code and place of every issue that a refusal gives."""
    with pytest.raises(ReaderError) as caught:
        call(*arguments)
    assert all(issue.severity == "error" and "请" in issue.message for issue in caught.value.issues)
    return [(issue.code, issue.origin.place) for issue in caught.value.issues]


def brief(case: object) -> str:
    """The name of a case that may be a megabyte long."""
    return repr(case)[:40]


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def tables(document: Document) -> list[list[list[str | tuple[str, int, int]]]]:
    """The grids; a cell of one row and one column as its text alone."""
    return [
        [[cell.text if cell[1:] == (1, 1) else tuple(cell) for cell in row.cells] for row in block.rows]
        for block in document.blocks
        if isinstance(block, Grid)
    ]


def page(body: str) -> Document:
    return html_document(f"<html><head><title>t</title></head><body>{body}</body></html>", "页.html")


# --- decoding --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        (TEXT.encode(), []),
        (TEXT.encode("utf-8-sig"), []),
        (TEXT.encode("gbk"), []),
        (b"\x84\x31\x95\x33" + TEXT.encode("gb18030"), []),
        (TEXT.encode("utf-16"), []),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), []),
        (TEXT.replace("\n", "\r\n").encode(), []),
        (TEXT.replace("\n", "\r").encode(), []),
        (f'<meta charset="gb2312">{TEXT}'.encode(), []),
        (f'<meta http-equiv="Content-Type" content="text/html; charset=GB2312">{TEXT}'.encode("gbk"), []),
        (f'<meta charset="utf-8">{TEXT}'.encode("gbk"), ["D3"]),
        (f'<?xml version="1.0" encoding="UTF-8"?>{TEXT}'.encode("gbk"), ["D3"]),
        (f'<meta charset="big5">{TEXT.replace("许", "許")}'.encode("big5", "ignore"), []),
        (f"{TEXT}规\ufffd章\n".encode(), ["D4"]),
        (f"{TEXT}锟斤拷\n".encode("gbk"), ["D4"]),
    ],
    ids=brief,
)
def test_a_text_is_read_whatever_its_encoding(raw, codes):
    text, notes = decoded(raw, ORIGIN)
    assert "一" in text
    assert "12 件\n" in text
    assert "\ufeff" not in text
    assert "\r" not in text
    assert [(note.code, note.severity) for note in issues_of(notes)] == [(code, "warning") for code in codes]


def test_an_encoding_that_somebody_declares_decides_where_the_bytes_do_not():
    raw = "政府資訊公開工作年度報告，共 12 件".encode("big5")
    assert decoded(raw, ORIGIN, declared="Big5")[0] == "政府資訊公開工作年度報告，共 12 件"
    assert told(decoded, raw, ORIGIN) == [("D2", "1")]
    assert decoded(TEXT.encode(), ORIGIN, declared="gbk")[0] == TEXT


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (f"{TEXT}规范性文件 3 件\n".encode()[:-12] + b"\n", "4"),
        (f"{TEXT}规".encode()[:-1], "4"),
        (TEXT.encode().replace("行".encode(), b"\xe8\xff"), "3"),
        (TEXT.encode("gbk") + b"\xff", "4"),
        (b"\n\ncaf\xe9 au lait, d\xe9j\xe0 vu", "3"),
        (TEXT.encode("utf-16-le"), "1"),
        (TEXT.encode("utf-16") + b"\x00", "4"),
        (TEXT.encode("utf-32"), "1"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "1"),
        (b"text\n\x00\x01\x02", "2"),
        (bytes(range(256)) * 4, "2"),
    ],
    ids=brief,
)
def test_what_is_no_text_is_refused_with_the_line(raw, place):
    (code, found), *more = told(decoded, raw, ORIGIN)
    assert (code, more) == ("D2", [])
    assert found == place


@pytest.mark.parametrize("raw", [b"", b" \r\n\t "])
def test_an_empty_file_is_refused(raw):
    assert told(decoded, raw, ORIGIN) == [("D1", "")]


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_file_is_read_up_to_its_limit(tmp_path):
    path = tmp_path / "报告.html"
    path.write_bytes(b"a" * 50)
    assert file_bytes(path) == b"a" * 50
    assert told(partial(file_bytes, most=49), path) == [("D1", "")]


def test_a_hundred_megabytes_are_refused_unread(tmp_path):
    path = tmp_path / "报告.html"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(ReaderError, match=r"^甲 D1 error 文件有 100.0 MB，年度报告不会超过 20 MB"):
        file_bytes(path, "甲")
    with path.open("r+b") as file:
        file.write(b"%PDF-1.7")
    with pytest.raises(ReaderError, match=r"D5 error PDF 文件不能直接读取.*pdftotext"):
        file_bytes(path)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ReaderError, match="文件不存在"):
        file_bytes(tmp_path / "无.html")
    with pytest.raises(ReaderError, match="文件夹"):
        file_bytes(tmp_path)
    with pytest.raises(ReaderError, match="文件不存在"):
        file_bytes(Path("a\x00b"))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"%PDF-1.4\n", "PDF"),
        (b"\n\n%PDF-1.4\n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "旧版 Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "加密"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"II*\x00", "TIFF"),
        (b"RIFF\x01\n\x03\x04WEBP", "WebP"),
        (b"BM\x01\x02\x03\x04\x00\x00\x00\x00", "BMP"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"PK\x03\x04...OFD.xml", "OFD"),
        (b"PK\x03\x04...xl/workbook.xml", "Excel"),
        (b"PK\x03\x04...ppt/presentation.xml", "pptx"),
        (b"PK\x03\x04...mimetypeapplication/vnd.oasis.opendocument.text", "OpenDocument"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "mht"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?>', "Word 2003"),
    ],
    ids=brief,
)
def test_other_formats_are_known_and_told_how_to_mend(raw, words):
    trouble = unread_formats.refused(raw, ORIGIN)
    assert trouble is not None
    issue = as_issue(trouble)
    assert (issue.code, issue.severity) == ("D5", "error")
    assert words in issue.message
    assert "请" in issue.message


@pytest.mark.parametrize("raw", [b"", b"<html>", TEXT.encode(), b"PK\x03\x04", "BM局的报告".encode(), b"From us"])
def test_what_may_be_a_report_is_not_refused(raw):
    assert unread_formats.refused(raw, ORIGIN) is None


# --- HTML ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>题</h1><p>一</p><div>二<div>三</div>四</div><ul><li>五<li>六</ul>", ["题", "一", "二", "三", "四", "五", "六"]),
        ("一<br>二<br/><br>三<hr>四", ["一", "二", "三", "四"]),
        ("<p>\n  第一\n  第二\t12\n 件 </p>", ["第一第二 12 件"]),
        ("<p>共 3\n5 件，１\n２</p>", ["共 3 5 件，１ ２"]),
        ("<p>\u3000\u3000桑洲镇\u3000年报\u00a0</p><p>&nbsp;\u3000</p>", ["桑洲镇\u3000年报"]),
        ("<p>\u200b\ufeff规\u200b章\u200b0\u200b</p><p>1\u200b\u200b2</p>", ["规章0", "1\u200b\u200b2"]),
        ("<p>一<b>二</b> <i>三</i><span> 四</span></p>", ["一二 三 四"]),
        ("<script>alert('3')</script><style>p{}</style><noscript>要脚本</noscript><template>板</template><!-- 注 -->文", ["文"]),
        ("<p hidden>一</p><div style='color:red;DISPLAY : none'>二<p>三</p></div>四<i class='a sr-only'>五</i>", ["四"]),
        ("<span style='visibility:hidden'>一</span>二", ["二"]),
        ("<button>按</button><select><option>选</select><textarea>填</textarea><svg><text>图</text></svg>文", ["文"]),
        ("<form>共 <input value='12'> 件<input type=hidden value=9><input type=submit value=交></form>", ["共 12 件"]),
        ("<pre>规章\t0   0\n  许可\t1\n</pre>后", ["规章\t0   0", "许可\t1", "后"]),
        ("<span style='display:block'>1</span><span style='display:inline-block'>2</span>3", ["1", "2", "3"]),
        ("<span style='position:absolute'>1</span><span style='display:inline; float:left'>2</span>", ["1", "2"]),
        ("<span style='display:inline'>1</span>2", ["12"]),
        ("27<sup>1</sup>，H<sub>2</sub>O，见<sup>①</sup>", ["27¹，H₂O，见①"]),
        ("<ruby>桑<rp>(</rp><rt>sang</rt></ruby>洲<math><mn>1</mn><mn>2</mn></math>", ["桑洲\ufffc"]),
        ("&lt;b&gt;甲&amp;乙&#19968;&bogus;", ["<b>甲&乙一&bogus;"]),
        ("<o:p>一</o:p><font>二<font>三", ["一二三"]),
        ("一</body></html><p>二</p>", ["一", "二"]),
        ("一<!--[if gte mso 9]><xml>x</xml><![endif]-->二<![if !supportLists]>三<![endif]>", ["一二三"]),
    ],
)  # fmt: skip
def test_a_page_reads_as_a_person_sees_it(body, expected):
    document = page(body)
    assert lines(document) == expected
    assert document.title == "t"


def test_paragraphs_and_tables_are_counted_from_one():
    document = page("<p>甲<p> <p>乙<img src=a>丙<table><tr><td>1<td>2<tr><td>3<td>4</table><p>丁")
    assert [(type(block), block.place) for block in document.blocks] == [
        (Paragraph, "paragraph 1"), (Picture, "picture 1"), (Paragraph, "paragraph 2"), (Grid, "table 1"),
        (Paragraph, "paragraph 3"),
    ]  # fmt: skip
    assert [row.place for row in document.blocks[3].rows] == ["table 1 row 1", "table 1 row 2"]


@pytest.mark.parametrize("text", ["甲\n 乙 \n\n丙12\t3", "甲\r\n乙\x0c丙12\t3"])
def test_what_is_no_html_keeps_its_lines(text):
    assert lines(html_document(text, "a")) == ["甲", "乙", "丙12\t3"]


@pytest.mark.parametrize("text", ["", " \n", "<!-- only -->", "<!doctype html>", "<html></html>", "<title>t</title>"])
def test_a_page_without_text_has_no_blocks(text):
    assert html_document(text, "a").blocks == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<table><tr><th>规章<td> 0 <td>&nbsp;</table>", [[["规章", "0", ""]]]),
        ("<table><td>a<td>b<tr><td>c<td>d</table>", [[["a", "b"], ["c", "d"]]]),
        ("<table><tr><td>本年新<br>制作<p>数量</p><td><div>1</div><div>2</div></table>", [[["本年新\n制作\n数量", "1\n2"]]]),
        ("<table><tr><td rowspan=2>a<td colspan='2'>b<tr><td>c<td>d</table>", [[[("a", 2, 1), ("b", 1, 2)], ["c", "d"]]]),
        ("<table><tr><td rowspan=65534>a<td colspan=1000000000>b<tr><td>c</table>", [[[("a", 2, 1), ("b", 1, 100)], ["c"]]]),
        ("<table><tr><td rowspan=abc>a<td colspan=0>b<tr><td rowspan=-3>c<td colspan=''>d</table>", [[["a", "b"], ["c", "d"]]]),
        ("<table><tr><td rowspan=0>a<td>b<tr><td>c<tr><td>d</table>", [[[("a", 3, 1), "b"], ["c"], ["d"]]]),
        ("<table><tbody><tr><td rowspan=9>a<td>b<tr><td>c</tbody><tbody><tr><td>d<td>e</table>", [[[("a", 2, 1), "b"], ["c"], ["d", "e"]]]),
        ("<table><tr></tr><tr><td>a<td>b</table>", [[[], ["a", "b"]]]),
        ("<table><tr><td>a<td>b<tr style='display:none'><td>x<td>y<tr><td>c<td style='display:none'>x<td>d</table>", [[["a", "b"], ["c", "d"]]]),
        ("<table><tr><td>a<td style='visibility:hidden'>x<td>b</table>", [[["a", "", "b"]]]),
        ("<table><form><tr><td>a<td>b</form></table>", [[["a", "b"]]]),
        ("<table><tr><td>a<div><td>b</div></td><td>c</table>", [[["a", "b", "c"]]]),
        ("<table><tr><td>a<td>b<tr><div><tr><td>c<td>d</div></table>", [[["a", "b"], [], ["c", "d"]]]),
        ("<table><tr><td>a<td>b</table></table></td></tr><tr><td>c", [[["a", "b"]]]),
    ],
)  # fmt: skip
def test_a_table_comes_out_cell_by_cell(body, expected):
    assert tables(page(body)) == expected


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td>前<table><tr><td>a<td>b</table>后</table>",
        "<table><tr><td>&nbsp;<td>前<br><table><tr><td>a<td>b</table><p>后<td></table>",
        "<table><tr><td>前<tr><td><table><tr><td><table><tr><td>a<td>b</table></table><tr><td>后</table>",
        "<table><caption>前</caption><tr><td>a<td>b</table>后",
        "<table><tr><td>前</table><table><tr><td>a<td>b</table><div>后",
    ],
)
def test_a_table_that_arranges_the_page_is_walked_through(body):
    document = page(body)
    assert lines(document) == ["前", "后"]
    assert tables(document) == [[["a", "b"]]]
    assert [type(block) for block in document.blocks] == [Paragraph, Grid, Paragraph]


def test_a_table_of_one_cell_within_a_cell_is_but_its_text():
    assert tables(page("<table><tr><td>a<td>b<table><tr><td>c</table>d</table>")) == [[["a", "b\nc\nd"]]]


def test_crossed_out_text_is_told_and_joins_no_number():
    document = page(
        "<table><tr><td>许可<td><s>5</s>6<td style='text-decoration: line-through'>7<td>8</table><del></del>"
    )
    assert tables(document) == [[["许可", "6", "", "8"]]]
    assert [(note.code, note.severity, note.found) for note in issues_of(document.notes)] == [("D11", "warning", "5")]


@pytest.mark.parametrize(
    ("body", "pictures"),
    [
        ("<img src=a.png>", 1), ("<img src=a width=600 height=300>", 1), ("<img width='100%'>", 1),
        ("<img width=1 height=1>", 0), ("<img width=16>", 0), ("<img height='20px' width=700>", 0),
        ("<img style='display:none'>", 0), ("<table><tr><td>a<td>b<img></table>", 1), ("<table><tr><td><img></table>", 1),
    ],
)  # fmt: skip
def test_pictures_are_noted_unless_they_are_icons(body, pictures):
    assert sum(isinstance(block, Picture) for block in page(body).blocks) == pictures


@pytest.mark.parametrize(
    "content",
    [
        "<img src=a.png>", "<textarea>45</textarea>", "<select><option>45</select>", "<canvas></canvas>",
        "<svg><text>45</text></svg>", "<video></video>", "<object data=a></object>", "<embed src=a>", "<iframe src=a></iframe>",
        "<button>45</button>", "<input type=range value=45>", "<input type=checkbox>", "<meter value=45>45</meter>",
        "<script>document.write(45)</script>", "<math><mn>4</mn></math>", "<b class='n x'></b>", "<i></i>", "<b id=n></b>",
        "4<img src=a.png>", "<p><span><img></span></p>",
    ],
)  # fmt: skip
def test_a_cell_with_something_that_is_seen_and_no_text_is_no_blank(content):
    styles = (
        "<style>td .n::before, i:after { content: '45' } b#n:before{content:counter(x)} q::before{content:none}</style>"
    )
    (table,) = tables(page(f"{styles}<table><tr><td>规章<td>1<tr><td>许可<td>{content}</table>"))
    assert (table[0], table[1][0], "\ufffc" in table[1][1]) == (["规章", "1"], "许可", True)


@pytest.mark.parametrize(
    "content",
    [
        "<img src=a.png width=1>", "<img style='display:none'>", "<textarea hidden>45</textarea>", "<input type=hidden value=4>",
        "<svg style='visibility:hidden'></svg>", "<q></q>", "<map></map>", "<template>45</template>", "<style>b{content:'4'}</style>",
    ],
)  # fmt: skip
def test_a_cell_with_something_that_is_not_seen_is_a_blank(content):
    styles = "<style>q::before{content:none} q::after{content:''}</style>"
    assert tables(page(f"{styles}<table><tr><td>规章<td>1<tr><td>许可<td>{content}</table>")) == [
        [["规章", "1"], ["许可", ""]]
    ]


def test_a_picture_beside_a_label_or_in_the_page_takes_nothing_away():
    body = "<table><tr><td>规章<img src=a><td>1<tr><td>许可<td>2</table>"
    assert tables(page(body)) == [[["规章", "1"], ["许可", "2"]]]
    layout = page("<table><tr><td><img src=a><select></select><td>前</table><p>后<button>搜</button>")
    assert (lines(layout), tables(layout)) == (["前", "后"], [])


def test_style_sheets_are_looked_at_in_linear_time():
    for piece in ("a{", "}", "a:before{content:'1'}", ",", ":before", "{content:", "content:;", "a,"):
        generating(piece * 50_000)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            "<iframe src='/viewer.html?file=/2023年报.pdf#page=1'>无</iframe>",
            ["/viewer.html?file=/2023年报.pdf#page=1"],
        ),
        ("<object data='报告.DOCX'></object><embed src='b.ofd'>", ["报告.DOCX"]),
        ("<iframe src='https://example.org/share'></iframe>", []),
    ],
)
def test_a_file_within_a_page_is_told(body, found):
    document = page(body)
    assert [(note.code, note.found) for note in issues_of(document.notes)] == [("D12", text) for text in found]
    assert document.blocks == ()


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 100_000 + "x", "<table>" * 100_000 + "x", "<table><tr><td>" * 100_000 + "x",
        "<b>" * 3_000 + "x" + "</b>" * 3_000, "<b>" * 2_020 + "x", "</bogus>" * 500 + "<div>" * 100_000 + "x", "<table><tr><td>a<td>b" * 51,
        "<b>" * 1_000_001, "<p " + " ".join(f"a{n}=1" for n in range(30_000)) + ">x", "<table>" + "<tr><td rowspan=65534 colspan=1000000000>a<td colspan=100>b" * 200 + "</table>",
    ],
    ids=brief,
)  # fmt: skip
def test_a_page_beyond_reason_is_refused(text):
    assert told(html_document, text, "a") == [("D6", "")]


@pytest.mark.parametrize("tag", ["div", "font", "p", "ul><li"])
def test_a_page_nested_as_sloppy_ones_are_is_read(tag):
    assert lines(html_document(f"<{tag}>" * 900 + "规章" + "</div>", "a")) == ["规章"]


def test_our_own_page_gives_its_three_tables_and_its_text():
    import nbformat

    nb = nbformat.read(Path(__file__).parent / "files" / "exporters" / "report-2021.ipynb", as_version=4)
    text, notes = decoded(html_page(read_content(nb)), ORIGIN)
    document = html_document(text, "页.html")
    assert notes == []
    assert document.notes == ()
    assert [
        max(sum(cell.colspan for cell in row.cells) for row in block.rows)
        for block in document.blocks
        if isinstance(block, Grid)
    ] == [4, 10, 15]
    headings = [line for line in lines(document) if line[1:2] == "、"]
    assert [heading[0] for heading in headings] == list("一二三四五六")


# --- Word ------------------------------------------------------------------------------------------------------------

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def zipped(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)  # no clock: the bytes are a test's name
    return stream.getvalue()


def document_xml(body: str) -> str:
    return f"<w:document {SPACES}><w:body>{body}</w:body></w:document>"


def docx(body: str, **parts: str) -> bytes:
    return zipped({"word/document.xml": document_xml(body), **parts})


def word(body: str) -> Document:
    return word_document(docx(body), "报告.docx")


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(*texts: str) -> str:
    runs = "".join(text if text.startswith("<") else run(text) for text in texts)
    return f"<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs><w:rPr><w:del/></w:rPr></w:pPr>{runs}</w:p>"


def cell(content: str, properties: str = "") -> str:
    body = content if content.startswith("<") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{body}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(text if text.startswith('<') else cell(text) for text in cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


START, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
BEGIN, RESULT, END = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
CODE = "<w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r>"
BOX = f"<w:txbxContent>{paragraph('框')}</w:txbxContent>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (paragraph("一", "二") + paragraph("") + paragraph(" 三 "), ["一二", "三"]),
        (paragraph("一", "<w:r><w:tab/><w:t>二</w:t><w:br/><w:t>三</w:t><w:cr/><w:noBreakHyphen/><w:t>3</w:t></w:r>"), ["一\t二", "三", "-3"]),
        (paragraph("一", f"<w:ins>{run('二')}</w:ins>", f"<w:hyperlink>{run('三')}</w:hyperlink>", f"<w:smartTag>{run('四')}</w:smartTag>"), ["一二三四"]),
        (paragraph("一", "<w:del><w:r><w:delText>二</w:delText><w:t>三</w:t></w:r></w:del>", f"<w:moveFrom>{run('四')}</w:moveFrom>", f"<w:moveTo>{run('五')}</w:moveTo>"), ["一五"]),
        (paragraph("一", run("二", "<w:vanish/>"), run("三", '<w:vanish w:val="0"/>')), ["一三"]),
        (paragraph("27", run("1", '<w:vertAlign w:val="superscript"/>'), run("2", '<w:vertAlign w:val="subscript"/>'), run("3", '<w:vertAlign w:val="baseline"/>')), ["27¹₂3"]),
        (paragraph("共", BEGIN, CODE, RESULT, "5", END, "件"), ["共5件"]),
        (paragraph("共", BEGIN, BEGIN, CODE, RESULT, "4", END, CODE, RESULT, "5", END, "件"), ["共5件"]),
        (paragraph("共", BEGIN, CODE, END, "件", END), ["共件"]),
        (paragraph("共", "<w:fldSimple w:instr='PAGE'>" + run("5") + "</w:fldSimple>"), ["共5"]),
        (paragraph("共", f"<w:del>{BEGIN}</w:del>", CODE, RESULT, "5", END, "件"), ["共5件"]),
        (f"<w:sdt><w:sdtPr><w:rPr/><w:text/></w:sdtPr><w:sdtContent>{paragraph('一')}</w:sdtContent></w:sdt>", ["一"]),
        (paragraph("前", f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{BOX}</w:drawing></mc:Choice><mc:Fallback><w:pict>{BOX}</w:pict></mc:Fallback></mc:AlternateContent></w:r>", "后"), ["前后", "框"]),
        (paragraph("前", f"<w:r><w:pict>{BOX}</w:pict></w:r>"), ["前", "框"]),
        (paragraph("<m:oMath><m:r><m:t>12</m:t></m:r></m:oMath>", "5"), ["\ufffc5"]),
        (paragraph("<w:r><w:sym w:font='Wingdings' w:char='F031'/><w:sym w:char='31'/><w:sym w:char='nonsense'/></w:r>"), ["\uf031\uf031\ufffc"]),
        (paragraph("<w:r><w:ruby><w:rt>" + run("sang") + "</w:rt><w:rubyBase>" + run("桑") + "</w:rubyBase></w:ruby></w:r>"), ["桑"]),
    ],
)  # fmt: skip
def test_a_word_file_reads_as_word_shows_it(body, expected):
    assert lines(word(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (table(row("规章", "0"), row("许可", " 1 ")), [[["规章", "0"], ["许可", "1"]]]),
        (table(row(cell(paragraph("本年新") + paragraph("制作")), "a")), [[["本年新\n制作", "a"]]]),
        (table(row(cell("a", '<w:gridSpan w:val="2"/>'), "b")), [[[("a", 1, 2), "b"]]]),
        (table(row(cell("a", START), "b"), row(cell("", GOES_ON), "c"), row(cell("d", START), "e")), [[[("a", 2, 1), "b"], ["c"], ["d", "e"]]]),
        (table(row("b", cell("a", f'<w:gridSpan w:val="2"/>{START}')), row("c", cell("", f'<w:gridSpan w:val="2"/>{GOES_ON}'))), [[["b", ("a", 2, 2)], ["c"]]]),
        (table(row("b", cell("a", f'<w:gridSpan w:val="2"/>{START}')), row("c", cell("d", GOES_ON), "e")), [[["b", ("a", 1, 2)], ["c", "d", "e"]]]),
        (table(row(cell("a", GOES_ON), "b"), row(cell("", GOES_ON), "c")), [[[("a", 2, 1), "b"], ["c"]]]),
        (table(row(cell("a", START), "b"), row("x", "y"), row(cell("z", GOES_ON), "c")), [[["a", "b"], ["x", "y"], ["z", "c"]]]),
        (table(row(cell("a", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>"), "b")), [[[("a", 1, 2), "b"]]]),
        (table(row("a", "b", "c"), row("d", "e", properties='<w:gridBefore w:val="1"/>')), [[["a", "b", "c"], ["", "d", "e"]]]),
        (table(row("a", "b"), row("x", "y", properties="<w:del/>"), row("x", "y", properties="<w:hidden/>"), row("c", cell("x", "<w:cellDel/>"), "d")), [[["a", "b"], ["c", "d"]]]),
        (table(row("a", cell("b", '<w:gridSpan w:val="999999999"/>'))), [[["a", ("b", 1, 100)]]]),
        (table(row("a", cell("b", '<w:gridSpan w:val="x"/>'))), [[["a", "b"]]]),
        (table(row(cell(table(row("a", "b")) + paragraph("c")), "d")), [[["a", "b"]]]),
        (table(row(f"<w:sdt><w:sdtContent>{cell('a')}</w:sdtContent></w:sdt>", "b")), [[["a", "b"]]]),
    ],
)  # fmt: skip
def test_a_table_in_word_comes_out_cell_by_cell(body, expected):
    assert tables(word(body)) == expected


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (paragraph(f"<w:ins>{run('1')}</w:ins>", f"<w:del>{run('2')}</w:del>"), [("D10", "")]),
        (paragraph(run("5", "<w:strike/>"), run("7", "<w:dstrike/>"), run("6", '<w:strike w:val="false"/>')), [("D11", "5")]),
        (paragraph(BEGIN, CODE, "5") + paragraph("6"), [("D13", "")]),
        ("<w:altChunk/>", [("D12", "")]),
        ('<w:p><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:p>' * 2, [("D14", "")]),
        ('<w:p><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:p>', []),
        (paragraph("一", '<w:r><w:footnoteReference w:id="1"/></w:r>'), [("D15", "")]),
        (paragraph("6"), []),
    ],
)  # fmt: skip
def test_what_a_person_should_look_at_is_noted(body, found):
    document = word(body)
    assert [(note.code, note.found) for note in issues_of(document.notes)] == found
    assert all(note.severity == "warning" for note in issues_of(document.notes))


def test_pictures_in_word_are_noted_once():
    drawing = "<w:r><mc:AlternateContent><mc:Choice><w:drawing><a:blip/></w:drawing></mc:Choice><mc:Fallback><w:pict><v:imagedata/></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    document = word(paragraph("表", drawing) + paragraph("<w:object><v:imagedata/></w:object>"))
    assert [block.place for block in document.blocks if isinstance(block, Picture)] == ["picture 1", "picture 2"]


@pytest.mark.parametrize(
    "content",
    [
        "<w:r><w:drawing><a:blip/></w:drawing></w:r>", "<w:r><w:drawing/></w:r>", "<w:r><w:pict/></w:r>",
        "<w:r><w:object/></w:r>", "<m:oMath><m:r><m:t>45</m:t></m:r></m:oMath>",
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList/></w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox/></w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
    ],
)  # fmt: skip
def test_a_cell_in_word_with_something_that_is_seen_and_no_text_is_no_blank(content):
    ((_, (_, found)),) = tables(word(table(row("规章", "0"), row("许可", cell(f"<w:p>{content}</w:p>")))))
    assert "\ufffc" in found


def test_a_text_box_in_a_cell_is_its_text():
    box = "<w:r><w:drawing><w:txbxContent><w:p><w:r><w:t>45</w:t></w:r></w:p></w:txbxContent></w:drawing></w:r>"
    assert tables(word(table(row("许可", cell(f"<w:p>{box}</w:p>"))))) == [[["许可", "45"]]]


def test_the_archive_names_its_document_and_its_macros():
    relationships = '<R><r Type="http://x/relationships/officeDocument" Target="/word/document2.xml"/></R>'
    raw = zipped(
        {"_rels/.rels": relationships, "word/document2.xml": document_xml(paragraph("一")), "word/vbaProject.bin": b""}
    )
    document = word_document(raw, "报告.docm")
    assert lines(document) == ["一"]
    assert [note.code for note in issues_of(document.notes)] == ["D9"]


def test_the_strict_dialect_is_read_too():
    body = document_xml(table(row(cell("a", START), "1"), row(cell("", GOES_ON), "2")))
    strict = body.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert tables(word_document(zipped({"word/document.xml": strict}), "a")) == [[[("a", 2, 1), "1"], ["2"]]]


LAUGHS = '<!DOCTYPE l [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip


def swapped(raw: bytes, old: bytes, new: bytes) -> bytes:
    assert old in raw
    return raw.replace(old, new)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "D7"),
        (b"PK\x03\x04", "D7"),
        (TEXT.encode(), "D7"),
        (docx(paragraph("一"))[:-30], "D7"),
        (zipped({"a.txt": "一"}), "D7"),
        (zipped({"word/document.xml": "<w:document"}), "D7"),
        (zipped({"word/document.xml": ""}), "D7"),
        (zipped({"word/document.xml": document_xml("<a>")}), "D7"),
        (zipped({"_rels/.rels": "?", "word/document.xml": document_xml("")}), "D7"),
        (zipped({"_rels/.rels": '<R><r Type="/officeDocument" Target="../../etc/passwd"/></R>'}), "D7"),
        (swapped(zipped({"word/document.xml": document_xml(paragraph("一"))}, zipfile.ZIP_STORED), "一".encode(), "二".encode()), "D7"),
        (zipped({"word/document.xml": LAUGHS + document_xml(paragraph("&i;"))}), "D8"),
        (zipped({"word/document.xml": LAUGHS + document_xml('<w:p w:x="&i;"/>')}), "D8"),
        (zipped({"word/document.xml": '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + document_xml(paragraph("&x;"))}), "D8"),
        (zipped({"word/document.xml": "<!DOCTYPE w>" + document_xml("")}), "D8"),
        (zipped({"word/document.xml": document_xml("<w:p>" * 10_000 + "</w:p>" * 10_000)}), "D6"),
        (zipped({"word/document.xml": document_xml("<w:p>" * 10_000)}), "D6"),
        (zipped({"word/document.xml": document_xml("<w:p>" * 250 + "</w:p>" * 250)}), "D6"),  # the parser bears it
        (zipped({"word/document.xml": document_xml(paragraph("一&nbsp;二"))}), "D8"),
        (zipped({"word/document.xml": document_xml(paragraph("一&amp;二") + "<a>")}), "D7"),
        (zipped({"word/document.xml": document_xml("<w:tbl><w:tr><w:tc>" * 51 + "</w:tc></w:tr></w:tbl>" * 51)}), "D6"),
        (zipped({"word/document.xml": b" " * 41_000_000}), "D8"),
        (zipped({"word/document.xml": document_xml(" " * 2_000_000)}), "D8"),
        (zipped({"word/document.xml": document_xml("")}, zipfile.ZIP_LZMA), "D8"),
        (b"PK\x03\x04" + b"PK\x01\x02" * 6_000, "D8"),
        (zipped({"xl/workbook.xml": ""}), "D5"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "D5"),
        (swapped(docx(paragraph("一")), b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"), "D5"),
    ],
    ids=brief,
)  # fmt: skip
def test_a_damaged_or_hostile_word_file_is_refused(raw, code):
    assert told(word_document, raw, "报告.docx") == [(code, "")]


def test_a_part_that_unpacks_to_more_than_its_header_says_is_refused():
    raw = zipped({"word/document.xml": document_xml(" " * 2_000_000)})
    size = len(document_xml(" " * 2_000_000)).to_bytes(4, "little")
    assert told(word_document, raw.replace(size, (1000).to_bytes(4, "little")), "a") in ([("D8", "")], [("D7", "")])


# --- laws ------------------------------------------------------------------------------------------------------------

SEED = SANGZHOU.read_bytes()
PAGE = f"<html><head><meta charset=utf-8></head><body><p>{TEXT}<table><tr><td rowspan=2>规章<td colspan=3>0<tr><td><s>5</s>6<td>x<table><tr><td>1<td>2</table></table><pre>a\nb</pre><img width=3>".encode()
FILE = docx(paragraph("共", BEGIN, CODE, RESULT, "5", END) + table(row(cell("a", START), "1"), row(cell("", GOES_ON), cell("b", '<w:gridSpan w:val="2"/>'))) + paragraph(f"<w:r><w:pict>{BOX}</w:pict></w:r>"))  # fmt: skip
EDITS = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 12), st.binary(max_size=12)), max_size=6)
MARKUP = st.lists(
    st.sampled_from([
        "<table>", "</table>", "<tr>", "</tr>", "<td>", "<td rowspan=3>", "<td rowspan=0 colspan=7>", "</td>", "<p>", "</p>", "<br>", "<pre>", "</pre>", "<sup>", "</sup>",
        "<s>", "</s>", "<div style='display:none'>", "<span style='float:left'>", "</span>", "</div>", "<tbody>", "</tbody>", "<caption>", "</html>", "<!--", "-->", "<td hidden>",
        "<form>", "<input value=3>", "<img>", "12", "规章", " ", "\n", "&nbsp;", "&#0;", "<title>", "<svg>", "<td style='visibility:hidden'>", "<tr style='text-decoration:line-through'>",
    ]),
    max_size=40,
).map("".join)  # fmt: skip


def edited(raw: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, new in edits:
        at = place % (len(raw) + 1)
        raw = raw[:at] + new + raw[at + length :]
    return raw


def is_sound(document: Document) -> bool:
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    spans = [(cell.rowspan, cell.colspan) for grid in grids for row in grid.rows for cell in row.cells]
    return (
        all(line and line == line.strip() for line in lines(document))
        and all(rowspan >= 1 and 1 <= colspan <= 100 for rowspan, colspan in spans)
        and all(number + cell.rowspan <= len(grid.rows) for grid in grids for number, row in enumerate(grid.rows) for cell in row.cells)
        and all(isinstance(note, Issue) for note in issues_of(document.notes))
    )  # fmt: skip


@settings(max_examples=examples(200), deadline=None)
@given(EDITS)
def test_a_mutated_page_is_read_or_refused(edits):
    for raw in (PAGE, SEED):
        with suppress(ReaderError):
            assert is_sound(html_document(decoded(edited(raw, edits), ORIGIN)[0], "a"))


@settings(max_examples=examples(300), deadline=None)
@given(MARKUP)
def test_any_sequence_of_tags_is_read(text):
    assert is_sound(html_document(text, "a"))


@settings(max_examples=examples(300), deadline=None)
@given(EDITS)
def test_a_mutated_word_file_is_read_or_refused(edits):
    xml = edited(document_xml(table(row(cell("a", START), "1")) + paragraph(BEGIN, "5", END)).encode(), edits)
    for raw in (edited(FILE, edits), zipped({"word/document.xml": xml})):
        with suppress(ReaderError):
            assert is_sound(word_document(raw, "a"))


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_read_or_refused(raw):
    unread_formats.refused(raw, ORIGIN)
    for start in (b"", b"PK\x03\x04", b"\xff\xfe"):
        with suppress(ReaderError):
            word_document(start + raw, "a")
        with suppress(ReaderError):
            html_document(decoded(start + raw, ORIGIN)[0], "a")


@given(st.text(st.characters(codec="gb18030", exclude_characters="\r\x00\ufeff\ufffd"), min_size=1))
@settings(max_examples=examples(200), deadline=None)
def test_decoding_changes_no_character(text):
    text = TEXT * 5 + text
    for codec in ("utf-8", "utf-8-sig", "utf-16"):
        assert decoded(text.encode(codec), ORIGIN)[0] == text
    with suppress(ReaderError):  # too many signs that no report has
        assert decoded(text.encode("gb18030"), ORIGIN)[0] == text
