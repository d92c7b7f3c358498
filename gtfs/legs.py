"""Spell out what a kernel found: events become legs."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np

from gtfs.days import TimetableDay
from gtfs.journey import Journey, Offer, Ride, Walk
from gtfs.timetable import CALL_AHEAD

_DAY = 86_400


def journey_of(
    day: TimetableDay,
    rides: Sequence[tuple[int, int]],
    access: tuple[int, Offer],
    egress: tuple[int, Offer],
) -> Journey:
    """Build the journey of ``rides``, pairs of first and last event in order, between two offers."""
    net = day.net
    spelt = [leg for ride in rides for leg in _ride(day, *ride)]
    first, last = spelt[0], spelt[-1]
    reached = min(first.departure_s, access[1].until_s)
    left = max(last.arrival_s, egress[1].from_s)
    legs: list[Walk | Ride] = []
    if access[1].seconds:
        leaves = reached - access[1].seconds
        legs.append(Walk(None, first.from_stop, leaves, access[1].seconds, to_name=first.from_name))
    for before, ride in zip([None, *spelt[:-1]], spelt, strict=True):
        if before and before.to_stop != ride.from_stop and not ride.stays_aboard:
            start = net.first_walk[before.to_stop]
            stops = net.walk_stop[start : net.first_walk[before.to_stop + 1]]
            seconds = int(net.walk_s[start + int(np.argmax(stops == ride.from_stop))])
            ends = before.to_stop, ride.from_stop
            names = before.to_name, ride.from_name
            legs.append(Walk(*ends, before.arrival_s, seconds, *names))
        legs.append(ride)
    if egress[1].seconds:
        legs.append(Walk(last.to_stop, None, left, egress[1].seconds, from_name=last.to_name))
    return Journey(
        day=day.day,
        time_zone=day.timetable.time_zone,
        departure_s=reached - access[1].seconds,
        arrival_s=left + egress[1].seconds,
        transfers=len(rides) - 1,
        legs=tuple(legs),
        access=access[0],
        egress=egress[0],
    )


def _ride(day: TimetableDay, board: int, event: int) -> Iterator[Ride]:
    """Yield a ride for each trip the vehicle makes between two events."""
    net = day.net
    first, last = (
        int(np.searchsorted(net.first_event, e, side="right")) - 1 for e in (board, event)
    )
    runs = _chain(day, first, last)
    for run in runs:
        start = board if run == first else int(net.first_event[run])
        end = event if run == last else int(net.first_event[run + 1]) - 1
        yield leg_of(day, run, start, end, stays_aboard=run != first)


def _chain(day: TimetableDay, first: int, last: int) -> list[int]:
    """List the runs a vehicle makes from ``first`` to ``last``; a run goes on as one other at most."""
    runs = [first]
    while runs[-1] != last:
        runs.append(int(day.net.next_run[day.net.first_next[runs[-1]]]))
    return runs


def leg_of(day: TimetableDay, run: int, start: int, end: int, *, stays_aboard: bool) -> Ride:
    """Build the ride with one run between two of its events."""
    timetable, net = day.timetable, day.net
    trip, shift = int(day.run_trip[run]), int(day.run_shift[run])
    row = int(timetable.first_stop_time[trip]) - int(net.first_event[run])
    board, leave = row + start, row + end
    origin, goal = (int(timetable.stop_time_stop[at]) for at in (board, leave))
    route = int(timetable.trip_route[trip])
    shown = int(timetable.stop_time_headsign[board])
    # half a day is more than any clock change
    service_day = day.day + timedelta(days=(shift + _DAY // 2) // _DAY)
    planned_s = int(timetable.departure_s[board]) + shift, int(timetable.arrival_s[leave]) + shift
    return Ride(
        from_stop=origin,
        to_stop=goal,
        departure_s=int(net.departure_s[start]),
        arrival_s=int(net.arrival_s[end]),
        from_name=timetable.stop_name[origin],
        to_name=timetable.stop_name[goal],
        from_platform=timetable.stop_platform[origin],
        to_platform=timetable.stop_platform[goal],
        trip=trip,
        trip_id=timetable.trip_id[trip],
        service_day=service_day,
        first_stop_time=board,
        last_stop_time=leave,
        route=timetable.route_short_name[route] or timetable.route_long_name[route],
        route_type=int(timetable.route_type[route]),
        headsign=timetable.headsigns[shown] if shown >= 0 else timetable.trip_headsign[trip],
        call_ahead=int(timetable.pickup_type[board]) == CALL_AHEAD and not stays_aboard,
        stays_aboard=stays_aboard,
        planned_s=planned_s if (trip, service_day) in day.told else None,
    )
