"""What a tablet says and hears about itself."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.schemas.fields import Answer, Body, Instant, Name, OpaqueId

_MOST_REPORTS = 200

Pin = Annotated[str, StringConstraints(pattern=r"^[0-9]{4,12}$")]


class SignIn(Body):
    """Who drives, and the PIN of the tablet."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"driver": "A. Beck", "pin": "4711"}]}
    )

    driver: Name
    pin: Pin


class UnsentReport(Body):
    """A report a tablet could not send before it was locked out; ids and times, no names."""

    tour_id: OpaqueId
    visit_id: OpaqueId
    type: Literal["arrived", "departed"]
    at: Instant
    no_shows: Annotated[tuple[OpaqueId, ...], Field(max_length=100)] = ()


class Handover(Body):
    """All that a locked-out tablet had not sent."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reports": [
                        {
                            "tour_id": "triesenberg.2026-04-01.frueh",
                            "visit_id": "v1",
                            "type": "departed",
                            "at": "2026-04-01T10:02:30+02:00",
                            "no_shows": [],
                        }
                    ]
                }
            ]
        }
    )

    reports: Annotated[tuple[UnsentReport, ...], Field(max_length=_MOST_REPORTS)]


class DeviceAnswer(Answer):
    """What the app on this browser may do.

    ``open``: it needs no tablet (who sits at this machine, or is signed in as staff); ``unknown``: it must
    be enrolled; ``locked``: somebody must sign in with the PIN; ``ready``: ``driver`` is signed in.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "state": "locked",
                    "name": "Tablet Bus 1",
                    "driver": "A. Beck",
                    "drivers": ["A. Beck", "M. Roth"],
                    "areas": ["triesenberg"],
                    "until": None,
                }
            ]
        }
    )

    state: Literal["open", "unknown", "locked", "ready"]
    name: str | None = None
    driver: str | None = None
    """Who is signed in, or was last."""
    drivers: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    until: datetime | None = None
    """End of the session."""
