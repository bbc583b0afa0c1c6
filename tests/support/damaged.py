"""Files that something has gone wrong with, by seed: notebooks, journals, parameter files, forms, workbooks."""

import copy
import json
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reportkit.batch.fingerprint import environment
from reportkit.batch.journal import Journal
from reportkit.notebook.towns import copy_digest, copy_path, make_copy
from reportkit.project import Project, plan

MARKERS = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n"

_JUNK: list[Callable[[random.Random], Any]] = [
    lambda _: None,
    lambda _: [],
    lambda _: {},
    lambda _: "",
    lambda source: source.choice([True, False]),
    lambda source: source.choice([0, -1, 7, 10**12, 10**400]),
    lambda source: source.choice([0.5, -1e300]),
    lambda source: source.choice(["甲", "a/b", "\x00", "\ud800", "\r\n", "x" * 5000, "../..", "<b>"]),
    lambda source: [None, 1, "甲"][: source.randint(1, 3)],
    lambda source: {"甲": source.choice([None, 1, "乙", []])},
    lambda source: _nested(source.choice([20, 70, 400])),
]


def _nested(depth: int) -> Any:
    value: Any = "甲"
    for number in range(depth):
        value = [value] if number % 2 else {"source": value}
    return value


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every mapping or list inside a value with each of its keys."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        each = waiting.pop()
        keys = list(each) if isinstance(each, dict) else range(len(each))
        found += [(each, key) for key in keys]
        waiting += [each[key] for key in keys if isinstance(each[key], (dict, list))]
    return found


def misshapen(source: random.Random, value: Any) -> Any:
    """A JSON value with one to three of its parts replaced by something else, taken out, doubled or renamed."""
    value = copy.deepcopy(value)
    for _ in range(source.choice([1, 1, 1, 2, 3])):
        if not isinstance(value, (dict, list)) or not (places := _places(value)):
            return value
        holder, key = source.choice(places)
        match source.randrange(8):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.insert(key, copy.deepcopy(holder[key]))
            case 2 if isinstance(holder, dict):
                holder[source.choice(["id", "source", "metadata", "甲", ""])] = holder.pop(key)
            case 3:
                holder[key] = copy.deepcopy(source.choice(places)[0])
            case _:
                holder[key] = source.choice(_JUNK)(source)
    return value


def torn(source: random.Random, raw: bytes) -> bytes:
    """Bytes that were cut off, overwritten, doubled or put into another encoding on their way."""
    place = source.randrange(len(raw)) if raw else 0
    match source.randrange(10):
        case 0:
            return raw[:place]
        case 1:
            return raw[:place] + source.randbytes(source.choice([1, 4, 300])) + raw[place:]
        case 2:
            return raw[:place] + bytes(source.choice([1, 64, 4096])) + raw[place + 64 :]
        case 3:
            return raw[place:] + raw[:place]
        case 4:
            return source.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf\xef\xbb\xbf"]) + raw
        case 5:
            encoding = source.choice(["utf-16", "utf-16-le", "utf-32", "gb18030", "utf-7"])
            return raw.decode("utf-8", "replace").encode(encoding, "replace")
        case 6:
            return source.choice([b"", b" ", b"\n\n", b"\x00" * 100, b"PK\x03\x04", source.randbytes(500)])
        case 7:
            return b"\r\n".join(raw.split(b"\n"))
        case 8:
            lines = raw.split(b"\n")
            at = source.randrange(len(lines))
            return b"\n".join([*lines[:at], *source.choice(_MERGES), *lines[at:]])
    changed = bytearray(raw)
    for _ in range(source.randint(1, 20)):
        changed[source.randrange(len(changed))] = source.randrange(256)
    return bytes(changed)


_MERGES: list[list[bytes]] = [
    MARKERS.format("甲", "乙").encode().splitlines(),
    b"<<<<<<< HEAD\n||||||| base\n=======\n>>>>>>> other".splitlines(),
    [b"<<<<<<< HEAD"],
    [b">>>>>>> other"],
    [b"======="],
]


def damaged_notebook(source: random.Random, raw: bytes) -> bytes:
    """A notebook that is none any more, or only just."""
    match source.randrange(12):
        case 0 | 1 | 2:
            return torn(source, raw)
        case 3:
            return _said_otherwise(source, raw.decode()).encode()
        case 4:
            nb = json.loads(raw)
            shortest = min(nb["cells"], key=lambda cell: len(str(cell)))
            nb["cells"] = source.choice(
                [[], [source.choice(nb["cells"])] * 3, [shortest] * 3_000, [shortest] * 100_000]
            )
            return json.dumps(nb).encode()
        case 5:
            nb = json.loads(raw)
            source.choice(nb["cells"])["source"] = source.choice(
                ["-" * 100_000 + "1", "(" * 5_000, "甲" * 500_000, "\r\n\x0c\u2028\x1c", "%%narrative", "{[]: 1}"]
            )
            return json.dumps(nb).encode()
    return json.dumps(misshapen(source, json.loads(raw)), ensure_ascii=source.random() < 0.5).encode(errors="replace")


def _said_otherwise(source: random.Random, text: str) -> str:
    """JSON with something in it that only some decoders take."""
    new = source.choice(
        ["NaN", "-Infinity", "1e999", "9" * 5000, "'甲'", '"甲\n乙"', '"\\ud800"', '{"a": 1, "a": 2}', "[" * 5000]
    )
    places = [at for at in range(len(text)) if text[at] == ":"]
    at = source.choice(places) + 1
    return text[:at] + new + ", " + source.choice(['"x":', ""]) + text[at:]


_SLIPS = [
    (": ", "："), (", ", "，"), ("[", "［"), ("]", "】"), ("    ", "　　"), ("    ", "\u00a0" * 4), ("  ", "\t"), ('"', "“"),
    ("|", "｜"), (":", ""), ("\n", "\n\n"), ("\n", "\r"), ("- ", "－ "), ("0", "０"), ("0", "007.50"), ("0", "1e9"),
    (": ", ": *a "), (": ", ": !!python/object:os.system "), (": ", ": &a "), ("\n", "\n---\n"), ("\n", "\n# "),
]  # fmt: skip


def damaged_text(source: random.Random, raw: bytes) -> bytes:
    """A parameter file, a form or a reportkit.toml as clumsy hands, editors and disks leave it."""
    if source.random() < 0.4:
        return torn(source, raw)
    lines = raw.decode().split("\n")
    for _ in range(source.choice([1, 1, 2, 5])):
        at = source.randrange(len(lines))
        match source.randrange(8):
            case 0:
                lines[at:at] = [lines[at]] * source.choice([1, 1, 500])
            case 1:
                del lines[at]
            case 2:
                lines[at] = " " * source.choice([1, 3, 40]) + lines[at]
            case 3:
                lines[at] = lines[at].strip()
            case 4:
                lines[at] += source.choice(["[" * 5_000, " x: y", "9" * 500, "\x00", "\ufeff", '"', "'", ": " * 50])
            case _:
                old, new = source.choice(_SLIPS)
                lines[at] = lines[at].replace(old, new, source.choice([1, -1]))
    return "\n".join(lines).encode()


def damaged_form(source: random.Random, tree: Any) -> bytes:
    """A form (as nested values) of another shape, in the YAML that JSON is."""
    return json.dumps(misshapen(source, tree)).encode()


def damage_journal(source: random.Random, path: Path) -> None:
    """Damage a journal's file: its pages, its tables or a row."""
    match source.randrange(5):
        case 0:
            path.write_bytes(torn(source, path.read_bytes()))
        case 1:
            raw = bytearray(path.read_bytes())
            for _ in range(source.choice([1, 10, 1000])):
                raw[source.randrange(len(raw))] = source.randrange(256)
            path.write_bytes(raw)
        case 2:
            path.unlink()
            _execute(path, source.choice(_OTHER_TABLES))
        case _:
            column = source.choice(["name", "params", "status", "environment", "inputs", "outputs"])
            value = source.choice(_VALUES)(source)
            _execute(path, f"UPDATE OR REPLACE report SET {column} = ?", value)


_OTHER_TABLES = [
    "CREATE TABLE report (x)",
    "CREATE TABLE report (name, params, status, environment, inputs, outputs)",
    "CREATE VIEW report AS SELECT 1 AS name",
    "PRAGMA user_version = 7",
    "CREATE TABLE environment (id TEXT PRIMARY KEY, parts TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE more (x)",
]
_VALUES: list[Callable[[random.Random], Any]] = [
    lambda source: json.dumps(source.choice(_JUNK)(source)),
    lambda source: json.dumps({"params/2019/宁海县/甲镇.yaml": source.choice(_JUNK)(source)}),
    lambda source: json.dumps(
        {source.choice([".html", "", "\x00", "\ud800", "../x"]): [1, "甲", None][: source.randint(0, 3)]}
    ),
    lambda source: source.choice(["{", "", "built", "甲", 7, 0.5, b"", b"\xff\xfe", b"../../x", b"/etc/x", b"\x00"]),
    lambda source: source.randbytes(20),
]


def _execute(path: Path, statement: str, *values: Any) -> None:
    db = sqlite3.connect(path)
    try:
        with db:
            db.execute(statement, values)
    except sqlite3.Error:  # a change that the tables do not take: another way to damage them
        path.write_bytes(path.read_bytes()[:5000])
    finally:
        db.close()


def damage_copies(project: Project, towns: list[str], seed: int) -> None:
    """Give each town a copy, and damage it so that it cannot be read."""
    source = random.Random(seed)
    for town in towns:
        name = f"2019/宁海县/{town}"
        path = copy_path(project, name)
        make_copy(project, name, project.read(project.file_of(name)))
        raw = path.read_bytes()
        while not copy_digest(project, name).startswith("unreadable"):
            path.write_bytes(damaged_notebook(source, raw))


def journal_of(project: Project) -> Path:
    return project.dist / ".reportkit/journal.sqlite"


def reasons(project: Project) -> tuple[str, list[str]]:
    """What a build says of the folder, and why it would make each report."""
    with Journal(project, project.dist, environment(project, {"html"})) as journal:
        journal.write_manifest()
        return journal.note, list(journal.reasons(plan(project, [], ["html"])))
