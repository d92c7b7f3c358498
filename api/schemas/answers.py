"""Bodies of answers about areas, places, offers and bookings."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import ConfigDict

from api.schemas.fields import Answer, Passengers


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


class OfferAnswer(Answer):
    """One possible ride. ``token`` is what to send to take it; it is good for 15 minutes."""

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


class RefusalAnswer(Answer):
    """A "no": the binding rule in words, and what would work instead."""

    rule: str
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


RideState = Literal["booked", "aboard", "done", "no_show", "cancelled"]


class BookingAnswer(Answer):
    """A booking. ``planned_…`` are the times of the present plan; none once cancelled."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "kM3vX0s4T1y8bq2cQeR7Aw",
                    "code": "K7M-3QP",
                    "status": "booked",
                    "area_id": "triesenberg",
                    "date": "2026-04-01",
                    "name": "Hedwig Beck",
                    "passengers": {"seat": 1, "wheelchair": 0, "walker": 1, "pram": 0},
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
            ]
        }
    )

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


class StaffBookingAnswer(BookingAnswer):
    """A booking as the control room sees it."""

    phone: str | None
    created_at: datetime


class BookingsAnswer(Answer):
    """Bookings of a day in order of their pickup."""

    date: date
    bookings: tuple[StaffBookingAnswer, ...]
