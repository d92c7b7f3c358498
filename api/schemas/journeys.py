"""Bodies of journeys: rides with our bus and with lines, together."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.schemas.answers import BookingAnswer, PromiseAnswer, RefusalAnswer, Spot
from api.schemas.fields import Answer, Body, Email, LanguageCode, Name, PhoneText
from dispatch.connections.found import Kind

_TOKEN_LENGTH = 8_192


class LegAnswer(Answer):
    """A part of a journey. ``ride``: with our bus, ``promise`` is what we then promise.

    ``line``, ``headsign`` and platforms are those of public lines, ``line_de`` and ``line_en`` name the kind,
    too; ``call_ahead``: the agency must be telephoned before. ``stays_aboard``: the vehicle goes on as this
    line, nobody changes. ``planned_departure`` and ``planned_arrival`` are there where realtime tells of the
    line, be it that it is on time; without them all times are the timetable's and nobody knows about delays.
    ``news_de`` and ``news_en`` say how far it is off its plan, empty where it is not.
    """

    mode: Literal["ride", "line", "walk"]
    origin: Spot
    destination: Spot
    departure: datetime
    arrival: datetime
    minutes: int
    walk_m: int = 0
    promise: PromiseAnswer | None = None
    line: str | None = None
    line_de: str | None = None
    line_en: str | None = None
    headsign: str | None = None
    route_type: int | None = None
    origin_platform: str = ""
    destination_platform: str = ""
    call_ahead: bool = False
    stays_aboard: bool = False
    planned_departure: datetime | None = None
    planned_arrival: datetime | None = None
    news_de: str = ""
    news_en: str = ""


class JourneyAnswer(Answer):
    """One way to get there. ``token`` books the rides with our bus; none: there is nothing to book.

    ``fare_cents`` is for our rides; lines have fares of their own.
    """

    token: str | None
    kind: Kind
    departure: datetime
    arrival: datetime
    minutes: int
    changes: int
    walk_m: int
    fare_cents: int
    legs: tuple[LegAnswer, ...]
    text_de: str
    text_en: str


class OtherServiceAnswer(Answer):
    """An on-demand service of somebody else that runs at both ends on that day: one can call there."""

    name: str
    operator: str
    phone: str
    booking_url: str
    text_de: str
    text_en: str


class JourneysAnswer(Answer):
    """Up to five journeys, the best first; or the refusal where there is none.

    Where the area sends riders to the line first, ``refusal`` says so beside the journeys with lines.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"journeys": []}]})

    journeys: tuple[JourneyAnswer, ...] = ()
    refusal: RefusalAnswer | None = None
    other_services: tuple[OtherServiceAnswer, ...] = ()


class JourneyBooking(Body):
    """Take a journey's rides for a person, all or none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"journey": "eyJyaWRlcyI6…", "name": "Hedwig Beck", "phone": "+423 265 50 10"}
            ]
        }
    )

    journey: Annotated[str, Field(min_length=1, max_length=_TOKEN_LENGTH)]
    name: Name
    phone: PhoneText | None = None
    email: Email | None = None
    call: bool = False
    language: LanguageCode = "de"


class JourneyBookingAnswer(Answer):
    """The bookings of a journey's rides, in order."""

    bookings: tuple[BookingAnswer, ...]
