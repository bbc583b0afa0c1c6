"""Templates that are compiled once on a machine: kept beside them, as Python keeps its modules."""

from __future__ import annotations

import contextlib
import os
import sys
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from jinja2 import BytecodeCache

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

_VERSION = jinja2.__version__.replace(".", "_")


class CompiledTemplates(BytecodeCache):
    """What Jinja makes of the templates of a folder of ours; Jinja sees whether they or Python have changed.

    Compiling the page takes as long as making ten. Where nothing can be written, it is compiled each time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, if there is something to fill it with."""
        with contextlib.suppress(Exception), self._place(bucket).open("rb") as file:  # whatever a damaged one raises
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what is in the bucket: whole, or not at all."""
        if sys.dont_write_bytecode:
            return
        place = self._place(bucket)
        beside = place.with_name(f"{place.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            place.parent.mkdir(exist_ok=True)
            beside.write_bytes(bucket.bytecode_to_string())
            beside.replace(place)

    def _place(self, bucket: Bucket) -> Path:
        return Path(cache_from_source(str(self._folder / f"{bucket.key}-{_VERSION}.j2")))
