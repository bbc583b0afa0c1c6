"""A parameter file as it is being edited: the file as it was opened, and the edits.

A draft is a value. What it says is read, by the same reader as any file, from the text that would be saved: so the
figures, the totals, the issues and the preview are those of the file to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from reportkit.errors import CellRef, Issue, ReaderError
from reportkit.messages.words import issue
from reportkit.model.filing import Figure, Filing, fact_text, unread_facts
from reportkit.model.numbers import TO_CHECK, Refusal, read_figure
from reportkit.notebook.towns import copy_path, printed
from reportkit.params.editor import Editor
from reportkit.params.facts import stated_value
from reportkit.params.nodes import Scalar
from reportkit.params.round_trip import prove
from reportkit.params.source_map import Spots
from reportkit.params.yaml_text import Typed, Unread, Written
from reportkit.project import Project
from reportkit.translation import _
from reportkit.workbench.diagnostics import judged

CODE = "I16"
"""The issue of an edit that cannot be put into the file."""


@dataclass(frozen=True)
class Draft:
    """An open parameter file.

    `content` is what the file held when it was opened, None for one that is not there yet; `text` is its text (of a
    new one, what it starts with). `typed` are the cells that were edited, as typed, `words` the sections, and
    `facts` what the form asks for beside its tables.
    """

    project: Project
    path: Path
    content: bytes | None
    text: str
    last: Filing | None = None
    typed: Mapping[CellRef, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def opened(self) -> Filing:
        """What the file says without the edits. Raises ReaderError if no filing can be made of it."""
        return self.project.read(self.path, self.content if self.content is not None else self.text.encode())

    @cached_property
    def filing(self) -> Filing:
        """What the file would say, totals computed."""
        return self.project.read(self.path, self.bytes) if self.is_changed else self.opened

    @property
    def is_changed(self) -> bool:
        """Whether there is something to save."""
        return bool(self.typed or self.words or self.facts)

    @property
    def edits(self) -> int:
        """How many cells, sections and facts were edited."""
        return len(self.typed) + len(self.words) + len(self.facts)

    @cached_property
    def bytes(self) -> bytes:
        """What the file would hold. Without an edit these are the very bytes that were read.

        Raises ReaderError if an edit cannot be put in, or if the result would not read back as what was meant.
        """
        if not self.is_changed:
            return self.text.encode() if self.content is None else self.content
        body = self.text.removeprefix("\ufeff")
        editor = Editor(body, self.opened.form, self.opened.origin.path)
        editor.put_facts(self._stated_facts())
        editor.put_figures(self._figures())
        editor.put_words(self.words)
        result = editor.result()
        prove(result, self._meant(), CODE, self.project.forms)
        return (self.text[: len(self.text) - len(body)] + result).encode()

    @cached_property
    def issues(self) -> list[Issue]:
        """All that is wrong with the draft by itself, against other files, and with the town's own notebook."""
        return judged(self._with_notebook, self.path, self.project)

    @property
    def _with_notebook(self) -> Filing:
        inside = self.project.inside(self.path)
        name = inside.with_suffix("").as_posix() if inside else ""
        if not name or not copy_path(self.project, name).exists():
            return self.filing
        return replace(self.filing, notes=printed(self.project, name, self.filing).notes)

    @cached_property
    def texts(self) -> Mapping[CellRef, str]:
        """What stands in each cell as typed; a blank cell, and one that is computed, is not there."""
        return {**self._opened_texts, **self.typed}

    def with_cells(self, texts: Mapping[CellRef, str]) -> Draft:
        """Return the draft with other texts in cells; what is no figure stays as typed, and is an issue.

        Raises ReaderError where the file is written in a way that an edit cannot be put in.
        """
        typed = dict(self.typed)
        for ref, text in texts.items():
            if self._is_as_opened(ref, text):
                typed.pop(ref, None)
            else:
                typed[ref] = text
        return self._proved(replace(self, typed=typed))

    def with_words(self, section: str, text: str) -> Draft:
        """Return the draft with another text for a section; a blank one gives the section back to the master's words.

        Raises ReaderError where the file is written in a way that an edit cannot be put in.
        """
        words = {key: value for key, value in self.words.items() if key != section}
        if text.rstrip() != self.opened.narrative.get(section, "").rstrip():
            words[section] = f"{text.rstrip()}\n" if text.strip() else ""
        return self._proved(replace(self, words=words))

    def with_facts(self, texts: Mapping[str, str]) -> Draft:
        """Return the draft with other texts for facts of the form; what is no value stays as typed, and is an issue.

        Raises ReaderError where the file is written in a way that an edit cannot be put in.
        """
        facts = dict(self.facts)
        for name, text in texts.items():
            facts[self.opened.form.facts[name].name] = text
            if text.strip() == self._opened_facts.get(name, ""):
                del facts[name]
        return self._proved(replace(self, facts=facts))

    @cached_property
    def fact_texts(self) -> Mapping[str, str]:
        """What stands at each fact of the form, as typed; a blank one is not there."""
        return {**self._opened_facts, **self.facts}

    def section_text(self, section: str) -> str:
        """Return a section's own words, "" if it has none."""
        return self.words.get(section, self.opened.narrative.get(section, "")).rstrip("\n")

    def _proved(self, draft: Draft) -> Draft:
        draft.__dict__["opened"] = self.opened
        draft.__dict__["_opened_texts"] = self._opened_texts
        draft.__dict__["_opened_facts"] = self._opened_facts
        _ = draft.bytes
        return draft

    @cached_property
    def _opened_texts(self) -> Mapping[CellRef, str]:
        opened = self.opened
        stated = {ref: figure.text for ref, figure in opened.values.items() if ref not in opened.computed}
        return stated | (self._unread_texts() if opened.unread else {})

    @cached_property
    def _opened_facts(self) -> Mapping[str, str]:
        opened = self.opened
        stated = {name: fact_text(opened.facts[name]) for name in opened.form.facts if name in opened.facts}
        if unread := unread_facts(opened):
            top = Spots(self.text.removeprefix("\ufeff"), opened.form).top
            values = {name: top[name].value.value for name in unread}
            stated |= {name: value.strip() for name, value in values.items() if isinstance(value, str)}
        return stated

    def _stated_facts(self) -> dict[str, Any]:
        """What to put in for facts: the value, None for a blank, or what was typed where that is no value."""
        return {name: self._fact(name, text.strip()) for name, text in self.facts.items()}

    def _fact(self, name: str, text: str) -> Any:
        node = Scalar(text, self.opened.origin)
        try:
            return stated_value(self.opened.form.facts[name], node)
        except ValueError:
            return Typed(text)

    def _unread_texts(self) -> dict[CellRef, str]:
        """What stands in the cells that could not be read; nothing for those of a row that has no cells."""
        spots = Spots(self.text.removeprefix("\ufeff"), self.opened.form)
        found = {ref: spots.spot(spots.seen[ref]).value for ref in self.opened.unread if ref in spots.seen}
        return {ref: node.value.strip() for ref, node in found.items() if isinstance(node.value, str)}

    def _is_as_opened(self, ref: CellRef, text: str) -> bool:
        if ref in self.opened.unread:
            return ref in self._opened_texts and text.strip() == self._opened_texts[ref]
        written = self._written(ref, text)
        stated = self.opened.values.get(ref) if ref not in self.opened.computed else None
        if isinstance(written, Figure) and stated is not None:
            return written.text == stated.text
        return written is stated is None

    def _written(self, ref: CellRef, text: str) -> Written:
        """What the file is to hold for a cell's text."""
        text = text.strip()
        if text == TO_CHECK:
            return Unread()
        if Scalar(text, self.opened.origin).blank:
            return None
        figure = read_figure(text, self.opened.form.tables[ref.table].cells[ref])
        return Typed(text) if isinstance(figure, Refusal) else figure

    def _figures(self) -> dict[CellRef, Written]:
        """What to put into cells. Of a row that cannot be read as a whole, the cells not typed are to be checked."""
        figures: dict[CellRef, Written] = {ref: self._written(ref, text) for ref, text in self.typed.items()}
        for ref in self.opened.unread - self._opened_texts.keys():
            if any(ref[:2] == other[:2] for other in figures):
                figures.setdefault(ref, Unread())
        return figures

    def _meant(self) -> Filing:
        """The filing that the text is to read back as."""
        opened, figures = self.opened, self._figures()
        values = {ref: figure for ref, figure in opened.values.items() if ref not in opened.computed}
        values |= {ref: figure for ref, figure in figures.items() if isinstance(figure, Figure)}
        lost = {ref for ref, figure in figures.items() if not isinstance(figure, Figure)}
        unread = {ref for ref, figure in figures.items() if isinstance(figure, Unread | Typed)}
        facts = self._stated_facts()
        wrong = [name for name, value in facts.items() if isinstance(value, Typed)]
        told = [issue("Y7.fact", opened.origin, key=name, reason=facts[name].text) for name in wrong]
        stated = {name: value for name, value in {**opened.facts, **facts}.items() if name not in wrong}
        return replace(
            opened,
            facts={name: value for name, value in stated.items() if value is not None},
            notes=(*opened.notes, *told),
            values={ref: figure for ref, figure in values.items() if ref not in lost},
            narrative={key: text for key, text in {**opened.narrative, **self.words}.items() if text.strip()},
            unread=frozenset(opened.unread - figures.keys() | unread),
        )


def decoded(content: bytes) -> str:
    """Return the text of a file that a filing has been made of; a byte order mark stays, GB18030 becomes UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("gb18030")


def refusal(error: ReaderError) -> str:
    """Return what a ReaderError says as one message for the person at the workbench."""
    words = _("{place}: {message}")
    return "\n".join(words.format(place=issue.origin, message=issue.message) for issue in error.issues)
