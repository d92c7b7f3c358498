"""What is remembered between requests changes no answer and does not grow."""

import gc
from dataclasses import replace
from random import Random
from typing import Any
from weakref import ref

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.events import Delay
from dispatch.insertion.search import find_all
from dispatch.model import Travel
from dispatch.schedule import packing, snapshot
from dispatch.schedule.snapshot import Snapshot
from dispatch.schedule.tables import Tables

EVENING_BEFORE = -6 * 3600
MOMENTS = (EVENING_BEFORE, 7 * 3600, 8 * 3600 + 1234, 9 * 3600, 10 * 3600)


def forget() -> None:
    packing.forget()
    snapshot.forget()


@settings(max_examples=25)
@given(seed=st.integers(0, 10**9))
def test_a_cold_answer_equals_a_warm_one(draw_day: Any, draw_terms: Any, seed: int) -> None:
    """Days, moments, travel tables and delays in any order: as if each were seen for the first time."""
    chance = Random(seed)
    days = [draw_day(chance, rides) for rides in (2, 6, 9)]
    days += [_later(day) for day in days] + [_with_delay(day, chance) for day in days]
    days += [_wider(day) for day in days[:3]]
    for _ in range(30):
        state, now_s = chance.choice(days), chance.choice(MOMENTS)
        terms = draw_terms(chance, state, now_s)
        warm = find_all(Snapshot.at(state, now_s), terms)
        forget()
        cold = find_all(Snapshot.at(state, now_s), terms)
        find_all(Snapshot.at(chance.choice(days), chance.choice(MOMENTS)), terms)
        assert warm == cold
    for state in days:  # and once more without forgetting
        now_s = chance.choice(MOMENTS)
        terms = draw_terms(chance, state, now_s)
        warm = find_all(Snapshot.at(state, now_s), terms)
        forget()
        assert warm == find_all(Snapshot.at(state, now_s), terms)


def _later(state: Any) -> Any:
    """Return the same tours, with promises that leave more room."""
    bookings = {
        key: replace(b, promise=replace(b.promise, arrive_by_s=b.promise.arrive_by_s + 600))
        for key, b in state.bookings.items()
    }
    return replace(state, bookings=bookings)


def _with_delay(state: Any, chance: Random) -> Any:
    delays = {
        key: Delay(visit.id, visit.arrive_s + 300, visit.arrive_s)
        for key, tour in state.tours.items()
        for visit in [chance.choice(tour.visits)]
    }
    return replace(state, delays=delays)


def _wider(state: Any) -> Any:
    """Another place in the table, the old ones as they were."""
    seconds, metres = (
        np.pad(table, (0, 1), constant_values=600)
        for table in (state.travel.seconds, state.travel.metres)
    )
    return replace(state, travel=Travel(seconds, metres))


def test_only_what_changed_is_packed_again(draw_day: Any, monkeypatch: Any) -> None:
    """After a booking one tour; after a new place in the table none; for a new moment none."""
    state = draw_day(Random(3), 8)
    Snapshot.at(state, EVENING_BEFORE)
    packed: list[str] = []
    pack = packing.pack

    def counting(state: Any, shift: Any, tour: Any) -> Any:
        packed.append(shift.id)
        return pack(state, shift, tour)

    monkeypatch.setattr(packing, "pack", counting)
    Snapshot.at(state, EVENING_BEFORE)
    Snapshot.at(state, 9 * 3600)
    Snapshot.at(_wider(state), EVENING_BEFORE)
    assert packed == []
    key, tour = next(iter(state.tours.items()))
    Snapshot.at(replace(state, tours={**state.tours, key: replace(tour)}), EVENING_BEFORE)
    assert packed == [key]


def test_a_table_that_grows_in_place_is_known(draw_day: Any, draw_terms: Any) -> None:
    """Corners of one array are the same ways; the kernels find in them what they find in copies."""
    chance = Random(3)
    state = draw_day(chance, 8)
    places, room = state.travel.size, (0, 5)
    grown = Travel(np.pad(state.travel.seconds, room), np.pad(state.travel.metres, room))
    small, large = (
        Travel(grown.seconds[:n, :n], grown.metres[:n, :n]) for n in (places, places + 1)
    )
    tables = Tables(small)
    assert tables == Tables(large)
    assert tables != Tables(state.travel)
    assert tables != Tables(Travel(grown.seconds[1:, 1:], grown.metres[1:, 1:]))
    terms = draw_terms(chance, state, EVENING_BEFORE)
    found = find_all(Snapshot.at(state, EVENING_BEFORE), terms)
    assert found
    for travel in (small, large):
        corner = replace(state, travel=travel)
        assert find_all(Snapshot.at(corner, EVENING_BEFORE), terms) == found


def test_the_memory_is_bounded(draw_day: Any) -> None:
    """However many days are looked at, so many stay known."""
    state = draw_day(Random(3), 4)
    for number in range(100):
        Snapshot.at(replace(state, tours=dict(state.tours)), number)
    assert len(snapshot._memory.days) == snapshot._REMEMBERED_DAYS
    for now_s in range(9 * 3600, 9 * 3600 + 50):
        Snapshot.at(state, now_s)
    day = snapshot._remembered(state)
    assert len(day.moments) == snapshot._REMEMBERED_MOMENTS
    shifts = [replace(shift) for shift in state.shifts.values() for _ in range(1500)]
    kept = [packing.packed_tour(state, shift, Tables(state.travel)) for shift in shifts]
    assert len(packing._memory.tours) == packing._REMEMBERED_TOURS < len(kept)


def test_before_the_day_every_moment_is_the_same(draw_day: Any) -> None:
    """Until a bus must set out, asking later opens nothing anew."""
    state = draw_day(Random(3), 6)
    opened = Snapshot.at(state, EVENING_BEFORE).opened
    assert Snapshot.at(state, 6 * 3600).opened is opened
    assert Snapshot.at(state, 9 * 3600).opened is not opened


def test_travel_tables_are_not_kept(draw_day: Any) -> None:
    """A day's old tables, which are large, go when the day has new ones."""
    state = draw_day(Random(3), 6)
    Snapshot.at(state, EVENING_BEFORE)
    old = ref(state.travel.seconds)
    state = _wider(state)
    Snapshot.at(state, EVENING_BEFORE)
    gc.collect()
    assert old() is None
