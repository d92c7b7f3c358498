"""Kinds of fields shared by requests and answers, with the limits that keep nonsense out."""

import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from dispatch.model import LOAD_KINDS, Load, load_of, persons

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""Instants beyond these are typing errors; within them no arithmetic overflows."""


_INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"
"""Invisible, but needed to spell names in Persian or Hindi."""


def _printable(text: str) -> str:
    """Refuse control characters: a name or an address is one line, and reads as it is stored.

    Among them are those that turn the direction of writing and make a text look like another.
    """
    if any(unicodedata.category(c) in _INVISIBLE and c not in _JOINERS for c in text) or any(
        0xFDD0 <= ord(c) <= 0xFDEF or ord(c) & 0xFFFE == 0xFFFE  # noqa: PLR2004  # no characters
        for c in text
    ):
        raise ValueError("must not hold control characters")
    return text


def _written(value: object) -> object:
    """Take instants as text only: a bare number would be read as seconds since 1970."""
    if not isinstance(value, str | datetime):
        raise ValueError("must be a text such as 2026-04-01T09:30:00+02:00")  # noqa: TRY004  # pydantic's protocol
    return value


def _in_range(value: datetime) -> datetime:
    if not EARLIEST <= value < LATEST:
        raise ValueError("must lie between the years 2000 and 2100")
    return value


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_printable),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_printable),
]
PhoneText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    AfterValidator(_printable),
]
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
    ),
]
"""As browsers check it (HTML's ``type=email``), with a domain; whether it exists, sending tells."""
LanguageCode = Literal["de", "en"]
AreaId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
OpaqueId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~-]{1,200}$")]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False)]
Count = Annotated[int, Field(strict=True, ge=0, le=99)]
Instant = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_range)]


class Body(BaseModel):
    """Base of request bodies: nothing unknown is ignored, nothing changes after the check."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """Base of answers."""

    model_config = ConfigDict(frozen=True)


class Passengers(Body):
    """Who travels: riders on seats, in wheelchairs, on child seats, and what they bring along."""

    seat: Count = 1
    wheelchair: Count = 0
    walker: Count = 0
    pram: Count = 0
    child_seat: Count = 0
    luggage: Count = 0
    parcel: Count = 0

    @property
    def load(self) -> Load:
        """Room the party takes."""
        return load_of(**self.model_dump())

    @classmethod
    def of(cls, load: Load) -> "Passengers":
        """Return the party of a load vector."""
        return cls(**dict(zip(LOAD_KINDS, load, strict=True)))

    @property
    def persons(self) -> int:
        """How many people travel."""
        return persons(self.load)
