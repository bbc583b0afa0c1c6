"""Small words that several commands use."""

LEVELS = {"error": "错误", "warning": "提醒", "note": "说明", "waived": "已豁免"}
"""What people call how grave an issue is."""


def count(number: int, noun: str) -> str:
    """Return a number with its noun: 1 error, 2 errors."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
