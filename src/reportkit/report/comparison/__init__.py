"""Year over year: a filing against the one of the year before, as a table, pictures and words."""

from reportkit.report.comparison.part import compared, prepare

__all__ = ["compared", "prepare"]
