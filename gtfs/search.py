"""Ask a day's timetable: earliest arrival, latest departure, all useful journeys of a window.

Start and goal are lists of offers: stops with the time it takes to or from there, on foot or by a bus of
ours, at any time or only between two times. A walk between two rides is one leg of the timetable's
transfers; a journey has at least one ride. Times are seconds from the start of the day's service day.

The earliest arrival comes from a connection scan, windows from RAPTOR; whatever looks back from the
arrival is the same search with time running backwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gtfs.days import TimetableDay
from gtfs.journey import Journey, Offer
from gtfs.legs import journey_of
from gtfs.net import NEVER
from gtfs.range_kernels import journeys_between, leaving_times
from gtfs.scan_kernels import scan
from gtfs.timetable import Int32Array, Timetable

MOST_TRANSFERS = 6
"""Transfers of a journey in a window where no other number is given."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a rider accepts.

    Parameters
    ----------
    most_transfers
        None: any number for a single journey, ``MOST_TRANSFERS`` for those of a window.
    longest_walk_s
        Of each walk between two rides; offers are the caller's.
    """

    most_transfers: int | None = None
    longest_walk_s: int = NEVER


_NO_LIMITS = Limits()


def earliest_arrival(
    day: TimetableDay,
    access: Sequence[Offer],
    egress: Sequence[Offer],
    depart_s: int,
    limits: Limits = _NO_LIMITS,
) -> Journey | None:
    """Return a journey that arrives first of all that leave at ``depart_s`` or later, None without any."""
    return _single(day, access, egress, depart_s, limits, back=False)


def latest_departure(
    day: TimetableDay,
    access: Sequence[Offer],
    egress: Sequence[Offer],
    arrive_s: int,
    limits: Limits = _NO_LIMITS,
) -> Journey | None:
    """Return a journey that leaves last of all that arrive at ``arrive_s`` or before, None without any."""
    return _single(day, access, egress, arrive_s, limits, back=True)


def arrivals(
    day: TimetableDay, access: Sequence[Offer], depart_s: int, limits: Limits = _NO_LIMITS
) -> Int32Array:
    """Return int32[s], the earliest arrival by ride at every stop, ``NEVER`` where there is none."""
    arrived, _, _ = scan(day.net, _rows(access), _rows(()), depart_s, limits.longest_walk_s)
    return np.asarray(arrived)


def departures_towards(
    day: TimetableDay, egress: Sequence[Offer], arrive_s: int, limits: Limits = _NO_LIMITS
) -> Int32Array:
    """Return int32[s], the latest departure from every stop, ``-NEVER`` where there is none."""
    rows = _turned(_rows(egress))
    arrived, _, _ = scan(day.turned, rows, _rows(()), -arrive_s, limits.longest_walk_s)
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
    return _window(day, access, egress, (since_s, until_s), limits, back=False)


def journeys_arriving(
    day: TimetableDay,
    access: Sequence[Offer],
    egress: Sequence[Offer],
    since_s: int,
    until_s: int,
    limits: Limits = _NO_LIMITS,
) -> list[Journey]:
    """Return the useful journeys that arrive in ``[since_s, until_s]``, by departure; see above."""
    return _window(day, access, egress, (-until_s, -since_s), limits, back=True)


def access_to(timetable: Timetable, stop: int) -> list[Offer]:
    """Return the offers of one who starts at a stop or station: it, its platforms, where one walks to."""
    return _around(timetable, stop, timetable.transfer_stop, _origins(timetable), away=True)


def egress_from(timetable: Timetable, stop: int) -> list[Offer]:
    """Return the offers of one whose goal is a stop or station, see :func:`access_to`."""
    return _around(timetable, stop, timetable.transfer_stop, _origins(timetable), away=False)


def _single(
    day: TimetableDay,
    access: Sequence[Offer],
    egress: Sequence[Offer],
    at: int,
    limits: Limits,
    *,
    back: bool,
) -> Journey | None:
    net, at = (day.turned, -at) if back else (day.net, at)
    if limits.most_transfers is not None:
        found = _pareto(day, access, egress, (None, at), limits, back=back)
        return found[-1] if found else None
    start, goal = _ends(access, egress, back=back)
    _, (value, last, first), rides = scan(net, start, goal, at, limits.longest_walk_s)
    if value == NEVER:
        return None
    return _spell(day, access, egress, rides[::-1], (int(first), int(last)), back=back)


def _window(
    day: TimetableDay,
    access: Sequence[Offer],
    egress: Sequence[Offer],
    window: tuple[int, int],
    limits: Limits,
    *,
    back: bool,
) -> list[Journey]:
    found = _pareto(day, access, egress, window, limits, back=back)
    return sorted(found, key=lambda j: (j.departure_s, j.arrival_s, j.transfers))


def _pareto(
    day: TimetableDay,
    access: Sequence[Offer],
    egress: Sequence[Offer],
    window: tuple[int | None, int],
    limits: Limits,
    *,
    back: bool,
) -> list[Journey]:
    """Journeys of a window, or without a begin those of one who leaves at its end; the latter by rides."""
    net = day.turned if back else day.net
    start, goal = _ends(access, egress, back=back)
    since, until = window
    if since is None:
        leaving, after = np.array([until], dtype=np.int32), NEVER
    else:
        leaving, after = leaving_times(net, start, since, until), until + 1
    most = MOST_TRANSFERS if limits.most_transfers is None else limits.most_transfers
    rows, ways = journeys_between(net, start, goal, leaving, after, most + 1, limits.longest_walk_s)
    return [
        _spell(day, access, egress, way[:rides], (first, last), back=back)
        for (_, _, rides, first, last), way in zip(rows.tolist(), ways, strict=True)
    ]


def _spell(
    day: TimetableDay,
    access: Sequence[Offer],
    egress: Sequence[Offer],
    rides: Int32Array,
    offers: tuple[int, int],
    *,
    back: bool,
) -> Journey:
    """Build a journey from the rides and offers of a kernel."""
    if back:
        rides = len(day.net.arrival_s) - 1 - rides[::-1, ::-1]
        offers = offers[::-1]
    first, last = offers
    pairs = [(board, event) for board, event in rides.tolist()]
    return journey_of(day, pairs, (first, access[first]), (last, egress[last]))


def _ends(
    access: Sequence[Offer], egress: Sequence[Offer], *, back: bool
) -> tuple[Int32Array, Int32Array]:
    if back:
        return _turned(_rows(egress)), _turned(_rows(access))
    return _rows(access), _rows(egress)


def _rows(offers: Sequence[Offer]) -> Int32Array:
    """Offers as int32[n, 4]."""
    return np.array(offers, dtype=np.int32).reshape(-1, 4)


def _turned(rows: Int32Array) -> Int32Array:
    """Offers with time running backwards."""
    return np.column_stack((rows[:, 0], rows[:, 1], -rows[:, 3], -rows[:, 2]))


def _origins(timetable: Timetable) -> npt.NDArray[np.intp]:
    return np.repeat(np.arange(len(timetable.stop_id)), np.diff(timetable.first_transfer))


def _around(
    timetable: Timetable,
    stop: int,
    goals: npt.NDArray[np.integer],
    origins: npt.NDArray[np.integer],
    *,
    away: bool,
) -> list[Offer]:
    """Offers at a stop, at its platforms and where transfers lead from there, or come from."""
    at = [stop, *np.flatnonzero(timetable.stop_station == stop).tolist()]
    here, there = (origins, goals) if away else (goals, origins)
    seconds = dict.fromkeys(at, 0)
    for row in np.flatnonzero(np.isin(here, at) & (timetable.transfer_s >= 0)).tolist():
        other, walk_s = int(there[row]), int(timetable.transfer_s[row])
        seconds[other] = min(seconds.get(other, walk_s), walk_s)
    return [Offer(other, walk_s) for other, walk_s in seconds.items()]
