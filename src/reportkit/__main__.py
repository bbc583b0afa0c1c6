"""The command from its first moment on: `reportkit`, and `python -m reportkit`."""


def main() -> None:
    """Run the command line and end the process; Ctrl-C while it is being loaded ends it at once and without a word."""
    try:
        # Here, as Ctrl-C may come before them.
        import os
        import signal
        import sys

        heard = signal.getsignal(signal.SIGINT)
        if heard is signal.default_int_handler:  # else it was started to be deaf to it
            signal.signal(signal.SIGINT, lambda *_: os._exit(130))
        from reportkit.batch.processes.started_worker import start_ahead, taken

        start_ahead(sys.argv[1:])
        from reportkit.cli import main as command

        signal.signal(signal.SIGINT, heard)
        code = command()
        if unused := taken():
            unused.close()
    except KeyboardInterrupt:
        code = 130
    raise SystemExit(code)


if __name__ == "__main__":
    main()
