"""What a style says on the pages: header and footer, cover, letterhead, signature, in the web page and in the PDF."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from msgspec.structs import replace

from reportkit.errors import ExportError, FormError, UserError
from reportkit.exporters import Content, html_page, pdf_file, read_content
from reportkit.page_styles import load_style, styles_of
from reportkit.page_styles.attachments import LARGEST
from reportkit.page_styles.measures import FactPattern
from reportkit.page_styles.page_parts import Signature
from reportkit.project import Project, load_project
from support.given_notebooks import notebook

SEAL = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'
WHOLE = """extends: letter
header: {left: "Town of {town}", right: "{title}", first: {}, rule: true}
footer: {right: "Page {page} of {pages}"}
page_number: {place: none}
cover:
  logo: {file: seal.svg, alt: Seal}
  subtitle: "{year}"
  organisation: Office of {town}
  date: "{date}"
letterhead: {name: "Town of {town}", lines: [Main Street], number: "No. {clerk}"}
signature: {agency: "Office of {town}", date: "{date}"}
"""


def content(folder: Path, style: str, nb: Any = None, **more: Any) -> Content:
    (folder / "house.yaml").write_text(style, encoding="utf-8")
    (folder / "seal.svg").write_text(SEAL, encoding="utf-8")
    return read_content(nb or notebook(), styles=styles_of("house.yaml", folder), **more)


def pages(shown: Content) -> list[str]:
    found = pypdf.PdfReader(io.BytesIO(pdf_file(shown, use_system_fonts=False)))
    return [" ".join(page.extract_text().split()) for page in found.pages]


def test_all_parts_stand_on_the_page_and_in_the_pdf_once_and_in_their_order(tmp_path: Path):
    long = notebook(text="# A Report\n\n" + "Its words. " * 500)
    shown = content(tmp_path, WHOLE, long)
    cover, first, *_, last = pages(shown)
    assert cover == "A Report 2024 Office of Alderbrook February 14, 2025"  # neither header nor number
    assert re.match("Town of Alderbrook Main Street Its words", first)  # a blank number is left out
    assert [re.findall(r"Page \d of \d", page) for page in (first, last)] == [["Page 1 of 2"], ["Page 2 of 2"]]
    assert re.match(r"Town of Alderbrook A Report", last)
    assert "Office of Alderbrook February 14, 2025" in last
    root = lxml_html.fromstring(html_page(shown).decode())
    main = [
        " ".join(child.text_content() for child in part if child.text_content())
        for part in root.find(".//main")
        if part.get("class")
    ]
    assert main == [
        "A Report 2024 Office of Alderbrook February 14, 2025",
        "Town of Alderbrook Main Street",
        "Office of Alderbrook February 14, 2025",
    ]
    assert [(image.get("alt"), image.get("src")[:18]) for image in root.iter("img")] == [("Seal", "data:image/svg+xml")]
    assert (len(root.findall(".//h1")), shown.headings) == (1, ["A Report"])


def test_headers_are_artifacts_and_pictures_have_words(tmp_path: Path):
    shown = content(tmp_path, WHOLE)
    body = pdf_file(shown, use_system_fonts=False)  # PDF/UA-1 and PDF/A-2a, or Typst would refuse it
    catalog = pypdf.PdfReader(io.BytesIO(body)).trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert b"/Alt(Seal)" in body
    assert b"/Type/Pagination" in body or b"/Artifact" in b"".join(
        page.get_contents().get_data() for page in pypdf.PdfReader(io.BytesIO(body)).pages
    )


def test_the_first_page_of_a_screen_has_what_needs_no_number(tmp_path: Path):
    def screen(header: str) -> list[str]:
        root = lxml_html.fromstring(html_page(content(tmp_path, f"extends: a4\nheader: {header}\n")).decode())
        return [span.text_content() for span in root.findall(".//header/span")]

    assert screen("{left: 'Town of {town}', right: '{page}'}") == ["Town of Alderbrook", "", ""]
    assert screen("{left: a, first: {center: b}}") == ["", "b", ""]
    assert screen("{left: a, first: {}}") == screen("{right: '{page}'}") == []


def test_a_printed_web_page_has_them_in_its_margins(tmp_path: Path):
    page = html_page(content(tmp_path, "extends: a4\nheader: {right: 'a \"{title}\"', first: {}}\n")).decode()
    assert '@page { @top-right { content: "a \\"" "A Report" "\\""; font: 9pt' in page
    assert "@page :first { @top-right { content: none;" in page


@pytest.mark.parametrize(
    ("style", "value", "printed"),
    [
        ("gbt-9704", "2024-01-20", "2024年1月20日"),
        ("a4", "2024-01-20", "20 January 2024"),
        ("letter", "2024-01-20", "January 20, 2024"),
        ("letter", "2024-02-30", "2024-02-30"),
        ("letter", "in spring", "in spring"),
    ],
)
def test_a_date_is_written_as_the_style_writes_dates(style: str, value: str, printed: str, tmp_path: Path):
    shown = content(tmp_path, f"extends: {style}\nsignature: {{date: '{{date}}'}}\n", notebook(f"date = {value!r}"))
    assert shown.text.splitlines()[-1] == printed
    shown = content(tmp_path, f"extends: {style}\nsignature: {{date: '{value}'}}\n")
    assert shown.text.splitlines()[-1] == printed


def test_facts_go_before_what_the_notebook_says(tmp_path: Path):
    shown = content(tmp_path, "signature: {agency: '{town}, {mayor}'}\n", facts={"town": "Cedar", "mayor": "M"})
    assert shown.text.splitlines()[-1] == "Cedar, M"


def test_a_town_s_words_are_never_markup(tmp_path: Path):
    nb = notebook('town = "#panic() <b>$x$ {title} \\"; } </style>"')
    shown = content(tmp_path, "header: {left: '{town}'}\nsignature: {agency: '{town}'}\n", nb)
    page = html_page(shown).decode()
    assert lxml_html.fromstring(page).find(".//b") is None
    assert page.count("</style>") == 1
    assert pages(shown)[0].count('#panic() <b>$x$ {title} "; } </style>') == 2


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=30))
def test_whatever_a_parameter_says_is_printed_as_it_is(text: str):
    style = replace(load_style("letter"), signature=Signature(agency=FactPattern("By {who}"), place="right"))
    shown = read_content(notebook(f"who = {text!r}"), styles={"": style})
    root = lxml_html.fromstring(html_page(shown).decode())
    said = [part.text for part in root.findall(".//p[@class='signature-agency']")]
    words = " ".join(f"By {text}".split())
    assert "".join(said) == ("" if words == "By" else words)


WRONG = {
    "header: {left: '{twn}'}": r"house\.yaml: header\.left has \{twn\}, .* did you mean \{town\}\? There is \{town\}, \{year\}",
    "cover: {date: '{xyzzy}'}": r"house\.yaml: cover\.date has \{xyzzy\}, .*; there is \{town\}",
    "letterhead: {lines: [a, '{figures}']}": r"letterhead\.lines\.2 has \{figures\}, which is no text, number or date but dict",
}


@pytest.mark.parametrize("style", WRONG)
def test_a_name_that_nothing_is_known_by_is_told(style: str, tmp_path: Path):
    with pytest.raises(ExportError, match=WRONG[style]):
        content(tmp_path, style)


def test_a_header_that_has_no_room_is_told_and_one_of_two_lines_is_set(tmp_path: Path):
    assert pages(content(tmp_path, f"header: {{left: '{'words and ' * 16}', right: x}}\n"))
    with pytest.raises(ExportError, match=r"house\.yaml: the header is too high for the margin"):
        pdf_file(content(tmp_path, f"header: {{left: '{'words and ' * 120}'}}\n"), use_system_fonts=False)


def test_a_logo_has_to_be_a_whole_picture_and_not_too_large(tmp_path: Path):
    style = "cover: {logo: {file: a.png}}\n"
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n0000")
    with pytest.raises(ExportError, match=r"house\.yaml: cover\.logo is a\.png, which cannot be read as a picture"):
        content(tmp_path, style)
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(LARGEST))
    with pytest.raises(FormError, match=r"house\.yaml:1: cover: logo: file is a\.png, which has 1\.0 MB"):
        content(tmp_path, style)


def test_a_signature_stays_with_the_end_of_the_text(tmp_path: Path):
    style = "extends: gbt-9704\nsignature: {agency: 某镇人民政府, date: 2024-01-20, place: official}\n"
    for lines in range(36, 46):  # about two pages: the signature would begin a third
        text = "# 某镇年度报告\n\n" + "\n\n".join(["一行文字。"] * lines)
        last = pages(content(tmp_path, style, notebook(text=text)))[-1]
        assert "某镇人民政府 2024年1月20日" in last
        assert "一行文字" in last


def project_at(folder: Path, config: str) -> Project:
    (folder / "reportkit.toml").write_text(config, encoding="utf-8")
    return load_project(folder)


def test_a_project_says_what_its_pages_say_over_any_style(tmp_path: Path):
    config = '[page.signature]\nagency = "{agency}"\ndate = 2024-01-20\n[page]\ncover = false\n'
    (style,) = project_at(tmp_path, config.replace("[page]\n", "").replace("cover = false\n", "")).styles.values()
    assert style.signature is not None
    assert (style.signature.agency, style.signature.date, style.text) == (
        "{agency}", "2024-01-20", load_style("gbt-9704").text,
    )  # fmt: skip
    (tmp_path / "house.yaml").write_text("cover: {subtitle: a, date: b}\n", encoding="utf-8")
    (style,) = project_at(tmp_path, 'style = "house.yaml"\n[page.cover]\ndate = "c"\n').styles.values()
    assert (style.cover and style.cover.subtitle, style.cover and style.cover.date) == ("a", "c")
    (style,) = project_at(tmp_path, 'style = "house.yaml"\n[page]\ncover = false\n').styles.values()
    assert style.cover is None


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("[page.covr]\nsize = 1", r"^reportkit\.toml: \[page\] has .*; unknown covr; did you mean cover\?"),
        ("[page.tables]\nrules = 'rows'", r"^reportkit\.toml: \[page\] has .*; unknown tables"),
        ("[page.cover]\nsubtitel = 'x'", r"^reportkit\.toml: \[page\] cover: a cover has .* did you mean 'subtitle'\?"),
        ("[page.cover]\nlogo = {file = 'no.png'}", r"\[page\] cover: logo: file is no\.png, which cannot be read"),
        ("page = 'x'", r"page is a table: \[page\.signature\]"),
    ],
)
def test_what_is_wrong_there_is_told(config: str, told: str, tmp_path: Path):
    with pytest.raises(UserError, match=told):
        _ = project_at(tmp_path, config).styles


def test_a_header_is_looked_through_for_what_nobody_sees_and_for_other_towns(tmp_path: Path):
    with pytest.raises(ExportError, match=r"U\+202E|\\u202e"):
        content(tmp_path, "header: {left: '{town}'}\n", notebook('town = "a\\u202eb"'))
    shown = content(tmp_path, "header: {left: '{town}, page {page}', first: {center: '{year}'}}\n")
    assert shown.lines == ["A Report", "Its words.", "Alderbrook, page ", "2024"]


def test_the_largest_parts_of_a_small_page_stay_on_it(tmp_path: Path):
    style = (
        "extends: gbt-9704\npaper: A5\nmargins: {top: 20mm, bottom: 22mm, left: 20mm, right: 20mm}\n"
        "text: {size: 8pt, lines: 26, letters: null}\ntables: {smallest: 6pt, largest: 8pt}\n"
        "cover: {logo: {file: seal.svg, height: 60mm}, size: 60pt, subtitle: '{title}', organisation: '{title}'}\n"
        "letterhead: {logo: {file: seal.svg, height: 60mm}, name: '{title}', size: 96pt, lines: ['{title}'], above: 70mm}\n"
        "signature: {agency: '{title}', date: 2024-01-20, place: official}\n"
    )
    title = "某某镇人民政府办公室关于二〇二四年度报告的公开文件全文"
    assert pages(content(tmp_path, style, notebook(text=f"# {title}\n\nWords.")))
