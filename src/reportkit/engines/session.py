"""One run of a notebook: a shell, and everything around it that must be there for a cell and gone afterwards."""

from __future__ import annotations

import asyncio
import atexit
import builtins
import contextvars
import getpass
import io
import linecache
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from nbformat import NotebookNode
from traitlets.config import SingletonConfigurable

from reportkit.engines.figures import BACKEND, inline_figures
from reportkit.engines.process import CellWorld, DescriptorCapture, kernel_warnings, preserved_process
from reportkit.engines.recorder import Recorder
from reportkit.engines.shell import RecordedStream, ReportShell
from reportkit.engines.widgets import WidgetStates

# What ipykernel sets, so that the commands of a cell print what they print in a kernel.
_ENVIRONMENT = {
    "TERM": "xterm-color",
    "CLICOLOR": "1",
    "FORCE_COLOR": "1",
    "CLICOLOR_FORCE": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "MPLBACKEND": BACKEND,
}


class Session:
    """Runs cells one after the other, in one namespace; a context manager, since it borrows the process.

    Cells run inside an asyncio loop of the session's own, as in a kernel, so that ``await`` and `asyncio.create_task`
    work in them. Where the caller itself runs in a loop (in Jupyter, say), ordinary cells run in the caller's thread
    and loop; a cell with ``await`` at its top level runs in a helper thread, in the session's loop, and the caller
    waits for it.
    """

    def __init__(self) -> None:
        self.recorder = Recorder()
        self.widgets = WidgetStates(self.recorder)
        self._stack = ExitStack()

    def __enter__(self) -> Session:
        with ExitStack() as stack:
            self._prepare(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def _prepare(self, stack: ExitStack) -> None:
        stack.enter_context(preserved_process())
        stack.enter_context(_preserved_singletons())
        kernel_warnings()
        os.environ.update(_ENVIRONMENT)
        if "" not in sys.path:
            sys.path.insert(0, "")  # modules beside the notebook, found in its working directory
        sys.stdin = io.StringIO()
        self._descriptors = DescriptorCapture()
        stack.callback(self._descriptors.close)
        self.recorder.before_output = self._read_descriptors
        self._world = CellWorld(*(RecordedStream(n, d, self.recorder) for n, d in (("stdout", 1), ("stderr", 2))))
        self._runner = stack.enter_context(asyncio.Runner(loop_factory=asyncio.new_event_loop))
        self._context = contextvars.copy_context()
        self._shell = _new_shell(self.recorder)
        stack.callback(_dispose, self._shell)
        builtins.input, getpass.getpass = self._shell.raw_input, self._shell.getpass
        stack.enter_context(self.widgets.installed())
        stack.enter_context(inline_figures(self._shell))

    def run_cell(self, cell: NotebookNode) -> BaseException | None:
        """Return the exception the cell failed with, or None; its outputs and its number are in the cell.

        Raises KeyboardInterrupt if that is what ended the cell.
        """
        cell.execution_count = self._shell.execution_count
        self._shell.failed_while_displaying = False
        self.widgets.claim()
        self.recorder.start(cell)
        try:
            with self._world.entered(), self._descriptors.entered():
                result = self._drive(cell.source)
        finally:
            self.recorder.finish()
        self.widgets.cell_complete()
        error = result.error_before_exec or result.error_in_exec
        if isinstance(error, KeyboardInterrupt):
            raise error
        if error is None and self._shell.failed_while_displaying:
            return RuntimeError("the value of the cell could not be displayed")
        return error  # type: ignore[no-any-return]

    def _read_descriptors(self) -> None:
        for name, text in self._descriptors.read():
            self.recorder.stream_chunk(name, text)

    def _drive(self, source: str) -> Any:
        transformed, failure = self._transform(source)
        coroutine = self._execute(source, transformed, failure)
        if not _in_a_loop():
            return self._in_own_loop(coroutine)
        if self._shell.should_run_async(source, transformed_cell=transformed, preprocessing_exc_tuple=failure):
            return self._in_thread(coroutine)
        return self._context.run(_step_to_end, coroutine)

    def _transform(self, source: str) -> tuple[str, Any]:
        try:
            return self._shell.transform_cell(source), None  # type: ignore[no-untyped-call]
        except Exception:
            return source, sys.exc_info()

    async def _execute(self, source: str, transformed: str, failure: Any) -> Any:
        result = None
        try:
            result = await self._shell.run_cell_async(
                source, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=failure
            )
        finally:
            self._shell.events.trigger("post_execute")  # type: ignore[no-untyped-call]
            self._shell.events.trigger("post_run_cell", result)  # type: ignore[no-untyped-call]
        return result

    def _in_own_loop(self, coroutine: Any) -> Any:
        loop = self._runner.get_loop()
        # One context for all cells: a decimal precision set in one cell holds in the next.
        return loop.run_until_complete(loop.create_task(coroutine, context=self._context))

    def _in_thread(self, coroutine: Any) -> Any:
        loop, outcome = self._runner.get_loop(), _Outcome()
        thread = threading.Thread(target=outcome.of, args=(self._in_own_loop, coroutine))
        thread.start()
        try:
            thread.join()
        except KeyboardInterrupt:
            loop.call_soon_threadsafe(_cancel_all, loop)
            thread.join()
            raise
        return outcome.get()


def _in_a_loop() -> bool:
    # A function of its own: a cell run inside the except clause would show this RuntimeError in its traceback.
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class _Outcome:
    """What a function called in a thread returned or raised."""

    value: Any = None
    error: BaseException | None = None

    def of(self, function: Any, *args: Any) -> None:
        """Call `function` and keep its outcome."""
        try:
            self.value = function(*args)
        except BaseException as error:
            self.error = error

    def get(self) -> Any:
        """Return or raise what the function did."""
        if self.error is not None:
            raise self.error
        return self.value


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()


def _step_to_end(coroutine: Any) -> Any:
    """Return the result of a coroutine that awaits nothing."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("a cell without await was suspended")


@contextmanager
def _preserved_singletons() -> Iterator[None]:
    classes = [*_singletons(ReportShell), *_inline_config()]
    before = {cls: cls.__dict__.get("_instance") for cls in classes}
    for cls in classes:
        cls._instance = None
    try:
        yield
    finally:
        for cls in [*classes, *_inline_config()]:  # the notebook may have been the first to import matplotlib
            cls._instance = before.get(cls)


def _inline_config() -> list[Any]:
    config = sys.modules.get("matplotlib_inline.config")
    return _singletons(config.InlineBackend) if config else []


def _singletons(cls: type) -> list[Any]:
    return [c for c in cls.__mro__ if issubclass(c, SingletonConfigurable) and c is not SingletonConfigurable]


def _new_shell(recorder: Recorder) -> ReportShell:
    shell = ReportShell(recorder)
    for cls in _singletons(ReportShell):
        cls._instance = shell
    return shell


def _dispose(shell: ReportShell) -> None:
    """Undo what IPython would undo at the end of the process, and drop the notebook's data."""
    atexit.unregister(shell.atexit_operations)
    if scripts := shell.magics_manager.registry.get("ScriptMagics"):
        _end_scripts(scripts)
    for name in shell.compile._filename_map:
        linecache.cache.pop(name, None)
    for file in shell.tempfiles:
        file.unlink(missing_ok=True)
    for directory in shell.tempdirs:
        directory.rmdir()
    shell.user_ns.clear()
    shell.user_ns_hidden.clear()


def _end_scripts(scripts: Any) -> None:
    """End the background processes of ``%%script`` magics, and the thread with their event loop."""
    atexit.unregister(scripts.kill_bg_processes)
    scripts.kill_bg_processes()
    finalizer = getattr(scripts, "_event_loop_finalizer", None)
    if finalizer is not None:
        finalizer()
    elif scripts.event_loop is not None:  # IPython before 9.18 leaves the thread to the end of the process
        scripts.event_loop.call_soon_threadsafe(scripts.event_loop.stop)
