"""Our page's template, compiled once on a machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from reportkit.exporters.compiled_templates import CompiledTemplates


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "page.j2").write_text("{% for one in all %}[{{ one }}]{% endfor %}", encoding="utf-8")
    return tmp_path


def page(folder: Path) -> tuple[str, bool]:
    """The page, and whether its template was compiled for it."""
    compiled = []

    class Watched(Environment):
        def _generate(self, *args: Any, **kwargs: Any) -> str:
            compiled.append(args)
            return super()._generate(*args, **kwargs)

    environment = Watched(loader=FileSystemLoader(folder), bytecode_cache=CompiledTemplates(folder))
    return environment.get_template("page.j2").render(all="甲乙"), bool(compiled)


def kept(folder: Path) -> list[Path]:
    return list(folder.glob("__pycache__/*"))


def test_a_template_is_compiled_once(folder):
    assert [page(folder) for _ in range(3)] == [("[甲][乙]", True), ("[甲][乙]", False), ("[甲][乙]", False)]
    assert len(kept(folder)) == 1


def test_a_changed_template_is_compiled_again(folder):
    page(folder)
    (folder / "page.j2").write_text("{{ all }}!", encoding="utf-8")
    assert [page(folder), page(folder)] == [("甲乙!", True), ("甲乙!", False)]


@pytest.mark.parametrize("end", [0, 3, 40, 200])
def test_a_damaged_file_is_made_anew(folder, end):
    page(folder)
    (file,) = kept(folder)
    file.write_bytes(file.read_bytes()[:end])
    assert [page(folder), page(folder)] == [("[甲][乙]", True), ("[甲][乙]", False)]


def test_where_nothing_can_be_written_it_is_compiled_each_time(folder):
    (folder / "__pycache__").write_text("no folder")
    assert [page(folder), page(folder)] == [("[甲][乙]", True)] * 2


def test_whoever_wants_no_bytecode_gets_none(folder, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert [page(folder), page(folder)] == [("[甲][乙]", True)] * 2
    assert kept(folder) == []
