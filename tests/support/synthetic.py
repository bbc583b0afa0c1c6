"""Synthetic filings: made-up numbers that keep a form's rules. No real town files them."""

from benchmarks.synthetic import Equations
from hypothesis import strategies as st

from reportkit.errors import Origin
from reportkit.model.filing import Figure, Filing, with_totals
from reportkit.model.form import Form

TOWN = "合成镇"
COUNTS = st.one_of(st.just(0), st.integers(0, 20), st.integers(0, 10**7)).map(Figure)
AMOUNTS = st.decimals(0, 10**6, places=4, allow_nan=False).map(lambda amount: Figure(format(amount, "f")))
KINDS = {"count": COUNTS, "change": st.integers(-1000, 1000).map(Figure), "amount": st.one_of(AMOUNTS, COUNTS)}


class Drawn:
    """The generator's numbers, as hypothesis draws them."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def figure(self, kind: str) -> Figure:
        return self.draw(KINDS[kind])

    def up_to(self, most: int) -> int:
        return self.draw(st.integers(0, most))


@st.composite
def filings(draw: st.DrawFn, form: Form) -> Filing:
    """A valid filing of a made-up town; its totals are computed."""
    values = Equations(form, TOWN).values(Drawn(draw))
    return with_totals(Filing(form, TOWN, form.years[0], f"{TOWN}人民政府", values, {}, Origin("synthetic.yaml", "1")))
