"""The command from its first moment on: `reportkit`, and `python -m reportkit`."""

_MANY = 100_000
"""So many objects may come before Python looks for rings among them."""


def main() -> None:
    """Run the command line and end the process; Ctrl-C while it is being loaded ends it at once and without a word."""
    try:
        # Here, as Ctrl-C may come before them.
        import gc
        import os
        import signal
        import sys

        heard = signal.getsignal(signal.SIGINT)
        if heard is signal.default_int_handler:  # else it was started to be deaf to it
            signal.signal(signal.SIGINT, lambda *_: os._exit(130))
        # A tenth of a short command would be spent on looking for rings, and on taking apart at its end what there is.
        gc.set_threshold(_MANY, *gc.get_threshold()[1:])
        from reportkit.batch.processes.started_worker import start_ahead, taken

        start_ahead(sys.argv[1:])
        from reportkit.cli import main as command

        signal.signal(signal.SIGINT, heard)
        code = command()
        if unused := taken():
            unused.close()
        gc.freeze()
    except KeyboardInterrupt:
        code = 130
    raise SystemExit(code)


if __name__ == "__main__":
    main()
