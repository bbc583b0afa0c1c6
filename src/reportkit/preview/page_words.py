"""The words of the preview's pages, in the language of the person: for the page as it is sent, and for its script."""

from __future__ import annotations

import html
import json
from string import Template

from reportkit.translation import _, language, one_and_many


def lang() -> str:
    """Return the language of the pages as HTML has it."""
    return language().replace("_", "-") or "en"


def filled(template: str) -> str:
    """Return a page with its words in the place of `$name`, and for its script all words as JSON (`$words`)."""
    own = {name: html.escape(words) for name, words in page_words().items()}
    return Template(template).substitute(own, lang=lang(), words=html.escape(json.dumps(script_words())))


def page_words() -> dict[str, str]:
    """Return the words that stand in the page before anything has happened."""
    return {
        "preview": _("Report preview"),
        "open": _("Open the report preview"),
        "report": _("Report"),
        "views": _("View"),
        "page": _("Web page"),
        "sheets": _("PDF pages"),
        "opening": _("Opening…"),
        "file": _("PDF file"),
        "new_tab": _(" (opens in a new tab)"),
        "broken": _("The report was not made; mend this and save"),
        "old": _("This is how the report looked when it was made last, without the latest changes."),
        "no_script": _("The preview needs JavaScript."),
    }


def script_words() -> dict[str, str | list[str]]:
    """Return what the script says, with open fields; of what is counted the sentence for one and that for many."""
    return {
        "sheets": _("PDF pages"),
        "year": _("year {year}"),
        "title": _("{town}, year {year} · Report preview"),
        "making": _("Being made…"),
        "done": _("Updated {clock}, in {seconds} seconds"),
        "page": _("Report as a web page"),
        "sheet": _("Page {page} of {pages}"),
        "lost": _("Connection lost, trying again…"),
        "ended": _("The preview has ended; run reportkit preview in the terminal again"),
        "warnings": one_and_many(
            "{number} warning (the report can be published)", "{number} warnings (the report can be published)"
        ),
        "failed": one_and_many(
            "The report was not made: {number} error ({clock})", "The report was not made: {number} errors ({clock})"
        ),
    }
