"""A better plan for what is still open of a day; every promise stays as it was told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dispatch.events import ImprovementFound, State
from dispatch.improve.columns import Combine
from dispatch.improve.day_problem import OpenDay, open_day
from dispatch.improve.day_tours import never, wherever_possible, with_routes, without_waiting
from dispatch.improve.search import Routes, solve
from dispatch.improve.stop import Stop
from dispatch.model import BookingId, RideStatus, ShiftId, Tour
from dispatch.objective import cost_of
from dispatch.verify import Severity, verify

_JOINS = wherever_possible, without_waiting, never


def find_improvement(
    state: State, now_s: int, stop: Stop, *, seed: int = 0, combine: Combine | None = None
) -> ImprovementFound | None:
    """Search for better tours; None if there are none.

    Parameters
    ----------
    now_s
        From when on the plan may change: a little later than now, as the search takes its time.
    stop, seed, combine
        As for :func:`dispatch.improve.search.solve`.
    """
    day = open_day(state, now_s)
    if not (day.problem.requests.pickup >= 0).any():
        return None
    result = solve(day.problem, stop, seed=seed, initial=day.plan, combine=combine)
    return improvement_of(day, result.routes)


def improvement_of(day: OpenDay, routes: Routes) -> ImprovementFound | None:
    """Turn routes into tours; of what belongs together all or nothing is taken, as the checker says."""
    tours: dict[ShiftId, Tour] = {}
    for group in _groups(day, routes):
        after = _first_kept(day, routes, group)
        if after is not None:
            tours |= {key: after.tours[key] for key in _shifts(day, group)}
    old = {key: day.state.tours.get(key, Tour(key)) for key in tours}
    changed = {key: tour for key, tour in tours.items() if tour != old[key]}
    return ImprovementFound(changed, {key: old[key] for key in changed}) if changed else None


def _first_kept(day: OpenDay, routes: Routes, group: Sequence[int]) -> State | None:
    """Return the day with new routes for a group of vehicles, in the first form that is kept."""
    shifts = _shifts(day, group)
    for join in _JOINS:
        after = with_routes(day, {k: routes[k] for k in group}, join)
        if _is_sound(day.state, after, shifts) and _better(day.state, after, shifts):
            return after
    return None


def _is_sound(before: State, after: State, shifts: Sequence[ShiftId]) -> bool:
    """Whether the checker finds nothing broken in some tours."""
    now = _part(after, shifts, ())
    was = _part(before, shifts, now.bookings)
    event = ImprovementFound({key: now.tours[key] for key in shifts}, was.tours)
    return all(v.severity is Severity.LATE for v in verify(now, was, event))


def _better(before: State, after: State, shifts: Sequence[ShiftId]) -> bool:
    """Whether more riders are carried, or as many at less cost."""
    waiting = [
        sum(b.status is RideStatus.UNASSIGNED for b in s.bookings.values()) for s in (before, after)
    ]
    return waiting[1] < waiting[0] or cost_of(after, shifts) < cost_of(before, shifts)


def _shifts(day: OpenDay, group: Iterable[int]) -> tuple[ShiftId, ...]:
    return tuple(day.tours[k].shift.id for k in group)


def _groups(day: OpenDay, routes: Routes) -> Iterator[tuple[int, ...]]:
    """Yield vehicles with changed routes that exchange rides among each other."""
    vehicle = {v: k for k, route in enumerate(day.plan) for v in route}
    group = {k: {k} for k, route in enumerate(routes) if tuple(route) != day.plan[k]}
    for k, route in enumerate(routes):
        for other in {vehicle.get(v, k) for v in route} - {k}:
            merged = group[k] | group[other]
            group |= dict.fromkeys(merged, merged)
    seen: set[int] = set()
    for k, members in group.items():
        if k not in seen:
            seen |= members
            yield tuple(sorted(members))


def _part(state: State, shifts: Sequence[ShiftId], more: Iterable[BookingId]) -> State:
    """Return the state of some shifts alone, with the rides they carry or carried, and some more."""
    tours = {key: state.tours[key] for key in shifts if key in state.tours}
    visits = [visit for tour in tours.values() for visit in tour.visits]
    riders = {key for visit in visits for key in (*visit.board, *visit.alight)} | set(more)
    riders |= {key for key, booking in state.bookings.items() if booking.shift in shifts}
    earlier = {key for ride in riders for key in state.bookings[ride].carried_by} - set(shifts)
    if earlier:
        return _part(state, (*shifts, *sorted(earlier)), more)
    return replace(
        state,
        shifts={key: state.shifts[key] for key in shifts},
        tours=tours,
        bookings={key: state.bookings[key] for key in riders},
    )
