"""Processes that a cell leaves behind, and whether they have ended."""

import time
from pathlib import Path

# What a cell may leave behind: a child, one with a session of its own, and one whose parent is gone.
STRAYS = """
import os, subprocess, time
from pathlib import Path
sleep = ["sleep", "1000"]
pids = [subprocess.Popen(sleep).pid, subprocess.Popen(sleep, start_new_session=True).pid]
reading, writing = os.pipe()
if os.fork() == 0:
    os.setsid()
    os.write(writing, str(subprocess.Popen(sleep, start_new_session=True).pid).encode())
    os._exit(0)
pids.append(int(os.read(reading, 20)))
Path("pids.part").write_text(" ".join(map(str, [os.getpid(), *pids])))
done = Path("pids.part").rename("pids")
"""
HANG = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: time.sleep(1)\n"


def alive(pid: int) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def all_ended(pids: list[int], seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.02)
    return not any(map(alive, pids))


def awaited(path: Path, seconds: float = 60) -> list[int]:
    until = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    return [int(pid) for pid in path.read_text().split()]
