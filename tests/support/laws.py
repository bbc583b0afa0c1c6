"""How often a law is tried."""

from hypothesis import settings


def examples(number: int) -> int:
    """So many examples of a law in a thorough run, and fewer on every day: two at least, as the first is a plain one."""
    return max(2, number * settings.default.max_examples // 100)
