"""From a wish to a ride: request, promise, offer, booking, refusal."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dispatch.model.fleet import Feature
from dispatch.model.load import Load
from dispatch.model.names import BookingId, PlaceIndex, ShiftId


class TimeKind(StrEnum):
    """Which end of the ride the rider named a time for."""

    DEPART_AT = "depart_at"
    ARRIVE_BY = "arrive_by"


class Purpose(StrEnum):
    """What the ride is for; decides how long a stay is usual."""

    MEDICAL = "medical"
    SHOPPING = "shopping"
    VISIT = "visit"
    AUTHORITY = "authority"
    LEISURE = "leisure"
    CONNECTION = "connection"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class Access:
    """A place where a rider could board or leave instead, and the walk between it and the door."""

    place: PlaceIndex
    walk_s: int


@dataclass(frozen=True, slots=True)
class Connection:
    """The trip of a public line a ride brings somebody to, or takes them on from.

    Parameters
    ----------
    to_line
        The ride comes first; otherwise the line does.
    trip, stop
        GTFS ids as in the timetable; the stop is where the two meet.
    service_day
        The trip's own, which may be the day before the ride's.
    line
        What people call it: "S1 nach Herrenberg".
    time_s
        Planned departure of the line, or its arrival, in seconds of the ride's service day.
    transfer_s
        Least seconds between ride and line.
    """

    to_line: bool
    trip: str
    service_day: date
    stop: str
    line: str
    time_s: int
    transfer_s: int


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
        Earliest departure, or latest arrival; of the rider, so that walks come on top.
    load
        Room the party needs, see :data:`Load`.
    walk_to_s, walk_from_s
        Seconds from the door to ``origin`` and from ``destination`` to the door.
    near_origin, near_destination
        Other places (stops) the rider would walk to; an offer names the one it uses as its own
        request's ``origin`` or ``destination``.
    ride_at_most_s
        The rider's own longest ride; the area's rule holds as well.
    needs
        Features the vehicle must have.
    alone
        Must not share the bus with another party.
    purpose
        What the ride is for.
    return_of
        The outward ride this one is the way back of: it begins after that one's promised arrival.
    priority
        0 to 9; who is served first when not everybody can be (after a breakdown, in the improvement).
    standing
        The ride is one of a series; a quota keeps those from crowding out single calls.
    connection
        The line this ride meets.
    """

    id: BookingId
    origin: PlaceIndex
    destination: PlaceIndex
    time_kind: TimeKind
    time_s: int
    load: Load
    walk_to_s: int = 0
    walk_from_s: int = 0
    near_origin: tuple[Access, ...] = ()
    near_destination: tuple[Access, ...] = ()
    ride_at_most_s: int | None = None
    needs: frozenset[Feature] = frozenset()
    alone: bool = False
    purpose: Purpose | None = None
    return_of: BookingId | None = None
    priority: int = 0
    standing: bool = False
    connection: Connection | None = None


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
    ``request`` boards and leaves where this offer does, which may be a walk from where was asked for.
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
    UNASSIGNED = "unassigned"
    """No bus can keep the promise any more; a person looks for a way and calls the rider."""
    ABOARD = "aboard"
    DONE = "done"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Booking:
    """An accepted offer and how far its ride has come.

    After a breakdown a rider who was aboard waits at ``stranded_at`` and boards again there;
    ``carried_by`` names the shifts that brought them so far. ``boarded_s`` is when a driver said of this
    rider by name that they are aboard: that outweighs every word that they did not come.
    """

    id: BookingId
    request: Request
    promise: Promise
    shift: ShiftId
    fare_cents: int
    status: RideStatus = RideStatus.BOOKED
    stranded_at: PlaceIndex | None = None
    carried_by: tuple[ShiftId, ...] = ()
    boarded_s: int | None = None

    @property
    def pickup_place(self) -> PlaceIndex:
        """Where the rider boards the bus of ``shift``."""
        return self.request.origin if self.stranded_at is None else self.stranded_at


class Rule(StrEnum):
    """The rule that made a "no", named so that a person can be told and a planner can count."""

    NO_SHIFT = "no_shift"
    TOO_SOON = "too_soon"
    TOO_FAR_AHEAD = "too_far_ahead"
    CLOSED_DAY = "closed_day"
    CLOSURE = "closure"
    OUTSIDE_AREA = "outside_area"
    UNREACHABLE = "unreachable"
    SAME_PLACE = "same_place"
    ROOM = "room"
    FEATURE = "feature"
    TIME = "time"
    RIDE_TIME = "ride_time"
    VEHICLES_BUSY = "vehicles_busy"
    RANGE = "range"
    DRIVING_TIME = "driving_time"
    BREAK = "break"
    STANDING_QUOTA = "standing_quota"
    ALONE = "alone"
    AFTER_OUTWARD = "after_outward"
    LINE_FIRST = "line_first"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A "no" worth storing: the binding rule and the nearest offers that would fit (may be empty).

    ``also`` names the other rules of which each alone, if it were relaxed, would have let the ride in.
    After :attr:`Rule.TIME` it names rules that stand in the way only together.
    """

    request: Request
    rule: Rule
    alternatives: tuple[Offer, ...] = ()
    also: tuple[Rule, ...] = ()
