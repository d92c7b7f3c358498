"""Use cases: give the services to others, as GTFS-Flex, plain GTFS and GTFS-Realtime."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from api.context import Context
from api.errors import Problem
from api.history import duration_of
from api.issues import Issues
from api.store.reader import TourRows
from api.store.scope import all_areas
from api.store.tables import VisitRow
from gtfs.errors import ExportError
from gtfs.export.flex import export_flex
from gtfs.export.plain import export_plain
from gtfs.export.realtime import PublicHalt, RunningTour
from gtfs.export.service import Edition, OnDemandService, SafeDuration
from regions.area import Area
from regions.giving import DAYS_VALID, driving_between_stops, service_of

LOOK_AHEAD = timedelta(minutes=60)
"""Halts further ahead are told to nobody: who waits at a stop looks no further."""
FORGET = timedelta(minutes=30)
"""A halt overdue for so long, or a tap so old, says nothing any more: the tablet may have no network."""
_ONE_DAY = timedelta(days=1)


class Durations:
    """What rides take, fitted once a day and area: many may ask for the feed."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: dict[str, tuple[date, SafeDuration]] = {}

    def of(self, area: Area, today: date) -> SafeDuration:
        """Return the safe duration of an area; two askers at once at worst fit twice."""
        known = self._known.get(area.id)
        if known is None or known[0] != today:
            region = self._context.regions[area.id]
            with all_areas(), self._context.database.reading() as reader:  # kept for everybody
                known = today, duration_of(reader, region, area, today)
            self._known[area.id] = known
        return known[1]


def flex(
    context: Context, durations: Durations, issues: Issues, area_id: str | None, address: str
) -> bytes:
    """Return one area or all as a GTFS-Flex zip; ``address`` is where riders book.

    Raises
    ------
    Problem
        ``area-unknown``, ``feed-impossible``.
    """
    services, edition = _issue(context, durations, area_id, address)
    try:
        return issues.once(("flex", area_id, edition), lambda: export_flex(services, edition))
    except ExportError as error:
        raise _impossible(error) from error


def plain(
    context: Context, durations: Durations, issues: Issues, area_id: str | None, address: str
) -> bytes:
    """Return the same for planners that do not read Flex (``area-unknown``, ``feed-impossible``)."""
    services, edition = _issue(context, durations, area_id, address)

    def made() -> bytes:
        driving = {
            service.id: driving_between_stops(context.regions[service.id], context.area(service.id))
            for service in services
        }
        return export_plain(services, edition, driving)

    try:
        return issues.once(("plain", area_id, edition), made)
    except ExportError as error:
        raise _impossible(error) from error


def running(context: Context, area_id: str | None) -> tuple[RunningTour, ...]:
    """Return the tours whose shift runs now, as far as they are public (``area-unknown``)."""
    now = context.clock.now()
    tours: list[RunningTour] = []
    with context.database.reading() as reader:
        for area in _chosen(context, area_id):
            today = now.astimezone(area.time_zone).date()
            for day in (today - _ONE_DAY, today):
                tours += [
                    _running_tour(area, rows, now)
                    for rows in reader.tours(day, area.id)
                    if rows.tour.starts_at <= now <= rows.tour.ends_at
                ]
    return tuple(tours)


def _chosen(context: Context, area_id: str | None) -> list[Area]:
    return context.areas() if area_id is None else [context.area(area_id)]


def _issue(
    context: Context, durations: Durations, area_id: str | None, address: str
) -> tuple[list[OnDemandService], Edition]:
    areas = _chosen(context, area_id)
    now = context.clock.now()
    today = now.astimezone(areas[0].time_zone).date() if areas else now.date()
    services = [
        service_of(context.regions[area.id], area, durations.of(area, today)) for area in areas
    ]
    if area_id is None:
        services = [service for service in services if service.windows]  # the others still run
    return services, Edition(today, today + timedelta(days=DAYS_VALID - 1), address)


def _impossible(error: ExportError) -> Problem:
    return Problem("feed-impossible", extra={"cause": error.code, "reason": error.message})


def _running_tour(area: Area, rows: TourRows, now: datetime) -> RunningTour:
    halts = dict(_public_halts(area, rows.visits))
    names = {str(vehicle.id): vehicle.name for vehicle in area.vehicles}
    # a break is the driver's own: neither where it is taken nor that the bus stands there is told
    reached = [visit for visit in rows.visits if visit.status != "planned"]
    seen = halts.get(reached[-1].id) if reached else None
    return RunningTour(
        service=area.id,
        trip=rows.tour.id,
        vehicle=rows.tour.vehicle_id,
        vehicle_name=names.get(rows.tour.vehicle_id, rows.tour.vehicle_id),
        service_day=rows.tour.service_date,
        seen=seen if seen is not None and seen.tapped >= now - FORGET else None,
        ahead=tuple(
            halt
            for halt in halts.values()
            if not halt.departed and now - FORGET <= halt.depart and halt.arrive <= now + LOOK_AHEAD
        ),
    )


def _public_halts(area: Area, visits: tuple[VisitRow, ...]) -> Iterator[tuple[str, PublicHalt]]:
    """Halts for riders at the area's own stops, by visit; doors, depots and breaks stay untold."""
    stops = {(stop.lon, stop.lat): stop for stop in area.stops}
    number = 0
    for visit in visits:
        stop = stops.get((visit.lon, visit.lat))
        if stop is not None and visit.pause is None:
            number += 1
            yield (
                visit.id,
                PublicHalt(
                    number=number,
                    stop=stop.id,
                    lon=stop.lon,
                    lat=stop.lat,
                    arrive=visit.arrive,
                    depart=visit.depart,
                    arrived=visit.status != "planned",
                    departed=visit.status == "departed",
                ),
            )
