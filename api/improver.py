"""One improving process, ``python -m api.improver``: a task comes in, the answer goes out, both pickled.

The server starts it, so the bytes on both sides are its own. It is polite (a lower priority), has
a limit of memory, and ends by itself when its time is over even if the server is gone and it hangs.
"""

import os
import pickle
import resource
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.children import Task

_NICE = 5
_MEMORY_BYTES = 4 << 30


def main() -> None:
    """Do one task."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is not an answer
    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    task: Task = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the server that started us
    signal.alarm(int(task.within_s) + 1)
    from dispatch.improve.worker import improve  # noqa: PLC0415  # loads the solver: after the limits

    found = improve(task.state, task.now_s, task.seconds, task.seed)
    with answers:
        pickle.dump(found, answers)


if __name__ == "__main__":
    main()
