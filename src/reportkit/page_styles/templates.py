"""Templates of an office's own: page.typ for the PDF, page.html.j2 for the web page, with the files that they load.

All that one loads is read here, from its own folder; whatever else it asks for is refused, before anything is made.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from reportkit.errors import FormError
from reportkit.page_styles.attachments import inside, is_below, read_attachment
from reportkit.page_styles.complete_style import Template
from reportkit.translation import _, in_a_row

TYPST, HTML = "page.typ", "page.html.j2"
BASE = "reportkit/index.html.j2"
"""What a template of a web page extends."""

PARTS = ("title-block", "page-head", "page-foot", "section-heading")
"""What page.typ may define."""

_MOST = 50
"""So many files a template has at most."""

# The path has to stand there as it is, so that it can be read here. Names may go on with a hyphen in Typst.
_LOADS = re.compile(
    r"(?<![\w-])(import|include|image|read|json|yaml|toml|csv|xml|cbor|bibliography)(?![\w-])"
    r'[ \t]*\(?[ \t]*("[^"\n]*")?'
)
_MUST = frozenset({"import", "include"})
_RUNS = re.compile(r"(?<![\w-])(eval|plugin|std)(?![\w-])")
_DEFINES = re.compile(rb"^#let[ \t]+([\w-]+)", re.M)
_PACKAGE = re.compile(r'"@|@(?:preview|local)\b')
_ASKS = re.compile(r"""\{%[-+]?[ \t]*(extends|include|import|from)\b[ \t]*("[^"\n]*"|'[^'\n]*')?""")

_Load = tuple[int, str]
"""The line of a template, and the path of what it loads there."""


def template_in(folders: Sequence[Path], name: str, shown: Callable[[Path], str] = str) -> Template | None:
    """Return the template of this name in the first of these folders that has one, None if none has.

    Raises FormError, with file and line, for one that loads what is not in its folder, and UserError for another
    user's.
    """
    folder = next((folder for folder in folders if (folder / name).is_file()), None)
    if folder is None:
        return None
    files: dict[str, bytes] = {}
    waiting: list[tuple[str, str]] = [(name, "")]
    while waiting:
        file, place = waiting.pop()
        if file in files:
            continue
        files[file] = _content(folder, file, place)
        if len(files) > _MOST:
            raise FormError(_("{path}: loads more than {most} files").format(path=shown(folder / name), most=_MOST))
        path = shown(folder / file)
        for line, found in _loads(file, files[file], path):
            waiting.append((found, f"{path}:{line}"))
    if name == HTML:
        _check_base(files[name], shown(folder / name))
    else:
        _check_parts(files.values(), shown(folder / name))
    return Template(name, shown(folder), tuple(files.items()))


def _content(folder: Path, file: str, place: str) -> bytes:
    if place and not (inside(file) and is_below(folder / file, folder)):
        words = _(
            '{place}: loads "{file}", which lies outside of its folder; put a copy into {folder}, and name its '
            "path from there"
        )
        raise FormError(words.format(place=place, file=file, folder=folder))
    try:
        return read_attachment(folder / file, file)
    except ValueError as error:
        words = _("{path}: loads {found}") if place else _("{path}: is {found}")
        raise FormError(words.format(path=place or folder / file, found=error)) from None


def _loads(file: str, content: bytes, path: str) -> Iterator[_Load]:
    """What a file of a template loads. Raises FormError for what no template can."""
    if file.endswith(".typ"):
        find = _typst_loads
    elif file.endswith((".j2", ".html")):
        find = _html_loads
    else:
        return
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise FormError(_("{path}: not in UTF-8; save it as UTF-8").format(path=path)) from None
    for number, line in enumerate(lines, 1):
        for found in find(line, f"{path}:{number}"):
            # In Typst, a path goes out from the file that it stands in.
            yield number, found if find is _html_loads or found.startswith("/") else _beside(file, found)


def _beside(file: str, found: str) -> str:
    folder = file.rpartition("/")[0]
    parts = folder.split("/") if folder else []
    for part in found.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _typst_loads(line: str, place: str) -> Iterator[str]:
    if found := _PACKAGE.search(line):
        words = _("{place}: {found} is a package, which would come from the network; put its files into the folder")
        raise FormError(words.format(place=place, found=line[found.start() :].strip()[:40]))
    if found := _RUNS.search(line):
        words = _("{place}: no template can use {name}; write what it would make, in remarks another word")
        raise FormError(words.format(place=place, name=found[1]))
    for word, path in _LOADS.findall(line):
        if path and (word not in _MUST or path.endswith('.typ"')):  # what is imported is read here for what it loads
            yield path[1:-1]
        elif word in _MUST:
            words = _(
                '{place}: {word} without a path in quotes after it; name a file of the folder: {word} "parts.typ"'
            )
            raise FormError(words.format(place=place, word=word))


def _html_loads(line: str, place: str) -> Iterator[str]:
    for word, path in _ASKS.findall(line):
        if not path:
            words = _('{place}: {word} without a path in quotes after it; name a file of the folder: {word} "parts.j2"')
            raise FormError(words.format(place=place, word=word))
        if path[1:-1] != BASE:
            yield path[1:-1]


def _check_parts(contents: Iterable[bytes], path: str) -> None:
    """Raise FormError for a page.typ that defines nothing that is asked of it; most probably it is misspelt."""
    defined = [match.decode() for content in contents for match in _DEFINES.findall(content)]
    if set(defined) & set(PARTS):
        return
    near = [close[0] for name in defined if (close := difflib.get_close_matches(name, PARTS, n=1))]
    words = _("{path}: defines none of {parts}, as a function")
    if near:
        words = _("{path}: defines none of {parts}, as a function; did you mean {near}?")
    raise FormError(words.format(path=path, parts=in_a_row(PARTS), near=near and near[0]))


def _check_base(content: bytes, path: str) -> None:
    bases = [name[1:-1] for word, name in _ASKS.findall(content.decode("utf-8-sig")) if word == "extends"]
    if bases != [BASE]:
        words = _("{path}:1: does not extend the page of reportkit; begin it with {begin}, and give blocks")
        raise FormError(words.format(path=path, begin=f'{{% extends "{BASE}" %}}'))
