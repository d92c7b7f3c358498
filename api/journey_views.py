"""Journeys in words and times of the clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from api.schemas.answers import PromiseAnswer, Spot
from api.schemas.journeys import JourneyAnswer, LegAnswer
from api.servicetime import ServiceDay
from api.tickets import Ticket
from dispatch.connections.found import Journey
from dispatch.connections.lines import Lines
from gtfs.journey import Journey as LineJourney
from gtfs.journey import Ride, Walk
from gtfs.sentences import english as in_english
from gtfs.sentences import english_line, german_line
from gtfs.sentences import german as in_german
from regions.area import Area

_MINUTE = 60
_TEN_M = 10


@dataclass(frozen=True, slots=True)
class Told:
    """What a journey is told with: its day and today, the lines, the doors, and our rides as tickets."""

    area: Area
    service: ServiceDay
    today: date
    lines: Lines | None
    doors: tuple[Spot, Spot]
    first: Ticket | None
    last: Ticket | None

    @property
    def rides(self) -> tuple[Ticket, ...]:
        """Our rides in order."""
        return tuple(ticket for ticket in (self.first, self.last) if ticket is not None)


def journey_answer(journey: Journey, told: Told, token: str | None) -> JourneyAnswer:
    """Describe a journey."""
    seconds = journey.arrival_s - journey.departure_s
    return JourneyAnswer(
        token=token,
        kind=journey.kind,
        departure=told.service.local(journey.departure_s),
        arrival=told.service.local(journey.arrival_s),
        minutes=-(-seconds // _MINUTE),
        changes=journey.changes,
        walk_m=_walk_m(told.area, journey.walk_s),
        fare_cents=sum(ticket.fare_cents for ticket in told.rides),
        legs=tuple(_legs(journey, told)),
        text_de=" ".join(_text(journey, told, german=True)),
        text_en=" ".join(_text(journey, told, german=False)),
    )


def _legs(journey: Journey, told: Told) -> Iterator[LegAnswer]:
    if told.first is not None:
        yield _ride_leg(told, told.first)
    for leg in journey.legs:
        yield _walk_leg(told, leg) if isinstance(leg, Walk) else _line_leg(told, leg)
    if told.last is not None:
        yield _ride_leg(told, told.last)


def _ride_leg(told: Told, ticket: Ticket) -> LegAnswer:
    pickup_from_s, pickup_until_s, arrive_by_s, _ = ticket.promise
    local = told.service.local
    seconds = ticket.planned_arrival_s - ticket.planned_pickup_s
    return LegAnswer(
        mode="ride",
        origin=ticket.origin,
        destination=ticket.destination,
        departure=local(ticket.planned_pickup_s),
        arrival=local(ticket.planned_arrival_s),
        minutes=-(-seconds // _MINUTE),
        walk_m=_walk_m(told.area, sum(ticket.walks_s)),
        promise=PromiseAnswer(
            pickup_from=local(pickup_from_s),
            pickup_until=local(pickup_until_s),
            arrive_by=local(arrive_by_s),
        ),
    )


def _walk_leg(told: Told, leg: Walk) -> LegAnswer:
    return LegAnswer(
        mode="walk",
        origin=_stop(told, leg.from_stop, told.doors[0]),
        destination=_stop(told, leg.to_stop, told.doors[1]),
        departure=told.service.local(leg.departure_s),
        arrival=told.service.local(leg.arrival_s),
        minutes=-(-leg.seconds // _MINUTE),
        walk_m=_walk_m(told.area, leg.seconds),
    )


def _line_leg(told: Told, leg: Ride) -> LegAnswer:
    return LegAnswer(
        mode="line",
        origin=_stop(told, leg.from_stop, told.doors[0]),
        destination=_stop(told, leg.to_stop, told.doors[1]),
        departure=told.service.local(leg.departure_s),
        arrival=told.service.local(leg.arrival_s),
        minutes=-(-(leg.arrival_s - leg.departure_s) // _MINUTE),
        line=leg.route,
        line_de=german_line(leg),
        line_en=english_line(leg),
        headsign=leg.headsign,
        route_type=leg.route_type,
        origin_platform=leg.from_platform,
        destination_platform=leg.to_platform,
        call_ahead=leg.call_ahead,
        stays_aboard=leg.stays_aboard,
        planned_departure=leg.planned_s and told.service.local(leg.planned_s[0]),
        planned_arrival=leg.planned_s and told.service.local(leg.planned_s[1]),
    )


def _stop(told: Told, stop: int | None, door: Spot) -> Spot:
    if stop is None:
        return door
    assert told.lines is not None  # noqa: S101  # legs come from them
    timetable = told.lines.day.timetable
    return Spot(
        label=timetable.stop_name[stop],
        lon=float(timetable.stop_lon[stop]),
        lat=float(timetable.stop_lat[stop]),
    )


def _text(journey: Journey, told: Told, *, german: bool) -> Iterator[str]:
    """Yield a sentence for each part."""
    if told.first is not None:
        yield _ride_text(told, told.first, german=german)
    if journey.legs:
        yield _line_text(journey, told, german=german)
    if told.last is not None:
        yield _ride_text(told, told.last, german=german)


_RIDE_DE = (
    "Der Bürgerbus holt Sie zwischen {start} und {until} Uhr ab ({origin}) und bringt Sie bis "
    "spätestens {latest} Uhr nach: {goal}."
)
_RIDE_EN = (
    "The citizen bus picks you up between {start} and {until} ({origin}) and takes you by {latest} at the "
    "latest to: {goal}."
)


def _ride_text(told: Told, ticket: Ticket, *, german: bool) -> str:
    times = (f"{told.service.local(time_s):%H:%M}" for time_s in ticket.promise[:3])
    start, until, latest = times
    return (_RIDE_DE if german else _RIDE_EN).format(
        start=start,
        until=until,
        latest=latest,
        origin=ticket.origin.label,
        goal=ticket.destination.label,
    )


def _line_text(journey: Journey, told: Told, *, german: bool) -> str:
    assert told.lines is not None  # noqa: S101  # legs come from them
    legs, day = journey.legs, told.lines.day
    said = LineJourney(
        day=day.day,
        time_zone=day.timetable.time_zone,
        departure_s=legs[0].departure_s,
        arrival_s=legs[-1].arrival_s,
        transfers=len(journey.lines) - 1,
        legs=legs,
        access=0,
        egress=0,
    )
    return (in_german if german else in_english)(said, told.today)


def _walk_m(area: Area, walk_s: int) -> int:
    """Metres of a walk, in tens: nobody measures more exactly."""
    return round(walk_s * area.policy.walk_m_per_min / _MINUTE / _TEN_M) * _TEN_M
