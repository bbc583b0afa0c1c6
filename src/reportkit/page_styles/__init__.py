"""What a page looks like, as data: the styles that come with the package, and those of files."""

from reportkit.page_styles.brand import BRAND
from reportkit.page_styles.choice import Styles, chosen, styles_of
from reportkit.page_styles.complete_style import CompleteStyle, Template
from reportkit.page_styles.css import css_text, style_sheet
from reportkit.page_styles.loading import Overlays, load_style, no_such_style, style_file, style_names
from reportkit.page_styles.measures import NumberPattern
from reportkit.page_styles.style import Face, Faces, Style, Use, Words
from reportkit.page_styles.type_area import Page, page_of

__all__ = [
    "BRAND",
    "CompleteStyle",
    "Face",
    "Faces",
    "NumberPattern",
    "Overlays",
    "Page",
    "Style",
    "Styles",
    "Template",
    "Use",
    "Words",
    "chosen",
    "css_text",
    "load_style",
    "no_such_style",
    "page_of",
    "style_file",
    "style_names",
    "style_sheet",
    "styles_of",
]  # fmt: skip
