"""Our services as GTFS without Flex, for planners that know only trips between stops.

Every ordered pair of stops is a trip of two stops that comes about every half hour while the service runs
(``frequencies.txt`` with ``exact_times`` 0: no timetable is meant), must be called for (``pickup_type`` 2)
and takes what a ride takes at worst (safe duration). One trip over many stops would promise a way the bus
does not take, and times no rider was told; pairs promise neither. What is lost: doors, and when to book,
which only the description of the route can say.
"""

from collections.abc import Mapping, Sequence

from gtfs.errors import ExportError
from gtfs.export import common
from gtfs.export.flex import accessible, stops_table
from gtfs.export.service import Edition, OnDemandService, PublicStop, Window
from gtfs.export.tables import Cell, Table, clock, columns_of, write_zip

EVERY_S = 30 * 60
"""How often a pair is offered: often enough for a train, rare enough to look like no bus line."""
MOST_STOPS = 150
"""Of all services together at most: pairs grow with the square."""
Driving = Mapping[tuple[str, str], int]
"""Seconds of driving by (stop id, stop id); pairs no road connects are absent."""
_PHONE, _NOT, _ROUGHLY = 2, 1, 0


def export_plain(
    services: Sequence[OnDemandService], edition: Edition, driving: Mapping[str, Driving]
) -> bytes:
    """Return one plain GTFS feed of all ``services`` as a zip.

    Parameters
    ----------
    driving
        Driving between the stops of each service, by its id.

    Raises
    ------
    ExportError
        As :func:`gtfs.export.common.check`; ``too-few-stops``, ``too-many-stops``, ``no-service``.
    """
    common.check(services, edition)
    _check_stops(services)
    trips: list[Sequence[Cell]] = []
    times: list[Sequence[Cell]] = []
    frequencies: list[Sequence[Cell]] = []
    for service in services:
        found = [
            (window, origin, destination, seconds)
            for window in service.windows
            if common.runs_at_all(window.weekdays, service.closed, edition)
            for origin in service.stops
            for destination in service.stops
            if (seconds := _ride_s(service, origin, destination, driving[service.id]))
            and _last_departure(window, seconds) > window.from_s
        ]
        if not found:
            raise ExportError(
                "no-service",
                f"No ride of {service.name} fits from {edition.first_day} to {edition.last_day}.",
            )
        for number, (window, origin, destination, seconds) in enumerate(found, start=1):
            trip, begin = f"{service.id}:{number}", window.from_s
            days = common.service_id(service, window.weekdays)
            ends = [common.stop_id(service.id, stop.id) for stop in (origin, destination)]
            end = begin + seconds
            trips.append((service.id, days, trip, destination.name, accessible(service)))
            times.append((trip, 1, ends[0], *[clock(begin)] * 2, _PHONE, _NOT, _ROUGHLY))
            times.append((trip, 2, ends[1], *[clock(end)] * 2, _NOT, _PHONE, _ROUGHLY))
            until = _last_departure(window, seconds)
            frequencies.append((trip, clock(begin), clock(until), EVERY_S, 0))
    return write_zip(_files(services, edition, trips, times, frequencies))


def _files(
    services: Sequence[OnDemandService],
    edition: Edition,
    trips: list[Sequence[Cell]],
    times: list[Sequence[Cell]],
    frequencies: list[Sequence[Cell]],
) -> dict[str, Table | str]:
    calendar, dates = common.calendars(services, edition)
    return {
        "agency.txt": common.agencies(services, edition),
        "feed_info.txt": common.feed_info(services, edition, "plain"),
        "routes.txt": common.routes(services),
        "calendar.txt": calendar,
        "calendar_dates.txt": dates,
        "stops.txt": stops_table(services),
        "trips.txt": (
            columns_of("route_id service_id trip_id trip_headsign wheelchair_accessible"),
            trips,
        ),
        "stop_times.txt": (
            columns_of(
                "trip_id stop_sequence stop_id arrival_time departure_time pickup_type drop_off_type "
                "timepoint"
            ),
            times,
        ),
        "frequencies.txt": (
            columns_of("trip_id start_time end_time headway_secs exact_times"),
            frequencies,
        ),
    }


def _check_stops(services: Sequence[OnDemandService]) -> None:
    for service in services:
        if len(service.stops) < 2:  # noqa: PLR2004  # a ride has two ends
            raise ExportError(
                "too-few-stops",
                f"{service.name} lists fewer than two stops, and a planner without Flex knows nothing else; "
                "add [[stops]] to the area file, or give it as GTFS-Flex.",
            )
    count = sum(len(service.stops) for service in services)
    if count > MOST_STOPS:
        raise ExportError(
            "too-many-stops",
            f"{count} stops make too many pairs for a plain feed (at most {MOST_STOPS}); export areas one by "
            "one, or as GTFS-Flex.",
        )


def _ride_s(
    service: OnDemandService, origin: PublicStop, destination: PublicStop, driving: Driving
) -> int:
    """Seconds a ride takes at worst, in whole minutes; 0 where there is none."""
    seconds = driving.get((origin.id, destination.id), 0) if origin != destination else 0
    return -(-service.duration.of(seconds) // 60) * 60 if seconds > 0 else 0


def _last_departure(window: Window, ride_s: int) -> int:
    """Return when the last ride begins: boarding is still allowed, and it is over in time."""
    return min(window.board_until_s, window.until_s - ride_s)
