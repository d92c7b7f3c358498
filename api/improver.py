"""One improving process, ``python -m api.improver``: a task comes in, the answer goes out, both pickled.

The server starts it, so the bytes on both sides are its own. It is polite (it computes while nobody
else wants to: somebody waits for every other answer), has a limit of memory, and ends by itself when the
server is gone, or its time is over though it hangs.
"""

import os
import pickle
import resource
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.children import Task

_NICE = 19
_LOOK_EVERY_S = 0.5
_MEMORY_BYTES = 4 << 30


def main() -> None:
    """Do one task."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is not an answer
    stand_back()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    watch()
    task: Task = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the server that started us
    signal.alarm(int(task.within_s) + 1)
    from dispatch.improve.worker import improve  # noqa: PLC0415  # loads the solver: after the limits

    found = improve(task.state, task.now_s, task.seconds, task.seed)
    with answers:
        pickle.dump(found, answers)


def stand_back() -> None:
    """Compute only while no other process wants to, as far as this system knows such a thing."""
    os.nice(_NICE)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def watch() -> None:
    """Let this process end with the server that started it: nobody waits for the answer any more."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(server: int) -> None:
    while os.getppid() == server:
        time.sleep(_LOOK_EVERY_S)
    os._exit(1)


if __name__ == "__main__":
    main()
