"""Readers: doubt at the door. A path (or a notebook's parameters) -> Filing, with an Origin for every cell."""

from reportkit.readers.params import PARAMETERS, read_parameters, read_params

__all__ = ["PARAMETERS", "read_parameters", "read_params"]
