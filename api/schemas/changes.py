"""Bodies about changing a booking."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from api.schemas.fields import Body, Instant, Passengers
from api.schemas.requests import Place

_TOKEN_LENGTH = 4_096


class ChangeWish(Body):
    """What is to be different about a booking: exactly one time, and other places where named."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"depart_at": "2026-04-01T11:00:00+02:00"}]}
    )

    depart_at: Instant | None = None
    arrive_by: Instant | None = None
    origin: Place | None = None
    destination: Place | None = None
    passengers: Passengers | None = None

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if (self.depart_at is None) == (self.arrive_by is None):
            raise ValueError("give exactly one of depart_at and arrive_by")
        if self.passengers and not (self.passengers.persons or self.passengers.parcel):
            raise ValueError("at least one person must travel, or a parcel")
        return self


class BookingChange(Body):
    """The offer to take instead."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"offer": "eJyrVkrOz…"}]})

    offer: Annotated[str, Field(min_length=1, max_length=_TOKEN_LENGTH)]
