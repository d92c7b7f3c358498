"""What is told about single stops of a trip, carried on to the stops after them.

As the reference of GTFS-Realtime says: a delay holds from its stop on until another is told, also past a
stop that is left out; ``NO_DATA`` ends it. Where both a time and a delay are told, the time counts.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from google.transit.gtfs_realtime_pb2 import TripUpdate

from gtfs.realtime.ids import Ids
from gtfs.realtime.report import RealtimeReport

Told = TripUpdate.StopTimeUpdate
Event = TripUpdate.StopTimeEvent


@dataclass(slots=True)
class Calls:
    """A trip's stops as planned, in seconds from ``start_s``, the UNIX time its service day begins."""

    start_s: int
    stop: list[int]
    sequence: list[int]
    arrival_s: list[int]
    departure_s: list[int]


@dataclass(slots=True)
class Today:
    """What becomes of these stops today.

    Parameters
    ----------
    delays
        Of each stop, on arrival and departure; empty where nothing is told of times.
    moved
        Stops that are served elsewhere, at another platform mostly.
    """

    delays: list[tuple[int, int]] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)
    moved: dict[int, int] = field(default_factory=dict)


def today(calls: Calls, update: TripUpdate, ids: Ids, most_s: int, report: RealtimeReport) -> Today:
    """Match what is told with the stops and carry it on; what fits no stop is counted and left out."""
    found = Today()
    told = dict(_matched(calls, update.stop_time_update, ids, report))
    late: int | None = update.delay if not told and update.HasField("delay") else None
    if late is not None and abs(late) > most_s:
        report.count("delay-absurd")
        late = None
    if late is None and not told:
        return found
    for place, one in told.items():
        if one.schedule_relationship == Told.SKIPPED:
            found.skipped.add(place)
        if one.HasField("stop_time_properties"):
            moved = ids.stop(one.stop_time_properties.assigned_stop_id)
            if moved is not None and moved != calls.stop[place]:
                found.moved[place] = moved
    delays: list[tuple[int, int] | None] = []
    for place in range(len(calls.stop)):
        here = told.get(place)
        if here is None:
            delays.append(None if late is None else (late, late))
            continue
        pair, late = _delays(calls, place, here, late)
        if pair is not None and not (-most_s <= min(pair) and max(pair) <= most_s):
            report.count("delay-absurd")
            pair, late = None, None
        delays.append(pair)
    found.delays = _filled(delays)
    return found


def _matched(
    calls: Calls, told: Iterable[Told], ids: Ids, report: RealtimeReport
) -> Iterable[tuple[int, Told]]:
    """Yield each update with the position of its stop, in order along the trip."""
    place = -1
    for one in told:
        at = _place(calls, one, place + 1, ids)
        if at is None:
            report.count("stop-unknown")
        else:
            place = at
            yield at, one


def _place(calls: Calls, one: Told, begin: int, ids: Ids) -> int | None:
    """Position of a stop at ``begin`` or later; a number is wrong that names another stop than the id."""
    named, number = one.stop_id, one.stop_sequence
    stop = ids.stop(named) if named else None
    if one.HasField("stop_sequence"):
        sequence = calls.sequence
        at = bisect_left(sequence, number, begin)
        known = at < len(sequence) and sequence[at] == number
        if known and (not named or (stop is not None and _same_place(ids, stop, calls.stop[at]))):
            return at
    if stop is None:
        return None
    rest = calls.stop[begin:]
    if stop in rest:
        return begin + rest.index(stop)
    return next((begin + n for n, s in enumerate(rest) if _same_place(ids, stop, s)), None)


def _same_place(ids: Ids, one: int, other: int) -> bool:
    return ids.stations[one] == ids.stations[other]


def _delays(
    calls: Calls, place: int, one: Told, late: int | None
) -> tuple[tuple[int, int] | None, int | None]:
    """Delays at a stop (None: nothing is known) and the one that is carried on from there."""
    kind = one.schedule_relationship
    if kind == Told.NO_DATA:
        return None, None
    arrival = departure = None
    if kind != Told.SKIPPED:
        arrival = _late(one.arrival, calls.start_s + calls.arrival_s[place])
        departure = _late(one.departure, calls.start_s + calls.departure_s[place])
    if departure is None:
        departure = late if arrival is None else arrival
    elif arrival is None:
        # it cannot come after it has left
        waits = calls.departure_s[place] - calls.arrival_s[place]
        arrival = departure if late is None else min(late, departure + waits)
    if departure is None:
        return None, None
    return (departure if arrival is None else arrival, departure), departure


def _late(event: Event, planned_s: int) -> int | None:
    """Seconds of delay; None where the event tells nothing."""
    if event.time:
        return event.time - planned_s
    return event.delay if event.HasField("delay") else None


def _filled(delays: list[tuple[int, int] | None]) -> list[tuple[int, int]]:
    """Take unknown delays for none; a vehicle that is early at its first told stop was so before."""
    first = next((pair for pair in delays if pair is not None), None)
    if first is None:
        return []
    begin = delays.index(first)
    early = min(first[0], 0)
    return [(early, early)] * begin + [pair or (0, 0) for pair in delays[begin:]]
