"""Filings for tests of the text: a few figures, and the words in question."""

from collections.abc import Mapping

from reportkit.checks.filing_runner import as_issues
from reportkit.checks.findings import Finding
from reportkit.checks.registry import rules_for
from reportkit.errors import CellRef, Issue, Origin
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Figure, Filing

FORMS = shipped_forms()
RULES = {rule.code: rule.find for rule in rules_for(FORMS["2021"], "file")}
YEAR_RULES = {rule.code: rule.find for rule in rules_for(FORMS["2021"], "last")}
"""What finds the breaches of each rule, in a filing alone and next to last year's."""


def told(finding: Finding) -> Issue:
    """A finding as it is told, at a place of no matter."""
    (issue,) = as_issues([finding], lambda _: Origin(""), "ogi")
    return issue


def filing(
    text: str | Mapping[str, str] = "",
    year: int = 2023,
    jurisdiction: str = "桑洲镇",
    path: str = "params/2023/宁海县/桑洲镇.yaml",
    agency: str = "",
    **figures: object,
) -> Filing:
    """A filing with these words (a text alone is the overview's) and figures.

    Figures by keyword: `received=3` is the total of a row of table 3, `received__person=3` another column of it,
    `review__total=3` a cell of table 4, `penalties__decisions=3` a cell of table 2. A number of requests or reviews
    is 0 where it is not given; `blank=True` leaves all tables blank.
    """
    form = FORMS["2021" if year >= 2021 else "2019"]
    values = {} if figures.pop("blank", False) else zeros(year)
    for key, number in figures.items():
        values[_ref(key, form.tables)] = Figure(str(number))
    narrative = {"overview": text} if isinstance(text, str) else text
    return Filing(form, jurisdiction, year, agency or f"{jurisdiction}人民政府", values, narrative, Origin(path, "1"))


def zeros(year: int) -> dict[CellRef, Figure]:
    """One stated 0 in each table, so that none is blank as a whole."""
    tables = FORMS["2021" if year >= 2021 else "2019"].tables.values()
    return {next(reversed(table.cells)): Figure(0) for table in tables}


def _ref(key: str, tables: Mapping[str, object]) -> CellRef:
    row, _, column = key.replace("___", ".").partition("__")
    if row in ("review", "direct", "after_review"):
        return CellRef("reviews", "cases", f"{row}.{column}")
    refs = [
        ref for table in tables.values() for ref in table.cells if (ref.row, ref.column) == (row, column or "total")
    ]
    (ref,) = refs
    return ref
