"""The words of a finished page."""

import re
from html import unescape
from pathlib import Path

_ENDS = re.compile(r"</(?:td|th|p|h\d|li|caption)>")


def text_of_page(path: Path) -> str:
    """The text of a report's page: paragraphs and cells parted by a space."""
    main = path.read_text(encoding="utf-8").partition("<main")[2].partition(">")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", "", _ENDS.sub(" ", main))).split())
