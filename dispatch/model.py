"""The nouns of dispatch: frozen, typed, in integer seconds since the start of the service day.

Units everywhere: seconds since noon minus 12 h of the service day (GTFS), metres, cents. A *place* is
an index into the rows and columns of a :class:`Travel` table; what it is on the map is the shell's
business.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

import numpy as np
import numpy.typing as npt

PlaceIndex = NewType("PlaceIndex", int)
BookingId = NewType("BookingId", str)
ShiftId = NewType("ShiftId", str)
VehicleId = NewType("VehicleId", str)
VisitId = NewType("VisitId", str)

Int32Array = npt.NDArray[np.int32]

UNREACHABLE: int = 2**30
"""Seconds or metres between two places no drivable road connects (fits int32, sums do not overflow)."""


class LoadKind(StrEnum):
    """What takes up room in a vehicle; the order is that of a load vector."""

    SEAT = "seat"
    WHEELCHAIR = "wheelchair"
    WALKER = "walker"
    PRAM = "pram"


LOAD_KINDS: tuple[LoadKind, ...] = tuple(LoadKind)
Load = tuple[int, ...]
"""How many of each of :data:`LOAD_KINDS`, in that order; never negative."""


def persons(load: Load) -> int:
    """People in a party: those on seats and those in wheelchairs (walkers and prams are things)."""
    return load[LOAD_KINDS.index(LoadKind.SEAT)] + load[LOAD_KINDS.index(LoadKind.WHEELCHAIR)]


@dataclass(frozen=True, slots=True)
class Limit:
    """One linear limit of a vehicle: ``sum(coefficients * load) <= at_most``."""

    coefficients: Load
    at_most: int

    def use(self, load: Load) -> int:
        """How much of ``at_most`` the load takes."""
        return sum(c * n for c, n in zip(self.coefficients, load, strict=True))


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A bus with its room as linear limits, because a wheelchair place usually costs seats."""

    id: VehicleId
    name: str
    limits: tuple[Limit, ...]

    def has_room(self, load: Load) -> bool:
        """Whether everything in ``load`` fits in at the same time."""
        return all(limit.use(load) <= limit.at_most for limit in self.limits)


@dataclass(frozen=True, slots=True)
class Shift:
    """Vehicle x driver x time. Bookable means staffed: a shift without a driver is never in a state."""

    id: ShiftId
    vehicle: VehicleId
    driver: str
    start_s: int
    end_s: int
    start_place: PlaceIndex
    end_place: PlaceIndex


class TimeKind(StrEnum):
    """Which end of the ride the rider named a time for."""

    DEPART_AT = "depart_at"
    ARRIVE_BY = "arrive_by"


@dataclass(frozen=True, slots=True)
class Request:
    """Who wants to go where, when, with which needs.

    Parameters
    ----------
    id
        Becomes the booking's id when an offer is taken.
    origin, destination
        Indices into the travel table.
    time_kind, time_s
        Earliest departure, or latest arrival.
    load
        Room the party needs, see :data:`Load`.
    """

    id: BookingId
    origin: PlaceIndex
    destination: PlaceIndex
    time_kind: TimeKind
    time_s: int
    load: Load


@dataclass(frozen=True, slots=True)
class Promise:
    """What the rider was told. May only ever get better for the rider without asking.

    The bus starts boarding within ``[pickup_from_s, pickup_until_s]``, the rider is at the
    destination's kerb (doors open) by ``arrive_by_s`` and is aboard at most ``ride_at_most_s`` from the
    end of the pickup visit to the beginning of the drop-off visit.
    """

    pickup_from_s: int
    pickup_until_s: int
    arrive_by_s: int
    ride_at_most_s: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One possible answer to a request. Valid against the state version it was made from.

    ``added_s``/``added_m`` are the extra driving of the tour; ``direct_s`` is the ride without detours.
    """

    request: Request
    shift: ShiftId
    promise: Promise
    planned_pickup_s: int
    planned_arrival_s: int
    direct_s: int
    added_s: int
    added_m: int
    fare_cents: int
    shared: bool
    """Someone else is aboard during at least a part of the ride."""


class RideStatus(StrEnum):
    """Where an accepted ride stands."""

    BOOKED = "booked"
    ABOARD = "aboard"
    DONE = "done"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Booking:
    """An accepted offer and how far its ride has come."""

    id: BookingId
    request: Request
    promise: Promise
    shift: ShiftId
    fare_cents: int
    status: RideStatus = RideStatus.BOOKED


class VisitStatus(StrEnum):
    """Where the bus stands with respect to a visit."""

    PLANNED = "planned"
    ARRIVED = "arrived"
    DEPARTED = "departed"


@dataclass(frozen=True, slots=True)
class Visit:
    """One halt of a tour: a place with the riders who leave and the riders who board there.

    ``arrive_s`` is when the doors open (never before every boarding rider's window), ``depart_s`` the
    end of boarding. Once ``status`` is ARRIVED or DEPARTED the corresponding times are the real ones.
    """

    id: VisitId
    place: PlaceIndex
    arrive_s: int
    depart_s: int
    board: tuple[BookingId, ...] = ()
    alight: tuple[BookingId, ...] = ()
    status: VisitStatus = VisitStatus.PLANNED


@dataclass(frozen=True, slots=True)
class Tour:
    """The ordered visits of one shift."""

    shift: ShiftId
    visits: tuple[Visit, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Travel:
    """Driving between places, both tables of shape (places, places), C-contiguous, read-only.

    ``seconds[i, j]`` is the unscaled driving time from i to j, ``metres`` the length of that path;
    :data:`UNREACHABLE` where there is none. The diagonal is 0.
    """

    seconds: Int32Array
    metres: Int32Array

    @property
    def size(self) -> int:
        """Number of places."""
        return int(self.seconds.shape[0])


class Rule(StrEnum):
    """The rule that made a "no", named so that a person can be told and a planner can count."""

    NO_SHIFT = "no_shift"
    TOO_SOON = "too_soon"
    TOO_FAR_AHEAD = "too_far_ahead"
    CLOSED_DAY = "closed_day"
    OUTSIDE_AREA = "outside_area"
    UNREACHABLE = "unreachable"
    SAME_PLACE = "same_place"
    ROOM = "room"
    TIME = "time"
    RIDE_TIME = "ride_time"
    VEHICLES_BUSY = "vehicles_busy"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A "no" worth storing: the binding rule and the nearest offers that would fit (may be empty).

    ``also`` names the other rules of which each alone, if it were relaxed, would have let the ride in.
    """

    request: Request
    rule: Rule
    alternatives: tuple[Offer, ...] = ()
    also: tuple[Rule, ...] = ()
