"""Use case: the tablet reports where the bus is in its tour; late and repeated reports are fine."""

from datetime import timedelta

from api import ledger
from api.context import Change, Context
from api.day import Day
from api.errors import Problem
from api.purpose import check_reported
from api.rights import Actor
from api.schemas.requests import VisitReport
from api.schemas.tours import ReportAnswer
from api.showing import tour_in, tour_key
from api.store.reader import Reader
from api.store.writer import Writer
from dispatch.errors import IllegalEvent
from dispatch.events import VisitArrived, VisitDeparted
from dispatch.model import BookingId, ShiftId, Tour, VisitId

_AHEAD = timedelta(minutes=5)
"""How far a tablet's clock may be ahead of ours before its report is not believed."""


def report(
    context: Context, actor: Actor, tour_id: str, visit_id: str, body: VisitReport
) -> ReportAnswer:
    """Take a driver's report and show the tour as it is then.

    Raises
    ------
    Problem
        ``tour-unknown``, ``visit-unknown``, ``report-impossible``, ``idempotency-key-reused``,
        ``plan-refused``.
    """
    area_id, service_date, shift_id = tour_key(tour_id)
    if area_id not in context.regions or not actor.sees(area_id):
        raise Problem("tour-unknown")
    check_reported(context, actor, area_id, service_date)
    entry = _entry(tour_id, visit_id, body)

    def work(writer: Writer, day: Day) -> Change[ReportAnswer]:
        now = context.clock.now()
        if shift_id not in day.state.shifts:
            raise Problem("tour-unknown")
        known = writer.report(str(body.event_id))
        if known is not None:
            if (known.type, known.payload) != (entry.type, entry.text):
                raise Problem("idempotency-key-reused")
            return Change(_answer(day, writer, shift_id))
        if body.at > now + _AHEAD:
            raise Problem("report-impossible")
        decision = _decide(day, shift_id, visit_id, body, context)
        ledger.check(day, decision)
        if decision.state is day.state:
            return Change(_answer(day, writer, shift_id))
        ledger.write(writer, day, decision, entry, now)
        return Change(_answer(day, writer, shift_id), decision)

    return context.change(area_id, service_date, work)


def _decide(
    day: Day, shift_id: str, visit_id: str, body: VisitReport, context: Context
) -> ledger.Decision:
    tour = day.state.tours.get(ShiftId(shift_id), Tour(ShiftId(shift_id)))
    if visit_id not in {visit.id for visit in tour.visits}:
        raise Problem("visit-unknown")
    visit, at_s = VisitId(visit_id), day.seconds(body.at)
    absent = tuple(BookingId(booking_id) for booking_id in body.no_shows)
    event = (
        VisitArrived(visit, at_s) if body.type == "arrived" else VisitDeparted(visit, at_s, absent)
    )
    try:
        return ledger.Decision.of(day, event, context.clock.now())
    except IllegalEvent as error:
        raise Problem("report-impossible") from error


def _entry(tour_id: str, visit_id: str, body: VisitReport) -> ledger.Entry:
    payload = {
        "tour": tour_id,
        "visit": visit_id,
        "at": body.at.isoformat(),
        "no_shows": list(body.no_shows),
    }
    return ledger.Entry(f"visit_{body.type}", payload, report_id=str(body.event_id))


def _answer(day: Day, reader: Reader, shift_id: str) -> ReportAnswer:
    return ReportAnswer(tour=tour_in(day, reader, ShiftId(shift_id)))
