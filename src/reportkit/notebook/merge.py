"""A town's cells merged with the master's, by the cells' ids; what only a person can decide is left as a conflict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from reportkit.notebook.cell_matching import PARAMETERS, parameters_cell, realigned, with_parameters
from reportkit.notebook.cell_order import in_order
from reportkit.notebook.cells import Cell, has_tag
from reportkit.notebook.line_merge import Lines, merge_lines, whole_conflict
from reportkit.notebook.markers import LABELS, Labels, MarksError, is_open, sides_of
from reportkit.notebook.sentence_ends import is_prose

_ABSENT = object()


@dataclass(frozen=True)
class Conflict:
    """A cell that both sides changed: what it said before and says on both sides; None where there is no such cell.

    What could be merged in it is the same in all three. For a conflict that an earlier merge left open, the sides are
    what stands between its marks.
    """

    cell: str
    base: str | None
    ours: str | None
    theirs: str | None


@dataclass(frozen=True)
class Merged:
    """Merged cells, and the conflicts in their order; the cell of a conflict holds both texts between marks."""

    cells: list[Cell]
    conflicts: list[Conflict]


def merge(base: Sequence[Cell], ours: Sequence[Cell], theirs: Sequence[Cell], labels: Labels = LABELS) -> Merged:
    """Return the town's cells (`ours`) and the master's (`theirs`) merged, `base` being the master they come from.

    What one side alone changed, deleted, added or moved is taken; the cell tagged "parameters" is theirs as it is.
    Nobody's text vanishes: it is in a cell or in a conflict. Whatever mark of a conflict is left counts as one.
    """
    parameters = parameters_cell(theirs)
    base, ours = with_parameters(parameters, base), with_parameters(parameters, ours)
    ours = realigned(base, ours, theirs)
    before, left, right = ({cell.id: cell for cell in cells} for cells in (base, ours, theirs))
    names = {**left, **right}
    merged = {name: _cell(before.get(name), left.get(name), right.get(name), labels) for name in names}
    kept = {name: one.cell for name, one in merged.items() if one}
    if parameters:
        kept[parameters.id] = parameters
    cells = [kept[name] for name in in_order([*before], [*left], [*right], kept)]
    conflicts = [
        _conflict(cell, one.base, right.get(cell.id))
        for cell in cells
        if is_open(cell.source) and (one := merged.get(cell.id))
    ]
    return Merged(_with_parameters_first(cells, parameters), conflicts)


class _One(NamedTuple):
    """A merged cell, and what its source was before where it is in conflict; None if there was no such cell."""

    cell: Cell
    base: str | None


def _cell(base: Cell | None, ours: Cell | None, theirs: Cell | None, labels: Labels) -> _One | None:
    if ours and theirs:
        return _both(base, ours, theirs, labels)
    left = ours or theirs
    if not (left and base):
        return _One(left, None) if left else None  # new on one side, or gone on both
    if _said(left) == _said(base):
        return None
    sides = _source(ours), _source(theirs)
    text = whole_conflict(base.source, *sides, labels, prose=is_prose(left) and is_prose(base))
    return _One(replace(left, source=text), base.source)


def _source(cell: Cell | None) -> str | None:
    return cell.source if cell else None


def _said(cell: Cell) -> tuple[Any, ...]:
    """Return what is worth a question if the other side has deleted the cell."""
    return cell.kind, cell.source, cell.attachments


def _both(base: Cell | None, ours: Cell, theirs: Cell, labels: Labels) -> _One:
    old = base or Cell(ours.id, ours.kind, "")
    texts = old.source, ours.source, theirs.source
    if ours.kind != theirs.kind and not (base and base.kind in (ours.kind, theirs.kind)):
        merged = Lines(whole_conflict(*texts, labels), True, old.source)
    else:
        merged = merge_lines(*texts, labels, prose=all(is_prose(cell) for cell in (base, ours, theirs) if cell))
    cell = Cell(
        ours.id,
        theirs.kind if base and ours.kind == base.kind else ours.kind,
        merged.text,
        _metadata(old.metadata, ours.metadata, theirs.metadata),
        _attachments(old.attachments, ours.attachments, theirs.attachments),
    )
    return _One(cell, merged.base if base else None)


def _metadata(base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys merged one by one; where both sides changed one, ours wins, but tags are merged as a set."""
    merged = {
        key: _value(*(side.get(key, _ABSENT) for side in (base, ours, theirs)), tags=key == "tags")
        for key in {**ours, **theirs}
    }
    return {key: value for key, value in merged.items() if value is not _ABSENT}


def _value(base: Any, ours: Any, theirs: Any, *, tags: bool) -> Any:
    if ours == base or theirs == base:
        return theirs if ours == base else ours
    old, left, right = ([] if side is _ABSENT else side for side in (base, ours, theirs))
    if not tags or not all(isinstance(side, list) for side in (old, left, right)):
        return ours
    stay = [tag for tag in left if tag in right or tag not in old]
    return stay + [tag for tag in right if tag not in left and tag not in old] or _ABSENT


def _attachments(base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the pasted pictures; of two different ones of the same name theirs gets another name, so both stay."""
    merged = _metadata(base, ours, theirs)
    for name in theirs:
        if name in ours and theirs[name] not in (ours[name], base.get(name)) and merged[name] != theirs[name]:
            merged.setdefault(f"theirs-{name}", theirs[name])
    return merged


def _conflict(cell: Cell, base: str | None, theirs: Cell | None) -> Conflict:
    try:
        return Conflict(cell.id, base, *sides_of(cell.source))
    except MarksError:  # the marks do not tell the sides apart
        return Conflict(cell.id, base, cell.source, _source(theirs))


def remembered(conflicts: Iterable[Conflict], cells: Iterable[Cell], before: Mapping[str, str]) -> list[Conflict]:
    """Return the conflicts, those that stood open in these cells with what is known to have been there before."""
    torn = {cell.id for cell in cells if is_open(cell.source)}
    return [replace(each, base=before.get(each.cell)) if each.cell in torn else each for each in conflicts]


def _with_parameters_first(cells: list[Cell], parameters: Cell | None) -> list[Cell]:
    """Return the cells so that the first one tagged "parameters" is this one: what is injected must come after it."""
    ahead = cells[: cells.index(parameters)] if parameters else []
    return [_untagged(cell) if cell in ahead and has_tag(cell, PARAMETERS) else cell for cell in cells]


def _untagged(cell: Cell) -> Cell:
    return replace(
        cell, metadata={**cell.metadata, "tags": [tag for tag in cell.metadata["tags"] if tag != PARAMETERS]}
    )
