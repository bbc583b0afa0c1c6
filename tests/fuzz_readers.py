"""Damaged files of every kind, for as long as asked: no reader may raise anything but what it says it raises.

    uv run python tests/fuzz_readers.py [SECONDS] [--seed 0]

Prints how many files were tried, read and refused, and the number of every file that broke a reader; leaves such files
in the current folder. Exits with 1 if there was one.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from reportkit.errors import ReaderError
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.imports.published import read_published
from reportkit.imports.workbook import read_workbook
from reportkit.kinds import shipped_forms
from reportkit.params.reader import read_params
from reportkit.params.writer import params_text

HERE = Path(__file__).parent
FORMS = shipped_forms()
ODD = [
    b"\x00", b"\xff\xfe", b"<", b">", b"&#0;", b"&nbsp;", b"\t", b"|", b"\n", b"\r", b"0", b"-1", b"1e308", b"9" * 40,
    b"<table>", b"</td>", b"<tr><td colspan=0 rowspan=99999>", b"\xe2\x80\xa8", b"\xf0\x9f\x98\x80", b"{{7*7}}", b"]]>",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", "第二十条第（一）项".encode(), "四、".encode(), "规章".encode(), "总计".encode(),
    "本年".encode("gb18030"), "０".encode(), b"*a", b"&a", b"!!python/object:os.system", b": ", b"- ", b"#",
]  # fmt: skip


def published() -> list[bytes]:
    """Real reports as text, and one as a page."""
    texts = [path.read_bytes() for path in sorted(HERE.glob("files/published/*.txt"))]
    assert texts, "nothing to damage"
    return texts


def workbooks() -> list[bytes]:
    """The forms that towns fill in, and filled ones from another program."""
    return [*(form_bytes(form) for form in FORMS.values()), *saved("ods")]


def saved(suffix: str) -> list[bytes]:
    """Workbooks that LibreOffice has saved."""
    return [path.read_bytes() for path in sorted(HERE.glob(f"files/workbooks/*.{suffix}"))]


def parameter_files() -> list[bytes]:
    """The samples."""
    return [path.read_bytes() for path in sorted((HERE.parent / "params").rglob("*.yaml"))]


def damaged(source: random.Random, raw: bytes, others: list[bytes]) -> bytes:
    """The bytes with pieces lost, moved, doubled, or strange."""
    made = bytearray(raw)
    for _ in range(source.choice((1, 1, 2, 5, 20))):
        at, size = source.randrange(len(made) + 1), int(source.expovariate(1 / 40))
        piece = bytes(made[at : at + size])
        match source.randrange(7):
            case 0:
                del made[at : at + size]
            case 1:
                made[at:at] = piece * source.choice((1, 2, 50))
            case 2:
                made[at:at] = source.choice(ODD)
            case 3:
                made[at : at + size] = source.randbytes(size)
            case 4:
                other = source.choice(others)
                start = source.randrange(len(other) + 1)
                made[at:at] = other[start : start + size * 10]
            case 5:
                del made[source.randrange(len(made) + 1) :]
            case _:
                lines = bytes(made).split(b"\n")
                source.shuffle(lines) if source.random() < 0.1 else lines.reverse() if source.random() < 0.1 else None
                lines.insert(source.randrange(len(lines)), source.choice(lines))
                made = bytearray(b"\n".join(lines))
        made = made or bytearray(b"0")
    return bytes(made)


def damaged_inside(source: random.Random, raw: bytes, others: list[bytes]) -> bytes:
    """A zip file whose parts are damaged, so that the damage gets past the zip reader; or the zip file itself is."""
    if source.random() < 0.3:
        return damaged(source, raw, others)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w") as new:
        unlucky = source.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, damaged(source, part, [part]) if name == unlucky else part)
    return made.getvalue()


def read_yaml(raw: bytes) -> None:
    """Read a parameter file."""
    read_params(Path("damaged.yaml"), FORMS, content=raw)


def read_page(raw: bytes) -> None:
    """Read a published report; what was read must also be fit for a parameter file."""
    params_text(read_published(raw, "damaged.txt", FORMS))


def read_sheets(raw: bytes) -> None:
    """Read a workbook, likewise."""
    for reading in read_workbook(raw, "damaged.xlsx", FORMS):
        params_text(reading)


def main() -> int:
    """Fuzz, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", nargs="?", type=float, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    kinds: list[tuple[Callable[[bytes], None], list[bytes], Callable[..., bytes]]] = [
        (read_page, published(), damaged),
        (read_sheets, workbooks(), damaged_inside),
        (read_sheets, saved("xls"), damaged),
        (read_yaml, parameter_files(), damaged),
    ]
    source, counts, end = random.Random(options.seed), Counter[str](), time.monotonic() + options.seconds
    while time.monotonic() < end:
        read, good, damage = source.choice(kinds)
        raw = damage(source, source.choice(good), good)
        try:
            start = time.monotonic()
            read(raw)
            counts["read"] += 1
        except ReaderError:
            counts["refused"] += 1
        except BaseException:
            traceback.print_exc()
            counts["BROKEN"] += 1
            Path(f"broken-{counts['BROKEN']}").write_bytes(raw)
        if time.monotonic() - start > 5:
            counts["SLOW"] += 1
            Path(f"slow-{counts['SLOW']}").write_bytes(raw)
    print(", ".join(f"{number:,} {word}" for word, number in counts.items()))
    return 1 if counts["BROKEN"] or counts["SLOW"] else 0


if __name__ == "__main__":
    sys.exit(main())
