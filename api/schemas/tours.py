"""Answers about tours, for the tablet and the control room."""

from datetime import date, datetime
from typing import Any, Literal

from api.schemas.answers import ConnectionAnswer, RideState, Spot
from api.schemas.fields import Answer, Passengers
from routing.directions.maneuvers import Kind, Turn


class ShiftAnswer(Answer):
    """Vehicle and driver of a tour, and when they are on duty."""

    id: str
    vehicle: str
    driver: str
    start: datetime
    end: datetime
    start_place: Spot
    end_place: Spot


class BoardingAnswer(Answer):
    """A rider who boards at a halt, with what was promised."""

    booking_id: str
    name: str
    phone: str | None
    passengers: Passengers
    status: RideState
    pickup_from: datetime
    pickup_until: datetime
    destination: str
    connection: ConnectionAnswer | None = None


class AlightingAnswer(Answer):
    """A rider who leaves at a halt, with what was promised."""

    booking_id: str
    name: str
    phone: str | None
    passengers: Passengers
    status: RideState
    arrive_by: datetime
    connection: ConnectionAnswer | None = None


class VisitAnswer(Answer):
    """One halt, or a ``pause``. ``arrive`` and ``depart`` are the real times once they have happened."""

    id: str
    sequence: int
    place: Spot
    arrive: datetime
    depart: datetime
    status: Literal["planned", "arrived", "departed"]
    pause: bool = False
    board: tuple[BoardingAnswer, ...]
    alight: tuple[AlightingAnswer, ...]


class TourAnswer(Answer):
    """The halts of one shift in order; a shift nobody booked has none but its breaks.

    ``geometry`` is a GeoJSON LineString from the depot over all halts back to the depot.
    """

    id: str
    area_id: str
    shift: ShiftAnswer
    visits: tuple[VisitAnswer, ...]
    geometry: dict[str, Any] | None
    metres: int
    seconds: int


class ToursAnswer(Answer):
    """All tours of a day. ``version`` grows with every change of the day."""

    date: date
    version: int
    tours: tuple[TourAnswer, ...]


class ReportAnswer(Answer):
    """The tour after the driver's report."""

    tour: TourAnswer


class StepAnswer(Answer):
    """One thing to do on the way, ``metres`` after the step before, at ``place`` (lon, lat).

    ``text`` and ``spoken`` begin with the distance, ``action`` and ``action_spoken`` leave it
    to whoever knows how far it still is.
    """

    kind: Kind
    turn: Turn
    metres: int
    place: tuple[float, float]
    text: str
    spoken: str
    action: str
    action_spoken: str


class LegAnswer(Answer):
    """The drive between two visits; null stands for the place where the shift starts or ends.

    ``points`` are the longitudes and latitudes of its line.
    """

    from_visit: str | None
    to_visit: str | None
    metres: int
    seconds: int
    points: tuple[tuple[float, float], ...]
    steps: tuple[StepAnswer, ...]


class DirectionsAnswer(Answer):
    """The drives of a tour that are still ahead, in order."""

    language: str
    legs: tuple[LegAnswer, ...]
