"""What the kernels of the search hand to each other."""

from typing import NamedTuple

from dispatch.schedule.arrays import Floats, Ints


class Ask(NamedTuple):
    """The ride looked for, and what it is worth."""

    want: Ints  # rows as in ``dispatch.schedule.rows.want``
    need: Ints  # (L,) scratch: room it takes in the limits of the bus looked at
    weights: Floats  # rows as in ``dispatch.insertion.rows``
    risk_slack_s: int


class Scratch(NamedTuple):
    """Room to work in."""

    legs: (
        Ints  # (V + S, LEGS) ways to and from the destination; 0 in the last column: not known yet
    )
    places: Ints  # (room, CANDIDATE) candidates
    bounds: Floats  # (room,) their lower bounds
    draft: Ints  # (draft.ROWS, visits of the longest tour + 3)
    riders: Ints  # (rider.ROWS, riders of the fullest tour + 1)
