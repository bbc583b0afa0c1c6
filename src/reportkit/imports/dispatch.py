"""A file of whatever kind -> what it tells of one or many reports; the kind is seen by the content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePath

from reportkit.documents.size_limits import file_bytes
from reportkit.errors import Origin, ReaderError
from reportkit.imports import published, workbook
from reportkit.imports.reader_issues import raising_issues
from reportkit.messages.words import issue
from reportkit.model.form import Form
from reportkit.model.reading import Hints, Reading

_NOT_FOR_IMPORT = {".yaml": "I1.parameters", ".yml": "I1.parameters", ".csv": "I1.text", ".tsv": "I1.text"}

_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xls", ".et", ".ods")
_OLE = b"\xd0\xcf\x11\xe0"


def read_any(path: Path, forms: Mapping[str, Form], hints: Hints, shown: str = "") -> list[Reading]:
    """Return what a file tells: a published page one report, a county's workbook many.

    `shown` is how messages call the file (its path by default). Raises ReaderError if there is no such file, if it is
    too large or of a kind that is not read, or if nothing in it can be read with certainty.
    """
    shown = shown or str(path)
    _refuse_by_name(shown)
    with raising_issues():
        raw = file_bytes(path, shown)
    return read_content(raw, shown, forms, hints)


def read_content(raw: bytes, shown: str, forms: Mapping[str, Form], hints: Hints) -> list[Reading]:
    """Return what the content of a file tells, as `read_any` does; of its name the suffix alone is looked at."""
    _refuse_by_name(shown)
    if is_workbook(raw, _suffix(shown)):
        return workbook.read_workbook(raw, shown, forms, hints)
    return [published.read_published(raw, shown, forms, hints)]


def _refuse_by_name(shown: str) -> None:
    if refusal := _NOT_FOR_IMPORT.get(_suffix(shown)):
        raise ReaderError([issue(refusal, Origin(shown))])


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()


def is_workbook(raw: bytes, suffix: str) -> bool:
    """Whether the bytes are a workbook's; where they do not tell, a damaged or encrypted file, the suffix decides."""
    by_name = suffix.lower() in _WORKBOOKS
    if raw.startswith(_OLE):
        return _holds_stream(raw, "Workbook", "Book") or (by_name and not _holds_stream(raw, "WordDocument"))
    if raw.startswith(b"PK"):
        return _is_zipped_workbook(raw, by_name)
    return False


def _holds_stream(raw: bytes, *names: str) -> bool:
    """Whether the directory of an OLE file names one of the streams: two bytes a letter, and two of 0 at the end."""
    return any(f"\0{name}\0".encode("utf-16-le")[1:] in raw for name in names)


def _is_zipped_workbook(raw: bytes, by_name: bool) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = [name.replace("\\", "/").lower() for name in archive.namelist()]
    except Exception:  # zipfile raises half a dozen kinds for a damaged file
        return by_name
    if any(name.startswith(("xl/", "word/")) for name in names):
        return not any(name.startswith("word/") for name in names)
    # An OpenDocument file says what it is in its first entry, which is not compressed.
    return b"opendocument.spreadsheet" in raw[:200] or (by_name and "content.xml" in names)
