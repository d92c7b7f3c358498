"""A party no bus has room for rides on two."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dispatch.model import Load, PlaceIndex, Rule, load_of, persons
from dispatch.parties import splits
from dispatch.policy import Policy

POINTS = [(0, 0), (6000, 0), (12000, 0)]
DEPOT, ANNA, TOWN = map(PlaceIndex, range(3))
KIND = Policy(lead_time_s=0, travel_factor=1.0, search_window_s=600)
Make = Callable[..., Any]

loads = st.builds(
    load_of,
    seat=st.integers(0, 4),
    wheelchair=st.integers(0, 2),
    child_seat=st.integers(0, 3),
    walker=st.integers(0, 2),
    luggage=st.integers(0, 3),
)


@given(load=loads)
def test_the_parts_are_the_whole(load: Load) -> None:
    """Both parts together are the party; each has somebody grown up; the first is not the smaller."""
    for part, rest in splits(load):
        assert tuple(a + b for a, b in zip(part, rest, strict=True)) == load
        assert persons(part) >= persons(rest) > 0
        for each in (part, rest):
            assert each[0] + each[1] > 0


@given(seats=st.integers(0, 6), chairs=st.integers(0, 2))
def test_grown_ups_can_be_split_in_every_way(seats: int, chairs: int) -> None:
    """Every pair of numbers of seats and wheelchairs that is no smaller than the rest is there."""
    found = {part for part, _ in splits(load_of(seat=seats, wheelchair=chairs))}
    size = seats + chairs
    expected = {
        load_of(seat=s, wheelchair=w)
        for s in range(seats + 1)
        for w in range(chairs + 1)
        if size > s + w >= size - s - w
    }
    assert found == expected


def test_a_party_too_big_for_one_bus_takes_two(open_day: Make) -> None:
    day = open_day(POINTS, KIND)
    day.open("first", "08:00", "13:00")
    day.open("second", "08:00", "13:00")
    refusal = day.ask(ANNA, TOWN, "09:00", seat=11)
    assert refusal.rule is Rule.ROOM
    larger, smaller = refusal.alternatives
    assert (persons(larger.request.load), persons(smaller.request.load)) == (8, 3)
    one, other = day.take(larger), day.take(smaller)
    assert one.shift != other.shift
    assert one.id != other.id


def test_two_wheelchairs_in_buses_for_one(open_day: Make) -> None:
    day = open_day(POINTS, KIND)
    day.open("first", "08:00", "13:00")
    day.open("second", "08:00", "13:00")
    refusal = day.ask(ANNA, TOWN, "09:00", seat=1, wheelchair=2)
    assert [each.request.load for each in refusal.alternatives] == [
        load_of(seat=1, wheelchair=1),
        load_of(wheelchair=1),
    ]
    for each in refusal.alternatives:
        day.take(each)


def test_where_only_one_bus_is_the_largest_part_is_named(open_day: Make) -> None:
    day = open_day(POINTS, KIND)
    day.open("only", "08:00", "13:00")
    day.book(ANNA, TOWN, "09:00", seat=3)
    refusal = day.ask(ANNA, TOWN, "09:00", seat=6)
    assert refusal.rule is Rule.ROOM
    part, *whole = refusal.alternatives
    assert persons(part.request.load) == 5
    assert [persons(each.request.load) for each in whole] == [6, 6]
    day.take(part)


def test_a_crowd_is_no_work(open_day: Make) -> None:
    day = open_day(POINTS, replace(KIND))
    day.open("only", "08:00", "13:00")
    refusal = day.ask(ANNA, TOWN, "09:00", seat=99, wheelchair=99)
    assert (refusal.rule, refusal.alternatives) == (Rule.ROOM, ())
