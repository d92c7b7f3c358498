"""What cannot be caught any more, or not be booked yet, is no answer."""

from typing import Any

import pytest

from dispatch.connections.found import Kind

MILL, CITY, FARM, HOSPITAL = 2, 4, 1, 5
NINE = 9 * 3600
_DAY = 86_400


@pytest.mark.parametrize("time", ["08:50", "-10:40"])
def test_a_line_that_has_left_is_no_answer(valley: Any, day: Any, time: str) -> None:
    """Who asks at five past nine does not catch the train of nine o'clock."""
    wish = valley.wish(day.request(MILL, CITY, time))
    early = [each for each in valley.ask(day, wish) if each.kind is Kind.LINE]
    assert NINE in [each.departure_s for each in early]
    day.now_s = NINE + 300
    found = valley.ask(day, wish)
    assert found
    assert all(each.departure_s >= day.now_s for each in found)


@pytest.mark.parametrize(("days", "rides"), [(14, True), (15, False)])
def test_no_ride_to_a_line_beyond_the_horizon(
    valley: Any, day: Any, days: int, *, rides: bool
) -> None:
    """Fourteen days ahead our buses can be booked; the walk to a line needs no booking."""
    day.now_s = NINE - days * _DAY if rides else -14 * _DAY - 1
    to_hospital = valley.ask(day, valley.wish(day.request(FARM, HOSPITAL, "08:30")))
    assert (Kind.RIDE_LINE in {each.kind for each in to_hospital}) is rides
    from_hospital = valley.ask(day, valley.wish(day.request(HOSPITAL, FARM, "09:00")))
    assert (Kind.LINE_RIDE in {each.kind for each in from_hospital}) is rides
    on_foot = valley.ask(day, valley.wish(day.request(MILL, CITY, "08:50"), served=False))
    assert Kind.LINE in {each.kind for each in on_foot}
