"""The workbench: a parameter file edited in a notebook, with its checks, its page and last year's figures beside."""

from reportkit.workbench.controller import Desk
from reportkit.workbench.desks import open_workbench
from reportkit.workbench.draft import Draft
from reportkit.workbench.opening import last_year, new_draft, onto, open_town, opened, reloaded
from reportkit.workbench.save import Changed, Difference, Saved, merge, overwrite, save, undo
from reportkit.workbench.town_list import Town, Towns

__all__ = [
    "Changed",
    "Desk",
    "Difference",
    "Draft",
    "Saved",
    "Town",
    "Towns",
    "last_year",
    "merge",
    "new_draft",
    "onto",
    "open_town",
    "open_workbench",
    "opened",
    "overwrite",
    "reloaded",
    "save",
    "undo",
]
