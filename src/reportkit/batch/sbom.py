"""A bill of materials of the installation that makes the reports, in the format CycloneDX."""

from __future__ import annotations

import json
import platform
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Any

_SEPARATORS = re.compile(r"[-_.]+")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRA = re.compile(r"\bextra\s*==")
_LONGEST = 100
"""A licence that is longer is the text of one, not its name."""


@dataclass(frozen=True)
class _Package:
    """What an installed package says of itself. Each attribute of a distribution reads its whole file anew."""

    name: str
    version: str
    about: Mapping[str, Any]
    requires: Sequence[str]

    @property
    def ref(self) -> str:
        return f"pkg:pypi/{_normal(self.name)}@{self.version}"


def sbom() -> dict[str, Any]:
    """Return the bill of materials as plain JSON values: Python, and every package that a cell could import.

    The same for the same installation: there is no time in it, and its number comes from its content.
    """
    installed = {_normal(each.name): each for each in map(_package, metadata.distributions()) if each.name}
    own = installed.pop("reportkit")
    python = {
        "type": "platform",
        "bom-ref": "python",
        "name": platform.python_implementation(),
        "version": platform.python_version(),
    }
    components = [python, *(_component(each, "library") for _, each in sorted(installed.items()))]
    refs = {name: each.ref for name, each in {"reportkit": own, **installed}.items()}
    depends = [{"ref": each.ref, "dependsOn": _needs(each, refs)} for _, each in sorted(installed.items())]
    content: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _component(own, "application")},
        "components": components,
        "dependencies": [{"ref": own.ref, "dependsOn": ["python", *_needs(own, refs)]}, *depends],
    }
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(content, sort_keys=True))
    return {**content, "serialNumber": f"urn:uuid:{number}"}


def _package(each: metadata.Distribution) -> _Package:
    about = each.metadata.json
    requires = about.get("requires_dist") or each.requires or ()
    return _Package(str(about.get("name", "")), str(about.get("version", "")), about, requires)


def _component(each: _Package, kind: str) -> dict[str, Any]:
    licence = _licence(each.about)
    about = {"type": kind, "bom-ref": each.ref, "name": each.name, "version": each.version, "purl": each.ref}
    return {**about, "licenses": [licence]} if licence else about


def _licence(about: Mapping[str, Any]) -> dict[str, Any]:
    """What a package says of its licence: an SPDX expression, a short name, or the classifiers of the index."""
    if expression := str(about.get("license_expression", "")).strip():
        return {"expression": expression}
    short = str(about.get("license", "")).strip()
    if short and len(short) <= _LONGEST and "\n" not in short:
        return {"license": {"name": short}}
    names = [line.rsplit("::", 1)[-1].strip() for line in about.get("classifier", ()) if line.startswith("License ::")]
    return {"license": {"name": " / ".join(names)}} if names else {}


def _needs(each: _Package, refs: Mapping[str, str]) -> list[str]:
    """The packages that one asks for, less those that only an extra of it does, as far as they are there."""
    asked = (line for line in each.requires if not _EXTRA.search(line))
    names = {_normal(match[0]) for line in asked if (match := _NAME.match(line))}
    return sorted(refs[name] for name in names if name in refs)


def _normal(name: str) -> str:
    return _SEPARATORS.sub("-", name).lower()
