"""What the master says in a section, filled in for one town, as words that the town can go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reportkit.documents.document import Paragraph
from reportkit.documents.html import html_document
from reportkit.imports.escaping import markdown_text
from reportkit.model.filing import Filing
from reportkit.model.form import Section
from reportkit.notebook.cells import as_json
from reportkit.notebook.own_words import kept_back
from reportkit.notebook.towns import read_town
from reportkit.project import Project
from reportkit.report.last_year import LastYear
from reportkit.report.narrative import cell_prose, names

_PART = "## "


def master_words(project: Project, name: str, filing: Filing, section: str) -> str:
    """Return the words of a section's cells in a town's notebook, as the town's own text; "" if they have none.

    `name` is the report's, for instance 2019/宁海县/桑洲镇. What the town has written in the section itself is left
    aside. Raises UserError if the notebook cannot be read, or a cell asks for what only the running notebook knows.
    """
    narrative = {key: text for key, text in filing.narrative.items() if key != section}
    town = read_town(project, name, replace(filing, narrative=narrative))
    known = names(filing, project.kind.words, LastYear(project, filing).to_quote)
    words: list[str] = []
    for cell, key, part in kept_back(map(as_json, town.merged.cells), {section}):
        shown = filing.form.section_by_key[key]
        if not part or part in shown.parts:
            html = cell_prose(cell["source"].lstrip().partition("\n")[2], known, f"{key} {part}".strip())
            words += [*_title(shown, part), *_paragraphs(html)] if html else []
    return "\n\n".join(words)


def _title(section: Section, part: str) -> list[str]:
    title = section.parts[part] if part else ""
    return [f"{_PART}{markdown_text(title)}"] if title else []


def _paragraphs(html: str) -> Iterator[str]:
    for block in html_document(html, "").blocks:
        if isinstance(block, Paragraph):
            yield markdown_text(block.text)
