"""Check that journeys can be followed; the brute-force search the benchmark uses too."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest

from benchmarks.timetable_by_hand import TimetableByHand, least_s, seconds_between
from gtfs.journey import Journey, Offer, Ride, Walk
from gtfs.timetable import Timetable


def check_journey(
    timetable: Timetable, journey: Journey, access: Sequence[Offer], egress: Sequence[Offer]
) -> None:
    """Whoever follows the legs can do so, and they are what the journey says."""
    t = timetable
    first, last = access[journey.access], egress[journey.egress]
    rides = journey.rides
    assert rides[0].from_stop == first.stop
    assert rides[-1].to_stop == last.stop
    reached = journey.departure_s + first.seconds
    assert first.from_s <= reached <= min(first.until_s, rides[0].departure_s)
    left = journey.arrival_s - last.seconds
    assert max(last.from_s, rides[-1].arrival_s) <= left <= last.until_s
    assert journey.transfers == sum(not ride.stays_aboard for ride in rides) - 1
    for ride in rides:
        shift = seconds_between(journey.day, (ride.service_day - journey.day).days, t.time_zone)
        service = int(t.trip_service[ride.trip])
        assert t.running_on(ride.service_day)[service]
        begin, end = t.first_stop_time[ride.trip : ride.trip + 2]
        assert begin <= ride.first_stop_time <= ride.last_stop_time < end
        assert t.departure_s[ride.first_stop_time] + shift == ride.departure_s
        assert t.arrival_s[ride.last_stop_time] + shift == ride.arrival_s
        assert t.stop_time_stop[ride.first_stop_time] == ride.from_stop
        assert t.stop_time_stop[ride.last_stop_time] == ride.to_stop
    for one, two in pairwise(rides):
        if two.stays_aboard:
            assert t.trip_continues[one.trip] == two.trip
            assert two.departure_s >= one.arrival_s
            continue
        assert t.pickup_type[two.first_stop_time] != 1
        assert t.drop_off_type[one.last_stop_time] != 1
        rows = range(*t.first_transfer[one.to_stop : one.to_stop + 2])
        known = {int(t.transfer_stop[row]): least_s(t, row) for row in rows}
        least = known.get(two.from_stop, 120 if one.to_stop == two.from_stop else -1)
        assert 0 <= least <= two.departure_s - one.arrival_s
    check_legs(journey)


def check_legs(journey: Journey) -> None:
    """Legs follow each other in time and place."""
    legs = journey.legs
    assert legs[0].departure_s == journey.departure_s or isinstance(legs[0], Ride)
    for one, two in pairwise(legs):
        assert one.arrival_s <= two.departure_s
        if isinstance(one, Walk) or isinstance(two, Walk):
            assert one.to_stop == two.from_stop


@pytest.fixture(scope="session")
def oracle() -> type[TimetableByHand]:
    """Give the brute-force search."""
    return TimetableByHand


@pytest.fixture(scope="session")
def follow() -> Callable[..., Any]:
    """Check that a journey can be followed."""
    return check_journey
