"""The exporters for `jupyter nbconvert --to reportkit-html` and `--to reportkit-pdf`: the same code behind its API."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellExecutionError
from nbconvert.exporters import Exporter, TemplateExporter
from nbconvert.preprocessors import ExecutePreprocessor
from nbconvert.utils.exceptions import ConversionException
from traitlets import Bool, Unicode, default

from reportkit.errors import ExportError, UserError
from reportkit.exporters.completeness import check_html
from reportkit.exporters.content import Content, printed_remark, read_content
from reportkit.exporters.fitness import check_fit
from reportkit.exporters.fonts import missing_typefaces
from reportkit.exporters.own_pages import SHARE, TEMPLATE, rendered
from reportkit.exporters.pdf import pdf_file
from reportkit.exporters.web_page import page_values
from reportkit.page_styles import styles_of
from reportkit.signs import one_line
from reportkit.translation import _

log = logging.getLogger(__name__)


class RefusedError(ExportError, ConversionException):
    """A notebook that is not to be published; nbconvert tells it and ends with 1."""


class _ReportExporter(Exporter):
    """What both exporters do alike: they refuse a notebook that is not fit to go out, unless a draft is asked for."""

    optimistic_validation = True

    _name = ""  # by which a command line configures it
    draft = Bool(
        False,
        help=_("Export a notebook that was not run to its end, or whose checks hold errors; each page says so."),
    ).tag(config=True)

    style = Unicode(
        "",
        help=_(
            "What the pages look like: gbt-9704, a4, letter, or the path of a style's file; "
            "what the language of the text suggests, if left out."
        ),
    ).tag(config=True)

    def _preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        for preprocessor in self._preprocessors if self.draft else ():
            if isinstance(preprocessor, ExecutePreprocessor):
                preprocessor.allow_errors = True
        try:
            return super()._preprocess(nb, resources)  # type: ignore[no-untyped-call, no-any-return]
        except CellExecutionError as error:
            raise self._refused(_("it has failed: {error}").format(error=error.evalue or error.ename)) from error

    def _content(self, nb: Any, resources: Any) -> Content:
        """What a reader sees of the notebook. Raises RefusedError."""
        try:
            if not self.draft:
                check_fit(nb, f"--{self._name}.draft=True")
            about = resources["metadata"]
            # Pictures come from beside the notebook, or from where the command was given.
            folders = [*([Path(about["path"])] if about.get("path") else []), Path.cwd()]
            content = read_content(
                nb,
                about.get("name", ""),
                folders,
                self.draft,
                styles_of(self.style, Path.cwd()),
            )
        except UserError as error:
            raise self._refused(str(error)) from error
        unseen = [printed_remark(cell, one) for cell, one in content.unseen]
        for warning in [*content.warnings, *unseen]:
            log.warning("%s", one_line(warning))
        return content

    def _refused(self, reason: str) -> RefusedError:
        """The error for a reason. nbconvert would print a traceback; what it logs is made the sentence instead."""
        if isinstance(self.log, logging.Logger):
            self.log.addFilter(_one_sentence)
        return RefusedError(*reason.splitlines())


def _one_sentence(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, RefusedError):
        record.msg, record.args, record.exc_info = f"{record.getMessage()}: {error}", None, None
    return True


class HtmlReportExporter(_ReportExporter, TemplateExporter):
    """One self-contained HTML page; `html_page` in the frame of nbconvert, where an office can pass `--template`.

    A template gets `resources.report` (`title`, `styles`, `fragments` of clean HTML, and what a `draft` says of
    itself). The stock `HTMLExporter` would parse each page a second time and link three other hosts.
    """

    _name = "HtmlReportExporter"
    export_from_notebook = _("Report (HTML)")
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return TEMPLATE

    def get_prefix_root_dirs(self) -> list[str]:
        """Return the places to look for templates: Jupyter's, then this package's own."""
        return [*super().get_prefix_root_dirs(), str(SHARE)]  # type: ignore[no-untyped-call]

    def get_template_names(self) -> list[str]:
        """Return the template's name and its bases; without a conf.json that says otherwise, ours is the base."""
        names: list[str] = super().get_template_names()  # type: ignore[no-untyped-call]
        return names if TEMPLATE in names else [*names, TEMPLATE]

    def _init_resources(self, resources: Any) -> Any:
        resources = super()._init_resources(resources)  # type: ignore[no-untyped-call]
        resources.pop("report", None)
        return resources

    def _preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        nb, resources = super()._preprocess(nb, resources)
        self._wanted = self._content(nb, resources)
        resources["report"] = page_values(self._wanted)
        return nb, resources

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """Return the page of an executed notebook, and nbconvert's resources."""
        page, resources = super().from_notebook_node(nb, resources, **kw)
        try:
            if (own := self._wanted.style.html) and self.template_name == TEMPLATE:
                page = rendered(own, page_values(self._wanted), self._wanted)
            check_html(self._wanted, page)  # an office's own template may have lost some of it
        except ExportError as error:
            raise self._refused(str(error)) from error
        return page, resources


class PdfReportExporter(_ReportExporter):
    """One PDF file, laid out by its style; `pdf_file` in the frame of nbconvert."""

    _name = "PdfReportExporter"
    export_from_notebook = _("Report (PDF)")
    output_mimetype = "application/pdf"

    use_system_fonts = Bool(
        True,
        help=_(
            "Use the typefaces installed on this machine; or else those that come with reportkit, the same everywhere."
        ),
    ).tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """Return the PDF of an executed notebook as bytes, and nbconvert's resources."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        content = self._content(nb, resources)
        try:
            made = pdf_file(content, self.use_system_fonts)
            for note in missing_typefaces(content.style, self.use_system_fonts):
                log.warning("%s", one_line(note))
            return made, resources
        except ExportError as error:
            raise self._refused(str(error)) from error


class _Command(Exporter):
    """An exporter under a name with a hyphen: the address in a Jupyter server's export menu would end in a 404."""

    @default("enabled")
    def _enabled_default(self) -> bool:
        server = sys.modules.get("jupyter_server.serverapp")
        return server is None or not server.ServerApp.initialized()


class HtmlReportCommand(_Command, HtmlReportExporter):
    """What `jupyter nbconvert --to reportkit-html` names; Jupyter's menu has `reportkit_html` for it."""


class PdfReportCommand(_Command, PdfReportExporter):
    """What `jupyter nbconvert --to reportkit-pdf` names; Jupyter's menu has `reportkit_pdf` for it."""
