"""What a notebook calls: `report = open_report(...)`, then its sections, tables and checks."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from html import escape
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display

from reportkit import narrative, tables
from reportkit.checks import check, check_config
from reportkit.errors import LEVELS, Issue, UserError
from reportkit.filing import Filing, with_totals
from reportkit.forms import Form, Section, shipped_forms
from reportkit.narrative import NarrativeError, Prose, cell_prose, heading, names, town_prose
from reportkit.notebook.drafting import OWN
from reportkit.notebook.regions import is_open
from reportkit.project import Project, find_project
from reportkit.readers import read_parameters
from reportkit.tables import FormTable, style_table


def open_report(**parameters: Any) -> Report:
    """Return the report that the notebook's parameters ask for, and make `%%narrative` known to the notebook.

    With `figures` or `narrative` given (papermill injected them) the parameters are the data; without, the data is
    read from the project's parameter file for `year` and `jurisdiction`. Raises ReaderError or UserError if that is
    not possible.
    """
    project = find_project()
    check_config(project)
    # A notebook names every parameter, those that it was not given too: they are None.
    given = {name: value for name, value in parameters.items() if value is not None}
    if _expected and _expected[:2] == (project, given):
        report = Report(_expected[2], issues=_expected[3], project=project)
    else:
        report = Report(_filing(project, parameters), project.waivers, project=project)
    shell = get_ipython()
    if shell is not None:
        shell.magics_manager.register_function(report.narrate, magic_kind="cell", magic_name="narrative")
    return report


def prepare(project: Project, cells: Iterable[str]) -> None:
    """Do ahead, for the reports of this process and of its forks, what is the same for all of them.

    `cells` are the sources of the notebook that is going to be run.
    """
    sources = list(cells)
    check_config(project)  # which reads the catalogue
    for form in project.forms.values():
        tables.prepare(form)
        narrative.prepare(form, sources)


_expected: tuple[Project, dict[str, Any], Filing, tuple[Issue, ...]] | None = None


def expect(project: Project, parameters: dict[str, Any], filing: Filing, issues: Iterable[Issue]) -> None:
    """Keep a filing, and what a check has found in it, for the report with just these parameters.

    `open_report` need not read and check them again, here or in a fork.
    """
    global _expected
    _expected = (project, parameters, filing, tuple(issues))
    if _compares(filing, project):
        from reportkit import comparison  # and matplotlib, which other reports do without

        comparison.prepare()


def _filing(project: Project, parameters: dict[str, Any]) -> Filing:
    if parameters.get("figures") is not None or parameters.get("narrative") is not None:
        return with_totals(read_parameters(parameters, project.forms))
    filing = project.read(project.find(int(parameters["year"]), str(parameters["jurisdiction"])))
    compare = parameters.get("compare")
    if compare is None:
        return filing
    if not isinstance(compare, bool):
        raise UserError(f"compare 应是 True（要）或 False（不要），写的是 {compare!r}")
    return replace(filing, compare=compare)


def _compares(filing: Filing, project: Project | None) -> bool:
    """Whether a report shows the year before: what its own file says, or else the project."""
    return bool(project and (project.compare if filing.compare is None else filing.compare))


class Report:
    """One report on its way through a notebook. Cells can be run again and in any order: none depends on another."""

    def __init__(
        self,
        filing: Filing,
        waivers: Mapping[str, str] | None = None,
        issues: Iterable[Issue] | None = None,
        project: Project | None = None,
    ) -> None:
        """Check the filing, unless the `issues` that a check has found are given.

        `project` is where `compare` finds the year before.
        """
        self.filing = filing
        self._project = project
        self.issues = check(filing, waivers) if issues is None else list(issues)
        self._own_cells: set[str] = set()

    @cached_property
    def _names(self) -> dict[str, Any]:
        """What the cells' sentences can speak of; a report in the town's own words has no use for it."""
        return names(self.filing)

    def __repr__(self) -> str:
        return f"Report({self.filing!r})"

    @property
    def title(self) -> Prose:
        """The report's title."""
        return Prose(heading(self.filing.title, 1))

    def narrate(self, line: str, cell: str) -> None:
        """Show a section, or a part of one: the heading, and the cell's Markdown with its numbers filled in.

        This is the cell magic `%%narrative SECTION [PART]`. Where a town has a text of its own for the section, that
        text stands under the section's heading, and cells of the section show nothing else. What the form does not
        have, or does not ask for, is not shown. With `%%narrative SECTION --own` the cell's body is the town's own
        text: Markdown in which nothing is evaluated. Raises NarrativeError for a cell in which a conflict is open.
        """
        if is_open(cell):
            raise NarrativeError(
                f"%%narrative {line}：两边都改过，还没有定下来；请先改好 <<<<<<< 和 >>>>>>> 之间的文字"
            )
        key, _, part = line.strip().partition(" ")
        section = self._section(key, "%%narrative")
        if section is None:
            return
        if part == OWN:
            self._head(section, cell)
        elif not part or self._asks_for(section, part):
            if not part:
                self.heading(key)
            if key not in self.filing.narrative:
                title = heading(section.parts[part], 3) if part and section.parts[part] else ""
                display(Prose(title + cell_prose(cell, self._names, line.strip())))

    def heading(self, key: str) -> None:
        """Show a section's heading and the town's own text; before it, sections of the form that have no cell."""
        section = self._section(key, "report.heading")
        if section is not None:
            self._head(section, self.filing.narrative.get(key, ""))

    def _head(self, section: Section, words: str) -> None:
        if section.key not in _official_sections():
            self._own_cells.add(section.key)
        for earlier in self._without_cell(self.filing.form.sections[: self.filing.form.sections.index(section)]):
            self._whole(earlier)
        _open(section, words)

    def table(self, key: str) -> FormTable | None:
        """The statutory table as a pandas Styler, or None if the form has no such table, but an official one does."""
        tables = self.filing.form.tables
        if key not in tables and not any(key in form.tables for form in shipped_forms().values()):
            raise NarrativeError(_unknown(key, "report.table", list(tables)))
        return style_table(self.filing, key) if key in tables else None

    def rest(self) -> None:
        """Show the sections at the end of the form that have no cell."""
        for section in self._without_cell(self.filing.form.sections):
            self._whole(section)

    def compare(self) -> None:
        """Show this year beside last year, as a table and pictures, if the parameter `compare` asks for it."""
        if self._project and _compares(self.filing, self._project):
            from reportkit import comparison

            for part in comparison.compared(self.filing, self._project):
                display(part)

    def checks(self) -> Prose:
        """The issues, for the analyst's eyes: where, what, and what to do."""
        if not self.issues:
            return Prose("<p>检查通过，没有发现问题。</p>")
        rows = "".join(
            f"<tr><td>{LEVELS[issue.severity]}</td><td>{issue.code}</td>"
            f"<td>{escape(str(issue.origin))}</td><td style='text-align:left'>{escape(issue.message)}</td></tr>"
            for issue in self.issues
        )
        head = "<tr><th>级别</th><th>代码</th><th>位置</th><th>问题</th></tr>"
        return Prose(f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>")

    def _section(self, key: str, caller: str) -> Section | None:
        sections = self.filing.form.section_by_key
        if key not in sections and key not in _official_sections():
            raise NarrativeError(_unknown(key, caller, list(sections)))
        return sections.get(key)

    def _asks_for(self, section: Section, part: str) -> bool:
        official = {name for form in shipped_forms().values() for name in _parts(form, section.key)}
        if part not in section.parts and part not in official:
            raise NarrativeError(_unknown(part, f"%%narrative {section.key}", [*section.parts]))
        return part in section.parts

    def _without_cell(self, sections: Sequence[Section]) -> list[Section]:
        """The last of these sections, back to one that a cell of the notebook shows."""
        shown = _official_sections() | self._own_cells
        last = itertools.takewhile(lambda section: section.key not in shown, reversed(sections))
        return list(last)[::-1]

    def _whole(self, section: Section) -> None:
        _open(section, self.filing.narrative.get(section.key, ""))
        if section.table:
            display(style_table(self.filing, section.table.key))


def _open(section: Section, words: str) -> None:
    display(Prose(heading(section.heading, 2)))
    if words:
        display(Prose(town_prose(words)))


@cache
def _official_sections() -> set[str]:
    """The sections of the official editions: the master notebook has a cell for each of them."""
    return {section.key for form in shipped_forms().values() for section in form.sections}


def _parts(form: Form, key: str) -> Mapping[str, str]:
    section = form.section_by_key.get(key)
    return section.parts if section else {}


def _unknown(key: str, caller: str, known: list[str]) -> str:
    return f"{caller}：格式里没有“{key}”这一部分；可用的有：{'、'.join(known)}"
