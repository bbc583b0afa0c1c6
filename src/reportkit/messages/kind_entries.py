"""The files in which a kind of somebody else says what its rules tell."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from reportkit.files.yaml_files import load
from reportkit.kinds.kind_shapes import RuleOfKind, TranslatedRule
from reportkit.shapes import WrongShapeError
from reportkit.translation import _

_CODE = re.compile(r"[A-Z][0-9]{1,6}")


def entries_in(path: Path) -> dict[str, dict[str, Any]]:
    """Return the entries of a file by code, each as its file has it.

    Raises FormError, which names the file, the line and the entry, for one that is none.
    """
    if path.parent.name in ("en", "zh"):
        return load(path, dict[str, TranslatedRule], _plain)
    return load(path, dict[str, RuleOfKind], _held)


def _held(found: dict[str, RuleOfKind]) -> dict[str, dict[str, Any]]:
    for code, entry in found.items():
        if not _CODE.fullmatch(code):
            words = _("{code!r} is no code of a rule; one is a capital letter and a number, such as T1")
            raise WrongShapeError((code,), "", words.format(code=code))
        if (entry.message is msgspec.UNSET) == (entry.messages is msgspec.UNSET):
            words = _("{code}: give either message or messages").format(code=code)
            raise WrongShapeError((code,), "", words)
    return _plain(found)


def _plain(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    plain: dict[str, dict[str, Any]] = msgspec.to_builtins(found)
    return plain
