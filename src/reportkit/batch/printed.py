"""What the cells of a notebook have printed, to be told by a build (`--log-output`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reportkit.exporters.printouts import terminal

_TEXT = "text/plain"


def printed(nb: Any) -> Iterator[str]:
    """Yield each line that cells have printed, as a terminal shows it, and those of values that are only text."""
    for cell in nb.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if output.output_type == "stream":
                yield from terminal(output.text).rstrip("\n").split("\n")
            elif set(data) == {_TEXT}:
                yield from data[_TEXT].split("\n")
