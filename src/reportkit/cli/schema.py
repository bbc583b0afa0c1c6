"""`reportkit schema`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from reportkit.cli.app import command
from reportkit.cli.output import show_json
from reportkit.translation import _


class File(StrEnum):
    """The files that have a schema."""

    form = "form"
    kind = "kind"
    readers = "readers"
    project = "project"
    style = "style"


@command(example="reportkit schema form > form.schema.json")
def schema(
    file: Annotated[
        File,
        typer.Argument(
            metavar=_("FILE"),
            help=_("A form, a kind's kind.yaml or readers.yaml, a project's reportkit.toml, or a style."),
        ),
    ],
) -> None:
    """Print the JSON Schema of a file, with which an editor completes and checks it."""
    from reportkit.kinds import file_shapes, kind_shapes
    from reportkit.kinds.vocabulary import Vocabulary
    from reportkit.page_styles import Style
    from reportkit.project.config import Config
    from reportkit.shapes import schema

    shapes: dict[File, type] = {
        File.form: file_shapes.Form,
        File.kind: kind_shapes.Kind,
        File.readers: Vocabulary,
        File.project: Config,
        File.style: Style,
    }
    show_json(schema(shapes[file], partial=file is File.style))
