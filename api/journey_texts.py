"""Journeys in words: our rides, and what public lines do, in German and English."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from api.schemas.answers import Spot
from api.servicetime import ServiceDay
from api.tickets import Ticket
from dispatch.connections.found import Journey
from dispatch.connections.lines import Lines
from gtfs.journey import Journey as LineJourney
from gtfs.journey import Ride
from gtfs.sentences import english as in_english
from gtfs.sentences import english_news, german_news
from gtfs.sentences import german as in_german
from regions.area import Area

Parts = tuple[str, ...]
"""A sentence for each part of a journey."""


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


def journey_texts(journey: Journey, told: Told) -> tuple[Parts, Parts]:
    """Say a journey in German and in English, a sentence for each part."""
    return tuple(_text(journey, told, german=True)), tuple(_text(journey, told, german=False))


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
    return (in_german if german else in_english)(_on_lines(journey, told), told.today)


def line_news(journey: Journey, told: Told, ride: Ride) -> tuple[str, str]:
    """Say in German and in English how far one of the lines is off its plan; nothing if it is not."""
    said = _on_lines(journey, told)
    return german_news(said, ride, told.today), english_news(said, ride, told.today)


def _on_lines(journey: Journey, told: Told) -> LineJourney:
    assert told.lines is not None  # noqa: S101  # legs come from them
    legs, day = journey.legs, told.lines.day
    return LineJourney(
        day=day.day,
        time_zone=day.timetable.time_zone,
        departure_s=legs[0].departure_s,
        arrival_s=legs[-1].arrival_s,
        transfers=len(journey.lines) - 1,
        legs=legs,
        access=0,
        egress=0,
    )
