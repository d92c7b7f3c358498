"""Journeys: what a search returns."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from gtfs.net import NEVER


class Offer(NamedTuple):
    """How a stop can be reached from the start, or the goal from a stop: on foot, or by a bus of ours."""

    stop: int
    """Index into the stops of the timetable."""
    seconds: int
    """Time it takes."""
    from_s: int = -NEVER
    """Nobody is brought to the stop, or picked up there, before; riders may wait until then."""
    until_s: int = NEVER
    """Nobody is brought to the stop, or picked up there, after."""


@dataclass(frozen=True, slots=True)
class Walk:
    """The way to the first stop, between two stops, or from the last stop.

    ``from_stop`` is None on the way from the start, ``to_stop`` on the way to the goal; these two ways are
    what the offer says, on foot or not.
    """

    from_stop: int | None
    to_stop: int | None
    departure_s: int
    seconds: int
    from_name: str = ""
    to_name: str = ""

    @property
    def arrival_s(self) -> int:
        """When it ends."""
        return self.departure_s + self.seconds


@dataclass(frozen=True, slots=True)
class Ride:
    """A ride with one trip. Times are seconds of the asked service day, as far as is known now."""

    from_stop: int
    to_stop: int
    departure_s: int
    arrival_s: int
    from_name: str
    to_name: str
    from_platform: str
    to_platform: str
    trip: int
    """Index into the trips of the timetable."""
    trip_id: str
    service_day: date
    first_stop_time: int
    last_stop_time: int
    """Indices into the stop times of the timetable: where one boards and leaves."""
    route: str
    """Short name of the line, its long name where it has none."""
    route_type: int
    headsign: str
    call_ahead: bool
    """The agency must be telephoned before."""
    stays_aboard: bool
    """The vehicle of the ride before goes on as this trip; nobody changes."""
    planned_s: tuple[int, int] | None
    """Departure and arrival of the timetable; None: nothing is told about the trip, its times are these."""


@dataclass(frozen=True, slots=True)
class Journey:
    """From start to goal. Times are seconds from the start of the service day ``day``.

    Parameters
    ----------
    departure_s
        When to leave the start at the latest.
    legs
        Walks and rides in order.
    access, egress
        Which of the offers were used, by their position in the question.
    """

    day: date
    time_zone: str
    departure_s: int
    arrival_s: int
    transfers: int
    legs: tuple[Walk | Ride, ...]
    access: int
    egress: int

    @property
    def rides(self) -> tuple[Ride, ...]:
        """The rides in order."""
        return tuple(leg for leg in self.legs if isinstance(leg, Ride))
