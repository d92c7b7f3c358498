"""How far one gets without a car: lines alone, against lines and our rides together.

Random doors, random wishes to leave between 7 and 19 h, one day. With lines alone one may walk up to 800 m
or up to 2,000 m to a stop; with our rides (6 shifts, some rides booked already) the area's 800 m hold. Each
pair is asked on the same plan, the evening before. Who arrives sooner on foot all the way, no farther than
the longest walk, walks in all of these. Minutes count from the time wished to the door.
"""

import math
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import mean, median

from benchmarks.country import CLOSE_S, EVENING_BEFORE_S, OPEN_S, Country, country, day_in
from benchmarks.reach_picture import draw
from benchmarks.record import Record
from dispatch.connections.found import Journey, JourneyWish, Kind
from dispatch.connections.journeys import journeys
from dispatch.connections.lines import End
from dispatch.offers import offers_for
from dispatch.policy import Policy
from dispatch.schedule.snapshot import Snapshot
from dispatch.wishes import ceil_minute
from gtfs.journey import Offer as Way
from gtfs.journey import Walk
from gtfs.search import Limits, earliest_arrival
from routing.spot import metres_apart

SEED = 1
SHIFTS, RIDES = 6, 60
NEAR_M, FAR_M = 800, 2_000
IN_TIME_S = 90 * 60
SAME_DAY_S = 2 * 3600
"""How long ahead is asked, but not before the buses' first minute, where it is not the evening before."""
_WAY_PER_STRAIGHT = 1.3
_QUICK_PAIRS = 20
_WITH_BOTH = (Kind.RIDE_LINE, Kind.LINE_RIDE, Kind.RIDE_LINE_RIDE)


@dataclass(frozen=True, slots=True)
class Reached:
    """The soonest way there: seconds from the time wished, seconds of that on foot, and with what."""

    seconds: float = math.inf
    walk_s: int = 0
    kind: Kind | None = None


def run(options: Namespace) -> Record:
    """Ask for journeys between random houses with lines alone and with our rides."""
    pairs = _QUICK_PAIRS if options.quick else options.pairs
    with country(options) as region:
        world = day_in(region, SHIFTS, RIDES, SEED, Policy())
        wishes = [_wish(world) for _ in range(pairs)]
        near = [by_line(world, wish, NEAR_M) for wish in wishes]
        far = [by_line(world, wish, FAR_M) for wish in wishes]
        offered = [_answer(world, wish, EVENING_BEFORE_S) for wish in wishes]
        later = [
            _answer(world, wish, max(wish.party.time_s - SAME_DAY_S, OPEN_S)) for wish in wishes
        ]
        ours = [_soonest(*pair) for pair in zip(wishes, offered, near, strict=True)]
        same_day = [_soonest(*pair) for pair in zip(wishes, later, near, strict=True)]
        if options.picture:
            doors = [(wish.origin.lon, wish.origin.lat) for wish in wishes]
            panels = {
                f"lines alone, walks up to {FAR_M:,} m": [each.seconds / 60 for each in far],
                f"lines and our rides, walks up to {NEAR_M:,} m": [
                    each.seconds / 60 for each in ours
                ],
            }
            draw(options.picture, region.search.graph, doors, panels)
    columns = {"line_800": near, "line_2000": far, "ours": ours, "ours_same_day": same_day}
    figures = {
        f"{name}_{column}": value
        for column, found in columns.items()
        for name, value in _figures(found).items()
    }
    work = {"pairs": pairs, "shifts": SHIFTS, "rides": RIDES, "seed": SEED, "walk_m": NEAR_M}
    return Record("reach", work, figures | _kinds(ours) | _driving(offered))


def by_line(world: Country, wish: JourneyWish, walk_m: int) -> Reached:
    """Return how to get there soonest by line, or on foot; with generous walks."""
    policy = replace(world.state.policy, connection_walk_m=walk_m)
    start, goal = (_walks(world, end, policy, walk_m) for end in (wish.origin, wish.destination))
    time_s, limits = wish.party.time_s, Limits(None, policy.walk_s(walk_m))
    best = _on_foot(wish, policy, walk_m)
    found = earliest_arrival(world.lines.day, start, goal, time_s, limits)
    if found is not None:
        walk_s = sum(leg.seconds for leg in found.legs if isinstance(leg, Walk))
        best = min(best, Reached(found.arrival_s - time_s, walk_s, Kind.LINE), key=_seconds)
    return best


def _walks(world: Country, end: End, policy: Policy, walk_m: int) -> list[Way]:
    found = world.lines.on_foot(end.lon, end.lat, policy, walk_m)
    return [Way(stop, ceil_minute(walk_s)) for stop, walk_s in found]


def _on_foot(wish: JourneyWish, policy: Policy, walk_m: int) -> Reached:
    metres = _WAY_PER_STRAIGHT * _straight_m(wish.origin, wish.destination)
    if metres > walk_m:
        return Reached()
    walk_s = policy.walk_s(metres)
    return Reached(walk_s, walk_s)


def _straight_m(origin: End, destination: End) -> float:
    return metres_apart((origin.lon, origin.lat), (destination.lon, destination.lat))


def _wish(world: Country) -> JourneyWish:
    return world.wish(int(world.random.integers(OPEN_S // 300, CLOSE_S // 300)) * 300)


def _answer(world: Country, wish: JourneyWish, now_s: int) -> tuple[Journey, ...]:
    snapshot = Snapshot.at(world.state, now_s)
    return journeys(snapshot, world.lines, wish, offers_for(snapshot, wish.party))


def _soonest(wish: JourneyWish, found: Sequence[Journey], line: Reached) -> Reached:
    """Return the soonest of what is offered; who has a line, or walks, keeps it."""
    time_s = wish.party.time_s
    ways = [Reached(each.arrival_s - time_s, each.walk_s, each.kind) for each in found]
    return min(line, *ways, key=_seconds) if ways else line


def _seconds(way: Reached) -> float:
    return way.seconds


# --- figures --------------------------------------------------------------------------------------


def _figures(found: Sequence[Reached]) -> dict[str, float]:
    """Share there within 90 minutes; medians over all pairs, and of the walks of those."""
    in_time = [each for each in found if each.seconds <= IN_TIME_S]
    return {
        "share": len(in_time) / len(found),
        "median_min": median(each.seconds for each in found) / 60,
        "walk_m": _metres(median(each.walk_s for each in in_time)) if in_time else 0,
    }


def _metres(walk_s: float) -> float:
    return walk_s * Policy().walk_m_per_min / 60


def _kinds(found: Sequence[Reached]) -> dict[str, float]:
    """Share of pairs that are soonest there with each kind of journey."""
    kinds = Counter(each.kind for each in found if each.seconds <= IN_TIME_S)
    mixed = sum(kinds[kind] for kind in _WITH_BOTH)
    return {
        "soonest_ride": kinds[Kind.RIDE] / len(found),
        "soonest_mixed": mixed / len(found),
        "soonest_line": kinds[Kind.LINE] / len(found),
        "soonest_walk": kinds[None] / len(found),
    }


def _driving(offered: Sequence[Sequence[Journey]]) -> dict[str, float]:
    """Compare what our buses drive in addition, where a ride all the way and one to a line are offered."""
    direct, mixed, later = [], [], []
    for found in offered:
        whole = [each for each in found if each.kind is Kind.RIDE]
        parts = [each for each in found if each.kind in _WITH_BOTH]
        if whole and parts:
            direct.append(min(map(_added_s, whole)))
            mixed.append(min(map(_added_s, parts)))
            later.append(_arrives_s(parts) - _arrives_s(whole))
    if not direct:
        return {"both_offered": 0}
    return {
        "both_offered": len(direct) / len(offered),
        "direct_added_s": mean(direct),
        "mixed_added_s": mean(mixed),
        "mixed_later_median_min": median(later) / 60,
    }


def _added_s(journey: Journey) -> int:
    return sum(offer.added_s for offer in journey.rides)


def _arrives_s(found: Sequence[Journey]) -> int:
    least: Callable[[Journey], int] = _added_s
    return min(found, key=least).arrival_s
