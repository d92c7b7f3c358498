"""Bodies about persons: what is stored of somebody, and that it is erased."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import ConfigDict, JsonValue

from api.schemas.answers import RideState, Spot
from api.schemas.fields import Answer, Body, Name, Passengers, PhoneText

_EXAMPLE: dict[str, JsonValue] = {"phone": "+49 7123 4567", "name": "Hedwig Beck"}


class PersonWish(Body):
    """Whose data: by telephone number, and by name where several people share the number."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    phone: PhoneText
    name: Name | None = None


class PersonExportWish(PersonWish):
    """Whose data, and as what: JSON for programs, a German PDF for people."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE | {"format": "json"}]})

    format: Literal["json", "pdf"] = "json"


class ToldAnswer(Answer):
    """What the rider was told about a ride, and when."""

    told_at: datetime
    pickup_from: datetime
    pickup_until: datetime
    arrive_by: datetime


class SentAnswer(Answer):
    """A message about a ride: what about, by which channel, whether and when it went out, what it told."""

    kind: str
    channel: str | None
    state: str
    created_at: datetime
    sent_at: datetime | None
    told: dict[str, Any]


class PersonRideAnswer(Answer):
    """All that is stored of a ride.

    ``boarded_at`` and ``left_at`` are when the bus halted, or is planned to. ``further`` is what is rarely
    there: needs of the bus, purpose, the line that is met.
    """

    booking_id: str
    code: str
    area: str
    date: date
    status: RideState
    name: str
    phone: str
    booked_at: datetime
    cancelled_at: datetime | None
    time_kind: Literal["depart_at", "arrive_by"]
    wished_at: datetime
    origin: Spot
    destination: Spot
    passengers: Passengers
    promises: tuple[ToldAnswer, ...]
    boarded_at: datetime | None
    left_at: datetime | None
    fare_cents: int
    further: dict[str, Any]
    email: str | None = None
    wants_call: bool = False
    language: str = "de"
    devices: int = 0
    """How many browsers hear of this ride."""
    messages: tuple[SentAnswer, ...] = ()


class ResponsibleAnswer(Answer):
    """Who answers for the data of an area, and how long it is kept with names."""

    area: str
    controller: str
    contact: str
    officer: str
    rides_named_days: int


class PersonAnswer(Answer):
    """Everything stored of a person, with what Article 15 GDPR asks to be told."""

    exported_at: datetime
    legal_basis: str = "Art. 6 (1) (b) GDPR: the ride that was booked"
    recipients: str = "the drivers of the rides and the control room; nobody else"
    responsible: tuple[ResponsibleAnswer, ...]
    rides: tuple[PersonRideAnswer, ...]


class PersonErasedAnswer(Answer):
    """How many rides name nobody any more.

    ``traces_removed``: no copy is left in the files of the database either; if not, the next erasure or the
    daily job removes it.
    """

    rides: int
    traces_removed: bool
