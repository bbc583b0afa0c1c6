"""A name that a person has not written out: 桑洲 for 桑洲镇."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from reportkit.errors import UserError
from reportkit.translation import _, in_a_row

_FEW = 5


def is_called(whole: str, name: str) -> bool:
    """Return whether a whole name (2019/宁海县/桑洲镇) ends with another, folder by folder."""
    return f"/{whole}".endswith(f"/{name}")


def written_out(name: str, wholes: Iterable[str]) -> str:
    """Return what a name is written out: itself, if something is called so, or else the only one that it begins.

    `wholes` are the whole names. Of 宁海县/桑洲 it is 宁海县/桑洲镇; of what begins none it is the name itself. Raises
    UserError that names them if it begins several: it is not guessed which is meant.
    """
    wholes = list(wholes)
    if any(is_called(whole, name) for whole in wholes):
        return name
    above, _slash, last = name.rpartition("/")
    parts = (whole.rpartition("/") for whole in wholes)
    within = [own for folder, _sign, own in parts if not above or is_called(folder, above)]
    begun = sorted({own for own in within if own.startswith(last)})
    if len(begun) > 1:
        names = in_a_row([*islice(begun, _FEW), *(["…"] if len(begun) > _FEW else [])])
        words = _('"{name}" can be any of {number}: {names}; write the whole name')
        raise UserError(words.format(name=name, number=len(begun), names=names))
    return f"{above}/{begun[0]}" if above and begun else begun[0] if begun else name
