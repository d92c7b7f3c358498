"""Ask a day's timetable: earliest arrival, latest departure, all useful journeys of a window.

Start and goal are lists of offers: stops with the time it takes to or from there, on foot or by a bus of
ours, at any time or only between two times. A walk between two rides is one leg of the timetable's
transfers; a journey has at least one ride. Times are seconds from the start of the day's service day.

The earliest arrival comes from a connection scan, windows from RAPTOR; whatever looks back from the
arrival is the same search with time running backwards.
"""

from collections.abc import Sequence

import numpy as np

from gtfs.access import access_to, egress_from
from gtfs.days import TimetableDay
from gtfs.journey import Journey, Offer
from gtfs.questions import MOST_TRANSFERS, Limits, offer_rows, single, turned_rows, useful
from gtfs.scan_kernels import scan
from gtfs.timetable import Int32Array

__all__ = [
    "MOST_TRANSFERS",
    "Limits",
    "access_to",
    "arrivals",
    "departures_towards",
    "earliest_arrival",
    "egress_from",
    "journeys_arriving",
    "journeys_leaving",
    "latest_departure",
]

_NO_LIMITS = Limits()


def earliest_arrival(
    day: TimetableDay,
    access: Sequence[Offer],
    egress: Sequence[Offer],
    depart_s: int,
    limits: Limits = _NO_LIMITS,
) -> Journey | None:
    """Return a journey that arrives first of all that leave at ``depart_s`` or later, None without any."""
    return single(day, access, egress, depart_s, limits, back=False)


def latest_departure(
    day: TimetableDay,
    access: Sequence[Offer],
    egress: Sequence[Offer],
    arrive_s: int,
    limits: Limits = _NO_LIMITS,
) -> Journey | None:
    """Return a journey that leaves last of all that arrive at ``arrive_s`` or before, None without any."""
    return single(day, access, egress, arrive_s, limits, back=True)


def arrivals(
    day: TimetableDay, access: Sequence[Offer], depart_s: int, limits: Limits = _NO_LIMITS
) -> Int32Array:
    """Return int32[s], the earliest arrival by ride at every stop, ``NEVER`` where there is none."""
    arrived, _, _ = scan(
        day.net, offer_rows(access), offer_rows(()), depart_s, limits.longest_walk_s
    )
    return np.asarray(arrived)


def departures_towards(
    day: TimetableDay, egress: Sequence[Offer], arrive_s: int, limits: Limits = _NO_LIMITS
) -> Int32Array:
    """Return int32[s], the latest departure from every stop, ``-NEVER`` where there is none."""
    rows = turned_rows(offer_rows(egress))
    arrived, _, _ = scan(day.turned, rows, offer_rows(()), -arrive_s, limits.longest_walk_s)
    return np.asarray(-arrived)


def journeys_leaving(
    day: TimetableDay,
    access: Sequence[Offer],
    egress: Sequence[Offer],
    since_s: int,
    until_s: int,
    limits: Limits = _NO_LIMITS,
) -> list[Journey]:
    """Return the journeys that leave in ``[since_s, until_s]`` and are useful, by departure.

    Useful: no other journey leaves at the same time or later (also after the window), arrives at the same
    time or earlier and has no more transfers; of equal ones there is one.
    """
    return useful(day, access, egress, (since_s, until_s), limits, back=False)


def journeys_arriving(
    day: TimetableDay,
    access: Sequence[Offer],
    egress: Sequence[Offer],
    since_s: int,
    until_s: int,
    limits: Limits = _NO_LIMITS,
) -> list[Journey]:
    """Return the useful journeys that arrive in ``[since_s, until_s]``, by departure; see above."""
    return useful(day, access, egress, (-until_s, -since_s), limits, back=True)
