"""The best insertion equals brute force: every place in every tour, scheduled by difference constraints."""

from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.events import Delay
from dispatch.insertion.search import (
    Relax,
    Slice,
    Terms,
    find_all,
    find_best,
    fits,
    planned_with,
    tour_with,
)
from dispatch.model import BookingId, Request, Shift, Tour, Vehicle
from dispatch.schedule.retime import retime_from_facts
from dispatch.schedule.snapshot import Snapshot

EVENING_BEFORE = -6 * 3600
MOMENTS = st.sampled_from([EVENING_BEFORE, EVENING_BEFORE, 8 * 3600 + 1800, 10 * 3600])
SEEDS = st.integers(0, 10**9)


@settings(max_examples=200)
@given(seed=SEEDS, rides=st.integers(0, 12), now_s=MOMENTS)
def test_the_best_insertion_equals_brute_force(
    draw_day: Any, draw_terms: Any, oracle: Any, seed: int, rides: int, now_s: int
) -> None:
    """In every tour the same cost, and nothing where brute force finds nothing.

    With pauses, ranges, driving limits, all kinds of load, parties alone, quotas and needs, before the
    day and in the middle of it.
    """
    chance = Random(seed)
    state = draw_day(chance, rides)
    terms = draw_terms(chance, state, now_s)
    found = {f.shift.id: f for f in find_all(Snapshot.at(state, now_s), terms)}
    for key, shift in state.shifts.items():
        expected = oracle(state, shift, now_s).best(terms)
        assert (expected is None) == (key not in found)
        if expected is not None:
            assert abs(found[key].cost - expected.cost) < 1e-3


@settings(max_examples=100)
@given(seed=SEEDS, rides=st.integers(2, 12))
def test_planned_times_are_the_canonical_schedule(
    draw_day: Any, oracle: Any, seed: int, rides: int
) -> None:
    """Nobody rides longer than with drop-offs at their earliest, the bus is empty as early as can be.

    Given that, everything is as late as can be.
    """
    state = draw_day(Random(seed), rides)
    for key, tour in state.tours.items():
        plan = oracle(state, state.shifts[key], EVENING_BEFORE)
        assert [visit.arrive_s for visit in tour.visits] == plan.schedule(tour.visits, None)
        assert [v.place for v in tour.visits] == [v.place for v in plan.placed(tour.visits)]


@settings(max_examples=60)
@given(seed=SEEDS, rides=st.integers(0, 10), now_s=MOMENTS)
def test_one_search_over_slices_equals_one_for_each(
    draw_day: Any, draw_terms: Any, seed: int, rides: int, now_s: int
) -> None:
    """The best of a slice is the cheapest of all shifts on those terms; something fits if there is one."""
    chance = Random(seed)
    state = draw_day(chance, rides)
    terms = draw_terms(chance, state, now_s)
    whole = terms.times
    middle_s = chance.randrange(8 * 3600, 11 * 3600)
    slices = (
        whole,
        whole._replace(pickup_until_s=min(whole.pickup_until_s, middle_s)),
        whole._replace(pickup_from_s=max(whole.pickup_from_s, middle_s)),
        whole._replace(arrive_from_s=max(whole.arrive_from_s, middle_s)),
    )
    snapshot = Snapshot.at(state, now_s)
    for part, best in zip(slices, find_best(snapshot, terms, slices), strict=True):
        there = _on(terms, part)
        everywhere = find_all(snapshot, there)
        assert best == (everywhere[0] if everywhere else None)
        assert fits(snapshot, there) == bool(everywhere)


@settings(max_examples=60)
@given(seed=SEEDS, rides=st.integers(0, 10), now_s=MOMENTS)
def test_what_is_found_is_what_is_planned(
    draw_day: Any, draw_terms: Any, seed: int, rides: int, now_s: int
) -> None:
    """The times found stand in the tour, what was settled stays, added driving is the difference."""
    chance = Random(seed)
    state = draw_day(chance, rides)
    terms = draw_terms(chance, state, now_s)
    snapshot = Snapshot.at(state, now_s)
    for found in find_all(snapshot, terms):
        assert planned_with(snapshot, terms, found) == found
        before, after = snapshot.tour(found.index), tour_with(snapshot, terms, found)
        key, settled = terms.request.id, snapshot.settled[found.index]
        board = next(visit for visit in after.visits if key in visit.board)
        alight = next(visit for visit in after.visits if key in visit.alight)
        assert (board.arrive_s, alight.arrive_s) == (found.pickup_s, found.arrival_s)
        assert found.ride_s == alight.arrive_s - board.depart_s
        assert after.visits[:settled] == before.visits[:settled]
        driven = [_driving_s(state, found.shift, tour) for tour in (before, after)]
        assert driven[1] - driven[0] == found.added_s


@settings(max_examples=100)
@given(seed=SEEDS, rides=st.integers(2, 12), late_s=st.integers(60, 3000))
def test_a_late_bus_is_not_made_later(
    draw_day: Any, draw_terms: Any, seed: int, rides: int, late_s: int
) -> None:
    """Where reality is later than what was told, a new ride makes nobody later still.

    What the plan without it keeps is kept with it.
    """
    chance = Random(seed)
    state = draw_day(chance, rides)
    for key, tour in state.tours.items():
        if tour.visits:
            visit = tour.visits[0]
            delay = Delay(visit.id, visit.arrive_s + late_s, visit.arrive_s)
            state = replace(state, delays={**state.delays, key: delay})
            tours = {**state.tours, key: retime_from_facts(state, state.shifts[key])}
            state = replace(state, tours=tours)
    terms = draw_terms(chance, state, EVENING_BEFORE)
    snapshot = Snapshot.at(state, EVENING_BEFORE)
    for found in find_all(snapshot, terms):
        before, after = snapshot.tour(found.index), tour_with(snapshot, terms, found)
        was, now = _served(before), _served(after)
        for key, (pickup_s, arrival_s, ride_s) in was.items():
            promise = state.bookings[key].promise
            assert now[key][0] <= max(promise.pickup_until_s, pickup_s)
            assert now[key][1] <= max(promise.arrive_by_s, arrival_s)
            assert now[key][2] <= max(promise.ride_at_most_s, ride_s)
        home = [_home_s(state, found.shift, tour) for tour in (before, after)]
        assert home[1] <= max(found.shift.end_s, home[0])


def _served(tour: Tour) -> dict[BookingId, tuple[int, int, int]]:
    """When everybody boards and arrives, and how long they ride."""
    boards = {key: visit for visit in tour.visits for key in visit.board}
    return {
        key: (boards[key].arrive_s, visit.arrive_s, visit.arrive_s - boards[key].depart_s)
        for visit in tour.visits
        for key in visit.alight
    }


def _home_s(state: Any, shift: Shift, tour: Tour) -> int:
    if not tour.visits:
        return shift.start_s
    last = tour.visits[-1]
    way_s = int(state.travel.seconds[last.place, shift.end_place])
    return last.depart_s + int(state.policy.driving_s(way_s))


@settings(max_examples=40)
@given(seed=SEEDS, rides=st.integers(0, 8))
def test_the_order_and_names_of_buses_have_no_say(
    draw_day: Any, draw_terms: Any, seed: int, rides: int
) -> None:
    """Shuffling shifts in the state and renaming vehicles changes nothing that is found."""
    chance = Random(seed)
    state = draw_day(chance, rides)
    terms = draw_terms(chance, state, EVENING_BEFORE)
    shifts = {
        key: replace(shift, vehicle=f"x{shift.vehicle}")
        for key, shift in reversed(state.shifts.items())
    }
    vehicles = {f"x{key}": replace(v, id=f"x{key}") for key, v in state.vehicles.items()}
    tours = dict(reversed(state.tours.items()))
    shuffled = replace(state, shifts=shifts, vehicles=vehicles, tours=tours)
    one, other = (find_all(Snapshot.at(day, EVENING_BEFORE), terms) for day in (state, shuffled))
    assert [(f.shift.id, f.cost, f.places) for f in one] == [
        (f.shift.id, f.cost, f.places) for f in other
    ]


def _everybody_shares(request: Request) -> Request:
    return replace(request, alone=False)


def _no_limits(vehicle: Vehicle) -> Vehicle:
    return replace(vehicle, limits=())


RELAXED = {
    Relax.ROOM: lambda s: replace(s, vehicles={k: _no_limits(v) for k, v in s.vehicles.items()}),
    Relax.ALONE: lambda s: replace(
        s,
        bookings={
            k: replace(b, request=_everybody_shares(b.request)) for k, b in s.bookings.items()
        },
    ),
    Relax.RANGE: lambda s: replace(
        s, vehicles={k: replace(v, range_m=None) for k, v in s.vehicles.items()}
    ),
    Relax.DRIVING_TIME: lambda s: replace(
        s, shifts={k: replace(v, driving_at_most_s=None) for k, v in s.shifts.items()}
    ),
    Relax.QUOTA: lambda s: replace(s, policy=replace(s.policy, standing_share=1.0)),
}
"""For each rule a state in which it forbids nothing."""


@pytest.mark.parametrize("rule", RELAXED, ids=lambda rule: rule.name)
@settings(max_examples=30)
@given(seed=SEEDS, rides=st.integers(0, 10))
def test_ignoring_a_rule_is_having_none(
    draw_day: Any, draw_terms: Any, rule: Relax, seed: int, rides: int
) -> None:
    """The search without a rule finds what the search finds in a state that has no such rule."""
    chance = Random(seed)
    state = draw_day(chance, rides)
    terms = draw_terms(chance, state, EVENING_BEFORE)
    ignored = find_all(Snapshot.at(state, EVENING_BEFORE), replace(terms, relaxed=rule))
    if rule is Relax.ALONE:
        terms = replace(terms, request=_everybody_shares(terms.request))
    without = find_all(Snapshot.at(RELAXED[rule](state), EVENING_BEFORE), terms)
    assert [(f.shift.id, f.cost) for f in ignored] == [(f.shift.id, f.cost) for f in without]


def test_needs_are_ignored_on_request(draw_day: Any, draw_terms: Any) -> None:
    """A lift no bus has is what stands in the way, and nothing else."""
    refused = 0
    for seed in range(40):
        chance = Random(seed)
        state = draw_day(chance, 3)
        terms = draw_terms(chance, state, EVENING_BEFORE)
        snapshot = Snapshot.at(state, EVENING_BEFORE)
        anybody = replace(terms, request=replace(terms.request, needs=frozenset()))
        ignored = find_all(snapshot, replace(terms, relaxed=Relax.FEATURES))
        assert ignored == find_all(snapshot, anybody)
        refused += len(ignored) - len(find_all(snapshot, terms))
    assert refused > 0


def _on(terms: Terms, part: Slice) -> Terms:
    return replace(
        terms,
        pickup_from_s=part.pickup_from_s,
        pickup_until_s=part.pickup_until_s,
        arrive_from_s=part.arrive_from_s,
        arrive_until_s=part.arrive_until_s,
    )


def _driving_s(state: Any, shift: Any, tour: Any) -> int:
    stops = [shift.start_place, *(visit.place for visit in tour.visits), shift.end_place]
    table, policy = state.travel.seconds, state.policy
    return sum(policy.driving_s(int(table[a, b])) for a, b in pairwise(stops))
