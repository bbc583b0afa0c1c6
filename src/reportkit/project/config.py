"""reportkit.toml: where a project's files are, the rules it switches off, and whether reports show the year before."""

from __future__ import annotations

import difflib
import re
import reprlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportkit.errors import UserError, system_words
from reportkit.files.conflict_markers import conflict_markers
from reportkit.files.locations import FileTooLargeError, read_local

CONFIG = "reportkit.toml"

PLACES = {
    "params": "params",
    "notebook": "notebooks/annual_report.ipynb",
    "copies": "notebooks/towns",
    "forms": "forms",
    "dist": "dist",
}
"""What the file can put elsewhere, and where it is else."""

_MASTER = PLACES["notebook"]
_PACKAGE = Path(__file__).parent.parent
PACKAGED_NOTEBOOK = next(
    # In a checkout, from which an editable install runs, the master is not in the package but beside it.
    (folder / _MASTER for folder in (_PACKAGE, _PACKAGE.parents[1]) if (folder / _MASTER).is_file()),
    _PACKAGE / _MASTER,
)

_MAX_BYTES = 100_000
"""The file has some lines; one that is a hundred times larger is something else."""

_ENTRY = 200
"""So many lines back from where the text stops being TOML an entry is looked for that begins there."""

_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True)
class Config:
    """What a project's file says: the places that it names, the reasons of waivers by code, and `compare`."""

    places: Mapping[str, str] = field(default_factory=dict)
    waivers: Mapping[str, str] = field(default_factory=dict)
    compare: bool = False


def read_config(path: Path) -> Config:
    """Return what a reportkit.toml says. Raises UserError with all that is wrong in it."""
    entries = _entries(path)
    problems: list[str] = []
    waivers = _waivers(path, entries.pop("waivers", {}), problems)
    compare = entries.pop("compare", False)
    if not isinstance(compare, bool):
        problems.append(f"{path}: compare is true or false, without quotes, found {_found(compare)}")
    keys = [*PLACES, "waivers", "compare"]
    for key, value in entries.items():
        close = difflib.get_close_matches(key[:60], keys, n=1)
        if key not in PLACES:
            advice = f"did you mean {close[0]!r}?" if close else f"known: {keys}"
            problems.append(f"{path}: unknown key {_found(key)}; {advice}")
        elif not isinstance(value, str):
            problems.append(f"{path}: {key} is a path in quotes, found {_found(value)}")
        elif not value or not value.isprintable():
            problems.append(f"{path}: {key} is a path in quotes, found {_found(value)}, which no file can have")
        elif key == "forms" and "://" in value:
            problems.append(f"{path}: forms is a folder on this machine, found {value!r}")
    if problems:
        raise UserError(*problems)
    return Config(entries, waivers, bool(compare))


def _entries(path: Path) -> dict[str, Any]:
    try:
        text = read_local(path, _MAX_BYTES).decode("utf-8-sig")  # Windows' own editor begins a file with such a sign
    except FileTooLargeError as error:
        raise UserError(f"{path}: has {error.size / 1e3:.0f} kB; a {CONFIG} has some lines: look what it is") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({system_words(error)}); check what it is, and its rights") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: not readable as TOML: not in UTF-8; save it as UTF-8") from None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also a number with more digits than Python takes
        if found := conflict_markers(text):
            raise UserError(f"{path}:{found.line}: {found.message}") from None
        raise UserError(f"{path}{_not_toml(text, str(error))}") from None


def _not_toml(text: str, error: str) -> str:
    """Where a text stops being TOML: in the entry after all that can be read, which the parser's line may be within."""
    lines = text.splitlines()
    found = _LINE.search(error)
    last = min(int(found[1]), len(lines)) if found else len(lines)
    for number in range(last, max(last - _ENTRY, 0), -1):
        try:
            tomllib.loads("\n".join(lines[: number - 1]))
        except (ValueError, RecursionError):
            continue
        entry = lines[number - 1].strip()
        return f':{number}: not readable as TOML: {entry[:60]!r}; an entry is name = "value", in ASCII signs'
    return f':{last}: not readable as TOML; an entry is name = "value", in ASCII signs'


def _waivers(path: Path, table: Any, problems: list[str]) -> dict[str, str]:
    """The reasons by code. Whether there are such codes is known to the checks, which are loaded later."""
    if not isinstance(table, dict):
        problems.append(f'{path}: waivers is a table: [waivers], and below it a line R12 = "reason" for each rule')
        return {}
    for code, reason in table.items():
        if not isinstance(reason, str) or not reason.strip() or not reason.isprintable():
            problems.append(f"{path}: [waivers] {code} needs a reason in quotes, found {_found(reason)}")
    return {str(code).upper(): str(reason).strip() for code, reason in table.items() if isinstance(reason, str)}


def _found(value: Any) -> str:
    """A value as a message shows it: dotted keys can nest it deeper than Python writes."""
    return _short.repr(value)


_short = reprlib.Repr()
_short.maxlevel, _short.maxstring = 3, 60
