"""What happens to an area's day (events), what it is (state) and what follows (effects).

``dispatch.engine.decide(state, event, now_s) -> (state, effects)`` is the only function that turns one
state into the next. It is pure: no clock, no IO, no unseeded randomness.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.model import (
    Booking,
    BookingId,
    Offer,
    Promise,
    Refusal,
    Request,
    Shift,
    ShiftId,
    Tour,
    Travel,
    Vehicle,
    VehicleId,
    VisitId,
)
from dispatch.policy import Policy


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


# --- events -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RideRequested:
    """Somebody asks. Answered by :class:`OffersMade` or :class:`RideRefused`; changes nothing."""

    request: Request


@dataclass(frozen=True, slots=True)
class OfferTaken:
    """The rider says yes. The promise is kept as told; the tour is the best that honours it now."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class BookingCancelled:
    """The rider does not come. Riders already aboard cannot cancel."""

    booking: BookingId


@dataclass(frozen=True, slots=True)
class VisitArrived:
    """The driver reports: doors open at this visit (real time ``at_s``). Reporting twice is harmless."""

    visit: VisitId
    at_s: int


@dataclass(frozen=True, slots=True)
class VisitDeparted:
    """The driver reports: left the visit. Boarding riders not in ``no_shows`` are aboard."""

    visit: VisitId
    at_s: int
    no_shows: tuple[BookingId, ...] = ()


@dataclass(frozen=True, slots=True)
class ShiftOpened:
    """A staffed shift becomes bookable."""

    shift: Shift
    vehicle: Vehicle


@dataclass(frozen=True, slots=True)
class TravelChanged:
    """Places were added to the table (old indices keep their meaning) or the roads changed."""

    travel: Travel


Event = (
    RideRequested
    | OfferTaken
    | BookingCancelled
    | VisitArrived
    | VisitDeparted
    | ShiftOpened
    | TravelChanged
)

# --- effects ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OffersMade:
    """One to ``policy.offers_at_most`` answers that differ usefully, the best first."""

    request: Request
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class RideRefused:
    """Nothing fits; says why and what would."""

    refusal: Refusal


@dataclass(frozen=True, slots=True)
class RideBooked:
    """The booking stands."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class OfferGone:
    """The offer cannot be honoured any more (somebody else was faster); nothing changed."""

    offer: Offer
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class RideChanged:
    """The booking's status changed (cancelled, aboard, done, no-show)."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class TourChanged:
    """The tour has new visits or times; the tablet must hear of it."""

    tour: Tour


@dataclass(frozen=True, slots=True)
class PromiseAtRisk:
    """Reality is late: this rider will probably be served after the time told."""

    booking: BookingId
    promise: Promise
    expected_pickup_s: int | None
    expected_arrival_s: int


Effect = (
    OffersMade | RideRefused | RideBooked | OfferGone | RideChanged | TourChanged | PromiseAtRisk
)
