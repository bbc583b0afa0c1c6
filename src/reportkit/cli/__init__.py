"""The command line: the only room that prints or exits."""

from __future__ import annotations

import sys

from reportkit.cli import (  # noqa: F401  (each adds its command)
    build,
    check,
    edits,
    form,
    importing,
    preview,
    rollup,
    rules,
)  # fmt: skip
from reportkit.cli.app import app


def main() -> None:
    """Run the command line; a mistake in the call or in a file is a message, not a traceback."""
    from reportkit.errors import UserError

    for stream in (sys.stdout, sys.stderr):
        # A clerk's console may not have every character; a message with a box in it is better than none.
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    try:
        app()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
