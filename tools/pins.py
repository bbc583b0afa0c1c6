"""The exact versions of all that this project installs: raises them, checks them, or loosens them in a copy.

    uv run python tools/pins.py               the newest that the bounds allow, then all that .ci/run runs
    uv run python tools/pins.py --no-run      the newest, and nothing is run
    uv run python tools/pins.py --check       whether the pins are all that is installed, and no more
    uv run python tools/pins.py --loose FOLDER  a copy in which they are the newest allowed, to try the oldest in

The pins stand in pyproject.toml and not in a lock file, which would name the host that every package came from.
"""

from __future__ import annotations

import argparse
import difflib
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEGIN = "# --- pins, written by tools/pins.py ---\n"
END = "# --- end of the pins ---\n"

INSTALLED, BUILT_WITH = KEYS = ("constraint-dependencies", "build-constraint-dependencies")
"""The two lists of [tool.uv]: what commands run with, and what the package is built with."""

Pins = dict[str, list[str]]
"""For each of the KEYS `name==version`, with the environments it is for: `name==1.2 ; python_version < '3.12'`."""


def pinned(text: str) -> Pins:
    """Return the pins that a pyproject.toml has: none if they were cut out."""
    table = tomllib.loads(text)["tool"]["uv"]
    return {key: table.get(key, []) for key in KEYS}


def without(text: str) -> str:
    """Return a pyproject.toml without its pins. Raises ValueError if nothing marks where they stand."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"pyproject.toml: the lines {BEGIN.strip()!r} and {END.strip()!r} have to enclose the pins")
    return head + BEGIN + END + tail


def written(text: str, pins: Pins) -> str:
    """Return a pyproject.toml with these pins in place of those it has. Raises ValueError as `without` does."""
    lines = [line for key in KEYS for line in (f"{key} = [", *(f'  "{pin}",' for pin in pins[key]), "]")]
    return without(text).replace(BEGIN, BEGIN + "\n".join(lines) + "\n")


def resolved(text: str) -> Pins:
    """Return the versions that uv takes for a pyproject.toml on all Pythons and systems: its pins, or else the newest.

    Raises CalledProcessError if uv finds none; it has said why.
    """
    project = tomllib.loads(text)
    # What builds the package is no part of the project, and is resolved as a project of its own.
    build = {
        "name": '"build"',
        "version": '"0"',
        "requires-python": json.dumps(project["project"]["requires-python"]),
        "dependencies": json.dumps(project["build-system"]["requires"]),
    }
    table = "\n".join(["[project]", *(f"{key} = {value}" for key, value in build.items())])
    return {
        INSTALLED: _exported(text),
        BUILT_WITH: _exported(f"{table}\n[tool.uv]\n{INSTALLED} = {json.dumps(pinned(text)[BUILT_WITH])}\n"),
    }


def _exported(text: str) -> list[str]:
    """The versions for the project that a pyproject.toml describes, without looking at what was resolved before."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pyproject.toml").write_text(text, encoding="utf-8")
        what = ["--all-extras", "--all-groups", "--no-emit-project", "--no-hashes", "--no-annotate", "--no-header"]
        command = ["uv", "--quiet", "--directory", folder, "export", *what]
        return sorted(subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout.splitlines())


def loosened(text: str) -> str:
    """Return a pyproject.toml whose pins are upper bounds: older packages may be taken, and none that is yet to come.

    Raises ValueError as `without` does.
    """
    return written(text, {key: [pin.replace("==", "<=", 1) for pin in pins] for key, pins in pinned(text).items()})


def differences(before: Pins, after: Pins) -> list[str]:
    """Return a line for each pin that goes (-) or comes (+)."""
    lines = [line for key in KEYS for line in difflib.ndiff(before[key], after[key])]
    return [line for line in lines if line[0] in "+-"]


def loose_copy(target: Path) -> int:
    """Copy the files that git knows, or would take, to a folder, with upper bounds for pins; return the exit code."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():  # and not deleted since it was committed
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    config = target / "pyproject.toml"
    config.write_text(loosened(config.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def check() -> int:
    """Tell which pins are missing and which are of no use; return the exit code."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wrong = differences(pinned(text), resolved(text))
    print("\n".join(wrong) if wrong else f"{sum(map(len, pinned(text).values()))} pins: all that is installed, no more")
    if wrong:
        print("- is pinned but not installed, + is installed but not pinned; run tools/pins.py", file=sys.stderr)
    return 1 if wrong else 0


def raise_all(run: bool) -> int:
    """Write the newest versions into pyproject.toml, tell what changed, and run everything; return the exit code."""
    config = ROOT / "pyproject.toml"
    text = config.read_text(encoding="utf-8")
    newest = resolved(without(text))
    config.write_text(written(text, newest), encoding="utf-8")
    print("\n".join(differences(pinned(text), newest)) or "nothing newer is allowed", flush=True)
    return subprocess.run(["bash", ROOT / ".ci" / "run"], check=False).returncode if run else 0


def main() -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-run", action="store_true", help="raise the pins and run nothing")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if the pins are not exact")
    parser.add_argument("--loose", type=Path, metavar="FOLDER", help="copy the project there, pins as upper bounds")
    asked = parser.parse_args()
    try:
        if asked.loose:
            return loose_copy(asked.loose)
        return check() if asked.check else raise_all(not asked.no_run)
    except subprocess.CalledProcessError as error:  # uv or git has said why
        return error.returncode


if __name__ == "__main__":
    sys.exit(main())
