"""Reports per second and memory: `reportkit build` beside what an analyst would otherwise run, all in one run.

    uv run --group bench python benchmarks/throughput.py [--quick] [--rounds 3]

Every contender makes the same reports of SYNTHETIC towns with the same master notebook, each in a process of its own.
Time per report is the slope between a small and a large batch (of several rounds the best, as other programs share the
machine); what is left of the small batch is the start. Memory is the peak of the whole process tree: RSS counts pages
that processes share once for each, PSS once in all. Without the dependency group `bench`, or without Chromium, the
rivals that need them are left out, and the table says so.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path

from measure import (
    CommandError,
    Usage,
    build,
    expect,
    make_project,
    megabytes,
    print_table,
    run,
    verdict,
    workplace,
)
from rivals import chromium

FORMATS = {"HTML": ("html",), "HTML + PDF": ("html", "pdf")}
WANTED = {"HTML": 90.0, "HTML + PDF": 60.0}
WANTED_APART = 45.0
"""Of a process for each report, in HTML, against what an analyst would otherwise run; the next against one for all."""
WANTED_MORE = 1.25
WANTED_OF_TWO = 1.9


@dataclass
class Contender:
    """A way to make reports: `make` makes all of a project in some formats; `missing` is why it cannot, or ""."""

    name: str
    sizes: tuple[int, int]
    make: Callable[[Path, Sequence[str]], Usage]
    missing: str = ""


@dataclass
class Result:
    """What the rounds of a contender gave, by batch size."""

    sizes: tuple[int, int]
    usages: dict[int, list[Usage]] = field(default_factory=lambda: defaultdict(list))
    failure: str = ""

    @property
    def per_report(self) -> float | None:
        """Seconds per report; None if there is no telling, as it failed or other programs were in the way."""
        slope = self._slope(lambda usage: usage.seconds)
        return slope if slope and slope > 0 else None

    @property
    def cpu_per_report(self) -> float:
        """Seconds of the processors per report, which other programs on the machine change least."""
        return self._slope(lambda usage: usage.cpu) or 0.0

    @property
    def start(self) -> float:
        """Seconds before the first report, by the same line."""
        small, _ = self.sizes
        return min(usage.seconds for usage in self.usages[small]) - (self.per_report or 0.0) * small

    def _slope(self, used: Callable[[Usage], float]) -> float | None:
        if self.failure:
            return None
        small, large = self.sizes
        return (min(map(used, self.usages[large])) - min(map(used, self.usages[small]))) / (large - small)


def rival(engine: str, project: Path, formats: Sequence[str]) -> Usage:
    """Return what making a project's reports by papermill and nbconvert used."""
    script, notebook = Path(__file__).with_name("rivals.py"), project / "notebooks/annual_report.ipynb"
    command = [sys.executable, script, engine, notebook, project / "params", project / "dist", *formats]
    return run(command, project)


def ours(jobs: int, project: Path, formats: Sequence[str], *options: str) -> Usage:
    """Return what building a project with so many workers used."""
    return build(project, formats, jobs, "--force", *options)


def forked(project: Path, formats: Sequence[str]) -> Usage:
    """Return what building used with a process for each report, as cells with code of any kind get one."""
    return ours(1, project, formats, "--fork")


def contenders(formats: Sequence[str], wanted: argparse.Namespace) -> list[Contender]:
    """Everyone who takes part, first the one that the others are compared with."""
    no_pdf = missing_for_webpdf() if "pdf" in formats else ""
    no_ploomber = "" if find_spec("ploomber_engine") else "no ploomber-engine: uv run --group bench"
    if wanted.quick and "pdf" in formats:
        no_ploomber = "left out by --quick"
    pdf = " + WebPDFExporter" if "pdf" in formats else ""
    slow, quick = tuple(wanted.rival_sizes), tuple(wanted.sizes)
    found = [
        Contender(f"(a) papermill + HTMLExporter{pdf}", slow, partial(rival, "kernel"), no_pdf),
        Contender(f"(b) ploomber-engine + HTMLExporter{pdf}", slow, partial(rival, "embedded"), no_ploomber or no_pdf),
        Contender("(c) reportkit build, 1 worker", quick, partial(ours, 1)),
        Contender("(c) the same, a process for each report", quick, forked),
    ]
    if wanted.jobs > 1:
        name = f"(d) reportkit build, {wanted.jobs} workers"
        found.append(Contender(name, quick, partial(ours, wanted.jobs)))
    return found


def missing_for_webpdf() -> str:
    """Why nbconvert's PDF by way of a browser cannot be made here, or ""."""
    if not find_spec("playwright"):
        return "no playwright: uv run --group bench"
    return "" if chromium() else "no Chromium on this machine"


def measured(
    found: Sequence[Contender], formats: Sequence[str], wanted: argparse.Namespace, project: Callable[[int], Path]
) -> list[Result]:
    """Return what the rounds gave. All take turns, so that a busy minute of the machine is nobody's alone."""
    results = [Result(contender.sizes, failure=contender.missing) for contender in found]
    pairs = list(zip(found, results, strict=True))
    if not wanted.quick:
        for contender, result in pairs:
            # It leaves bytecode, and files in the system's memory: what all later runs find.
            _turn(contender, result, formats, project(contender.sizes[0]), contender.sizes[0])
    for _ in range(wanted.rounds):
        for contender, result in pairs:
            for size in contender.sizes:
                usage = _turn(contender, result, formats, project(size), size)
                result.usages[size] += [usage] if usage else []
    return results


def _turn(contender: Contender, result: Result, formats: Sequence[str], project: Path, size: int) -> Usage | None:
    """One batch. A contender that fails costs its own row only."""
    if result.failure:
        return None
    shutil.rmtree(project / "dist", ignore_errors=True)
    try:
        usage = contender.make(project, formats)
        expect(project / "dist", size, formats)
    except CommandError as error:
        result.failure = f"failed: {error}"
        return None
    return usage


def row(name: str, result: Result, seconds: float, plain: float | None) -> list[str]:
    """A contender's line of the table; `plain` is what (a) takes for a report."""
    large = result.usages[result.sizes[1]]
    ratio = f"{plain / seconds:.1f}" if plain else "—"
    return [
        name,
        f"{seconds:.4f}",
        f"{1 / seconds:.2f}",
        ratio,
        f"{result.cpu_per_report:.4f}",
        f"{result.start:.2f}",
        megabytes(max(usage.tree_rss for usage in large)),
        megabytes(max(usage.tree_pss for usage in large)),
    ]


def compare(label: str, wanted: argparse.Namespace, project: Callable[[int], Path]) -> None:
    """Measure all contenders for some formats and print what came of it."""
    formats = FORMATS[label]
    found = contenders(formats, wanted)
    results = measured(found, formats, wanted, project)
    plain = results[0].per_report
    heads = [label, "s/report", "reports/s", "× (a)", "CPU s/report", "start s", "RSS MB", "PSS MB"]
    lines, notes = [], []
    for contender, result in zip(found, results, strict=True):
        if seconds := result.per_report:
            lines.append(row(contender.name, result, seconds, plain))
        else:
            notes.append(f"  {contender.name}: {result.failure or 'no slope, as other programs were in the way'}")
    print_table(heads, lines)
    print(*notes, sep="\n", end="\n" if notes else "")
    where_time_goes(results[2])
    if not wanted.quick:
        first, _, one, apart, *many = results
        requirements(label, first, one, *many)
        requirements_apart(label, first, one, apart)
    print()


def requirements(label: str, plain: Result, one: Result, many: Result | None = None) -> None:
    """Print what was asked for, and whether it is so."""
    ratio, least = _ratio(plain.per_report, one.per_report), WANTED[label]
    verdict("1 worker against (a)", ratio, f"at least {least:g} ×", met=ratio is not None and ratio >= least)
    if by_cpu := _ratio(plain.cpu_per_report, one.cpu_per_report):
        print(f"    by the processors' time, which a busy machine changes less: {by_cpu:.1f}")
    if many:
        gain = _ratio(one.per_report, many.per_report)
        enough = gain is not None and gain >= WANTED_OF_TWO
        verdict("all workers against 1", gain, f"at least {WANTED_OF_TWO} × with 2", met=enough)


def requirements_apart(label: str, plain: Result, one: Result, apart: Result) -> None:
    """Print what was asked for of a process for each report, and whether it is so."""
    against, more = _ratio(plain.per_report, apart.per_report), _ratio(apart.per_report, one.per_report)
    if label == "HTML":
        met = against is not None and against >= WANTED_APART
        verdict("a process for each report against (a)", against, f"at least {WANTED_APART:g} ×", met=met)
    met = more is not None and more <= WANTED_MORE
    verdict("a process for each report against one for all", more, f"at most {WANTED_MORE:g} ×", met=met)


def _ratio(more: float | None, less: float | None) -> float | None:
    return more / less if more and less else None


def where_time_goes(result: Result) -> None:
    """Print the parts of a report's time, as the last run's log has them."""
    runs = result.usages[result.sizes[1]]
    shares = runs[-1].shares if runs else {}
    parts = ", ".join(f"{name} {seconds * 1000:.1f}" for name, seconds in shares.items())
    print(f"  1 worker, ms per report: {parts or 'not known, as there is no log with seconds'}")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs=2, metavar="N", help="batches of ours (40 240)")
    parser.add_argument("--rival-sizes", type=int, nargs=2, metavar="N", help="batches of the slow ones (2 5)")
    parser.add_argument("--rounds", type=int, help="how often, of which the best counts (3)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="workers of the last contender")
    parser.add_argument("--only", choices=FORMATS, action="append", help="these formats only")
    parser.add_argument("--quick", action="store_true", help="a few reports, once: does it run?")
    chosen = parser.parse_args()
    sizes, rival_sizes, rounds = ([2, 12], [1, 2], 1) if chosen.quick else ([40, 240], [2, 5], 3)
    chosen.sizes, chosen.rival_sizes = chosen.sizes or sizes, chosen.rival_sizes or rival_sizes
    chosen.rounds = chosen.rounds or rounds
    for small, large in (chosen.sizes, chosen.rival_sizes):
        if not 0 < small < large:
            parser.error("a slope needs two batches, the smaller one first")
    return chosen


def main() -> None:
    wanted = options()
    with workplace() as folder:
        project = cache(lambda size: make_project(folder / str(size), size))
        print(f"{os.cpu_count()} cores, load before the run {os.getloadavg()[0]:.1f}\n")
        for label in wanted.only or FORMATS:
            compare(label, wanted, project)
        if wanted.quick:
            print("--quick: it runs; for figures that mean something, leave --quick out")


if __name__ == "__main__":
    main()
