"""Improving processes: started, given time, killed. What goes wrong in them costs nothing but time."""

import pickle
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import structlog

from dispatch.events import ImprovementFound, State

_log = structlog.get_logger()

COMMAND = sys.executable, "-m", "api.improver"
_TOLD = 300
"""Last characters of what a process said before it failed, for the log."""


@dataclass(frozen=True, slots=True)
class Task:
    """A day to be improved from ``now_s`` on, for ``seconds`` of search, ``within_s`` in all."""

    state: State
    now_s: int
    seconds: float
    within_s: float
    seed: int


class Children:
    """Runs tasks in processes of their own, all at once.

    Parameters
    ----------
    command
        What is started for each task: it reads the pickled task and writes the pickled answer.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._closed = False
        self.failed: list[str] = []
        """Why processes of the last run failed."""

    def run(self, tasks: Sequence[Task]) -> list[ImprovementFound]:
        """Return what was found in time; a line in the log for each task that failed."""
        self.failed = []
        with ThreadPoolExecutor(len(tasks), thread_name_prefix="improving") as threads:
            answers = threads.map(self._run, tasks)
            return [answer for answer in answers if answer is not None]

    def close(self) -> None:
        """Kill what runs; nothing is started any more."""
        with self._lock:
            self._closed = True
            for child in self._running:
                child.kill()

    def _run(self, task: Task) -> ImprovementFound | None:
        child = self._start()
        if child is None:
            return None
        try:
            answer, said = child.communicate(pickle.dumps(task), timeout=task.within_s)
        except subprocess.TimeoutExpired:
            child.kill()
            _, said = child.communicate()
            return self._failure("hangs", said)
        finally:
            with self._lock:
                self._running.discard(child)
        if child.returncode == 0:
            return self._read(answer, said)
        if self._closed:  # it was killed by us
            return None
        return self._failure(f"ended with {child.returncode}", said)

    def _start(self) -> subprocess.Popen[bytes] | None:
        pipe = subprocess.PIPE
        with self._lock:
            if self._closed:
                return None
            child = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, stderr=pipe)  # noqa: S603  # ours
            self._running.add(child)
        return child

    def _read(self, answer: bytes, said: bytes) -> ImprovementFound | None:
        try:
            found = pickle.loads(answer)  # noqa: S301  # from the process we started
        except Exception:  # noqa: BLE001  # bytes that are no pickle raise nearly anything
            return self._failure("gave no answer", said)
        if found is None or isinstance(found, ImprovementFound):
            return found
        return self._failure("answered something else", said)

    def _failure(self, why: str, said: bytes) -> ImprovementFound | None:
        """Take down that a process failed; the last words of a crash are code, not riders' data."""
        self.failed.append(why)
        _log.warning(
            "improving process failed", why=why, said=said.decode(errors="replace")[-_TOLD:]
        )
        return None
