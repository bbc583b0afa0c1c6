"""A drafted form as the text of its YAML file, in which what is guessed is marked with "# ?"."""

from __future__ import annotations

import json
import string
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import yaml

from reportkit.drafting.block_traits import Traits, added_in
from reportkit.drafting.cell_types import UNKNOWN, CellType
from reportkit.drafting.draft_table import DraftBlock, DraftTable
from reportkit.drafting.drafted_form import Draft
from reportkit.drafting.proposal import Proposal
from reportkit.drafting.register import Register
from reportkit.drafting.trees import Node, paths
from reportkit.signs import one_line
from reportkit.translation import _

_MARKS = frozenset(string.punctuation)
"""Signs with which a text is better put in quotes."""

MARK = "# ?"
"""What stands before a guess, in the line of what is guessed."""


def form_text(draft: Draft) -> str:
    """Return the file of a drafted form. The same draft gives the same text."""
    return "\n".join([*_head(draft), *_sections(draft), *_tables(draft), *_rules(draft), ""])


def _head(draft: Draft) -> Iterator[str]:
    files = ", ".join(draft.files)
    yield from _comment(
        _('Drafted from {files}. What is guessed is marked "# ?": look at it, and take the mark away.'), files=files
    )
    yield from _comment(
        _("Keys such as r1 and c1 are for you to rename, here and in the rules, before a file uses them.")
    )
    yield f"edition: {scalar(draft.name)}"
    yield 'document: ""'
    yield _marked("years: [2000, null]", [_("the first and the last year that it is for")])
    yield _marked(f"title: {scalar(draft.title)}", [_("what a report is called")])
    if draft.language != "zh":
        yield f"language: {draft.language}"
    yield ""


def _sections(draft: Draft) -> Iterator[str]:
    yield "sections:"
    for section in draft.sections:
        entries = {
            "key": section.key,
            "heading": section.heading,
            **({"table": section.table} if section.table else {}),
        }
        yield f"  - {flow(entries)}"
    yield ""


def _tables(draft: Draft) -> Iterator[str]:
    yield "tables:"
    for table in draft.tables:
        yield from _comment("{origin}", "  ", origin=table.grid.origin)
        yield f"  - key: {scalar(table.key)}"
        around = {"note": table.note, "footnotes": table.footnotes, "source": table.source}
        yield from (f"    {name}: {flow(value)}" for name, value in around.items() if value)
        yield "    blocks:"
        for block, traits in zip(table.blocks, draft.traits[table.key], strict=True):
            yield from _block(table, block, traits, draft.quotients)
        if cells := [*_cells(table, draft.traits[table.key])]:
            yield from ("    cells:", *cells)
    yield ""


def _cells(table: DraftTable, traits: Iterable[Traits]) -> Iterator[str]:
    """The cells of which more is to be said than of their row and column."""
    for block, said in zip(table.blocks, traits, strict=True):
        for entry in table.entries_of(block):
            if one := said.cells.get((entry.row[-1], entry.column[-1])):
                about = {"row": entry.ref.row, "column": entry.ref.column, **trait_entries(one, of_column=False)}
                yield _marked(f"      - {flow(about)}", _why(one))


def _block(table: DraftTable, block: DraftBlock, traits: Traits, formulas: Mapping[Node, str]) -> Iterator[str]:
    lines = [f"title: {scalar(block.title)}"] if block.title else []
    lines += ["beside: true"] if block.beside else []
    lines += [f"foot: {block.foot}"] if block.foot else []
    added = added_in(table, block, traits)
    lines += _corner(block, needs_numbers=block.columns[0].leaves[0] in added)
    if block.repeated:
        lines.append(_mark(_("the file prints no labels over these columns; those of the part before hold")))
    if block.register:
        lines += _open_rows(block.register)
        lines += [f"total: {scalar(block.register.total)}"] if added else []
        lines += ["columns:", *_nodes(block.columns, traits.columns, "  ", formulas, added)]
    else:
        lines += ["columns:", *_nodes(block.columns, traits.columns, "  ", formulas)]
        lines += ["rows:", *_nodes(block.rows, traits.rows, "  ")]
    yield f"      - {lines[0]}"
    yield from (f"        {line}" for line in lines[1:])


def _open_rows(register: Register) -> list[str]:
    lines = [_marked("rows: open", [_("its lines are blank in the file")])]
    return lines + ([f"most: {register.most}"] if register.most else [])


def _corner(block: DraftBlock, *, needs_numbers: bool) -> list[str]:
    """The labels over those of the rows: one for all, or one for each column of them.

    Open rows without one `need numbers` where the label of their sums has no other place.
    """
    leaves = [path[-1].label for path in paths(block.corner)]
    if block.register and not any(leaves):
        return ["corner: No."] if needs_numbers else []
    if len(block.corner) == 1 and not block.corner[0].children:
        return [f"corner: {scalar(leaves[0])}"] if leaves[0] else []
    if len(leaves) == max(map(len, paths(block.rows)), default=0):
        return [f"corner: {flow([*map(_corner_label, block.corner)])}"] if any(leaves) else []
    doubt = _("the labels over those of the rows do not have a column each")
    return [f"corner: {scalar(' / '.join(filter(None, leaves)))}  {_mark(doubt)}"] if any(leaves) else []


def _corner_label(node: Node) -> Any:
    return {"label": node.label, "children": [*map(_corner_label, node.children)]} if node.children else node.label


def _nodes(
    nodes: Iterable[Node],
    types: Mapping[Node, CellType],
    indent: str,
    formulas: Mapping[Node, str] | None = None,
    added: Collection[Node] = (),
) -> Iterator[str]:
    """The lines of a forest: of columns, if there are formulas for them, or of rows; some columns are added up."""
    for node in nodes:
        said = types.get(node)
        entries: dict[str, Any] = {"key": node.key, "label": node.label}
        if node.children:
            yield f"{indent}- key: {scalar(node.key)}"
            yield _marked(f"{indent}  label: {scalar(node.label)}", node.doubts)
            yield f"{indent}  children:"
            yield from _nodes(node.children, types, f"{indent}    ", formulas, added)
        else:
            entries |= trait_entries(said, of_column=formulas is not None) if said is not None else {}
            entries |= {"add": True} if node in added else {}
            entries |= {"formula": formulas[node]} if formulas and node in formulas else {}
            yield _marked(f"{indent}- {flow(entries)}", [*node.doubts, *_why(said or UNKNOWN)])


def trait_entries(said: CellType, *, of_column: bool = True) -> dict[str, Any]:
    """Return the entries of a type; a column of counts needs none."""
    if of_column and said.kind in ("", "count"):
        return {}
    format_ = {"decimals": said.decimals} if said.decimals is not None else {}
    format_ |= {"group": True} if said.group else {}
    found = {
        "kind": said.kind or "count", "unit": said.unit, "currency": said.currency, "options": list(said.options),
        "negative": said.negative, "format": format_,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _why(said: CellType) -> list[str]:
    return [": ".join((said.kind, _(said.why)))] if said.why and said.kind != "count" else []


def _rules(draft: Draft) -> Iterator[str]:
    if draft.proposals:
        yield "rules:"
    for number, one in enumerate(draft.proposals, 1):
        yield from rule_lines(one, f"K{number}")
    for one in draft.refuted:
        words = _("not proposed: {rule}: {left} = {right}: {proof}")
        sides = {"left": " + ".join(one.left), "right": " + ".join(one.right)}
        yield from _comment(words, "  ", rule=one.label, proof=one.proof, **sides)


def rule_lines(one: Proposal, code: str) -> Iterator[str]:
    """Yield the lines of a rule; one that is guessed is a warning, and marked."""
    entries: dict[str, Any] = {
        "label": one.label, "table": one.table, "per": one.per, "only": list(one.only), "left": list(one.left),
        "right": list(one.right), "sign": "" if one.sign == "=" else one.sign, "tolerance": one.tolerance,
        "total": "right" if one.total else "", "severity": "warning" if one.why else "",
    }  # fmt: skip
    yield _marked(f"  - code: {code}", [_(one.why)] if one.why else [], one.proof)
    yield from (f"    {name}: {flow(value)}" for name, value in entries.items() if value)


def _marked(line: str, doubts: Sequence[str], proof: str = "") -> str:
    """A line with what is doubtful in it, or with what speaks for it."""
    said = "; ".join(filter(None, [*doubts, proof]))
    if not said:
        return line
    return f"{line}  {_mark(said) if doubts else f'# {one_line(said)}'}"


def _mark(said: str) -> str:
    return f"{MARK} {one_line(said)}"


def _comment(words: str, indent: str = "", **values: str) -> list[str]:
    return [f"{indent}# {one_line(words.format(**values))}"]


def flow(value: Any) -> str:
    """Return a value as YAML on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {flow(one)}' for name, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return scalar(value) if isinstance(value, str) else format(value, "f" if isinstance(value, Decimal) else "")


def scalar(text: str) -> str:
    """Return a text as YAML, in quotes where it would be something else without."""
    if text.isprintable() and text[:1] not in _MARKS and _reads_as(text):
        return text
    return json.dumps(text, ensure_ascii=False)


def _reads_as(text: str) -> bool:
    try:
        return yaml.load(f"[{text}]", Loader=yaml.CSafeLoader) == [text]  # type: ignore[no-any-return]
    except yaml.YAMLError:
        return False
