"""How much memory a piece of work takes, its child processes included."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import psutil

EVERY_S = 0.02


class Peak:
    """The most memory seen so far, in MB; shared pages count once (proportional set size)."""

    def __init__(self) -> None:
        self.mb = 0.0
        self._watching = True

    def watch(self) -> None:
        """Look again and again until `stop`."""
        here = psutil.Process()
        while self._watching:
            now = sum(_proportional(process) for process in [here, *here.children(recursive=True)])
            self.mb = max(self.mb, now / 1e6)
            time.sleep(EVERY_S)

    def stop(self) -> None:
        """Stop looking."""
        self._watching = False


@contextmanager
def peak_memory() -> Iterator[Peak]:
    """Watch this process and its children while the block runs."""
    peak = Peak()
    watcher = Thread(target=peak.watch)
    watcher.start()
    try:
        yield peak
    finally:
        peak.stop()
        watcher.join()


def _proportional(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.NoSuchProcess, psutil.AccessDenied, AttributeError):
        return 0  # it has just ended, or this system does not tell
