"""What a search is asked, and what it answers."""

from dataclasses import dataclass
from enum import IntFlag
from typing import NamedTuple

from dispatch.model import Promise, Request, Shift
from dispatch.schedule.arrays import FAR, Places


class Relax(IntFlag):
    """Rules a search ignores, to find out which of them stands in the way."""

    NOTHING = 0
    ROOM = 1
    ALONE = 2
    FEATURES = 4
    RANGE = 8
    DRIVING_TIME = 16
    QUOTA = 32


class Slice(NamedTuple):
    """When a ride may board and when it may arrive."""

    pickup_from_s: int
    pickup_until_s: int
    arrive_from_s: int
    arrive_until_s: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a ride must keep to: when it may board and arrive, and how long it may take.

    Earliness or lateness against ``wish_s`` (of the arrival for an arrive-by request, of the pickup
    otherwise) costs ``weight_wish`` driving seconds per second.
    """

    request: Request
    pickup_from_s: int
    pickup_until_s: int
    arrive_from_s: int
    arrive_until_s: int
    ride_at_most_s: int
    wish_s: int
    weight_wish: float = 0.0
    relaxed: Relax = Relax.NOTHING

    @classmethod
    def of_promise(cls, request: Request, promise: Promise) -> "Terms":
        """Take the terms from what was promised."""
        return cls(
            request,
            promise.pickup_from_s,
            promise.pickup_until_s,
            -FAR,
            promise.arrive_by_s,
            promise.ride_at_most_s,
            promise.pickup_from_s,
        )

    @property
    def times(self) -> Slice:
        """The four times as a slice."""
        return Slice(
            self.pickup_from_s, self.pickup_until_s, self.arrive_from_s, self.arrive_until_s
        )


@dataclass(frozen=True, slots=True)
class Found:
    """The best insertion into one shift; ``index`` is the shift's in the snapshot.

    ``added_s`` and ``added_m`` are the extra driving of the tour. ``shared``: someone else is aboard
    during at least a part of the ride.
    """

    cost: float
    pickup_s: int
    arrival_s: int
    shift: Shift
    index: int
    places: Places
    ride_s: int
    added_s: int
    added_m: int
    shared: bool
