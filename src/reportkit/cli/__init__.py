"""The command line: the only room that prints or exits."""

from __future__ import annotations

import signal

import typer

from reportkit.cli import (  # noqa: F401  (each adds its command)
    build,
    check,
    drafting,
    edits,
    form,
    imports,
    init,
    kinds,
    master,
    new,
    output,
    overview,
    preview,
    rollup,
    rules,
    sbom,
    schema,
    sentence_names,
    undo,
)
from reportkit.cli.app import app
from reportkit.cli.streams import steady_streams
from reportkit.translation import _

_HANGUP = ("SIGHUP", "SIGBREAK")
"""The terminal was closed, on POSIX and on Windows."""


def main() -> int:
    """Run the command line and return its exit code; a mistake in the call or in a file is a message, not a traceback.

    A polite end (SIGTERM, a terminal that is closed) is an end like Ctrl-C.
    """
    _end_politely()
    with steady_streams() as lost:
        code = _run()
        if reason := lost():
            lost_words = _("error: standard output: {reason}; what is missing there has been told to nobody")
            output.say(lost_words.format(reason=reason), aside=True)
            code = code or 2
    return code


def _run() -> int:
    from reportkit.errors import UserError, WriteError, reason_of, unwritten

    output.prepare_libraries()
    try:
        return int(app(standalone_mode=False) or 0)
    except output.ClickError as error:
        output.tell_mistake(error)
        return 2
    except UserError as error:
        output.say_lines(_("error: {message}"), str(error).splitlines(), aside=True)
        return 1 if isinstance(error, WriteError) else 2
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except OSError as error:
        if error.filename is not None:
            output.say(_("error: {message}").format(message=unwritten(error)), aside=True)
            return 1
        words = _("error: {reason}; check the disk, and what the command is connected with")
        output.say(words.format(reason=reason_of(error)), aside=True)
        return 2  # a stream that was put before ours
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except Exception:
        output.tell_fault()
        return 1


def _end_politely() -> None:
    """Make KeyboardInterrupt of each such signal, unless the command was started to be deaf to it (nohup)."""
    if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    for name in _HANGUP:
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, lambda *_: signal.raise_signal(signal.SIGTERM))  # which a server has its own way with
