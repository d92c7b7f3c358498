"""GTFS-Flex of other operators as a list of services one can call."""

from dataclasses import dataclass

from gtfs.feed import values
from gtfs.feed.call_hours import calendars, hours_of
from gtfs.feed.call_places import ZONES, CallPlaces, read_places
from gtfs.feed.inspection import Inspection
from gtfs.feed.plain import Row, header_of, rows_of
from gtfs.other_services import CallStop, Notice, OtherService, Polygon

CALL_TABLES = ("booking_rules", "location_groups", "location_group_stops", "stop_areas", ZONES)
"""Files of GTFS-Flex that are read beside the usual ones."""
_TABLE = "stop_times"
_FROM = ("start_pickup_drop_off_window", "start_pickup_dropoff_window")
_UNTIL = ("end_pickup_drop_off_window", "end_pickup_dropoff_window")
_RULE = ("pickup_booking_rule_id", "drop_off_booking_rule_id", "dropoff_booking_rule_id")
_PLACE = ("location_group_id", "location_id", "stop_id")
_MESSAGES = ("message", "pickup_message", "drop_off_message")
_SAME_DAY, _DAYS_BEFORE = "1", "2"
_NOBODY = Row(0, {})


@dataclass(frozen=True, slots=True)
class _Call:
    """A row of stop_times.txt that names a window instead of a time."""

    line: int
    trip: str
    place: str
    rule: str
    from_s: int
    until_s: int


def read_call_services(inspection: Inspection, present: frozenset[str]) -> tuple[OtherService, ...]:
    """List the on-demand services of a feed, by route, booking rule and places.

    Faults are warnings, as no journey is planned with these services: ``bad-geojson``,
    ``too-many-fields``, ``bad-window``, ``call-place-unknown``, ``booking-rule-unknown``,
    ``booking-rule-unused``, ``bad-number``.
    """
    calls = _calls(inspection, present)
    if not calls and not present & set(CALL_TABLES):
        return ()
    places = read_places(inspection, present)
    rules = {row["booking_rule_id"]: row for row in rows_of(inspection, present, "booking_rules")}
    _warn(inspection, calls, places, rules)
    trips = {row["trip_id"]: row for row in rows_of(inspection, present, "trips")} if calls else {}
    routes = {row["route_id"]: row for row in rows_of(inspection, present, "routes")}
    agencies = list(rows_of(inspection, present, "agency"))
    days = calendars(inspection, present)
    notices = {name: _notice(inspection, rule) for name, rule in rules.items()}
    services = []
    for (route_id, rule_id, names), group in _grouped(calls, trips).items():
        hours = hours_of(
            {(trips[call.trip]["service_id"], call.from_s, call.until_s) for call in group}, days
        )
        stops, zones = _together(places, names)
        if hours and (stops or zones):
            route, rule = routes.get(route_id, _NOBODY), rules.get(rule_id, _NOBODY)
            agency = _agency(agencies, route)
            services.append(
                OtherService(
                    id="/".join((route_id, rule_id, *names)),
                    name=_name(route),
                    operator=agency["agency_name"],
                    description=route["route_desc"],
                    phone=rule["phone_number"] or agency["agency_phone"],
                    info_url=rule["info_url"] or route["route_url"] or agency["agency_url"],
                    booking_url=rule["booking_url"],
                    messages=tuple(rule[text] for text in _MESSAGES if rule[text]),
                    notice=notices.get(rule_id, Notice()),
                    hours=hours,
                    stops=stops,
                    zones=zones,
                )
            )
    return tuple(services)


def _calls(inspection: Inspection, present: frozenset[str]) -> list[_Call]:
    """Rows with a window and no time; a large timetable without such columns is not looked through."""
    if not set(header_of(inspection, present, _TABLE)) & set(_FROM):
        return []
    calls = []
    for row in rows_of(inspection, present, _TABLE):
        if row["arrival_time"] or row["departure_time"] or not row.first(*_FROM):
            continue
        from_s, until_s = values.time_of(row.first(*_FROM)), values.time_of(row.first(*_UNTIL))
        if not 0 <= from_s < until_s:
            message = "the window of this row is no pair of times, from before until; left out."
            inspection.warn("bad-window", message, _TABLE, row.line)
            continue
        calls.append(
            _Call(row.line, row["trip_id"], row.first(*_PLACE), row.first(*_RULE), from_s, until_s)
        )
    return calls


def _warn(
    inspection: Inspection, calls: list[_Call], places: CallPlaces, rules: dict[str, Row]
) -> None:
    """Tell each unknown place and rule once, and rules for a service that runs nowhere."""
    for place, line in {call.place: call.line for call in reversed(calls)}.items():
        if places.find(place) == ((), ()):
            message = f"{place!r} is no zone, no group and no stop with a place; left out."
            inspection.warn("call-place-unknown", message, _TABLE, line)
    for rule, line in {call.rule: call.line for call in reversed(calls)}.items():
        if rule and rule not in rules:
            message = f"the booking rule {rule} is not in booking_rules.txt."
            inspection.warn("booking-rule-unknown", message, _TABLE, line)
    used = {call.rule for call in calls}
    for rule, row in rules.items():
        if rule not in used:
            message = f"no on-demand row of stop_times.txt uses the booking rule {rule}."
            inspection.warn("booking-rule-unused", message, "booking_rules", row.line)


def _grouped(
    calls: list[_Call], trips: dict[str, Row]
) -> dict[tuple[str, str, tuple[str, ...]], list[_Call]]:
    """Group calls by route, rule and places of their trip; trips that are not there are left out."""
    by_trip: dict[str, list[_Call]] = {}
    for call in calls:
        by_trip.setdefault(call.trip, []).append(call)
    groups: dict[tuple[str, str, tuple[str, ...]], list[_Call]] = {}
    for trip, own in by_trip.items():
        if trip in trips:
            names = tuple(dict.fromkeys(call.place for call in own))
            rule = next((call.rule for call in own if call.rule), "")
            groups.setdefault((trips[trip]["route_id"], rule, names), []).extend(own)
    return groups


def _together(
    places: CallPlaces, names: tuple[str, ...]
) -> tuple[tuple[CallStop, ...], tuple[Polygon, ...]]:
    found = [places.find(name) for name in names]
    stops = dict.fromkeys(stop for stops, _ in found for stop in stops)
    zones = dict.fromkeys(zone for _, zones in found for zone in zones)
    return tuple(stops), tuple(zones)


def _agency(agencies: list[Row], route: Row) -> Row:
    """Find the agency of a route; the only one need not be named."""
    if len(agencies) == 1:
        return agencies[0]
    named = (agency for agency in agencies if agency["agency_id"] == route["agency_id"])
    return next(named, _NOBODY)


def _name(route: Row) -> str:
    """Short and long name of a route, each once: "RufBus 476", "Zone 1 Downtown"."""
    short, long = route["route_short_name"], route["route_long_name"]
    if not short or short in long:
        return long
    return f"{short} {long}".rstrip()


def _notice(inspection: Inspection, rule: Row) -> Notice:
    """How early one must call, by the kind of the rule (0 at once, 1 the same day, 2 days before)."""
    kind = rule["booking_type"]
    if kind == _SAME_DAY:
        return Notice(
            minutes=_whole(inspection, rule, "prior_notice_duration_min") or 0,
            minutes_at_most=_whole(inspection, rule, "prior_notice_duration_max"),
            days_at_most=_whole(inspection, rule, "prior_notice_start_day"),
        )
    if kind == _DAYS_BEFORE:
        until_s = values.time_of(rule["prior_notice_last_time"])
        return Notice(
            days=_whole(inspection, rule, "prior_notice_last_day") or 0,
            until_s=until_s if until_s >= 0 else None,
            days_at_most=_whole(inspection, rule, "prior_notice_start_day"),
        )
    return Notice()


def _whole(inspection: Inspection, rule: Row, column: str) -> int | None:
    """Read a number of minutes or days; None where there is none."""
    text = rule[column]
    if text and not (text.isascii() and text.isdigit()):
        message = f"{column} must be a whole number, not {text!r}; taken as none."
        inspection.warn("bad-number", message, "booking_rules", rule.line)
        return None
    return int(text) if text else None
