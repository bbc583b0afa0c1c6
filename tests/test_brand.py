"""A brand over a style: its colours, logo and typography, and what is told of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportkit.batch.fingerprint import environment
from reportkit.errors import FormError, UserError
from reportkit.exporters.fonts import missing_typefaces
from reportkit.page_styles import CompleteStyle, Overlays, load_style
from reportkit.project import load_project

SEAL = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'


def branded(folder: Path, text: str, style: str = "letter") -> CompleteStyle:
    path = folder / "_brand.yml"
    path.write_text(text, encoding="utf-8")
    (folder / "seal.svg").write_text(SEAL, encoding="utf-8")
    return load_style(style, folder, Overlays(brand=path, shown=lambda path: path.name))


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_colours_by_value_name_and_name_of_a_name(tmp_path: Path):
    text = "color:\n  palette: {sea: '#1B4F72', deep: sea, ink: '#222'}\n  foreground: ink\n  background: white\n  primary: deep\n"
    colours = branded(tmp_path, text).colours
    assert (colours.text, colours.paper, colours.accent) == ("#222222", "#ffffff", "#1b4f72")
    text += "typography: {base: {color: '#111111'}, headings: {color: primary}}\n"
    colours = branded(tmp_path, text).colours
    assert (colours.text, colours.accent) == ("#111111", "#1b4f72")


def test_typography_gives_typefaces_sizes_and_lines(tmp_path: Path):
    text = (
        "typography:\n  base: {family: Open Sans, size: 16px, line-height: 1.5}\n"
        "  headings: {family: Libertinus Serif, weight: 400}\n  monospace: DejaVu Sans Mono\n"
    )
    style, letter = branded(tmp_path, text), load_style("letter")
    assert (style.text.size, style.text.lines) == ("12pt", 36)
    assert (style.faces.body.families[0], style.faces.body.fallback) == ("Open Sans", letter.faces.body.fallback)
    assert (style.faces.heading.families[0], style.faces.heading.weight) == ("Libertinus Serif", "regular")
    assert style.faces.emphasis.slant == "italic"
    assert style.wished == ("Open Sans", "Libertinus Serif", "DejaVu Sans Mono")


def test_a_typeface_that_is_not_there_is_told_with_what_stands_for_it(tmp_path: Path):
    style = branded(tmp_path, "typography: {base: Nowhere Sans, headings: {family: libertinus serif}}\n")
    told = "the typeface Nowhere Sans is not on this machine; in the PDF Libertinus Serif stands for it"
    assert missing_typefaces(style, use_system_fonts=False) == [told]


def test_a_style_on_a_grid_keeps_its_size(tmp_path: Path):
    style = branded(tmp_path, "typography: {base: {size: 11pt}}\n", "gbt-9704")
    assert style.text == load_style("gbt-9704").text
    assert style.notes == (
        "_brand.yml: typography.base: size and line-height are not used, as the style gbt-9704 sets its text on a grid",
    )


def test_the_largest_logo_goes_onto_a_cover_and_the_smallest_into_a_letterhead(tmp_path: Path):
    (tmp_path / "house.yaml").write_text("cover: {}\nletterhead: {name: Town}\n", encoding="utf-8")
    text = (
        "logo:\n  images: {seal: {path: seal.svg, alt: Seal}}\n  small: {light: seal, dark: other}\n  large: seal.svg\n"
    )
    style = branded(tmp_path, text, "house.yaml")
    logos = [part.logo for part in (style.cover, style.letterhead) if part]
    assert [(logo.file, logo.alt) for logo in logos if logo] == [("seal.svg", ""), ("seal.svg", "Seal")]
    assert dict(style.pictures) == {"cover": SEAL.encode(), "letterhead": SEAL.encode()}
    assert branded(tmp_path, text).pictures == ()  # a letter has neither


def test_what_no_brand_has_is_told_and_what_we_do_not_use_is_not(tmp_path: Path):
    text = (
        "meta: {name: x}\ndefaults: {bootstrap: {}}\ncolor: {secondary: red, fourground: '#000'}\n"
        "typography: {fonts: [], link: {weight: 600}, base: {wieght: 400}}\ncolour: {}\n"
    )
    assert branded(tmp_path, text).notes == (
        "_brand.yml: no brand has color.fourground, which is left out; did you mean foreground?",
        "_brand.yml: no brand has typography.base.wieght, which is left out; did you mean weight?",
        "_brand.yml: no brand has colour, which is left out; did you mean color?",
    )
    assert branded(tmp_path, "").notes == ()


def test_a_colour_too_pale_for_headings_is_told_and_not_used(tmp_path: Path):
    style = branded(tmp_path, "color: {primary: '#ffee00'}\n")
    assert style.colours == load_style("letter").colours
    assert style.notes[0].startswith("_brand.yml: #ffee00 is too pale for headings on #ffffff")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("color:\n  foreground: inkk\n", r"^_brand\.yml:2: color\.foreground is 'inkk', which is no colour"),
        ("color:\n  palette: {a: b, b: a}\n  primary: a\n", r":3: color\.primary is 'a', which is no colour"),
        ("color: {background: '#222222'}\n", r":1: color: colours: text is #000000 on #222222"),
        ("color: red\n", r":1: color is a mapping with names"),
        ("typography:\n  base:\n    size: big\n", r":3: typography\.base\.size is 'big'; a size is a number with"),
        ("typography: {base: {size: 90pt}}\n", r":1: typography\.base\.size is 90pt; a text is set from 6pt to 30pt"),
        ("typography: {base: {line-height: 9}}\n", r":1: typography\.base\.line-height is 9; a line is 1 to 3 times"),
        ("typography: {headings: {weight: fat}}\n", r":1: typography\.headings\.weight is 'fat'; a weight is"),
        (
            "typography: {base: {family: [a]}}\n",
            r":1: typography\.base\.family is \['a'\], which no typeface is called",
        ),
        ("- a\n", r"^_brand\.yml: "),
        ("color: {\n", r"^_brand\.yml:1: not readable as YAML"),
    ],
)
def test_what_is_wrong_in_a_brand_is_told_with_its_line(text: str, told: str, tmp_path: Path):
    with pytest.raises(FormError, match=told):
        branded(tmp_path, text)


def test_a_project_has_the_brand_of_its_root_or_one_that_it_names(tmp_path: Path):
    def accent(config: str) -> str:
        (tmp_path / "reportkit.toml").write_text(config, encoding="utf-8")
        (style,) = load_project(tmp_path).styles.values()
        return style.colours.accent

    assert accent("") == "none"
    (tmp_path / "_brand.yml").write_text("color: {primary: '#1b4f72'}\n", encoding="utf-8")
    (tmp_path / "other.yml").write_text("color: {primary: '#720000'}\n", encoding="utf-8")
    assert [accent(text) for text in ("", 'brand = "other.yml"', 'brand = "none"')] == ["#1b4f72", "#720000", "none"]
    with pytest.raises(UserError, match=r"^reportkit\.toml: brand 'no\.yml': no such file"):
        accent('brand = "no.yml"')


def test_another_brand_or_logo_is_another_environment(tmp_path: Path):
    (tmp_path / "n.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    (tmp_path / "reportkit.toml").write_text('notebook = "n.ipynb"\n[page.cover]\nsubtitle = "x"\n', encoding="utf-8")

    def digest() -> str:
        return str(environment(load_project(tmp_path), ["html"])["style"])

    (tmp_path / "_brand.yml").write_text("logo: {medium: seal.svg}\n", encoding="utf-8")
    (tmp_path / "seal.svg").write_text(SEAL, encoding="utf-8")
    found = {digest()}
    (tmp_path / "_brand.yml").write_text("# a remark\nlogo: {medium: seal.svg}\n", encoding="utf-8")
    assert {digest()} == found
    (tmp_path / "seal.svg").write_text(SEAL.replace("r=", "ry="), encoding="utf-8")
    found.add(digest())
    (tmp_path / "page.typ").write_text("#let page-foot(about) = about.page", encoding="utf-8")
    found.add(digest())
    assert len(found) == 3
