"""Bodies about standing orders."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    model_validator,
)

from api.schemas.answers import Spot
from api.schemas.fields import Answer, AreaId, Body, OpaqueId, Passengers
from api.schemas.requests import Place
from dispatch.model import Feature, Purpose

Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
ChoiceT = TypeVar("ChoiceT", bound=StrEnum)
Direction = Literal["there", "back"]
_SKIPPED_AT_MOST = 200


class Weekday(StrEnum):
    """A day of the week, as RFC 5545 writes it."""

    MONDAY = "MO"
    TUESDAY = "TU"
    WEDNESDAY = "WE"
    THURSDAY = "TH"
    FRIDAY = "FR"
    SATURDAY = "SA"
    SUNDAY = "SU"

    @classmethod
    def of(cls, day: date) -> "Weekday":
        """Return the weekday of a date."""
        return tuple(cls)[day.weekday()]


def _in_order(chosen: tuple[ChoiceT, ...]) -> tuple[ChoiceT, ...]:
    """Keep each choice once and in the order of its kind: two ways to say the same are the same."""
    return tuple(each for each in type(chosen[0]) if each in chosen) if chosen else ()


class Series(Body):
    """What is asked for on every date, in local clock time: exactly one of ``depart_at`` and ``arrive_by``.

    ``return_at`` is when the way back may begin. The best offer is taken if it differs from the wish by
    ``tolerance_min`` minutes at most. On days the area is closed nothing is asked for, unless
    ``skip_closed`` is off: then such a date becomes a task.
    """

    weekdays: Annotated[
        tuple[Weekday, ...], Field(min_length=1, max_length=7), AfterValidator(_in_order)
    ]
    depart_at: Clock | None = None
    arrive_by: Clock | None = None
    return_at: Clock | None = None
    passengers: Passengers = Passengers()
    needs: Annotated[tuple[Feature, ...], Field(max_length=10), AfterValidator(_in_order)] = ()
    purpose: Purpose | None = None
    tolerance_min: Annotated[int, Field(strict=True, ge=0, le=180)] = 20
    skip_closed: bool = True

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if (self.depart_at is None) == (self.arrive_by is None):
            raise ValueError("give exactly one of depart_at and arrive_by")
        if not (self.passengers.persons or self.passengers.parcel):
            raise ValueError("at least one person must travel, or a parcel")
        return self

    @model_validator(mode="after")
    def _back_after_there(self) -> Self:
        if self.return_at is not None and self.return_at <= (
            self.depart_at or self.arrive_by or ""
        ):
            raise ValueError("return_at must be later than the way there")
        return self


class SeriesWish(Series):
    """A series with its places as the client knows them."""

    origin: Place
    destination: Place


class SeriesAnswer(Series):
    """A series with its places found."""

    origin: Spot
    destination: Spot


_SERIES: dict[str, JsonValue] = {
    "weekdays": ["TU", "TH"],
    "arrive_by": "09:30",
    "return_at": "13:00",
    "origin": {"lon": 9.5412, "lat": 47.1182, "label": "Rathaus, Triesenberg"},
    "destination": {"address": "Städtle 1, Vaduz"},
    "purpose": "medical",
}


class StandingOrderWish(Body):
    """A new standing order of a rider."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rider_id": "f3WmWQ1v",
                    "area_id": "triesenberg",
                    "valid_from": "2026-04-01",
                    "series": _SERIES,
                }
            ]
        }
    )

    rider_id: OpaqueId
    area_id: AreaId
    valid_from: date
    valid_until: date | None = None
    series: SeriesWish

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until must not be before valid_from")
        return self


class StandingOrderChange(Body):
    """What is to be different about a standing order; what is not named stays.

    Only dates not yet booked follow; the answer lists those that are. ``pause``: no rides from the first to
    the last of these days; null: none. ``skipped`` replaces the single dates left out.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"pause": ["2026-08-01", "2026-08-21"]}]}
    )

    state: Literal["active", "paused", "ended"] | None = None
    series: SeriesWish | None = None
    valid_until: date | None = None
    pause: tuple[date, date] | None = None
    skipped: Annotated[frozenset[date], Field(max_length=_SKIPPED_AT_MOST)] | None = None

    @model_validator(mode="after")
    def _pause_forward(self) -> Self:
        if self.pause is not None and self.pause[1] < self.pause[0]:
            raise ValueError("a pause must not end before it begins")
        return self


class Settlement(Body):
    """The coordinator has dealt with a date the program could not book."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"date": "2026-04-02", "direction": "there"}]}
    )

    date: date
    direction: Direction


class StandingRideAnswer(Answer):
    """What became of a date and direction. ``refused`` with no ``settled_at`` is an open task."""

    date: date
    direction: Direction
    state: Literal["booked", "refused"]
    booking_id: str | None
    rule: str | None
    reason: str | None
    decided_at: datetime
    settled_at: datetime | None


class StandingOrderAnswer(Answer):
    """A standing order with its dates from today on. ``paused_by_rule``: the rider missed too many rides."""

    id: str
    rider_id: str
    rider_name: str
    area_id: str
    state: Literal["active", "paused", "ended"]
    paused_by_rule: bool
    valid_from: date
    valid_until: date | None
    pause: tuple[date, date] | None
    skipped: tuple[date, ...]
    series: SeriesAnswer
    rides: tuple[StandingRideAnswer, ...]
    upcoming: tuple[date, ...]
    """Dates of the next weeks not yet asked for."""


class StandingOrdersAnswer(Answer):
    """The standing orders of an area, the oldest first."""

    standing_orders: tuple[StandingOrderAnswer, ...]
