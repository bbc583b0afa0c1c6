"""One report, measured against what an analyst would otherwise run, in one process and one run.

    uv run python benchmarks/one_report.py [ROUNDS]

Prints seconds (the best of the rounds, as other programs share the machine) and ratios. "papermill + HTMLExporter" is
papermill.execute_notebook with its default engine, which starts a kernel for each notebook, and nbconvert's own HTML.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import papermill
from measure import workplace
from nbconvert.exporters import HTMLExporter

from reportkit.batch import build, execute, export
from reportkit.batch.processes.pool import Crew
from reportkit.batch.processes.resource_limits import Limits
from reportkit.batch.processes.worker import Settings, build_all
from reportkit.notebook import parameters
from reportkit.project import Job, load_project, plan

ROOT = Path(__file__).parent.parent
PARAMS = ROOT / "params/2019/宁海县/桑洲镇.yaml"


def best(rounds: int, job: Callable[[], object]) -> float:
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        job()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def cold(*arguments: str) -> Callable[[], object]:
    """A command in a fresh process, as a person types it."""
    return lambda: subprocess.run(
        [sys.executable, "-m", "reportkit", *arguments], cwd=ROOT, check=True, capture_output=True
    )


def in_a_worker(fork: bool | None, job: Job, rounds: int) -> float:
    """All told, from the parameter file to the HTML on the disk, in a worker process that is warm."""
    with Crew(1, Settings(Limits(), fork, job.project, ("html",))) as crew:
        crew.submit(build_all, [job]).result()
        return best(rounds, lambda: crew.submit(build_all, [job]).result())


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with workplace() as folder:
        measure(rounds, folder)


def measure(rounds: int, folder: Path) -> None:
    project = load_project(ROOT)
    values = parameters(project.read(PARAMS))

    def ours() -> bytes:
        return export(execute(project.notebook, values, project.root), "html")

    def plain() -> str:
        nb = nbformat.read(project.notebook, as_version=4)
        done = papermill.execute_notebook(nb, None, values, cwd=str(ROOT), progress_bar=False)
        return HTMLExporter().from_notebook_node(done)[0]

    ours()  # imports and caches are what "warm" means
    done = execute(project.notebook, values, project.root)
    figures = {
        "papermill (new kernel) + HTMLExporter": best(max(2, rounds // 2), plain),
        "reportkit, warm: notebook + HTML": best(rounds * 4, ours),
        "  of which the notebook": best(rounds * 4, lambda: execute(project.notebook, values, project.root)),
        "  of which HTML": best(rounds * 4, lambda: export(done, "html")),
        "reportkit, warm: PDF": best(rounds * 4, lambda: export(done, "pdf")),
    }
    (job,) = plan(project, [PARAMS], ["html"], folder / "dist")
    figures["reportkit, warm: data to HTML on the disk"] = best(rounds * 4, lambda: build(job))
    figures["  the same in a worker"] = in_a_worker(None, job, rounds * 4)
    figures["  the same in a worker, in a process of its own"] = in_a_worker(True, job, rounds * 4)
    command = cold("build", str(PARAMS), "--force", "--out", str(folder / "cold"))
    figures["reportkit build, cold, HTML + PDF"] = best(rounds, command)
    figures["reportkit --help, cold"] = best(rounds, cold("--help"))
    for name, seconds in figures.items():
        print(f"{seconds:8.3f} s  {name}")
    first, second, *_ = figures.values()
    print(f"{first / second:8.1f} ×  faster, notebook + HTML, warm, than papermill + HTMLExporter")


if __name__ == "__main__":
    main()
