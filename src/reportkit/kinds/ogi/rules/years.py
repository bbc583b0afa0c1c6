"""R7 to R10: what the tables of two years have in common."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from reportkit.checks.findings import Rule
from reportkit.checks.links import Link, Part, broken

LINKS: Mapping[str, tuple[Link, ...]] = {
    "R7": (
        Link(
            "requests", "column", "carried_in", (Part("before", "carried_over"),),
            "本年的“二、上年结转”等于上年报告的“四、结转下年度继续办理”",
        ),
    ),
    "R8": (
        Link(
            "proactive", "row", "in_force",
            (Part("before", "in_force"), Part("now", "issued"), Part("now", "repealed", -1)),
            "现行有效等于上年的现行有效加本年制发减本年废止",
        ),
    ),
    "R9": (
        Link(
            "proactive", "row", "last_year", (Part("before", "last_year"), Part("before", "change")),
            "上一年项目数量等于上年报告的上一年项目数量加上年的增/减",
        ),
        Link(
            "proactive", "row", "total_published", (Part("before", "total_published"), Part("now", "published")),
            "对外公开总数量不会超过上年的总数量加本年新公开", "≤",
        ),
    ),
    "R10": tuple(
        Link(
            "reviews", "row", f"{group}.total", (Part("before", f"{group}.pending"),),
            "上年尚未审结的，本年审结或仍未审结，总计不少于此数", "≥",
        )
        for group in ("review", "direct", "after_review")
    ),
}  # fmt: skip

RULES = tuple(Rule(code, partial(broken, links), "last") for code, links in LINKS.items())
