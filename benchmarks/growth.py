"""What a report costs in small and in large batches: `reportkit build` of 100, 1,000 and 5,000 SYNTHETIC towns.

    uv run python benchmarks/growth.py [--sizes 100 1000 5000] [--jobs N] [--to html]

Time per report is what a batch takes longer than a batch of one report (the median of several runs for small batches,
which other programs on the machine disturb most). The parent is the process that was started; its memory is its peak.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from statistics import median

from measure import MB, Usage, build, expect, make_project, megabytes, print_table, verdict, workplace

WANTED_GROWTH = 0.15
WANTED_UNCHANGED = (1000, 1.5)
WANTED_MEMORY = 20 * MB


def runs(size: int) -> int:
    """How often a batch of this size is built."""
    return max(1, min(5, 1000 // size))


def measured(project: Path, size: int, wanted: argparse.Namespace) -> Usage:
    """Return what building a whole project used: the run with the median time."""
    usages = [build(project, wanted.to, wanted.jobs, "--force") for _ in range(runs(size))]
    expect(project / "dist", size, wanted.to)
    middle = median(usage.seconds for usage in usages)
    return min(usages, key=lambda usage: abs(usage.seconds - middle))


def per_report(size: int, usage: Usage, alone: Usage) -> float:
    """Seconds per report: what the others took after the first one."""
    return (usage.seconds - alone.seconds) / (size - 1)


def row(size: int, usage: Usage, alone: Usage) -> list[str]:
    """A batch's line of the table."""
    times = (per_report(size, usage, alone), (usage.cpu - alone.cpu) / (size - 1))
    first = "—" if usage.first_report is None else f"{usage.first_report:.2f}"
    memory = [megabytes(number) for number in (usage.parent, usage.tree_rss, usage.tree_pss)]
    return [f"{size}", f"{usage.seconds:.2f}", *(f"{seconds * 1000:.1f}" for seconds in times), first, *memory]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 5000], metavar="N")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="workers (all cores)")
    parser.add_argument("--to", action="append", choices=("html", "pdf"), help="formats (html)")
    chosen = parser.parse_args()
    chosen.sizes, chosen.to = sorted(set(chosen.sizes)), chosen.to or ["html"]
    if chosen.sizes[0] < 2:
        parser.error("a batch has at least two reports: batches are compared with a single one")
    return chosen


def main() -> None:
    wanted = options()
    unchanged_size = next((size for size in wanted.sizes if size >= WANTED_UNCHANGED[0]), wanted.sizes[-1])
    with workplace() as folder:
        single = make_project(folder / "1", 1)
        build(single, wanted.to, wanted.jobs, "--force")  # leaves bytecode, and files in the system's memory
        alone = measured(single, 1, wanted)
        usages: dict[int, Usage] = {}
        for size in wanted.sizes:
            project = make_project(folder / str(size), size)
            usages[size] = measured(project, size, wanted)
            if size == unchanged_size:
                unchanged = build(project, wanted.to, wanted.jobs).seconds
    heads = ["reports", "total s", "ms/report", "CPU ms/report", "first begun s", "parent MB", "RSS MB", "PSS MB"]
    print(f"{' + '.join(wanted.to)}, {wanted.jobs} workers, load {os.getloadavg()[0]:.1f}")
    print(f"a single report takes {alone.seconds:.2f} s")
    print_table(heads, [row(size, usage, alone) for size, usage in usages.items()])
    requirements(usages, {size: per_report(size, usage, alone) for size, usage in usages.items()})
    unchanged_requirement(unchanged_size, unchanged)


def requirements(usages: dict[int, Usage], seconds: dict[int, float]) -> None:
    """Print what was asked of the growth from the smallest batch to the largest, and whether it is so."""
    small, large = min(usages), max(usages)
    if small == large:
        return
    ratio, more = seconds[large] / seconds[small], usages[large].parent - usages[small].parent
    span = f"{large} reports against {small}"
    verdict(f"time per report, {span}", ratio, "at most 1.15", met=ratio <= 1 + WANTED_GROWTH)
    verdict(
        f"memory of the parent in MB, {span}", more / MB, f"within {WANTED_MEMORY / MB:g}", met=more <= WANTED_MEMORY
    )


def unchanged_requirement(size: int, seconds: float) -> None:
    """Print how long a build takes when there is nothing to do."""
    reports, most = WANTED_UNCHANGED
    name = f"seconds for {size} reports with nothing changed"
    verdict(name, seconds, f"under {most} for {reports}", met=seconds < most * max(1, size / reports))


if __name__ == "__main__":
    main()
