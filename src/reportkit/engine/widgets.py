"""Widgets without a browser: comms that keep the state nbclient would have stored in the notebook."""

from __future__ import annotations

import base64
import itertools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import comm
from comm.base_comm import BaseComm, CommManager
from nbformat import NotebookNode

from reportkit.engine.allowance import bundle_size
from reportkit.engine.recorder import Recorder, plain_json

STATE_MIME = "application/vnd.jupyter.widget-state+json"
_OUTPUT_MODEL = ("@jupyter-widgets/output", "OutputModel")


class RecordedComm(BaseComm):
    """One comm; everything sent over it goes to the `WidgetStates` of the run."""

    def __init__(self, states: WidgetStates, **kwargs: Any) -> None:
        self._states = states
        super().__init__(**kwargs)

    def publish_msg(
        self,
        msg_type: str,
        data: Any = None,
        metadata: Any = None,  # noqa: ARG002
        buffers: Any = None,
        **_: Any,
    ) -> None:
        """Keep a message's state."""
        self._states.keep(self, msg_type, data or {}, buffers or [])

    def close(self, data: Any = None, metadata: Any = None, buffers: Any = None, deleting: bool = False) -> None:  # noqa: ARG002
        """Unregister the comm with its own run, and keep its state, whose view may have been displayed.

        Not with whichever run is the current one: a widget collected later must not close its namesake there.
        """
        self._closed = True
        self._states.manager.comms.pop(self.comm_id, None)


class OutputWidget:
    """Stands in for the cell while the notebook is inside ``with ipywidgets.Output():``."""

    def __init__(self, model: BaseComm, state: dict[str, Any]) -> None:
        self._comm, self._state = model, state
        self._clear_at_next = self._changed = False

    def take(self, output: NotebookNode) -> None:
        """Keep one output in the widget's state, joined to the one before if both are of one stream."""
        if self._clear_at_next:
            self.clear(wait=False)
        outputs = self._state.setdefault("outputs", [])
        last = outputs[-1] if outputs else {}
        if output.output_type == last.get("output_type") == "stream" and output.name == last["name"]:
            last["text"] += output.text
        else:
            outputs.append(output)
        self._changed = True

    def clear(self, wait: bool) -> None:
        """Forget the outputs, now or at the next one."""
        self._clear_at_next = wait
        if not wait:
            self._state["outputs"] = []
            self._changed = True

    def tell(self) -> None:
        """Give the Python object of the widget its outputs, as a browser would once the cell is complete."""
        if self._changed:
            self._changed = False
            state = {"outputs": plain_json(self._state["outputs"])}
            data = {"method": "update", "state": state, "buffer_paths": []}
            self._comm.handle_msg({"content": {"comm_id": self._comm.comm_id, "data": data}, "buffers": []})


class WidgetStates:
    """The comms of one run, numbered from 1, and what has been sent over them."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._numbers = itertools.count(1)
        self.manager = CommManager()
        self._states: dict[str, dict[str, Any]] = {}
        self._buffers: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
        self._outputs: dict[str, OutputWidget] = {}

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Make the comms opened inside the block those of this run; ipywidgets' own table is restored after it."""
        before = comm.create_comm, comm.get_comm_manager
        widgets = sys.modules.get("ipywidgets.widgets.widget")
        known = dict(widgets._instances) if widgets else {}
        try:
            self.claim()
            yield
        finally:
            comm.create_comm, comm.get_comm_manager = before
            if widgets := sys.modules.get("ipywidgets.widgets.widget"):
                _forget_widgets(widgets._instances, known)

    def claim(self) -> None:
        """Take comms over again before each cell, since importing ipykernel in a cell takes them away."""
        comm.create_comm, comm.get_comm_manager = self._create, lambda: self.manager

    def _create(self, *args: Any, **kwargs: Any) -> RecordedComm:
        kwargs.update(zip(("target_name", "data", "metadata", "buffers", "comm_id"), args, strict=False))
        kwargs["comm_id"] = kwargs.get("comm_id") or f"{next(self._numbers):032x}"
        return RecordedComm(self, **kwargs)

    def keep(self, sender: BaseComm, msg_type: str, data: dict[str, Any], buffers: list[Any]) -> None:
        """Merge the state of one message into what is known of its widget; messages without a state are custom."""
        if "state" not in data:
            return
        news = plain_json(data["state"])
        self._recorder.charge(bundle_size(news))
        state = self._states.setdefault(sender.comm_id, {})
        state.update(news)
        known = self._buffers.setdefault(sender.comm_id, {})
        for path, buffer in zip(data.get("buffer_paths") or [], buffers, strict=False):
            encoded = base64.b64encode(buffer).decode()
            self._recorder.charge(len(encoded))
            known[tuple(path)] = {"data": encoded, "encoding": "base64", "path": list(path)}
        model = (state.get("_model_module"), state.get("_model_name"))
        if msg_type == "comm_open" and model == _OUTPUT_MODEL:
            self._outputs[sender.comm_id] = OutputWidget(sender, state)
        elif "msg_id" in news and sender.comm_id in self._outputs:
            self._redirect(self._outputs[sender.comm_id], bool(news["msg_id"]))

    def _redirect(self, widget: OutputWidget, entered: bool) -> None:
        if entered:
            self._recorder.redirect(widget)
        else:
            self._recorder.unredirect(widget)

    def cell_complete(self) -> None:
        """Bring the Output widgets' Python objects up to date."""
        for widget in self._outputs.values():
            widget.tell()

    def metadata(self) -> dict[str, Any] | None:
        """Return the value of ``nb.metadata.widgets``, or None if no widget was made."""
        if not self._states:
            return None
        models = {key: self._model(key) for key, state in self._states.items() if "_model_name" in state}
        return {STATE_MIME: {"state": models, "version_major": 2, "version_minor": 0}}

    def _model(self, key: str) -> dict[str, Any]:
        state = self._states[key]
        model = {name: state.get(f"_{name}") for name in ("model_name", "model_module", "model_module_version")}
        model["state"] = state
        if self._buffers.get(key):
            model["buffers"] = list(self._buffers[key].values())
        return model


def _forget_widgets(table: dict[str, Any], known: dict[str, Any]) -> None:
    """Make ipywidgets' table what it was; a widget without a comm leaves it alone when it is collected."""
    for key, widget in table.items():
        if known.get(key) is not widget:
            widget.comm = None
    table.clear()
    table.update(known)
