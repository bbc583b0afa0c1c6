"""Whether two checkouts make the same of the same input, byte for byte: for changes that move code and no more.

    uv run python benchmarks/same_outputs.py OTHER-CHECKOUT [--towns 100] [--keep FOLDER]

Both run the same commands in a folder of the same name on the same files: the samples and SYNTHETIC towns of each
edition built to notebooks, HTML and PDF; the story of a town's own copy (edited, merged, in conflict, resolved, reset,
adopted, undone); every file of the tests checked, imported and given back as JSON; workbooks to fill in. Compared are
the files that come out, and what each command printed. Other commands' words on the way (paths, seconds) are the same,
as the folder is, or are taken out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
TOWN = "合成县/合成0001镇"
MEASURED = re.compile(r"\d+(?:\.\d+)? ?(?:秒|分钟|s\b|reports/s|MB|MiB)|\d\d:\d\d(?::\d\d)?|每份[^，。\n]*")
"""What differs from run to run in what a command prints."""

AT_WORK = re.compile(
    r"\.reportkit/(?!reports\.csv|manifest)|MANIFEST|journal|\.lock|^said$|__pycache__|/bin/|\.ipynb_checkpoints"
)
"""Files that hold times or the code's own fingerprint: the journal, its lock, the list of what was built."""


RUNNER = """
import json, os, sys
from reportkit.cli import main
for line in sys.stdin:
    folder, words, out = json.loads(line)
    child = os.fork()
    if not child:
        sys.stdin.close()
        os.chdir(folder)
        target = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(target, 1), os.dup2(target, 2)
        sys.argv = ["reportkit", *words]
        try:
            code = main()
        except SystemExit as error:
            code = error.code
        sys.stdout.flush(), sys.stderr.flush()
        os.write(1, f"exit {code}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    print(flush=True)
"""
"""Runs commands, each in a fork of a process that has the command line imported: a start costs half a second."""


class Checkout:
    """A checkout and the folder its commands work in, of the same name for both checkouts."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.folder = folder
        self.said: dict[str, str] = {}
        environment = {**os.environ, "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": "1700000000"}
        environment.pop("VIRTUAL_ENV", None)
        self._runner = subprocess.Popen(
            [root / ".venv/bin/python", "-c", RUNNER],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, project: str = ".") -> str:
        """Run a command of the checkout in a project's folder, keep and return what it printed."""
        assert self._runner.stdin
        assert self._runner.stdout
        out = self.folder / "said"
        self._runner.stdin.write(json.dumps([str(self.folder / project), words, str(out)]) + "\n")
        self._runner.stdin.flush()
        if not self._runner.stdout.readline():
            raise RuntimeError(f"{words}: the runner is gone")
        said = MEASURED.sub("", out.read_text(encoding="utf-8"))
        if words[0] == "build":
            said = "\n".join(sorted(said.splitlines()))  # which report is done first is chance
        self.said[f"{len(self.said):03} {project}: {' '.join(words)}"] = said
        return said


def main() -> None:
    """Compare this checkout with another."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("other", type=Path)
    parser.add_argument("--towns", type=int, default=100, help="SYNTHETIC towns of each edition")
    parser.add_argument("--keep", type=Path, help="keep what came out in this folder")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        kept = wanted.keep or Path(scratch) / "kept"
        files = Path(scratch) / "input"
        make_input(files, wanted.towns)
        found = []
        for name, root in (("other", wanted.other.resolve()), ("this", HERE)):
            work = Path(scratch) / "work"
            shutil.copytree(files, work)
            checkout = Checkout(root, work)
            stories(checkout)
            found.append({**dict(hashes(work)), **{key: digest(text.encode()) for key, text in checkout.said.items()}})
            kept.mkdir(exist_ok=True)
            shutil.move(work, kept / name)
            (kept / f"{name}.json").write_text(json.dumps(checkout.said, ensure_ascii=False, indent=1))
    other, this = found
    names = sorted({*other, *this})
    differ = [name for name in names if other.get(name) != this.get(name)]
    print(*(f"differs: {name}" for name in differ), sep="\n")
    print(f"{len(names) - len(differ)} of {len(names)} files and answers are the same, {len(differ)} differ")
    sys.exit(1 if differ else 0)


def make_input(folder: Path, towns: int) -> None:
    """Write the files that both checkouts get."""
    for name in ("samples", "towns", "copies", "imports", "workbooks"):
        (folder / name / "params").mkdir(parents=True)
        (folder / name / "reportkit.toml").write_text("", encoding="utf-8")
        shutil.copytree(HERE / "notebooks", folder / name / "notebooks", ignore=shutil.ignore_patterns(".*", "__*"))
    shutil.copytree(HERE / "params", folder / "samples/params", dirs_exist_ok=True)
    for year in (2019, 2023):
        synthetic(folder / "towns", towns, year)
    for year in (2022, 2023):
        synthetic(folder / "copies", 3, year)
        synthetic(folder / "workbooks", 3, year)
    shutil.copytree(HERE / "tests/files", folder / "imports/files")


def synthetic(folder: Path, count: int, year: int) -> None:
    """Write SYNTHETIC towns into a project."""
    subprocess.run(
        [sys.executable, HERE / "benchmarks/synthetic.py", folder / "params", str(count), "--year", str(year)],
        check=True,
        capture_output=True,
    )


def stories(checkout: Checkout) -> None:
    """Do in a checkout's folder what people do."""
    for project in ("samples", "towns"):
        checkout.run("check", project=project)
        checkout.run("check", "--format", "json", project=project)
        checkout.run("build", "--jobs", "2", project=project)
    copies(checkout)
    imports(checkout)
    workbooks(checkout)
    for line in checkout.run("rules", project="samples").splitlines():
        code = re.match(r"\s*([A-Z]\d{1,2})\b", line)
        if code:
            checkout.run("explain", code[1], project="samples")


def copies(checkout: Checkout) -> None:
    """A town's own copy from its beginning to its end."""
    master = checkout.folder / "copies/notebooks/annual_report.ipynb"
    copy = f"params/2023/{TOWN}.ipynb"

    def run(*words: str) -> None:
        checkout.run(*words, project="copies")

    run("edit", "合成0001镇", "--year", "2023", "--no-open")
    change(checkout.folder / "copies" / copy, -2, "本镇补充了一句话。")
    run("status")
    run("diff", "合成0001镇")
    run("build")
    change(master, -2, "全县统一补充一句。")
    run("status")
    run("build")
    run("edit", "合成0001镇", "--year", "2023", "--no-open")
    run("diff", "合成0001镇")
    run("resolve", "合成0001镇", "--ours")
    run("build")
    run("undo", "合成0001镇")
    change(checkout.folder / "copies" / f"dist/2023/{TOWN.replace('0001', '0002')}.ipynb", 3, "在成品里补的一句。")
    run("adopt", f"dist/2023/{TOWN.replace('0001', '0002')}.ipynb")
    run("build")
    run("reset", "合成0001镇")
    run("build")
    run("rollup", "合成县", "--year", "2023")


def change(path: Path, number: int, words: str) -> None:
    """Add words to the cell of a notebook, as an editor would."""
    if path.exists():
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cell = [cell for cell in notebook["cells"] if "narrative" in "".join(cell["source"])][number]
        cell["source"] = "".join(cell["source"]) + words
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")


def imports(checkout: Checkout) -> None:
    """Every file of the tests, checked and imported."""
    folder = checkout.folder / "imports"
    for path in sorted((folder / "files").rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file():
            checkout.run("check", name, "--format", "json", project="imports")
            checkout.run("import", name, "--into", f"into/{len(checkout.said)}", project="imports")
    checkout.run("check", "into", "--format", "json", project="imports")


def workbooks(checkout: Checkout) -> None:
    """Workbooks to fill in, and what is read from them again."""
    for number, words in enumerate((
        ["--edition", "ogi-2019"], ["--edition", "ogi-2021"], ["--from", f"params/2022/{TOWN}.yaml"],
        ["--county", "params/2022"],
    )):  # fmt: skip
        checkout.run("form", *words, "-o", f"form{number}.xlsx", project="workbooks")
        checkout.run("import", f"form{number}.xlsx", "--into", f"into{number}", project="workbooks")


def hashes(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each file that came out, with its SHA-256."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not AT_WORK.search(name):
            yield name, digest(path.read_bytes())


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    main()
