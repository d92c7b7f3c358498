"""The exact solver: never worse than the heuristics, always right, and it says no when there is no plan."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.events import State
from dispatch.exact.optimal import Wanted, driving_s, solve
from dispatch.model import Promise
from dispatch.verify import verify

# twelve places in a ring of villages, no two alike
POINTS = [((7 * k * k) % 13 * 1000, (5 * k * k + 3 * k) % 17 * 1000) for k in range(13)]
OpenDay = Callable[..., Any]


@settings(max_examples=8)
@given(
    pairs=st.permutations(range(1, 13)),
    times=st.lists(st.integers(9 * 4, 10 * 4), min_size=4, max_size=4),
)
def test_insertion_is_never_better_than_the_optimum(
    open_day: OpenDay, pairs: list[int], times: list[int]
) -> None:
    """The optimum keeps the same promises with no more driving, and the checker accepts it."""
    day = open_day(POINTS)
    day.open("a", "08:00", "14:00")
    empty = day.state
    for k, quarter in enumerate(times):
        answer = day.ask(pairs[2 * k], pairs[2 * k + 1], f"{quarter // 4:02}:{quarter % 4 * 15:02}")
        if isinstance(answer, tuple):
            day.take(answer[0])
    wanted = [Wanted(b.request, b.promise) for b in day.state.bookings.values()]
    best = solve(empty, wanted)
    assert best.proven
    assert best.state is not None
    assert verify(best.state) == ()
    assert driving_s(best.state) == best.driving_s <= driving_s(day.state)


def test_two_buses_are_used_where_one_is_not_enough(open_day: OpenDay) -> None:
    day = open_day(POINTS)
    day.open("a", "08:00", "14:00")
    request = day.request(1, 2, "09:00", seat=6)
    other = day.request(5, 6, "09:00", seat=6)
    promise = Promise(32_400, 32_400, 40_000, 2_700)
    wanted = [Wanted(request, promise), Wanted(other, promise)]
    nowhere = solve(day.state, wanted)
    assert nowhere.state is None
    assert nowhere.proven
    day.open("b", "08:00", "14:00")
    both = solve(day.state, wanted)
    assert isinstance(both.state, State)
    assert verify(both.state) == ()
    assert all(tour.visits for tour in both.state.tours.values())
