"""The pictures of docs/style.md: a page in each style, and in each of the files that stand on that page.

uv run python tools/style_pictures.py           writes docs/styles/*.png
uv run python tools/style_pictures.py --check   writes nothing; exits with 1 if a picture is missing or too large
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/style.md"
FOLDER = ROOT / "docs/styles"
LARGEST = 60_000
"""A picture has fewer bytes than this: a page on the web has ten of them."""

_INCH = 60
"""So many dots of a picture are an inch of the page."""

_COLOURS = 32
_FILE = re.compile(r"```\w+\n(?:#|//|\{#) ([\w.]+\.\w+)(?: #\})?\n(.*?)```", re.S)
_SEAL = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 60"><circle cx="30" cy="30" r="28" fill="#1b4f72"/>
<path d="M14 40 L26 18 L33 30 L38 23 L47 40 Z" fill="#fff"/></svg>"""


class Picture(NamedTuple):
    """A picture: the style, by name or file, the language of its report, the page (-1 for the last), and other files.

    With a brand's file the style goes under it; with a template's it has that beside it.
    """

    style: str
    chinese: bool = False
    page: int = 0
    brand: str = ""
    beside: tuple[str, ...] = ()


PICTURES: Mapping[str, Picture] = {
    "gbt-9704": Picture("gbt-9704", chinese=True),
    "a4": Picture("a4"),
    "letter": Picture("letter"),
    "cover": Picture("cover.yaml"),
    "cover-end": Picture("cover.yaml", page=-1),
    "official": Picture("official.yaml", chinese=True),
    "official-end": Picture("official.yaml", chinese=True, page=-1),
    "letterhead": Picture("letterhead.yaml"),
    "brand": Picture("a4", brand="_brand.yml"),
    "template": Picture("plain.yaml", beside=("page.typ",)),
}


def files() -> dict[str, str]:
    """Return the files that stand on the page, by name."""
    return dict(_FILE.findall(PAGE.read_text(encoding="utf-8")))


def made(name: str) -> bytes:
    """Return a picture as a PNG."""
    from reportkit.exporters import read_content
    from reportkit.page_styles import Overlays, styles_of

    wanted = PICTURES[name]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        told = {**files(), "plain.yaml": "extends: letter\n", "seal.svg": _SEAL}
        for file in (wanted.style, wanted.brand, "seal.svg", *wanted.beside):
            if file in told:
                (folder / file).write_text(told[file], encoding="utf-8")
        over = Overlays(brand=folder / wanted.brand if wanted.brand else None)
        content = read_content(report(wanted.chinese), styles=styles_of(wanted.style, folder, over))
        return _drawn(content, wanted.page)


def _drawn(content: Any, page: int) -> bytes:
    from PIL import Image

    from reportkit.exporters.pdf import drawn

    drawing = Image.open(io.BytesIO(drawn(content, _INCH * 2, use_system_fonts=False)[page])).convert("RGB")
    small = drawing.resize((drawing.width // 2, drawing.height // 2), Image.Resampling.LANCZOS)
    found = io.BytesIO()
    small.quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(found, "PNG", optimize=True)
    return found.getvalue()


def report(chinese: bool) -> Any:
    """Return a notebook that was run: a made-up town's, or the sample of the statute."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    if chinese:
        from reportkit.batch import execute
        from reportkit.notebook import parameters
        from reportkit.project import load_project

        project = load_project(ROOT)
        filing = project.read(ROOT / "params/2019/宁海县/桑洲镇.yaml")
        return execute(project.notebook, parameters(filing), project.root)
    given = new_code_cell(
        'town = "Alderbrook"\nyear = 2024\nclerk = "Ann O’Hara"\ndate = "2025-02-14"',
        metadata={"tags": ["parameters"]},
        execution_count=1,
    )
    table = new_code_cell(
        "permits", execution_count=2, outputs=[new_output("display_data", {"text/html": "".join(_table())})]
    )
    words = [new_markdown_cell(text) for text in _TEXT]
    return new_notebook(cells=[given, *words[:2], table, *words[2:]])


def _table() -> Iterator[str]:
    yield "<table><caption>Permits by ward</caption><thead><tr><th>Ward</th><th>2023</th><th>2024</th><th>Change</th>"
    yield "<th>Fees</th></tr></thead><tbody>"
    for ward, before, now, fees in _WARDS:
        change = f"{(now - before) / before:+.1%}".replace("-", "−")
        yield f"<tr><th>{ward}</th><td>{before:,}</td><td>{now:,}</td><td>{change}</td><td>${fees:,}</td></tr>"
    yield "</tbody></table>"


_WARDS = [
    ("North Side", 1_204, 1_318, 42_180),
    ("Mill Street", 862, 790, 25_310),
    ("Harbor", 2_041, 2_466, 96_050),
    ("Orchard Hill", 407, 415, 12_900),
    ("Town in all", 4_514, 4_989, 176_440),
]

_WORDS = (
    "The town’s offices granted more building permits than in any year since the mill was rebuilt. Most of them were "
    "for the harbor, where the new breakwater was finished in May; the clerk’s log calls it “the year of scaffolding”. "
)
_TEXT = [
    f"# Annual Report of the Town of Alderbrook, 2024\n\n{_WORDS}Fees paid for all of the work.",
    f"## Permits\n\n{_WORDS}The figures are those of *December 31*; what was withdrawn is not counted.",
    "### What was refused\n\n- Three garages that stood nearer to the street than **twenty feet**.\n"
    "- One sign, whose owner has asked the board to look at it again.\n\n"
    f"> “We would rather have fewer rules, and keep those that we have.”\n\n{_WORDS}",
    f"## Roads and water\n\n{_WORDS * 3}\n\n{_WORDS * 4}",
    f"## Outlook\n\n{_WORDS * 4}\n\n{_WORDS * 3}",
]


def main() -> int:
    """Write the pictures, or look at them; return what the command ends with."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    FOLDER.mkdir(exist_ok=True)
    wrong = 0
    for name in PICTURES:
        path = FOLDER / f"{name}.png"
        if not check:
            path.write_bytes(made(name))
        size = path.stat().st_size if path.exists() else 0
        wrong += not 0 < size < LARGEST
        print(f"{path.relative_to(ROOT)}: {size / 1000:.0f} kB")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
