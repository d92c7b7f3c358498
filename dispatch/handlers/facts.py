"""What a report says, whichever order reports come in.

Every report about a visit says that the bus was there by then: it arrived at the earliest time named and
left at the earliest departure named. A rider reported aboard by name is aboard whatever else is said, one
reported as not having come is not, and of all others a departure says that they are aboard.
"""

from dataclasses import replace

from dispatch.events import NoShowReported, RiderBoarded, State, VisitArrived, VisitDeparted
from dispatch.handlers.expected import RIDING
from dispatch.model import Booking, RideStatus, Visit, VisitStatus
from dispatch.tours import ready_s

Report = VisitArrived | RiderBoarded | NoShowReported | VisitDeparted


def status_after(booking: Booking, said: RideStatus) -> RideStatus:
    """Where a ride stands after one more word about it, whichever came first."""
    now = booking.status
    if said is RideStatus.NO_SHOW:
        gives_up = booking.boarded_s is None and now in {*RIDING, RideStatus.DONE}
        return RideStatus.NO_SHOW if gives_up else now
    if said is RideStatus.DONE:
        return RideStatus.DONE if now in RIDING else now
    return RideStatus.ABOARD if now is RideStatus.BOOKED else now


def with_report(state: State, visit: Visit, event: Report) -> Visit:
    """Return a visit with what a report says of its times."""
    planned, gone = visit.status is VisitStatus.PLANNED, visit.status is VisitStatus.DEPARTED
    arrive_s = event.at_s if planned else min(visit.arrive_s, event.at_s)
    seen = replace(visit, arrive_s=arrive_s)
    if isinstance(event, VisitDeparted):
        depart_s = min(visit.depart_s, event.at_s) if gone else event.at_s
        return replace(seen, depart_s=max(depart_s, arrive_s), status=VisitStatus.DEPARTED)
    if gone:
        return seen
    return replace(seen, depart_s=ready_s(state, seen), status=VisitStatus.ARRIVED)


def says_nothing_new(new: Visit, old: Visit) -> bool:
    """Whether nothing was reported that was not known; when a bus will leave is no report."""
    left = new.status is VisitStatus.DEPARTED
    known = (new.status, new.arrive_s) == (old.status, old.arrive_s)
    return known and (not left or new.depart_s == old.depart_s)
