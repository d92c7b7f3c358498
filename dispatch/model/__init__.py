"""The nouns of dispatch: frozen, typed, in integer seconds since the start of the service day.

Units everywhere: seconds since noon minus 12 h of the service day (GTFS), metres, cents. A *place* is
an index into the rows and columns of a :class:`Travel` table; what it is on the map is the shell's
business.
"""

from dispatch.model.fleet import Break, Feature, Shift, Vehicle
from dispatch.model.load import LOAD_KINDS, Limit, Load, LoadKind, load_of, persons
from dispatch.model.names import (
    UNREACHABLE,
    BookingId,
    Int32Array,
    PlaceIndex,
    ShiftId,
    Travel,
    VehicleId,
    VisitId,
)
from dispatch.model.plan import Tour, Visit, VisitStatus
from dispatch.model.ride import (
    Access,
    Booking,
    Connection,
    Offer,
    Promise,
    Purpose,
    Refusal,
    Request,
    RideStatus,
    Rule,
    TimeKind,
)

__all__ = [
    "LOAD_KINDS",
    "UNREACHABLE",
    "Access",
    "Booking",
    "BookingId",
    "Break",
    "Connection",
    "Feature",
    "Int32Array",
    "Limit",
    "Load",
    "LoadKind",
    "Offer",
    "PlaceIndex",
    "Promise",
    "Purpose",
    "Refusal",
    "Request",
    "RideStatus",
    "Rule",
    "Shift",
    "ShiftId",
    "TimeKind",
    "Tour",
    "Travel",
    "Vehicle",
    "VehicleId",
    "Visit",
    "VisitId",
    "VisitStatus",
    "load_of",
    "persons",
]
