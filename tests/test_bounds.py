"""No text, file or report takes more time or memory than its size asks for."""

import contextlib
import gc
import io
import os
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reportkit.batch.inputs import Loaded
from reportkit.batch.processes import worker
from reportkit.batch.processes.pool import Crew
from reportkit.batch.processes.resource_limits import Limits
from reportkit.batch.processes.worker import CAN_FORK, Settings
from reportkit.checks import other_names as strangers
from reportkit.checks import texts
from reportkit.checks.filing_runner import found_against, found_in
from reportkit.errors import ReaderError
from reportkit.exporters.images import extract_svg
from reportkit.exporters.markdown_cells import read_markdown
from reportkit.exporters.printouts import is_python, terminal
from reportkit.exporters.sanitize import clean
from reportkit.imports.published import read_published
from reportkit.imports.workbook import read_workbook
from reportkit.kinds import shipped_forms
from reportkit.notebook.both_changes import both_changes
from reportkit.notebook.cells import Cell, cells_of
from reportkit.notebook.line_merge import merge_lines
from reportkit.notebook.merge import merge
from reportkit.params.reader import MAX_WORDS, read_params
from reportkit.project import Project, plan
from reportkit.report.narrative.expressions import NarrativeError, filled
from reportkit.report.narrative.town import town_html
from reportkit.spreadsheets.size_limits import SizeLimits
from reportkit.worddiff import word_diff
from reportkit.worddiff.common_subsequence import matching_blocks
from support import patterns
from support.filings import filing
from support.repetitive import ENDS, UNITS, grows, is_steep, repeated
from support.repository import SANGZHOU

FORMS = shipped_forms()
NAMES = frozenset(("桑洲镇", "乙镇", "丙乡", "丁街道"))
HEAD = "year: 2019\njurisdiction: 甲镇\nedition: '2019'\n"
TITLE = "桑洲镇2019年政府信息公开工作年度报告\n"
COLUMNS = "信息内容\t本年新制作数量\t本年新公开数量\t对外公开总数量\n"

SLACK = 2.5
"""So many times as long as in linear growth: n log n, and what a machine at work adds."""


def all_rules(text: str) -> None:
    """Every rule over a filing, all of whose words are the text, next to last year's with the same words."""
    for cached in (texts._passages, texts.paragraphs):
        cached.cache_clear()
    now = filing({"overview": text, "problems": text, "other": text}, 2021)
    found_in(now)
    found_against(now, replace(now, year=2020))
    list(strangers.other_names(now, NAMES))
    list(strangers.names_on_page([("a", text)], "丁镇", "丁镇", NAMES))


def check_of(wrapped: Callable[[str], str]) -> Callable[[str], None]:
    def work(text: str) -> None:
        with contextlib.suppress(ReaderError):
            found_in(read_params(Path("a.yaml"), FORMS, "a.yaml", wrapped(text).encode("utf-8", "replace")))

    return work


def import_of(wrapped: Callable[[str], str]) -> Callable[[str], None]:
    def work(text: str) -> None:
        with contextlib.suppress(ReaderError):
            read_published(wrapped(text).encode("utf-8", "replace"), "a", FORMS)

    return work


def fill(text: str) -> None:
    with contextlib.suppress(NarrativeError):
        filled(text, {}, "")


def compare(text: str) -> None:
    word_diff(text, f"{text[: len(text) // 5]}改{text}")


def merge_texts(text: str) -> None:
    lines = text.replace("x", "\n")
    merge_lines(lines, f"甲\n{lines}\n乙", f"{lines}{lines}")
    merge_lines(lines, lines.replace("1", "1\n"), f"{lines}\n")


def merge_prose(text: str) -> None:
    merge_lines(text, f"甲。{text}乙。", f"{text}{text}", prose=True)
    merge_lines(text, text.replace("1", "1。"), text.replace("一", "。一"), prose=True)
    both_changes(text, f"甲。{text}", f"{text}乙。", prose=True)


RULES_AND_READERS: dict[str, Callable[[str], None]] = {
    "rules": all_rules,
    "file": check_of(lambda text: text),
    "narrative": check_of(lambda text: f"{HEAD}narrative:\n  总体情况: |\n    {text}\n"),
    "agency": check_of(lambda text: f"{HEAD}agency: {text}\n"),
    "quoted": check_of(lambda text: f'{HEAD}agency: "{text}'),
    "key": check_of(lambda text: f"{HEAD}? |\n  {text}\n: 1\n"),
    "keys": check_of(lambda text: HEAD + "".join(f"a{at}: 1\n" for at in range(len(text) // 8))),
    "equal keys": check_of(lambda text: HEAD + "a: 1\n" * (len(text) // 5)),
    "unknown rows": check_of(
        lambda text: f"{HEAD}figures:\n  表二:\n" + "".join(f"    b{at}: 1\n" for at in range(len(text) // 12))
    ),
    "directives": check_of(lambda text: "%TAG !a! tag:a\n" * (len(text) // 15) + f"---\n{HEAD}"),
    "text": import_of(lambda text: f"{TITLE}一、总体情况\n{text}"),
    "row": import_of(lambda text: f"{TITLE}一、总体情况\n好。\n二、主动公开政府信息情况\n{COLUMNS}规章\t1\t2\t3\n规范性文件\t{text}"),
    "page": import_of(lambda text: f"<html><h1>{TITLE}</h1><p>{text}</p><table><tr><td>规章<td>{text[:999]}</table>"),
    "tag": import_of(lambda text: f"<html><p {text}>a</p>"),
    "cell": import_of(lambda text: f"<html><table><tr><td>规章<td>{text}</table>"),
}  # fmt: skip

WRITERS: dict[str, Callable[[str], Any]] = {
    "town's words": town_html,
    "filling": fill,
    "filling an expression": lambda text: fill("{{" + text),
    "word diff": compare,
    "merging": merge_texts,
    "merging prose": merge_prose,
    "drawings": extract_svg,
    "terminal": terminal,
    "value": lambda text: is_python("[" + text),
}


WORKS = RULES_AND_READERS | WRITERS


def steep(
    works: dict[str, Callable[[str], Any]], units: tuple[str, ...], end: str, sizes: tuple[int, int]
) -> list[str]:
    """What takes longer than n log n, with how many times as long."""
    return [
        f"{name}: {unit!r} and {end!r}: {growth:.1f}"
        for name, work in works.items()
        for unit in units
        if (growth := grows(work, lambda size, unit=unit: repeated(unit, size, end), *sizes)) > SLACK
    ]


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Import and compile what the first call does, and leave all that is there to no collection from now on."""
    for work in WORKS.values():
        work("字1件")
    gc.freeze()


EVERY_DAY = {
    "rules": ("1", "收到政府信息公开申请1件", "1件占1%，", "其中1件"),
    "equal keys": ("a",),
    "text": (" ", "|", "\f\n"),
    "row": ("规章\t1\t2\n",),
    "town's words": ("|a|\n|-|\n\n",),
    "filling an expression": ("{{",),
    "word diff": ("一", "a\n"),
    "merging": ("\n", "a\n"),
    "merging prose": ("。", "一。"),
    "drawings": ("<svg ",),
}
"""What the slow tests try with everything, with what was worst."""

LARGE = {"row": 100_000, "town's words": 100_000}
"""Where less shows nothing."""

PART = 1 if os.environ.get("REPORTKIT_ALL_TEXTS") else 8
"""The slow tests try every eighth unit with each work, another eighth with the next; all with all take half an hour."""


@pytest.mark.parametrize("name", EVERY_DAY)
def test_time_grows_with_the_length_of_a_text(name: str) -> None:
    size = LARGE.get(name, 20_000)
    assert steep({name: WORKS[name]}, EVERY_DAY[name], "x", (size // 10, size)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", WORKS)
def test_time_grows_with_the_length_of_any_repetitive_text(name: str) -> None:
    units = UNITS[list(WORKS).index(name) % PART :: PART]
    assert steep({name: WORKS[name]}, units, "x", (40_000, 400_000)) == []


@pytest.mark.slow
@pytest.mark.parametrize("end", ENDS)
def test_time_grows_with_the_length_whatever_the_last_sign(end: str) -> None:
    units = UNITS[ENDS.index(end) % PART :: PART]
    assert steep({name: WORKS[name] for name in ("rules", "text", "page")}, units, end, (5_000, 50_000)) == []


@pytest.mark.slow
def test_markdown_of_notebooks_grows_with_its_length() -> None:
    """Such cells are a notebook's, which is run within a report's time; a part of them is mistune's."""
    works = {"markdown": read_markdown, "html": clean}
    assert steep(works, UNITS[::PART], "", (4_000, 40_000)) == []


ELSEWHERE = {
    "exporters.glyphs": "our own PDF",
    "exporters.readback": "our own PDF",
    "exporters.completeness": "our own page, in which a text's signs are entities",
    "report.comparison.pictures": "our own drawing",
    "form_workbook.equation_formulas": "our own addresses of cells",
    "exporters.images._SVG_EDGE": "looked for up to the end of the last tag",
    "report.narrative.town._ESCAPED_START": "put in the place of what has been found at the beginning",
    "documents.html._EACH_ATTRIBUTE": "within one tag, which is nothing but attributes",
    "kinds.headings._REPEATED": "in at most 40 characters",
    "report.narrative.completion._CHAIN": "in at most 500 characters",
    "report.narrative.completion._FIRST": "in at most 500 characters",
    "documents.html._STRIKING": "in the first thousand characters of a style",
    "imports.published.lexer._RUN_ON": "in at most 120 characters",
    "params.syntax._TEXT_BEGINS": "in a line, of which there is but one",
    "spreadsheets.formulas._REFERENCE": "a part of another one",
}
"""The patterns whose texts are short, or nobody's, and why."""


SHARES = 16


def test_what_is_left_out_is_there() -> None:
    names = [used.name for used in patterns.patterns()]
    assert [left_out for left_out in ELSEWHERE if not any(name.startswith(left_out) for name in names)] == []


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_every_pattern_takes_time_that_grows_with_the_length(share: int) -> None:
    found = [used for used in patterns.patterns() if not used.name.startswith(tuple(ELSEWHERE))]
    assert len(found) > 200
    assert [used.name for used in found[share::SHARES] if _is_steep(used)] == []


def _is_steep(used: patterns.Used) -> bool:
    def work(text: Any) -> None:
        patterns.look(used, text)

    return any(is_steep(work, text, SLACK) for text in patterns.makers(used.pattern))


def test_a_text_too_long_for_a_report_is_told_with_its_place() -> None:
    words = "字" * (MAX_WORDS // 2 + 1)
    content = f"{HEAD}narrative:\n  总体情况: {words}\n  存在的主要问题及改进情况: {words}\n".encode()
    read = read_params(Path("a.yaml"), FORMS, "a.yaml", content)
    (issue,) = (note for note in read.notes if note.code == "Y7")
    assert issue.severity == "error"
    assert issue.origin.place == "6"
    assert f"{MAX_WORDS} 字" in issue.message
    assert len(read.narrative["overview"]) == len(words)
    assert "problems" not in read.narrative


def test_a_file_of_nothing_but_names_is_told_at_the_first_that_is_too_much() -> None:
    content = (HEAD + "".join(f"a{at}: 1\n" for at in range(90_000))).encode()
    with pytest.raises(ReaderError) as caught:
        read_params(Path("a.yaml"), FORMS, "a.yaml", content)
    (issue,) = caught.value.issues
    assert (issue.code, issue.origin.place) == ("Y1", "10001")


@pytest.mark.usefixtures("chinese")
def test_an_expression_that_is_nested_too_deep_is_told() -> None:
    with pytest.raises(NarrativeError, match="套得太深"):
        filled("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", {}, "第一部分")


def test_long_texts_are_compared_by_what_stands_in_them_once() -> None:
    before = [str(at) for at in range(3000)]
    after = [*before[:1000], "x", *before[1001:2000], *before[2500:]]
    blocks = matching_blocks(before, after)
    assert [tuple(block) for block in blocks] == [(0, 0, 1000), (1001, 1001, 999), (2500, 2000, 500)]
    assert sum(block.size for block in matching_blocks(["a"] * 3000, ["a"] * 2999)) == 2999
    assert matching_blocks(before, ["y"] * 3000) == []


@pytest.mark.parametrize("kind", ["ids", "sources"])
def test_many_cells_are_merged_in_time_that_grows_with_their_number(kind: str) -> None:
    def cells(count: int) -> Any:
        renewed = [Cell(f"new-{at}", "markdown", f"词 {at}") for at in range(count)]
        base = [Cell(f"old-{at}", "markdown", f"词 {at}") for at in range(count)]
        return (base, renewed, [*base, *(Cell(f"more-{at}", "markdown", "") for at in range(count))])

    def same_ids(count: int) -> Any:
        cell = {"id": "a", "cell_type": "markdown", "metadata": {}, "source": "词"}
        return {"cells": [dict(cell) for _ in range(count)]}

    if kind == "ids":
        assert grows(cells_of, same_ids, 1000, 10_000) < SLACK
    else:
        assert grows(lambda three: merge(*three), cells, 300, 3000) < SLACK


@cache
def _sheet_parts() -> tuple[str, str, str]:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return space, office, "http://schemas.openxmlformats.org/package/2006/relationships"


def _xlsx(sheets: list[str], targets: list[int] | None = None) -> bytes:
    """A workbook of these sheets' data; `targets` are the numbers of the parts, if several sheets are one."""
    space, office, package = _sheet_parts()
    targets = targets or list(range(len(sheets)))
    books = "".join(f'<sheet name="表{at}" sheetId="{at + 1}" r:id="r{at}"/>' for at in range(len(targets)))
    relations = "".join(
        f'<Relationship Id="r{at}" Type="{office}/worksheet" Target="worksheets/{number}.xml"/>'
        for at, number in enumerate(targets)
    )
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="a" Type="{office}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr("xl/workbook.xml", f'<workbook {space} xmlns:r="{office}"><sheets>{books}</sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}">{relations}</Relationships>')
        for at, data in enumerate(sheets):
            archive.writestr(f"xl/worksheets/{at}.xml", f"<worksheet {space}><sheetData>{data}</sheetData></worksheet>")
    return raw.getvalue()


def _text_cell(address: str, text: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def _refused(raw: bytes, **limits: int) -> set[str]:
    with pytest.raises(ReaderError) as caught:
        read_workbook(raw, "a.xlsx", FORMS, limits=SizeLimits(**limits))
    return {issue.code for issue in caught.value.issues}


def test_sheets_with_far_cells_are_too_large_together() -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="3000"><c r="ALL3000"><v>1</v></c></row>'
    assert _refused(_xlsx([far] * 3)) == {"W2"}


def test_a_part_that_is_two_sheets_is_a_damaged_workbook() -> None:
    assert _refused(_xlsx(['<row r="1"><c r="A1"><v>1</v></c></row>'], [0, 0])) == {"W1"}


def test_a_formula_that_thousands_of_cells_share_is_too_much_text() -> None:
    long = "+".join(["A1"] * 2000)
    first = f'<c r="A1"><f t="shared" si="0" ref="A1:A9000">{long}</f><v>1</v></c>'
    rows = "".join(f'<row r="{at}"><c r="A{at}"><f t="shared" si="0"/><v>1</v></c></row>' for at in range(2, 9000))
    assert _refused(_xlsx([f'<row r="1">{first}</row>{rows}']), formulas=100_000) == {"W2"}


def test_a_header_of_slashes_or_of_all_columns_takes_no_longer_than_others() -> None:
    def slashes(size: int) -> bytes:
        return _xlsx([f'<row r="1">{_text_cell("A1", "单位名称")}{_text_cell("B1", "/" * size)}</row>'])

    def work(raw: bytes) -> None:
        with pytest.raises(ReaderError):
            read_workbook(raw, "a.xlsx", FORMS)

    assert grows(work, slashes, 500, 5_000) < SLACK
    wide = f'<row r="1">{_text_cell("A1", "单位名称")}{_text_cell("XFD1", "件")}</row>'
    start = time.process_time()
    work(_xlsx([f'{wide}<row r="30">{_text_cell("A30", "甲镇")}</row>']))
    assert time.process_time() - start < 15


def _for_ever(_: Loaded) -> Any:
    while True:
        time.sleep(0.01)


def _nothing(*_: Any) -> Any:
    return None


@pytest.mark.usefixtures("warm_workers")
@pytest.mark.skipif(not CAN_FORK, reason="elsewhere the crew itself ends the worker, as other tests show")
def test_reading_and_checking_are_held_to_the_time_of_a_report(project: Project, tmp_path: Path) -> None:
    job = plan(project, [SANGZHOU], ["html"], tmp_path)[0]
    with Crew(1, Settings(Limits(seconds=1), True, project)) as crew:
        outcome = crew.submit(worker.make, Loaded(job), _for_ever, _nothing).result(timeout=100)
        assert outcome.status == "failed"
        assert outcome.reason == "reading and checking: took longer than the 1 s a report may take (--timeout)"
        # The worker goes on with the next report.
        assert crew.submit(time.time).result(timeout=100)
