"""The catalogues of sentences: finds the sentences in the code, brings the .po files up to date, compiles them.

    uv run python tools/translations.py           after a sentence was changed in the code or translated in a .po file
    uv run python tools/translations.py --check   change nothing; exit with 1 if that would change something

A new sentence stands in the .po file with an empty translation, which is to be filled in; one that the code has no more
goes. The .mo file holds nothing but what the .po file says, so that anybody gets the same bytes.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import struct
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "reportkit"

_PLURALS = {"ngettext": (1, 2), "one_and_many": (1, 2), "counted": (2, 3)}
KEYWORDS = {"_": (1,), "N_": (1,), "gettext": (1,), "Saying": (1,), **_PLURALS}
"""What a sentence is marked with in the code, and which arguments it is."""

_MARKED = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\(".encode())

HEADER = """\
# The sentences of reportkit. tools/translations.py writes this file; only what follows msgstr is written by hand.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"
"""


def catalogues() -> list[Path]:
    """Return the .po files, one for each language but English."""
    return sorted(PACKAGE.glob("locale/*/LC_MESSAGES/reportkit.po"))


@cache
def extracted() -> Catalog:
    """Return the sentences of the code, without translations."""
    found = Catalog(charset="utf-8")
    for path in sorted(PACKAGE.rglob("*.py")):
        for line, message in _sentences(path):
            found.add(message, locations=[(path.relative_to(ROOT).as_posix(), line)])
    return found


def _sentences(path: Path) -> Iterator[tuple[int, str | tuple[str, ...]]]:
    """The sentences of a module: what is marked, and what its commands say of themselves in their docstrings."""
    source = path.read_bytes()
    if _MARKED.search(source):
        for line, message, _comments, _context in extract("python", BytesIO(source), KEYWORDS):
            yield line, message
    for node in ast.walk(ast.parse(source)) if b"@command(" in source else ():
        if isinstance(node, ast.FunctionDef) and any(map(_is_command, node.decorator_list)):
            yield node.lineno, inspect.cleandoc(ast.get_docstring(node) or "")


def _is_command(decorator: ast.expr) -> bool:
    """Whether a function becomes a command, whose docstring is its help."""
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "command"


def read(path: Path) -> Catalog:
    """Return what a .po file says."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, charset="utf-8")


def updated(before: Catalog, found: Catalog) -> Catalog:
    """Return the sentences of the code with the translations that there are."""
    after = Catalog(before.locale, charset="utf-8")
    for message in found:
        if message.id:
            old = before.get(message.id)
            kept = old.string if old else [""] * after.num_plurals if message.pluralizable else ""
            after.add(message.id, kept, locations=message.locations)
    return after


def po_bytes(catalogue: Catalog, language: str) -> bytes:
    """Return a catalogue as a .po file, by the files of the code.

    It has no dates and no lines of the code, which only change, and is the same whatever version of Babel is installed.
    """
    messages = sorted((message for message in catalogue if message.id), key=lambda message: message.locations[:1])
    entries = "\n".join(_entry(message, catalogue.num_plurals) for message in messages)
    return (HEADER.format(language=language, plurals=catalogue.plural_forms) + "\n" + entries).encode()


def _entry(message: Message, plurals: int) -> str:
    files = dict.fromkeys(name for name, _line in message.locations)
    lines = [f"#: {name}" for name in files]
    for word, text in zip(("msgid", "msgid_plural"), _strings(message.id), strict=False):
        lines.append(f"{word} {_quoted(text)}")
    strings = _strings(message.string)
    if message.pluralizable:
        lines += [f"msgstr[{at}] {_quoted(text)}" for at, text in enumerate([*strings, *[""] * plurals][:plurals])]
    else:
        lines.append(f"msgstr {_quoted(strings[0])}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text as it stands in a .po file, a line of it on each line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n\n").split("\n")
    pieces = [f'"{piece}"' for piece in escaped if piece]
    return "\n".join(['""', *pieces] if len(pieces) > 1 else pieces or ['""'])


def mo_bytes(catalogue: Catalog, language: str) -> bytes:
    """Return a catalogue as a .mo file; its format is that of GNU gettext, without a table of hashes."""
    plurals = catalogue.plural_forms
    header = f"Language: {language}\nContent-Type: text/plain; charset=UTF-8\nPlural-Forms: {plurals}\n"
    pairs = {"": header}
    for message in catalogue:
        if message.id and all(_strings(message.string)):
            pairs["\0".join(_strings(message.id))] = "\0".join(_strings(message.string))
    entries = sorted((key.encode(), value.encode()) for key, value in pairs.items())
    start = 7 * 4 + 16 * len(entries)
    tables: list[list[int]] = [[], []]
    texts = b""
    for side, table in enumerate(tables):
        for entry in entries:
            table += [len(entry[side]), start + len(texts)]
            texts += entry[side] + b"\0"
    head = [0x950412DE, 0, len(entries), 28, 28 + 8 * len(entries), 0, start]
    return struct.pack(f"<{7 + 4 * len(entries)}I", *head, *tables[0], *tables[1]) + texts


def _strings(text: str | Sequence[str] | None) -> list[str]:
    return [text or ""] if isinstance(text, str | None) else list(text)


def results() -> dict[Path, bytes]:
    """Return each file of the catalogues as it should be."""
    found = extracted()
    files: dict[Path, bytes] = {}
    for path in catalogues():
        language = path.parent.parent.name
        catalogue = updated(read(path), found)
        files[path] = po_bytes(catalogue, language)
        files[path.with_suffix(".mo")] = mo_bytes(catalogue, language)
    return files


def main() -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a file is out of date")
    check = parser.parse_args().check
    stale = [(path, text) for path, text in results().items() if not path.is_file() or path.read_bytes() != text]
    for path, text in stale:
        print(f"{path.relative_to(ROOT)}: {'out of date; run tools/translations.py' if check else 'written'}")
        if not check:
            path.write_bytes(text)
    for path in catalogues():
        open_ones = [message.id for message in read(path) if message.id and not all(_strings(message.string))]
        if open_ones and not check:
            print(f"{path.relative_to(ROOT)}: {len(open_ones)} sentences are not translated")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
