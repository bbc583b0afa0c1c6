"""The rules that a kind brings: its modules, as they come with this package or lie in a folder that a person trusts."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from reportkit.checks.findings import Finding, Rule
from reportkit.errors import ReportkitError, UserError
from reportkit.files.yaml_files import content_of
from reportkit.kinds import KINDS, load_kind
from reportkit.messages.catalogue import ORIGINAL, entries, sentences
from reportkit.translation import _


def rules_in(kind: str) -> Iterator[Rule]:
    """Yield what the modules of a kind, and of those that it extends, have in RULES; some are tools of the others.

    Their files were looked at when the kind was found: a stranger's are not run. Raises UserError, with the line, for a
    module that fails, and for rules that the kind has no entry for.
    """
    for folder in load_kind(kind).folders if kind else ():
        for path in sorted((folder / "rules").glob("*.py")):
            if path.stem == "__init__":
                continue
            if folder.parent == KINDS:
                module = import_module(f"reportkit.kinds.{folder.name}.rules.{path.stem}")
                yield from getattr(module, "RULES", ())
            else:
                yield from (_held(rule, path, kind) for rule in getattr(_run(path), "RULES", ()))


def require_no_code(kinds: Iterable[str]) -> None:
    """Raise UserError if one of the kinds has rules in Python that no installed package brings."""
    folders = {folder for kind in kinds if kind for folder in load_kind(kind).folders}
    for folder in sorted(folders):
        if folder.parent != KINDS and not folder.is_relative_to(sys.prefix):
            for path in sorted((folder / "rules").glob("*.py")):
                words = _("{path}: is code that would run, and --plain-only runs none; read it, and build without that")
                raise UserError(words.format(path=path))


def _held(rule: Any, path: Path, kind: str) -> Rule:
    """A rule of somebody's, held to what a rule is when it is run."""
    if not isinstance(rule, Rule):
        words = _("{path}: RULES holds {found!r}; an entry is Rule(code, function), of reportkit.checks.findings")
        raise UserError(words.format(path=path, found=rule))
    if rule.code not in entries(kind):
        words = _("{path}: rule {code}: no file rules/*.yaml has an entry {code}, with severity, title and message")
        raise UserError(words.format(path=path, code=rule.code))
    return rule._replace(find=_guarded(rule.find, path, kind))


def _guarded(find: Callable[..., Iterable[Finding]], path: Path, kind: str) -> Callable[..., Iterable[Finding]]:
    def guarded(*filings: Any) -> Iterable[Finding]:
        try:
            found = list(find(*filings))
        except ReportkitError:
            raise
        except Exception as error:  # whatever somebody else's code raises
            raise UserError(_failure(path, error)) from error
        if unknown := [one.name for one in found if one.name not in sentences(kind, ORIGINAL)]:
            words = _("{path}: finds {name!r}, for which no file rules/*.yaml has a message")
            raise UserError(words.format(path=path, name=unknown[0]))
        return found

    return guarded


def _run(path: Path) -> ModuleType:
    """The module of a file. It is run from its text: what Python keeps beside it is not looked at by anybody."""
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    content = content_of(path)
    try:
        exec(compile(content, str(path), "exec"), module.__dict__)
    except Exception as error:  # whatever somebody else's code raises
        raise UserError(_failure(path, error)) from error
    return module


def _failure(path: Path, error: Exception) -> str:
    """Where and why the code of a rule's file has failed."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
    place, name = f"{path}:{line}" if line else str(path), type(error).__name__
    return _("{place}: the code of this rule fails: {kind}: {error}").format(place=place, kind=name, error=error)
