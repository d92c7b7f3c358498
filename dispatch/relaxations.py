"""One rule at a time out of the way: the same question to a day, a request or a search without it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dispatch.events import State
from dispatch.insertion.search import Relax
from dispatch.model import Request, Rule, Shift, ShiftId, Tour, Visit
from dispatch.question import Question
from dispatch.schedule.arrays import FAR
from dispatch.wishes import after_outward_s

_DAY = 86_400
_STRETCH = 256
"""How much longer an endless shift is; a power of two, so that shares of it are exact."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A rule, when it has a say at all, and the question without it."""

    rule: Rule
    has_say: Callable[[Question], bool]
    without: Callable[[Question], Question]


def _always(_: Question) -> bool:
    return True


def _lead_time_has_say(question: Question) -> bool:
    """Before the first shift is within the lead time, nobody can be too late."""
    state = question.state
    first_s = min(shift.start_s for shift in state.shifts.values())
    return state.policy.soonest_pickup_s(question.now_s) > max(first_s, state.policy.opens_s)


def _without_lead_time(question: Question) -> Question:
    return replace(question, now_s=-_DAY - question.state.policy.booking_horizon_s)


def _outward_has_say(question: Question) -> bool:
    return after_outward_s(question.state, question.request) is not None


def _without_outward(question: Question) -> Question:
    return replace(question, request=replace(question.request, return_of=None))


def _without_needs(question: Question) -> Question:
    return replace(question, request=replace(question.request, needs=frozenset()))


def _without_room(question: Question) -> Question:
    return replace(question, relaxed=question.relaxed | Relax.ROOM)


def _with_others(question: Question) -> Question:
    return replace(question, request=replace(question.request, alone=False))


def _quota_has_say(question: Question) -> bool:
    return question.request.standing and question.state.policy.standing_share < 1


def _as_single(question: Question) -> Question:
    return replace(question, request=replace(question.request, standing=False))


def _with_any_ride_time(question: Question) -> Question:
    return replace(question, any_ride_time=True)


def _range_has_say(question: Question) -> bool:
    return any(vehicle.range_m is not None for vehicle in question.state.vehicles.values())


def _with_any_range(question: Question) -> Question:
    return replace(question, relaxed=question.relaxed | Relax.RANGE)


def _driving_has_say(question: Question) -> bool:
    return any(shift.driving_at_most_s is not None for shift in question.state.shifts.values())


def _with_any_driving(question: Question) -> Question:
    return replace(question, relaxed=question.relaxed | Relax.DRIVING_TIME)


def _breaks_have_say(question: Question) -> bool:
    return any(shift.breaks for shift in question.state.shifts.values())


def _without_breaks(question: Question) -> Question:
    state = question.state
    shifts = {key: replace(shift, breaks=()) for key, shift in state.shifts.items()}
    tours = {
        key: replace(tour, visits=tuple(visit for visit in tour.visits if visit.pause is None))
        for key, tour in state.tours.items()
    }
    return replace(question, state=replace(state, shifts=shifts, tours=tours))


def _without_other_rides(question: Question) -> Question:
    """Leave the breaks alone on the tours; no standing order gains by the emptiness."""
    state, request = question.state, question.request
    full = {key for key in state.shifts if request.standing and not _in_quota(state, key, request)}
    shifts = {key: shift for key, shift in state.shifts.items() if key not in full}
    tours = {
        key: Tour(key, tuple(_pauses(state.shifts[key], tour.visits)))
        for key, tour in state.tours.items()
        if key in shifts
    }
    return replace(question, state=replace(state, shifts=shifts, tours=tours))


def _in_quota(state: State, key: ShiftId, request: Request) -> bool:
    """Whether one more standing ride keeps to the share of the shift that those may fill."""
    shift, seconds, policy = state.shifts[key], state.travel.seconds, state.policy
    visits = state.tours[key].visits if key in state.tours else ()
    aboard = (state.bookings[ride].request for visit in visits for ride in visit.board)
    standing = (*(each for each in aboard if each.standing), request)
    taken_s = sum(policy.driving_s(int(seconds[r.origin, r.destination])) for r in standing)
    return taken_s <= policy.standing_share * (shift.end_s - shift.start_s)


def _pauses(shift: Shift, visits: tuple[Visit, ...]) -> Iterator[Visit]:
    """Yield the pauses alone, each where the bus stands then."""
    place = shift.start_place
    for visit in visits:
        if visit.pause is not None:
            place = place if visit.pause.place is None else visit.pause.place
            yield replace(visit, place=place)


def _with_endless_shifts(question: Question) -> Question:
    """Let every shift last for days, and standing orders fill no more of it than before."""
    state = question.state
    endless = {key: _stretched(shift) for key, shift in state.shifts.items()}
    share = state.policy.standing_share / _STRETCH
    policy = replace(state.policy, opens_s=-FAR, closes_s=FAR, standing_share=share)
    return replace(question, state=replace(state, policy=policy, shifts=endless))


def _stretched(shift: Shift) -> Shift:
    half_s = (shift.end_s - shift.start_s) * _STRETCH // 2
    return replace(shift, start_s=shift.start_s - half_s, end_s=shift.start_s + half_s)


RELAXATIONS: tuple[Relaxation, ...] = (
    Relaxation(Rule.TOO_SOON, _lead_time_has_say, _without_lead_time),
    Relaxation(Rule.AFTER_OUTWARD, _outward_has_say, _without_outward),
    Relaxation(Rule.FEATURE, lambda question: bool(question.request.needs), _without_needs),
    Relaxation(Rule.ALONE, lambda question: question.request.alone, _with_others),
    Relaxation(Rule.STANDING_QUOTA, _quota_has_say, _as_single),
    Relaxation(Rule.ROOM, _always, _without_room),
    Relaxation(Rule.RIDE_TIME, _always, _with_any_ride_time),
    Relaxation(Rule.BREAK, _breaks_have_say, _without_breaks),
    Relaxation(Rule.RANGE, _range_has_say, _with_any_range),
    Relaxation(Rule.DRIVING_TIME, _driving_has_say, _with_any_driving),
    Relaxation(Rule.VEHICLES_BUSY, _always, _without_other_rides),
    Relaxation(Rule.NO_SHIFT, _always, _with_endless_shifts),
)
"""In the order in which a rule is named as *the* reason: what the caller can change first."""
