"""The journal's database: opened only if all of it can be read and says what a journal says."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS environment (id TEXT PRIMARY KEY, parts TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS report (
    name BLOB PRIMARY KEY,      -- its path below the folder, without suffix
    params BLOB NOT NULL,       -- its parameter file, by its path in the project
    status TEXT NOT NULL,
    environment TEXT NOT NULL REFERENCES environment,
    inputs TEXT NOT NULL,       -- {file: SHA-256}
    outputs TEXT NOT NULL       -- {suffix: [SHA-256, size, time]}
) WITHOUT ROWID;
"""
# The digest, the size, when it was written and, from the second version on, when it was changed in any way.
_OUTPUTS = ([str, int, int], [str, int, int, int])
_BESIDE = ("-wal", "-shm")
_TRIES = 3


class DamagedError(Exception):
    """The file is no journal, or not all of it can be read."""


def connected(path: Path) -> sqlite3.Connection:
    """Return the database at a path, made if there is none, locked until the connection or its process ends.

    Raises DamagedError if it is none of ours or not whole, and sqlite3.OperationalError if it is locked or its disk is
    full, read-only or forbidden.
    """
    if path.exists() and not path.is_file():
        raise DamagedError("not a file")
    db = sqlite3.connect(path, timeout=0)
    with contextlib.ExitStack() as stack:
        stack.callback(db.close)
        try:
            _prepare(db)
            if wrong := next(_wrong(db), ""):
                raise DamagedError(wrong)
        except sqlite3.DatabaseError as error:
            if _is_of_the_system(error):
                raise
            raise DamagedError(str(error)) from None
        except (ValueError, TypeError, AttributeError, RecursionError) as error:  # text or JSON that is none
            raise DamagedError(str(error)) from None
        stack.pop_all()
    return db


def copied(path: Path) -> sqlite3.Connection:
    """Return in memory what the database at a path holds now; nothing, if there is none.

    It is neither locked nor changed, and one that is being written can be copied, too. Raises DamagedError if it is
    none of ours or not whole, OSError if it cannot be read.
    """
    memory = sqlite3.connect(":memory:")
    with contextlib.ExitStack() as stack:
        stack.callback(memory.close)
        memory.executescript(_TABLES)
        if os.path.lexists(path):
            _fill(memory, path)
        stack.pop_all()
    return memory


def _fill(memory: sqlite3.Connection, path: Path) -> None:
    for left in reversed(range(_TRIES)):
        try:
            _fill_once(memory, path)
        except DamagedError:  # or the writer has moved pages while they were copied
            if not left:
                raise
        else:
            return


def _fill_once(memory: sqlite3.Connection, path: Path) -> None:
    if path.is_symlink() or not path.is_file():
        raise DamagedError("not a file")
    with TemporaryDirectory(prefix="reportkit-") as folder:
        copy = Path(folder, path.name)
        shutil.copyfile(path, copy)
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(path.with_name(f"{path.name}-wal"), copy.with_name(f"{copy.name}-wal"))
        try:
            with contextlib.closing(sqlite3.connect(copy)) as db:
                if wrong := next(_wrong(db), ""):
                    raise DamagedError(wrong)
                db.backup(memory)
        except (sqlite3.DatabaseError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise DamagedError(str(error)) from None


def put_aside(path: Path) -> Path:
    """Give a database another name that is free, with what belongs to it; return the new path. Raises OSError."""
    names = (path.with_name(f"{path.stem}.damaged{number or ''}{path.suffix}") for number in itertools.count())
    kept = next(name for name in names if not name.exists())
    path.replace(kept)
    for ending in _BESIDE:  # else it would be taken for the new one's
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + ending).replace(kept.with_name(kept.name + ending))
    return kept


def _prepare(db: sqlite3.Connection) -> None:
    # In this mode the first write takes a lock that lasts until the connection, or its process, ends.
    db.execute("PRAGMA locking_mode = EXCLUSIVE")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    if db.execute("PRAGMA user_version").fetchone()[0] not in (0, _VERSION):
        raise DamagedError("written by another version")
    with db:
        db.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;")


def _is_of_the_system(error: sqlite3.DatabaseError) -> bool:
    """Whether an error says that a file cannot be reached or is in use, and nothing of what is in it."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.OperationalError) and code is not None and code & 0xFF != sqlite3.SQLITE_ERROR


def _wrong(db: sqlite3.Connection) -> Iterator[str]:
    """Yield what is not as we have written it. Raises what a damaged page, a text that is none or bad JSON raises."""
    if _schema(db) != _own_schema():
        yield "other tables"
        return
    if (found := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        yield str(found)
    environments = {key for key, parts in db.execute("SELECT id, parts FROM environment") if _is_mapping(parts)}
    for name, params, status, environment, inputs, outputs in db.execute("SELECT * FROM report"):
        if not (_is_name(name) and isinstance(params, bytes) and isinstance(status, str)):
            yield "a name that is none"
        if environment not in environments:
            yield "an environment that is not there"
        if not _are_inputs(json.loads(inputs)):
            yield "an input that is none"
        if not _are_outputs(json.loads(outputs)):
            yield "an output that is none"


def _is_name(name: Any) -> bool:
    """Whether this can be a report's path below its folder."""
    return isinstance(name, bytes) and not name.startswith(b"/") and b".." not in name.split(b"/") and b"\0" not in name


def _is_mapping(text: str) -> bool:
    return isinstance(json.loads(text), dict)


def _are_inputs(found: Any) -> bool:
    return set(map(type, found.values())) <= {str} and b"\0" not in os.fsencode("".join(found))


def _are_outputs(found: Any) -> bool:
    return all(suffix[:1] == "." and [*map(type, value)] in _OUTPUTS for suffix, value in found.items())


def _schema(db: sqlite3.Connection) -> set[Any]:
    return set(db.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%'"))


@cache
def _own_schema() -> set[Any]:
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        db.executescript(_TABLES)
        return _schema(db)
