"""What happens to an area's day.

Reports of a tablet may come hours late, twice and in any order. ``sequence`` is the tablet's own count:
of two reports about the same thing the one with the higher number is the newer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.model import (
    BookingId,
    Offer,
    PlaceIndex,
    Request,
    Shift,
    ShiftId,
    Tour,
    Travel,
    Vehicle,
    VisitId,
)

# --- riders -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RideRequested:
    """Somebody asks. Answered by ``OffersMade`` or ``RideRefused``; changes nothing.

    A request with the id of a booking asks for other times for that ride: it is answered as if the
    booking were not there.
    """

    request: Request


@dataclass(frozen=True, slots=True)
class OfferTaken:
    """The rider says yes. The promise is kept as told; the tour is the best that honours it now."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class BookingChanged:
    """A rider who has a booking takes another offer instead; if that is gone the old one stays."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class BookingCancelled:
    """The rider does not come. Riders already aboard cannot cancel."""

    booking: BookingId


# --- drivers ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VisitArrived:
    """The driver reports: doors open at this visit (real time ``at_s``). Reporting twice is harmless."""

    visit: VisitId
    at_s: int
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class RiderBoarded:
    """The driver reports: this rider is aboard. Outweighs every word that they did not come."""

    visit: VisitId
    booking: BookingId
    at_s: int
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class NoShowReported:
    """The driver reports: this rider did not come to the visit, though the bus waited as long as it must."""

    visit: VisitId
    booking: BookingId
    at_s: int
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class VisitDeparted:
    """The driver reports: left the visit. Boarding riders not in ``no_shows`` are aboard."""

    visit: VisitId
    at_s: int
    no_shows: tuple[BookingId, ...] = ()
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class PositionReported:
    """The tablet reports where the bus is: so many (unscaled) seconds of driving before its next visit."""

    shift: ShiftId
    at_s: int
    to_next_s: int
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class VehicleLate:
    """The driver says: so many seconds later than planned at the next visit."""

    shift: ShiftId
    at_s: int
    late_s: int
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class VehicleBrokeDown:
    """The bus of a shift stands still at ``place`` and will not go on today."""

    shift: ShiftId
    at_s: int
    place: PlaceIndex


# --- shifts and the world -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShiftOpened:
    """A staffed shift becomes bookable."""

    shift: Shift
    vehicle: Vehicle


@dataclass(frozen=True, slots=True)
class ShiftShortened:
    """A shift begins later or ends earlier than it was opened for."""

    shift: ShiftId
    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class DriverChanged:
    """Somebody else drives a shift, or nobody yet (an empty name); its tour stays as it is."""

    shift: ShiftId
    driver: str


@dataclass(frozen=True, slots=True)
class ShiftWithdrawn:
    """The driver cannot come, or not go on. Riders aboard are brought to their destinations first."""

    shift: ShiftId


@dataclass(frozen=True, slots=True)
class TravelChanged:
    """Places were added to the table (old indices keep their meaning) or the roads changed."""

    travel: Travel


@dataclass(frozen=True, slots=True)
class ConnectionLate:
    """The train a rider comes with is late: they can board at ``ready_s``, not before."""

    booking: BookingId
    ready_s: int


@dataclass(frozen=True, slots=True)
class ImprovementFound:
    """Better tours for some shifts. Taken only if those shifts' tours are still as in ``instead_of``."""

    tours: Mapping[ShiftId, Tour]
    instead_of: Mapping[ShiftId, Tour] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayClosed:
    """The service day is over. What was never reported is presumed to have happened as planned."""


Event = (
    RideRequested
    | OfferTaken
    | BookingChanged
    | BookingCancelled
    | VisitArrived
    | RiderBoarded
    | NoShowReported
    | VisitDeparted
    | PositionReported
    | VehicleLate
    | VehicleBrokeDown
    | ShiftOpened
    | ShiftShortened
    | ShiftWithdrawn
    | DriverChanged
    | TravelChanged
    | ConnectionLate
    | ImprovementFound
    | DayClosed
)
