"""What is installed does not change while the tests run, nor do our own files, and every build looks them up."""

from functools import cache
from importlib import metadata

from reportkit.batch import fingerprint


def look_up_once() -> None:
    """Let this process keep what it has found out about the installation, and those that are forked from it."""
    metadata.version, metadata.requires = cache(metadata.version), cache(metadata.requires)
    fingerprint.own_files = cache(fingerprint.own_files)
    digest_of_files = fingerprint._digest_of_files
    digest_of_our_own = cache(lambda: digest_of_files(fingerprint.own_files(), fingerprint._PACKAGE))
    fingerprint._digest_of_files = lambda paths, below: (
        digest_of_our_own() if below == fingerprint._PACKAGE else digest_of_files(paths, below)
    )
