"""Our services as GTFS-Flex (part of GTFS since March 2024), for planners that read it.

A ride inside one zone, or between stops of one group, is two rows of stop_times.txt with the same place:
one for boarding (``pickup_type`` 2, ``drop_off_type`` 1) and one for leaving (1, 2). The specification wants
both, and forbids that they allow the same thing at the same place and time. ``safe_duration_…`` stand in
trips.txt; the drafts' ``mean_duration_…`` and their columns in stop_times.txt are gone.
"""

import json
from collections.abc import Sequence

from gtfs.errors import ExportError
from gtfs.export import common
from gtfs.export.service import Edition, OnDemandService
from gtfs.export.tables import Cell, Table, clock, columns_of, write_zip

_PHONE, _NOT = 2, 1
_AT_ONCE, _SAME_DAY, _DAYS_BEFORE = 0, 1, 2
_END_OF_DAY = 24 * 3600
_YES, _NO = 1, 2


def export_flex(services: Sequence[OnDemandService], edition: Edition) -> bytes:
    """Return one GTFS-Flex feed of all ``services`` as a zip.

    Raises
    ------
    ExportError
        As :func:`gtfs.export.common.check`; ``no-service`` where an area is closed on all days.
    """
    common.check(services, edition)
    for service in services:
        if not any(
            common.runs_at_all(w.weekdays, service.closed, edition) for w in service.windows
        ):
            raise ExportError(
                "no-service",
                f"{service.name} runs on no day from {edition.first_day} to {edition.last_day}.",
            )
    calendar, dates = common.calendars(services, edition)
    files: dict[str, Table | str] = {
        "agency.txt": common.agencies(services, edition),
        "feed_info.txt": common.feed_info(services, edition, "flex"),
        "routes.txt": common.routes(services),
        "calendar.txt": calendar,
        "calendar_dates.txt": dates,
        "trips.txt": _trips(services),
        "stop_times.txt": _stop_times(services),
        "booking_rules.txt": _booking_rules(services, edition),
        "stops.txt": stops_table(services),
        **_groups(services),
    }
    if any(service.zone for service in services):
        files["locations.geojson"] = _zones(services)
    return write_zip(files)


def stops_table(services: Sequence[OnDemandService]) -> Table:
    """List the stops of all services; inside a zone they are the places realtime speaks of."""
    return ("stop_id", "stop_name", "stop_lat", "stop_lon"), [
        (common.stop_id(service.id, stop.id), stop.name, f"{stop.lat:.7f}", f"{stop.lon:.7f}")
        for service in services
        for stop in service.stops
    ]


def _trips(services: Sequence[OnDemandService]) -> Table:
    columns = columns_of(
        "route_id service_id trip_id wheelchair_accessible safe_duration_factor "
        "safe_duration_offset"
    )
    return columns, [
        (
            service.id,
            common.service_id(service, window.weekdays),
            _trip_id(service, number),
            accessible(service),
            f"{service.duration.factor:g}",
            service.duration.offset_s,
        )
        for service in services
        for number, window in enumerate(service.windows, start=1)
    ]


def accessible(service: OnDemandService) -> int:
    """Spell ``wheelchair_accessible``; 0 where it depends on the bus."""
    return {True: _YES, False: _NO, None: 0}[service.wheelchairs]


def _stop_times(services: Sequence[OnDemandService]) -> Table:
    columns = columns_of(
        "trip_id stop_sequence stop_id location_group_id location_id arrival_time "
        "departure_time start_pickup_drop_off_window end_pickup_drop_off_window pickup_type "
        "drop_off_type pickup_booking_rule_id drop_off_booking_rule_id"
    )
    rows: list[Sequence[Cell]] = []
    for service in services:
        # stop and times stay empty: some readers want the columns all the same
        place = ("", "", _zone_id(service)) if service.zone else ("", _group_id(service), "")
        for number, window in enumerate(service.windows, start=1):
            trip, rule = _trip_id(service, number), _rule_id(service)
            board = clock(window.from_s), clock(window.board_until_s)
            leave = clock(window.from_s), clock(window.until_s)
            rows.append((trip, 1, *place, "", "", *board, _PHONE, _NOT, rule, ""))
            rows.append((trip, 2, *place, "", "", *leave, _NOT, _PHONE, "", rule))
    return columns, rows


def _booking_rules(services: Sequence[OnDemandService], edition: Edition) -> Table:
    columns = columns_of(
        "booking_rule_id booking_type prior_notice_duration_min prior_notice_last_day "
        "prior_notice_last_time prior_notice_start_day prior_notice_start_time "
        "prior_notice_service_id message phone_number info_url booking_url"
    )
    return columns, [
        (
            _rule_id(service),
            *_notice(service),
            common.message(service),
            service.phone,
            edition.address,
            edition.address,
        )
        for service in services
    ]


def _notice(service: OnDemandService) -> tuple[Cell, ...]:
    """Columns from ``booking_type`` to ``prior_notice_service_id``."""
    notice = service.notice
    # a day can be booked from its beginning so many days before
    begin = (notice.days_at_most, clock(0)) if notice.days_at_most is not None else ("", "")
    if notice.days:
        until = clock(_END_OF_DAY if notice.until_s is None else notice.until_s)
        office = "" if service.office is None else common.office_id(service)
        return _DAYS_BEFORE, "", notice.days, until, *begin, office
    if notice.minutes:
        return _SAME_DAY, notice.minutes, "", "", *begin, ""
    return _AT_ONCE, "", "", "", "", "", ""  # the specification forbids a beginning here


def _groups(services: Sequence[OnDemandService]) -> dict[str, Table]:
    at_stops = [service for service in services if not service.zone]
    return {
        "location_groups.txt": (
            ("location_group_id", "location_group_name"),
            [(_group_id(service), f"Haltestellen {service.name}") for service in at_stops],
        ),
        "location_group_stops.txt": (
            ("location_group_id", "stop_id"),
            [
                (_group_id(service), common.stop_id(service.id, stop.id))
                for service in at_stops
                for stop in service.stops
            ],
        ),
    }


def _zones(services: Sequence[OnDemandService]) -> str:
    features = [
        {
            "type": "Feature",
            "id": _zone_id(service),
            "properties": {"stop_name": f"Gebiet {service.name}"},
            "geometry": {"type": "MultiPolygon", "coordinates": service.zone}
            if len(service.zone) > 1
            else {"type": "Polygon", "coordinates": service.zone[0]},
        }
        for service in services
        if service.zone
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _trip_id(service: OnDemandService, number: int) -> str:
    return f"{service.id}:{number}"


def _rule_id(service: OnDemandService) -> str:
    return f"{service.id}:anmeldung"


def _zone_id(service: OnDemandService) -> str:
    return common.stop_id(service.id, "_gebiet")


def _group_id(service: OnDemandService) -> str:
    return common.stop_id(service.id, "_haltestellen")
