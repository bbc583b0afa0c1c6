"""What takes longer than a person waits, done in a thread, one after the other."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

Errand = Callable[[], None]


class Errands:
    """Does errands in their order; `fail` hears why one could not be done, and the next is done."""

    def __init__(self, fail: Callable[[Exception], None]) -> None:
        self._fail = fail
        self._waiting: deque[Errand] = deque()
        self._busy = False
        self._lock = threading.Lock()

    def add(self, errand: Errand) -> None:
        """Do an errand after those that wait already; returns at once."""
        with self._lock:
            self._waiting.append(errand)
            if self._busy:
                return
            self._busy = True
        threading.Thread(target=self._work, daemon=True, name="reportkit errands").start()

    def _work(self) -> None:
        while errand := self._next():
            try:
                errand()
            except Exception as error:
                self._fail(error)

    def _next(self) -> Errand | None:
        with self._lock:
            self._busy = bool(self._waiting)
            return self._waiting.popleft() if self._busy else None
