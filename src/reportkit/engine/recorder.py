"""The outputs of the running cell, kept as nbclient keeps the messages of a kernel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from jupyter_client.session import json_packer, json_unpacker
from nbformat import NotebookNode, from_dict

from reportkit.engine.allowance import (
    OUTPUT,
    TRACEBACK,
    Allowance,
    OutputLimitError,
    beginning,
    beginnings,
    bundle_size,
    text_size,
)


class OutputTaker(Protocol):
    """What may stand in for the cell: an Output widget that has been entered."""

    def take(self, output: NotebookNode) -> None:
        """Keep one output."""

    def clear(self, wait: bool) -> None:
        """Forget the outputs kept so far, now or at the next one."""


def plain_json(value: Any) -> Any:
    """Return `value` as it would be after its way from the kernel to the client: bytes as base64, tuples as lists."""
    return json_unpacker(json_packer(value))


def plain_metadata(metadata: Any) -> NotebookNode:
    """Return the metadata of a display as notebook values; there is hardly ever any."""
    return from_dict(plain_json(metadata)) if metadata else NotebookNode()


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


def error_output(ename: str, evalue: str, traceback: list[str]) -> NotebookNode:
    """Return the output that shows an exception."""
    lines = [encodable(line) for line in traceback]
    return NotebookNode(output_type="error", ename=ename, evalue=encodable(evalue), traceback=lines)


class Recorder:
    """Takes what a cell writes and displays, and puts it into that cell.

    Streams, displays and clearing follow nbclient, except that pieces of one stream that follow one another become
    one output. All methods may be called from any thread; what arrives between two cells is dropped.

    Once the allowance is spent, `excess` says so, and everything that would be recorded in the cell raises
    OutputLimitError instead.
    """

    def __init__(self, allowance: Allowance | None = None) -> None:
        self.before_output: Callable[[], None] = lambda: None
        self.excess = ""
        self._allowance = allowance or Allowance()
        self._excess_shown = False
        self._lock = threading.RLock()
        self._outputs: list[NotebookNode] | None = None
        self._clear_at_next = False
        self._stream_name = ""
        self._chunks: list[str] = []
        self._takers: list[OutputTaker] = []
        self._by_display_id: dict[str, list[NotebookNode]] = {}

    def room(self) -> int | None:
        """Return how many bytes may still be recorded, or None if there is no limit."""
        return self._allowance.room

    def start(self, cell: NotebookNode) -> None:
        """Record into `cell` from now on, as its only outputs."""
        with self._lock:
            self._stream_name, self._chunks = "", []
            cell.outputs = self._outputs = []
            self._clear_at_next = False
            self.excess, self._excess_shown = "", False

    def finish(self) -> None:
        """Stop recording, the cell being complete."""
        with self._lock:
            self.before_output()
            self._end_stream()
            # A cell that failed inside `with output_widget:` must not swallow the outputs of the next.
            self._takers.clear()
            if self.excess and not self._excess_shown:
                name = OutputLimitError.__name__
                self._put(error_output(name, self.excess, [f"{name}: {self.excess}"]))
            self._outputs = None

    def stream(self, name: str, text: str) -> None:
        """Record text written to stdout or stderr."""
        with self._lock:
            self.before_output()
            self.stream_chunk(name, text)
            self._raise_excess()

    def stream_chunk(self, name: str, text: str, lost: int = 0) -> None:
        """Record text that was there before: no subprocess is asked for its, and too much of it does not raise.

        `lost` is the number of bytes that came after it and have not been kept.
        """
        with self._lock:
            if self._outputs is None:
                return
            room = self._allowance.room
            frame = OUTPUT if name != self._stream_name else 0
            if not self._spend(frame + text_size(text) + lost):
                text = beginning(text, room or 0)
            if not text:
                return
            if name != self._stream_name:
                self._end_stream()
                self._stream_name = name
            self._chunks.append(text)

    def charge(self, size: int) -> None:
        """Count what is kept elsewhere, as the state of a widget is; raises OutputLimitError if it is too much."""
        with self._lock:
            self.before_output()
            self._spend(size)
            self._raise_excess()

    def display(self, data: Any, metadata: Any, display_id: str | None, update: bool) -> None:
        """Record displayed data; with a `display_id`, change what was shown under it in any cell too."""
        bundle, notes = mime_bundle(data), plain_metadata(metadata)
        with self._lock:
            copies = len(self._by_display_id.get(display_id, ())) if display_id else 0
            self.charge((copies + (not update)) * (OUTPUT + bundle_size(bundle) + bundle_size(notes)))
            if display_id:
                for shown in self._by_display_id.get(display_id, ()):
                    # Copies: nbclient shares one dict among them, which is the same once it is written out.
                    shown.data, shown.metadata = NotebookNode(bundle), NotebookNode(notes)
            if not update:
                output = NotebookNode(output_type="display_data", metadata=notes, data=bundle)
                self._take(output, display_id)

    def result(self, data: Any, metadata: Any, execution_count: int) -> None:
        """Record the value of a cell's last expression."""
        bundle, notes = mime_bundle(data), plain_metadata(metadata)
        with self._lock:
            self.charge(OUTPUT + bundle_size(bundle) + bundle_size(notes))
            self._take(
                NotebookNode(output_type="execute_result", metadata=notes, data=bundle, execution_count=execution_count)
            )

    def error(self, ename: str, evalue: str, traceback: list[str]) -> None:
        """Record an exception; of one that is too long only the beginning."""
        about_excess = ename == OutputLimitError.__name__
        traceback = list(map(str, traceback))
        with self._lock:
            if self.excess and not about_excess:
                return
            if not self._spend(text_size(evalue) + sum(map(text_size, traceback))):
                evalue, traceback = beginning(evalue, TRACEBACK), beginnings(traceback, TRACEBACK)
            self._take(error_output(ename, evalue, traceback))
            self._excess_shown |= about_excess and not self._takers

    def _spend(self, size: int) -> bool:
        """Whether so much more may be recorded."""
        # What comes between two cells is dropped, and does not count.
        if self._outputs is not None and not self.excess:
            self.excess = self._allowance.spend(size)
        return not self.excess

    def _raise_excess(self) -> None:
        if self.excess and self._outputs is not None:
            raise OutputLimitError(self.excess)

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
