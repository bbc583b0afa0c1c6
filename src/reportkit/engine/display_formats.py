"""What a value is shown as: IPython's formatters, without asking those that have nothing to say."""

from __future__ import annotations

import re
from typing import Any

from IPython.core.formatters import BaseFormatter, DisplayFormatter, IPythonDisplayFormatter, MimeBundleFormatter

_ADDRESS = re.compile(r"(?<= at )0x[0-9A-Fa-f]+(?=>)")


class ReportFormatter(DisplayFormatter):
    """Gives what IPython's gives, but for addresses. That one asks twelve formatters of each value, ten in vain."""

    def format(self, obj: Any, include: Any = None, exclude: Any = None) -> Any:
        """Return the value in each MIME type it can be shown in, and the metadata of these."""
        if include or exclude or not _is_plain(obj) or not self._only_types_speak(obj):
            data, metadata = super().format(obj, include, exclude)  # type: ignore[no-untyped-call]
        else:
            data, metadata = self._format_by_type(obj)
        text = data.get("text/plain")
        if isinstance(text, str) and " at 0x" in text:
            # Where an object lies differs from run to run, and what is shown of it must not.
            data["text/plain"] = _ADDRESS.sub("0x0", text)
        return data, metadata

    def _format_by_type(self, obj: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = {}, {}
        for mime, formatter in self.formatters.items():
            shown = None if _is_silent(formatter, BaseFormatter, obj) else formatter(obj)
            shown, note = shown if isinstance(shown, tuple) and len(shown) == 2 else (shown, None)
            if shown is not None:
                data[mime] = shown
            if note is not None:
                metadata[mime] = note
        return data, metadata

    def _only_types_speak(self, obj: Any) -> bool:
        """Whether it is left to the formatters of single MIME types to show the value."""
        return _is_silent(self.ipython_display_formatter, IPythonDisplayFormatter, obj) and _is_silent(
            self.mimebundle_formatter, MimeBundleFormatter, obj
        )


def _is_plain(obj: Any) -> bool:
    """Whether all attributes of a value are in the dictionaries of itself and of its classes."""
    kind: Any = type(obj)
    return (
        kind.__getattribute__ is object.__getattribute__
        and not hasattr(kind, "__getattr__")
        and not isinstance(obj, type)
    )


def _is_silent(formatter: BaseFormatter, usual: type[BaseFormatter], obj: Any) -> bool:
    """Whether a formatter works as usual, no function is registered with it, and the value has no method for it."""
    # The traits' own dictionary: asking for them as attributes would take as long as asking the formatter. One that
    # has not been made yet may turn out not to be empty.
    traits = formatter._trait_values
    if (
        type(formatter).__call__ is not usual.__call__
        or traits.get("type_printers", True)
        or traits.get("deferred_printers", True)
        or traits.get("singleton_printers", True)
    ):
        return False
    name = formatter.print_method
    if name in getattr(obj, "__dict__", ()):
        return False
    for kind in type(obj).__mro__:  # noqa: SIM110  (a generator would take twice as long)
        if name in kind.__dict__:
            return False
    return True
