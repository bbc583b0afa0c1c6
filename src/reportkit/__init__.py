"""reportkit: one notebook, one data file per town, checked HTML and PDF reports."""

__version__ = "0.1.0"
