"""Running the coroutine of a cell, whether or not the caller is inside an asyncio loop."""

from __future__ import annotations

import asyncio
import contextvars
import decimal
import sys
import threading
from collections.abc import Callable
from typing import Any


class CellLoop:
    """The asyncio loop in which the cells of one run are executed.

    As in a kernel, cells run *inside* it, so that `asyncio.create_task` works in them and tasks go on in later cells.
    Where the caller itself runs in a loop (in Jupyter, say), ordinary cells are executed in the caller's thread and
    loop, and a cell with ``await`` at its top level in a helper thread, in this loop, for which the caller waits.
    """

    def __init__(self) -> None:
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._context = _context_of_cells()

    def run(self, coroutine: Any, awaits: Callable[[], bool]) -> Any:
        """Return what `coroutine` returns; `awaits` says whether it may be suspended."""
        if not _in_a_loop():
            return self._run_here(coroutine)
        if awaits():
            return _in_thread(self._run_here, coroutine, on_interrupt=self._cancel)
        return self._context.run(_step_to_end, coroutine)

    def close(self) -> None:
        """Cancel the tasks cells have left, and end the threads of the loop."""
        if _in_a_loop():
            _in_thread(self._runner.close)
        else:
            self._runner.close()

    def _run_here(self, coroutine: Any) -> Any:
        loop = self._runner.get_loop()
        return loop.run_until_complete(loop.create_task(coroutine, context=self._context))

    def _cancel(self) -> None:
        loop = self._runner.get_loop()
        loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])


class NoLoop:
    """What stands for a loop where no cell awaits or asks for one: a loop costs a socket, and each cell a task."""

    def __init__(self) -> None:
        self._context = _context_of_cells()

    def run(self, coroutine: Any, _awaits: Callable[[], bool]) -> Any:
        """Return what `coroutine` returns, which must not be suspended."""
        return self._context.run(_step_to_end, coroutine)

    def close(self) -> None:
        """Do nothing: there are no tasks."""


def _context_of_cells() -> contextvars.Context:
    """One context for all cells: a decimal precision set in one cell holds in the next, and not after the run."""
    context = contextvars.copy_context()
    # The copy still refers to the caller's decimal context, which cells would change in place.
    context.run(lambda: decimal.setcontext(decimal.getcontext().copy()))
    return context


def _in_a_loop() -> bool:
    # A function of its own: a cell run inside the except clause would show this RuntimeError in its traceback.
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _step_to_end(coroutine: Any) -> Any:
    """Return the result of a coroutine that awaits nothing."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("a cell without await was suspended")


def _in_thread(function: Any, *args: Any, on_interrupt: Callable[[], None] | None = None) -> Any:
    """Return what `function` returns, called in a thread; Ctrl-C ends it by `on_interrupt`."""
    outcome: list[Any] = []

    def call() -> None:
        try:
            outcome.extend((function(*args), None))
        except BaseException as error:
            outcome.extend((None, error))

    thread = threading.Thread(target=call)
    thread.start()
    try:
        thread.join()
    except KeyboardInterrupt:
        if on_interrupt is not None:
            on_interrupt()
        thread.join()
        raise
    value, error = outcome
    if error is not None:
        raise error
    return value


def failure_or(function: Callable[..., Any], *args: Any) -> tuple[Any, Any]:
    """Return (what `function` returns, None), or (None, its exception as `sys.exc_info` gives it)."""
    try:
        return function(*args), None
    except Exception:
        return None, sys.exc_info()
