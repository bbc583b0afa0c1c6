"""English words where there should be none."""

import re

NAMES = {
    "Ctrl",
    "Esc",
    "Tab",
    "Z",
    "Y",
    "S",
    "F",
    "Excel",
    "WPS",
    "Word",
    "LibreOffice",
    "PDF",
    "JupyterLab",
    "params",
    "dist",
    "notebooks",
}
"""Keys, programs, formats and folders, which are called so in all languages."""

_FILE = re.compile(r"[\w./-]*\.(?:yaml|ipynb|xlsx|html|pdf|zip|toml)\b")
_CODE = re.compile(r"\b[A-Z]\d+\b")
_OPTION = re.compile(r"(?<!\w)--[a-z-]+")


def english_words(text: str) -> set[str]:
    """The words of English letters in a text that are no name, file, option, or code of a rule."""
    for known in (_FILE, _CODE, _OPTION):
        text = known.sub("", text)
    return set(re.findall("[A-Za-z]+", text)) - NAMES
