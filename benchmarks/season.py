"""A season's worth of reports: a plan of 150,000 files, 20,000 reports built, killed at nine tenths, and built again.

    uv run python benchmarks/season.py [--towns 20000] [--planned 150000] [--jobs N] [--to html]

All towns are SYNTHETIC and lie on disk. What is asked of each step stands beside what was found. How long a season of
150,000 reports would take is extrapolated from the slope between two batches, and not measured. It takes half an hour.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from measure import MB, Usage, build, expect, make_project, print_table, run, verdict, workplace

SEASON = 150_000
SAMPLE = 500
"""Reports in the small batch, that the large one is compared with."""

PLAN = """
from pathlib import Path
from reportkit.batch.lean_imports import lean_imports
from reportkit.project import load_project, plan
with lean_imports():
    import nbformat
from reportkit.batch.fingerprint import environment
from reportkit.batch.journal import Journal
project = load_project(Path.cwd())
jobs = plan(project, [], ("html", "pdf"))
with Journal(project, project.dist, environment(project, ("html", "pdf"))) as journal:
    assert len(list(journal.reasons(jobs))) == len(jobs) == %d
"""


def planned(folder: Path, count: int) -> Usage:
    """Return what finding out took that so many reports are due."""
    project = make_project(folder, 1)
    (first,) = (project / "params").rglob("*.yaml")
    text = first.read_text(encoding="utf-8")
    for number in range(2, count + 1):
        name = f"合成{number:06}镇"
        first.with_name(f"{name}.yaml").write_text(text.replace(first.stem, name), encoding="utf-8")
    return run([sys.executable, "-c", PLAN % count], project)


def killed(project: Path, wanted: argparse.Namespace, after: int) -> int:
    """Build from the start, end the command by SIGKILL after so many reports; return how many are made."""
    log = project / "killed.jsonl"
    shutil.rmtree(project / "dist")
    formats = [word for name in wanted.to for word in ("--to", name)]
    command = [sys.executable, "-m", "reportkit", "build", project / "params", "--out", project / "dist", *formats]
    options = ["--jobs", str(wanted.jobs), "--log-json", log, "--force"]
    process = subprocess.Popen([*command, *options], cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    while process.poll() is None and _outcomes(log) < after:
        time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return _outcomes(log)


def _outcomes(log: Path) -> int:
    return log.read_bytes().count(b'"status": "built"') if log.exists() else 0


def kept(project: Path) -> dict[str, int]:
    """Return the bytes of what is kept of all reports: the manifest, and the journal."""
    dist = project / "dist"
    state = [path for path in dist.rglob("*") if ".reportkit" in path.parts or path.name.startswith(".reportkit")]
    return {
        "manifest": (dist / "MANIFEST.sha256").stat().st_size,
        "journal": sum(path.stat().st_size for path in state if path.is_file()),
    }


def build_all(folder: Path, count: int, wanted: argparse.Namespace) -> tuple[Path, Usage]:
    """Make a project of so many towns and build it; return it, and what building used."""
    project = make_project(folder / str(count), count)
    usage = build(project, wanted.to, wanted.jobs, "--force")
    expect(project / "dist", count, wanted.to)
    return project, usage


def slope(counts: Sequence[int], seconds: Sequence[float]) -> float:
    """Seconds that one report more takes."""
    return (seconds[1] - seconds[0]) / (counts[1] - counts[0])


def growth(folder: Path, wanted: argparse.Namespace) -> tuple[Path, float, float]:
    """Compare a small and a large batch; return the large one's project, its seconds a report, and the start."""
    counts = (SAMPLE, wanted.towns)
    build_all(folder, 1, wanted)  # leaves bytecode, and files in the system's memory
    _, alone = build_all(folder / "start", 1, wanted)
    (small, little), (large, much) = (build_all(folder, count, wanted) for count in counts)
    each = [(usage.seconds - alone.seconds) / (count - 1) for count, usage in zip(counts, (little, much), strict=True)]
    rows = [
        [f"{count}", f"{usage.seconds:.1f}", f"{time * 1000:.2f}", f"{usage.parent / MB:.0f}"]
        for count, usage, time in zip(counts, (little, much), each, strict=True)
    ]
    print_table(["reports", "seconds", "ms a report", "parent MB"], rows)
    verdict("time a report, large against small", each[1] / each[0], "at most 1.05", met=each[1] <= 1.05 * each[0])
    more = (much.parent - little.parent) / MB
    verdict("memory of the parent, MB more", more, "within 30", met=more <= 30)
    for (name, bytes_little), bytes_much in zip(kept(small).items(), kept(large).values(), strict=True):
        ratio = bytes_much / bytes_little / (counts[1] / counts[0])
        verdict(f"{name}, bytes a report, large against small", ratio, "at most 1.1", met=ratio <= 1.1)
    hours = SEASON * slope(counts, (little.seconds, much.seconds)) / 3600
    print(f"  {SEASON:,} reports at that slope: {hours:.2f} hours with {wanted.jobs} workers (extrapolated)")
    return large, each[1], alone.seconds


def again(project: Path, each: float, start: float, wanted: argparse.Namespace) -> None:
    """Build what is built already; then what a command that was killed has left."""
    unchanged = build(project, wanted.to, wanted.jobs).seconds
    verdict(f"{wanted.towns} reports with nothing changed, seconds", unchanged, "below 4", met=unchanged < 4)
    made = killed(project, wanted, wanted.towns * 9 // 10)
    resumed = build(project, wanted.to, wanted.jobs).seconds
    left = start + unchanged + (wanted.towns - made) * each
    name = f"after a kill at {made} of {wanted.towns}, against what was missing"
    verdict(name, resumed / left, "at most 1.2", met=resumed <= 1.2 * left)


def dask(folder: Path, wanted: argparse.Namespace) -> None:
    """Compare four workers of a Dask cluster on this machine with four of the command's own, by turns."""
    counts = (SAMPLE, 4 * SAMPLE)
    ways = ((), ("--dask", "local"))
    seconds: dict[tuple[str, ...], list[float]] = {way: [] for way in ways}
    for count in counts:
        project = make_project(folder / "dask" / str(count), count)
        rounds = [[build(project, wanted.to, 4, "--force", *way).seconds for way in ways] for _ in range(3)]
        for way, tried in zip(ways, zip(*rounds, strict=True), strict=True):
            seconds[way].append(min(tried))
    taken = {f"{count} reports": both for count, both in zip(counts, zip(*seconds.values(), strict=True), strict=True)}
    taken["a report more"] = (slope(counts, seconds[ways[0]]), slope(counts, seconds[ways[1]]))
    for what, (own, theirs) in taken.items():
        verdict(f"Dask with four workers, {what}, against four without", theirs / own, "at most 1.05",
                met=theirs <= 1.05 * own)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--towns", type=int, default=20_000)
    parser.add_argument("--planned", type=int, default=SEASON)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--to", action="append", choices=("html", "pdf"))
    wanted = parser.parse_args()
    wanted.to = wanted.to or ["html"]
    with workplace() as folder:
        print(json.dumps({"cores": os.cpu_count(), "load": os.getloadavg()[0], "formats": wanted.to}))
        project, each, start = growth(folder, wanted)
        again(project, each, start, wanted)
        dask(folder, wanted)
        usage = planned(folder / "planned", wanted.planned)
        verdict(f"{wanted.planned:,} files planned, seconds", usage.seconds, "below 15", met=usage.seconds < 15)
        print(f"  with {usage.tree_rss / MB:.0f} MB")


if __name__ == "__main__":
    main()
