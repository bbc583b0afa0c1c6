"""The outputs of the running cell, kept as nbclient keeps the messages of a kernel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from jupyter_client.session import json_packer, json_unpacker
from nbformat import NotebookNode, from_dict


class OutputTaker(Protocol):
    """What may stand in for the cell: an Output widget that has been entered."""

    def take(self, output: NotebookNode) -> None:
        """Keep one output."""

    def clear(self, wait: bool) -> None:
        """Forget the outputs kept so far, now or at the next one."""


def plain_json(value: Any) -> Any:
    """Return `value` as it would be after its way from the kernel to the client: bytes as base64, tuples as lists."""
    return json_unpacker(json_packer(value))


def encodable(text: str) -> str:
    """Return `text` with lone surrogates written as escapes: a notebook with one could not be saved."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="backslashreplace").decode()
    return text


def mime_bundle(data: Mapping[str, Any]) -> NotebookNode:
    """Return a display bundle as notebook values."""
    # Most bundles hold nothing but text; a plot as base64 is long, and need not pass through JSON and back.
    if not all(type(value) is str for value in data.values()):
        data = plain_json(data)
    return NotebookNode(
        {mime: encodable(value) if isinstance(value, str) else from_dict(value) for mime, value in data.items()}
    )


class Recorder:
    """Takes what a cell writes and displays, and puts it into that cell.

    Streams, displays and clearing follow nbclient, except that pieces of one stream that follow one another become
    one output. All methods may be called from any thread; what arrives between two cells is dropped.
    """

    def __init__(self) -> None:
        self.before_output: Callable[[], None] = lambda: None
        self._lock = threading.RLock()
        self._outputs: list[NotebookNode] | None = None
        self._clear_at_next = False
        self._stream_name = ""
        self._chunks: list[str] = []
        self._takers: list[OutputTaker] = []
        self._by_display_id: dict[str, list[NotebookNode]] = {}

    def start(self, cell: NotebookNode) -> None:
        """Record into `cell` from now on, as its only outputs."""
        with self._lock:
            self._stream_name, self._chunks = "", []
            cell.outputs = self._outputs = []
            self._clear_at_next = False

    def finish(self) -> None:
        """Stop recording, the cell being complete."""
        with self._lock:
            self.before_output()
            self._end_stream()
            self._outputs = None
            # A cell that failed inside `with output_widget:` must not swallow the outputs of the next.
            self._takers.clear()

    def stream(self, name: str, text: str) -> None:
        """Record text written to stdout or stderr."""
        with self._lock:
            self.before_output()
            self.stream_chunk(name, text)

    def stream_chunk(self, name: str, text: str) -> None:
        """Record text without asking first whether a subprocess has written something."""
        with self._lock:
            if not text:
                return
            if name != self._stream_name:
                self._end_stream()
                self._stream_name = name
            self._chunks.append(text)

    def display(self, data: Any, metadata: Any, display_id: str | None, update: bool) -> None:
        """Record displayed data; with a `display_id`, change what was shown under it in any cell too."""
        bundle, notes = mime_bundle(data), from_dict(plain_json(metadata))
        with self._lock:
            if display_id:
                for shown in self._by_display_id.get(display_id, ()):
                    # Copies: nbclient shares one dict among them, which is the same once it is written out.
                    shown.data, shown.metadata = NotebookNode(bundle), NotebookNode(notes)
            if not update:
                output = NotebookNode(output_type="display_data", metadata=notes, data=bundle)
                self._take(output, display_id)

    def result(self, data: Any, metadata: Any, execution_count: int) -> None:
        """Record the value of a cell's last expression."""
        output = NotebookNode(
            output_type="execute_result",
            metadata=from_dict(plain_json(metadata)),
            data=mime_bundle(data),
            execution_count=execution_count,
        )
        self._take(output)

    def error(self, ename: str, evalue: str, traceback: list[str]) -> None:
        """Record an exception."""
        lines = [encodable(str(line)) for line in traceback]
        self._take(NotebookNode(output_type="error", ename=ename, evalue=encodable(evalue), traceback=lines))

    def clear(self, wait: bool) -> None:
        """Forget the outputs of the running cell, at once or (`wait`) when the next one comes."""
        with self._lock:
            self.before_output()
            self._end_stream()
            if self._takers:
                self._takers[-1].clear(wait)
            elif wait:
                self._clear_at_next = True
            else:
                self._forget()

    def redirect(self, taker: OutputTaker) -> None:
        """Send outputs to `taker` until `unredirect`."""
        with self._lock:
            self._end_stream()
            self._takers.append(taker)

    def unredirect(self, taker: OutputTaker) -> None:
        """Undo the last `redirect` to `taker`."""
        with self._lock:
            self._end_stream()
            if taker in self._takers:
                self._takers.remove(taker)

    def _take(self, output: NotebookNode, display_id: str | None = None) -> None:
        with self._lock:
            self.before_output()
            self._end_stream()
            self._put(output, display_id)

    def _end_stream(self) -> None:
        if self._chunks:
            text = encodable("".join(self._chunks))
            name, self._stream_name, self._chunks = self._stream_name, "", []
            self._put(NotebookNode(output_type="stream", name=name, text=text))

    def _put(self, output: NotebookNode, display_id: str | None = None) -> None:
        if self._takers:
            self._takers[-1].take(output)
            return
        if self._outputs is None:
            return
        if self._clear_at_next:
            self._clear_at_next = False
            self._forget()
        last = self._outputs[-1] if self._outputs else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
            return
        if display_id:
            self._by_display_id.setdefault(display_id, []).append(output)
        self._outputs.append(output)

    def _forget(self) -> None:
        gone = {id(output) for output in self._outputs or ()}
        for display_id, shown in self._by_display_id.items():
            self._by_display_id[display_id] = [output for output in shown if id(output) not in gone]
        if self._outputs is not None:
            self._outputs.clear()
