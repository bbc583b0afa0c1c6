"""Where notebooks found `table_frame` before `report.frame` was there: theirs run on unchanged."""

from reportkit.report.tables import table_frame

__all__ = ["table_frame"]
