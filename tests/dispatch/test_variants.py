"""The door and the stops near it, as places a ride may begin and end at."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dispatch.model import UNREACHABLE, Access, PlaceIndex, Travel, load_of
from dispatch.policy import Policy
from dispatch.variants import far_variants_of, variants_of

PLACES = [(0, 0), (5000, 0), (5100, 0), (5400, 0), (12000, 0), (12200, 0)]
DEPOT, DOOR, STOP, FAR_STOP, GOAL, GOAL_STOP = map(PlaceIndex, range(6))
WALKING = Policy(lead_time_s=0, travel_factor=1.0, walk_m=300, walk_m_per_min=60)
Make = Callable[..., Any]

accesses = st.lists(
    st.builds(Access, st.integers(0, 5).map(PlaceIndex), st.integers(0, 900)), max_size=4
)


def test_a_stop_beyond_the_usual_walk_is_kept_for_later(open_day: Make) -> None:
    day = open_day(PLACES, WALKING)
    request = replace(
        day.request(DOOR, GOAL, "09:00"),
        near_origin=(Access(STOP, 130), Access(FAR_STOP, 520)),
        near_destination=(Access(GOAL_STOP, 260),),
    )
    usual = variants_of(day.state, request)
    far = far_variants_of(day.state, request)
    assert [(v.origin, v.destination) for v in usual] == [
        (DOOR, GOAL),
        (DOOR, GOAL_STOP),
        (STOP, GOAL),
        (STOP, GOAL_STOP),
    ]
    assert [(v.walk_to_s, v.walk_from_s) for v in usual] == [(0, 0), (0, 260), (130, 0), (130, 260)]
    assert {v.origin for v in far} == {FAR_STOP}
    in_a_wheelchair = replace(request, load=load_of(wheelchair=1))
    assert [(v.origin, v.destination) for v in variants_of(day.state, in_a_wheelchair)] == [
        (DOOR, GOAL)
    ]


@given(near=accesses, beside=accesses)
def test_every_pair_of_places_with_a_way_stands_once(
    open_day: Make, near: list[Access], beside: list[Access]
) -> None:
    """Usual and far variants together are all pairs that differ, each with its shortest walks."""
    day = open_day(PLACES, WALKING)
    seconds = day.state.travel.seconds.copy()
    seconds[DOOR, GOAL] = UNREACHABLE
    state = replace(day.state, travel=Travel(seconds, day.state.travel.metres))
    request = replace(
        day.request(DOOR, GOAL, "09:00"),
        near_origin=tuple(near),
        near_destination=tuple(beside),
    )
    every = (*variants_of(state, request), *far_variants_of(state, request))
    pairs = [(v.origin, v.destination) for v in every]
    origins = {DOOR, *(access.place for access in near)}
    goals = {GOAL, *(access.place for access in beside)}
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == {(a, b) for a in origins for b in goals if a != b} - {(DOOR, GOAL)}
    for variant in every:
        walks = [access.walk_s for access in near if access.place == variant.origin]
        assert variant.walk_to_s == min([*walks, *([0] if variant.origin == DOOR else [])])
        assert variant.near_origin == variant.near_destination == ()
