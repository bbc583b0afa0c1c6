"""The pins: every package that the project asks for in its exact version, on every Python and system, and no host."""

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tools.pins import BEGIN, BUILT_WITH, END, INSTALLED, KEYS, differences, loosened, pinned, without, written

TEXT = (Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8")
CONFIG = tomllib.loads(TEXT)
PINS = pinned(TEXT)
PIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*==[a-z0-9.+!]+( ; [a-z_]+ [^/:@]+)?")

LOOSE = any("<=" in pin for pins in PINS.values() for pin in pins)
pins = pytest.mark.skipif(LOOSE, reason="a copy whose pins are upper bounds, see tools/pins.py")


def environments() -> Iterator[dict[str, str]]:
    """This machine's, and those of others on each Python that the classifiers name."""
    here = {key: str(value) for key, value in default_environment().items()}
    yield here
    versions = [word.rpartition(" ")[2] for word in CONFIG["project"]["classifiers"]]
    for version in (word for word in versions if re.fullmatch(r"3\.\d+", word)):
        for platform, system in [("linux", "posix"), ("darwin", "posix"), ("win32", "nt")]:
            yield here | {
                "python_version": version,
                "python_full_version": f"{version}.9",
                "sys_platform": platform,
                "os_name": system,
            }


def declared() -> list[Requirement]:
    """What pyproject.toml asks for, with all extras and groups; parts of itself are there by their own name."""
    project = CONFIG["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values(), *CONFIG["dependency-groups"].values()]
    found = [Requirement(text) for texts in lists for text in texts]
    return [requirement for requirement in found if requirement.name != "reportkit"]


def versions(key: str, environment: dict[str, str]) -> dict[str, str]:
    found = [Requirement(pin) for pin in PINS[key]]
    applying = [one for one in found if one.marker is None or one.marker.evaluate(environment)]
    assert len({one.name for one in applying}) == len(applying), "two versions at once"
    return {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in applying}


@pins
@pytest.mark.parametrize("key", KEYS)
def test_the_pins_are_exact_sorted_single_and_name_no_host(key):
    assert PINS[key] != []
    assert [pin for pin in PINS[key] if not PIN.fullmatch(pin)] == []
    assert PINS[key] == sorted(set(PINS[key]))


@pins
def test_the_pins_keep_to_the_bounds_on_every_python_and_system():
    for key, asked in [(INSTALLED, declared()), (BUILT_WITH, map(Requirement, CONFIG["build-system"]["requires"]))]:
        requirements = list(asked)
        for environment in environments():
            known = versions(key, environment)
            outside = [one for one in requirements if known.get(canonicalize_name(one.name), "0") not in one.specifier]
            assert list(map(str, outside)) == []


@pins
def test_what_is_installed_is_pinned():
    """Where the pins were obeyed, that is: pip knows nothing of them, and somebody may try other versions."""
    known = versions(INSTALLED, {key: str(value) for key, value in default_environment().items()})
    installed = {canonicalize_name(one.name): one.version for one in metadata.distributions()}
    if any(installed.get(name, version) != version for name, version in known.items()):
        pytest.skip("other versions are installed than the pinned ones")
    asked = {canonicalize_name(name) for name in closure(declared()) if canonicalize_name(name) in installed}
    assert sorted(asked - known.keys()) == []


def closure(requirements: list[Requirement]) -> set[str]:
    """The names of all that these ask for, they and what they bring, as far as it is installed."""
    seen: set[tuple[str, str]] = set()
    left = [(one.name, extra) for one in requirements for extra in ("", *one.extras)]
    while left:
        name, extra = left.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            asked = map(Requirement, metadata.requires(name) or ())
        except metadata.PackageNotFoundError:  # of a group that is not installed, or of another system
            continue
        for one in asked:
            if one.marker is None or one.marker.evaluate({"extra": extra}):
                left += [(one.name, more) for more in ("", *one.extras)]
    return {name for name, _ in seen}


@pins
def test_the_pins_can_be_cut_out_and_put_back():
    cut = without(TEXT)
    assert list(pinned(cut).values()) == [[], []]
    assert written(cut, PINS) == TEXT
    assert {**tomllib.loads(cut), "tool": None} == {**CONFIG, "tool": None}


@pins
def test_loose_pins_allow_what_is_older_and_nothing_newer():
    loose = pinned(loosened(TEXT))
    assert [pin.replace("<=", "==", 1) for pin in loose[INSTALLED]] == PINS[INSTALLED]
    assert "numpy<=" in " ".join(loose[INSTALLED])
    assert not [pin for pins in loose.values() for pin in pins if "==" in pin.partition(" ;")[0]]


def test_pins_replace_those_that_were_there_and_nothing_else():
    bare = f"[tool.uv]\na = 1\n{BEGIN}{END}[b]\n"
    old, new = ({INSTALLED: [f"a=={n} ; os_name == 'nt'", "b==1"], BUILT_WITH: [f"c=={n}"]} for n in (1, 2))
    assert pinned(written(bare, old)) == old
    assert written(written(bare, old), new) == written(bare, new)
    assert without(written(bare, new)) == bare


def test_a_file_without_a_place_for_the_pins_is_refused():
    with pytest.raises(ValueError, match="have to enclose the pins"):
        without("[tool.uv]\n")


def test_what_differs_is_told_by_line():
    before = {INSTALLED: ["a==1", "b==1"], BUILT_WITH: ["c==1"]}
    after = {INSTALLED: ["a==1", "b==2"], BUILT_WITH: ["c==1", "d==1"]}
    assert differences(before, after) == ["- b==1", "+ b==2", "+ d==1"]
    assert differences(before, before) == []
