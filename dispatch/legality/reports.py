"""Reports of a tablet that make no sense whenever they come."""

from dispatch.errors import IllegalEvent
from dispatch.events import (
    NoShowReported,
    PositionReported,
    RiderBoarded,
    VehicleLate,
    VisitArrived,
    VisitDeparted,
)
from dispatch.model import UNREACHABLE

Report = (
    VisitArrived | RiderBoarded | NoShowReported | VisitDeparted | PositionReported | VehicleLate
)

_DAY = 86_400
_EARLIEST_S, _LATEST_S = -_DAY, 3 * _DAY


def check_report(report: Report) -> None:
    """Refuse a report that makes no sense whenever it comes; one that comes late, or twice, is harmless.

    Raises
    ------
    IllegalEvent
        ``sequence-negative``, ``time-absurd``, ``position-absurd``, ``delay-absurd``.
    """
    if report.sequence < 0:
        raise IllegalEvent(
            "sequence-negative",
            f"A tablet counts its reports from 0 up, {report.sequence} is none of them; send its own count.",
        )
    if not _EARLIEST_S <= report.at_s <= _LATEST_S:
        raise IllegalEvent(
            "time-absurd",
            f"{report.at_s} s is not on this service day; set the clock of the tablet.",
        )
    if isinstance(report, PositionReported) and not 0 <= report.to_next_s < UNREACHABLE:
        raise IllegalEvent(
            "position-absurd",
            f"The bus of shift {report.shift} cannot be {report.to_next_s} s from its next visit; send the "
            "driving time from where it is.",
        )
    if isinstance(report, VehicleLate) and abs(report.late_s) > _DAY:
        raise IllegalEvent(
            "delay-absurd",
            f"The bus of shift {report.shift} cannot be {report.late_s} s late; send seconds.",
        )
