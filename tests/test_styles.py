"""Styles: what a page looks like is data, the same for web page and PDF, and whatever is wrong in it is told."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pypdf
import pytest
import yaml
from lxml import html as lxml_html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from tools.style_pictures import LARGEST, PICTURES, files, made, report

from reportkit.batch.fingerprint import environment
from reportkit.cli.any_notebook import Wanted, with_sets
from reportkit.errors import ExportError, FormError, UserError
from reportkit.exporters import Content, HtmlReportExporter, PdfReportExporter, html_page, pdf_file, read_content
from reportkit.exporters.heights import page_lines
from reportkit.page_styles import Style, load_style, page_of, style_names, styles_of
from reportkit.project import Project, load_project
from reportkit.shapes import schema
from support.repository import ROOT

OTHERS = {"house.yaml", "_brand.yml", "page.typ", "page.html.j2"}
"""Files on the page about styles that are no style of a picture."""

MM = 72 / 25.4
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
ENGLISH = "# Permits of Alderbrook\n\nThe clerk’s log has **all** the *permits*, says `df.sum()`.\n\n> A quotation."
TABLE = (
    "<table><thead><tr><th></th><th colspan=2>Permits</th><th>Note</th></tr>"
    "<tr><th>Ward</th><th>2023</th><th>2024</th><th></th></tr></thead><tbody>"
    "<tr><th>North</th><td>1,204</td><td>-3.5%</td><td>late</td></tr>"
    "<tr><th>South</th><td>$8</td><td>n/a</td><td>7 of them new</td></tr></tbody></table>"
)


def notebook(*parts: str, picture: bool = False) -> Any:
    """A notebook that was run; parts that begin with a tag are outputs."""
    cells = [
        new_code_cell("x", outputs=[new_output("display_data", {"text/html": part})], execution_count=1)
        if part.startswith("<")
        else new_markdown_cell(part)
        for part in parts
    ]
    shown = [new_output("display_data", {"image/png": PIXEL})] if picture else []
    return new_notebook(cells=[*cells, new_code_cell("x", outputs=shown, execution_count=2)])


def content(style: str, *parts: str, folder: Path = Path()) -> Content:
    return read_content(notebook(*(parts or (ENGLISH,))), styles=styles_of(style, folder))


def read_pdf(body: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(body))


def style_in(folder: Path, text: str) -> Style:
    (folder / "house.yaml").write_text(text, encoding="utf-8")
    return load_style("house.yaml", folder)


def project_at(folder: Path, config: str) -> Project:
    (folder / "reportkit.toml").write_text(config, encoding="utf-8")
    return load_project(folder)


# What a style is


def test_the_styles_that_come_along():
    assert style_names() == ["a4", "gbt-9704", "letter"]
    official, letter = page_of(load_style("gbt-9704")), page_of(load_style("letter"))
    assert [float(side) for side in official.area] == [156, 225]
    assert (official.size, official.ems, official.grid) == (16, 28, True)
    assert round(official.pitch, 2) == 28.99
    assert [float(side) for side in letter.paper] == [215.9, 279.4]
    assert letter.edges(lies=False) == (72, 72, 540, 720)
    assert official.edges(lies=True) == pytest.approx([35 * MM, 26 * MM, 260 * MM, 182 * MM])


def test_a_file_says_only_what_differs(tmp_path: Path):
    style = style_in(tmp_path, "extends: letter\nmargins: {left: 30mm}\nfaces: {number: {fallback: [Noto Sans SC]}}\n")
    letter = load_style("letter")
    assert (style.margins.left, style.margins.right) == ("30mm", "1in")
    assert style.faces.number.families == ()  # of a typeface all or nothing
    assert style.faces.body == letter.faces.body
    assert (style.text, style.words, style.language) == (letter.text, letter.words, "en-US")
    assert style_in(tmp_path, "paper: A5\n").text == load_style("a4").text


WRONG = {
    "margins:\n  top: 25\n": r":2: margins: top is a length such as 25mm, 11pt or 1in, found 25",
    "extends: leter\n": r":1: extends is a4, gbt-9704 or letter, found 'leter'",
    "text:\n  size: 11pt\n  colour: red\n": r":3: text: .*unknown colour",
    "text:\n  size: 18pt\n  lines: 60\n": r":3: text: lines 60 lines of 18pt have no room on 245 mm",
    "text: {letters: 80}\n": r":1: text: letters 80 letters of 11pt have no room on 160 mm",
    "text: {letters: 5}\n": r":1: text: letters is a whole number from 10 to 80, or null, found 5",
    "text: {spacing: .nan}\n": r":1: text: spacing is nan, which is no number",
    "headings: []\n": r":1: headings is a list, and not an empty one",
    "headings:\n- {face: heading, scale: 9, above: 0, below: 0, indent: false}\n": (
        r":2: heading 1: scale is a number from 0.7 to 3, found 9"
    ),
    "page_number: {pattern: 'Page {n}'}\n": r":1: page_number: pattern is .*found 'Page \{n\}'",
    "page_number: {pattern: Page}\n": r":1: page_number: pattern has no \{page\} in it",
    "page_number: {gap: 30mm}\n": r":1: page_number: gap is 30mm, with a number of 10pt; the margin has 25mm",
    "faces:\n  body:\n    families: ['a; } body {']\n": r":3: faces: body: families, entry 1 is the name of a typeface",
    "tables: {head_fill: red}\n": r":1: tables: head_fill is a colour, or none, found 'red'",
    "tables: {smallest: 12pt}\n": r":1: tables: smallest is 12pt; tables are set from 5pt on",
    "language: English\n": r":1: language is a language, found 'English'",
    "paper: A0\n": r":1: paper is A3, A4, A5, Legal or Letter, found 'A0'",
    "margins: {left: 100mm, right: 90mm}\n": r":1: margins leave 20 mm by 245 mm of a page of A4",
    "title: {size: 30pt}\n": r":1: title: pitch is less than the title's size",
    "colours: {text: '#eeeeee'}\n": r":1: colours: text is #eeeeee on #ffffff, with a contrast of 1\.2",
    "colours: {accent: '#ffee00'}\n": r":1: colours: accent is #ffee00 .* 3\.0 is the least",
    "colours: {text: none}\n": r":1: colours: text is a colour, found 'none'",
    "header: {left: x, gap: 200mm}\n": r":1: header: gap is 200mm, with type of 9pt; the margin has 25mm",
    "header:\n  left: x\n  size: 90pt\n": r":3: header: size is 90pt; headers and footers are set from 5pt to 20pt",
    "header: {left: '{'}\n": r":1: header: left is a text, perhaps with names .* found '\{'",
    "footer: {center: x}\n": r":1: footer: center has a text where the page number stands; write \{page\} here",
    "cover:\n  organization: x\n": r":2: cover: a cover has .* did you mean 'organisation'\?",
    "covr: {}\n": r":1: a style has .* did you mean 'cover'\?",
    "cover: {size: 900pt}\n": r":1: cover: size is 900pt; it is set from 11pt to 60pt",
    "cover: {date: '{page}'}\n": r":1: cover: date has \{page\}; only headers and footers know their page",
    "letterhead: {name: x, above: 200mm}\n": r":1: letterhead: above is 200mm; more than half a page",
    "letterhead: {colour: '#fffff0'}\n": r":1: letterhead: colour is #fffff0, which cannot be read on #ffffff",
    "cover:\n  logo:\n    file: no.png\n": r":3: cover: logo: file is no\.png, which cannot be read",
    "cover: {logo: {file: 'https://x.org/a.png'}}\n": r":1: cover: logo: file is https://x\.org/a\.png, which is elsewhere",
    "cover: {logo: {file: house.yaml}}\n": r":1: cover: logo: file is house\.yaml, which is no picture",
    "signature: {place: middle}\n": r":1: signature: place is left, official or right, found 'middle'",
    "words: {months: [a, b]}\n": r":1: words: months has 2 names; there are twelve",
    "words: {date: '{Month}'}\n": r":1: words: date is a text with \{year\}",
    "- a\n": r": a style is a mapping",
    "text: {size: 11pt\n": r"house.yaml:1: not readable as YAML",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_in_a_style_is_told_with_its_line(text: str, tmp_path: Path):
    with pytest.raises(FormError, match=rf"house\.yaml.*{WRONG[text]}" if WRONG[text][0] == ":" else WRONG[text]):
        style_in(tmp_path, text)


def test_a_style_that_is_not_there_is_told_with_those_that_are(tmp_path: Path):
    with pytest.raises(UserError, match=r"'lettr': no such style .* did you mean 'letter'\?"):
        load_style("lettr", tmp_path)
    with pytest.raises(UserError, match=r"'my/own\.yaml': .* there is a4, gbt-9704, letter"):
        load_style("my/own.yaml", tmp_path)


def test_the_schema_takes_the_shipped_styles_and_parts_of_one():
    found = schema(Style, partial=True)
    jsonschema.Draft202012Validator.check_schema(found)
    validator = jsonschema.Draft202012Validator(found)
    for name in style_names():
        text = (ROOT / f"src/reportkit/page_styles/{name}.yaml").read_text(encoding="utf-8")
        assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == []
    assert validator.is_valid({"extends": "letter", "margins": {"left": "30mm"}})
    for text in ("margins: {top: 25}", "headings: [{face: heading}]", "colour: red", "text: {letters: 5}"):
        assert not validator.is_valid(yaml.safe_load(text))


def test_the_page_about_styles_says_of_each_value_what_its_shape_says():
    page = (ROOT / "docs/style.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([\w.*[\]]+)` \| (.+?) \| .* \|$", page, re.MULTILINE))
    assert rows == dict(described(schema(Style)))


def test_every_file_on_the_page_about_styles_makes_its_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    shown = re.findall(r"\(styles/([\w-]+)\.png\)", (ROOT / "docs/style.md").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(PICTURES)
    sizes = [(ROOT / f"docs/styles/{name}.png").stat().st_size for name in shown]
    assert [size for size in sizes if not 0 < size < LARGEST] == []
    assert {picture.style for picture in PICTURES.values()} >= {*files(), *style_names()} - OTHERS
    for name in ("brand", "template"):
        assert made(name)[:4] == b"\x89PNG"


def test_the_templates_of_the_page_about_styles_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.html.j2").write_text("{# page.html.j2 #}\n" + files()["page.html.j2"], encoding="utf-8")
    style_in(tmp_path, "extends: letter\n")
    page = html_page(read_content(report(chinese=False), styles=styles_of("house.yaml", tmp_path))).decode()
    assert "<footer><p>Alderbrook · 2024</p></footer>" in page
    style_in(tmp_path, files()["house.yaml"])


def described(found: Any, name: str = "Style", before: str = "") -> Any:
    """Yield each value's name in a style's file, and what is said of it."""
    for key, entry in found["$defs"][name]["properties"].items():
        inner = re.search(r'"#/\$defs/(\w+)"', json.dumps(entry))
        if inner and inner[1] != "Face":
            yield from described(found, inner[1], f"{before}{key}{'[]' if entry.get('type') == 'array' else ''}.")
        if "description" in entry:
            yield f"{before}{key}", entry["description"]
    if name == "Style":
        yield from described(found, "Face", "faces.*.")


# What comes of it


@pytest.mark.parametrize(
    ("style", "language", "size"),
    [("gbt-9704", "zh-CN", (210, 297)), ("a4", "en", (210, 297)), ("letter", "en-US", (215.9, 279.4))],
)
def test_language_and_paper_are_those_of_the_style(style: str, language: str, size: tuple[float, float]):
    shown = content(style)
    page = html_page(shown).decode()
    paper = {210: "A4", 215.9: "Letter"}[size[0]]
    assert (f'<html lang="{language}">' in page, f"@page {{ size: {paper};" in page) == (True, True)
    pdf = read_pdf(pdf_file(shown, use_system_fonts=False))
    assert pdf.trailer["/Root"]["/Lang"] == language
    assert [float(side) / MM for side in pdf.pages[0].mediabox[2:]] == pytest.approx(size, abs=0.1)


def test_a_latin_style_has_latin_typefaces():
    pdf = read_pdf(pdf_file(content("letter"), use_system_fonts=False))
    names = {str(font["/BaseFont"]).partition("+")[2] for page in pdf.pages for font in fonts(page)}
    assert {re.sub("-(Identity-H|.*)", "", name) for name in names} == {"LibertinusSerif", "DejaVuSansMono"}
    assert "The clerk’s log" in pdf.pages[0].extract_text()


def fonts(page: Any) -> list[Any]:
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


def test_the_page_number_is_written_as_the_style_says(tmp_path: Path):
    style_in(tmp_path, "page_number: {pattern: 'Page {page} of {pages}', place: right}\n")
    shown = content("house.yaml", ENGLISH, "A paragraph of some words.\n\n" * 40, folder=tmp_path)
    pages = [page.extract_text() for page in read_pdf(pdf_file(shown, use_system_fonts=False)).pages]
    assert [re.findall("Page . of .", page) for page in pages] == [["Page 1 of 2"], ["Page 2 of 2"]]
    assert 'content: "Page " counter(page) " of " counter(pages);' in html_page(shown).decode()
    style_in(tmp_path, "page_number: {place: none}\n")
    shown = content("house.yaml", ENGLISH, folder=tmp_path)
    assert not read_pdf(pdf_file(shown, use_system_fonts=False)).pages[0].extract_text().rstrip().endswith("1")
    assert "counter(page)" not in html_page(shown).decode()


def test_what_a_style_says_cannot_leave_its_place_in_a_page(tmp_path: Path):
    style_in(
        tmp_path,
        "page_number: {pattern: '\"</style><b>{page}'}\nwords: {report: '<b>', table: '\"><i>{number}', draft: '<u>{title}'}\n",
    )
    shown = read_content(notebook("plain words", TABLE), styles=styles_of("house.yaml", tmp_path), draft=True)
    root = lxml_html.fromstring(html_page(shown).decode())
    assert [element.tag for element in root.iter("b", "i", "u")] == []
    assert [root.findtext(".//h1"), root.findtext(".//title")] == ["<b>", "<u><b>"]
    assert root.find(".//div[@class='table-box']").get("aria-label") == '"><i>1'
    assert "<b>" in read_pdf(pdf_file(shown, use_system_fonts=False)).pages[0].extract_text()


def test_figures_stand_right_where_the_style_says_so_and_words_left():
    root = lxml_html.fromstring(html_page(content("letter", ENGLISH, TABLE)).decode())
    marked = {cell.text_content(): cell.get("class", "") for cell in root.iter("th", "td")}
    assert marked == {
        "": "", "Permits": "spanning", "Note": "", "Ward": "", "2023": "figure", "2024": "figure", "North": "",
        "1,204": "figure", "-3.5%": "figure", "late": "", "South": "", "$8": "figure", "n/a": "figure",
        "7 of them new": "",
    }  # fmt: skip
    official = html_page(content("gbt-9704", ENGLISH, TABLE)).decode()
    assert 'class="figure"' not in official
    assert ".figure" not in official


def test_what_a_page_says_of_its_own_accord_is_in_its_language():
    english = read_content(notebook(ENGLISH, TABLE, picture=True), styles=styles_of("a4"))
    chinese = read_content(notebook("# 一 年度报告", TABLE, picture=True), styles=styles_of("gbt-9704"))
    assert re.findall('(?:alt|aria-label)="(.*?)"', html_page(english).decode()) == ["Table 1", "Figure 1"]
    assert re.findall('(?:alt|aria-label)="(.*?)"', html_page(chinese).decode()) == ["表格 1", "图 1"]


def test_a_draft_says_so_in_the_language_of_its_style():
    nb = notebook(ENGLISH)
    nb.cells[-1].execution_count = None
    page, _ = HtmlReportExporter(draft=True).from_notebook_node(nb)
    assert "Draft, not for publication: not checked, cells not run: 1" in page
    assert "<title>Draft: Permits of Alderbrook</title>" in page


@pytest.mark.parametrize("style", style_names())
def test_nbconvert_makes_the_same_page(style: str):
    page, _ = HtmlReportExporter(style=style).from_notebook_node(notebook(ENGLISH, TABLE))
    assert page.encode() == html_page(content(style, ENGLISH, TABLE))


def test_a_typeface_that_has_to_be_there_is_told(tmp_path: Path):
    style_in(tmp_path, "faces: {body: {families: [Frutiger], fallback: [Frutiger Next]}}\n")
    with pytest.raises(ExportError, match="typefaces Frutiger Next are not on this machine"):
        pdf_file(content("house.yaml", folder=tmp_path), use_system_fonts=False)
    style_in(tmp_path, "faces: {body: {families: [Frutiger], fallback: [Libertinus Serif]}}\n")
    assert pdf_file(content("house.yaml", folder=tmp_path), use_system_fonts=False)[:5] == b"%PDF-"


@pytest.mark.parametrize(
    "change",
    [
        "extends: gbt-9704\npaper: A5\nmargins: {top: 20mm, right: 15mm, bottom: 20mm, left: 15mm}\n"
        "text: {size: 10.5pt, lines: 26, letters: 30}\n",
        "paper: Legal\ntext: {size: 9pt, lines: 60, spacing: 1, indent: 2}\ntables: {rules: grid, figures: center}\n",
        "paper: A3\ntitle: {align: center}\nheadings: [{face: title, scale: 2, above: 2, below: 1, indent: true}]\n",
    ],
)
def test_whatever_the_measures_all_stands_in_the_type_area(change: str, tmp_path: Path):
    style_in(tmp_path, change)
    wide = f"<table><tr>{''.join(f'<td>{n},000 permits</td>' for n in range(9))}</tr></table>"
    parts = [ENGLISH, "## Wards\n\n- one\n  1. two\n\n" + "Some words of an ordinary sentence. " * 200, TABLE, wide]
    shown = content("house.yaml", *parts, "### End\n\n```\nprintout\n```\n", folder=tmp_path)
    assert pdf_file(shown, use_system_fonts=False)[:5] == b"%PDF-"  # what leaves the type area would be refused


def test_estimates_follow_the_style():
    paragraph = {"kind": "paragraph", "body": ["words of a line " * 30], "align": None}
    official, letter = page_of(load_style("gbt-9704")), page_of(load_style("letter"))
    assert page_lines(paragraph, official) == 18  # of 28 letters, as each may be as wide as a Chinese one
    assert page_lines(paragraph, letter) == 7.5  # with half a line below
    heading = {"kind": "heading", "level": 2, "body": ["Wards"]}
    assert (page_lines(heading, official), page_lines(heading, letter)) == (1, 2.4)


# Which one it is


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("# Permits\n\nThe town of 宁海县 has twelve of them.", "en"),
        ("# 年度报告\n\n本年共受理申请 12 件，用 Python 和 pandas 统计。", "zh-CN"),
        ("# 2024\n\n12", "zh-CN"),
    ],
)
def test_without_a_style_the_language_of_the_text_decides(text: str, language: str):
    assert read_content(notebook(text)).style.language == language


def test_a_project_names_its_style_or_has_its_kind_s(tmp_path: Path):
    def languages(config: str) -> dict[str, str]:
        return {key: style.language for key, style in project_at(tmp_path, config).styles.items()}

    assert languages("") == {"": "zh-CN"}
    assert languages('kind = "notebook"') == {"": "en", "zh": "zh-CN"}
    assert languages('style = "letter"') == {"": "en-US"}
    style_in(tmp_path, "language: fr\n")
    assert languages('kind = "notebook"\nstyle = "house.yaml"') == {"": "fr"}
    with pytest.raises(UserError, match=r"^reportkit\.toml: style 'hause\.yaml': no such style"):
        languages('style = "hause.yaml"')


def test_another_style_is_another_environment(tmp_path: Path):
    (tmp_path / "n.ipynb").write_text(json.dumps({**new_notebook()}), encoding="utf-8")

    def digest(text: str) -> str:
        style_in(tmp_path, text)
        return str(environment(project_at(tmp_path, 'notebook = "n.ipynb"\nstyle = "house.yaml"'), ["html"])["style"])

    first = digest("extends: letter\n")
    assert digest("extends: letter\n# only a remark\n") == first
    assert digest("extends: letter\ntext: {lines: 40}\n") != first


def test_nbconvert_is_told_a_style_by_name_or_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    style_in(tmp_path, "language: fr\nwords: {figure: 'Image {number}'}\n")
    page, _ = HtmlReportExporter(style="house.yaml").from_notebook_node(notebook(ENGLISH, picture=True))
    assert ('<html lang="fr">' in page, 'alt="Image 1"' in page) == (True, True)
    body, _ = PdfReportExporter(style="letter", use_system_fonts=False).from_notebook_node(notebook(ENGLISH))
    assert read_pdf(body).trailer["/Root"]["/Lang"] == "en-US"
    with pytest.raises(ExportError, match="'none': no such style"):
        HtmlReportExporter(style="none").from_notebook_node(notebook(ENGLISH))


def test_a_build_is_told_a_style_before_the_project_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    project = project_at(tmp_path, 'style = "letter"')
    monkeypatch.chdir(tmp_path)
    style_in(tmp_path, "language: fr\n")
    for name, language in {"a4": "en", "house.yaml": "fr"}.items():
        wanted = Wanted(style=name)
        assert [style.language for style in with_sets(project, [], wanted).styles.values()] == [language]
        assert wanted.words() == ["--style", name]
    with pytest.raises(UserError, match=r"^style 'a5': no such style"):
        with_sets(project, [], Wanted(style="a5"))
