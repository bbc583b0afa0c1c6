"""What Jupyter's server leaves out of a notebook that it saves: the bar and other widgets of ours.

A widget is not there without its kernel, and JupyterLab has "Error displaying widget" in its place when the notebook
is opened again. Without the view of it, what is saved is the sentence that says how to get it.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

VIEW = "application/vnd.jupyter.widget-view+json"
MARK = {"reportkit": {"live": True}}
"""What the metadata of an output say that shows a widget of ours, and beside it a sentence."""


def without_widgets(model: MutableMapping[str, Any], **_more: Any) -> None:
    """Leave the views of our widgets out of a notebook that is about to be saved, a model of Jupyter's contents."""
    if model.get("type") == "notebook" and isinstance(model.get("content"), dict):
        for output in _outputs(model["content"]):
            if isinstance(output.get("data"), dict) and _is_ours(output):
                output["data"].pop(VIEW, None)


def _outputs(content: MutableMapping[str, Any]) -> Iterator[MutableMapping[str, Any]]:
    for cell in content.get("cells") or ():
        yield from cell.get("outputs") or ()


def _is_ours(output: MutableMapping[str, Any]) -> bool:
    said = (output.get("metadata") or {}).get("reportkit")
    return said == MARK["reportkit"]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    server.contents_manager.register_pre_save_hook(without_widgets)
