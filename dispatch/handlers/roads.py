"""The roads changed, or places were added."""

from dataclasses import replace

from dispatch.events import Reason, State, TravelChanged
from dispatch.handlers.expected import calm, expected, suffering
from dispatch.handlers.leaving import retimed_from_facts
from dispatch.handlers.placing import placed, with_room_used
from dispatch.handlers.relief import movable, relieved, without
from dispatch.handlers.telling import Circumstances, Decision, finish
from dispatch.handlers.wanted import promised_terms, urgency
from dispatch.legality import same_travel
from dispatch.model import ShiftId


def travel_changed(state: State, event: TravelChanged, now_s: int) -> Decision:
    """Schedule all tours again; who cannot be served in time any more gets another bus, or a call.

    Raises
    ------
    IllegalEvent
        ``plan-impossible`` if somebody aboard could not be brought home.
    """
    after = replace(state, travel=event.travel)
    if same_travel(state, event.travel):
        return replace(after, version=state.version + 1), ()
    if state.closed:
        return state, ()
    for key in state.tours:
        after = retimed_from_facts(after, key)
    free = calm(state, after)
    for key in [key for key in state.tours if key not in free]:
        after = _on_other_buses(state, after, key, free, now_s)
    after = with_room_used(state, relieved(state, after, event, now_s), now_s)
    return finish(state, after, Circumstances(now_s, Reason.ROADS_CHANGED))


def _on_other_buses(
    before: State, after: State, shift: ShiftId, free: list[ShiftId], now_s: int
) -> State:
    """Move rides of a tour that miss their promises now to shifts that keep them, if there is room."""
    late = set(suffering(after, expected(before, shift), expected(after, shift)))
    candidates = (after.bookings[key] for key in movable(after, shift) if key in late)
    for booking in sorted(candidates, key=urgency):
        terms = (promised_terms(booking),)
        found = placed(without(after, booking.id), booking, now_s, terms, free)
        after = after if found is None else found
    return after
