"""Share work out to a cluster of Dask workers: those of a scheduler that runs already, or of this machine alone.

What is sent holds the key of the workspace, and what comes back holds what rules found: both go over TLS, or stay on
this machine. Who reaches a scheduler can run any code on its workers: its certificates are the keys to all of it.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from policycore.engine.buckets import PER_WORKER, Bucket, SharedWork
from policycore.engine.code import own_parts
from policycore.engine.judging.judgement import Judgement
from policycore.errors import DataError, PluginError, PolicycoreError, Problem, UsageError
from policycore.estate.attached import extractor
from policycore.estate.snapshot import digest_of
from policycore.files.taken import Taken
from policycore.language import Language, current_language, use_language
from policycore.plugin_api.hookspecs import PROJECT
from policycore.plugin_api.lock import locked
from policycore.text.shown import shown_line, shown_words

__all__ = ["Cluster", "open_cluster", "where_of"]

Item = TypeVar("Item")
Answer = TypeVar("Answer")

MOST_LOCAL = 64
MOST_FILES = 20
"""Files in one task: enough that loading what reads pictures is lost in them."""
_CONNECT_SECONDS = 10
_ALONE_SECONDS = 60
"""How long work waits for a worker where there is none."""
_LOOK_SECONDS = 5
_local = re.compile(r"local(?::([0-9]{1,9}))?")
_address = re.compile(r"(?:(tcp|tls)://)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})/?")
_LOGS = ("distributed", "distributed.client")


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster in whose workers the same program judges as here."""

    client: Any
    parts: Mapping[str, str]
    """What every worker must have: packages by name, with version and hash."""
    local: bool
    """Whether all of it is on this machine, so that temporary folders are seen there."""
    hosts: tuple[str, ...]
    """The only hosts that work is sent to; all where empty."""

    @property
    def workers(self) -> int:
        """Return how many workers there are now."""
        return max(1, len(self.client.nthreads()))

    def judge(self, work: SharedWork, buckets: Sequence[Bucket]) -> Iterator[tuple[int, Mapping[str, Judgement]]]:
        """Begin to judge all `buckets`; see `policycore.engine.buckets.Executor`."""
        from policycore.engine.bucket_work import BucketJudge

        names = [f"judge-bucket-{bucket.number}" for bucket in buckets]
        return self.map(BucketJudge(work), buckets, names)

    def read_files(self, files: Mapping[str, Path], look_at: str) -> list[Taken]:
        """Return what workers take out of files, given by their hashes, in their order.

        Every worker must see them under the same path; DataError where one does not.
        """
        listed = [(sha256, path.absolute()) for sha256, path in files.items()]
        size = max(1, min(MOST_FILES, len(listed) // (PER_WORKER * self.workers)))
        parts = [listed[begin : begin + size] for begin in range(0, len(listed), size)]
        names = [f"read-files-{number}" for number in range(len(parts))]
        read = dict(self.map(partial(_read_part, look_at, extractor(look_at)), parts, names)) if parts else {}
        return [one for place in range(len(parts)) for one in read[place]]

    def map(
        self, work: Callable[[Item], Answer], items: Sequence[Item], names: Sequence[str]
    ) -> Iterator[tuple[int, Answer]]:
        """Begin with all `items` and return an iterator of their places and answers, in the order in which they come.

        The dashboard shows each under its name. Raises PolicycoreError where a worker has another program, or cannot
        be had any more.
        """
        import cloudpickle

        run = secrets.token_hex(4)
        how = {"workers": list(self.hosts) or None, "pure": False}
        told = _Told(cloudpickle.dumps(work), self.parts, current_language())
        # A result of its own and not data that is handed out: that would be gone with the worker that holds it.
        shared = self.client.submit(_same, told, key=f"policycore-work-{run}", **how)
        futures = {
            self.client.submit(_done, shared, item, key=f"policycore-{name}-{run}", **how): place
            for place, (item, name) in enumerate(zip(items, names, strict=True))
        }
        return self._answers(futures)

    def _answers(self, futures: Mapping[Any, int]) -> Iterator[tuple[int, Any]]:
        from distributed import wait

        waiting, seen = set(futures), time.monotonic()
        while waiting:
            try:
                with self.client.as_current():
                    ended = wait(waiting, timeout=_LOOK_SECONDS, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                ended = set()
                seen = time.monotonic() if self._reached(self.client.nthreads) else seen
                if time.monotonic() - seen > _ALONE_SECONDS:
                    raise PolicycoreError(Problem.of("operations.cluster.alone")) from None
            except BaseException as error:  # dask has no common kind of error
                self._lost(error)
            for future in ended:
                waiting.discard(future)
                answer = self._reached(future.result)
                if isinstance(answer, _Failed):
                    raise answer.kind(*answer.problems)
                yield futures[future], answer

    def _reached(self, ask: Callable[[], Answer]) -> Answer:
        """Return what the cluster answers; PolicycoreError where it does not."""
        try:
            return ask()
        except BaseException as error:  # dask has no common kind of error
            self._lost(error)

    def _lost(self, error: BaseException) -> NoReturn:
        """Raise what an error means that is not of our own making."""
        from distributed import CancelledError, KilledWorker

        if isinstance(error, KilledWorker):
            raise PolicycoreError(Problem.of("operations.cluster.killed", task=error.task)) from None
        if isinstance(error, (Exception, CancelledError)):
            raise PolicycoreError(Problem.of("operations.cluster.lost", words=shown_words(error))) from None
        raise error


@contextmanager
def open_cluster(address: str, distributions: Sequence[str] = ()) -> Iterator[Cluster]:
    """Open the cluster at ``tls://HOST:PORT``, or ``local[:N]`` with so many workers here, for a ``with`` block.

    Every worker must have what is installed here of this program and of `distributions`, those of plugins. Raises
    UsageError for an address that is none, one of another machine without TLS, certificates that cannot be read, and
    where the extra is missing; PluginError where a worker has something else; PolicycoreError where nobody answers.
    """
    number, where = where_of(address)
    if find_spec("distributed") is None:
        raise UsageError(Problem.of("operations.cluster.missing"))
    from distributed import Client

    with ExitStack() as held:
        held.enter_context(_quiet())
        if number:
            # Certificates of their own: whoever else works on this machine cannot reach these workers.
            reached: dict[str, Any] = {"address": held.enter_context(_local_workers(number))}
        else:
            reached = {"address": where, "security": _security(where)}
        try:
            client = held.enter_context(Client(**reached, timeout=_CONNECT_SECONDS, set_as_default=False))
            client.wait_for_workers(1, timeout=3 * _CONNECT_SECONDS)
        except (OSError, TimeoutError, ValueError, RuntimeError) as error:
            raise PolicycoreError(
                Problem.of("operations.cluster.unreached", address=address, words=shown_words(error))
            ) from None
        here = parts_here()
        parts = {name: here[name] for name in (*own_parts(), *distributions) if name in here}
        found = client.run(parts_here, on_error="return")
        _compare(parts, found)
        plain = not number and not where.startswith("tls:")
        hosts = {_address.fullmatch(worker)[2] for worker in found} if plain else set()  # type: ignore[index] # as Dask writes it
        if not all(map(_is_here, hosts)):
            raise UsageError(Problem.of("operations.cluster.plain", address=", ".join(sorted(found))))
        yield Cluster(client, parts, bool(number), tuple(sorted(hosts)))


def where_of(address: str) -> tuple[int, str]:
    """Return how many workers are wanted here, or 0 and the address of a scheduler; UsageError for neither."""
    local, remote = _local.fullmatch(address), _address.fullmatch(address)
    if local is not None:
        number = int(local[1]) if local[1] else len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
        if 0 < number <= MOST_LOCAL:
            return number, ""
    elif remote is not None and 0 < int(remote[3]) < 65536:
        if remote[1] != "tls" and not _is_here(remote[2]):
            raise UsageError(Problem.of("operations.cluster.plain", address=address))
        return 0, f"{remote[1] or 'tcp'}://{remote[2]}:{remote[3]}"
    raise UsageError(Problem.of("operations.cluster.address", address=address[:80], most=MOST_LOCAL))


def _is_here(host: str) -> bool:
    """Return whether what is sent to a host never leaves this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _security(address: str) -> Any:
    """Return what Dask's own settings say of certificates; UsageError where TLS needs more."""
    from distributed import Security

    security = Security(require_encryption=address.startswith("tls:"))
    if address.startswith("tls:"):
        try:
            known = security.get_connection_args("client").get("ssl_context") is not None
            words = ""
        except (OSError, ValueError) as error:
            known, words = False, shown_words(error)
        if not known:
            raise UsageError(Problem.of("operations.cluster.certificates", words=words))
    return security


def _local_workers(number: int) -> Any:
    """Return workers on this machine, each a process with one thread, for a ``with`` block."""
    from distributed import LocalCluster

    return LocalCluster(
        n_workers=number,
        threads_per_worker=1,
        host="127.0.0.1",
        security=True,
        dashboard_address="127.0.0.1:0",  # any other port may be taken, and the usual one is seen from outside
        scheduler_kwargs={"dashboard": False},
        memory_limit=0,  # one that is paused for its memory would never go on: buckets are as large as they are
        silence_logs=logging.CRITICAL,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Dask logs of lost connections from the screen: what matters comes as an error."""
    loggers = [logging.getLogger(name) for name in _LOGS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _compare(parts: Mapping[str, str], found: Mapping[str, object]) -> None:
    """Raise PluginError naming each worker that has something else than `parts`, and what."""
    problems = []
    for worker, there in sorted(found.items()):
        if not isinstance(there, Mapping):
            words = shown_words(there) if isinstance(there, BaseException) else "?"
            problems.append(Problem.of("operations.cluster.no-program", worker=worker, words=words))
            continue
        problems += [
            Problem.of("operations.cluster.differs", worker=worker, part=name, there=there.get(name, "—"), here=version)
            for name, version in parts.items()
            if there.get(name) != version
        ]
    if problems:
        raise PluginError(*problems)


# In the workers -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Told:
    """What a worker is told; a worker's log shows what a failed task was given, so the work stays out of its words."""

    work: bytes = field(repr=False)
    parts: Mapping[str, str]
    language: Language

    @cached_property
    def known(self) -> Callable[[Any], Any]:
        """Return the work, which goes with what it keeps when Dask lets go of this."""
        import cloudpickle

        work: Callable[[Any], Any] = cloudpickle.loads(self.work)
        return work

    def __reduce__(self) -> tuple[Any, ...]:
        """Send what was told, to another worker too, and nothing of what is kept here."""
        return _Told, (self.work, self.parts, self.language)


@dataclass(frozen=True, slots=True)
class _Failed:
    """Why a worker could not do its work."""

    kind: type[PolicycoreError]
    problems: tuple[Problem, ...]


_one_at_a_time = threading.Lock()
"""A rule is held to its time and its memory by what holds a whole process."""


@cache
def parts_here() -> dict[str, str]:
    """Return by package what judges in this process: the version, and for the program and plugins a hash."""
    plugins = locked(entry_points(group=PROJECT))
    return own_parts() | {name: f"{one.version} ({one.sha256[:16]})" for name, one in plugins.items()}


def _same(told: _Told) -> _Told:
    """Return what is told, as a result that can be made again."""
    return told


def _done(told: _Told, item: Any) -> Any:
    """Return what the work makes of an item, or why it makes nothing."""
    from distributed import get_worker

    worker = get_worker().address
    with use_language(told.language), _one_at_a_time:
        try:
            # A worker that came after the others were looked at.
            _compare(told.parts, {worker: parts_here()})
            return told.known(item)
        except DataError as error:
            # The same path is there, too, where the check was started: it is not what is meant.
            return _Failed(DataError, (Problem.of("operations.cluster.no-data", worker=worker), *error.problems))
        except PolicycoreError as error:
            return _Failed(type(error), error.problems)
        except Exception as error:  # what a rule raises may not be known where the answer is read
            problem = Problem.of("operations.cluster.failed", worker=worker, words=shown_words(error))
            return _Failed(PolicycoreError, (problem,))


def _read_part(look_at: str, by: str, files: Sequence[tuple[str, Path]]) -> list[Taken]:
    """Return what is in some files; PluginError where another program reads here, DataError where one is missing."""
    from distributed import get_worker

    from policycore.files.reading import read_files

    _compare({"import": by}, {get_worker().address: {"import": extractor(look_at)}})
    for sha256, path in files:
        if not path.is_file() or digest_of(path) != sha256:
            raise DataError(Problem.of("operations.cluster.no-file", file=shown_line(path.name)))
    return list(read_files([path for _, path in files], look_at, processes=1))
