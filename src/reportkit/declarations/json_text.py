"""JSON as a value, less what Python lets pass and others would not, or would read otherwise."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any, NoReturn

from reportkit.declarations.unfit import UnfitError
from reportkit.shapes import shown
from reportkit.translation import N_


def from_json(text: str) -> Any:
    """Return what a text of JSON says.

    Raises UnfitError for what is none: also for a name that stands twice, of which the first would be lost, a number
    that no computer holds, and half a sign.
    """
    try:
        value = json.loads(text, object_pairs_hook=_mapping, parse_constant=_strange, parse_float=_number)
        if "\\" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        where = N_("no JSON from sign {column} on: {near}")
        raise UnfitError(where, column=error.pos + 1, near=shown(text[error.pos : error.pos + 20])) from None
    except UnicodeEncodeError:
        raise UnfitError(N_("half a sign, written with \\u")) from None
    except RecursionError:
        raise UnfitError(N_("nested too deep")) from None
    except UnfitError:
        raise
    except ValueError:  # of a whole number with thousands of digits
        raise UnfitError(N_("a number with too many digits")) from None
    return value


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _value in pairs).most_common(1)[0][0]
        raise UnfitError(N_("{name} stands twice"), name=shown(twice))
    return found


def _strange(word: str) -> NoReturn:
    raise UnfitError(N_("{word} is no JSON"), word=word)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise UnfitError(N_("{found} is too large for a number"), found=shown(text))
    return value
