"""Parameter sets read from a list: typed, checked and named, with every fault told before anything runs."""

from reportkit.sets.declaring import Declared, declared
from reportkit.sets.lists import read_sets
from reportkit.sets.output_names import named, output_name
from reportkit.sets.places import ParameterSet, Where
from reportkit.sets.typed_values import typed

__all__ = ["Declared", "ParameterSet", "Where", "declared", "named", "output_name", "read_sets", "typed"]
