"""Writers: a filing, or what was read of a report -> the text of a parameter file, new or merged."""

from reportkit.writers.merging import Difference, Kind, compare, updated
from reportkit.writers.params import params_text
from reportkit.writers.proof import meant, prove

__all__ = ["Difference", "Kind", "compare", "meant", "params_text", "prove", "updated"]
