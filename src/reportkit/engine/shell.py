"""The IPython shell in which the cells run: ipykernel's, with a recorder where ipykernel has a socket."""

from __future__ import annotations

import copy
import difflib
import io
import re
from functools import lru_cache
from typing import Any

from IPython.core import page
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Instance, Type, default
from traitlets.config import Config

from reportkit.engine.compiler import CellCompiler, CellTransformer
from reportkit.engine.display_formats import ReportFormatter
from reportkit.engine.magics import equip
from reportkit.engine.recorder import Recorder
from reportkit.translation import _

# No history (it would open an SQLite file and a thread). Tqdm asks for IPKernelApp to know that it is in a notebook.
_CONFIG: dict[str, Any] = {
    "HistoryManager": {"enabled": False, "hist_file": ":memory:"},
    "IPKernelApp": {"tqdm": "in a notebook"},
}


class RecordedStream(io.TextIOBase):
    """A text stream, `sys.stdout` or `sys.stderr` of a cell, that writes to the recorder."""

    encoding = "UTF-8"
    errors = "strict"

    def __init__(self, name: str, fileno: int, recorder: Recorder) -> None:
        self.name = name
        self._fileno, self._recorder = fileno, recorder

    def write(self, text: str) -> int:
        """Return the number of characters, all of them recorded."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._recorder.stream(self.name, text)
        return len(text)

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the file descriptor a subprocess may be given: what it writes there is recorded as well."""
        return self._fileno


class RecordingPublisher(DisplayPublisher):
    """Sends `display(...)` to the recorder."""

    shell: ReportShell

    def publish(  # type: ignore[override]
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        """Record a display bundle, or change an earlier one."""
        self._validate_data(data, metadata)  # type: ignore[no-untyped-call]
        self.shell.recorder.display(data, metadata or {}, (transient or {}).get("display_id"), update)

    def clear_output(self, wait: bool = False) -> None:
        """Forget the cell's outputs, now or at the next one."""
        self.shell.recorder.clear(wait)


class RecordingDisplayHook(DisplayHook):
    """Sends the value of a cell's last expression to the recorder."""

    shell: ReportShell
    bundle: tuple[Any, Any] | None = None
    # Cells come again in each report, and to take one into its tokens is a tenth of showing its value.
    semicolon_at_end_of_expression = staticmethod(lru_cache(256)(DisplayHook.semicolon_at_end_of_expression))

    def start_displayhook(self) -> None:
        """Begin a result."""
        self.bundle = ({}, {})

    def write_output_prompt(self) -> None:
        """Do nothing: the prompt is a field of the output."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Keep the bundle until the end of the hook."""
        self.bundle = (format_dict, md_dict or {})

    def finish_displayhook(self) -> None:
        """Record the bundle, unless nothing could be formatted."""
        bundle, self.bundle = self.bundle, None
        if bundle and bundle[0]:
            self.shell.recorder.result(*bundle, self.prompt_count)


class FakeKernel:
    """The little of a kernel that libraries look for behind ``get_ipython().kernel``."""

    def __init__(self) -> None:
        self.parent = {"header": {"msg_id": "reportkit"}}

    def get_parent(self, channel: str = "shell") -> dict[str, Any]:  # noqa: ARG002
        """Return the request being answered: ipywidgets' Output addresses its outputs by this id."""
        return self.parent


class ReportShell(InteractiveShell):
    """ipykernel's shell without ZMQ, files in the home directory, and an interactive person."""

    recorder = Instance(Recorder)
    kernel = Instance(FakeKernel)
    input_transformer_manager = Instance(TransformerManager)
    displayhook: RecordingDisplayHook
    compiler_class = Type(CellCompiler)
    displayhook_class = Type(RecordingDisplayHook)
    display_pub_class = Type(RecordingPublisher)
    autoindent = False
    source = ""
    """The cell that is being run."""
    failed_while_displaying = False

    def __init__(self) -> None:
        super().__init__(recorder=Recorder(), kernel=FakeKernel(), config=Config(_CONFIG))  # type: ignore[no-untyped-call]
        equip(self)

    @default("input_transformer_manager")
    def _transformer(self) -> CellTransformer:
        return CellTransformer(self.compile, lambda: bool(self.ast_transformers))  # type: ignore[arg-type]

    def init_ipython_dir(self, ipython_dir: Any) -> None:
        """Do nothing: a run leaves no directories in the home directory, and reads no profile from it."""

    def init_profile_dir(self, profile_dir: Any) -> None:
        """Do nothing, see `init_ipython_dir`."""

    def init_virtualenv(self) -> None:
        """Do nothing, as ipykernel: the modules of this process are the modules of the notebook."""

    def init_completer(self) -> None:
        """Do nothing: nobody types."""

    def init_display_formatter(self) -> None:
        """Install the formatters."""
        self.display_formatter = ReportFormatter(parent=self)
        self.configurables.append(self.display_formatter)  # type: ignore[arg-type]

    def transform_ast(self, node: Any) -> Any:
        """Return the tree as the notebook's own transformers make it."""
        # They may change it in place, and it is perhaps that of other runs, too.
        return super().transform_ast(copy.deepcopy(node) if self.ast_transformers else node)  # type: ignore[no-untyped-call]

    def init_hooks(self) -> None:
        """Install IPython's hooks; what `name?` pages is no output of a cell in a kernel either."""
        super().init_hooks()  # type: ignore[no-untyped-call]
        self.set_hook("show_in_pager", page.as_hook(lambda *_, **__: None), 99)  # type: ignore[no-untyped-call]

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: no window is opened."""

    def ask_exit(self) -> None:
        """Fail the cell, since `exit` and `quit` ask for the end of a process that is not the notebook's."""
        # With a message, because papermill takes a SystemExit without one for a success.
        raise SystemExit(_("exit was called in a cell"))

    def show_usage_error(self, exc: Any) -> None:
        """Print what IPython says of a magic that was used in a wrong way; of one that is not there, what was meant."""
        name = re.match(r"\s*%%(\w+)", self.source)
        if name and self.find_cell_magic(name[1]) is None:  # type: ignore[no-untyped-call]
            close = difflib.get_close_matches(name[1], self.magics_manager.magics["cell"], n=1)
            words = _(
                "there is no cell command %%{name}; check how it is spelled, "
                "and that the cell which defines it (open_report, for instance) comes before"
            )
            if close:
                words = _("there is no cell command %%{name}; did you mean %%{close}")
            exc = words.format(name=name[1], close="".join(close))
        super().show_usage_error(exc)  # type: ignore[no-untyped-call]

    def get_parent(self) -> dict[str, Any]:
        """Return the request being answered, see `FakeKernel`."""
        return self.kernel.get_parent()

    def set_parent(self, parent: Any) -> None:
        """Do nothing: outputs go to the running cell."""

    def raw_input(self, prompt: str = "") -> str:  # noqa: ARG002
        """Raise, as in a kernel whose client takes no questions."""
        raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")

    def getpass(self, prompt: str = "", stream: Any = None, **_: Any) -> str:  # noqa: ARG002
        """Raise, as in a kernel whose client takes no questions."""
        raise StdinNotImplementedError("getpass was called, but this frontend does not support input requests.")

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        if self.displayhook.bundle is not None:
            # The value of the cell could not be shown: ipykernel counts that as a failure of the cell.
            self.failed_while_displaying = True
        self.recorder.error(str(etype.__name__), str(evalue), stb)


# Libraries (pandas, rich, tqdm, ...) ask for this name to know whether they write for a notebook.
ReportShell.__name__ = ReportShell.__qualname__ = "ZMQInteractiveShell"
