"""Files here and elsewhere: local paths are pathlib's, addresses such as s3://bucket/params are universal_pathlib's.

A UPath does what a Path does, with more requests than needed, and with whatever exceptions its store has. So what
reads, writes and lists goes through the functions here: few requests, and each fault told as a UserError.
"""

from __future__ import annotations

import errno
import itertools
import logging
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, cast

from reportkit.errors import UserError
from reportkit.translation import N_, _

log = logging.getLogger(__name__)

_AT_ONCE = 256
"""So many files are read side by side: from a store each takes some hundredths of a second, whatever its size."""

_ADDRESS = re.compile(r"[A-Za-z][\w+.-]*://")
_EXTRAS = {"s3": "s3", "s3a": "s3"}
_WITHOUT_HOST = ("file", "local", "memory")


def location(text: str, base: Path | None = None) -> Path:
    """Return the place that a text names: below `base` if it is a relative path, elsewhere if it is an address.

    A UPath is no Path, but is used like one; see `is_remote`. Raises UserError if the address needs a package that is
    not there, or is none that fsspec knows.
    """
    if not _ADDRESS.match(text):
        return (base or Path()) / text
    protocol, _sign, rest = text.partition("://")
    if not rest.strip("/") and protocol not in _WITHOUT_HOST:
        words = _("{address}: the address names no bucket or host; one is s3://bucket/folder")
        raise UserError(words.format(address=text))
    extra = _EXTRAS.get(protocol, "remote")
    try:
        from fsspec import get_filesystem_class
        from upath import UPath
    except ImportError:
        words = _("{address}: addresses need more packages: pip install 'reportkit[{extra}]'")
        raise UserError(words.format(address=text, extra=extra)) from None
    try:
        # What a store lists is not to be remembered: other processes write there, too.
        path = UPath(text, use_listings_cache=False)
        get_filesystem_class(path.protocol)
    except ImportError as error:
        cure = f"pip install 'reportkit[{extra}]'" if extra != "remote" else str(error)
        words = _("{address}: a package for this kind of address is missing: {cure}")
        raise UserError(words.format(address=text, cure=cure)) from None
    except (ValueError, TypeError, KeyError) as error:
        words = _("{address}: not an address that fsspec knows ({error}); one is s3://bucket/folder")
        raise UserError(words.format(address=text, error=error)) from None
    return Path(path.path) if path.protocol in ("file", "local") else cast(Path, path)


def printed_location(text: str, like: Path) -> Path:
    """Return the location that was printed as `text`; some stores print no host, and then it is that of `like`."""
    if is_remote(like) and text.startswith(f"{_any(like).protocol}://"):
        return cast(Path, _any(like).with_segments(text))
    return location(text)


def is_remote(path: PurePath | str) -> bool:
    """Whether a location is an address in a store; a path of this machine may be given as a text."""
    return not isinstance(path, (PurePath, str))


def identity(path: Path) -> str:
    """Return what tells an address from all others, those of the same name on another host too."""
    return f"{path} {sorted(_any(path).storage_options.items())}"


def below(path: Path, folder: Path) -> PurePath | None:
    """The path from the folder on, or None if it lies elsewhere."""
    if is_remote(path) != is_remote(folder):
        return None
    try:
        inside = path.relative_to(folder)
    except ValueError:
        return None
    return PurePosixPath(inside.as_posix()) if is_remote(path) else inside


def real(path: Path) -> Path:
    """Return where a path leads, its links followed as far as they lead anywhere; an address is what it is."""
    # and not Path.resolve(), which raises an exception of its own for links that go round in a circle
    return path if is_remote(path) else Path(os.path.realpath(path))


def read(path: Path) -> bytes:
    """Return what a file holds. Raises FileNotFoundError, OSError for a local file, UserError for a remote one."""
    if not is_remote(path):
        return read_local(path)
    with _reaching(path):
        return cast(bytes, _store(path).cat_file(_any(path).path))


def read_or_none(path: Path) -> bytes | None:
    """Return what a file holds, None if it is not there or, on a disk, cannot be read, which whoever reads it tells.

    Raises UserError if a store cannot be read.
    """
    if is_remote(path):
        return next(read_remote([path]))
    try:
        return read_local(path)
    except OSError:
        return None


def read_local(path: Path, limit: int | None = None) -> bytes:
    """Return what a local file holds. Raises OSError, also for what is no file: a pipe would keep us for ever.

    Raises FileTooLargeError for one of more than `limit` bytes.
    """
    about = os.stat(path)  # noqa: PTH116  (for each report of thousands)
    if stat.S_ISDIR(about.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.ENODEV, N_("not a regular file"), str(path))
    if limit is not None and about.st_size > limit:
        raise FileTooLargeError(path, about.st_size)
    return path.read_bytes()


class FileTooLargeError(OSError):
    """A file is larger than a file of its kind can be; `size` says how large."""

    def __init__(self, path: Path, size: int) -> None:
        super().__init__(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        self.size = size


def may_be_there(path: Path) -> bool:
    """Return whether a local file or folder is there, as far as can be told.

    One that is out of reach may be: without rights, or behind a link to a share that is not there today.
    """
    try:
        os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        return behind_dead_link(path)
    except (NotADirectoryError, ValueError):
        return False
    except OSError as error:
        return error.errno != errno.ENAMETOOLONG
    return True


def behind_dead_link(path: Path) -> bool:
    """Return whether a local path that is not there is, or lies behind, a link that leads nowhere."""
    place = str(path)  # and not the Path's own parents, as a build asks for each report
    while place:
        try:
            return stat.S_ISLNK(os.lstat(place).st_mode)
        except OSError:
            place, before = os.path.dirname(place), place  # noqa: PTH120
            if place == before:
                break
    return False


def read_remote(paths: Iterable[Path]) -> Iterator[bytes | None]:
    """Yield what each of the files holds, many at a time; None for a local file, or one that is not there.

    Raises UserError if a store cannot be read.
    """
    remaining = iter(paths)
    while chunk := list(itertools.islice(remaining, _AT_ONCE)):
        yield from _read_chunk(chunk)


def _read_chunk(paths: Sequence[Path]) -> Iterator[bytes | None]:
    remote = [path for path in paths if is_remote(path)]
    found: dict[Path, Any] = {}
    for fs in {id(fs): fs for fs in map(_store, remote)}.values():
        own = [path for path in remote if _store(path) is fs]
        with _reaching(own[0]):
            # and not cat(), to which [ and ? in a name are patterns
            found |= zip(own, fs.cat_ranges([_any(path).path for path in own], None, None), strict=True)
    for path in paths:
        content = found.get(path)
        if isinstance(content, Exception) and not isinstance(content, FileNotFoundError):
            raise _user_error(path, content)
        yield content if isinstance(content, bytes) else None


def listing(folder: Path) -> dict[PurePosixPath, int]:
    """Return the sizes of all files below a remote folder, by their path in it; for a file, its own by ".".

    Raises UserError if the store cannot be read.
    """
    try:
        with _reaching(folder):
            fs, base = _store(folder), _any(folder).path.rstrip("/")
            # A web server that lists nothing may still have the file.
            found = fs.find(base, detail=True) or ({base: {}} if fs.isfile(base) else {})
    except FileNotFoundError as error:  # not the folder, which need not be there, but the bucket
        raise _user_error(folder, error) from None
    return {PurePosixPath(name[len(base) :].lstrip("/")): about.get("size") or 0 for name, about in found.items()}


def write(files: Mapping[Path, bytes]) -> None:
    """Write files into a store, side by side. An object store replaces each in one step.

    Raises UserError if the store cannot be written.
    """
    first = next(iter(files))
    try:
        with _reaching(first):
            fs = _store(first)
            for parent in {path.parent for path in files} if _has_folders(first) else ():
                fs.makedirs(_any(parent).path, exist_ok=True)
            fs.pipe({_any(path).path: content for path, content in files.items()})
    except FileNotFoundError as error:
        raise _user_error(first, error) from None


def _has_folders(path: Path) -> bool:
    """Whether a store has folders that must be made first; to make one in an object store would make its bucket."""
    from upath.implementations.cloud import CloudPath

    return not isinstance(path, CloudPath)


def remove(path: Path) -> bool:
    """Remove a file, if it is there, and return whether it may have been: some stores do not say."""
    if not is_remote(path):
        if there := path.exists():
            path.unlink()
        return there
    try:
        with _reaching(path):
            _store(path).rm_file(_any(path).path)
    except FileNotFoundError:
        return False
    return True


def move(path: Path, target: Path) -> None:
    """Give a file another name in its folder."""
    if not is_remote(path):
        path.rename(target)
        return
    with _reaching(path):
        fs = _store(path)
        fs.cp_file(_any(path).path, _any(target).path)
        fs.rm_file(_any(path).path)


@contextmanager
def _reaching(path: Path) -> Iterator[None]:
    """Tell what a store raises as a UserError, except that a file is not there."""
    try:
        yield
    except FileNotFoundError:
        raise
    except Exception as error:
        raise _user_error(path, error) from None


def _user_error(path: Path, error: Exception) -> UserError:
    """Stores raise what they like: OSError with and without number, their own and their libraries' exceptions."""
    log.debug("%s", path, exc_info=error)
    said = str(error).strip() or type(error).__name__
    words = _("{path}: {error} ({kind}); check the address, your rights there and the network")
    return UserError(words.format(path=path, error=said, kind=type(error).__name__))


def _store(path: Path) -> Any:
    """The file system of a UPath in this process; the path itself remembers the one of the process before a fork."""
    from fsspec import filesystem

    return filesystem(_any(path).protocol, **_any(path).storage_options)


def _any(path: Path) -> Any:
    """A UPath as what it is; with universal_pathlib not installed there is no type to name."""
    return path
