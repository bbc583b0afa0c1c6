"""No waiting for the disk: what tests write need not outlive a power cut, and thousands of files wait for it."""

import os


def wait_for_no_disk() -> None:
    """Let this process, and those that are forked from it, leave the time of writing to the system."""
    os.fsync = _at_once


def _at_once(_: object) -> None:
    return None
