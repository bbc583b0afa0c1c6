"""MANIFEST.sha256: what a folder of reports holds, as `sha256sum -c` reads it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from reportkit.batch.placement import write_all
from reportkit.files.locations import is_remote

NAME = "MANIFEST.sha256"


def manifest_line(sha: str, name: bytes) -> bytes:
    """Return a line that `sha256sum -c` reads; it wants a mark and escapes for names with line ends in them."""
    escaped = name.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
    return (b"" if escaped == name else b"\\") + f"{sha}  ".encode() + escaped + b"\n"


def write_manifest(out: Path, lines: Iterable[bytes]) -> None:
    """Write the lines as they come. Raises OSError."""
    content = io.BytesIO()
    content.writelines(lines)
    write_all({out / NAME: content.getvalue()}, out)


def listed(out: Path) -> dict[bytes, str]:
    """Return the SHA-256 of each file that a local folder's manifest names as it is written; none if it has none."""
    try:
        content = b"" if is_remote(out) else (out / NAME).read_bytes()
    except OSError:
        return {}
    lines = (line.partition(b"  ") for line in content.split(b"\n"))
    return {name: sha.decode(errors="replace") for sha, _, name in lines if name}
