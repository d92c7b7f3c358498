"""Trips besides the timetable: their stops and times, as told or like those of a trip that is known."""

from dataclasses import dataclass
from datetime import date

from google.transit.gtfs_realtime_pb2 import TripUpdate as Told

from gtfs.overlay import AddedTrip
from gtfs.realtime.ids import Ids
from gtfs.realtime.report import RealtimeReport
from gtfs.realtime.stop_times import Calls
from gtfs.timetable import NO_ALIGHTING, NO_BOARDING

EARLIEST_S, LATEST_S = -86_400, 4 * 86_400
"""Seconds of a service day between which an added trip may be."""
Kinds = tuple[tuple[int, ...], tuple[int, ...]]
"""GTFS pickup and drop-off types of each stop."""


@dataclass(frozen=True, slots=True)
class Extra:
    """What is known of an added trip besides stops and times.

    Parameters
    ----------
    route
        Index, None: that of ``like``.
    like
        The trip of the timetable it is like, if there is one.
    kinds
        Where one may board and leave; None: as at ``like``.
    """

    trip_id: str
    day: date
    route: int | None = None
    like: int | None = None
    headsign: str = ""
    skipped: frozenset[int] = frozenset()
    kinds: Kinds | None = None


def planned(ids: Ids, trip: int, day: date) -> Calls:
    """Return the stops of a trip of the timetable."""
    return Calls(ids.start_s(day), *map(list, ids.rows(trip)))


def delayed(calls: Calls, delays: list[tuple[int, int]]) -> Calls:
    """Return the stops with their delays, if there are any; never running backwards."""
    if delays:
        times = zip(calls.arrival_s, calls.departure_s, delays, strict=True)
        pairs = [(arrival + late[0], departure + late[1]) for arrival, departure, late in times]
        calls.arrival_s, calls.departure_s = _in_order(pairs)
    return calls


def told_calls(told: Told, ids: Ids, start_s: int, report: RealtimeReport) -> tuple[Calls, Kinds]:
    """Return the stops of a trip that is told as a whole; those without a time or unknown are left out."""
    stops: list[int] = []
    pairs: list[tuple[int, int]] = []
    kinds: list[tuple[int, int]] = []
    for one in told.stop_time_update:
        if one.schedule_relationship != Told.StopTimeUpdate.SCHEDULED:
            continue
        properties = one.stop_time_properties
        stop = ids.stop(properties.assigned_stop_id or one.stop_id)
        arrival_s = (one.arrival.time or one.departure.time) - start_s
        departure_s = (one.departure.time or one.arrival.time) - start_s
        if stop is None or not all(EARLIEST_S <= s < LATEST_S for s in (arrival_s, departure_s)):
            report.count("stop-unknown" if stop is None else "delay-absurd")
            continue
        stops.append(stop)
        pairs.append((arrival_s, departure_s))
        kinds.append((properties.pickup_type, properties.drop_off_type))
    arrivals, departures = _in_order(pairs)
    calls = Calls(start_s, stops, list(range(len(stops))), arrivals, departures)
    return calls, (tuple(pickup for pickup, _ in kinds), tuple(drop_off for _, drop_off in kinds))


def added_trip(ids: Ids, told_s: int, extra: Extra, calls: Calls) -> AddedTrip:
    """Build the trip of these stops; what is not told is as at the trip it is like."""
    t, like = ids.timetable, extra.like
    pickup, drop_off = extra.kinds or _kinds(ids, like)
    passed = extra.skipped
    known = t.trip_headsign[like] if like is not None else t.stop_name[calls.stop[-1]]
    return AddedTrip(
        told_s=told_s,
        trip_id=ids.prefix + extra.trip_id,
        service_day=extra.day,
        route=int(t.trip_route[like]) if extra.route is None else extra.route,
        headsign=extra.headsign or known,
        stops=tuple(calls.stop),
        arrival_s=tuple(calls.arrival_s),
        departure_s=tuple(calls.departure_s),
        pickup_type=tuple(NO_BOARDING if n in passed else kind for n, kind in enumerate(pickup)),
        drop_off_type=tuple(
            NO_ALIGHTING if n in passed else kind for n, kind in enumerate(drop_off)
        ),
        wheelchair=0 if like is None else int(t.trip_wheelchair[like]),
    )


def _kinds(ids: Ids, trip: int | None) -> Kinds:
    if trip is None:
        return (), ()
    rows = slice(*ids.timetable.first_stop_time[trip : trip + 2].tolist())
    return (
        tuple(ids.timetable.pickup_type[rows].tolist()),
        tuple(ids.timetable.drop_off_type[rows].tolist()),
    )


def _in_order(pairs: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Arrivals and departures, none before the one before it."""
    latest, arrivals, departures = EARLIEST_S, [], []
    for arrival, departure in pairs:
        arrivals.append(latest := max(latest, arrival))
        departures.append(latest := max(latest, departure))
    return arrivals, departures
