"""Reports on a Dask cluster: groups of jobs go to its workers, and each worker has a crew of its own to make them.

A Dask worker has threads, so it cannot fork a report from itself; its crew can. Every machine of the cluster needs the
same packages, and the project's folder at the same path; parameter files and reports may be in a store.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import pickle
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any, cast

import dask
from distributed import Client, Scheduler, SpecCluster, Worker, WorkerPlugin, get_worker
from distributed.comm.addressing import get_address_host_port
from distributed.security import Security

from reportkit.batch.fingerprint import environment
from reportkit.batch.processes.pool import Crew
from reportkit.batch.processes.worker import Settings
from reportkit.batch.scheduler import GroupingExecutor, group_size
from reportkit.errors import UserError
from reportkit.translation import _

LOCAL = "local"
"""The address of a cluster that is started for the build, within this process."""

_PATIENCE = 10
"""Seconds to wait for the scheduler to answer, and for a first worker."""

_QUIET = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "1s",
}
"""A cluster within this process does not watch itself, a hundred times a second: nobody sees what it finds."""

_MOST = 16
"""Jobs in a group. To hand one over costs Dask 3 ms, and a report takes from 15 ms on."""

_SHARES = 4
"""Groups for each thread, at least: the last ones to finish keep the others waiting for a quarter of their time."""


@contextlib.contextmanager
def cluster(address: str, settings: Settings, reports: int, size: int) -> Iterator[GroupingExecutor]:
    """Yield an executor whose calls run in the crews of a cluster's workers.

    `address` is the scheduler's, or "local" for `size` reports at a time on this machine; `reports` is their number.

    Raises UserError if nobody answers there, no worker comes, or one has other packages than this machine has.
    """
    with _connected(address, size) as client, _crews(client, address, settings) as crews:
        yield _Cluster(client, address, crews, reports)


@contextlib.contextmanager
def _connected(address: str, size: int) -> Iterator[Client]:
    with contextlib.ExitStack() as stack:
        target: str | SpecCluster = stack.enter_context(_local(size)) if address == LOCAL else address
        try:
            if target == address:
                # What a client would tell too, and then try for long to end itself.
                get_address_host_port(address)
                _check_encryption(address)
            client = stack.enter_context(Client(target, timeout=_PATIENCE, set_as_default=False))
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            words = _("--dask {address}: the scheduler has no workers; start one with: dask worker")
            raise UserError(words.format(address=address)) from None
        except (OSError, ValueError) as error:
            words = _("--dask {address}: no scheduler answers there ({error}); check the address")
            raise UserError(words.format(address=address, error=error)) from None
        yield client


def _check_encryption(address: str) -> None:
    """Raise UserError if the address and Dask's configuration disagree about TLS, OSError for a file that is none."""
    configured = Security()
    encrypted = address.startswith("tls://")
    if encrypted and configured.get_connection_args("client")["ssl_context"] is None:
        words = _("--dask {address}: Dask's configuration has no certificates; set distributed.comm.tls.*")
        raise UserError(words.format(address=address))
    if configured.require_encryption and not encrypted:
        words = _("--dask {address}: Dask's configuration asks for encryption; give the address as tls://…")
        raise UserError(words.format(address=address))


class _Unheard:
    """A node of a cluster without the pages that Dask has each serve: nothing of it listens on any port."""

    def start_http_server(self, *_: Any, **__: Any) -> None:
        """Nothing."""


class _Scheduler(_Unheard, Scheduler):
    """The scheduler of a cluster within this process."""


class _Worker(_Unheard, Worker):
    """The worker of a cluster within this process; its crew has the processes."""


def _local(size: int) -> SpecCluster:
    """A scheduler and a worker that speak with each other in memory, where no other user of the machine can reach them.

    Whoever reaches a scheduler runs code as the one who started it.
    """
    inside = {"protocol": "inproc://"}
    worker = {"cls": _Worker, "options": {**inside, "nthreads": size, "memory_limit": 0}}
    scheduler = {"cls": _Scheduler, "options": {**inside, "dashboard": False}}
    with dask.config.set(_QUIET):
        return SpecCluster({0: worker}, scheduler, silence_logs=logging.CRITICAL)


@contextlib.contextmanager
def _crews(client: Client, address: str, settings: Settings) -> Iterator[str]:
    """Yield the name under which each worker, also one that comes later, has a crew until the end of the block."""
    name = f"reportkit-{uuid.uuid4().hex}"
    try:
        client.register_plugin(_CrewOfWorker(settings), name)
        yield name
    except ModuleNotFoundError as error:
        words = _("--dask {address}: {error} on a worker; install there what is installed here")
        raise UserError(words.format(address=address, error=error)) from None
    finally:
        # Of a scheduler that has gone away, nothing needs to be taken back.
        with contextlib.suppress(Exception):
            client.unregister_worker_plugin(name)


class _CrewOfWorker(WorkerPlugin):
    """A Dask worker's crew, with a place for each of its threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._environment = environment(settings.project, settings.formats)
        self._problem = ""
        self._crew: Crew | None = None

    async def setup(self, worker: Any) -> None:
        """Make the crew ready. Raises UserError if reports made here would not be those of the other machines."""
        self._problem = await asyncio.to_thread(self._difference, worker.address)
        if self._problem:
            raise UserError(self._problem)
        self._crew = Crew(worker.state.nthreads, self._settings)

    def teardown(self, worker: Any) -> None:  # noqa: ARG002
        """End the crew, also in the middle of a report."""
        if self._crew:
            self._crew.shutdown()

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Return what the function returns in the crew."""
        if self._crew is None:
            raise UserError(self._problem)
        return self._crew.submit(function, *arguments).result()

    def _difference(self, address: str) -> str:
        try:
            here = environment(self._settings.project, self._settings.formats)
        except UserError as error:
            words = _("worker {address}: {error}; it needs the project's folder at the same path")
            return words.format(address=address, error=error)
        names = [name for name, value in self._environment.items() if here.get(name) != value]
        words = _("worker {address}: other {names} than here; install the same there")
        return words.format(address=address, names=", ".join(names)) if names else ""


def _call(crews: str, call: bytes) -> Any:
    """What a Dask worker does with a call: its crew does it."""
    function, arguments = pickle.loads(call)
    return cast(_CrewOfWorker, get_worker().plugins[crews]).call(function, arguments)


class _Cluster(GroupingExecutor):
    """The crews as an executor."""

    def __init__(self, client: Client, address: str, crews: str, reports: int) -> None:
        threads = sum(client.nthreads().values())
        self.group = group_size(reports, threads, _MOST, _SHARES)
        self.ahead = max(64, 3 * threads)
        self._client, self._address, self._crews = client, address, crews
        self._executor = client.get_executor(pure=False)

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **_options: Any) -> Future[Any]:
        """Return a future of a picklable function's result. Raises UserError if the scheduler has gone away."""
        if self._client.status != "running":
            words = _("--dask {address}: the scheduler is gone; the same command goes on from here")
            raise UserError(words.format(address=self._address))
        # Pickled here: Dask would look through all the jobs for futures of its own.
        return self._executor.submit(_call, self._crews, pickle.dumps((function, arguments)))  # type: ignore[no-any-return]
