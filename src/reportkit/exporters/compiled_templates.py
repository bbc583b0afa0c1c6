"""Templates that are compiled once on a machine: kept beside them, as Python keeps its modules."""

from __future__ import annotations

import contextlib
import sys
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from jinja2 import FileSystemBytecodeCache

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


class CompiledTemplates(FileSystemBytecodeCache):
    """What Jinja makes of the templates of a folder of ours; Jinja sees whether they or Python have changed.

    Compiling the page takes as long as making ten. Where nothing can be written, it is compiled each time.
    """

    def __init__(self, folder: Path) -> None:
        place = Path(cache_from_source(str(folder / f"{jinja2.__version__}.j2")))
        super().__init__(str(place.parent), f"%s-{place.name}")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, if there is something to fill it with."""
        with contextlib.suppress(Exception):  # whatever a damaged file raises
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what is in the bucket, if bytecode is kept at all."""
        if sys.dont_write_bytecode:
            return
        with contextlib.suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
