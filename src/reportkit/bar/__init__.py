"""What stands beside a report in a notebook that a person has open: the bar above it, and its finished page."""

from reportkit.bar.bar_desk import BarDesk
from reportkit.bar.offers import show_bar, show_page

__all__ = ["BarDesk", "show_bar", "show_page"]
