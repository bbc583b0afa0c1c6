"""The text of a new reportkit.toml: every key with what it is for, and those that are not needed as comments."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from reportkit.project.config import Config
from reportkit.shapes import schema
from reportkit.translation import N_, _

_EXAMPLES: Mapping[str, Any] = {
    "subject": "town",
    "cwd": "notebooks",
    "output": "{year}/{town}",
    "page": {"signature": {"agency": "{agency}"}},
    "parameters": {"year": 2025},
    "waivers": {"R12": N_("why the rule does not hold here")},
}
"""What stands as a comment where the default says nothing of how the entry is written."""


def settings_text(values: Mapping[str, Any]) -> str:
    """Return a reportkit.toml that says these values, and as comments what holds of all other keys."""
    head = _("Settings of this project. A line that begins with # is a comment; take the # away to use it.")
    return "\n".join([f"# {head}", *_entries(values)])


def _entries(values: Mapping[str, Any]) -> Iterator[str]:
    known = schema(Config)["$defs"]["Config"]["properties"]
    said = {key: values.get(key, _EXAMPLES.get(key, about["default"])) for key, about in known.items()}
    for key in sorted(known, key=lambda key: isinstance(said[key], dict)):  # what follows on a table would be in it
        description = known[key]["description"]
        words = _(description)
        yield f"\n# {words}"
        yield from (line if key in values else f"# {line}" for line in _entry(key, said[key]))
    yield ""


def _entry(key: str, value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{key} = {_toml(value)}"
        return
    yield f"[{key}]"
    for name, one in value.items():
        said = _(one) if isinstance(one, str) else one
        yield f"{name} = {_toml(said)}"


def _toml(value: Any) -> str:
    """A text, a number or a truth value, which TOML writes as JSON does; or several of these with their names."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name} = {_toml(one)}' for name, one in value.items())}}}"
    return json.dumps(value, ensure_ascii=False)
