"""The exporters for `jupyter nbconvert --to reportkit-html` and `--to reportkit-pdf`: the same code behind its API."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter, TemplateExporter
from traitlets import Bool, default

from reportkit.exporters.content import read_content
from reportkit.exporters.html import SHARE, TEMPLATE, page_values
from reportkit.exporters.pdf import pdf_file


class HtmlReportExporter(TemplateExporter):
    """One self-contained HTML page; `html_page` in the frame of nbconvert, where an office can pass `--template`.

    A template gets `resources.report` (`title`, `styles`, `fragments` of clean HTML). The stock `HTMLExporter` would
    parse each page a second time and link three other hosts.
    """

    export_from_notebook = "政府信息公开年度报告 (HTML)"
    output_mimetype = "text/html"
    optimistic_validation = True

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
        nb, resources = super()._preprocess(nb, resources)  # type: ignore[no-untyped-call]
        resources["report"] = page_values(read_content(nb, resources["metadata"].get("name", "")))
        return nb, resources


class PdfReportExporter(Exporter):
    """One PDF file, laid out as GB/T 9704-2012 asks; `pdf_file` in the frame of nbconvert."""

    export_from_notebook = "政府信息公开年度报告 (PDF)"
    output_mimetype = "application/pdf"
    optimistic_validation = True

    use_system_fonts = Bool(
        True, help="Use the official typefaces installed on this machine; otherwise Noto only, the same everywhere."
    ).tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """Return the PDF of an executed notebook as bytes, and nbconvert's resources."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        content = read_content(nb, resources["metadata"].get("name", ""))
        return pdf_file(content, self.use_system_fonts), resources
