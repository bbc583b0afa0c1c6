"""R7 to R10: what the tables of two years have in common."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from reportkit.checks.findings import Rule
from reportkit.checks.links import Link, Part, broken

LINKS: Mapping[str, tuple[Link, ...]] = {
    "R7": (
        Link(
            "R7", "requests", "column", "carried_in", (Part("before", "carried_over"),),
        ),
    ),
    "R8": (
        Link(
            "R8", "proactive", "row", "in_force",
            (Part("before", "in_force"), Part("now", "issued"), Part("now", "repealed", -1)),
        ),
    ),
    "R9": (
        Link(
            "R9.last_year", "proactive", "row", "last_year", (Part("before", "last_year"), Part("before", "change")),
        ),
        Link(
            "R9.total_published", "proactive", "row", "total_published",
            (Part("before", "total_published"), Part("now", "published")), "≤",
        ),
    ),
    "R10": tuple(
        Link(
            "R10", "reviews", "row", f"{group}.total", (Part("before", f"{group}.pending"),), "≥",
        )
        for group in ("review", "direct", "after_review")
    ),
}  # fmt: skip

RULES = tuple(Rule(code, partial(broken, links), "last") for code, links in LINKS.items())
