"""Journeys in times of the clock, leg by leg."""

from collections.abc import Iterator

from api.journey_texts import Parts, Told, line_news
from api.schemas.answers import PromiseAnswer, Spot
from api.schemas.journeys import JourneyAnswer, LegAnswer
from api.tickets import Ticket
from dispatch.connections.found import Journey
from gtfs.journey import Ride, Walk
from gtfs.sentences import english_line, german_line
from regions.area import Area

_MINUTE = 60
_TEN_M = 10


def journey_answer(
    journey: Journey, told: Told, texts: tuple[Parts, Parts], token: str | None
) -> JourneyAnswer:
    """Describe a journey; ``texts`` say it in German and in English."""
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
        text_de=" ".join(texts[0]),
        text_en=" ".join(texts[1]),
    )


def _legs(journey: Journey, told: Told) -> Iterator[LegAnswer]:
    if told.first is not None:
        yield _ride_leg(told, told.first)
    for leg in journey.legs:
        yield _walk_leg(told, leg) if isinstance(leg, Walk) else _line_leg(journey, told, leg)
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


def _line_leg(journey: Journey, told: Told, leg: Ride) -> LegAnswer:
    news_de, news_en = line_news(journey, told, leg)
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
        news_de=news_de,
        news_en=news_en,
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


def _walk_m(area: Area, walk_s: int) -> int:
    """Metres of a walk, in tens: nobody measures more exactly."""
    return round(walk_s * area.policy.walk_m_per_min / _MINUTE / _TEN_M) * _TEN_M
