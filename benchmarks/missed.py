"""A day on which lines run late: connections missed without and with care for them.

Journeys with a ride and a line are booked into a day with 6 shifts and single rides, the evening before.
The day is played (``benchmarks.replay``) three times with the same delays: nobody tells dispatch of them;
they are told; and the coordinator books besides what is offered to riders whose ride could not follow.
"""

from argparse import Namespace

from benchmarks.country import CLOSE_S, EVENING_BEFORE_S, OPEN_S, Country, country, day_in
from benchmarks.delays import LinesToday
from benchmarks.missed_figures import figures_of
from benchmarks.record import Record
from benchmarks.replay import Replay
from dispatch.connections.found import Journey
from dispatch.connections.journeys import journeys
from dispatch.connections.meeting import booked
from dispatch.events import State
from dispatch.model import TimeKind
from dispatch.policy import Policy
from dispatch.schedule.snapshot import Snapshot
from gtfs.overlay import TripOfDay

SHIFTS = 6
_QUICK_RIDES, _QUICK_JOURNEYS = 20, 8
_TRIES = 600
_WAYS = (("without", False, False), ("with", True, False), ("helped", True, True))
"""Name; whether delays are told to dispatch; whether a coordinator helps."""
_EARLIEST = 30
"""Journeys are wished from half an hour after the buses' first minute on."""


def run(options: Namespace) -> Record:
    """Play one day of late lines without care, with care, and with a coordinator besides."""
    rides = _QUICK_RIDES if options.quick else options.single_rides
    wished = _QUICK_JOURNEYS if options.quick else options.journeys
    with country(options) as region:
        world = day_in(region, SHIFTS, rides, options.seed, Policy())
        made = book_journeys(world, wished)
        trips = _trips(world)
        figures = _played(world, trips, options.seed)
    meetings = [b.request.connection for b in world.state.bookings.values() if b.request.connection]
    work = {
        "shifts": SHIFTS,
        "single_rides": rides,
        "journeys": made,
        "rides_to_lines": sum(meets.to_line for meets in meetings),
        "rides_from_lines": sum(not meets.to_line for meets in meetings),
        "trips": len(trips),
        "seed": options.seed,
    }
    return Record("missed", work, figures)


def _played(world: Country, trips: frozenset[TripOfDay], seed: int) -> dict[str, float]:
    """Play the day each way; figures end with the way's name."""
    figures: dict[str, float] = {}
    violations = 0
    for name, care, helped in _WAYS:
        day = Replay(world.state, LinesToday(world.lines, seed, trips), care, helped)
        day.play()
        violations += day.violations
        figures |= {f"{key}_{name}": value for key, value in figures_of(world.state, day).items()}
    missed = max(figures["missed_without"], 1)
    for name in ("with", "helped"):
        figures[f"cut_{name}"] = 1 - figures[f"missed_{name}"] / missed
    return figures | {"violations": violations}


def book_journeys(world: Country, wished: int) -> int:
    """Book journeys with rides and one line until there are so many; return how many there are."""
    made = 0
    for number in range(_TRIES):
        if made == wished:
            break
        made += _book(world, number)
    return made


def _book(world: Country, number: int) -> bool:
    minutes = (OPEN_S // 60 + _EARLIEST, CLOSE_S // 60 - 60)
    time_s = int(world.random.integers(minutes[0] // 5, minutes[1] // 5)) * 300
    wish = world.wish(time_s, TimeKind.ARRIVE_BY if number % 2 else TimeKind.DEPART_AT)
    found = journeys(Snapshot.at(world.state, EVENING_BEFORE_S), world.lines, wish)
    journey = next((each for each in found if each.rides and len(each.lines) == 1), None)
    if journey is None:
        return False
    after = _all_booked(world.state, journey)
    world.state = after or world.state
    return after is not None


def _all_booked(state: State, journey: Journey) -> State | None:
    after: State | None = state
    for offer in journey.rides:
        after = None if after is None else booked(after, offer, EVENING_BEFORE_S)
    return after


def _trips(world: Country) -> frozenset[TripOfDay]:
    index = world.lines.day.timetable.trip_id.index
    meetings = (booking.request.connection for booking in world.state.bookings.values())
    return frozenset((index(meets.trip), meets.service_day) for meets in meetings if meets)
