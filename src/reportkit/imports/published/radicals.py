"""Text of a PDF as people write it: radicals and compatibility characters become the ordinary Chinese characters."""

from __future__ import annotations

import re
import unicodedata

# Radicals that Unicode itself does not map; a PDF's fonts put them where the characters were.
_PAIRS = (
    "⺁厂⺇几⺌小⺍小⺎兀⺒巳⺓幺⺛旡⺝月⺟母⺠民⺩王⺪疋⺬示⺮竹⺶羊⺼肉⺽臼⻁虎⻃覀⻄西⻅见⻆角⻇角⻉贝⻊足⻋车⻏邑⻐金⻑長⻒镸"
    "⻓长⻔门⻕阜⻘青⻙韦⻚页⻛风⻜飞⻝食⻟食⻠食⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龟⻲亀⻳龟"
)
_CHARACTER = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")


def folded(text: str) -> str:
    """Return the text with each radical as the character that it stands for; everything else stays."""
    return _RADICAL.sub(lambda sign: _CHARACTER.get(sign[0]) or unicodedata.normalize("NFKC", sign[0]), text)
