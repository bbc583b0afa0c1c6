"""What a widget shows, from the state kept in the notebook: its words, its numbers, and what was printed in it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from reportkit.translation import _

VIEW = "application/vnd.jupyter.widget-view+json"
_STATE = "application/vnd.jupyter.widget-state+json"
_REFERENCE = "IPY_MODEL_"
_BOXES = {"BoxModel", "HBoxModel", "VBoxModel", "GridBoxModel", "TabModel", "AccordionModel", "StackModel"}
_HTML = {"HTMLModel", "HTMLMathModel"}
_TEXTS = {"LabelModel", "TextModel", "TextareaModel", "ComboboxModel"}
_NUMBERS = {
    "IntTextModel", "BoundedIntTextModel", "FloatTextModel", "BoundedFloatTextModel", "IntSliderModel",
    "FloatSliderModel", "FloatLogSliderModel",
}  # fmt: skip
_RANGES = {"IntRangeSliderModel", "FloatRangeSliderModel"}
_BARS = {"IntProgressModel", "FloatProgressModel"}
_CHOICES = {"DropdownModel", "RadioButtonsModel", "SelectModel", "ToggleButtonsModel", "SelectionSliderModel"}
_TICKS = {"CheckboxModel", "ValidModel"}


class Unprintable(Exception):  # noqa: N818  (no error of anybody's: a widget that paper cannot have)
    """A widget that no page can show; the message is what it is called."""


class Widgets:
    """The widgets of a notebook by their ids; `show` returns the HTML of an output that was printed inside one."""

    def __init__(self, nb: Any, show: Callable[[Any], str]) -> None:
        self._models = nb.metadata.get("widgets", {}).get(_STATE, {}).get("state", {})
        self._show = show

    def html(self, view: Any) -> str:
        """Return the HTML of a view, not cleaned. Raises Unprintable."""
        return self._model(str(view.get("model_id", "")) if isinstance(view, dict) else "", ())

    def _model(self, key: str, above: tuple[str, ...]) -> str:
        model = self._models.get(key)
        if model is None or key in above:
            raise Unprintable(_("a widget whose state is not kept in the notebook"))
        name, state = str(model.get("model_name", "")), model.get("state", {})
        if name in _BOXES:
            return self._box(name, state, (*above, key))
        if name == "OutputModel":
            return "".join(map(self._show, state.get("outputs") or []))
        return f"<div>{_said(state)}{_value(name, model, state)}</div>"

    def _box(self, name: str, state: Any, above: tuple[str, ...]) -> str:
        children = [str(child).removeprefix(_REFERENCE) for child in state.get("children") or []]
        bars = [key for key in children if self._models.get(key, {}).get("model_name") in _BARS]
        # The words beside a progress bar say what it shows.
        kept = [key for key in children if key not in bars or len(children) == len(bars)]
        titles = state.get("titles") or []
        parts = []
        for place, key in enumerate(kept):
            if name in {"TabModel", "AccordionModel"} and place < len(titles):
                parts.append(f"<p><strong>{escape(str(titles[place]))}</strong></p>")
            parts.append(self._model(key, above))
        return "".join(parts)


def _said(state: Any) -> str:
    """The words before a widget."""
    words = str(state.get("description") or "").strip()
    return f"{escape(words)} " if words else ""


def _value(name: str, model: Any, state: Any) -> str:
    value = state.get("value")
    if name in _HTML:
        return str(value or "")
    if name in _TEXTS:
        return "<br>".join(escape(str(value or "")).split("\n"))
    if name in _NUMBERS:
        return escape(str(0 if value is None else value))
    if name in _RANGES and isinstance(value, list):
        return escape("–".join(map(str, value)))
    if name in _BARS:
        return escape(f"{state.get('value', 0):g}/{state.get('max', 100):g}")
    if name in _CHOICES:
        labels, index = state.get("_options_labels") or [], state.get("index")
        return escape(str(labels[index])) if isinstance(index, int) and index < len(labels) else ""
    if name in _TICKS:
        return f'<input type="checkbox"{" checked" if value else ""}>'
    if name == "ImageModel":
        return _picture(model, state)
    words = _("the widget {name}") if name.removesuffix("Model") else _("a widget without a name")
    raise Unprintable(words.format(name=name.removesuffix("Model")))


def _picture(model: Any, state: Any) -> str:
    kind = {"jpg": "jpeg", "svg": "svg+xml"}.get(str(state.get("format", "png")), str(state.get("format", "png")))
    for buffer in model.get("buffers") or []:
        if buffer.get("path") == ["value"] and buffer.get("encoding") == "base64":
            return f'<img src="data:image/{escape(kind)};base64,{escape(buffer.get("data", ""))}" alt="">'
    raise Unprintable(_("a widget Image without its picture"))
