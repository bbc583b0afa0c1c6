"""What a notebook calls: a report with its sections, tables and checks."""

from reportkit.report.expectation import expect
from reportkit.report.report import ChecksError, Report, open_report, prepare

__all__ = ["ChecksError", "Report", "expect", "open_report", "prepare"]
