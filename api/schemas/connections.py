"""Bodies of answers about rides that meet lines, for the control room."""

from datetime import date, datetime
from typing import Literal

from api.schemas.answers import PromiseAnswer
from api.schemas.fields import Answer


class ConnectionCaseAnswer(Answer):
    """A rider whose line and ride do not meet any more; a person decides, and calls.

    ``line_late``: the line comes too late for the ride, which cannot wait, or is not moved before its day
    unless a person does so; ``options`` are other rides.
    ``line_gone``: the line does not run. ``ride_late``: our bus comes too late for the line; with both
    ``next_departure`` is the next of the same line. ``ready`` is when the rider could go on, ``planned`` the
    time of the line that was booked.
    """

    kind: Literal["line_late", "line_gone", "ride_late"]
    booking_id: str
    name: str
    phone: str | None
    line: str
    stop: str
    planned: datetime
    ready: datetime | None
    options: tuple[PromiseAnswer, ...] = ()
    next_departure: datetime | None = None


class ConnectionCasesAnswer(Answer):
    """What a person must look at, in the order of time."""

    date: date
    cases: tuple[ConnectionCaseAnswer, ...]
