"""`reportkit sbom`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reportkit.cli.app import command
from reportkit.cli.output import say, show_json
from reportkit.signs import json_text
from reportkit.translation import _


@command(example="reportkit sbom -o dist/SBOM.cdx.json")
def sbom(
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help=_("Write to this file, over one that is there."))
    ] = None,
) -> None:
    """List the packages of this installation, which make the reports: a bill of materials, CycloneDX as JSON."""
    from reportkit.batch.sbom import sbom as listed
    from reportkit.cli.worksheet import save

    bill = listed()
    if out is None:
        show_json(bill)
        return
    save(out, f"{json_text(bill, indent=1)}\n".encode(), over=True)
    say(_("written {path} ({number} components)").format(path=out, number=len(bill["components"])))
