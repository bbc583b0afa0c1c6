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
from reportkit.messages.cell_words import to_check
from reportkit.messages.words import issue
from reportkit.model.entries import read_value
from reportkit.model.filing import Filing, Value, fact_text, unread_facts
from reportkit.model.numbers import MARKS, Refusal
from reportkit.notebook.towns import copy_path, printed
from reportkit.params.facts import stated_value
from reportkit.params.head_editor import HeadEditor
from reportkit.params.nodes import Scalar
from reportkit.params.round_trip import prove
from reportkit.params.source_map import Spots
from reportkit.params.yaml_text import Typed, Unread, Written
from reportkit.project import Project
from reportkit.translation import _
from reportkit.workbench.diagnostics import judged
from reportkit.workbench.fields import Field, FieldKind, cell_field
from reportkit.workbench.file_head import Head, head_of, tidy_name, tidy_reason

_SWITCH = {"": None, "true": True, "false": False}

CODE = "I16"
"""The issue of an edit that cannot be put into the file."""


@dataclass(frozen=True)
class Draft:
    """An open parameter file.

    `content` is what the file held when it was opened, None for one that is not there yet; `text` is its text (of a
    new one, what it starts with). `edits` are the fields that say something else than what was opened, as typed.
    """

    project: Project
    path: Path
    content: bytes | None
    text: str
    last: Filing | None = None
    edits: Mapping[Field, str] = field(default_factory=dict)

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
        return bool(self.edits)

    @cached_property
    def bytes(self) -> bytes:
        """What the file would hold. Without an edit these are the very bytes that were read.

        Raises ReaderError if an edit cannot be put in, or if the result would not read back as what was meant.
        """
        if not self.is_changed:
            return self.text.encode() if self.content is None else self.content
        body = self.text.removeprefix("\ufeff")
        editor = HeadEditor(body, self.opened.form, self.opened.origin.path)
        editor.put_heads(self._of("head"))
        editor.put_waivers(self._of("waiver"))
        editor.put_facts(self._stated_facts())
        editor.put_figures(self._figures())
        editor.put_words(self._words())
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
        return {**self._opened_texts, **self._cells}

    def text_at(self, place: Field) -> str:
        """Return what stands in a field as typed, "" if nothing does."""
        return self.edits[place] if place in self.edits else self.opened_text(place)

    @property
    def waivers(self) -> Mapping[str, str]:
        """The reasons of what is waived, by code."""
        reasons = {**self._opened_head.waivers, **self._of("waiver")}
        return {code: reason for code, reason in reasons.items() if reason}

    def with_edits(self, texts: Mapping[Field, str]) -> Draft:
        """Return the draft with other texts in fields. What is no figure, no value stays as typed, and is an issue; a
        section without words has the master's, a waiver without a reason is none.

        Raises ReaderError where the file is written in a way that an edit cannot be put in, UserError for a text that
        can be no name or reason.
        """
        edits = {**self.edits, **{place: self._tidy(place, text) for place, text in texts.items()}}
        for place in texts:
            if self._is_as_opened(place, edits[place]):
                del edits[place]
        return self._proved(replace(self, edits=edits))

    def with_cells(self, texts: Mapping[CellRef, str]) -> Draft:
        """Return the draft with other texts in cells; see with_edits."""
        return self.with_edits({cell_field(ref): text for ref, text in texts.items()})

    def with_words(self, section: str, text: str) -> Draft:
        """Return the draft with another text for a section; see with_edits."""
        return self.with_edits({Field("words", section): text})

    def with_facts(self, texts: Mapping[str, str]) -> Draft:
        """Return the draft with other texts for facts of the form; see with_edits."""
        return self.with_edits({Field("fact", name): text for name, text in texts.items()})

    @cached_property
    def fact_texts(self) -> Mapping[str, str]:
        """What stands at each fact of the form, as typed; a blank one is not there."""
        return {**self._opened_facts, **self._of("fact")}

    def section_text(self, section: str) -> str:
        """Return a section's own words, "" if it has none."""
        return self.text_at(Field("words", section)).rstrip("\n")

    def _proved(self, draft: Draft) -> Draft:
        for name in ("opened", "_opened_texts", "_opened_facts", "_opened_head"):
            draft.__dict__[name] = getattr(self, name)
        _ = draft.bytes
        return draft

    def _of(self, kind: FieldKind) -> dict[str, str]:
        """The edits of one kind, by key."""
        return {place.key: text for place, text in self.edits.items() if place.kind == kind}

    @cached_property
    def _cells(self) -> Mapping[CellRef, str]:
        return {place.ref: text for place, text in self.edits.items() if place.kind == "cell"}

    def _words(self) -> dict[str, str]:
        """The words of sections as they are to be written."""
        return {key: f"{text}\n" if text else "" for key, text in self._of("words").items()}

    def opened_text(self, place: Field) -> str:
        """Return what stood in a field when the file was opened, "" if nothing did."""
        match place.kind:
            case "cell":
                return self._opened_texts.get(place.ref, "")
            case "words":
                return self.opened.narrative.get(place.key, "").rstrip("\n")
            case "fact":
                return self._opened_facts.get(place.key, "")
            case "head":
                return self._opened_head.names.get(place.key, "")
            case _:
                return self._opened_head.waivers.get(place.key, "")

    def _tidy(self, place: Field, text: str) -> str:
        """A text as it is kept. Raises UserError for one that no file can have there."""
        if place.kind == "words":
            return text.rstrip()
        if place == Field("head", "agency"):
            return tidy_name(text)
        if place == Field("head", "compare"):
            return text if text in _SWITCH else ""
        return tidy_reason(text) if place.kind == "waiver" else text

    def _is_as_opened(self, place: Field, text: str) -> bool:
        if place.kind == "cell":
            return self._is_cell_as_opened(place.ref, text)
        opened = self.opened_text(place)
        return text.rstrip() == opened.rstrip() if place.kind == "words" else text.strip() == opened.strip()

    @cached_property
    def _opened_head(self) -> Head:
        return head_of(self.text, self.opened)

    @cached_property
    def _opened_texts(self) -> Mapping[CellRef, str]:
        opened = self.opened
        stated = {ref: figure.text for ref, figure in opened.values.items() if ref not in opened.computed}
        return stated | {ref: text for ref, text in opened.unread.items() if text}

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
        return {name: self._fact(name, text.strip()) for name, text in self._of("fact").items()}

    def _fact(self, name: str, text: str) -> Any:
        node = Scalar(text, self.opened.origin)
        try:
            return stated_value(self.opened.form.facts[name], node)
        except ValueError:
            return Typed(text)

    def _is_cell_as_opened(self, ref: CellRef, text: str) -> bool:
        if ref in self.opened.unread:
            return ref in self._opened_texts and text.strip() == self._opened_texts[ref]
        written = self._written(ref, text)
        stated = self.opened.values.get(ref) if ref not in self.opened.computed else None
        if isinstance(written, Value) and stated is not None:
            return written.text == stated.text
        return written is stated is None

    def _written(self, ref: CellRef, text: str) -> Written:
        """What the file is to hold for a cell's text."""
        text = text.strip()
        if text in MARKS:
            return Unread(text)
        if Scalar(text, self.opened.origin).blank:
            return None
        value = read_value(text, self.opened.form.tables[ref.table].cells[ref])
        return Typed(text) if isinstance(value, Refusal) else value

    def _figures(self) -> dict[CellRef, Written]:
        """What to put into cells. Of a row that cannot be read as a whole, the cells not typed are to be checked."""
        figures: dict[CellRef, Written] = {ref: self._written(ref, text) for ref, text in self._cells.items()}
        for ref in self.opened.unread.keys() - self._opened_texts.keys():
            if any(ref[:2] == other[:2] for other in figures):
                figures.setdefault(ref, Unread(to_check(self.opened.form)))
        return figures

    def _meant(self) -> Filing:
        """The filing that the text is to read back as."""
        opened, figures = self.opened, self._figures()
        values = {ref: figure for ref, figure in opened.values.items() if ref not in opened.computed}
        values |= {ref: figure for ref, figure in figures.items() if isinstance(figure, Value)}
        lost = {ref for ref, figure in figures.items() if not isinstance(figure, Value)}
        unread = {ref: text for ref, text in opened.unread.items() if ref not in figures}
        unread |= {ref: figure.text for ref, figure in figures.items() if isinstance(figure, Typed)}
        unread |= {ref: figure.mark for ref, figure in figures.items() if isinstance(figure, Unread)}
        facts = self._stated_facts()
        wrong = [name for name, value in facts.items() if isinstance(value, Typed)]
        told = [issue("Y7.fact", opened.origin, key=name, reason=facts[name].text) for name in wrong]
        stated = {name: value for name, value in {**opened.facts, **facts}.items() if name not in wrong}
        heads = self._of("head")
        return replace(
            opened,
            agency=(heads["agency"] or opened.jurisdiction) if "agency" in heads else opened.agency,
            compare=_SWITCH[heads["compare"]] if "compare" in heads else opened.compare,
            waivers={code: reason for code, reason in {**opened.waivers, **self._of("waiver")}.items() if reason},
            facts={name: value for name, value in stated.items() if value is not None},
            notes=(*opened.notes, *told),
            values={ref: figure for ref, figure in values.items() if ref not in lost},
            narrative={key: text for key, text in {**opened.narrative, **self._words()}.items() if text.strip()},
            unread=unread,
        )


def refusal(error: ReaderError) -> str:
    """Return what a ReaderError says as one message for the person at the workbench."""
    words = _("{place}: {message}")
    return "\n".join(words.format(place=issue.origin, message=issue.message) for issue in error.issues)
