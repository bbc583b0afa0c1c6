"""Forms drafted from official tables: the same labels, merged cells, kinds and sums, whatever file they come in."""

import random
import re
from itertools import count
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reportkit.drafting.drafted_form import drafted
from reportkit.drafting.form_text import form_text
from reportkit.drafting.loaded_form import LoadedForm, loaded_form
from reportkit.drafting.source_files import read_source
from reportkit.errors import CellRef, Origin, UserError
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.kinds import shipped_forms
from reportkit.model.cell import Traits
from reportkit.model.filing import Filing
from reportkit.model.form import Block, Form, Header, Section, Table
from reportkit.model.rule import Rule, Term
from reportkit.report.tables import style_table
from support.form_layouts import layouts
from support.laws import examples
from support.published_variants import Report, as_word
from support.repository import FILES

FORMS = shipped_forms()


def draft_of(path: Path, content: bytes | str) -> LoadedForm:
    """The form that a file makes."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return loaded_form(drafted([read_source(str(path))], "样"))


def page(form: Form) -> str:
    """The headings and empty tables of a form, as its reports have them."""
    filing = Filing(form, "甲", form.years[0], "", {}, {}, Origin("甲.yaml"))
    sections = (
        f"<h2>{section.heading}</h2>{style_table(filing, section.table.key).to_html() if section.table else ''}"
        for section in form.sections
    )
    return f"<html><body>{''.join(sections)}</body></html>"


def without_heads(html: str) -> str:
    """A page as most sites have it, whose cells are all alike."""
    return re.sub(r"<(/?)th\b", r"<\1td", html)


def printed(form: Form) -> list[list[tuple[object, ...]]]:
    """What a form prints: each cell with its spans and its label, or with what is to be filled in."""
    return [
        [(cell.row, cell.column, cell.rowspan, cell.colspan, cell.label, bool(cell.ref)) for cell in row]
        for table in form.tables.values()
        for band in table.grid
        for row in band
    ]


def kinds(form: Form) -> list[tuple[object, ...]]:
    """What each cell holds, in print order."""
    return [
        (cell.kind, cell.unit, cell.currency, cell.options, cell.negative)
        for table in form.tables.values()
        for cell in table.cells.values()
    ]


def word(form: Form) -> bytes:
    """The headings and empty tables of a form as a Word file."""
    sections = [(section.heading, [rows(section.table)] if section.table else []) for section in form.sections]
    return as_word(Report("年度报告", [], sections), random.Random(0))


def rows(table: Table) -> list[list[tuple[str, int, int]]]:
    cells = [row for band in table.grid for row in band]
    return [[(cell.label, cell.rowspan, cell.colspan) for cell in row] for row in cells]


WAYS = {
    "form.xlsx": form_bytes,
    "page.html": page,
    "file.docx": word,
    "copy.html": lambda form: without_heads(page(form)),
}


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize(("edition", "printed_rows", "sums"), [("2021", 46, 42), ("2019", 48, 40)])
def test_an_official_edition_comes_back_from_a_page_a_workbook_and_a_word_file(
    tmp_path, edition, printed_rows, sums, name
):
    form = FORMS[edition]
    made = draft_of(tmp_path / name, WAYS[name](form))
    found = made.likenesses().values()
    assert (sum(one.same for one in found), sum(one.rows for one in found)) == (printed_rows, printed_rows)
    assert printed(made.form) == printed(form)
    assert kinds(made.form) == kinds(form)
    assert len(made.form.rules) == sums
    assert equations(made.form) == {one for one in equations(form) if one[1] or len(one[0]) > 3}


def equations(form: Form) -> set[tuple[frozenset[int], int | None]]:
    """The rules of a form as the cells that take part, and the one that is computed: each by its place among all."""
    places = {ref: at for at, ref in enumerate(one for table in form.tables.values() for one in table.cells)}
    return {
        (frozenset(places[ref] for ref in rule.refs), places[rule.total] if rule.total else None) for rule in form.rules
    }


def test_a_page_that_another_site_has_merged_otherwise_comes_out_as_the_edition_of_its_year(tmp_path):
    content = (FILES / "published/003.txt").read_bytes()
    made = draft_of(tmp_path / "003.html", content)
    assert [one.same for one in made.likenesses().values()] == [18, 26, 4]
    assert printed(made.form) == printed(FORMS["2019"])


@settings(max_examples=examples(40))
@given(form=layouts())
def test_a_form_of_any_layout_comes_back_from_its_own_blank_workbook(tmp_path_factory, form):
    made = draft_of(tmp_path_factory.mktemp("draft") / "form.xlsx", form_bytes(form))
    assert printed(made.form) == printed(form)


@settings(max_examples=examples(40))
@given(form=layouts(), heads=st.booleans())
def test_a_form_of_any_layout_comes_back_from_its_own_page(tmp_path_factory, form, heads):
    html = page(form) if heads else without_heads(page(form))
    made = draft_of(tmp_path_factory.mktemp("draft") / "page.html", html)
    assert printed(made.form) == printed(form)


TRAITS = [
    Traits(),
    Traits("change"),
    Traits("amount", "万元"),
    Traits("amount"),
    Traits("number"),
    Traits("number", "公里"),
    Traits("number", negative=True),
    Traits("percent"),
    Traits("money", currency="USD"),
    Traits("text"),
    Traits("choice", options=("甲", "乙")),
    Traits("date"),
]
ADDED = [TRAITS[0], TRAITS[2], TRAITS[5], TRAITS[8]]


@st.composite
def typed_forms(draw: st.DrawFn) -> Form:
    """A form with groups of columns of any kinds, rows that differ from these, and totals that are worked out."""
    names = (f"第{number}列" for number in count())
    groups = draw(st.lists(st.lists(st.sampled_from(TRAITS), min_size=1, max_size=2), min_size=1, max_size=3))
    columns = [
        Header(f"g{at}", next(names), tuple(Header(f"c{n}", next(names), traits=one) for n, one in enumerate(group)))
        if len(group) > 1
        else Header(f"g{at}", next(names), traits=group[0])
        for at, group in enumerate(groups)
    ]
    rows = [Header(f"r{at}", f"第{at}行") for at in range(draw(st.integers(1, 3)))]
    rows += [Header("own", "另一行", traits=draw(st.sampled_from(TRAITS[1:])))] if draw(st.booleans()) else []
    block = Block("", "项目", tuple(columns), tuple(rows))
    added = Block(
        "",
        "项目",
        tuple(Header(f"c{at}", next(names), traits=draw(st.sampled_from(ADDED))) for at in range(2)),
        (Header("a", "其一"), Header("b", "其二"), Header("total", "合计")),
    )
    tables = [Table("one", "一表", (block,)), Table("two", "二表", (added,))]
    rules = [
        Rule(
            "K1",
            "合计",
            "error",
            "",
            (Term(CellRef("two", "a", key)), Term(CellRef("two", "b", key))),
            (Term(CellRef("two", "total", key)),),
            CellRef("two", "total", key),
        )
        for key in ("c0", "c1")
    ]
    sections = tuple(
        Section(one.key, f"{number}、{one.caption}", one, {}) for number, one in zip("一二", tables, strict=True)
    )
    return Form("样", "", (2020, None), "{jurisdiction}{year}年样", sections, tuple(rules))


@settings(max_examples=examples(40))
@given(form=typed_forms())
def test_kinds_and_units_come_back_from_a_forms_own_blank_workbook(tmp_path_factory, form):
    made = draft_of(tmp_path_factory.mktemp("draft") / "form.xlsx", form_bytes(form))
    assert printed(made.form) == printed(form)
    assert kinds(made.form) == kinds(form)
    assert [(rule.total, len(rule.left)) for rule in made.form.rules] == [
        (CellRef("t2", "total", key), 2) for key in ("c1", "c2")
    ]


TEXTS = st.sampled_from([
    "", "甲", "乙", "合计", "小计", "总计", "其中：丙", "1", "-4", "3.5", "5%", "2024", "金额（万元）", "完成率", "是", "□是 □否", "备注",
    "—", "Total", "项目", "序号", "a: b", '"x', "{y}", "- z", "null", "# ?", "\u202e甲", "=1+1", "第一项等于第二项",
])  # fmt: skip


@st.composite
def any_tables(draw: st.DrawFn) -> str:
    """A table of any cells, which may be merged in ways that no table is."""
    spans = st.sampled_from(["", "", "", " colspan=2", " rowspan=2", " colspan=3"])
    cell = st.builds("<{}{}>{}</td>".format, st.sampled_from(["td", "td", "th"]), spans, TEXTS)
    drawn = draw(st.lists(st.lists(cell, min_size=1, max_size=5), min_size=1, max_size=6))
    return f"<p>表</p><table>{''.join(f'<tr>{chr(10).join(row)}</tr>' for row in drawn)}</table>"


@settings(max_examples=examples(300))
@given(html=any_tables())
@example(html="<p>表</p><table><tr><td>甲</td>\n<td></td>\n<td>甲</td>\n<td>1</td></tr></table>")
def test_any_table_makes_a_form_that_loads_or_is_told_why_not(tmp_path_factory, html):
    made = outcome(tmp_path_factory.getbasetemp() / "any.html", html)
    if isinstance(made, LoadedForm):
        assert form_text(made.draft) == made.text
        assert [one.rows for one in made.likenesses().values()] != [0]
    else:
        assert "any.html" in made


def outcome(path: Path, html: str) -> LoadedForm | str:
    """The form that a table makes, or what is told where it makes none."""
    try:
        return draft_of(path, html)
    except UserError as error:
        return str(error)
