"""From a question to the kernels and back: offers as arrays, time turned round, journeys spelt out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gtfs.days import TimetableDay
from gtfs.journey import Journey, Offer
from gtfs.legs import journey_of
from gtfs.net import NEVER
from gtfs.range_kernels import journeys_between, leaving_times
from gtfs.scan_kernels import scan
from gtfs.timetable import Int32Array

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


def single(
    day: TimetableDay,
    access: Sequence[Offer],
    egress: Sequence[Offer],
    at: int,
    limits: Limits,
    *,
    back: bool,
) -> Journey | None:
    """Return the journey that is best of all from or until a time, None without any."""
    net, at = (day.turned, -at) if back else (day.net, at)
    if limits.most_transfers is not None:
        found = _pareto(day, access, egress, (None, at), limits, back=back)
        return found[-1] if found else None
    start, goal = _ends(access, egress, back=back)
    _, (value, last, first), rides = scan(net, start, goal, at, limits.longest_walk_s)
    if value == NEVER:
        return None
    return _spell(day, access, egress, rides[::-1], (int(first), int(last)), back=back)


def useful(
    day: TimetableDay,
    access: Sequence[Offer],
    egress: Sequence[Offer],
    window: tuple[int, int],
    limits: Limits,
    *,
    back: bool,
) -> list[Journey]:
    """Return the useful journeys of a window (of times turned round if ``back``), by departure."""
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
        return turned_rows(offer_rows(egress)), turned_rows(offer_rows(access))
    return offer_rows(access), offer_rows(egress)


def offer_rows(offers: Sequence[Offer]) -> Int32Array:
    """Offers as int32[n, 4]."""
    return np.array(offers, dtype=np.int32).reshape(-1, 4)


def turned_rows(rows: Int32Array) -> Int32Array:
    """Offers with time running backwards."""
    return np.column_stack((rows[:, 0], rows[:, 1], -rows[:, 3], -rows[:, 2]))
