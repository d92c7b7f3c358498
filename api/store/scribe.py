"""Group commit: one thread writes for the whole process, and what waits is made durable together.

A commit that survives a power cut costs some milliseconds of waiting for the disk, whether it holds one
booking or forty (DeWitt et al. 1984, "Implementation techniques for main memory database systems").
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

from sqlalchemy import Connection
from sqlmodel import Session

from api.store import scope
from api.store.writer import Writer

BATCH_AT_MOST = 64
BATCH_S = 0.05
"""How long a transaction goes on taking what waits: whoever came first waits that much longer at most."""

T = TypeVar("T")


@dataclass(slots=True)
class _Job(Generic[T]):
    """A piece of work in a transaction shared with others, undone alone when it fails."""

    work: Callable[[Writer], T]
    kept: Callable[[bool], None] | None
    areas: str | None
    """Those it may see, where the database keeps others from it."""
    done: threading.Event = field(default_factory=threading.Event)
    answer: T | None = None
    error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        """Do the work in a savepoint of its own."""
        try:
            with Session(
                connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
            ) as session:
                self.answer = self.work(Writer(session))
                session.commit()
        except Exception as error:  # noqa: BLE001  # raised again where somebody waits for it
            self._end(error)  # at once: the next one must not build on what is undone

    def settle(self, lost: BaseException | None) -> None:
        """Let whoever waits go on; ``lost`` is why the transaction as a whole failed."""
        if self.error is None:
            self._end(lost)
        self.done.set()

    def _end(self, error: BaseException | None) -> None:
        """Take down how it ended, and tell."""
        self.error = error
        if self.kept is None:
            return
        try:
            self.kept(error is None)
        except Exception as fault:  # noqa: BLE001  # raised again where somebody waits; the thread goes on
            self.error = error or fault


class Scribe:
    """The writing thread; started with the first work, ended by :meth:`close`.

    Parameters
    ----------
    begin
        Opens a transaction that is committed when the block ends.
    intact
        Raises if the database has given up the transaction by itself, e.g. on a full disk: then what was
        done before is undone as well, and a commit would not say so.
    narrow
        Lets what follows in the transaction see some areas only, where the database can do that.
    """

    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[Connection]],
        intact: Callable[[Connection], None],
        narrow: Callable[[Connection, str], None] | None = None,
    ) -> None:
        self._begin = begin
        self._intact = intact
        self._narrow = narrow
        self._waiting: deque[_Job[object]] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._idle = threading.Event()
        self._idle.set()
        self._closed = False

    def write(self, work: Callable[[Writer], T], kept: Callable[[bool], None] | None = None) -> T:
        """Do some work in a transaction; return what it returns once that is durable.

        Parameters
        ----------
        work
            Called once by the writing thread. What it raises undoes its changes and is raised here.
        kept
            Told, before anybody goes on, whether the changes are kept.

        Raises
        ------
        RuntimeError
            The database is closed.
        """
        job = _Job(work, kept, None if self._narrow is None else scope.present())
        with self._changed:
            if self._closed:
                raise RuntimeError("the database is closed")
            self._waiting.append(job)  # type: ignore[arg-type]  # answers stay with their jobs
            self._idle.clear()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="scribe", daemon=True)
                self._thread.start()
            self._changed.notify()
        job.done.wait()
        if job.error is not None:
            raise job.error
        return job.answer  # type: ignore[return-value]  # set where there is no error

    def give_way(self, seconds: float) -> None:
        """Wait until there is nothing to write, so long at most: for work that is less urgent."""
        self._idle.wait(seconds)

    @property
    def waiting(self) -> int:
        """How much waits to be done."""
        return len(self._waiting)

    def close(self) -> None:
        """Finish what waits and end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while self._wait():
            self._commit_batch()

    def _wait(self) -> bool:
        """Wait for work; tell whether there is any."""
        with self._changed:
            if not self._waiting:
                self._idle.set()
            self._changed.wait_for(lambda: self._waiting or self._closed)
            return bool(self._waiting)

    def _commit_batch(self) -> None:
        done: list[_Job[object]] = []
        lost: BaseException | None = None
        shown: str | None = None
        try:
            with self._begin() as connection:
                for job in self._batch():
                    done.append(job)
                    if job.areas != shown:
                        # what was done before is flushed: its session has ended
                        shown = self._show(connection, job.areas)
                    job.run(connection)
                    self._intact(connection)
        except Exception as error:  # noqa: BLE001  # raised again where somebody waits for it
            lost = error
            done = done or self._all_waiting()  # no transaction could be begun
        for job in done:
            job.settle(lost)

    def _show(self, connection: Connection, areas: str | None) -> str | None:
        """Let what follows in the transaction see some areas; return them."""
        if self._narrow is not None and areas is not None:
            self._narrow(connection, areas)
        return areas

    def _all_waiting(self) -> list[_Job[object]]:
        with self._changed:
            jobs = list(self._waiting)
            self._waiting.clear()
        return jobs

    def _batch(self) -> Iterator[_Job[object]]:
        """Yield what waits, and what comes in meanwhile."""
        until = monotonic() + BATCH_S
        for _ in range(BATCH_AT_MOST):
            if not self._waiting or monotonic() > until:
                return
            yield self._waiting.popleft()
