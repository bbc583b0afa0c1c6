"""The check of many parameter files, on one core and in one run beside what it costs to read them with plain PyYAML.

    uv run python benchmarks/checking.py [--files 1000] [--rounds 3]

The files are SYNTHETIC towns with some 2,000 characters of narrative each, in which the numbers of the tables stand in
sentences. Peers in the same run: `yaml.safe_load` of the same files (PyYAML's usual loader, which is pure Python, and
reads without checking anything), and `yaml.load` with its C loader. Neither gives line numbers. Seconds are those of
the processor, the best of the rounds, as other programs share the machine; each round reads the files from the disk.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import yaml
from measure import print_table, verdict, workplace
from synthetic import COUNTY, Words, write_towns, yaml_text

from reportkit.checks import check, check_project
from reportkit.errors import CellRef
from reportkit.model.filing import Filing
from reportkit.notebook import parameters
from reportkit.project import Project, load_project

LENGTH = 2000
"""Characters of narrative in a file."""

TARGET = 3.0
"""Seconds that the check of 1,000 files may take: all rules in the file, one core."""

STATED = (
    "{year}年，{town}新收政府信息公开申请{new}件，上年结转{old}件。办理结果：予以公开{granted}件，部分公开{partial}件；"
    "结转下年度继续办理{over}件。被申请行政复议{review}件，制发行政规范性文件{issued}件。"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    with workplace() as folder:
        project = load_project(make(folder, wanted.files))
        measure(project, wanted.rounds)


def make(folder: Path, count: int) -> Path:
    """Return a project's root: two years of a county of `count` towns, with long narratives, and its own file."""
    for year in (2022, 2023):
        paths = write_towns(folder / "params", count, year, seed=year)
        project = load_project(folder)
        for number, path in enumerate(paths):
            source = random.Random(number * 10_000 + year)
            path.write_text(yaml_text(parameters(told(project.read(path), source))), encoding="utf-8")
    county = folder / f"params/2023/{COUNTY}.yaml"
    county.write_text(paths[0].read_text(encoding="utf-8").replace(paths[0].stem, COUNTY), encoding="utf-8")
    return folder


def told(filing: Filing, source: random.Random) -> Filing:
    """Return the filing with its numbers in a sentence, and with more text until there is enough."""
    words = Words(source, filing.jurisdiction, filing.year)
    narrative = {**filing.narrative, "overview": f"{stated(filing)}\n\n{filing.narrative['overview']}"}
    while sum(map(len, narrative.values())) < LENGTH:
        # Without the first paragraph, which is the same each time.
        narrative["overview"] += "\n" + "\n\n".join(words.section("overview").split("\n\n")[1:-2]) + "\n"
    return replace(filing, narrative=narrative)


def stated(filing: Filing) -> str:
    """Return the sentence that says what the tables say."""
    cells = {
        "new": CellRef("requests", "received", "total"),
        "old": CellRef("requests", "carried_in", "total"),
        "granted": CellRef("requests", "outcome.granted", "total"),
        "partial": CellRef("requests", "outcome.partial", "total"),
        "over": CellRef("requests", "carried_over", "total"),
        "review": CellRef("reviews", "cases", "review.total"),
        "issued": CellRef("proactive", "normative_documents", "issued"),
    }
    numbers = {name: filing.values[ref] for name, ref in cells.items()}
    return STATED.format(year=filing.year, town=filing.jurisdiction, **numbers)


def best(rounds: int, job: Callable[[], object]) -> float:
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        job()
        seconds.append(time.process_time() - start)
    return min(seconds)


def measure(project: Project, rounds: int) -> None:
    paths = sorted((project.params / "2023" / COUNTY).glob("*.yaml"))
    texts = [path.read_text(encoding="utf-8") for path in paths]
    narratives = [sum(map(len, project.read(path).narrative.values())) for path in paths]
    print(f"{len(paths)} files of {statistics.mean(map(len, texts)):.0f} characters, {statistics.mean(narratives):.0f}"
          " of them narrative, one core")  # fmt: skip
    found = [len(check(project.read(path))) for path in paths]
    print(f"{sum(found)} issues in {sum(map(bool, found))} of them")
    ours = "reportkit: read and check, all rules in the file"
    jobs = {
        ours: lambda: sum(len(check(project.read(path))) for path in paths),
        "  of which reading, with a line number for each value": lambda: sum(project.read(path).year for path in paths),
        "reportkit check: also against last year and between units": lambda: everything(project, paths),
        "PyYAML, yaml.safe_load: reads, checks nothing": lambda: load(paths, yaml.SafeLoader),
        "PyYAML with the C loader: reads, checks nothing": lambda: load(paths, yaml.CSafeLoader),
    }
    seconds = {name: best(rounds, job) for name, job in jobs.items()}
    rows = [(name, f"{spent:.2f}", f"{spent / seconds[ours]:.2f}") for name, spent in seconds.items()]
    print_table(("", "seconds", "× the check"), rows)
    for_a_thousand = seconds[ours] * 1000 / len(paths)
    verdict("seconds for 1,000 files", for_a_thousand, f"under {TARGET:g}", met=for_a_thousand < TARGET)


def everything(project: Project, paths: Sequence[Path]) -> int:
    county = project.params / "2023" / f"{COUNTY}.yaml"
    return sum(len(group.issues) for group in check_project(project, [*paths, county]))


def load(paths: Sequence[Path], loader: type) -> int:
    return sum(len(yaml.load(path.read_text(encoding="utf-8"), loader)) for path in paths)


if __name__ == "__main__":
    main()
