"""A question for a journey answered: our bus, lines, and both together."""

import time
from argparse import Namespace
from collections import Counter
from statistics import median

from benchmarks.country import CLOSE_S, EVENING_BEFORE_S, OPEN_S, Country, country, day_in
from benchmarks.record import Record, percentile
from dispatch.connections.found import Journey, JourneyWish, Kind
from dispatch.connections.journeys import journeys
from dispatch.connections.meeting import booked
from dispatch.model import TimeKind
from dispatch.offers import offers_for
from dispatch.policy import Policy
from dispatch.schedule.snapshot import Snapshot
from dispatch.verify import verify

SEED = 1
SHIFTS, RIDES = 6, 60
WARM_UP = 5


def run(options: Namespace) -> Record:
    """Ask for journeys between random houses in a country with 6 shifts and 60 rides."""
    questions = 20 if options.quick else options.pairs
    with country(options) as region:
        world = day_in(region, SHIFTS, RIDES, SEED, Policy(lead_time_s=0))
        asked = [_wish(world, number) for number in range(WARM_UP + questions)]
        for wish in asked[:WARM_UP]:
            answer(world, wish)
        passed, kinds, answers, violations = [], Counter[Kind](), 0, 0
        for wish in asked[WARM_UP:]:
            begun = time.perf_counter()
            found = answer(world, wish)
            passed.append((time.perf_counter() - begun) * 1000)
            kinds.update(journey.kind for journey in found)
            answers += bool(found)
            violations += sum(_broken(world, journey) for journey in found)
        size = len(world.lines.served)
    return Record(
        "journeys",
        {"shifts": SHIFTS, "rides": RIDES, "questions": questions, "stops": size, "seed": SEED},
        {
            "median_ms": median(passed),
            "p95_ms": percentile(passed, 0.95),
            "answered_share": answers / questions,
            "journeys_each": sum(kinds.values()) / questions,
            **{f"of_{kind}": kinds[kind] for kind in Kind},
            "violations": violations,
        },
    )


def answer(world: Country, wish: JourneyWish) -> tuple[Journey, ...]:
    """Answer a wish the evening before: direct rides and journeys."""
    snapshot = Snapshot.at(world.state, EVENING_BEFORE_S)
    return journeys(snapshot, world.lines, wish, offers_for(snapshot, wish.party))


def _wish(world: Country, number: int) -> JourneyWish:
    time_s = int(world.random.integers(OPEN_S // 300, (CLOSE_S - 3600) // 300)) * 300
    return world.wish(time_s, TimeKind.ARRIVE_BY if number % 2 else TimeKind.DEPART_AT)


def _broken(world: Country, journey: Journey) -> int:
    """Book the rides of a journey; count what the checker finds, and rides that are gone."""
    state, found = world.state, 0
    for offer in journey.rides:
        after = booked(state, offer, EVENING_BEFORE_S)
        found += after is None
        state = after or state
    return found + len(verify(state))
