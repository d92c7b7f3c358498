"""What an area's day is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.model import (
    Booking,
    BookingId,
    Shift,
    ShiftId,
    Tour,
    Travel,
    Vehicle,
    VehicleId,
    Visit,
    VisitId,
)
from dispatch.policy import Policy


@dataclass(frozen=True, slots=True)
class Delay:
    """What is known of a bus under way: it reaches ``visit`` no earlier than ``not_before_s``.

    ``reported_s`` and ``sequence`` tell a newer report of the same bus from an older one.
    """

    visit: VisitId
    not_before_s: int
    reported_s: int
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """One area on one service day. ``version`` grows with every change of plan, shifts or travel."""

    policy: Policy
    travel: Travel
    vehicles: Mapping[VehicleId, Vehicle] = field(default_factory=dict)
    shifts: Mapping[ShiftId, Shift] = field(default_factory=dict)
    tours: Mapping[ShiftId, Tour] = field(default_factory=dict)
    bookings: Mapping[BookingId, Booking] = field(default_factory=dict)
    version: int = 0
    delays: Mapping[ShiftId, Delay] = field(default_factory=dict)
    closed: bool = False
    """The day is over: nothing can be booked any more, late reports are still taken down."""
    left_out: Mapping[BookingId, Visit] = field(default_factory=dict)
    """Drop-offs taken out of tours for riders who did not come, with what was reported of them since.

    Should a later report say that a rider was aboard after all, theirs is put back.
    """
