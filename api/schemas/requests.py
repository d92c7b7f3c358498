"""Bodies of requests."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from api.schemas.fields import (
    AreaId,
    Body,
    Email,
    Instant,
    LanguageCode,
    Latitude,
    Longitude,
    Name,
    OpaqueId,
    Passengers,
    PhoneText,
    Text,
)
from dispatch.model import Feature, Purpose, TimeKind

_TOKEN_LENGTH = 4_096
_RIDERS_OF_A_VISIT = 100


class Point(Body):
    """A place by its position, as chosen from the suggestions or on the map (WGS84)."""

    lon: Longitude
    lat: Latitude
    label: Text | None = None


class AddressText(Body):
    """A place by its address, as typed."""

    address: Text


def _kind(value: Any) -> str:  # noqa: ANN401  # whatever the client sent
    by_address = isinstance(value, AddressText) or (isinstance(value, dict) and "address" in value)
    return "address" if by_address else "point"


Place = Annotated[
    Annotated[Point, Tag("point")] | Annotated[AddressText, Tag("address")], Discriminator(_kind)
]


class OfferWish(Body):
    """Who wants to go where and when; exactly one of ``depart_at`` and ``arrive_by``.

    ``needs`` is what the bus must have, ``alone`` keeps other parties off it, ``purpose`` is what the
    ride is for. ``ride_at_most_min`` and ``walk_at_most_m`` are the rider's own longest ride and walk
    (0: to no stop but the one named); the area's rules hold as well. ``return_of`` is the id of the
    booking this is the way back of: it begins after that one's promised arrival.

    ``disabled`` and ``age_years`` matter only where the area sends riders to the line first; they are not
    stored.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "area_id": "triesenberg",
                    "origin": {"lon": 9.5412, "lat": 47.1182, "label": "Rathaus, Triesenberg"},
                    "destination": {"address": "Städtle 1, Vaduz"},
                    "arrive_by": "2026-04-01T10:30:00+02:00",
                    "passengers": {"seat": 1, "walker": 1},
                }
            ]
        }
    )

    area_id: AreaId
    origin: Place
    destination: Place
    depart_at: Instant | None = None
    arrive_by: Instant | None = None
    passengers: Passengers = Passengers()
    needs: frozenset[Feature] = frozenset()
    alone: bool = False
    purpose: Purpose | None = None
    ride_at_most_min: Annotated[int, Field(strict=True, ge=1, le=360)] | None = None
    walk_at_most_m: Annotated[int, Field(strict=True, ge=0, le=10_000)] | None = None
    return_of: OpaqueId | None = None
    disabled: bool = False
    age_years: Annotated[int, Field(strict=True, ge=0, le=130)] | None = None

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if (self.depart_at is None) == (self.arrive_by is None):
            raise ValueError("give exactly one of depart_at and arrive_by")
        return self

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.passengers.persons == 0 and not self.passengers.parcel:
            raise ValueError("at least one person must travel, or a parcel")
        return self

    @property
    def time(self) -> tuple[TimeKind, datetime]:
        """Which end of the ride is fixed, and when."""
        if self.depart_at is not None:
            return TimeKind.DEPART_AT, self.depart_at
        if self.arrive_by is not None:
            return TimeKind.ARRIVE_BY, self.arrive_by
        raise AssertionError("checked by the validator")  # pragma: no cover


class BookingWish(Body):
    """Take an offer for a person."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"offer": "eJyrVkrOz…", "name": "Hedwig Beck", "phone": "+423 265 50 10"}]
        }
    )

    offer: Annotated[str, Field(min_length=1, max_length=_TOKEN_LENGTH)]
    name: Name
    phone: PhoneText | None = None
    email: Email | None = None
    call: bool = False
    """To be called by a person when something changes, instead of written to."""
    language: LanguageCode = "de"


class RideSearch(Body):
    """Find a ride again: its code, and the telephone number it was booked with.

    Where a ride was booked without a number its ``name`` stands for it.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"code": "K7M-3QP", "phone": "+423 265 50 10"}]}
    )

    code: Annotated[Text, Field(max_length=20)]
    phone: PhoneText | None = None
    name: Name | None = None

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        if (self.phone is None) == (self.name is None):
            raise ValueError("give exactly one of phone and name")
        return self


class VisitReport(Body):
    """What the driver reports about a halt; ``event_id`` makes repeats harmless."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "event_id": "0b3f8f36-6f52-4f5e-9d53-2b0f5d9f6a11",
                    "type": "departed",
                    "at": "2026-04-01T10:02:30+02:00",
                    "no_shows": [],
                }
            ]
        }
    )

    event_id: UUID
    type: Literal["arrived", "departed"]
    at: Instant
    no_shows: Annotated[tuple[OpaqueId, ...], Field(max_length=_RIDERS_OF_A_VISIT)] = ()

    @model_validator(mode="after")
    def _no_shows_when_leaving(self) -> Self:
        if self.no_shows and self.type != "departed":
            raise ValueError("no_shows are reported when leaving the halt")
        return self
