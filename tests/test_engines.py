"""The engine: what a kernel records, recorded in this process, which is afterwards as before."""

from __future__ import annotations

import ast
import asyncio
import atexit
import base64
import builtins
import contextlib
import datetime
import decimal
import getpass
import json
import logging
import os
import re
import signal
import struct
import subprocess
import sys
import threading
import time
import types
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
import tqdm
from hypothesis import example, given
from hypothesis import strategies as st
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill.translators import translate_parameters

from reportkit.engine import InProcessEngine, ReadableTranslator, prepare, strip_times
from reportkit.engine.process_state import preserved_process
from reportkit.errors import UserError
from support.kernels import with_kernel

STATE_MIME = "application/vnd.jupyter.widget-state+json"
FAILS = ["raises-exception"]

# What a kernel and the engine must record alike, under a name. A tuple is a cell that fails and may.
SAME: dict[str, str | tuple[str]] = {
    "print_and_value": "print('one')\nprint('two')\n6 * 7",
    "streams_in_order": (
        "import sys\nprint('out', flush=True)\nprint('err', file=sys.stderr, flush=True)\n"
        "print('out again', flush=True)"
    ),
    "stdout_without_newline": "_ = sys.stdout.write('partial')",
    "carriage_return": "print('50 %\\r100 %')",
    "what_stdout_is": "print(sys.stdout.isatty(), sys.stdout.encoding)",
    "rich_display": (
        "from IPython.display import *\ndisplay(HTML('<b>x</b>'))\n"
        "display(Markdown('*x*'), {'text/plain': 'raw'}, metadata={'a': 1})\n"
        "Image(data=bytes.fromhex('89504e470d0a1a0a'))"
    ),
    "json_display": "display({'application/json': {'a': (1, 2), 3: None}}, raw=True)",
    "display_with_id": "handle = display('first', display_id='a')",
    "display_same_id_again": "display('again', display_id='a'); print('x')",
    "update_display_of_earlier_cells": "update_display('changed', display_id='a')",
    "clear_output": "print('gone'); clear_output(); print('kept')",
    "clear_output_waiting": "print('gone'); clear_output(wait=True); print('kept')",
    "clear_output_waiting_for_nothing": "print('stays'); clear_output(wait=True)",
    "error_in_function": ("def f(x):\n    return 1 / x\nf(0)",),
    "error_with_chinese_text": ("raise ValueError('值')",),
    "error_chained": ("try:\n    f(0)\nexcept ZeroDivisionError as error:\n    raise KeyError('k') from error",),
    "error_in_library": ("import json\njson.loads('{')",),
    "error_in_repr": ("class Bad:\n    def __repr__(self): raise KeyError('r')\nBad()",),
    "error_after_output": ("print('before')\n1 / 0",),
    "syntax_error": ("def broken(:\n  pass",),
    "exception_group": ("raise ExceptionGroup('several', [ValueError(1), TypeError(2)])",),
    "unknown_magic": ("%nosuchmagic",),
    "system_exit_with_status": ("import sys\nsys.exit(3)",),
    "semicolon_hides_value": "5;",
    "last_values": "_, __",
    "comment_only": "# nothing",
    "blank": "   ",
    "capture_magic": "%%capture captured\nprint('hidden')\n1",
    "captured_text": "captured.stdout, len(captured.outputs)",
    "timed_value": "%%capture timed\n%time 6 * 7",
    "value_of_the_timed": "[output.data for output in timed.outputs]",
    "progress_bar": "from tqdm.auto import tqdm\ntqdm.__mro__[1].__module__",
    "html_magic": "%%html\n<i>h</i>",
    "line_magic": "%precision 3\n3.14159265",
    "page_help": "len?",
    "await": "import asyncio\nasync def g():\n    await asyncio.sleep(0)\n    return 'awaited'\nawait g()",
    "await_that_fails": ("await asyncio.sleep(0)\n1 / 0",),
    "running_loop_in_a_plain_cell": "task = asyncio.create_task(g()); asyncio.get_running_loop().is_running()",
    "task_of_an_earlier_cell": "await task",
    "context_variable": "import decimal\ndecimal.getcontext().prec = 3",
    "context_variable_of_an_earlier_cell": "decimal.Decimal(1) / 3",
    "shell_command": "!echo hi",
    "shell_command_assigned": "lines = !echo there\nlines",
    "other_folder": "import os, tempfile\n%cd -q {tempfile.gettempdir()}\nos.getcwd()",
    "folder_before": "before = os.getcwd()\n%cd -q /\n%cd -q -\nos.getcwd() == before",
    "bookmark": "%bookmark here\n%cd -q /\n%cd -q -b here\nos.getcwd() == before",
    "bash_magic": "%%bash\necho out",
    "bash_magic_to_stderr": "%%bash\necho err >&2",
    "bash_magic_that_fails": ("%%bash\nexit 3",),
    "plot": "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3]); plt.title('a')",
    "plot_shown": "fig, ax = plt.subplots()\nax.plot([3, 2])\nplt.show()\nprint('after')",
    "figure_as_value": "fig",
    "matplotlib_inline_magic": "%matplotlib inline\nplt.bar([1], [2]);",
    "inline_backend_configured": "%config InlineBackend.figure_formats = ['jpeg']\nplt.plot([1]);",
    "widget": "import ipywidgets as w\nslider = w.IntSlider(3, description='值')\nslider",
    "output_widget": (
        "out = w.Output()\ndisplay(out)\nwith out:\n    print('inside'); display('rich')\nprint('outside')"
    ),
    "output_widget_in_python": "[dict(o) for o in out.outputs]",
    "container_of_widgets": "w.HBox([slider, w.Label('x')])",
    "widget_with_bytes": "w.Image(value=b'abc')",
    "widget_changed_later": "slider.value = 7; slider.close()",
    "warning": "import warnings\nwarnings.warn('careful')",
    "root_logger": "import logging\nlogging.warning('logged')\nlogging.info('not logged')",
    "data_frame": "import pandas as pd\nframe = pd.DataFrame({'镇': ['桑洲'], 'n': [1]})\nframe",
    "styler": "frame.style",
    "stylers": "display(frame.style.highlight_max(), frame.style)",
    "addresses": "[object(), len, lambda x: x]",
    "wide_data_frame_as_text": "print(pd.DataFrame([range(40)]))",
    "environment": "import os\nos.environ['MPLBACKEND'], os.environ['PAGER'], __name__, '' in sys.path",
    "shell_class": "get_ipython().__class__.__name__, hasattr(get_ipython(), 'kernel')",
    "input_history": "In[1], Out[1]",
    "end": "1",
}
CRASH = "def crash(n):\n    return {}[n]\ncrash('键')"


def notebook(*cells: str | NotebookNode) -> NotebookNode:
    nb = new_notebook(metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}})
    for number, cell in enumerate(cells):
        nb.cells.append(cell if isinstance(cell, NotebookNode) else new_code_cell(cell, id=f"c{number}"))
    return nb


def run(*cells: str | NotebookNode, **options: Any) -> NotebookNode:
    return papermill.execute_notebook(notebook(*cells), None, engine_name="reportkit", progress_bar=False, **options)


def run_to_failure(path: Path, *cells: str | NotebookNode) -> tuple[NotebookNode, papermill.PapermillExecutionError]:
    with pytest.raises(papermill.PapermillExecutionError) as caught:
        papermill.execute_notebook(notebook(*cells), path, engine_name="reportkit", progress_bar=False)
    return without_markers(path), caught.value


def without_markers(path: Path) -> NotebookNode:
    nb = nbformat.read(path, 4)
    nb.cells = [cell for cell in nb.cells if "papermill-error-cell-tag" not in cell.metadata.tags]
    return nb


def text_of(cell: NotebookNode) -> str:
    return "".join(output.get("text", "") for output in cell.outputs)


# --- the same as a kernel ---------------------------------------------------------------------------------------------


def same_notebook() -> list[NotebookNode]:
    cells = []
    for name, source in SAME.items():
        tags = FAILS if isinstance(source, tuple) else []
        text = source[0] if isinstance(source, tuple) else source
        cells.append(new_code_cell(text, id=name, metadata={"tags": tags}))
    skipped = new_code_cell("print('never')", id="skipped", metadata={"tags": ["skip-execution"]})
    return [*cells, new_markdown_cell("# text", id="text"), skipped, new_code_cell(CRASH), new_code_cell("print(1)")]


Run = tuple[NotebookNode, papermill.PapermillExecutionError]


@pytest.fixture(scope="module")
def by_engine(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_to_failure(tmp_path_factory.mktemp("engine") / "out.ipynb", *same_notebook())


@pytest.fixture(scope="module")
def by_kernel(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("kernel") / "out.ipynb"
    with warnings.catch_warnings():
        # jupyter_client and zmq warn about their own sockets and loops; it is the kernel's outputs that count here.
        warnings.simplefilter("ignore")
        for _ in range(3):
            # nbclient now and then waits for ever on a widget's cell; that is not what is tested here.
            with contextlib.suppress(CellTimeoutError):
                return by_kernel_once(path)
    pytest.fail("the kernel hung three times")


def by_kernel_once(path: Path) -> Run:
    def once() -> None:
        papermill.execute_notebook(notebook(*same_notebook()), path, progress_bar=False, execution_timeout=30)

    with pytest.raises(papermill.PapermillExecutionError) as caught:
        with_kernel(once)
    return without_markers(path), caught.value


def comparable(cell: NotebookNode) -> list[Any]:
    """The outputs without what must differ: ids and addresses, and the kernel's process number."""
    text = re.sub(r"(?<![0-9a-f])[0-9a-f]{32}", "MODEL", json.dumps(cell.outputs, ensure_ascii=False))
    text = re.sub(r"T_[0-9a-f]{5}", "T_STYLER", re.sub(r" at 0x[0-9a-f]+>", " at 0x0>", text))
    return json.loads(text.replace(f"ipykernel_{_kernel_pid(text)}", "ipykernel"))


def in_whole_lines(outputs: list[Any]) -> list[Any]:
    """A kernel's outputs; it sends what is printed after some time, now and then a line in two pieces."""
    whole: list[Any] = []
    for output in outputs:
        last = whole[-1] if whole else {}
        if last.get("name") == output.get("name", "") and not last["text"].endswith("\n"):
            whole[-1] = {**last, "text": last["text"] + output["text"]}
        else:
            whole.append(output)
    return whole


def _kernel_pid(text: str) -> str:
    found = re.search(r"/ipykernel_(\d+)/", text)
    return found[1] if found else "none"


@pytest.mark.slow
@pytest.mark.parametrize("name", SAME)
def test_cell_has_the_outputs_and_the_number_it_has_in_a_kernel(name: str, by_kernel: Run, by_engine: Run) -> None:
    theirs, ours = (next(cell for cell in nb.cells if cell.id == name) for nb, _ in (by_kernel, by_engine))
    assert comparable(ours) == in_whole_lines(comparable(theirs))
    assert ours.execution_count == theirs.execution_count


@pytest.mark.slow
def test_failing_cell_raises_papermills_error_with_the_same_fields(by_kernel: Run, by_engine: Run) -> None:
    theirs, ours = by_kernel[1], by_engine[1]
    for field in ("cell_index", "exec_count", "source", "ename", "evalue", "traceback"):
        assert getattr(ours, field) == getattr(theirs, field)
    assert (ours.ename, ours.evalue) == ("KeyError", "'键'")


@pytest.mark.slow
def test_statuses_of_the_cells_are_the_same_up_to_the_failing_one_and_after(by_kernel: Run, by_engine: Run) -> None:
    def statuses(nb: NotebookNode) -> list[Any]:
        return [(cell.metadata.papermill.status, cell.metadata.papermill.exception) for cell in nb.cells]

    assert statuses(by_engine[0]) == statuses(by_kernel[0])
    assert statuses(by_engine[0])[-2:] == [("failed", True), ("pending", None)]


@pytest.mark.slow
def test_widget_state_in_the_notebook_is_the_one_nbclient_stores(by_kernel: Run, by_engine: Run) -> None:
    def models(nb: NotebookNode) -> list[str]:
        state = nb.metadata.widgets[STATE_MIME]["state"]
        return sorted(
            re.sub(r"(?<![0-9a-f])[0-9a-f]{32}", "MODEL", json.dumps(m, sort_keys=True)) for m in state.values()
        )

    ours, theirs = by_engine[0].metadata.widgets[STATE_MIME], by_kernel[0].metadata.widgets[STATE_MIME]
    assert models(by_engine[0]) == models(by_kernel[0])
    assert (ours.version_major, ours.version_minor) == (theirs.version_major, theirs.version_minor)


def test_widget_views_name_models_that_are_stored(tmp_path: Path) -> None:
    nb, _ = run_to_failure(tmp_path / "out.ipynb", *(str(SAME[name]) for name in SAME if "widget" in name), CRASH)
    views = re.findall(r'"model_id": "([0-9a-f]{32})"', json.dumps([cell.get("outputs") for cell in nb.cells]))
    assert len(views) == 4
    assert set(views) <= set(nb.metadata.widgets[STATE_MIME]["state"])


@pytest.mark.slow
def test_language_info_is_the_kernels_without_its_version(by_kernel: Run, by_engine: Run) -> None:
    theirs = dict(by_kernel[0].metadata.language_info)
    del theirs["version"]
    assert by_engine[0].metadata.language_info == theirs


def test_plot_is_a_png_of_the_default_size(tmp_path: Path) -> None:
    nb, _ = run_to_failure(tmp_path / "out.ipynb", str(SAME["plot"]), CRASH)
    plot = nb.cells[0].outputs[-1]
    png = base64.b64decode(plot.data["image/png"])
    width, height = struct.unpack(">II", png[16:24])
    assert (500 < width < 640, 380 < height < 480) == (True, True)


def test_cells_may_go_into_another_folder_which_is_remembered_for_them_alone(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    sources = (f"%cd -q {tmp_path}\n%bookmark here\n%cd -q data", "%cd -q here\nimport os\nos.listdir()")
    shown = [output.data["text/plain"] for output in run(*sources).cells[1].outputs if "data" in output]
    assert shown == ["['data']"]
    (again,) = run("%bookmark -l").cells
    assert text_of(again) == "Current bookmarks:\n"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("%autosave 60", ""),
        ("%rehashx", ""),
        ("x = [1]\n%store x\ndel x\n%store -r x\nprint(x)", "Stored 'x' (list)\n[1]\n"),
        ("%store", "Stored variables and their in-db values:\n"),
    ],
)
def test_commands_of_a_kernel_are_there(source: str, said: str) -> None:
    assert text_of(run(source).cells[0]) == said


@pytest.mark.parametrize("source", ["%time 6 * 7", "%%time\n6 * 7", "%%time\nx = 6\nx * 7"])
def test_what_is_timed_gives_its_value(source: str) -> None:
    (cell,) = run(source).cells
    assert [output.data for output in cell.outputs if "data" in output] == [{"text/plain": "42"}]


def test_bars_are_a_notebooks_also_where_the_host_has_imported_its_own(monkeypatch) -> None:
    before = types.ModuleType("tqdm.auto")
    monkeypatch.setitem(sys.modules, "tqdm.auto", before)
    monkeypatch.setattr(tqdm, "auto", before, raising=False)
    sources = ("from tqdm.auto import tqdm\ntqdm.__mro__[1].__module__", "from tqdm import auto\nauto.tqdm is tqdm")
    assert [cell.outputs[0].data["text/plain"] for cell in run(*sources).cells] == ["'tqdm.notebook'", "True"]
    assert (sys.modules["tqdm.auto"], tqdm.auto) == (before, before)


# --- cells that ask for the process -----------------------------------------------------------------------------------


def test_input_fails_instead_of_waiting(tmp_path: Path) -> None:
    _, error = run_to_failure(tmp_path / "out.ipynb", "input('name?')")
    assert error.ename == "StdinNotImplementedError"
    assert error.evalue == "raw_input was called, but this frontend does not support input requests."


def test_getpass_fails_instead_of_waiting(tmp_path: Path) -> None:
    _, error = run_to_failure(tmp_path / "out.ipynb", "import getpass\ngetpass.getpass()")
    assert error.ename == "StdinNotImplementedError"


@pytest.mark.parametrize("source", ["exit", "exit()", "quit"])
def test_exit_is_an_error_of_its_cell_and_not_the_end_of_the_process(source: str, tmp_path: Path) -> None:
    nb, error = run_to_failure(tmp_path / "out.ipynb", source, "print('never')")
    assert (error.ename, error.evalue) == ("SystemExit", "exit was called in a cell")
    assert nb.cells[1].outputs == []


def test_sys_exit_without_status_stops_the_notebook_and_papermill_takes_it_for_a_success() -> None:
    nb = run("import sys\nsys.exit()", "print('never')")
    assert nb.cells[0].outputs[0].ename == "SystemExit"
    assert nb.cells[1].outputs == []


def test_keyboard_interrupt_reaches_the_caller_and_the_notebook_shows_where() -> None:
    nb = notebook("print('before')\nraise KeyboardInterrupt", "print('never')")
    nb.metadata.papermill = {}
    with pytest.raises(KeyboardInterrupt):
        InProcessEngine.execute_notebook(nb, "python3", progress_bar=False)
    assert [output.output_type for output in nb.cells[0].outputs] == ["stream", "error"]
    assert nb.cells[0].metadata.papermill.status == "failed"
    assert nb.cells[1].outputs == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize("wait", ["import time; time.sleep(30)", "import asyncio; await asyncio.sleep(30)"])
def test_ctrl_c_ends_a_cell_that_waits(wait: str) -> None:
    timer = threading.Timer(0.5, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT])
    nb = notebook(wait)
    nb.metadata.papermill = {}
    timer.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        InProcessEngine.execute_notebook(nb, "python3", progress_bar=False)
    timer.join()
    assert time.monotonic() - began < 10


def test_standard_input_is_empty() -> None:
    assert run("import sys\nsys.stdin.read()").cells[0].outputs[0].data["text/plain"] == "''"


def test_output_of_subprocesses_and_c_libraries_is_in_the_cell_and_in_order() -> None:
    source = "import os\nprint('first')\nstatus = os.system('echo second; echo warn >&2')\nprint('third')"
    cell = run(source).cells[0]
    assert "".join(o.text for o in cell.outputs if o.name == "stdout") == "first\nsecond\nthird\n"
    assert "".join(o.text for o in cell.outputs if o.name == "stderr") == "warn\n"


def test_output_of_threads_is_in_the_running_cell() -> None:
    source = "import threading\nt = threading.Thread(target=print, args=['from a thread'])\nt.start(); t.join()"
    assert text_of(run(source).cells[0]) == "from a thread\n"


def test_lone_surrogates_do_not_keep_the_notebook_from_being_saved(tmp_path: Path) -> None:
    papermill.execute_notebook(
        notebook("print('\\ud800')"), tmp_path / "out.ipynb", engine_name="reportkit", progress_bar=False
    )
    assert text_of(nbformat.read(tmp_path / "out.ipynb", 4).cells[0]) == "\\ud800\n"


def test_stream_and_handlers_a_cell_has_set_are_there_in_the_next_and_not_in_the_host() -> None:
    before = list(logging.getLogger().handlers), logging.getLogger().level
    nb = run(
        "import io, logging, sys\nmine = sys.stdout = io.StringIO()\nlogging.basicConfig(level=10)",
        "print('kept')\nlogging.debug('seen')",
        "sys.stdout = sys.__stdout__\nmine.getvalue()",
    )
    assert text_of(nb.cells[1]) == "DEBUG:root:seen\n"
    assert nb.cells[2].outputs[0].data["text/plain"] == "'kept\\n'"
    assert (list(logging.getLogger().handlers), logging.getLogger().level) == before


def test_papermills_stdout_file_gets_what_the_cells_print(tmp_path: Path) -> None:
    with (tmp_path / "stdout.txt").open("w+") as file:
        run("print('a')", "print('b')", stdout_file=file)
        file.seek(0)
        assert file.read() == "a\nb\n"


def test_allow_errors_runs_the_cells_after_a_failing_one() -> None:
    nb = notebook("1 / 0", "print('still here')")
    nb.metadata.papermill = {}
    InProcessEngine.execute_notebook(nb, "python3", progress_bar=False, allow_errors=True)
    assert text_of(nb.cells[1]) == "still here\n"


def test_notebook_in_another_language_is_refused() -> None:
    nb = notebook("cat('hi')")
    nb.metadata.kernelspec = {"name": "ir", "language": "R", "display_name": "R"}
    with pytest.raises(UserError, match="written in R"):
        papermill.execute_notebook(nb, None, engine_name="reportkit", progress_bar=False)


def test_modules_beside_the_notebook_can_be_imported(tmp_path: Path) -> None:
    (tmp_path / "beside_the_notebook.py").write_text("NAME = '镇'\n", encoding="utf-8")
    assert run("import beside_the_notebook as b\nprint(b.NAME)", cwd=tmp_path).cells[0].outputs[0].text == "镇\n"
    del sys.modules["beside_the_notebook"]


def test_tasks_left_behind_are_cancelled_and_silent_after_the_run(capfd: pytest.CaptureFixture[str]) -> None:
    nb = run(
        "import asyncio\nasync def g():\n    try:\n        await asyncio.sleep(9)\n    finally:\n        print('end')",
        "left = asyncio.create_task(g())\nawait asyncio.sleep(0)",
    )
    assert [text_of(cell) for cell in nb.cells] == ["", ""]
    assert "end" not in capfd.readouterr().out


# --- the process afterwards -------------------------------------------------------------------------------------------

MEDDLING = """
import builtins, getpass, logging, os, sys, warnings
import matplotlib.pyplot as plt, matplotlib, ipywidgets
%matplotlib inline
builtins.extra = builtins.input = 1
os.environ['MPLBACKEND'] = 'x'; os.environ['EXTRA'] = 'x'
os.chdir('/')
sys.path.insert(0, '/nowhere'); sys.displayhook = sys.excepthook = print
warnings.simplefilter('error'); logging.getLogger().setLevel(1)
matplotlib.rcParams['lines.linewidth'] = 33
ipywidgets.IntSlider()
figure = plt.figure()
%config InlineBackend.close_figures = False
"""


def snapshot() -> dict[str, Any]:
    import comm
    import matplotlib
    from IPython.core.interactiveshell import InteractiveShell
    from matplotlib_inline.config import InlineBackend

    from reportkit.engine.shell import ReportShell

    names = ("stdin", "stdout", "stderr", "displayhook", "excepthook", "path", "ps1", "last_value")
    widgets = sys.modules.get("ipywidgets.widgets.widget")
    return {
        **{f"sys.{name}": getattr(sys, name, None) for name in names},
        "entries of sys.path": list(sys.path),
        "finders": list(sys.meta_path),
        "__main__": sys.modules["__main__"],
        "builtins": dict(vars(builtins)),
        "environ": dict(os.environ),
        "directory": Path.cwd(),
        "getpass": getpass.getpass,
        "comm": (comm.create_comm, comm.get_comm_manager),
        "singletons": (InteractiveShell._instance, ReportShell._instance, InlineBackend._instance),
        "warnings": (list(warnings.filters), warnings.showwarning),
        "logging": (list(logging.getLogger().handlers), logging.getLogger().level),
        "rcParams": dict(matplotlib.rcParams.copy()),
        "widgets": dict(widgets._instances) if widgets else {},
        "figures": list(sys.modules["matplotlib"]._pylab_helpers.Gcf.figs),
        "threads": threading.enumerate(),
    }


@pytest.fixture
def matplotlib_loaded() -> None:
    run("import matplotlib.pyplot as plt, ipywidgets\nplt.plot([1]);")


@pytest.mark.usefixtures("matplotlib_loaded")
def test_process_is_as_before_after_a_run() -> None:
    before = snapshot()
    run(MEDDLING, "!echo hi", "%%bash\necho hi", "await __import__('asyncio').to_thread(print, 1)")
    assert snapshot() == before


def test_pandas_imported_by_the_host_prints_as_many_columns_as_in_a_kernel() -> None:
    import pandas as pd

    before = pd.get_option("display.max_columns")
    nb = run("import pandas as pd\npd.get_option('display.max_columns')")
    assert nb.cells[0].outputs[0]["data"]["text/plain"] == "20"
    assert pd.get_option("display.max_columns") == before


def test_an_output_widget_cleared_shows_what_came_after() -> None:
    # Not compared with the kernel: nbclient now and then waits for ever on this cell.
    nb = run(
        "import ipywidgets as w\nout = w.Output()\nwith out:\n    print('first')",
        "out.clear_output()\nwith out:\n    print('second')",
        "[dict(o) for o in out.outputs]",
    )
    shown = nb.cells[2].outputs[0]["data"]["text/plain"]
    assert shown == "[{'output_type': 'stream', 'name': 'stdout', 'text': 'second\\n'}]"


def test_a_decimal_precision_set_in_a_cell_ends_with_the_run() -> None:
    decimal.getcontext()  # the host has a context of its own before the run begins
    run("import decimal\ndecimal.getcontext().prec = 3")
    assert decimal.getcontext().prec == 28


@pytest.mark.usefixtures("matplotlib_loaded")
def test_process_is_as_before_after_a_failing_cell(tmp_path: Path) -> None:
    before = snapshot()
    run_to_failure(tmp_path / "out.ipynb", MEDDLING, "builtins.display = None\n1 / 0")
    after = snapshot()
    assert after == before


@pytest.mark.usefixtures("matplotlib_loaded")
def test_figures_and_backend_of_the_caller_are_left_alone() -> None:
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    mine = plt.figure()
    nb = run("import matplotlib.pyplot as plt\nplt.plot([1]);", "plt.get_fignums()")
    assert [output.output_type for output in nb.cells[0].outputs] == ["display_data"]
    assert nb.cells[1].outputs[0].data["text/plain"] == "[]"
    assert plt.get_backend() == "agg"
    assert [plt.figure(number) for number in plt.get_fignums()] == [mine]
    plt.close("all")


@pytest.mark.usefixtures("matplotlib_loaded")
def test_figures_are_told_to_wait_in_each_report_of_a_process_as_in_a_kernel() -> None:
    first = "import matplotlib.pyplot as plt\nplt.ioff()\nfig, ax = plt.subplots()\nax.plot([1, 2]);"
    for _ in range(2):
        nb = run(first, "fig", "plt.ioff()\nplt.plot([1]);", "plt.show()", "plt.plot([1]);")
        kinds = [[output.output_type for output in cell.outputs] for cell in nb.cells]
        # A new kernel chooses its backend with the first figure, which turns them on again whatever was said before.
        assert kinds == [["display_data"], ["execute_result"], [], ["display_data"], []]


def test_shell_of_the_caller_is_there_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from IPython.core.getipython import get_ipython
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from reportkit.engine.process_state import preserved_process

    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    with preserved_process():
        mine = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
        mine.run_cell("x = 'mine'")
        nb = run("x = 'theirs'\nget_ipython().user_ns['x']", "import __main__\n__main__.x")
        assert [cell.outputs[0].data["text/plain"] for cell in nb.cells] == ["'theirs'", "'theirs'"]
        assert get_ipython() is mine
        assert mine.user_ns["x"] == "mine"
        assert sys.modules["__main__"] is mine.user_module
        InteractiveShell.clear_instance()
    atexit.unregister(mine.atexit_operations)


def test_notebook_that_runs_a_notebook_keeps_its_own_shell_and_widgets() -> None:
    inner = notebook("import ipywidgets as w\nw.IntSlider(1)\nprint('inner')")
    nb = run(
        "import ipywidgets as w\nmine = w.IntSlider(9)\nmine",
        f"import nbformat, papermill\ninner = nbformat.from_dict({dict(inner)!r})\n"
        "done = papermill.execute_notebook(inner, None, engine_name='reportkit', progress_bar=False)\n"
        "print(done.cells[0].outputs[0].text)",
        "mine.value = 5\nget_ipython().user_ns['mine'] is mine",
    )
    assert "inner" in text_of(nb.cells[1])
    assert nb.cells[2].outputs[0].data["text/plain"] == "True"
    values = [m.state.get("value") for m in nb.metadata.widgets[STATE_MIME].state.values()]
    assert [value for value in values if value is not None] == [5]


def test_no_files_are_written_to_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    run("print(1)", "!echo hi", "1")
    assert list(tmp_path.iterdir()) == []


def test_host_that_makes_warnings_errors_does_not_change_the_notebook() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = text_of(run("import warnings\nwarnings.warn('careful')\nprint('on')").cells[0])
    assert "UserWarning: careful" in text
    assert text.endswith("on\n")


# --- made ready ahead -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("matplotlib_loaded")
def test_prepare_leaves_the_process_as_before_and_runs_no_cell(tmp_path: Path) -> None:
    before, made = snapshot(), tmp_path / "made"
    prepare([f"import os\nos.mkdir({str(made)!r})", "%%bash\ntouch x", "def broken(:", "1 is 1", "return"])
    prepare([])
    assert snapshot() == before
    assert not made.exists()


@pytest.mark.slow
def test_a_prepared_run_gives_what_one_that_is_not_gives(by_engine: Run, tmp_path: Path) -> None:
    prepare(cell.source for cell in same_notebook() if cell.cell_type == "code")
    nb, error = run_to_failure(tmp_path / "out.ipynb", *same_notebook())
    for ours, theirs in zip(nb.cells, by_engine[0].cells, strict=True):
        if ours.cell_type == "code":
            assert comparable(ours) == comparable(theirs)
    assert error.traceback == by_engine[1].traceback


def test_the_shell_made_ahead_is_for_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from reportkit.engine.shell import ReportShell

    made: list[ReportShell] = []
    build = ReportShell.__init__
    monkeypatch.setattr(ReportShell, "__init__", lambda self: (made.append(self), build(self))[1])
    prepare([])
    made_ahead = len(made)
    run("1")
    assert len(made) == made_ahead
    run("1")
    assert len(made) == made_ahead + 1


def told_of(shell: Any) -> dict[str, str]:
    """What can be seen of a shell and everything of IPython's and ours in it, by the way that leads there."""
    told: dict[str, str] = {}
    waiting: list[tuple[str, Any]] = [("shell", shell)]
    seen: dict[int, str] = {}
    while waiting:
        way, one = waiting.pop(0)
        known = seen.setdefault(id(one), way)
        told[way] = type(one).__name__ if known == way else f"see {known}"
        if known != way:
            continue
        if isinstance(one, str | int | float | bytes | Path | type | re.Pattern | None):
            told[way] += f" {one!r}"
        elif isinstance(one, dict):
            told[way] += f" of {list(one)}"
            waiting += [(f"{way}[{key!r}]", value) for key, value in one.items()]
        elif isinstance(one, list | tuple | set):
            told[way] += f" of {len(one)}"
            waiting += [(f"{way}[{number}]", value) for number, value in enumerate(one)]
        elif isinstance(one, types.MethodType):
            waiting += [(f"{way}.self", one.__self__), (f"{way}.function", one.__func__)]
        elif type(one).__module__.startswith(("IPython.", "reportkit.engine")) and hasattr(one, "__dict__"):
            told[way] += f" of {list(vars(one))}"
            waiting += [(f"{way}.{name}", value) for name, value in vars(one).items()]
    return told


CHANGES = (
    "x = 1; In.clear(); exit.set_ip('no shell')",
    "from IPython.display import HTML, display\ndisplay(HTML('<b>b</b>')); HTML('<i>i</i>')",
    "get_ipython().magics_manager.register_function(lambda line, cell: cell, 'cell', 'told'); x",
    "%%told\nwords",
    "import pandas\npandas.DataFrame([1])",
    "%alias_magic words told --cell\n%cd -q .\n%precision 3",
)
"""What cells do to a shell, in its namespaces, history, commands and formats."""


def test_a_shell_that_is_kept_is_as_a_new_one_for_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[Any] = []
    monkeypatch.setattr("reportkit.engine.spare_shell._waiting", waiting)
    run("x = 0")  # what is imported with the first cell of all
    prepare([])
    ((shell, _),) = waiting
    as_new = told_of(shell)
    assert run(*CHANGES, plain=True).cells[3].outputs[0].data == {"text/plain": "'words\\n'"}
    ((kept, _),) = waiting
    assert kept is shell
    assert told_of(kept) == as_new
    again, new = run("sorted(globals()), In, Out", plain=True), run("sorted(globals()), In, Out")
    assert again.cells[0].outputs == new.cells[0].outputs


def test_plain_cells_give_the_same_without_a_loop_and_without_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = ("x = 1.5", "x", "'甲镇'.join(['a', 'b'])", "print(x)", "from decimal import getcontext")
    given = run(*sources)
    monkeypatch.setattr("asyncio.new_event_loop", None)
    monkeypatch.setattr("tempfile.TemporaryFile", None)
    plain = run(*sources, plain=True)
    assert [cell.outputs for cell in plain.cells] == [cell.outputs for cell in given.cells]
    assert [cell.outputs[0].output_type for cell in plain.cells[1:4]] == ["execute_result", "execute_result", "stream"]


@pytest.mark.parametrize("source", ["1 / 0", "def broken(:", "class Bad:\n    def __repr__(self): 1 / 0\nBad()"])
def test_a_shell_in_which_a_cell_has_failed_is_not_kept(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[Any] = []
    monkeypatch.setattr("reportkit.engine.spare_shell._waiting", waiting)
    with pytest.raises(papermill.PapermillExecutionError):
        run(source, plain=True)
    assert not waiting
    run("1", plain=True)
    assert len(waiting) == 1


def test_the_shell_made_ahead_has_the_surroundings_of_its_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare([])
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    nb = run(
        "import os, sys, __main__\nx = 1\nprint(__main__.x, __IPYTHON__, sys.ps1, get_ipython().user_module is __main__)",
        "[str(_dh[0]), get_ipython().home_dir, os.getcwd(), get_ipython().starting_dir]",
        "sys.stdin.read(), os.environ['TERM'], display.__name__",
        "class Local:\n    value = 1\nimport pickle\npickle.loads(pickle.dumps(Local())).value",
    )
    assert text_of(nb.cells[0]) == "1 True In :  True\n"
    values = [ast.literal_eval(cell.outputs[0].data["text/plain"]) for cell in nb.cells[1:]]
    assert values == [[str(tmp_path)] * 4, ("", "xterm-color", "display"), 1]
    assert capsys.readouterr() == ("", "")


FORKING = """
import nbformat, os, papermill
from nbformat.v4 import new_code_cell, new_notebook
from reportkit.engine import prepare

def run(*sources):
    nb = new_notebook(metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}})
    nb.cells = [new_code_cell(source) for source in sources]
    done = papermill.execute_notebook(nb, None, engine_name="reportkit", progress_bar=False)
    return [output.get("text") or output.data["text/plain"] for cell in done.cells for output in cell.outputs]

prepare(["print(6 * 7)"])
for number in range(2):
    if (child := os.fork()) == 0:
        print(number, run(f"number = {number}", "print(6 * 7)", "number"), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
print("parent", run("print(6 * 7)", "'number' in vars()"))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_what_is_prepared_serves_each_forked_process() -> None:
    done = subprocess.run([sys.executable, "-c", FORKING], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["0 ['42\\n', '0']", "1 ['42\\n', '1']", "parent ['42\\n', 'False']"]


def test_an_ast_transformer_of_a_notebook_does_not_change_the_next_run() -> None:
    double = (
        "import ast\nclass Double(ast.NodeTransformer):\n    def visit_Constant(self, node):\n"
        "        node.value *= 2\n        return node\n"
    )
    prepare(["print(21)"])
    nb = run("print(21)", double + "get_ipython().ast_transformers.append(Double())", "print(21)")
    assert [text_of(cell) for cell in nb.cells] == ["21\n", "", "42\n"]
    assert text_of(run("print(21)").cells[0]) == "21\n"


def test_an_input_transformer_of_a_notebook_gets_prepared_cells_too() -> None:
    prepare(["print('a')"])
    twice = "get_ipython().input_transformers_cleanup.append(lambda lines: [line.replace('a', 'aa') for line in lines])"
    assert text_of(run(twice, "print('a')").cells[1]) == "aa\n"
    assert text_of(run("print('a')").cells[0]) == "a\n"


def test_code_that_python_warns_of_warns_in_each_run() -> None:
    source = "x = 5\nprint(x is 5)\nprint('\\d')"
    prepare([source])
    for _ in range(2):
        shown = text_of(run(source).cells[0])
        assert '"is" with' in shown
        assert shown.endswith("True\n\\d\n")


PIECES = [
    *("x = 1", "%time x", "!ls", "x?", "?x", "print('a?')", "f'{x!r}'", "%%html", "  y", "\ty", "", " ", "\x0c", "\r"),
    *(
        ">>> x",
        "... y",
        "In [1]: x",
        "'''",
        '"""',
        "    ",
        "/f x",
        ",f x",
        ";f x",
        "x = %pwd",
        "x = !ls",
        "\\",
        "(",
        ")",
    ),
    *(
        "#?",
        "x; y",
        "if x:",
        "    x",
        "...",
        "...: x",
        "[ins] In [2]: x",
        "[1, 2]",
        "é = '\u2028'",
        "x = '%'",
        "@",
        "'\\d'",
        "\u3000句子",
    ),
]
COMMANDS = ["%%narrative problems", "%%html", "%%html?", "%%x y?", "%%x 'a' \\", "%%", "%% x", "%%句子 x"]


@given(st.lists(st.sampled_from(PIECES), max_size=5), st.sampled_from(["\n", "\n\n", "\r\n"]), st.booleans())
def test_cells_are_transformed_as_by_ipython(pieces: list[str], separator: str, ended: bool) -> None:
    transformed_as_by_ipython(separator.join(pieces) + "\n" * ended)


@given(st.sampled_from(COMMANDS), st.lists(st.sampled_from(PIECES), max_size=5), st.booleans())
def test_cells_of_a_command_are_transformed_as_by_ipython(command: str, pieces: list[str], ended: bool) -> None:
    transformed_as_by_ipython("\n".join([command, *pieces]) + "\n" * ended)


@given(st.sampled_from(COMMANDS), st.text(), st.booleans())
@example("%%narrative overview", "本报告由{{ agency }}编制，'\"\\\U0001f600\ttail", True)
def test_the_tree_of_a_command_is_what_python_reads(command: str, body: str, ended: bool) -> None:
    call, trees = trees_kept(f"{command}\n{body}" + "\n" * ended)
    assert trees == [ast.dump(ast.parse(call), include_attributes=True) for _ in trees]


def test_the_tree_of_sentences_is_kept() -> None:
    call, trees = trees_kept("%%narrative overview proactive\n本镇“公开”12条。\n")
    assert call == "get_ipython().run_cell_magic('narrative', 'overview proactive', '本镇“公开”12条。\\n')\n"
    assert trees == [ast.dump(ast.parse(call), include_attributes=True)]


def trees_kept(source: str) -> tuple[str, list[str]]:
    """A cell as a call, and the tree that is kept for it, as text."""
    from reportkit.engine.compiler import CellCompiler, CellTransformer

    compiler = CellCompiler()
    call = CellTransformer(compiler).transform_cell(source)
    is_call = call.startswith("get_ipython().run_cell_magic(")
    return call, [ast.dump(tree, include_attributes=True) for tree in compiler._last.values() if is_call]


def transformed_as_by_ipython(source: str) -> None:
    from IPython.core.inputtransformer2 import TransformerManager

    from reportkit.engine.compiler import CellCompiler, CellTransformer

    def outcome(transformer: TransformerManager) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return transformer.transform_cell(source)
            except Exception as error:
                return type(error), str(error)

    assert outcome(CellTransformer(CellCompiler())) == outcome(TransformerManager())


class Rich:
    def _repr_html_(self) -> str:
        return "<b>rich</b>"


class WithMetadata(Rich):
    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        return b"png", {"width": 1}

    def _repr_latex_(self) -> None:
        return None


class Bundle(Rich):
    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": "bundle", "text/x-own": "own"}


class ShowsItself:
    def _ipython_display_(self) -> None:
        pass


class ClaimsEverything:
    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: name


class Computed:
    __slots__ = ()

    @property
    def _repr_markdown_(self) -> Any:
        return lambda: "*computed*"


def with_a_method_of_its_own() -> Any:
    value = Rich()
    value._repr_svg_ = lambda: "<svg/>"  # type: ignore[attr-defined]
    return value


VALUES = [
    *(None, 1, "text", [1], Rich, Rich(), WithMetadata(), Bundle(), ShowsItself(), ClaimsEverything(), Computed()),
    *(with_a_method_of_its_own(), len, ast, {"a": Rich()}, decimal.Decimal(1)),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_are_formatted_as_by_ipython(value: Any) -> None:
    from IPython.core.formatters import DisplayFormatter

    from reportkit.engine.display_formats import ReportFormatter

    ours, theirs = ReportFormatter(), DisplayFormatter()
    for formatter in (ours, theirs):
        formatter.formatters["image/jpeg"].for_type(decimal.Decimal, lambda _: b"jpeg")
    expected = re.sub(r" at 0x[0-9a-f]+>", " at 0x0>", json.dumps(theirs.format(value), default=str))
    for _ in range(2):  # part of a formatter is made when it is first asked
        assert json.dumps(ours.format(value), default=str) == expected
    assert ours.format(value, include=["text/html"]) == theirs.format(value, include=["text/html"])


# --- what the caller may know and bound -------------------------------------------------------------------------------


def test_on_cell_is_told_of_each_cell_before_it_starts() -> None:
    told: list[tuple[int, str]] = []
    nb = notebook("print(1)", new_markdown_cell("text", id="m"), "1 / 0", "print('never')")
    nb.metadata.papermill = {}
    InProcessEngine.execute_notebook(
        nb,
        "python3",
        progress_bar=False,
        on_cell=lambda index: told.append((index, nb.cells[index].metadata.papermill.status)),
    )
    assert told == [(0, "pending"), (1, "pending"), (2, "pending")]


@pytest.mark.parametrize("saved", [True, False])
def test_times_of_a_cell_are_papermills(saved: bool, tmp_path: Path) -> None:
    nb = notebook("import time\ntime.sleep(0.05)")
    path = tmp_path / "out.ipynb" if saved else None
    done = papermill.execute_notebook(nb, path, engine_name="reportkit", progress_bar=False)
    times = done.cells[0].metadata.papermill
    assert set(times) == {"exception", "start_time", "end_time", "duration", "status"}
    began, ended = (datetime.datetime.fromisoformat(times[key]) for key in ("start_time", "end_time"))
    assert times.duration == (ended - began).total_seconds() >= 0.05


LIMIT = 1_000_000
TOO_MUCH = {
    "print": "while True: print('x' * 1000)",
    "print_whatever_is_raised": (
        "while True:\n    try:\n        print('x' * 1000)\n    except Exception:\n        pass"
    ),
    "print_and_catch_all": "for _ in range(2000):\n    try:\n        print('x' * 1000)\n    except:\n        pass",
    "print_chinese": "while True: print('镇' * 1000)",
    "print_in_a_thread": (
        "import threading\ndef f():\n    try:\n        while True: print('x' * 1000)\n    except BaseException: pass\n"
        "thread = threading.Thread(target=f)\nthread.start(); thread.join()"
    ),
    "print_into_a_widget": (
        "import ipywidgets as w\nout = w.Output()\nwith out:\n    while True: print('x' * 1000)\nprint('after')"
    ),
    "log": "import logging\nwhile True: logging.warning('x' * 1000)",
    "display": "while True: display('x' * 1000)",
    "update": "handle = display(0, display_id=True)\nwhile True: handle.update('x' * 1000)",
    "clear": "from IPython.display import clear_output\nwhile True: print('x' * 1000); clear_output()",
    "display_of_nothing": "while True: display({}, raw=True)",
    "two_streams": "import sys\nwhile True: print(end='x'); print(end='x', file=sys.stderr)",
    "value": "'x' * 2_000_000",
    "widget": "import ipywidgets as w\ntext = w.Text()\nwhile True: text.value = 'x' * 10_000; text.value = ''",
    "exception": "raise ValueError('x' * 2_000_000)",
    "figures": (
        "import matplotlib.pyplot as plt\nimport numpy as np\n"
        "for _ in range(9):\n    plt.figure(figsize=(5, 5)); plt.imshow(np.random.rand(300, 300))"
    ),
    "subprocess": "import os\nos.system(\"head -c 20000000 /dev/zero | tr '\\\\0' x\")",
    "descriptor": "import os\nos.write(2, b'x' * 2_000_000)",
}


LONGEST = ("display_of_nothing", "figures", "two_streams", "update")
"""What takes seconds until it is too much, in one of the ways that others show, too."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in LONGEST else name for name in TOO_MUCH]
)
def test_a_cell_that_prints_too_much_fails(name: str, tmp_path: Path) -> None:
    if name == "subprocess" and sys.platform == "win32":
        pytest.skip("needs POSIX commands")
    nb, path = notebook("print('first')", TOO_MUCH[name], "print('never')"), tmp_path / "out.ipynb"
    with pytest.raises(papermill.PapermillExecutionError) as caught:
        papermill.execute_notebook(nb, path, engine_name="reportkit", progress_bar=False, max_output=LIMIT)
    first, failed, last = without_markers(path).cells
    assert text_of(first) == "first\n"
    assert last.outputs == []
    assert failed.metadata.papermill.status == "failed"
    assert path.stat().st_size < LIMIT + 100_000
    error = failed.outputs[-1]
    assert error.ename == "OutputLimitError"
    message = r"the notebook has printed and displayed [0-9,]+ bytes, and may no more than 1,000,000 \(max_output\)"
    assert re.fullmatch(message, error.evalue)
    assert caught.value.ename == ("ValueError" if name == "exception" else "OutputLimitError")


def test_what_is_printed_counts_over_all_cells_and_a_cell_that_may_fail_does_not_end_the_run() -> None:
    fails = new_code_cell("print('x' * 600)", id="fails", metadata={"tags": FAILS})
    nb = notebook("print('x' * 500)", fails, "y = 1", "y", "print('never')")
    nb.metadata.papermill = {}
    InProcessEngine.execute_notebook(nb, "python3", progress_bar=False, max_output=1000)
    kinds = [[output.output_type for output in cell.outputs] for cell in nb.cells]
    assert kinds == [["stream"], ["stream", "error"], [], ["error"], []]
    assert 300 < text_of(nb.cells[1]).count("x") < 500


def test_without_a_limit_everything_is_recorded() -> None:
    assert len(text_of(run("print('x' * 60_000_000)", max_output=None).cells[0])) == 60_000_001


FALLING_THROUGH = """
import os
child = os.fork()
if child == 0:
    open("child", "w").close()
    {what}
else:
    print("status", os.waitpid(child, 0)[1])
"""
WAYS_THROUGH = {"pass": 0, "1 / 0": 256, "raise KeyboardInterrupt": 256}
RUN_THEM = """
import os, papermill, sys
from nbformat.v4 import new_code_cell, new_notebook

for number, source in enumerate(sys.argv[1:]):
    os.mkdir(str(number))
    os.chdir(str(number))
    nb = new_notebook(metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}})
    nb.cells = [new_code_cell(source), new_code_cell("with open('lines', 'a') as file: file.write('line ')")]
    done = papermill.execute_notebook(nb, "out.ipynb", engine_name="reportkit", progress_bar=False)
    print(done.cells[0].outputs[0].text)
    os.chdir("..")
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_process_forked_in_a_cell_ends_with_the_cell(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RUN_THEM, *(FALLING_THROUGH.format(what=what) for what in WAYS_THROUGH)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stdout == "".join(f"status {status}\n\n" for status in WAYS_THROUGH.values()), done.stderr
    for number in range(len(WAYS_THROUGH)):
        assert (tmp_path / f"{number}/child").exists()
        assert (tmp_path / f"{number}/lines").read_text() == "line "


# --- inside a running loop --------------------------------------------------------------------------------------------


def test_runs_inside_a_running_loop_as_in_jupyter() -> None:
    async def caller() -> NotebookNode:
        return run(
            "import asyncio\nasync def g():\n    await asyncio.sleep(0)\n    print('awaited')",
            "await g()",
            "import matplotlib.pyplot as plt\nplt.plot([1]);",
            "task = asyncio.ensure_future(g()) if False else 1",
            "await asyncio.to_thread(print, 'threaded')",
        )

    before = threading.enumerate()
    nb = asyncio.run(caller())
    assert [text_of(cell) for cell in nb.cells] == ["", "awaited\n", "", "", "threaded\n"]
    assert "image/png" in nb.cells[2].outputs[0].data
    assert threading.enumerate() == before


def test_failing_await_inside_a_running_loop_is_an_error_of_its_cell(tmp_path: Path) -> None:
    async def caller() -> papermill.PapermillExecutionError:
        return run_to_failure(tmp_path / "out.ipynb", "import asyncio\nawait asyncio.sleep(0)\n1 / 0")[1]

    assert asyncio.run(caller()).ename == "ZeroDivisionError"


# --- same input, same bytes -------------------------------------------------------------------------------------------


def test_two_runs_give_the_same_bytes_with_a_widget_and_a_plot() -> None:
    cells = (
        "import ipywidgets as w, matplotlib.pyplot as plt, warnings\nw.HBox([w.IntSlider(3), w.Output()])",
        "plt.plot([1, 2]); plt.title('镇')\nwarnings.warn('seen each time')",
        new_code_cell("def f(): return 1 / 0\nf()", id="fails", metadata={"tags": FAILS}),
    )
    texts = []
    for _ in range(3):
        nb = notebook(*cells)
        nb.metadata.papermill = {}
        InProcessEngine.execute_notebook(nb, "python3", progress_bar=False)
        texts.append(nbformat.writes(strip_times(nb)))
    assert texts[0] == texts[1] == texts[2]


DRAWN_BY_LOT = """
import json, sys
{first}
import papermill
from nbformat.v4 import new_code_cell, new_notebook
from reportkit.engine import strip_times

nb = new_notebook(metadata={{"kernelspec": {{"name": "python3", "language": "python", "display_name": "Python 3"}}}})
nb.cells = [new_code_cell(source, id=f"c{{n}}") for n, source in enumerate([
    "import pandas as pd\\nframe = pd.DataFrame({{'n': [1, 2]}})\\nframe.style",
    "frame.style.highlight_max()",
    "%config InlineBackend.figure_formats = ['svg']\\nimport matplotlib.pyplot as plt\\nplt.plot([1, 2])",
    "plt.style.use('default')\\nplt.fill_between([1, 2], [3, 4]); plt.title('镇')",
])]
done = papermill.execute_notebook(nb, None, engine_name="reportkit", progress_bar=False)
print(json.dumps(strip_times(done), sort_keys=True))

import matplotlib, os, uuid
from pandas.io.formats import style_render
assert style_render.uuid4 is uuid.uuid4
assert matplotlib.rcParams["svg.hashsalt"] is matplotlib.rcParamsDefault["svg.hashsalt"] is None
assert "SOURCE_DATE_EPOCH" not in os.environ
"""


@pytest.mark.slow
@pytest.mark.parametrize("first", ["", "import pandas.io.formats.style, matplotlib.pyplot"])
def test_two_processes_give_the_same_bytes_with_stylers_and_svg(first: str) -> None:
    texts = []
    for seed in ("1", "2"):
        command = [sys.executable, "-W", "ignore", "-c", DRAWN_BY_LOT.format(first=first)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
        texts.append(done.stdout)
    assert texts[0] == texts[1]
    assert len(set(re.findall("T_([0-9a-f]{5})", texts[0]))) == 2
    assert "<svg" in texts[0]


def test_a_source_date_and_a_salt_of_the_users_own_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    monkeypatch.setitem(matplotlib.rcParams, "svg.hashsalt", "mine")
    cell = run(
        "import matplotlib.pyplot as plt, io\nfile = io.StringIO()\nplt.figure().savefig(file, format='svg')\nplt.close()\n"
        "'1970-01-02' in file.getvalue(), plt.rcParams['svg.hashsalt']"
    ).cells[0]
    assert cell.outputs[0].data["text/plain"] == "(True, 'mine')"


def test_strip_times_leaves_tags_parameters_and_statuses_only() -> None:
    nb = new_notebook(cells=[new_code_cell("n = 1", id="c0", metadata={"tags": ["parameters"]}), new_code_cell("n")])
    nb.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    done = papermill.execute_notebook(nb, None, {"n": 2}, engine_name="reportkit", progress_bar=False)
    for cell in done.cells:
        cell.metadata.execution = {"iopub.status.busy": "2026-01-01T00:00:00Z"}
    done.metadata.language_info.version = "3.13.1"
    assert strip_times(done) is done
    assert done.metadata.papermill == {"default_parameters": {}, "parameters": {"n": 2}, "exception": None}
    assert "version" not in done.metadata.language_info
    assert done.cells[1].id == "injected-parameters"
    assert done.cells[1].metadata == {
        "tags": ["injected-parameters"],
        "jupyter": {"source_hidden": True},
        "papermill": {"exception": False, "status": "completed"},
    }


# --- parameters -------------------------------------------------------------------------------------------------------

text = st.text(st.characters(), max_size=30) | st.sampled_from(["桑洲镇", "a\nb", "'\"\\", "😀", "\ud800", "\u3000"])
scalar = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text
values = st.recursive(
    scalar, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text | st.integers(), inner, max_size=4)
)


@given(values)
def test_translated_value_is_the_same_value(value: Any) -> None:
    assert ast.literal_eval(ReadableTranslator.translate(value)) == value


@given(st.dictionaries(st.sampled_from(["town", "table_1", "x"]), values))
def test_injected_cell_assigns_the_parameters_in_their_order(parameters: dict[str, Any]) -> None:
    tree = ast.parse(translate_parameters("python3", "python", parameters, "Parameters"))
    assigned = {node.targets[0].id: ast.literal_eval(node.value) for node in tree.body}  # type: ignore[attr-defined]
    assert assigned == parameters
    assert list(assigned) == list(parameters)


def test_injected_cell_is_readable() -> None:
    parameters = {
        "town": "桑洲镇",
        "quote": '他说"好"',
        "year": 2025,
        "empty": {},
        "flat": {"a": 1, "b": None},
        "table": {"受理": {"2024": [1, 2.5, 3], "2025": []}, "办结": True},
        "long": list(range(60)),
        "names": ["一个相当长的名字" * 9, "另一个相当长的名字" * 9],
    }
    assert translate_parameters("python3", "python", parameters, "Parameters") == "\n".join(
        [
            "# Parameters",
            "town = '桑洲镇'",
            "quote = '他说\"好\"'",
            "year = 2025",
            "empty = {}",
            "flat = {'a': 1, 'b': None}",
            "table = {",
            "    '受理': {'2024': [1, 2.5, 3], '2025': []},",
            "    '办结': True,",
            "}",
            f"long = {list(range(60))}",
            "names = [",
            f"    '{'一个相当长的名字' * 9}',",
            f"    '{'另一个相当长的名字' * 9}',",
            "]",
            "",
        ]
    )


def test_floats_that_are_no_numbers_are_written_as_calls() -> None:
    assert ReadableTranslator.translate([float("inf"), float("-inf")]) == "[float('inf'), float('-inf')]"
    assert ReadableTranslator.translate(float("nan")) == "float('nan')"


def test_parameters_reach_the_cells() -> None:
    parameters = {"town": "桑洲镇", "rows": {"a": [1, None]}}
    tagged = new_code_cell("town = ''\nrows = {}", id="p", metadata={"tags": ["parameters"]})
    assert text_of(run(tagged, "print(town, rows)", parameters=parameters).cells[-1]) == "桑洲镇 {'a': [1, None]}\n"


@given(st.dictionaries(st.sampled_from(["town", "table_1", "x", "class", "ﬁ"]), values, min_size=1))
def test_the_cell_of_parameters_gives_what_it_gives_when_it_is_parsed(parameters: dict[str, Any]) -> None:
    from reportkit.engine.compiler import CellCompiler, CellTransformer

    source = ReadableTranslator.codify(parameters)
    compiler = CellCompiler()
    text = CellTransformer(compiler).transform_cell(source)
    given, parsed = {}, {}
    try:
        exec(compile(source, "cell", "exec"), parsed)
    except SyntaxError:
        assert "class" in parameters
        return
    for node in compiler.ast_parse(text).body:  # type: ignore[attr-defined]
        exec(compiler(ast.Module([node], []), "cell", "exec"), given)
    parsed.pop("__builtins__"), given.pop("__builtins__")
    assert repr(given) == repr(parsed)


def test_what_a_cell_does_to_its_parameters_does_not_reach_the_next_run_or_the_caller() -> None:
    parameters: dict[str, Any] = {"rows": [1], "again": []}
    parameters["again"] = parameters["rows"]
    tagged = new_code_cell("rows = again = None", id="p", metadata={"tags": ["parameters"]})
    for _ in range(2):
        done = run(tagged, "rows.append(2)\nprint(rows, again)", parameters=parameters)
        assert text_of(done.cells[-1]) == "[1, 2] [1]\n"
    assert parameters == {"rows": [1], "again": [1]}


def test_a_notebook_that_changes_syntax_trees_changes_that_of_its_parameters_too() -> None:
    doubling = (
        "import ast\nclass Doubled(ast.NodeTransformer):\n"
        "    def visit_Constant(self, node):\n"
        "        return ast.Constant(node.value * 2) if type(node.value) is int else node\n"
        "get_ipython().ast_transformers.append(Doubled())"
    )
    tagged = new_code_cell("year = 0", id="p", metadata={"tags": ["parameters"]})
    done = run(doubling, tagged, "print(year)", parameters={"year": 1000})
    assert text_of(done.cells[-1]) == "2000\n"


# --- importing --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("first", ["reportkit.engine", "papermill", "reportkit.engine.inprocess_engine"])
def test_papermill_knows_engine_and_translator_whatever_is_imported_first(first: str) -> None:
    code = (
        f"import {first}, sys, papermill.engines as e, papermill.translators as t; "
        "print(e.papermill_engines.get_engine('reportkit').__name__, "
        "t.papermill_translators.find_translator('python3', 'python').__name__, 'IPython' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # Papermill imports every engine there is, and the one that the benchmarks compare with imports IPython.
    other = find_spec("ploomber_engine") is not None
    assert done.stdout == f"InProcessEngine ReadableTranslator {other}\n"


@given(st.text(st.sampled_from("a1 中\n𠀀"), max_size=40))
def test_cells_are_named_by_the_hash_of_ipykernel(source: str) -> None:
    from ipykernel.compiler import murmur2_x86

    from reportkit.engine.compiler import murmur2

    assert murmur2(source.encode(), 7) == murmur2_x86(source, 7)


def test_a_shell_that_asks_for_no_settings_it_does_not_have_has_those_of_any_other():
    from reportkit.engine.configuration import unasked_configuration
    from reportkit.engine.shell import ReportShell

    def settings(shell: Any) -> list[Any]:
        plain = (bool, int, str, type(None))
        return [
            (type(part).__name__, name, value)
            for part in [shell, *shell.configurables, shell.history_manager]
            for name in sorted(part.traits(config=True))
            if isinstance(value := getattr(part, name), plain)
        ]

    with preserved_process():
        asked = ReportShell()
        with unasked_configuration():
            unasked = ReportShell()
    for shell in (asked, unasked):
        atexit.unregister(shell.atexit_operations)
    assert settings(unasked) == settings(asked)
    assert not unasked.history_manager.enabled
