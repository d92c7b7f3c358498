"""What the checker finds."""

from dataclasses import dataclass
from enum import StrEnum

from dispatch.model import BookingId, ShiftId, VisitId


class Severity(StrEnum):
    """How bad a finding is."""

    BROKEN = "broken"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong, and where; ``amount`` is by how much, in the unit of its rule."""

    code: str
    message: str
    severity: Severity = Severity.BROKEN
    shift: ShiftId | None = None
    visit: VisitId | None = None
    booking: BookingId | None = None
    amount: int = 0
