"""Use case: a bus stands still and will not go on today."""

from api import ledger
from api.context import Change, Context
from api.day import Day
from api.errors import Problem
from api.idempotency import Once, Reply
from api.rights import Actor
from api.roster.duties import DutyState, duties_of
from api.roster.following import follow, located
from api.roster.shifts import put
from api.roster.telling import call_answers
from api.schemas.answers import Spot
from api.schemas.roster import BreakdownAnswer, BreakdownReport
from api.showing import tour_key
from api.store.mapping import tour_id
from api.store.writer import Writer
from dispatch.events import VehicleBrokeDown
from dispatch.model import PlaceIndex, ShiftId, Tour, VisitStatus

REASON = "Panne"


def break_down(
    context: Context, actor: Actor, name: str, report: BreakdownReport, key: str
) -> Reply[BreakdownAnswer]:
    """Take down a breakdown: who is aboard takes the soonest other bus, all others one in time or a call.

    Later shifts of the same bus on that day are lost as well.

    Raises
    ------
    Problem
        ``tour-unknown``, ``report-impossible``, ``no-road``, ``day-closed``, ``plan-refused``, and those
        of a key.
    """
    area_id, day_, shift_id = tour_key(name)
    if area_id not in context.regions or not actor.sees(area_id):
        raise Problem("tour-unknown")
    area = context.area(area_id)
    service = context.service(area, day_)
    once = Once.of(f"breakdown {name}", key, report)

    def work(writer: Writer, day: Day) -> Change[Reply[BreakdownAnswer]]:
        answered = once.answered(writer, BreakdownAnswer)
        if answered is not None:
            return Change(answered)
        now, before = context.clock.now(), day.state.shifts
        broken = before.get(ShiftId(shift_id))
        if broken is None:
            raise Problem("tour-unknown")
        if report.at > now:
            raise Problem("report-impossible")
        at = _place(context, day, ShiftId(shift_id), report)
        duties = {
            duty.pattern.id: duty for duty in duties_of(area, service, writer.roster(area_id, day_))
        }
        for key_, shift in before.items():
            later = shift.vehicle == broken.vehicle and shift.start_s > broken.start_s
            duty = duties.get(key_)
            if (key_ == broken.id or later) and duty and duty.state is not DutyState.WITHDRAWN:
                put(writer, area, service, duty.withdrawn(REASON), now, actor.id)
        event = VehicleBrokeDown(broken.id, day.seconds(report.at), at)
        entry = ledger.Entry(
            "vehicle_broke_down", {"tour": name, "at": report.at.isoformat(), "by": actor.id}
        )
        followed = follow(writer, area, day, entry, now, event)
        after = followed.decision.state.shifts
        lost = [key_ for key_, shift in before.items() if after.get(key_) != shift]
        answer = BreakdownAnswer(
            shifts=tuple(tour_id(area_id, day_, key_) for key_ in lost),
            calls=call_answers(writer, service, followed.calls),
        )
        once.keep(writer, answer, now)
        return Change(Reply(answer), followed.decision)

    with context.underway(once):
        return context.change(area_id, day_, work)


def _place(context: Context, day: Day, shift: ShiftId, report: BreakdownReport) -> PlaceIndex:
    """Return where the bus stands: where it was said, else at its last halt, else where it starts."""
    if report.place is not None:
        spot = Spot(label=report.place.name, lon=report.place.lon, lat=report.place.lat)
        (at,) = located(day, context.clock.now(), spot)
        return at
    visits = day.state.tours.get(shift, Tour(shift)).visits
    reported = [visit.place for visit in visits if visit.status is not VisitStatus.PLANNED]
    return reported[-1] if reported else day.state.shifts[shift].start_place
