"""The difference between two texts as a person would say it: in words, Chinese ones included."""

from reportkit.worddiff.diff import Piece, word_diff
from reportkit.worddiff.views import coloured, html, inline, markup, plain, shortened

__all__ = ["Piece", "coloured", "html", "inline", "markup", "plain", "shortened", "word_diff"]
