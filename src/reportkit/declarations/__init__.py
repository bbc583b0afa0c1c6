"""What a notebook or a form declares: names and types, and a text as a value of one of them."""

from reportkit.declarations.declaring import Declared, declared
from reportkit.declarations.typed_values import typed
from reportkit.declarations.unfit import UnfitError

__all__ = ["Declared", "UnfitError", "declared", "typed"]
