"""A piece of work in a process of its own that stops before each system call with which it changes a file.

At each stop it may be told to go on, be refused the call with an error of the system, be killed, or left waiting. The
stops come from a filter in the kernel (seccomp), so that those calls stop it that its libraries make, too, SQLite for
instance, and all others cost nothing.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

AVAILABLE = sys.platform == "linux" and platform.machine() == "x86_64"

CPU_SECONDS = 30
"""What a piece of work may take; the system ends it after that."""

_CALLS = {
    1: "write", 18: "pwrite", 20: "writev", 74: "fsync", 75: "fdatasync", 76: "truncate", 77: "ftruncate", 82: "rename",
    83: "mkdir", 84: "rmdir", 86: "link", 87: "unlink", 88: "symlink", 90: "chmod", 91: "fchmod", 257: "openat",
    258: "mkdirat", 263: "unlinkat", 264: "renameat", 265: "linkat", 285: "fallocate", 316: "renameat2",
}  # fmt: skip
_BY_FILE = {"write", "pwrite", "writev", "fsync", "fdatasync", "ftruncate", "fchmod", "fallocate"}
_OPENAT = 257
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_TRACE_ME, _CONT, _PEEK_USER, _POKE_USER, _SET_OPTIONS = 0, 7, 3, 6, 0x4200
_FOLLOW = 0x2 | 0x4 | 0x8 | 0x80 | 0x100000  # forks, clones, seccomp's stops; all end with us
_SECCOMP_STOP = 7
_ALL = 0x40000000
"""Wait for threads as for processes."""
_NUMBER, _RESULT, _FIRST, _SECOND = 120, 80, 112, 104
"""Where the registers lie: the call's number, its result, its first and its second argument."""

_libc = ctypes.CDLL(None, use_errno=True)
if AVAILABLE:
    _libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    _libc.ptrace.restype = ctypes.c_long


class Event(NamedTuple):
    """A call that is about to change a file: its name, and the file."""

    call: str
    path: str


class Work:
    """A function at work in a child process below a folder; it stops before each change of a file there.

    What the function returns is the process's exit code, and what it prints is kept.
    """

    def __init__(self, function: Callable[[], int], root: Path) -> None:
        self._root = str(root)
        self._output = os.memfd_create("output")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of threads, which the child has none of
            self._pid = os.fork()
        if not self._pid:
            _work(function, self._root, self._output)
        os.waitpid(self._pid, 0)
        _ptrace(_SET_OPTIONS, self._pid, 0, _FOLLOW)
        self._stopped = self._pid
        self.code: int | None = None

    def __iter__(self) -> Iterator[Event]:
        """The stops, until the process has ended; asking for the next one lets it go on."""
        _ptrace(_CONT, self._stopped)
        while self.code is None:
            pid, status = os.waitpid(-self._pid, _ALL)
            if os.WIFEXITED(status) or os.WIFSIGNALED(status):
                if pid == self._pid:
                    self.code = os.waitstatus_to_exitcode(status)
                continue
            stop, number = status >> 16, os.WSTOPSIG(status)
            if stop == _SECCOMP_STOP and (event := self._event(pid)):
                self._stopped = pid
                yield event
                number = 0
            _ptrace(_CONT, pid, 0, 0 if number in (signal.SIGTRAP, signal.SIGSTOP) else number)

    def refuse(self, number: int) -> None:
        """Let the call that it has stopped before fail, with this error of the system."""
        _ptrace(_POKE_USER, self._stopped, _NUMBER, -1)
        _ptrace(_POKE_USER, self._stopped, _RESULT, -number)

    def end(self) -> None:
        """Kill it where it is, if it has not ended."""
        if self.code is None:
            os.killpg(self._pid, signal.SIGKILL)
            for _ in self:
                pass

    @property
    def printed(self) -> str:
        """What it has printed, and told as errors."""
        return os.pread(self._output, 1 << 20, 0).decode(errors="replace")

    def close(self) -> None:
        """Kill it and forget what it has printed."""
        self.end()
        os.close(self._output)

    def _event(self, pid: int) -> Event | None:
        """The event that a process has stopped before, if it is one of a file below the folder."""
        call = _CALLS[_peek(pid, _NUMBER)]
        first, second = _peek(pid, _FIRST), _peek(pid, _SECOND)
        if call in _BY_FILE:
            path = str(Path(f"/proc/{pid}/fd/{first}").readlink())
        else:
            path = str(Path(self._root, _text(pid, second if call.endswith(("at", "at2")) else first)))
        return Event(call, path[len(self._root) + 1 :]) if path.startswith(f"{self._root}/") else None


def _work(function: Callable[[], int], root: str, output: int) -> None:
    """Do the work in the child, and never return."""
    code = 99
    try:
        os.setpgid(0, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        sys.stdout, sys.stderr = os.fdopen(1, "w", encoding="utf-8"), os.fdopen(2, "w", encoding="utf-8")
        os.chdir(root)
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        _ptrace(_TRACE_ME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        _stop_at_changes()
        code = function()
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        os._exit(code)


def _stop_at_changes() -> None:
    """Ask the kernel to stop this process before each of the calls, of openat only those that can change something."""
    jump, give = 0x15, 0x06  # of the number that was loaded: compare it, or end with an answer
    ask, allow = 0x7FF00000, 0x7FFF0000
    numbers = [number for number in _CALLS if number != _OPENAT]
    lines = [(0x20, 0, 0, 0)]  # load the call's number
    lines += [(jump, len(numbers) - at + 2, 0, number) for at, number in enumerate(numbers)]
    lines += [
        (jump, 0, 3, _OPENAT),
        (0x20, 0, 0, 32),  # load its third argument, the flags
        (0x45, 0, 1, _WRITING),
        (give, 0, 0, ask),
        (give, 0, 0, allow),
    ]
    code = b"".join(struct.pack("HBBI", *line) for line in lines)
    held = ctypes.create_string_buffer(code)
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(lines), ctypes.addressof(held)))
    _libc.prctl(38, 1, 0, 0, 0)  # no new privileges, without which nobody may set a filter
    if _libc.prctl(22, 2, program):
        raise OSError(ctypes.get_errno(), "seccomp")


def _ptrace(request: int, pid: int, address: int = 0, data: int = 0) -> int:
    """Do a request; one that comes after a process has ended does nothing."""
    return int(_libc.ptrace(request, pid, address, data))


def _peek(pid: int, register: int) -> int:
    return _ptrace(_PEEK_USER, pid, register) & 0xFFFFFFFF_FFFFFFFF


def _text(pid: int, address: int) -> str:
    """The text at an address in a process."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        memory.seek(address)
        return os.fsdecode(memory.read(4096).partition(b"\0")[0])
