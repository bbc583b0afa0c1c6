"""An overview as a page to read, to print and to send on: one file without scripts, which asks nobody for anything."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportkit.overview.state import Overview, Unit
from reportkit.overview.state_words import place, remarks, summary
from reportkit.signs import visible
from reportkit.translation import _, in_a_row, language

if TYPE_CHECKING:
    from jinja2 import Template


def status_page(overview: Overview) -> bytes:
    """Return the page, in UTF-8. Texts of units are text on it, whatever signs they have."""
    folder, title = place(overview), _("Reports at a glance")
    page = _template().render(
        language=language().replace("_", "-") or "en",
        title=_("{left}: {right}").format(left=title, right=folder) if folder else title,
        summary=summary(overview),
        day=_("As of {day}").format(day=overview.day),
        heads=_heads(),
        beside=_("Beside the units"),
        rows=[_row(overview, unit) for unit in overview.units],
        lines=_lines(overview),
    )
    return visible(page).encode()


def _heads() -> dict[str, str]:
    return {
        "unit": _("Unit"),
        "state": _("State"),
        "remarks": _("Remarks"),
        "due": _("Due"),
        "contact": _("Contact"),
    }


def _row(overview: Overview, unit: Unit) -> dict[str, str]:
    return {
        "unit": overview.label(unit),
        "state": _(unit.state),
        "look": unit.state.name,
        "remarks": in_a_row(remarks(unit)),
        "due": str(unit.due or ""),
        "contact": unit.contact,
    }


def _lines(overview: Overview) -> list[str]:
    """What is wrong beside the units."""
    issues = [str(issue) for one in overview.between for issue in one.issues if issue.severity in ("error", "warning")]
    return [*issues, *map(str, overview.strays), *overview.notes]


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)
    environment.lstrip_blocks = True
    return environment.get_template("status_page.html.j2")
