"""A timetable with the trips that run today besides those printed in it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from gtfs.overlay import AddedTrip
from gtfs.timetable import NO_BOARDING, Int32Array, Timetable

Scalar = TypeVar("Scalar", bound=np.generic)


def with_added(timetable: Timetable, added: Sequence[AddedTrip]) -> Timetable:
    """Return a timetable in which ``added`` stand behind all other trips; what is there keeps its index.

    Raises
    ------
    ValueError
        A trip serves one stop only, or runs on a day the timetable does not cover.
    """
    if not added:
        return timetable
    t, trips, times = timetable, len(timetable.trip_id), len(timetable.stop_time_trip)
    columns = [trip.service_day.toordinal() - t.first_day for trip in added]
    for trip, column in zip(added, columns, strict=True):
        if len(trip.stops) < 2 or not 0 <= column < t.service_days.shape[1]:  # noqa: PLR2004  # from and to
            raise ValueError(f"trip {trip.trip_id} of {trip.service_day} cannot be added")
    days = np.zeros((len(added), t.service_days.shape[1]), dtype=np.bool_)
    days[np.arange(len(added)), columns] = True
    lengths = [len(trip.stops) for trip in added]
    number = np.arange(trips, trips + len(added))
    stop = _chained(trip.stops for trip in added)
    departure_s = _chained(trip.departure_s for trip in added)
    pickup = _chained(trip.pickup_type or (0,) * len(trip.stops) for trip in added)
    drop_off = _chained(trip.drop_off_type or (0,) * len(trip.stops) for trip in added)
    first_stop_time = _joined(t.first_stop_time, times + np.cumsum(lengths))
    boards = pickup != NO_BOARDING
    boards[np.cumsum(lengths) - 1] = False
    first_departure, departures = _departures(t, stop, departure_s, times, np.flatnonzero(boards))
    return replace(
        t,
        trip_id=t.trip_id + tuple(trip.trip_id for trip in added),
        trip_headsign=t.trip_headsign + tuple(trip.headsign for trip in added),
        trip_route=_joined(t.trip_route, [trip.route for trip in added]),
        trip_service=_joined(t.trip_service, len(t.service_id) + np.arange(len(added))),
        trip_wheelchair=_joined(t.trip_wheelchair, [trip.wheelchair for trip in added]),
        trip_continues=_joined(t.trip_continues, [-1] * len(added)),
        first_stop_time=first_stop_time,
        stop_time_trip=_joined(t.stop_time_trip, np.repeat(number, lengths)),
        stop_time_stop=_joined(t.stop_time_stop, stop),
        stop_sequence=_joined(t.stop_sequence, _chained(map(range, lengths))),
        arrival_s=_joined(t.arrival_s, _chained(trip.arrival_s for trip in added)),
        departure_s=_joined(t.departure_s, departure_s),
        stop_time_headsign=_joined(t.stop_time_headsign, [-1] * len(stop)),
        pickup_type=_joined(t.pickup_type, pickup),
        drop_off_type=_joined(t.drop_off_type, drop_off),
        first_departure=first_departure,
        departures=departures,
        service_id=t.service_id + tuple(f"added {trip.trip_id}" for trip in added),
        service_days=np.concatenate((t.service_days, days)),
    )


def _departures(
    t: Timetable,
    stop: Int32Array,
    departure_s: Int32Array,
    times: int,
    boards: npt.NDArray[np.intp],
) -> tuple[Int32Array, Int32Array]:
    """Put the new stop times ``boards`` into the departures of their stops, behind equal times."""
    order = boards[np.lexsort((departure_s[boards], stop[boards]))]
    places = []
    for row in order.tolist():
        begin, end = t.first_departure[stop[row] : stop[row] + 2].tolist()
        there = t.departure_s[t.departures[begin:end]]
        places.append(begin + int(np.searchsorted(there, departure_s[row], side="right")))
    more = np.bincount(stop[boards], minlength=len(t.stop_id))
    first = t.first_departure + np.concatenate(([0], np.cumsum(more)))
    return first.astype(np.int32), np.insert(t.departures, places, times + order)


def _chained(parts: Iterable[Iterable[int]]) -> Int32Array:
    return np.array([value for part in parts for value in part], dtype=np.int32)


def _joined(
    values: npt.NDArray[Scalar], more: "Sequence[int] | npt.NDArray[np.integer]"
) -> npt.NDArray[Scalar]:
    return np.concatenate((values, np.asarray(more, dtype=values.dtype)))
