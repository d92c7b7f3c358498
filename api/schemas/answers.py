"""Bodies of answers about areas, places, offers and bookings."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import ConfigDict

from api.schemas.fields import Answer, Passengers
from dispatch.answers import Kind
from dispatch.model import LOAD_KINDS
from regions.area import Service


class Spot(Answer):
    """A place: what people call it and where it lies (WGS84)."""

    label: str
    lon: float
    lat: float


class StopAnswer(Answer):
    """A named stop of an area."""

    id: str
    name: str
    lon: float
    lat: float


class AreaAnswer(Answer):
    """Where one service runs. ``boundary`` is a GeoJSON geometry; none: the whole region."""

    id: str
    name: str
    operator: str
    phone: str
    time_zone: str
    invented: bool
    door_to_door: bool
    service: Service
    currency: str
    bbox: tuple[float, float, float, float]
    boundary: dict[str, Any] | None
    stops: tuple[StopAnswer, ...]
    attribution: str


class AreasAnswer(Answer):
    """All areas of this server."""

    areas: tuple[AreaAnswer, ...]


class PlaceAnswer(Spot):
    """A suggestion for what was typed. ``inside``: the service runs there.

    ``number_missing``: a whole street or village; ask for the house number.
    """

    kind: str
    inside: bool
    exact: bool
    municipality: str
    number_missing: bool = False


class PlacesAnswer(Answer):
    """Suggestions, the best first."""

    places: tuple[PlaceAnswer, ...]


class DifferenceAnswer(Answer):
    """How an offer differs from what was wished, 0 where it does not.

    ``minutes_later`` is negative for earlier: of the departure from the door, or of the arrival there if a
    time of arrival was wished. ``ride_minutes_longer``: the ride may take this much longer than usual.
    ``persons`` of the party ride.
    """

    minutes_later: int
    days_later: int
    ride_minutes_longer: int
    persons: int
    text_de: str
    text_en: str


class ConnectionAnswer(Answer):
    """The public line a ride meets: it brings the rider to its departure, or begins after its arrival."""

    to_line: bool
    line: str
    time: datetime


class OfferAnswer(Answer):
    """One possible ride. ``token`` is what to send to take it; it is good for 15 minutes.

    ``origin`` and ``destination`` are where the bus halts, ``walk_to_m`` and ``walk_from_m`` the metres on
    foot at either end. ``kind`` names what is most of all different: of an offer, against the ``best``;
    of an alternative to a refusal, against the wish. Two of kind ``part`` carry a party together: take
    the first one first. ``kind`` and ``differs`` are there where offers are compared.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "token": "eyJhcmVhX2lkIjoi…",
                    "pickup_from": "2026-04-01T10:20:00+02:00",
                    "pickup_until": "2026-04-01T10:30:00+02:00",
                    "arrive_by": "2026-04-01T10:55:00+02:00",
                    "planned_pickup": "2026-04-01T10:22:00+02:00",
                    "planned_arrival": "2026-04-01T10:37:00+02:00",
                    "ride_minutes": 15,
                    "direct_minutes": 11,
                    "fare_cents": 200,
                    "shared": True,
                    "origin": {"label": "Kirche", "lon": 9.5412, "lat": 47.1182},
                    "destination": {"label": "Städtle 1, Vaduz", "lon": 9.5209, "lat": 47.1397},
                    "walk_to_m": 150,
                    "walk_from_m": 0,
                    "kind": "later",
                    "differs": {
                        "minutes_later": 20,
                        "days_later": 0,
                        "ride_minutes_longer": 0,
                        "persons": 1,
                        "text_de": "20 Minuten später, ab Haltestelle Kirche, 150 m Fußweg",
                        "text_en": "20 minutes later, from the stop Kirche, 150 m on foot",
                    },
                }
            ]
        }
    )

    token: str
    pickup_from: datetime
    pickup_until: datetime
    arrive_by: datetime
    planned_pickup: datetime
    planned_arrival: datetime
    ride_minutes: int
    direct_minutes: int
    fare_cents: int
    shared: bool
    origin: Spot
    destination: Spot
    walk_to_m: int
    walk_from_m: int
    kind: Kind | None = None
    differs: DifferenceAnswer | None = None
    connection: ConnectionAnswer | None = None


class RefusalAnswer(Answer):
    """A "no": the binding rule in words, and what would work instead, the nearest first.

    Each rule of ``also`` stands in the way alone, too; after the rule ``time`` they do so only together.
    """

    rule: str
    also: tuple[str, ...] = ()
    reason: str
    reason_de: str
    reason_en: str
    alternatives: tuple[OfferAnswer, ...]


class OffersAnswer(Answer):
    """Offers, or the refusal."""

    offers: tuple[OfferAnswer, ...] = ()
    refusal: RefusalAnswer | None = None


class RefusedWishAnswer(Answer):
    """A wish that was refused, as the control room sees it; places lose their names after a while."""

    rule: str
    reason: str
    wished_at: datetime
    time_kind: Literal["depart_at", "arrive_by"]
    origin: str
    destination: str
    passengers: Passengers
    alternatives: int
    refused_at: datetime


class RefusalsAnswer(Answer):
    """Wishes refused for a day, in order of the time wished: the newest, and how many ``older`` ones."""

    date: date
    refusals: tuple[RefusedWishAnswer, ...]
    older: int


class PromiseAnswer(Answer):
    """What the rider was told: the bus comes between the first two, arrival is by the third."""

    pickup_from: datetime
    pickup_until: datetime
    arrive_by: datetime


RideState = Literal["booked", "unassigned", "aboard", "done", "no_show", "cancelled"]
OPEN: frozenset[RideState] = frozenset({"booked", "unassigned"})
"""Rides that have not begun; their riders may cancel."""


_BOOKING: dict[str, Any] = {
    "id": "kM3vX0s4T1y8bq2cQeR7Aw",
    "code": "K7M-3QP",
    "status": "booked",
    "area_id": "triesenberg",
    "date": "2026-04-01",
    "name": "Hedwig Beck",
    "passengers": {**dict.fromkeys(LOAD_KINDS, 0), "seat": 1, "walker": 1},
    "origin": {"label": "Rathaus, Triesenberg", "lon": 9.5412, "lat": 47.1182},
    "destination": {"label": "Städtle 1, Vaduz", "lon": 9.5209, "lat": 47.1397},
    "promise": {
        "pickup_from": "2026-04-01T10:00:00+02:00",
        "pickup_until": "2026-04-01T10:10:00+02:00",
        "arrive_by": "2026-04-01T10:30:00+02:00",
    },
    "planned_pickup": "2026-04-01T10:02:00+02:00",
    "planned_arrival": "2026-04-01T10:17:00+02:00",
    "fare_cents": 200,
    "tour_id": "triesenberg.2026-04-01.frueh",
}


class BookingAnswer(Answer):
    """A booking. ``planned_…`` are the times of the present plan; none while no bus carries it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_BOOKING]})

    id: str
    code: str
    status: RideState
    area_id: str
    date: date
    name: str
    passengers: Passengers
    origin: Spot
    destination: Spot
    promise: PromiseAnswer
    planned_pickup: datetime | None
    planned_arrival: datetime | None
    fare_cents: int
    tour_id: str
    connection: ConnectionAnswer | None = None


class FoundRidesAnswer(Answer):
    """The booking of a code, and what else lies ahead for the same person under the same number."""

    booking: BookingAnswer
    coming: tuple[BookingAnswer, ...] = ()


class StaffBookingAnswer(BookingAnswer):
    """A booking as the control room sees it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                _BOOKING | {"phone": "+4232650010", "created_at": "2026-03-30T08:12:40+02:00"}
            ]
        }
    )

    phone: str | None
    created_at: datetime


class BookingsAnswer(Answer):
    """Bookings of a day in order of their pickup."""

    date: date
    bookings: tuple[StaffBookingAnswer, ...]
