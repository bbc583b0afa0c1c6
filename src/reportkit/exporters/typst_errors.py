"""Why Typst refused a report, in words a clerk can act on: which character or picture, where, and what to do.

What Typst says is not read, for its words change: each suspect is set once more by itself.
"""

from __future__ import annotations

import json
import logging
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from reportkit.errors import ExportError
from reportkit.exporters.fonts import Typefaces
from reportkit.exporters.images import image_message
from reportkit.exporters.runs import Block, text_of
from reportkit.translation import _, in_a_row

log = logging.getLogger(__name__)

_PROBE = b"""#set document(title: "x")
#set text(font: json("faces.json"), lang: "zh", region: "cn")
#for piece in json("pieces.json") { par(piece) }
"""
STRICT_PDF: dict[str, Any] = {"format": "pdf", "pdf_standards": ["ua-1", "a-2a"]}
"""Accessible, and fit for archives; only such a PDF is refused for a character that no font has."""

_CONTEXT = 10
_SHOWN = 10


def explain(
    error: Exception, blocks: list[Block], images: dict[str, tuple[str, bytes]], typefaces: Typefaces
) -> ExportError:
    """Return the error to raise for what Typst refused; `images` holds cell id and bytes by file name."""
    pieces = list(_places(blocks))
    signs = _unset(pieces, lambda texts: _is_set(texts, typefaces))
    if signs:
        return ExportError(*_glyph_lines(signs, pieces))
    broken = [(name, cell) for name, (cell, data) in images.items() if not _is_readable(name, data)]
    if broken:
        cells = in_a_row(dict.fromkeys(cell for _name, cell in broken))
        return ExportError(image_message(cells))
    log.debug("typst", exc_info=error)
    words = _(
        "the PDF could not be set: {error}. Check what was changed in the report last; if that does not help, "
        "send these words to those who look after reportkit."
    )
    return ExportError(words.format(error=error))


def _unset(pieces: list[tuple[str, str]], is_set: Callable[[Sequence[str]], bool]) -> list[str]:
    """The characters that no font has; if each by itself has one, the sequences of some that together have none."""
    texts = list(dict.fromkeys(text for _, text in pieces))
    characters = list(dict.fromkeys(char for text in texts for char in text if not char.isspace()))
    alone = list(_failing(characters, is_set))
    return alone or [_sequence(text, is_set) for text in islice(_failing(texts, is_set), _SHOWN)]


def _failing(texts: Sequence[str], is_set: Callable[[Sequence[str]], bool]) -> Iterator[str]:
    """The texts that cannot be set, found by halves: most reports have none or few."""
    if not texts or is_set(texts):
        return
    if len(texts) == 1:
        yield texts[0]
        return
    middle = len(texts) // 2
    yield from _failing(texts[:middle], is_set)
    yield from _failing(texts[middle:], is_set)


def _sequence(text: str, is_set: Callable[[Sequence[str]], bool]) -> str:
    """The shortest piece, ending as early as possible, for which a text cannot be set."""
    end = bisect_left(range(len(text)), True, key=lambda last: not is_set([text[: last + 1]])) + 1
    start = bisect_left(range(end), True, key=lambda first: is_set([text[first:end]])) - 1
    return text[max(start, 0) : end]


def _is_set(texts: Sequence[str], typefaces: Typefaces) -> bool:
    import typst

    files: Any = {
        "main.typ": _PROBE,
        "pieces.json": json.dumps(texts).encode(),
        "faces.json": json.dumps(typefaces.families["body"]).encode(),
    }
    try:
        typst.compile(files, font_paths=typefaces.fonts, timestamp=0, **STRICT_PDF)
    except RuntimeError:  # TypstError is one
        return False
    return True


def _glyph_lines(signs: list[str], pieces: list[tuple[str, str]]) -> list[str]:
    each = _('"{sign}" ({code}): {place}')
    lines = [each.format(sign=sign, code=_codes(sign), place=_first_place(sign, pieces)) for sign in signs[:_SHOWN]]
    more = [_("… {number} signs in all").format(number=len(signs))] if len(signs) > _SHOWN else []
    cure = _("Install a typeface that has them (and allow the system's typefaces), or use other signs.")
    return [_("No typeface has these signs, so that no PDF can be made:"), *lines, *more, cure]


def _codes(sign: str) -> str:
    return " ".join(f"U+{ord(char):04X}" for char in sign)


def _first_place(sign: str, pieces: list[tuple[str, str]]) -> str:
    place, text = next((place, text) for place, text in pieces if sign in text)
    at = text.index(sign)
    shown = " ".join(text[max(at - _CONTEXT, 0) : at + _CONTEXT].split())
    return place.format(words=shown)


def _places(blocks: list[Block]) -> Iterator[tuple[str, str]]:
    """Yield each piece of text with the sentence that says where it stands, whose {words} are open."""
    heading = ""
    for block in blocks:
        if block["kind"] == "landscape":
            block = block["body"][0]
        for lead in block.get("lead", []):
            heading = text_of(lead).strip() if lead["kind"] == "heading" else heading
            yield _('heading "{words}"'), text_of(lead)
        if block["kind"] == "heading":
            heading = text_of(block).strip()
            yield _('heading "{words}"'), text_of(block)
        elif block["kind"] == "table":
            yield from _places_in_table(block, heading)
        else:
            yield _below(heading) if heading else _('"{words}"'), text_of(block)


def _places_in_table(table: Block, heading: str) -> Iterator[tuple[str, str]]:
    number = 0
    for part in table["parts"]:
        for row in part["rows"]:
            number += 1
            for cell in row:
                yield _in_row(heading, number), cell["text"]


def _below(heading: str) -> str:
    return _('section "{heading}", "{words}"').format(heading=_literal(heading), words="{words}")


def _in_row(heading: str, number: int) -> str:
    words = _('table, row {number}, "{words}"')
    if heading:
        words = _('section "{heading}", table, row {number}, "{words}"')
    return words.format(heading=_literal(heading), number=number, words="{words}")


def _literal(text: str) -> str:
    """A text for a template of which nothing in it is a field."""
    return text.replace("{", "{{").replace("}", "}}")


def _is_readable(name: str, data: bytes) -> bool:
    import typst

    with tempfile.TemporaryDirectory(prefix="reportkit-") as folder:
        Path(folder, name).write_bytes(data)
        files: Any = {"main.typ": f'#image("{name}")'.encode()}
        try:
            typst.compile(files, format="pdf", root=folder)
        except RuntimeError:
            return False
    return True
