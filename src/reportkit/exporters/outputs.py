"""What the outputs of a code cell become: the richest form that paper can have, or the reason why there is none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from reportkit.exporters.gate import CHART_CURE, Gate, Pictures
from reportkit.exporters.html_trees import inner_html
from reportkit.exporters.images import ImageError, image_message, raster_uri, svg_title, svg_uri
from reportkit.exporters.obligations import is_note
from reportkit.exporters.printouts import address_in, glyphs_missing, is_progress, is_python, terminal, value_text
from reportkit.exporters.sanitize import clean, shows
from reportkit.exporters.text import printable
from reportkit.exporters.widgets import VIEW, Unprintable, Widgets
from reportkit.translation import N_, _, in_a_row

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Richest first.
_IMAGES = ("image/svg+xml", "image/png", "image/jpeg", "image/webp", "image/gif")
_MIMES = ("text/html", *_IMAGES, "text/markdown", "text/latex", "application/json", VIEW, "text/plain")
_KINDS = {
    "application/javascript": N_("a script (JavaScript)"),
    "text/javascript": N_("a script (JavaScript)"),
    "application/geo+json": N_("a map (GeoJSON)"),
    "application/pdf": N_("a PDF file"),
}
_CHARTS = {
    "plotly": N_("a drawing of plotly"),
    "vega": N_("a drawing of Altair/Vega"),
    "bokeh": N_("a drawing of bokeh"),
    "holoviews": N_("a drawing of HoloViews"),
}
_CURE = N_(
    "make it a picture that stays as it is, a table or words, "
    "or give the cell the tag remove-output if it is not to be printed"
)
_SHOWN = 40
# What pandas writes below a table that it has cut short.
_CUT = re.compile(r"<p>(\d+) rows × (\d+) columns</p>")


class OutputReader:
    """Reads the outputs of one code cell; what is wrong with them is told to `gate`."""

    def __init__(self, cell: Any, gate: Gate, pictures: Pictures, nb: Any) -> None:
        self._cell, self._gate, self._pictures, self._nb = cell, gate, pictures, nb

    def _draws(self) -> bool:
        """Whether the cell shows a picture."""
        outputs = self._cell.get("outputs", ())
        return any(mime.startswith("image/") for output in outputs for mime in output.get("data", ()))

    def roots(self) -> Iterator[HtmlElement]:
        """Yield the cleaned tree of each output that shows something."""
        for output in self._joined(self._cell.get("outputs", [])):
            root = None if is_note(output) else self._root(output)
            if root is not None and (shows(root) or root.find(".//style") is not None):
                yield root

    def _joined(self, outputs: list[Any]) -> Iterator[Any]:
        """Yield the outputs with neighbouring pieces of standard output joined and standard error left out.

        So are bars of progress that are widgets: they are what tqdm writes there where there are no widgets.
        """
        text = ""
        for output in outputs:
            if _is_bar(output):
                continue
            if output["output_type"] == "stream":
                if output["name"] == "stdout":
                    text += _text(output["text"])
                else:
                    self._hear(_text(output["text"]))
                continue
            if text:
                yield {"output_type": "stream", "text": text}
                text = ""
            yield output
        if text:
            yield {"output_type": "stream", "text": text}

    def _hear(self, noise: str) -> None:
        """Read standard error, which is not printed, for characters that a figure shows as boxes."""
        if missing := glyphs_missing(noise):
            each = _('"{sign}" ({code})')
            named = in_a_row(each.format(sign=sign, code=f"U+{ord(sign):04X}") for sign in missing[:10])
            words = _(
                "no typeface has the signs {signs} of a drawing, which are printed as boxes; "
                "use others, or set a typeface that has them"
            )
            if len(missing) > 10:
                words = _(
                    "no typeface has the signs {signs} and others, {number} in all, of a drawing, which are printed as "
                    "boxes; use others, or set a typeface that has them"
                )
            self._gate.error(words.format(signs=named, number=len(missing)))

    def _root(self, output: Any) -> HtmlElement | None:
        kind = output["output_type"]
        if kind == "stream":
            return self._printed(output["text"])
        if kind == "error":
            message = escape(printable(f"{output['ename']}: {output['evalue']}"))
            return clean(f'<div class="cell-error"><p>{message}</p></div>')
        return self._best(output)

    def _printed(self, text: str) -> HtmlElement | None:
        text = terminal(text)
        if address := address_in(text):
            words = _(
                "what is printed is the Python object {value}, not a text; print words or a number, or take it out"
            )
            self._gate.error(words.format(value=_beginning(address)))
        return clean(pre) if (pre := _pre(text)) else None

    def _best(self, output: Any) -> HtmlElement | None:
        """The richest form that comes out whole, or else the richest with word of what is missing in it."""
        data = output.get("data", {})
        others = [mime for mime in data if mime not in _MIMES and data[mime] is not None]
        first: Gate | None = None
        for mime in _MIMES:
            if mime not in data or (mime == "text/plain" and self._is_no_text(data[mime])):
                continue
            gate = Gate(self._gate.cell, self._pictures)
            root = self._form(mime, data, output, gate)
            if not gate.errors and (gate.scripts or others) and not (mime.startswith("text/p") or shows(root)):
                gate.scripted() if gate.scripts else gate.error(_unprintable(others))
            if not gate.errors:
                self._gate.warnings += gate.warnings
                return root
            first = first or gate
        self._gate.errors += first.errors if first else []
        if first is None:
            self._refuse(others, _text(data.get("text/plain", "")))
        return None

    def _form(self, mime: str, data: Any, output: Any, gate: Gate) -> HtmlElement:
        if mime in _IMAGES:
            return clean(self._figure(mime, _text(data[mime]), output.get("metadata", {}), gate), gate)
        if mime == "application/json":
            return clean(_pre(json.dumps(data[mime], ensure_ascii=False, indent=2)))
        if mime == VIEW:
            return clean(self._widget(data[mime], gate), gate)
        text = _text(data[mime])
        if mime == "text/html":
            if cut := _CUT.search(text):
                words = _(
                    "of the table only beginning and end are printed (it has {rows} rows and {columns} columns); "
                    "to have it whole, use .to_html() or .style"
                )
                gate.warn(words.format(rows=cut[1], columns=cut[2]))
            return clean(text, gate)
        if mime == "text/markdown":
            return written_root(text, gate)
        if mime == "text/latex":
            gate.warn(_("a formula (LaTeX) is printed as its source; to have it as a formula, make it a picture"))
        return clean(_pre(value_text(text)))

    def _is_no_text(self, value: Any) -> bool:
        return is_python(value_text(_text(value)))

    def _widget(self, view: Any, gate: Gate) -> str:
        try:
            return Widgets(self._nb, self._inner).html(view)
        except Unprintable as widget:
            words = _("here is {what}, which cannot be printed in a report; {cure}")
            gate.error(words.format(what=widget, cure=_(_CURE)))
            return ""

    def _inner(self, output: Any) -> str:
        """The HTML of an output that an Output widget has kept."""
        roots = [self._root(piece) for piece in self._joined([output])]
        return "".join(inner_html(root) for root in roots if root is not None)

    def _refuse(self, others: list[str], text: str) -> None:
        """Say what cannot be printed. What a drawing call gives back is no content beside its drawing."""
        if others:
            self._gate.error(_unprintable(others))
        elif text.strip() and not self._draws():
            shown = _beginning(text.strip())
            words = _(
                "the value of the last line is the Python object {value}, not a text; print words or a number, "
                "or end the line with a semicolon (;) if it is not to be printed"
            )
            self._gate.error(words.format(value=shown))

    def _figure(self, mime: str, text: str, metadata: Any, gate: Gate) -> str:
        about = {**metadata, **metadata.get(mime, {})}
        alt = about.get("alt") or self._cell.metadata.get("alt") or ""
        try:
            if mime == "image/svg+xml":
                uri, alt = gate.made(svg_uri(text, gate.lost)), alt or svg_title(text)
            else:
                uri = gate.made(raster_uri(mime.removeprefix("image/"), text))
        except ImageError:
            gate.errors.append(image_message(gate.cell))
            return ""
        size = "".join(f' {side}="{about[side]:.0f}"' for side in ("width", "height") if _is_number(about.get(side)))
        return f'<figure><img src="{uri}" alt="{escape(str(alt))}"{size}></figure>'


def written_root(text: str, gate: Gate) -> HtmlElement:
    """Return the cleaned tree of a Markdown text; what is wrong with it is told to the gate."""
    from reportkit.exporters.markdown_cells import (  # and mistune, which most reports do without
        read_markdown,
        unread_picture,
    )

    written = read_markdown(text)
    for error in written.errors:
        gate.error(error)
    for warning in written.warnings:
        gate.warn(warning)
    root = clean(written.html, gate)
    if source := unread_picture(root):
        words = _('"{text}" is not read as a picture; if there are blanks in its address, write ![words](<address>)')
        gate.error(words.format(text=_beginning(source)))
    return root


def _is_bar(output: Any) -> bool:
    data = output.get("data", {})
    return VIEW in data and is_progress(_text(data.get("text/plain", "")))


def _unprintable(mimes: list[str]) -> str:
    """Say what stands in an output that no page can show, and what to do."""
    charts = {mime: name for mime in mimes for part, name in _CHARTS.items() if part in mime}
    names = (charts.get(mime) or _KINDS.get(mime, N_("something of the format {mime}")) for mime in mimes)
    told = dict.fromkeys(_(name).format(mime=mime) for name, mime in zip(names, mimes, strict=True))
    words = _("here is {what}, which cannot be printed in a report; {cure}")
    return words.format(what=in_a_row(told), cure=_(CHART_CURE if charts else _CURE))


def _beginning(text: str) -> str:
    line = text.split("\n")[0][:_SHOWN]
    return line if line == text else f"{line}…"


def _pre(text: str) -> str:
    text = printable(text).strip("\n")
    # The parser would eat a first line end, and an empty output is nothing to see.
    return f"<pre>{escape(text)}</pre>" if text.strip() else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "".join(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10_000
