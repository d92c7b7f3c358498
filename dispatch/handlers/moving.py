"""What is known of a bus under way: where it is, and that it is late.

A report counts only if it is newer than the last one of that bus and than the last visit reported. A bus that
is early changes nothing that was told.
"""

from dataclasses import replace

from dispatch.events import Delay, PositionReported, State, VehicleLate
from dispatch.handlers.finding import shift_of
from dispatch.handlers.telling import Circumstances, Decision, finish
from dispatch.model import Shift, Visit, VisitStatus
from dispatch.past import last_fact
from dispatch.schedule.opening import tour_of
from dispatch.schedule.retime import retime_from_facts


def positioned(state: State, event: PositionReported, now_s: int) -> Decision:
    """Take down how far a bus is from its next visit."""
    shift = shift_of(state, event.shift)
    visit = _next_visit(state, shift, event)
    if visit is None:
        return state, ()
    reached_s = event.at_s + state.policy.driving_s(event.to_next_s)
    return _delayed(state, shift, Delay(visit.id, reached_s, event.at_s, event.sequence), now_s)


def late(state: State, event: VehicleLate, now_s: int) -> Decision:
    """Take down by how much a bus will miss its next visit, against what was planned without delay."""
    shift = shift_of(state, event.shift)
    visit = _next_visit(state, shift, event)
    if visit is None:
        return state, ()
    others = {key: delay for key, delay in state.delays.items() if key != shift.id}
    on_time = retime_from_facts(replace(state, delays=others), shift)
    planned_s = next(v.arrive_s for v in on_time.visits if v.id == visit.id)
    delay = Delay(visit.id, planned_s + event.late_s, event.at_s, event.sequence)
    return _delayed(state, shift, delay, now_s)


def _next_visit(state: State, shift: Shift, event: PositionReported | VehicleLate) -> Visit | None:
    """Return the visit a report is about; None if there is none, or something newer is known."""
    known = state.delays.get(shift.id)
    if known and (event.sequence, event.at_s) <= (known.sequence, known.reported_s):
        return None
    visits = tour_of(state, shift.id).visits
    last = last_fact(visits)
    if last >= 0:
        seen = visits[last]
        seen_s = seen.depart_s if seen.status is VisitStatus.DEPARTED else seen.arrive_s
        if event.at_s < seen_s:
            return None
    return visits[last + 1] if last + 1 < len(visits) else None


def _delayed(state: State, shift: Shift, delay: Delay, now_s: int) -> Decision:
    after = replace(state, delays={**state.delays, shift.id: delay})
    tour = retime_from_facts(after, shift)
    after = replace(after, tours={**after.tours, shift.id: tour})
    return finish(state, after, Circumstances(now_s))
