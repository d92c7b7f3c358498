"""The nouns: kinds of messages, the times they tell, and the rules for telling."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from api.store.tables import BookingRow, PromiseRow


class Kind(StrEnum):
    """What a message is about."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    """As the rider wished."""
    DROPPED = "dropped"
    """The ride does not take place, though the rider did not ask for that."""
    UNASSIGNED = "unassigned"
    """There is no bus for the ride at the moment; a person must find a way with the rider."""
    CHANGED = "changed"
    """Another promise."""
    LATE = "late"
    """The bus comes or arrives after what was promised."""
    BETTER = "better"
    """A bus that was late will be less so."""
    REMINDER_EVENING = "reminder_evening"
    REMINDER_HOUR = "reminder_hour"


NEWS = frozenset({Kind.CHANGED, Kind.LATE, Kind.BETTER})
"""New times of a ride: only the newest counts."""
REMINDERS = frozenset({Kind.REMINDER_EVENING, Kind.REMINDER_HOUR})
LAST = frozenset({Kind.CANCELLED, Kind.DROPPED})
"""After these there is nothing more to tell of a ride."""
MUST = frozenset({*NEWS, Kind.DROPPED, Kind.UNASSIGNED})
"""Told in any case: where no channel leads to the rider, by a person on the telephone."""

URGENT = timedelta(minutes=30)
"""So near a pickup news do not wait to be gathered."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How often riders are told new times; see docs/messages.md.

    Parameters
    ----------
    small
        Later by less is not told.
    settle
        News wait so long for newer ones, unless the pickup is near.
    quiet
        After telling something, news wait so long, unless they are urgent.
    per_hour
        So many messages about a ride in any hour; more is for a person to call about.
    """

    small: timedelta = timedelta(minutes=5)
    settle: timedelta = timedelta(minutes=1)
    quiet: timedelta = timedelta(minutes=10)
    per_hour: int = 3


@dataclass(frozen=True, slots=True)
class Times:
    """What a rider is told: the promise, and where it cannot be kept what is expected. Aware instants."""

    pickup_from: datetime
    pickup_until: datetime
    arrive_by: datetime
    expected_pickup: datetime | None = None
    expected_arrival: datetime | None = None

    @property
    def ready(self) -> datetime:
        """From when on the rider must be ready: the promise, unless the bus will be late."""
        expected = self.expected_pickup
        return expected if expected and expected > self.pickup_until else self.pickup_from

    @property
    def there(self) -> datetime:
        """By when the rider is there."""
        expected = self.expected_arrival
        return expected if expected and expected > self.arrive_by else self.arrive_by

    @property
    def late(self) -> bool:
        """Whether the promise will not be kept."""
        return self.ready != self.pickup_from or self.there != self.arrive_by

    @property
    def payload(self) -> dict[str, str]:
        """As stored; :meth:`read` reads it."""
        names = self.__dataclass_fields__
        values = {name: getattr(self, name) for name in names}
        return {name: value.isoformat() for name, value in values.items() if value is not None}

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> "Times":
        """Read what was stored."""
        return cls(**{name: datetime.fromisoformat(value) for name, value in payload.items()})

    @classmethod
    def of(cls, row: BookingRow | PromiseRow) -> "Times":
        """Return the times of a promise."""
        return cls(row.pickup_from, row.pickup_until, row.arrive_by)
