"""Synthetic filings: made-up numbers that keep a form's rules. No real town files them."""

from decimal import Decimal

from hypothesis import strategies as st

from reportkit.errors import CellRef, Origin
from reportkit.filing import Figure, Filing, with_totals
from reportkit.forms import Form

COUNTS = st.one_of(st.just(0), st.integers(0, 20), st.integers(0, 10**7))
AMOUNTS = st.decimals(0, 10**6, places=4, allow_nan=False).map(lambda amount: format(amount, "f"))
APPLICANTS = ("person", "company", "research", "charity", "legal_service", "other")


def figures(kind: str) -> st.SearchStrategy[Figure]:
    if kind == "change":
        return st.integers(-1000, 1000).map(lambda number: Figure(number))
    if kind == "amount":
        plain = AMOUNTS.map(lambda text: Figure(text, text))
        return st.one_of(plain, COUNTS.map(lambda number: Figure(number)))
    return COUNTS.map(lambda number: Figure(number))


@st.composite
def valid_values(draw: st.DrawFn, form: Form) -> dict[CellRef, Figure]:
    """Figures for every cell that is not a total, balanced (R1) and without 规章 (P1); totals are computed."""
    totals = {rule.total for rule in form.rules if rule.total}
    values = {
        ref: draw(figures(column.kind))
        for table in form.tables.values()
        for ref, column in table.cells.items()
        if ref not in totals and ref.row != "regulations"
    }
    for applicant in APPLICANTS:
        done = sum(
            number for ref, number in values.items() if ref.column == applicant and ref.row.startswith("outcome.")
        )
        over = values[CellRef("requests", "carried_over", applicant)]
        carried = draw(st.integers(0, int(done + over)))
        values[CellRef("requests", "carried_in", applicant)] = Figure(carried)
        values[CellRef("requests", "received", applicant)] = Figure(Decimal(done + over - carried))
    return values


@st.composite
def filings(draw: st.DrawFn, form: Form) -> Filing:
    """A valid filing of a made-up town."""
    values = draw(valid_values(form))
    return with_totals(
        Filing(form, "合成镇", form.years[0], "合成镇人民政府", values, {}, Origin("synthetic.yaml", "1"))
    )
