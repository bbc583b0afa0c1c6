"""One run of a notebook: a shell, and everything around it that must be there for a cell and gone afterwards."""

from __future__ import annotations

import atexit
import builtins
import getpass
import linecache
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from nbformat import NotebookNode
from traitlets.config import SingletonConfigurable

from reportkit.engine.allowance import Allowance, OutputLimitError
from reportkit.engine.coroutines import CellLoop, NoLoop, failure_or
from reportkit.engine.determinism import repeatable
from reportkit.engine.plot_fonts import chinese_figures
from reportkit.engine.plots import inline_figures
from reportkit.engine.process_state import CellWorld, DescriptorCapture, NoCapture, preserved_process
from reportkit.engine.recorder import Recorder
from reportkit.engine.shell import RecordedStream, ReportShell
from reportkit.engine.spare_shell import enter_shell, kernel_surroundings, put_back
from reportkit.engine.widgets import WidgetStates
from reportkit.translation import _

_FIT_TERMINAL, _KERNEL_COLUMNS = 0, 20  # pandas' defaults for display.max_columns


class Session:
    """Runs cells one after the other, in one namespace; a context manager, since it borrows the process."""

    def __init__(self, max_output: int | None = None, plain: bool = False) -> None:
        """`plain` is for cells that change no more of the shell than its state, see `ShellState`.

        They start no task and no process either, so no loop is made for them, and no descriptor is watched.
        """
        self.recorder = Recorder(Allowance(max_output))
        self.widgets = WidgetStates(self.recorder)
        self._plain = self._keep_shell = plain
        self._stack = ExitStack()

    def __enter__(self) -> Session:
        with ExitStack() as stack:
            self._prepare(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def _prepare(self, stack: ExitStack) -> None:
        self._process = os.getpid()
        stack.enter_context(preserved_process())
        stack.enter_context(_preserved_singletons())
        kernel_surroundings()
        _add_working_directory(sys.path)
        if self._plain:
            self._descriptors: DescriptorCapture | NoCapture = NoCapture()
        else:
            self._descriptors = capture = DescriptorCapture()
            self.recorder.before_output = partial(self._read_descriptors, capture)
        stack.callback(self._descriptors.close)
        self._world = CellWorld(*(RecordedStream(n, d, self.recorder) for n, d in (("stdout", 1), ("stderr", 2))))
        self._loop: CellLoop | NoLoop = NoLoop() if self._plain else CellLoop()
        self._shell, self._as_new = enter_shell(self.recorder, self._keep_shell)
        for cls in _singletons(ReportShell):
            cls._instance = self._shell
        stack.callback(self._leave_shell)
        stack.callback(self._end_tasks)
        vars(builtins)["input"], vars(getpass)["getpass"] = self._shell.raw_input, self._shell.getpass
        stack.enter_context(repeatable())
        stack.enter_context(self.widgets.installed())
        stack.enter_context(chinese_figures(self._shell))
        stack.enter_context(inline_figures())
        stack.enter_context(_wide_frames())
        stack.enter_context(_bars_of_a_notebook())

    def run_cell(self, cell: NotebookNode) -> BaseException | None:
        """Return the exception the cell failed with, or None; its outputs and its number are in the cell.

        Raises KeyboardInterrupt if that is what ended the cell.
        """
        cell.execution_count = self._shell.execution_count
        self._shell.failed_while_displaying = False
        self._shell.source = cell.source
        self.widgets.claim()
        self.recorder.start(cell)
        keep_shell, self._keep_shell = self._keep_shell, False
        try:
            with self._world.entered(), self._descriptors.entered():
                error = self._drive(cell.source)
        finally:
            self.recorder.finish()
        self.widgets.cell_complete()
        if isinstance(error, KeyboardInterrupt):
            raise error
        if self.recorder.excess:
            return OutputLimitError(self.recorder.excess)
        if error is None and self._shell.failed_while_displaying:
            return RuntimeError(_("the value of the cell could not be displayed"))
        self._keep_shell = keep_shell and error is None  # what an error leaves behind, a traceback knows
        return error

    def _leave_shell(self) -> None:
        _dispose(self._shell)
        if self._keep_shell and self._as_new:
            put_back(self._shell, self._as_new)

    def _end_tasks(self) -> None:
        # In the notebook's world, so that what a cancelled task prints is dropped and not printed by the host.
        with self._world.entered(), self._descriptors.entered():
            self._loop.close()

    def _read_descriptors(self, capture: DescriptorCapture) -> None:
        if os.getpid() == self._process:  # a process forked in a cell shares the files, but not what is recorded
            for name, text, lost in capture.read(self.recorder.room):
                self.recorder.stream_chunk(name, text, lost)

    def _drive(self, source: str) -> BaseException | None:
        transformed, failure = failure_or(self._shell.transform_cell, source)
        transformed = source if failure else transformed

        def awaits() -> bool:
            return self._shell.should_run_async(source, transformed_cell=transformed, preprocessing_exc_tuple=failure)

        try:
            result = self._loop.run(self._execute(source, transformed, failure), awaits)
        except OutputLimitError as error:  # the cell had ended, and showing its figures was too much
            return error
        return result.error_before_exec or result.error_in_exec  # type: ignore[no-any-return]

    async def _execute(self, source: str, transformed: str, failure: Any) -> Any:
        result = None
        try:
            result = await self._shell.run_cell_async(
                source, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=failure
            )
        finally:
            self._end_copy(result is not None and result.success)
            self._shell.events.trigger("post_execute")
            self._shell.events.trigger("post_run_cell", result)
        return result

    def _end_copy(self, success: bool) -> None:
        """End a process that the cell has forked and let run on: it would go through the other cells as well."""
        if os.getpid() != self._process:
            os._exit(not success)


def _add_working_directory(path: list[str]) -> None:
    """Let cells import modules beside the notebook, which come after the standard library, as in a kernel."""
    if "" not in path and not sys.flags.safe_path:
        places = [i for i, entry in enumerate(path) if entry.endswith(("site-packages", "dist-packages"))]
        path.insert(min(places, default=0), "")


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


@contextmanager
def _wide_frames() -> Iterator[None]:
    """Let pandas print as many columns as in a kernel. It decides that when it is imported: by us, in no notebook."""
    pandas = sys.modules.get("pandas")
    if pandas is None or pandas.get_option("display.max_columns") != _FIT_TERMINAL:
        yield
        return
    with pandas.option_context("display.max_columns", _KERNEL_COLUMNS):
        yield


@contextmanager
def _bars_of_a_notebook() -> Iterator[None]:
    """Let tqdm decide anew what its bars are: it does so when it is imported, by papermill perhaps, in no notebook."""
    before = _taken_bars()
    try:
        yield
    finally:
        _taken_bars()
        for name, module in before.items():
            sys.modules[f"tqdm.{name}"] = module
            setattr(sys.modules["tqdm"], name, module)


def _taken_bars() -> dict[str, Any]:
    """The modules of tqdm that have decided, which are no longer there."""
    found = {name: sys.modules.pop(f"tqdm.{name}", None) for name in ("auto", "autonotebook")}
    package = sys.modules.get("tqdm")
    for name in found if package else ():
        vars(package).pop(name, None)
    return {name: module for name, module in found.items() if module}


def _inline_config() -> list[Any]:
    config = sys.modules.get("matplotlib_inline.config")
    return _singletons(config.InlineBackend) if config else []


def _singletons(cls: type) -> list[Any]:
    return [c for c in cls.__mro__ if issubclass(c, SingletonConfigurable) and c is not SingletonConfigurable]


def _dispose(shell: ReportShell) -> None:
    """Undo what IPython would undo at the end of the process, and drop the notebook's data."""
    if scripts := shell.magics_manager.registry.get("ScriptMagics"):
        _end_scripts(scripts)
    for name in shell.compile._filename_map:
        linecache.cache.pop(name, None)
    for file in shell.tempfiles:
        file.unlink(missing_ok=True)
    for directory in shell.tempdirs:
        shutil.rmtree(directory, ignore_errors=True)
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
