"""What one improving process does. It loads the solver: never import this in the server's process."""

import time

from dispatch.events import ImprovementFound, State
from dispatch.exact.partition import combine
from dispatch.improve.day import find_improvement
from dispatch.improve.stop import MaxIterations, MaxSeconds


def improve(state: State, now_s: int, seconds: float, seed: int) -> ImprovementFound | None:
    """Search for better tours for so many seconds of the processor; loading and compiling are not counted.

    Parameters
    ----------
    now_s
        From when on the plan may change, see :func:`dispatch.improve.day.find_improvement`.
    """
    find_improvement(state, now_s, MaxIterations(1), seed=seed)
    return find_improvement(
        state, now_s, MaxSeconds(seconds, time.process_time), seed=seed, combine=combine
    )
