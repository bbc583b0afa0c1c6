"""What a notebook calls: `report = open_report(...)`, then its sections, tables and checks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from html import escape
from types import ModuleType
from typing import Any

import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.core.magic import no_var_expand
from IPython.display import display
from jinja2.utils import missing

from reportkit.assigned_names import unknown_parameter
from reportkit.checks import check, check_config, check_report
from reportkit.errors import LEVELS, Issue, UserError
from reportkit.exporters.obligations import Note, Statement
from reportkit.kinds import default_kind, language_of, saying
from reportkit.model.filing import Filing, with_totals
from reportkit.model.form import Section
from reportkit.model.names import PARAMETERS
from reportkit.notebook.markers import is_open
from reportkit.notebook.own_words import OWN
from reportkit.params.reader import read_parameters
from reportkit.project import Project
from reportkit.report import live, narrative, tables
from reportkit.report.expectation import expected, project_here
from reportkit.report.last_year import LastYear
from reportkit.report.master_cells import MasterCells
from reportkit.report.narrative import NarrativeError, Prose, cell_prose, form_prose, heading, names, town_prose
from reportkit.report.narrative.cell_values import english
from reportkit.report.obligations import (
    COMPARISON,
    TITLE,
    heading_of,
    showing,
    statement,
    table_of,
    words_of,
)
from reportkit.report.shell_names import assigned
from reportkit.report.tables import FormTable, style_table
from reportkit.translation import N_, _, in_a_row, ngettext


def open_report(**parameters: Any) -> Report:
    """Return the report that the notebook's parameters ask for, and make `%%narrative` known to the notebook.

    With `figures` or `narrative` given (papermill injected them) the parameters are the data; without, the data is
    read from the project's parameter file for `year` and `jurisdiction`. Parameters with other names are own facts.
    Raises ReaderError or UserError if that is not possible.
    """
    project = project_here()
    check_config(project)
    _show_bar(project, parameters)  # before the file is read, which the bar helps to mend
    # A notebook names every parameter, those that it was not given too: they are None.
    given = {name: value for name, value in parameters.items() if value is not None and name in PARAMETERS}
    if known := expected(project, given):
        report = Report(known.filing, issues=known.issues, project=project)
    else:
        filing = _filing(project, parameters)
        report = Report(filing, issues=_found(filing, project), project=project)
    shell = get_ipython()
    if shell is not None:
        shell.magics_manager.register_function(report.narrate, magic_kind="cell", magic_name="narrative")
        display(report.statement)
        if live.is_live():
            report.complete_in(shell)
    return report


def _show_bar(project: Project, parameters: Mapping[str, Any]) -> None:
    """Show the bar of a town's notebook; what is wrong with the parameters is told by whoever reads them."""
    with suppress(UserError):
        live.show("bar", project, *_whose(parameters))


def prepare(project: Project, cells: Iterable[str]) -> None:
    """Do ahead, for the reports of this process and of its forks, what is the same for all of them.

    `cells` are the sources of the notebook that is going to be run.
    """
    sources = list(cells)
    check_config(project)  # which reads the catalogue
    for form in project.forms.values():
        tables.prepare(form)
        narrative.prepare(form, sources)


def _filing(project: Project, parameters: dict[str, Any]) -> Filing:
    if parameters.get("figures") is not None or parameters.get("narrative") is not None:
        return with_totals(read_parameters(parameters, project.forms))
    filing = project.read(project.find(*_whose(parameters)))
    own = {name: value for name, value in parameters.items() if name not in PARAMETERS}
    for name in own:
        if name not in filing.form.facts and name not in project.forms.facts:
            raise UserError(unknown_parameter(name, [*PARAMETERS, *filing.form.facts, *project.forms.facts]))
    filing = replace(filing, facts={**own, **filing.facts}) if own else filing
    compare = parameters.get("compare")
    if compare is None:
        return filing
    if not isinstance(compare, bool):
        raise UserError(_("compare is True or False, found {found!r}").format(found=compare))
    return replace(filing, compare=compare)


def _found(filing: Filing, project: Project) -> list[Issue]:
    """What is wrong with the filing of a notebook that no build has checked: the same list as a build's."""
    return check_report(project, None, filing)


def _whose(parameters: Mapping[str, Any]) -> tuple[int, str]:
    """Whose report and of which year the notebook asks for. Raises UserError if it does not say."""
    year, jurisdiction = (str(parameters.get(name) or "").strip() for name in ("year", "jurisdiction"))
    if not re.fullmatch(r"[0-9]{4}", year):
        words = _("year is a year of four digits, such as 2023; it is missing; change the cell of the parameters")
        if year:
            words = _('year is a year of four digits, such as 2023; found "{found}"; change the cell of the parameters')
        raise UserError(words.format(found=year))
    if not jurisdiction:
        raise UserError(_("jurisdiction is missing; change the cell of the parameters"))
    return int(year), jurisdiction


def _is_data(value: Any) -> bool:
    """Whether a sentence may have a use for a value, told without looking into it."""
    return value is not missing and not callable(value) and not isinstance(value, ModuleType | Report)


def _compares(filing: Filing, project: Project | None) -> bool:
    return bool(project and project.compares(filing))


class ChecksError(UserError):
    """A report that must not go out, as its checks hold errors."""


_NOTHING = N_("The checks have found nothing.")
_HEADS = (N_("Level"), N_("Code"), N_("Place"), N_("Issue"))
"""What the table of issues says in the language of the report."""


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
        self._kind = project.kind if project else default_kind()  # which the master notebook is written for
        found = check(filing, waivers) if issues is None else issues
        self.issues = [issue.in_language(language_of(filing.form)) for issue in found]  # whoever makes the report
        self._own_cells: set[str] = set()
        self._master = MasterCells(project, self._kind)
        self._last_year = LastYear(project, filing)

    @cached_property
    def _names(self) -> dict[str, Any]:
        """What the cells' sentences can speak of; a report in the town's own words has no use for it."""
        return names(self.filing, self._kind.words, self._last_year.to_quote)

    @cached_property
    def _last(self) -> Filing | None:
        """The filing of the year before, if the report is to show it and can."""
        return self._last_year.to_compare() if _compares(self.filing, self._project) else None

    def __repr__(self) -> str:
        return f"Report({self.filing!r})"

    @property
    def errors(self) -> list[Issue]:
        """The issues for which the report must not go out."""
        return [issue for issue in self.issues if issue.severity == "error"]

    @property
    def statement(self) -> Statement:
        """What the report owes its reader, for those who export the notebook; it shows nothing."""
        return statement(self.filing, len(self.errors), compares=self._last is not None, kind=self._kind)

    @property
    def title(self) -> Prose:
        """The report's title."""
        return Prose(heading(self.filing.title, 1), showing(self.filing, TITLE))

    @no_var_expand  # the line names a section; IPython would run what stands in braces there
    def narrate(self, line: str, cell: str) -> None:
        """Show a section, or a part of one: the heading, and the cell's Markdown with its numbers filled in.

        This is the cell magic `%%narrative SECTION [PART]`. Where a town has a text of its own for the section, that
        text stands under the section's heading, and cells of the section print nothing else; they say so. What the form
        does not have, or does not ask for, is not shown. With `%%narrative SECTION --own` the cell's body is the town's
        own text: Markdown in which nothing is evaluated. Raises NarrativeError for a cell in which a conflict is open.
        """
        if is_open(cell):
            words = _(
                "%%narrative {line}: both sides have changed it, and it is not settled; "
                "finish the text between <<<<<<< and >>>>>>> first"
            )
            raise NarrativeError(words.format(line=line))
        key, _space, part = line.strip().partition(" ")
        section = self._section(key, "%%narrative")
        if section is None:
            return
        if part == OWN:
            self._head(section, cell)
        elif not part or self._asks_for(section, part):
            if not part:
                self._head(section, self.filing.narrative.get(key, ""))
            if key in self.filing.narrative:
                display(self._kept_back(section, line, cell))
                return
            title = heading(section.parts[part], 3) if part and section.parts[part] else ""
            display(Prose(title + cell_prose(cell, self._names, line.strip(), self._of_cell)))

    def _of_cell(self, name: str) -> Any:
        """What cells have assigned to a name, as the report's language writes it."""
        return english(assigned(name)) if language_of(self.filing.form) == "en" else assigned(name)

    def _kept_back(self, section: Section, line: str, cell: str) -> Prose:
        """The note that a cell's words are not printed, which nobody misses if they are the master's.

        The note stays in the notebook, in the language of the report; what is wrong goes to the person.
        """
        why = self._say(N_('"{heading}" is printed in the words of the unit, and what this cell says is not.'))
        is_lost = cell.strip() and self._master.is_changed(f"%%narrative {line}\n{cell}")
        lost = _(
            '"{heading}" is printed in the town\'s own words, and what this cell says is not; '
            "move it into a cell with --own or into narrative of the parameter file, or take this section out there"
        )
        return Prose(
            f"<p>{escape(why.format(heading=section.heading), quote=False)}</p>",
            Note(lost.format(heading=section.heading) if is_lost else ""),
        )

    def complete_in(self, shell: Any) -> None:
        """Let the Tab key offer sections and names in narrative cells of a kernel, and nothing else there."""
        from reportkit.report.narrative.completion import NarrativeMatcher  # which no batch needs

        def own() -> list[str]:
            return [name for name in shell.user_ns if _is_data(assigned(name))]

        NarrativeMatcher(lambda: self._names, own, self.filing.form).offer_in(shell.Completer)

    def heading(self, key: str) -> None:
        """Show a section's heading and the town's own text; before it, sections of the form that have no cell."""
        section = self._section(key, "report.heading")
        if section is not None and not self._is_left_out(section):
            self._head(section, self.filing.narrative.get(key, ""))

    def _head(self, section: Section, words: str) -> None:
        self._own_cells.add(section.key)
        for earlier in self._without_cell(self.filing.form.sections[: self.filing.form.sections.index(section)]):
            self._whole(earlier)
        self._open(section, words)

    def table(self, key: str) -> FormTable | None:
        """The statutory table as a pandas Styler, or None if only other forms of its kind have one."""
        return self._table(key) if self._has(key, "report.table") else None

    def frame(self, key: str) -> pd.DataFrame | None:
        """The figures of a table as a DataFrame, to plot and to count with; see reportkit.report.tables.table_frame.

        None if only other forms of its kind have the table.
        """
        return tables.table_frame(self.filing, key) if self._has(key, "report.frame") else None

    def _has(self, key: str, asked: str) -> bool:
        """Whether the form has a table. Raises NarrativeError for one that no form of its kind has."""
        known = self.filing.form.tables
        if key not in known and key not in self._kind.tables:
            raise NarrativeError(_unknown(key, asked, list(known)))
        return key in known

    def rest(self) -> None:
        """Show the sections at the end of the form that have no cell."""
        for section in self._without_cell(self.filing.form.sections):
            self._whole(section)

    def compare(self) -> None:
        """Show this year beside last year, as a table and pictures, if the parameter `compare` asks for it."""
        if self._last:
            from reportkit.report import comparison

            for part in comparison.compared(self.filing, self._last, showing(self.filing, COMPARISON)):
                display(part)

    def preview(self) -> None:
        """Show the finished page, made of the files as they are saved, to a person; a batch shows nothing."""
        if self._project:
            live.show("page", self._project, self.filing.year, self.filing.jurisdiction)

    def checks(self) -> Prose | None:
        """The issues, for the analyst's eyes: where, what, and what to do. Raises ChecksError for errors among them."""
        if not self.issues:
            return Prose(f"<p>{self._say(_NOTHING)}</p>")
        if not self.errors:
            return self._issues_table()
        display(self._issues_table())
        words = ngettext(
            "the checks have found {number} error, so this report cannot be published; "
            "mend what the table says and run it again",
            "the checks have found {number} errors, so this report cannot be published; "
            "mend what the table says and run it again",
            len(self.errors),
        )
        raise ChecksError(words.format(number=len(self.errors)))

    def _issues_table(self) -> Prose:
        rows = "".join(
            f"<tr><td>{self._say(LEVELS[issue.severity])}</td><td>{issue.code}</td>"
            f"<td>{escape(str(issue.origin))}</td><td style='text-align:left'>{escape(issue.message)}</td></tr>"
            for issue in self.issues
        )
        head = "".join(f"<th>{self._say(name)}</th>" for name in _HEADS)
        return Prose(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")

    def _say(self, message: str) -> str:
        """A sentence in the language of the report."""
        return saying(self.filing.form)(message)

    def _section(self, key: str, caller: str) -> Section | None:
        sections = self.filing.form.section_by_key
        if key not in sections and key not in self._kind.sections:
            raise NarrativeError(_unknown(key, caller, list(sections)))
        return sections.get(key)

    def _asks_for(self, section: Section, part: str) -> bool:
        if part not in section.parts and part not in self._kind.sections.get(section.key, ()):
            raise NarrativeError(_unknown(part, f"%%narrative {section.key}", [*section.parts]))
        return part in section.parts

    def _without_cell(self, sections: Sequence[Section]) -> list[Section]:
        """The last of these sections, back to one that a cell of the notebook shows."""
        cells = self._master.sections_of(self.filing.form)
        last = itertools.takewhile(
            lambda section: section.key not in cells and section.key not in self._own_cells, reversed(sections)
        )
        return list(last)[::-1]

    def _whole(self, section: Section) -> None:
        own = self.filing.narrative.get(section.key, "")
        if self._is_left_out(section) and section.key not in self.filing.form.words:
            return
        self._open(section, own)
        if not own and section.key in self.filing.form.words:
            display(Prose(form_prose(section.key, self._names)))
        if section.table:
            display(self._table(section.table.key))

    def _is_left_out(self, section: Section) -> bool:
        """Whether a section need not be printed, as the unit has written nothing and it has no table."""
        return section.needs_words and not self.filing.narrative.get(section.key, "").strip()

    def _open(self, section: Section, words: str) -> None:
        display(Prose(heading(section.heading, 2), showing(self.filing, heading_of(section.key))))
        if words:
            display(Prose(town_prose(words), showing(self.filing, words_of(section.key))))

    def _table(self, key: str) -> FormTable:
        return style_table(self.filing, key, showing(self.filing, table_of(key)))


def _unknown(key: str, caller: str, known: list[str]) -> str:
    words = _('{caller}: the form has no section "{key}"; there are: {names}')
    return words.format(caller=caller, key=key, names=in_a_row(known))
