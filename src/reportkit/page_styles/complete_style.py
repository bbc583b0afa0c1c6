"""A style with all that its file names: pictures, templates, and what is to be told of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property

import msgspec

from reportkit.page_styles.style import Style


class Template(msgspec.Struct, frozen=True):
    """A template of an office's own: its file's name, the folder that it lies in as a person reads it, and all files.

    `files` are those that it loads, too, by their path in the folder; of a template nothing else can be loaded.
    """

    name: str
    folder: str
    files: tuple[tuple[str, bytes], ...]

    def at(self, file: str) -> str:
        """Return where a file of it is, for a person."""
        return file if self.folder in ("", ".") else f"{self.folder}/{file}"


class CompleteStyle(Style, frozen=True, dict=True):
    """A style as a page is made of it; two that look the same have the same digest.

    `origin` is what a person calls it. `pictures` are the logos by the part of it that has them. `notes` are
    sentences about what was left out. `wished` are the typefaces that are told where a machine lacks them. `sources`
    are the files that its parts stand in, if it is not its own.
    """

    origin: str = ""
    pictures: tuple[tuple[str, bytes], ...] = ()
    typst: Template | None = None
    html: Template | None = None
    notes: tuple[str, ...] = ()
    wished: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, style: Style, origin: str) -> CompleteStyle:
        """Return a style with nothing besides it."""
        return cls(**{name: getattr(style, name) for name in Style.__struct_fields__}, origin=origin)

    def source(self, place: str) -> str:
        """Return what a person calls the file in which something of it stands: header.left for instance."""
        return dict(self.sources).get(place.partition(".")[0], self.origin)

    @cached_property
    def digest(self) -> str:
        """A hash of all that a page has from it."""
        total = hashlib.sha256(json.dumps(self.values, sort_keys=True).encode())
        for name, content in self._files().items():
            total.update(f"\0{name}\0".encode(errors="surrogateescape"))
            total.update(hashlib.sha256(content).digest())
        return total.hexdigest()[:16]

    def _files(self) -> Mapping[str, bytes]:
        templates = [one for one in (self.typst, self.html) if one]
        inside = {f"{one.name}:{name}": content for one in templates for name, content in one.files}
        return {**dict(self.pictures), **inside}
