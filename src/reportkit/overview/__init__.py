"""The units of a county at a glance: who has handed in, what is wrong, what was edited, which report is made."""

from reportkit.overview.state import Overview, State, Stray, Unit
from reportkit.overview.survey import survey

__all__ = ["Overview", "State", "Stray", "Unit", "survey"]
