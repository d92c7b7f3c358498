"""The process that reads feeds, ``python -m gtfs.feed.child``: a task comes in, the answer goes out.

It is polite (a lower priority), has a limit of memory, and ends by itself when its time is over even
if the process that started it is gone.
"""

import os
import pickle
import resource
import signal
import sys
from typing import TYPE_CHECKING

from gtfs.errors import FeedError

if TYPE_CHECKING:
    from gtfs.reading import Reading, Task

_NICE = 5


def main() -> None:
    """Do one task."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is not an answer
    os.nice(_NICE)
    task: Task = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the process that started us
    signal.alarm(int(task.limits.seconds) + 1)
    memory = task.limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    answer: Reading | FeedError
    try:
        from gtfs.feed.several import read_feeds  # noqa: PLC0415  # heavy: after the limits

        answer = read_feeds(task.archives, limits=task.limits, today=task.today)
    except FeedError as error:
        answer = error
    except MemoryError:
        answer = FeedError(
            "out-of-memory",
            f"Reading needs more than {memory >> 20} MB of memory; take a smaller extract of the feed.",
        )
    with answers:
        pickle.dump(answer, answers, protocol=5)


if __name__ == "__main__":
    main()
