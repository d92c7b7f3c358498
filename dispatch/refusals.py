"""A "no" with its reason and the nearest thing that would work.

The reason is found, not guessed: one rule at a time is relaxed and the same search asked again. What then
fits was ruled out by that rule.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from dispatch.events import State
from dispatch.insertion.search import Terms, find_all
from dispatch.model import UNREACHABLE, Offer, Refusal, Request, Rule, TimeKind
from dispatch.offers import ceil_minute, offer_of, slices_back, wished_terms
from dispatch.schedule.arrays import FAR
from dispatch.schedule.snapshot import Snapshot

_DAY, _MINUTE = 86_400, 60
_NEAREST = 1_000.0
"""Weight of the wish that outweighs all driving: the nearest time is asked for, not the cheapest."""


@dataclass(frozen=True, slots=True)
class _Question:
    """Whether this request could ride in this day, aboard at most so long."""

    snapshot: Snapshot
    request: Request
    any_ride_time: bool = False

    def fits(self) -> bool:
        terms = wished_terms(self.snapshot, self.request)
        if self.any_ride_time:
            terms = replace(terms, ride_at_most_s=FAR)
        return bool(find_all(self.snapshot, terms))

    def on(self, state: State) -> "_Question":
        """Ask the same of another state."""
        return replace(self, snapshot=Snapshot.at(state, self.snapshot.now_s))


def _without_lead_time(question: _Question) -> _Question:
    state = question.snapshot.state
    long_before_s = -_DAY - state.policy.booking_horizon_s
    return replace(question, snapshot=Snapshot.at(state, long_before_s))


def _with_room(question: _Question) -> _Question:
    tours = question.snapshot.tours
    roomy = tours._replace(room=np.full_like(tours.room, FAR))
    return replace(question, snapshot=replace(question.snapshot, tours=roomy))


def _with_any_ride_time(question: _Question) -> _Question:
    return replace(question, any_ride_time=True)


def _without_other_rides(question: _Question) -> _Question:
    return question.on(replace(question.snapshot.state, tours={}))


def _with_endless_shifts(question: _Question) -> _Question:
    state = question.snapshot.state
    endless = {
        key: replace(shift, start_s=-_DAY, end_s=2 * _DAY) for key, shift in state.shifts.items()
    }
    return question.on(replace(state, shifts=endless))


_RELAXATIONS: tuple[tuple[Rule, Callable[[_Question], _Question]], ...] = (
    (Rule.TOO_SOON, _without_lead_time),
    (Rule.ROOM, _with_room),
    (Rule.RIDE_TIME, _with_any_ride_time),
    (Rule.VEHICLES_BUSY, _without_other_rides),
    (Rule.NO_SHIFT, _with_endless_shifts),
)
"""In the order in which a rule is named as *the* reason, the most telling first."""


def impossible(state: State, request: Request, now_s: int) -> Rule | None:
    """Name the rule no vehicle at no time of the day gets around, if there is one."""
    if now_s < -state.policy.booking_horizon_s:
        return Rule.TOO_FAR_AHEAD
    if request.origin == request.destination:
        return Rule.SAME_PLACE
    if int(state.travel.seconds[request.origin, request.destination]) >= UNREACHABLE:
        return Rule.UNREACHABLE
    if not state.shifts:
        return Rule.NO_SHIFT
    vehicles = (state.vehicles[shift.vehicle] for shift in state.shifts.values())
    if not any(vehicle.has_room(request.load) for vehicle in vehicles):
        return Rule.ROOM
    return None


def refusal_of(snapshot: Snapshot, request: Request) -> Refusal:
    """Say why nothing answers the wish, and what is nearest to it on either side."""
    rules = _binding(_Question(snapshot, request))
    return Refusal(request, rules[0], alternatives_for(snapshot, request), tuple(rules[1:]))


def _binding(question: _Question) -> list[Rule]:
    """List the rules of which each alone stands in the way; never empty."""
    alone = [rule for rule, relax in _RELAXATIONS if relax(question).fits()]
    if alone:
        return alone
    # Several rules at once: the shifts are the reason if even an unused bus would not do.
    free = _without_other_rides(_without_lead_time(question))
    if free.fits():
        return [Rule.TIME]
    if _with_endless_shifts(free).fits():
        return [Rule.NO_SHIFT]
    return [Rule.UNREACHABLE]


def alternatives_for(snapshot: Snapshot, request: Request) -> tuple[Offer, ...]:
    """Find the nearest ride on either side of the times the wish allows, the nearer one first."""
    terms = replace(wished_terms(snapshot, request), weight_wish=_NEAREST)
    nearest = []
    for side in (_earlier(snapshot, terms), _later(terms)):
        hits = ((part, found) for part in side for found in find_all(snapshot, part))
        hit = next(hits, None)
        if hit is not None:
            nearest.append(hit)
    nearest.sort(key=lambda hit: hit[1].cost)
    return tuple(offer_of(snapshot, part, found) for part, found in nearest)


def _earlier(snapshot: Snapshot, terms: Terms) -> Iterator[Terms]:
    """Yield slices of the day before the wish, the nearest first."""
    policy = snapshot.state.policy
    soonest_s = ceil_minute(snapshot.now_s + policy.lead_time_s)
    day_from_s = max(soonest_s, min(shift.start_s for shift in snapshot.shifts))
    if terms.request.time_kind is TimeKind.ARRIVE_BY:
        for first_s, last_s in slices_back(
            day_from_s, terms.arrive_from_s - 1, policy.arrive_early_s
        ):
            yield replace(terms, arrive_from_s=first_s, arrive_until_s=last_s)
        return
    for first_s, last_s in slices_back(day_from_s, terms.wish_s - _MINUTE, policy.arrive_early_s):
        yield replace(terms, pickup_from_s=first_s, pickup_until_s=last_s)


def _later(terms: Terms) -> Iterator[Terms]:
    """Yield the rest of the day after the wish."""
    if terms.request.time_kind is TimeKind.ARRIVE_BY:
        yield replace(terms, arrive_from_s=terms.arrive_until_s + _MINUTE, arrive_until_s=FAR)
    else:
        from_s = max(terms.pickup_from_s, terms.pickup_until_s + _MINUTE)
        yield replace(terms, pickup_from_s=from_s, pickup_until_s=FAR)
