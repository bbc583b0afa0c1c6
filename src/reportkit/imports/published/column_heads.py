"""Column headers as a file has them above its rows."""

from __future__ import annotations

from typing import NamedTuple

from reportkit.errors import Place


class Head(NamedTuple):
    """Header texts that stand together, and the blocks whose columns they are, as (table, number of the block).

    `cells` is how many cells their row has besides the one above the stub, 0 if they are no single row.
    """

    texts: tuple[str, ...]
    place: Place
    blocks: tuple[tuple[str, int], ...]
    cells: int = 0
