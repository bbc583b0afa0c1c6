"""What Tab offers in a narrative cell, and the unknown names that are told without running one."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from reportkit.assigned_names import bound
from reportkit.project import Project
from reportkit.report.narrative import names
from reportkit.report.narrative.completion import NarrativeMatcher, offered
from reportkit.report.narrative.unknown_names import NarrativeCell, unknown_names
from support.repository import SUQIAN

COLUMNS = ["person", "company", "research", "charity", "legal_service", "other", "total"]
LABELS = [
    "申请人情况",
    "自然人",
    "法人或其他组织",
    "商业企业",
    "科研机构",
    "社会公益组织",
    "法律服务机构",
    "其他",
    "总计",
]
RECEIVED = "requests.received"
PLACES = {
    "%%narrative ": ["overview", "proactive", "requests", "reviews", "problems", "other"],
    "%%narrative ov": ["overview"],
    "%%narrative overview re": ["requests"],
    "%%narrative nowhere ": None,
    "%%narrative overview\n": None,
    "%%narrative overview\n甲{{ year }}乙": None,
    "{{ re": None,
    "%%narrative overview\n甲{{ re": ["requests", "reviews"],
    "%%narrative overview\n{{ year }}{{ 1 + vi": ["visits"],
    "%%narrative overview\n{% if req": ["requests"],
    "%%narrative overview\n{{ words.pr": ["words.proactive", "words.problems"],
    f"%%narrative overview\n{{{{ {RECEIVED}.": [f"{RECEIVED}.{name}" for name in COLUMNS + LABELS],
    f'%%narrative overview\n{{{{ {RECEIVED}["': [f'{RECEIVED}["{name}"]' for name in LABELS + COLUMNS],
    f"%%narrative overview\n{{{{ {RECEIVED}['自": [f"{RECEIVED}['自然人']"],
    f"%%narrative overview\n{{{{ {RECEIVED}[": [f'{RECEIVED}["{name}"]' for name in LABELS + COLUMNS],
    '%%narrative overview\n{{ requests["received"].to': ['requests["received"].total'],
    "%%narrative overview\n{{ last.requests.rec": None,
    "%%narrative overview\n{{ nothing.": None,
    "%%narrative overview\n{{ year.": None,
}


@pytest.mark.parametrize("text", PLACES)
def test_what_can_go_on_is_offered(project: Project, text: str) -> None:
    filing = project.read(SUQIAN)
    found = offered(text, names(filing, project.kind.words, lambda: "none"), ["visits"], filing.form)
    assert (found and found.instead) == PLACES[text]


def test_last_years_names_are_offered_where_there_is_a_last_year(project: Project) -> None:
    filing = project.read(SUQIAN)
    found = offered("%%narrative overview\n{{ last.requests.rec", names(filing, (), lambda: filing), (), filing.form)
    assert found == ("last.requests.rec", ["last.requests.received"])


@dataclass
class Typed:
    """What IPython tells a matcher: the cell, and where the cursor is in it."""

    full_text: str
    cursor_line: int
    cursor_position: int

    @property
    def line_with_cursor(self) -> str:
        return self.full_text.split("\n")[self.cursor_line]


def test_a_kernel_asks_for_the_report_that_was_opened_last(project: Project) -> None:
    filing = project.read(SUQIAN)
    completer = SimpleNamespace(custom_matchers=[])
    NarrativeMatcher(dict, list, filing.form).offer_in(completer)
    NarrativeMatcher(lambda: names(filing), lambda: ["visits"], filing.form).offer_in(completer)
    (matcher,) = completer.custom_matchers

    def match(line: str, after: str = "") -> tuple[list[str], bool, str | None]:
        found = matcher(Typed(f"%%narrative overview\n{line}{after}\n{{{{ x }}}}", 1, len(line)))
        return [one.text for one in found["completions"]], found.get("suppress", False), found.get("matched_fragment")

    assert match("甲{{ vis") == (["visits"], True, "vis")
    assert match("甲") == ([], False, None)
    assert match('{{ requests.received["总', '"] }}') == (['requests.received["总计'], True, 'requests.received["总')
    assert matcher(Typed("vis", 0, 3)) == {"completions": []}


UNKNOWN = {
    "{{ requests.received.total }}{{ requests.received.总计 }}{{ words.problems }}{{ jurisdiction.upper() }}": [],
    "{{ requests.recieved.total }}{{ yaer }}": [(1, "received"), (1, "year")],
    '甲\n{{ requests.received["自燃人"] }}': [(2, "自然人")],
    "{{ visits.web.daily }}{% for day in visits %}{{ day.count }}{{ dya }}{% endfor %}": [(1, "dya")],
    "{% set own = year %}{{ own }}{% if facts is defined %}{{ facts.trainings }}{% endif %}{{ mine | default(0) }}": [],
    "{{ last.requests.nothing }}": [],
    "{{ words.nothing }}": [(1, "nothing")],
    "甲\n\n{{ requests. }}": [(3, "{{ }}")],
    "{{ yaer }}{{ yaer }}": [(1, "yaer")],
}


@pytest.mark.parametrize("text", UNKNOWN)
def test_unknown_names_are_told_with_their_line(project: Project, text: str) -> None:
    known = names(project.read(SUQIAN), project.kind.words, lambda: "none")
    found = list(unknown_names([NarrativeCell("c", "overview", text)], known, {"visits"}))
    assert [one.cell for one in found] == ["c"] * len(UNKNOWN[text])
    for one, (line, word) in zip(found, UNKNOWN[text], strict=True):
        assert f"%%narrative overview line {line}" in one.message
        assert word in one.message


def test_a_cell_gives_names_by_assigning_importing_and_defining() -> None:
    source = (
        "%matplotlib inline\nimport a.b, c as d\nfrom e import f as g, h\nx = y = 1\ndef k(z): ...\nfor i in x: ..."
    )
    assert bound(source) == {"a", "d", "g", "h", "x", "y", "k", "i"}
    assert bound("%%narrative overview\n甲") == set()
