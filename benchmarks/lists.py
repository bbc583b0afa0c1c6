"""An analyst's notebook over a list of towns: `reportkit build` beside papermill with nbconvert's HTML, in one run.

    uv run --group bench python benchmarks/lists.py [--rows 50] [--rounds 2]

The notebook reads a CSV with pandas, prints a styled table and a plot; once more with two plots, and without any. Every
report of ours has a process of its own, and one worker makes all. What a list takes as a whole is told by report, the
start with it; and what a report more takes, by the slope between a short list and a long one. Then 100,000 rows are
planned: bounds in seconds and megabytes, for lack of a peer that plans anything.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path

from measure import MB, Usage, print_table, run, verdict, workplace

ANALYST = Path(__file__).parent.parent / "tests" / "files" / "analyst"
WANTED = {1: 15.0, 2: 20.0, 0: 25.0}
"""How many times faster a list of `--rows` with so many plots is to be made as a whole."""
WANTED_MORE = {0: 40.0, 2: 20.0}
"""How many times faster a report more is to be made, with so many plots."""
NAMES = {0: "without a plot", 1: "with a plot", 2: "with two"}
WANTED_PLAN, WANTED_MB = 5.0, 300.0
SUBJECT = ("--subject", "town", "--output", "{year}/{town}")


def project(folder: Path, rows: int, *, plots: int = 1) -> Path:
    """Make an analyst's folder: the notebook with so many plots, a list, a CSV for each town, and papermill's YAML."""
    (folder / "data").mkdir(parents=True)
    (folder / "params").mkdir()
    nb = json.loads((ANALYST / "permits.ipynb").read_text(encoding="utf-8"))
    place = next(place for place, cell in enumerate(nb["cells"]) if "plt.subplots" in "".join(cell["source"]))
    drawing = nb["cells"][place]
    line = {**drawing, "source": [one.replace(".plot.bar(", ".plot.line(") for one in drawing["source"]]}
    nb["cells"][place : place + 1] = [drawing, {**line, "id": "line"}][:plots]
    if not plots:
        for cell in nb["cells"]:
            cell["source"] = [line for line in cell["source"] if "matplotlib" not in line]
            cell["source"] = [
                line.replace('.background_gradient(subset=["permits_2024"], cmap="Greens")', "")
                for line in cell["source"]
            ]
    (folder / "permits.ipynb").write_text(json.dumps(nb), encoding="utf-8")
    data = (ANALYST / "data" / "Alderbrook.csv").read_text(encoding="utf-8")
    towns = [f"Town {number:05}" for number in range(rows)]
    write_list(folder / "towns.csv", towns)
    for town in towns:
        (folder / "data" / f"{town}.csv").write_text(data, encoding="utf-8")
        (folder / "params" / f"{town}.yaml").write_text(
            f"town: {town}\nyear: 2024\ndata: data/{town}.csv\n", encoding="utf-8"
        )
    return folder


def write_list(path: Path, towns: list[str]) -> None:
    """Write a row for each town."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["town", "year", "data"])
        writer.writerows([town, 2024, f"data/{town}.csv"] for town in towns)


def ours(folder: Path, *options: str) -> Usage:
    """Build all with one worker."""
    words = ("build", "towns.csv", "--notebook", "permits.ipynb", *SUBJECT, "--to", "html", "--jobs", "1", *options)
    return run([sys.executable, "-m", "reportkit", *words], folder)


def papermill(folder: Path) -> Usage:
    """The loop that an analyst writes."""
    rivals = Path(__file__).with_name("rivals.py")
    return run([sys.executable, str(rivals), "kernel", "permits.ipynb", "params", "out", "html"], folder)


def in_turn(place: Path, chosen: argparse.Namespace, *, plots: int) -> dict[str, list[Usage]]:
    """The fastest of some rounds of each, for its short list and its long one: by turns, as others use the machine."""
    sizes = {papermill: (few(chosen.rows), chosen.rows), ours: (chosen.rows, 4 * chosen.rows)}
    made = [
        [
            make(project(place / f"{make.__name__} {plots} {number} {size}", size, plots=plots))
            for make, both in sizes.items()
            for size in both
        ]
        for number in range(chosen.rounds)
    ]
    best = [min(rounds, key=lambda usage: usage.seconds) for rounds in zip(*made, strict=True)]
    return {"theirs": best[:2], "own": best[2:]}


def few(rows: int) -> int:
    """How many rows papermill's short list has."""
    return max(1, rows // 5)


def more(usages: list[Usage], reports: int) -> float:
    """Seconds that one report more takes; the long list has so many more than the short one."""
    short, long = usages
    return (long.seconds - short.seconds) / reports


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--large", type=int, default=100_000)
    chosen = parser.parse_args()
    rows, ratios = [], {}
    with workplace() as place:
        ours(project(place / "bytecode", 2))
        for plots, name in NAMES.items():
            taken = in_turn(place, chosen, plots=plots)
            theirs, own = taken["theirs"][1], taken["own"][0]
            whole = [usage.seconds / chosen.rows for usage in (theirs, own)]
            each = [more(taken["theirs"], chosen.rows - few(chosen.rows)), more(taken["own"], 3 * chosen.rows)]
            told = [f"{seconds:.3f} s" for seconds in (*whole, *each)]
            ratios[plots] = (whole[0] / whole[1], each[0] / each[1])
            times = [f"{ratio:.1f}×" for ratio in ratios[plots]]
            rows.append([name, *told[:2], times[0], *told[2:], times[1], f"{theirs.cpu / own.cpu:.0f}×"])
        head = ["papermill + HTML", "reportkit", "faster"]
        print_table(["notebook", *head, *(f"{word}, one more" for word in head), "whole, by processor time"], rows)
        for plots, (whole_ratio, ratio) in ratios.items():
            if wanted := WANTED.get(plots):
                words = f"{chosen.rows} rows, {NAMES[plots]}"
                verdict(words, whole_ratio, f"at least {wanted:.0f}", met=whole_ratio >= wanted)
            if wanted := WANTED_MORE.get(plots):
                verdict(f"a report more, {NAMES[plots]}", ratio, f"at least {wanted:.0f}", met=ratio >= wanted)
        plan_large(place, chosen.large)


def plan_large(place: Path, rows: int) -> None:
    """Measure how long a large list takes to be planned, and with how much memory."""
    folder = project(place / "large", 1, plots=0)
    write_list(folder / "towns.csv", [f"Town {number:06}" for number in range(rows)])
    plan = run([sys.executable, "-c", PLAN], folder)
    verdict(f"{rows:,} rows planned, seconds", plan.seconds, f"below {WANTED_PLAN:.0f}", met=plan.seconds < WANTED_PLAN)
    used = plan.tree_rss / MB
    verdict(f"{rows:,} rows planned, MB", used, f"below {WANTED_MB:.0f}", met=used < WANTED_MB)


PLAN = """
from pathlib import Path
from dataclasses import replace
from reportkit.project import SetSource, jobs_of_sets, load_project
root = Path.cwd()
source = SetSource(root / "towns.csv", "town", "{year}/{town}")
project = replace(load_project(root), params=root / "towns.csv", notebook=root / "permits.ipynb", source=source)
from reportkit.batch.lean_imports import lean_imports
with lean_imports():
    import nbformat
from reportkit.batch.fingerprint import environment
from reportkit.batch.journal import Journal
jobs = jobs_of_sets(project, ("html",))
with Journal(project, project.dist, environment(project, ("html",))) as journal:
    reasons = list(journal.reasons(jobs))
assert len(reasons) == len(jobs)
"""


if __name__ == "__main__":
    main()
