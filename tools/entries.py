"""The page that lists what the files of a form and of a kind can say, made from the shapes by which they are read.

uv run python tools/entries.py           after an entry was added, or its description changed
uv run python tools/entries.py --check   change nothing; exit with 1 if the page would be another
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reportkit.kinds.file_shapes import Form
from reportkit.kinds.kind_shapes import Kind, RuleOfKind
from reportkit.shapes import schema

PAGE = Path(__file__).resolve().parent.parent / "docs/form-entries.md"

_PLACES = {
    "Form": "A form: forms/*.yaml",
    "Section": "sections",
    "Table": "tables",
    "Block": "tables: blocks",
    "Corner": "tables: blocks: corner",
    "Header": "tables: blocks: columns and rows",
    "Format": "format, of a table, a block, a column, a row or a cell",
    "Cell": "tables: cells",
    "Rule": "rules",
    "Fact": "facts",
    "CarriedCells": "carry",
    "ComparedLines": "compare",
    "Kind": "A kind: kind.yaml",
    "Prefill": "kind.yaml: prefill",
    "Carried": "kind.yaml: prefill: carry",
    "Grown": "kind.yaml: prefill: grown",
    "Comparison": "kind.yaml: comparison",
    "Compared": "kind.yaml: comparison: table, and the lines of its pictures",
    "Picture": "kind.yaml: comparison: pictures",
    "RuleOfKind": "A rule of a kind, by its code: rules/*.yaml",
    "Told": "rules/*.yaml: messages",
}
"""What stands over the entries of a shape."""

HEAD = """\
# What a form can say

Every entry of a form's file, and below those of a kind's. [Forms](forms.md) and [Kinds](kinds.md) tell what they are
for; `reportkit schema form` and `reportkit schema kind` let an editor complete them. This page is made from the
declaration by which the files are read.
"""


def page() -> str:
    """Return the text of the page."""
    return "\n".join([HEAD, *_sections()])


def _sections() -> Iterator[str]:
    told: set[str] = set()
    for root in (Form, Kind, RuleOfKind):
        shapes = schema(root)["$defs"]
        for name in sorted(shapes.keys() - told, key=list(_PLACES).index):
            told.add(name)
            level = "##" if name == root.__name__ else "###"
            yield f"{level} {_PLACES[name]}\n"
            yield f"{_text(shapes[name]['description'])}\n"
            yield "| entry | what it is | value | if left out |\n|---|---|---|---|"
            for entry, about in shapes[name]["properties"].items():
                needed = entry in shapes[name].get("required", ())
                cells = (f"`{entry}`", _text(about.get("description", "")), _value(about), _otherwise(about, needed))
                yield f"| {' | '.join(cells)} |"
            yield ""


def _text(description: str) -> str:
    plain = " ".join(description.split())
    return plain.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;").replace("_", "\\_")


def _value(about: Mapping[str, Any]) -> str:
    """What kind of value an entry has, in words."""
    if "enum" in about:
        return ", ".join(f"`{value}`" for value in about["enum"] if value != "")
    if "$ref" in about:
        return _of(about)
    if "anyOf" in about:
        return " or ".join(dict.fromkeys(_value(each) for each in about["anyOf"] if each.get("type") != "null"))
    match about.get("type"):
        case "array" if "prefixItems" in about:
            return "two numbers"
        case "array":
            return f"list of {_value(about['items'])}"
        case "object":
            return f"by name: {_value(about['additionalProperties'])}"
        case "boolean":
            return "`true`, `false`"
        case "integer" | "number":
            return "number"
    return "text"


def _of(about: Mapping[str, Any]) -> str:
    return f"*{_PLACES[about['$ref'].rpartition('/')[2]]}*"


def _otherwise(about: Mapping[str, Any], needed: bool) -> str:
    if needed:
        return "is an error"
    default = about.get("default")
    if default in (None, "", (), [], {}):
        return ""
    return f"`{json.dumps(default)}`"


def main() -> int:
    """Write the page, or say whether it would be another."""
    text = page()
    if "--check" in sys.argv[1:]:
        return int(not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
