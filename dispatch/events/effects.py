"""What follows from an event: what to tell whom."""

from dataclasses import dataclass
from enum import StrEnum

from dispatch.model import Booking, BookingId, Offer, Promise, Refusal, Request, ShiftId, Tour


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
    """The booking stands, and its promise is given."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class OfferGone:
    """The offer cannot be honoured any more (somebody else was faster); nothing changed."""

    offer: Offer
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class RideChanged:
    """The booking's status or bus changed (cancelled, aboard, done, no-show, unassigned, moved)."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class PromiseGiven:
    """The rider agreed to another promise, or brought it about (a late train); tell them the new one."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class TimesImproved:
    """The rider's planned times changed for the better by as much as is worth a message."""

    booking: BookingId
    planned_pickup_s: int
    planned_arrival_s: int


@dataclass(frozen=True, slots=True)
class TourChanged:
    """The tour has new visits or times; the tablet must hear of it."""

    tour: Tour


class Reason(StrEnum):
    """Why a promise is at risk."""

    LATE = "late"
    BREAKDOWN = "breakdown"
    SHIFT_CHANGED = "shift_changed"
    ROADS_CHANGED = "roads_changed"
    CONNECTION_LATE = "connection_late"
    NO_SHOW_UNDONE = "no_show_undone"


@dataclass(frozen=True, slots=True)
class PromiseAtRisk:
    """Call this rider: they will probably be served after the time told, or no bus is left for them.

    ``expected_pickup_s`` is None for who is aboard already, ``expected_arrival_s`` None for a ride no bus
    carries; ``options`` are what could be offered instead.
    """

    booking: BookingId
    promise: Promise
    expected_pickup_s: int | None
    expected_arrival_s: int | None
    reason: Reason = Reason.LATE
    options: tuple[Offer, ...] = ()


class AlarmCode(StrEnum):
    """What the coordinator must look at."""

    BREAKDOWN = "breakdown"
    RIDER_STRANDED = "rider_stranded"
    RIDE_UNASSIGNED = "ride_unassigned"
    CONNECTION_MISSED = "connection_missed"
    RIDE_UNREPORTED = "ride_unreported"
    SHIFT_LATE = "shift_late"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something a person should look at, now."""

    code: AlarmCode
    shift: ShiftId | None = None
    booking: BookingId | None = None


@dataclass(frozen=True, slots=True)
class ImprovementTaken:
    """The better tours are in force; ``saved`` is what they save, in weighted seconds of driving."""

    shifts: tuple[ShiftId, ...]
    saved: float


@dataclass(frozen=True, slots=True)
class ImprovementDropped:
    """The better tours are not used, and why (``outdated``, ``driven``, ``not-better``, ``refused``)."""

    why: str


Effect = (
    OffersMade
    | RideRefused
    | RideBooked
    | OfferGone
    | RideChanged
    | PromiseGiven
    | TimesImproved
    | TourChanged
    | PromiseAtRisk
    | Alarm
    | ImprovementTaken
    | ImprovementDropped
)
