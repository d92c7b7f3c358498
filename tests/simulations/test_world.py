"""A simulated day: everybody has an outcome, promises are kept, the same seed gives the same day."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.model import LOAD_KINDS, LoadKind, RideStatus, VisitStatus
from regions.region import Region
from simulations.driven import rides_of
from simulations.riders import Habits, character, choose
from simulations.run import Result, simulate_day
from simulations.world import Fate

TUESDAY = date(2026, 3, 3)
SUNDAY = date(2026, 3, 8)
AS_PLANNED = Habits(travel_noise=0.0, no_show_share=0.0, cancel_share=0.0)


def fates(result: Result) -> Counter[Fate]:
    return Counter(outcome.fate for outcome in result.lived.outcomes)


@settings(max_examples=15)
@given(seed=st.integers(0, 1_000), riders=st.integers(1, 40))
def test_when_all_goes_as_planned_every_promise_is_kept(
    town: Region, seed: int, riders: int
) -> None:
    """Without noise nobody is picked up outside the window, late, or aboard too long."""
    result = simulate_day(town, "dorf", TUESDAY, seed=seed, riders=riders, habits=AS_PLANNED)
    assert result.lived.at_risk == frozenset()
    bookings = result.lived.state.bookings
    for key, ride in rides_of(result.lived.state).items():
        assert ride.kept(bookings[key].promise) == (True, True, True)
    if fates(result)[Fate.SERVED]:
        assert result.measures.kept.promise_share == 1.0


@settings(max_examples=15)
@given(
    seed=st.integers(0, 1_000),
    riders=st.integers(1, 40),
    noise=st.sampled_from([0.0, 0.1, 0.4]),
    absent=st.sampled_from([0.0, 0.1, 1.0]),
    cancels=st.sampled_from([0.0, 0.1, 1.0]),
)
def test_every_wish_has_an_outcome_and_every_booking_an_end(
    town: Region, seed: int, riders: int, noise: float, absent: float, cancels: float
) -> None:
    """Whatever happens on the roads, the engine's plans pass the checker and the day ends."""
    habits = Habits(travel_noise=noise, no_show_share=absent, cancel_share=cancels)
    result = simulate_day(town, "dorf", TUESDAY, seed=seed, riders=riders, habits=habits)
    lived, answers = result.lived, result.measures.answers
    assert [outcome.wish.id for outcome in lived.outcomes] == [w.id for w in result.scene.wishes]
    ended = {RideStatus.DONE, RideStatus.NO_SHOW, RideStatus.CANCELLED}
    assert {booking.status for booking in lived.state.bookings.values()} <= ended
    taken = {outcome.wish.id for outcome in lived.outcomes if outcome.offer}
    assert taken == set(lived.state.bookings)
    for tour in lived.state.tours.values():
        assert all(visit.status is VisitStatus.DEPARTED for visit in tour.visits)
    ways = answers.served + answers.refused + answers.declined + answers.cancelled
    assert ways + answers.no_shows == answers.asked == answers.wishes - answers.not_needed
    assert sum(answers.refusals.values()) == answers.refused


def test_the_same_seed_gives_the_same_day(town: Region) -> None:
    def day(seed: int) -> Result:
        return simulate_day(town, "dorf", TUESDAY, seed=seed, riders=40)

    one, again, other = day(5), day(5), day(6)
    assert one.as_dict() == again.as_dict()
    assert one.lived.outcomes == again.lived.outcomes
    assert one.lived.state.tours == again.lived.state.tours
    assert one.as_dict()["measures"] != other.as_dict()["measures"]


def test_riders_keep_their_character_whatever_others_do(town: Region) -> None:
    """Scenarios differ in the rule changed, not in the luck drawn."""
    habits = Habits(no_show_share=0.5, cancel_share=0.5)
    few = simulate_day(town, "dorf", TUESDAY, seed=1, riders=5, habits=habits)
    for wish in few.scene.wishes:
        assert character(wish, habits, 1) == character(wish, habits, 1)
        stricter = character(wish, Habits(no_show_share=0.4, cancel_share=0.4), 1)
        assert stricter.comes >= character(wish, habits, 1).comes
    backs = [wish for wish in few.scene.wishes if wish.outward]
    assert all(character(wish, habits, 1).comes for wish in backs)


def test_who_does_not_come_needs_no_way_back(town: Region) -> None:
    habits = Habits(travel_noise=0.0, no_show_share=1.0, cancel_share=0.0)
    result = simulate_day(town, "dorf", TUESDAY, seed=3, riders=30, habits=habits)
    outcome = {outcome.wish.id: outcome for outcome in result.lived.outcomes}
    assert fates(result)[Fate.NO_SHOW] > 5
    assert fates(result)[Fate.SERVED] == 0
    for each in outcome.values():
        if each.wish.outward and outcome[each.wish.outward].fate is Fate.NO_SHOW:
            assert each.fate in (Fate.CANCELLED, Fate.REFUSED, Fate.DECLINED)
    assert result.measures.driving.occupied_m == 0
    assert result.measures.driving.driven_m > 0


def test_cancelled_rides_are_not_driven(town: Region) -> None:
    habits = Habits(travel_noise=0.0, no_show_share=0.0, cancel_share=1.0)
    result = simulate_day(town, "dorf", TUESDAY, seed=3, riders=30, habits=habits)
    everybody = simulate_day(town, "dorf", TUESDAY, seed=3, riders=30, habits=AS_PLANNED)
    assert fates(result)[Fate.CANCELLED] > 5
    assert result.measures.driving.driven_m < everybody.measures.driving.driven_m / 2


def test_a_day_without_shifts_refuses_everybody(town: Region) -> None:
    result = simulate_day(town, "dorf", SUNDAY, seed=3, riders=10)
    answers = result.measures.answers
    assert answers.refused == answers.asked == 10
    assert dict(answers.refusals) == {"no_shift": 10}
    assert result.measures.driving.driven_m == 0


def test_slow_roads_break_promises_and_the_engine_warns(town: Region) -> None:
    habits = Habits(travel_noise=0.6, no_show_share=0.0, cancel_share=0.0)
    results = [
        simulate_day(town, "dorf", TUESDAY, seed=seed, riders=40, habits=habits)
        for seed in range(4)
    ]
    assert min(result.measures.kept.promise_share for result in results) < 1.0
    for result in results:
        state, kept = result.lived.state, rides_of(result.lived.state)
        late = {
            key for key, ride in kept.items() if not all(ride.kept(state.bookings[key].promise)[:2])
        }
        assert late <= result.lived.at_risk


def test_riders_take_the_first_offer_near_enough(town: Region) -> None:
    result = simulate_day(town, "dorf", TUESDAY, seed=1, riders=30, habits=AS_PLANNED)
    for outcome in result.lived.outcomes:
        if outcome.offer:
            wish, offer = outcome.wish, outcome.offer
            assert choose(wish, [offer]) == offer
    assert choose(result.scene.wishes[0], []) is None


def test_houses_away_from_roads_are_refused_as_unreachable(
    make_region: pytest.FixtureRequest,
) -> None:
    region = make_region(rules={"snap_m": 10})  # type: ignore[operator]  # the fixture's function
    result = simulate_day(region, "dorf", TUESDAY, seed=1, riders=30)
    assert result.measures.answers.refusals.get("unreachable", 0) > 0


@settings(max_examples=4)
@given(seed=st.integers(0, 1_000), riders=st.integers(10, 40))
def test_improving_keeps_every_promise_and_gives_the_same_day_again(
    town: Region, seed: int, riders: int
) -> None:
    """With improvement after each booking the checker stays silent, promises are kept, the seed decides."""
    first, second = (
        simulate_day(
            town, "dorf", TUESDAY, seed=seed, riders=riders, habits=AS_PLANNED, improve=500
        )
        for _ in range(2)
    )
    assert first.lived.at_risk == frozenset()
    if fates(first)[Fate.SERVED]:
        assert first.measures.kept.promise_share == 1.0
    assert first.as_dict() == second.as_dict()


def test_improving_saves_way(town: Region) -> None:
    """Over three days less is driven for each ride than without."""
    driven = {0: 0.0, 500: 0.0}
    for improve in driven:
        for seed in range(3):
            result = simulate_day(
                town, "dorf", TUESDAY, seed=seed, riders=40, habits=AS_PLANNED, improve=improve
            )
            answers, driving = result.measures.answers, result.measures.driving
            driven[improve] += driving.driven_m / max(answers.served, 1)
    assert driven[500] < driven[0]


def test_in_a_mixed_area_riders_walk_to_stops(
    make_region: Callable[..., Region], corner: Callable[[float, float], tuple[float, float]]
) -> None:
    """Where walking costs nothing, some are fetched at a stop near their door, with what they walked told."""
    stops = [
        {"id": f"s{x}{y}", "name": f"Ecke {x} {y}", "lon": corner(x, y)[0], "lat": corner(x, y)[1]}
        for x in range(7)
        for y in range(7)
    ]
    rules = {"walk_m": 1000, "weight_walk": 0.0}
    region = make_region(service="mixed", stops=stops, rules=rules)
    result = simulate_day(region, "dorf", TUESDAY, seed=3, riders=30, habits=AS_PLANNED)
    requests = [booking.request for booking in result.lived.state.bookings.values()]
    walking = [each for each in requests if each.walk_to_s or each.walk_from_s]
    assert walking
    assert result.lived.at_risk == frozenset()
    for each in requests:
        walks = any(each.load[LOAD_KINDS.index(k)] for k in (LoadKind.WALKER, LoadKind.WHEELCHAIR))
        assert not (walks and (each.walk_to_s or each.walk_from_s))
