"""All ways to get there: our bus, lines, both; what no way beats, the best first.

First the times at which a bus could be at each stop at all, then the timetable with these, then an exact
search in the tours for what came out of it.
"""

from collections.abc import Iterator

from dispatch.connections.candidates import Candidate, candidates, nearer
from dispatch.connections.found import (
    DRIVEN,
    Journey,
    JourneyWish,
    Kind,
    cost_s,
    of_ride,
    undominated,
)
from dispatch.connections.lines import Lines
from dispatch.connections.meeting import journey_of, line_of
from dispatch.model import Offer
from dispatch.schedule.snapshot import Snapshot
from gtfs.journey import Ride, Walk

AT_MOST = 5
_ASKED_AT_MOST = 12
"""Candidates for which the tours are searched."""
_FOUND_AT_MOST = 8
_WORSE, _WORSE_S = 2.0, 1800
"""Nobody wants to hear of a journey that is worse than the best by more than this."""


def journeys(
    snapshot: Snapshot, lines: Lines, wish: JourneyWish, direct: tuple[Offer, ...] = ()
) -> tuple[Journey, ...]:
    """Answer a wish with up to five journeys no other one beats, the best first.

    ``direct`` are the offers for the whole way.
    """
    found = [of_ride(offer) for offer in direct]
    found += _with_lines(snapshot, lines, wish)
    found.sort(key=lambda journey: cost_s(journey, wish))
    return tuple(_chosen(undominated(found), wish))


def _with_lines(snapshot: Snapshot, lines: Lines, wish: JourneyWish) -> Iterator[Journey]:
    known = candidates(snapshot, lines, wish)
    yield from (journey for journey in map(line_of, known.found) if journey is not None)
    with_rides = [each for each in known.found if each.kind is not Kind.LINE]
    with_rides.sort(key=lambda each: _bound(each, wish))
    found, asked = 0, set[tuple[Kind, tuple[Ride | Walk, ...]]]()
    for candidate in with_rides[:_ASKED_AT_MOST]:
        for each in (candidate, nearer(lines, candidate, known)):
            # its ways may differ: a bus has several spans of time for a stop
            known_already = (each.kind, each.legs) in asked
            journey = None if known_already else journey_of(snapshot, lines, wish, each)
            asked.add((each.kind, each.legs))
            if journey is not None:
                yield journey
                found += 1
        if found >= _FOUND_AT_MOST:
            return


def _bound(candidate: Candidate, wish: JourneyWish) -> float:
    """Price the journey as if its rides were as short as can be."""
    departure_s, arrival_s = candidate.bound_s
    shortest = Journey(candidate.kind, None, candidate.legs, None, departure_s, arrival_s)
    driven = sum(way.seconds for way in (candidate.access, candidate.egress) if way is not None)
    return cost_s(shortest, wish) + DRIVEN * driven


def _chosen(best: list[Journey], wish: JourneyWish) -> list[Journey]:
    """Take the best, nothing much worse, and of each kind no more than half of all that are told."""
    chosen: list[Journey] = []
    enough_s = _WORSE * cost_s(best[0], wish) + _WORSE_S if best else 0.0
    for journey in best:
        if cost_s(journey, wish) > enough_s:
            break
        alike = sum(other.kind is journey.kind for other in chosen)
        if alike < (AT_MOST + 1) // 2 and len(chosen) < AT_MOST:
            chosen.append(journey)
    return chosen
