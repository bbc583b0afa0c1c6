"""The bytes of a page or a text file as text: every character as it was written, or no text at all."""

from __future__ import annotations

import re

from reportkit.documents.size_limits import MAX_TEXT_BYTES, keep_to, unreadable
from reportkit.errors import Origin, Trouble

_CHARSET = re.compile(rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]{1,40})""", re.I)
_BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_BIG5 = {"big5": "cp950", "big5-hkscs": "big5hkscs"}
_ASCII = bytes(range(128))
# Leading bytes of the signs and of the 3,755 everyday characters of GB 2312.
_EVERYDAY = bytes([*range(0xA1, 0xAA), *range(0xB0, 0xD8)])


def decoded(raw: bytes, origin: Origin, *, declared: str = "") -> tuple[str, list[Trouble]]:
    """Return the text of a file with plain line ends, and warnings about its encoding.

    Read as UTF-8, UTF-16 with its mark, or GB18030 (which includes GBK); as Big5 only where the file, or `declared`,
    says so. Raises UnreadableError, with the line, if that leaves a byte over or makes no Chinese text; and if the file
    is empty, binary, or too large.
    """
    keep_to(MAX_TEXT_BYTES, len(raw), origin)
    if not raw.strip():
        raise unreadable("D1.empty", origin)
    text, notes = text_of(raw, origin, (declared or _declared(raw)).lower())
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise unreadable("D2.binary", origin._replace(at=line))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, [*notes, *_lost_characters(text, origin)]


def _declared(raw: bytes) -> str:
    match = _CHARSET.search(raw[:4096])
    return match[1].decode("ascii", "ignore") if match else ""


def text_of(raw: bytes, origin: Origin, declared: str = "") -> tuple[str, list[Trouble]]:
    """Return the text of a file as `decoded` reads it, of any size, with the line ends that it has.

    Raises UnreadableError, with the line, if that leaves a byte over or makes no Chinese text.
    """
    for bom, codec in _BOMS.items():
        if raw.startswith(bom):
            return _strictly(raw.removeprefix(bom), codec, origin), []
    # UTF-8 first, whatever is declared: a page saved anew often keeps its old declaration, and no Chinese text of
    # another encoding is valid UTF-8.
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(raw):
            raise _undecodable(raw, error, "UTF-8", origin) from None
    if declared in _BIG5:
        return _strictly(raw, _BIG5[declared], origin), []
    text = _strictly(raw, "gb18030", origin).removeprefix("\ufeff")
    if not _is_chinese(text):
        raise unreadable("D2.encoding", origin._replace(at=_first_high_line(raw)))
    return text, _contradiction(declared, origin)


def _strictly(raw: bytes, codec: str, origin: Origin) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        raise _undecodable(raw, error, codec.upper(), origin) from None


def _undecodable(raw: bytes, error: UnicodeDecodeError, codec: str, origin: Origin) -> Exception:
    line = raw[: error.start].decode(error.encoding, "ignore").count("\n") + 1
    found = raw[error.start : error.start + 4].hex(" ")
    return unreadable("D2.bytes", origin._replace(at=line), found, codec)


def _is_damaged_utf8(raw: bytes) -> bool:
    """Whether most bytes beyond ASCII stand in threes as UTF-8 writes Chinese: GB18030 would make other characters."""
    threes = len(raw) - len(re.sub(rb"[\xe2-\xef][\x80-\xbf]{2}", b"", raw))
    return threes > len(raw.translate(None, _ASCII)) / 2


def _is_chinese(text: str) -> bool:
    """Whether four characters out of five beyond ASCII are everyday Chinese, as they are not in a wrong encoding."""
    leads = text.encode("gb2312", "ignore").translate(None, _ASCII)[::2]
    everyday = len(leads) - len(leads.translate(None, _EVERYDAY))
    return everyday >= 0.8 * sum(not char.isascii() for char in text)


def _first_high_line(raw: bytes) -> int:
    match = re.search(rb"[\x80-\xff]", raw)
    return raw.count(b"\n", 0, match.start() if match else 0) + 1


def _contradiction(declared: str, origin: Origin) -> list[Trouble]:
    if declared not in ("utf-8", "utf8"):
        return []
    return [Trouble("D3", origin, declared, "gb18030")]


def _lost_characters(text: str, origin: Origin) -> list[Trouble]:
    """A warning about the marks that a faulty conversion before us has left in place of characters."""
    lost = re.search("\ufffd|锟斤拷", text)
    if not lost:
        return []
    line = text.count("\n", 0, lost.start()) + 1
    return [Trouble("D4", origin._replace(at=line), lost[0])]
