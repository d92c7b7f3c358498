"""What the buses will do: visits in order, one tour a shift."""

from dataclasses import dataclass
from enum import StrEnum

from dispatch.model.fleet import Break
from dispatch.model.names import BookingId, PlaceIndex, ShiftId, VisitId


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
    A visit with a ``pause`` is one of the shift's breaks: nobody boards, leaves or is aboard.
    """

    id: VisitId
    place: PlaceIndex
    arrive_s: int
    depart_s: int
    board: tuple[BookingId, ...] = ()
    alight: tuple[BookingId, ...] = ()
    status: VisitStatus = VisitStatus.PLANNED
    pause: Break | None = None


@dataclass(frozen=True, slots=True)
class Tour:
    """The ordered visits of one shift."""

    shift: ShiftId
    visits: tuple[Visit, ...] = ()
