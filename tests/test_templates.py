"""Templates of an office's own: what they set, what they cannot load or run, and what is told of errors in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from reportkit.errors import ExportError, FormError, UserError
from reportkit.exporters import HtmlReportExporter, html_page, pdf_file, read_content
from reportkit.files import ownership
from reportkit.page_styles import load_style, styles_of
from reportkit.project import load_project
from support.given_notebooks import notebook

HTML = '{% extends "reportkit/index.html.j2" %}\n'
TYPST = """#import "parts/bar.typ": bar
#let title-block(title, about) = bar(title)
#let page-foot(about) = [#about.town · #about.page/#about.pages]
#let page-head(about) = image("parts/seal.svg", height: 5mm)
#let section-heading(level, body, about) = [#pdf.artifact[§ ]#body]
"""
SEAL = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in {"house.yaml": "extends: letter\n", **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def content(folder: Path, **files: str) -> Any:
    names = {"typst": "page.typ", "html": "page.html.j2"}
    put(folder, {names.get(name, name): text for name, text in files.items()})
    return read_content(notebook(text="# A & B\n\nWords.\n\n## Part"), styles=styles_of("house.yaml", folder))


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_template_sets_the_parts_of_a_pdf_with_files_of_its_folder(tmp_path: Path):
    put(tmp_path, {"parts/seal.svg": SEAL, "parts/bar.typ": '#import "../ink.typ": ink\n#let bar(it) = text(ink, it)'})
    put(tmp_path, {"ink.typ": '#let ink = rgb("#720000")'})
    plain = pdf_file(content(tmp_path), use_system_fonts=False)
    body = pdf_file(content(tmp_path, typst=TYPST), use_system_fonts=False)
    assert (body[:5], body != plain) == (b"%PDF-", True)


def test_a_template_of_a_web_page_gives_blocks_and_what_it_prints_is_escaped(tmp_path: Path):
    block = (
        "{% block header %}<p class='own'>{{ about.town }} {{ '<i>' }} {{ resources.report.title }}</p>{% endblock %}"
    )
    block += "{% block style %}{{ super() }}<style>h1 { color: #720000; }</style>{% endblock %}"
    root = lxml_html.fromstring(html_page(content(tmp_path, html=HTML + block)).decode())
    assert root.findtext(".//p[@class='own']") == "Alderbrook <i> A & B"
    assert [style.text[:6].strip() for style in root.findall(".//style")] == ["@page", "h1 { c"]
    assert root.find(".//h2").text == "Part"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '// x\n#import "@preview/cetz:0.3.0": *',
            r"page\.typ:2: .*cetz.* is a package, which would come from the net",
        ),
        ('#let a = "@" + "local/x"', r"page\.typ:1: .* is a package"),
        ('#let page-foot(about) = image("../../x.png")', r'page\.typ:1: loads "\.\./\.\./x\.png", which lies outside'),
        ('#let page-foot(about) = read("/etc/passwd")', r'page\.typ:1: loads "/etc/passwd", which lies outside'),
        ('#include "https://x.org/a.typ"', r"page\.typ:1: loads .*, which lies outside"),
        ('\n\n#import "no.typ": a', r"page\.typ:3: loads no\.typ, which cannot be read"),
        ('#let f = "a.typ"\n#import f: *', r"page\.typ:2: import without a path in quotes after it"),
        ('#import "a.txt": *', r"page\.typ:1: import without a path in quotes after it; name a file of the folder"),
        ('#import "\\u{40}preview/cetz:0.3.0": *', r"page\.typ:1: import without a path in quotes"),
        ('#let page-foot(about) = eval("1")', r"page\.typ:1: no template can use eval"),
        ('#let page-foot(about) = std.at("x")', r"page\.typ:1: no template can use std"),
        ("#let titleblock(title, about) = title", r"page\.typ: defines none of .*; did you mean title-block\?"),
        ("words", r"page\.typ: defines none of title-block"),
    ],
)
def test_a_template_loads_nothing_from_outside(text: str, told: str, tmp_path: Path):
    put(tmp_path, {"page.typ": text})
    with pytest.raises(FormError, match=told):
        load_style("house.yaml", tmp_path)


def test_a_link_that_leads_out_of_the_folder_is_outside(tmp_path: Path):
    put(tmp_path, {"elsewhere.typ": "#let ink = black", "house/house.yaml": "extends: letter\n"})
    put(tmp_path, {"house/page.typ": '#import "ink.typ": ink\n#let page-foot(about) = about.page'})
    (tmp_path / "house/ink.typ").symlink_to(tmp_path / "elsewhere.typ")
    with pytest.raises(FormError, match=r'page\.typ:1: loads "ink\.typ", which lies outside'):
        load_style("house.yaml", tmp_path / "house")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<html></html>", r"page\.html\.j2:1: does not extend the page of reportkit; begin it with \{% extends"),
        (HTML + '{% include "../x.j2" %}', r'page\.html\.j2:2: loads "\.\./x\.j2", which lies outside'),
        (HTML + "{% include about.town %}", r"page\.html\.j2:2: include without a path in quotes"),
        (HTML + "{% from 'no.j2' import a %}", r"page\.html\.j2:2: loads no\.j2, which cannot be read"),
    ],
)
def test_a_template_of_a_web_page_loads_nothing_from_outside(text: str, told: str, tmp_path: Path):
    put(tmp_path, {"page.html.j2": text})
    with pytest.raises(FormError, match=told):
        load_style("house.yaml", tmp_path)


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("\n{{ about.twon }}", r"page\.html\.j2:3: .*no attribute 'twon'; mend the template there"),
        ("\n{{ about.town }", r"page\.html\.j2:3: unexpected"),
        ("{{ 1 / 0 }}", r"page\.html\.j2:2: division by zero"),
        ("{{ ''.__class__.__mro__ }}", r"page\.html\.j2:2: access to attribute '__class__'"),
        ("<script>1</script>", r"page\.html\.j2:2: <script> has no place on a page"),
        (
            "\n<img src='https://x.org/a.png'>",
            r"page\.html\.j2:3: https://x\.org/a\.png would be loaded from elsewhere",
        ),
        ("<p style='background: url(//x.org/a)'>", r"page\.html\.j2:2: //x\.org/a would be loaded"),
        ("<p onclick='f()'>", r"page\.html\.j2:2: onclick would run a program"),
    ],
)
def test_an_error_in_a_template_of_a_web_page_is_told_with_its_line(block: str, told: str, tmp_path: Path):
    shown = content(tmp_path, html=HTML + "{% block footer %}" + block + "{% endblock %}")
    with pytest.raises(ExportError, match=told):
        html_page(shown)


def test_a_page_that_loses_words_of_the_report_is_refused(tmp_path: Path):
    with pytest.raises(ExportError, match="is not printed on the page"):
        html_page(content(tmp_path, html=HTML + "{% block main %}{% endblock %}"))
    with pytest.raises(ExportError, match=r"is not printed on the page(.|\n)*page\.typ sets these pages"):
        pdf_file(content(tmp_path, typst="#let title-block(title, about) = []"), use_system_fonts=False)
    with pytest.raises(ExportError, match=r"is not printed on the page(.|\n)*pdf\.artifact"):
        pdf_file(content(tmp_path, typst="#let title-block(title, about) = [More: #title]"), use_system_fonts=False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "// x\n#let title-block(title, about) = [#boddy]",
            r"page\.typ:2: unknown variable: boddy; mend the template",
        ),
        ("#let title-block(title, about = {", r"page\.typ:1: unclosed delimiter"),
        ("#let page-foot(about) = about.nobody", r"page\.typ:1: dictionary does not contain key"),
        (
            '#let p = "/etc/"\n#let page-foot(about) = read(p + "passwd")',
            r"page\.typ:2: file not found \(not in the temp",
        ),
    ],
)
def test_an_error_in_a_template_of_a_pdf_is_told_with_its_line(text: str, told: str, tmp_path: Path):
    shown = content(tmp_path, typst=text)
    with pytest.raises(ExportError, match=told):
        pdf_file(shown, use_system_fonts=False)


def test_nbconvert_makes_the_same_page_of_it(tmp_path: Path):
    shown = content(tmp_path, html=HTML + "{% block header %}<p>{{ about.town }}</p>{% endblock %}")
    page, _ = HtmlReportExporter(style="house.yaml").from_notebook_node(notebook(text="# A & B\n\nWords.\n\n## Part"))
    assert ("<p>Alderbrook</p>" in page, page.encode() == html_page(shown)) == (True, True)


def test_another_user_s_template_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    put(tmp_path, {"page.typ": "#let page-foot(about) = about.page", "reportkit.toml": ""})
    owner = ownership.owner
    monkeypatch.setattr(
        ownership, "owner", lambda path, **more: 4711 if Path(path).name == "page.typ" else owner(path, **more)
    )
    with pytest.raises(UserError, match=r"page\.typ belongs to"):
        _ = load_project(tmp_path).styles


def test_a_project_s_templates_stand_in_its_root(tmp_path: Path):
    put(tmp_path, {"page.typ": "#let page-foot(about) = about.page", "page.html.j2": HTML, "reportkit.toml": ""})
    (style,) = load_project(tmp_path).styles.values()
    assert style.typst is not None
    assert style.html is not None
    assert (style.typst.at("page.typ"), style.html.at("page.html.j2")) == ("page.typ", "page.html.j2")


def test_a_kind_s_folder_has_its_style_and_templates_and_a_project_s_go_before(tmp_path: Path):
    kind = {
        "kind.yaml": "name: towns\ntitle: Towns\nextends: notebook\nstyle: style.yaml\n",
        "style.yaml": "extends: letter\nsignature: {agency: '{town}'}\n",
        "page.typ": "#let page-foot(about) = about.page",
    }
    put(tmp_path, {f"kinds/towns/{name}": text for name, text in kind.items()})
    put(tmp_path, {"reportkit.toml": 'kind = "towns"\nnotebook = "n.ipynb"\n'})
    (style,) = load_project(tmp_path).styles.values()
    assert (style.signature and style.signature.agency, style.typst and style.typst.folder) == ("{town}", "kinds/towns")
    put(tmp_path, {"reportkit.toml": 'kind = "towns"\nstyle = "letter"\n', "page.typ": "#let page-head(about) = [x]"})
    (style,) = load_project(tmp_path).styles.values()
    assert (style.signature, style.typst and style.typst.folder) == (None, ".")
    (tmp_path / "page.typ").unlink()
    (style,) = load_project(tmp_path).styles.values()
    assert style.typst is not None
    assert style.typst.folder == "kinds/towns"
