"""What the texts of a new year begin from; imports nothing, as the command line needs it for its help."""

from enum import StrEnum


class Words(StrEnum):
    """The town's own of last year, the master's, or a blank for each section."""

    last_year = "last-year"
    master = "master"
    blank = "blank"
