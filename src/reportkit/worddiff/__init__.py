"""The difference between two texts as a person would say it: in words, Chinese ones included."""

from reportkit.worddiff.diffing import Piece, word_diff
from reportkit.worddiff.showing import coloured, html, markup, plain, shortened, visible

__all__ = ["Piece", "coloured", "html", "markup", "plain", "shortened", "visible", "word_diff"]
