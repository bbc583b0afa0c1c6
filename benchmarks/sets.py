"""How long a list takes to become named parameter sets: SYNTHETIC towns, three columns, as .csv, .jsonl and .xlsx.

    uv run python benchmarks/sets.py [--rows 100000] [--most 1000000] [--rounds 3]

Each list is read in a process of its own, typed by what a notebook declares, and named. Seconds are those of the
processor, the best of the rounds, as other programs share the machine; the memory is the process's peak, the
interpreter and all imports in it. Peers, in the same way: `csv.DictReader`, which gives texts and looks at nothing,
and `pandas.read_csv` with its types given. `--most` rows of CSV show that the time grows with the rows.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from measure import MB, print_table, verdict, workplace

HEADER = ("town", "year", "data")
SOURCE = 'town = "Alderbrook"\nyear = 2024\ndata = "data/Alderbrook.csv"'
WANTED_SECONDS, WANTED_MEMORY, WANTED_GROWTH = 2.0, 150 * MB, 1.5


def rows(count: int) -> list[tuple[str, int, str]]:
    return [(f"Synthetic Town {number}", 2024, f"data/Synthetic Town {number}.csv") for number in range(count)]


def write(path: Path, count: int) -> None:
    """Write a list of so many rows."""
    if path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate([HEADER, *rows(count)]):
                sheet.write_row(at, 0, row)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            csv.writer(file).writerows([HEADER, *rows(count)])
        else:
            file.writelines(json.dumps(dict(zip(HEADER, row, strict=True))) + "\n" for row in rows(count))


def with_reportkit(path: Path) -> Callable[[], Any]:
    from reportkit.declarations.declaring import declared
    from reportkit.sets.lists import read_sets
    from reportkit.sets.output_names import named

    return lambda: named(read_sets(path, declared(SOURCE)), "{year}/{town}", "town")


def with_reader(path: Path) -> Callable[[], Any]:
    def read() -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read


def with_pandas(path: Path) -> Callable[[], Any]:
    import pandas as pd

    return lambda: pd.read_csv(path, dtype={"town": "str", "year": "int64", "data": "str"}).to_dict("records")


READERS = {"reportkit": with_reportkit, "csv.DictReader": with_reader, "pandas.read_csv": with_pandas}


def child(name: str, path: Path) -> None:
    """Read a list in this process and print what that took."""
    read = READERS[name](path)
    start = time.process_time()
    found = read()
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(json.dumps([len(found), seconds, peak]))


def measured(name: str, path: Path, rounds: int) -> tuple[int, float, int]:
    """How many sets there were, in how many seconds, and the peak of the memory."""
    command = [sys.executable, __file__, "--child", name, str(path)]
    found = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(rounds)]
    return min(found, key=lambda one: one[1])


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000, help="rows of each list (100000)")
    parser.add_argument("--most", type=int, default=1_000_000, help="rows of the long list (1000000)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", nargs=2, metavar=("READER", "LIST"), help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    wanted = options()
    if wanted.child:
        child(wanted.child[0], Path(wanted.child[1]))
        return
    with workplace() as folder:
        lists = {suffix: folder / f"list{suffix}" for suffix in (".csv", ".jsonl", ".xlsx")}
        for path in lists.values():
            write(path, wanted.rows)
        found = {("reportkit", suffix): measured("reportkit", path, wanted.rounds) for suffix, path in lists.items()}
        for peer in list(READERS)[1:]:
            found[peer, ".csv"] = measured(peer, lists[".csv"], wanted.rounds)
        write(folder / "long.csv", wanted.most)
        found["reportkit", ".csv, long"] = measured("reportkit", folder / "long.csv", 1)
    lines = [
        [name, suffix, f"{count:,}", f"{seconds:.2f}", f"{seconds / count * 1e6:.1f}", f"{peak / MB:.0f}"]
        for (name, suffix), (count, seconds, peak) in found.items()
    ]
    print_table(["reader", "list", "sets", "CPU s", "µs/set", "peak MB"], lines)
    _count, seconds, peak = found["reportkit", ".csv"]
    verdict(f"seconds for {wanted.rows:,} rows of CSV", seconds, "under 2 for 100,000", met=seconds < WANTED_SECONDS)
    verdict("peak MB", peak / MB, "under 150 for 100,000", met=peak < WANTED_MEMORY)
    long = found["reportkit", ".csv, long"]
    ratio = (long[1] / long[0]) / (seconds / wanted.rows)
    verdict("time per row, long list against short", ratio, "at most 1.5", met=ratio <= WANTED_GROWTH)


if __name__ == "__main__":
    main()
