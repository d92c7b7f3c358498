"""Bodies about riders."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, StringConstraints

from api.schemas.answers import BookingAnswer
from api.schemas.fields import (
    Answer,
    AreaId,
    Body,
    Latitude,
    Longitude,
    Name,
    PhoneText,
    Text,
    _printable,
)
from api.schemas.standing import StandingOrderAnswer

_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_PLACES_AT_MOST = 20


def _mail(text: str) -> str:
    if not _MAIL.fullmatch(text):
        raise ValueError("must be an e-mail address")
    return text


Mail = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254),
    AfterValidator(_printable),
    AfterValidator(_mail),
]


class RiderNeeds(Body):
    """What the bus must have room or equipment for: ticks, never illnesses or free text."""

    wheelchair: bool = False
    walker: bool = False
    pram: bool = False
    child_seat: bool = False
    lift: bool = False
    low_floor: bool = False
    no_line: bool = False
    """May not be sent to the line first."""


class FavouritePlace(Body):
    """A place this rider often goes to."""

    label: Text
    lon: Longitude
    lat: Latitude


class Consent(Body):
    """To what somebody agreed, how they said so, and to which wording."""

    profile: Literal[True] = True
    """Being known: number, name, needs and favourite places."""
    messages: bool = False
    """Being written to about rides."""
    how: Literal["telephone", "paper", "in_person", "online"]
    wording: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
        AfterValidator(_printable),
    ]


class ConsentAnswer(Consent):
    """A consent, and when it was given."""

    at: datetime


_EXAMPLE: dict[str, JsonValue] = {
    "area_id": "triesenberg",
    "name": "Hedwig Beck",
    "phone": "+423 265 50 10",
    "needs": {"walker": True},
    "places": [{"label": "Rathaus, Triesenberg", "lon": 9.5412, "lat": 47.1182}],
    "consent": {"how": "telephone", "wording": "2026-1"},
}


class RiderWish(Body):
    """Somebody to be known from now on. Without consent nobody is stored."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    area_id: AreaId
    name: Name
    phone: PhoneText
    email: Mail | None = None
    language: Literal["de", "en"] = "de"
    needs: RiderNeeds = RiderNeeds()
    places: Annotated[tuple[FavouritePlace, ...], Field(max_length=_PLACES_AT_MOST)] = ()
    consent: Consent


class RiderSearch(Body):
    """Whom the control room looks for; sent as a body, because names do not belong in addresses."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"area_id": "triesenberg", "text": "Beck"}]}
    )

    area_id: AreaId
    text: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=100), AfterValidator(_printable)
    ] = ""
    after: Annotated[str, StringConstraints(max_length=64)] | None = None


class RiderAnswer(Answer):
    """A rider as staff sees them."""

    id: str
    area_id: str
    name: str
    phone: str
    email: str | None
    language: Literal["de", "en"]
    needs: RiderNeeds
    places: tuple[FavouritePlace, ...]
    consent: ConsentAnswer
    created_at: datetime
    changed_at: datetime


class RidersAnswer(Answer):
    """Riders by name; ``after`` asks for the next ones, none: these are all."""

    riders: tuple[RiderAnswer, ...]
    after: str | None = None


class RiderPageAnswer(RiderAnswer):
    """A rider with the newest rides under their number, standing orders, and missed rides that count."""

    rides: tuple[BookingAnswer, ...]
    standing_orders: tuple[StandingOrderAnswer, ...]
    no_shows: int


class CallerAnswer(Answer):
    """Who may be calling: riders found, and the newest rides under the number, whoever booked them."""

    riders: tuple[RiderAnswer, ...]
    rides: tuple[BookingAnswer, ...]
    phone: str | None
