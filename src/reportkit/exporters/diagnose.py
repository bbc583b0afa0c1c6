"""Why Typst refused a report, in words a clerk can act on: which character or picture, where, and what to do."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportkit.errors import ExportError
from reportkit.exporters.images import image_message
from reportkit.exporters.runs import Block, text_of

_GLYPH = re.compile(r'the (?:text|PDF contains the codepoint) `"((?:[^"\\]|\\.)+)"`')
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}|\\(.)")
_CONTEXT = 10
_SHOWN = 10


def explain(error: Exception, blocks: list[Block], images: dict[str, tuple[str, bytes]]) -> ExportError:
    """Return the error to raise for what Typst said; `images` holds cell id and bytes by file name."""
    characters = dict.fromkeys(char for char in _refused(getattr(error, "diagnostic", "")) if not char.isspace())
    if characters:
        return ExportError(_glyph_message(list(characters), blocks))
    broken = [(name, cell) for name, (cell, data) in images.items() if not _is_readable(name, data)]
    if broken:
        cells = "、".join(dict.fromkeys(cell for _, cell in broken))
        return ExportError(image_message(cells))
    return ExportError(f"PDF 排版失败：{error}。请检查报告中最近改动的内容；如无法解决，请把此信息发给维护人员。")


def _refused(diagnostic: str) -> Iterator[str]:
    for match in _GLYPH.finditer(diagnostic):
        yield from _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], match[1])


def _glyph_message(characters: list[str], blocks: list[Block]) -> str:
    places = dict.fromkeys(characters, "")
    for place, text in _places(blocks):
        for char in characters:
            at = text.find(char)
            if at >= 0 and not places[char]:
                shown = " ".join(text[max(at - _CONTEXT, 0) : at + _CONTEXT].split())
                places[char] = f"{place}“{shown}”"
    lines = [f"“{char}”（U+{ord(char):04X}）：{places[char] or '位置不明'}" for char in characters[:_SHOWN]]
    more = f"\n……共 {len(characters)} 个字符" if len(characters) > _SHOWN else ""
    return (
        "以下字符没有可用的字体，无法生成 PDF：\n" + "\n".join(lines) + more + "\n"
        "请安装含有这些字符的字体（并允许使用系统字体），或者改用其他字符。"
    )


def _places(blocks: list[Block]) -> Iterator[tuple[str, str]]:
    """Yield each piece of text with the words that say where it stands."""
    heading = ""
    for block in blocks:
        if block["kind"] == "landscape":
            block = block["body"][0]
        for lead in block.get("lead", []):
            heading = text_of(lead).strip() if lead["kind"] == "heading" else heading
            yield "标题", text_of(lead)
        if block["kind"] == "heading":
            heading = text_of(block).strip()
            yield "标题", text_of(block)
        elif block["kind"] == "table":
            yield from _places_in_table(block, heading)
        else:
            yield f"“{heading}”一节，" if heading else "", text_of(block)


def _places_in_table(table: Block, heading: str) -> Iterator[tuple[str, str]]:
    number = 0
    for part in table["parts"]:
        for row in part["rows"]:
            number += 1
            for cell in row:
                yield f"“{heading}”一节表格第 {number} 行，" if heading else f"表格第 {number} 行，", cell["text"]


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
