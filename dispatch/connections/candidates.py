"""Journeys as the timetable knows them, with the rides of our buses as short as can be."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dispatch.connections.found import JourneyWish, Kind
from dispatch.connections.lines import Lines
from dispatch.connections.reach import Ways, driving_s, ways_from_lines, ways_to_lines
from dispatch.schedule.arrays import FAR
from dispatch.schedule.snapshot import Snapshot
from gtfs.journey import Journey as LineJourney
from gtfs.journey import Offer as Way
from gtfs.journey import Ride, Walk
from gtfs.legs import leg_of
from gtfs.net import ALIGHT, BOARD
from gtfs.search import Limits, journeys_arriving, journeys_leaving

MOST_TRANSFERS = 3
_WINDOWS = 2
"""How many search windows of the area are looked at: in the country a line runs every hour or two."""
_SHARE = 0.6
"""Of the drive, that our buses may still have where a line is used: who gets in for a stop stays aboard."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Legs on lines and on foot, between a ride of ours to them and one from them, where there are.

    ``access`` and ``egress`` are these rides as short as they can be, walks and transfers included.
    """

    kind: Kind
    legs: tuple[Ride | Walk, ...]
    access: Way | None
    egress: Way | None

    @property
    def bound_s(self) -> tuple[int, int]:
        """Departure and arrival with the shortest rides there can be."""
        first, last = self.legs[0], self.legs[-1]
        departure_s, arrival_s = first.departure_s, last.arrival_s
        if self.access is not None:
            departure_s = min(departure_s, self.access.until_s) - self.access.seconds
        if self.egress is not None:
            arrival_s = max(arrival_s, self.egress.from_s) + self.egress.seconds
        return departure_s, arrival_s


@dataclass(frozen=True, slots=True)
class Candidates:
    """All there are, and the ways by bus they may use, by stop."""

    found: tuple[Candidate, ...]
    to_lines: Mapping[int, Sequence[Way]]
    from_lines: Mapping[int, Sequence[Way]]


def candidates(snapshot: Snapshot, lines: Lines, wish: JourneyWish) -> Candidates:
    """Find the useful journeys of every kind that uses a line."""
    party = wish.party
    from_s = party.time_s if wish.departs else -FAR
    until_s = FAR if wish.departs else party.time_s
    access = ways_to_lines(snapshot, lines, party, wish.origin, from_s)
    egress = ways_from_lines(snapshot, lines, party, wish.destination, until_s)
    every = (
        _candidate(kind, journey, starts, ends)
        for kind, starts, ends in _pairs(access, egress, _whole_s(snapshot, wish))
        if starts and ends
        for journey in _search(snapshot, lines, wish, starts, ends)
    )
    found = tuple(each for each in every if not _has_left(each, snapshot.now_s))
    return Candidates(found, _by_stop(access.rides), _by_stop(egress.rides))


def _has_left(candidate: Candidate, now_s: int) -> bool:
    """Whether it is too late for a line or the walk to it; rides of ours know their own lead time."""
    return candidate.access is None and candidate.legs[0].departure_s < now_s


def _by_stop(ways: Sequence[Way]) -> dict[int, list[Way]]:
    found: dict[int, list[Way]] = {}
    for way in ways:
        found.setdefault(way.stop, []).append(way)
    return found


def _whole_s(snapshot: Snapshot, wish: JourneyWish) -> float:
    """Seconds our bus would drive the whole way; no end to it where it does not come."""
    origin, destination = wish.origin.place, wish.destination.place
    if origin is None or destination is None:
        return math.inf
    return driving_s(snapshot, origin, destination)


def _pairs(
    access: Ways, egress: Ways, whole_s: float
) -> Iterator[tuple[Kind, Sequence[Way], Sequence[Way]]]:
    """Yield what to put together; a line is to save a good part of the drive."""
    one_s, each_s = _SHARE * whole_s, _SHARE / 2 * whole_s
    yield Kind.LINE, access.walks, egress.walks
    yield Kind.RIDE_LINE, access.short_rides(one_s), egress.walks
    yield Kind.LINE_RIDE, access.walks, egress.short_rides(one_s)
    yield Kind.RIDE_LINE_RIDE, access.short_rides(each_s), egress.short_rides(each_s)


def _search(
    snapshot: Snapshot, lines: Lines, wish: JourneyWish, starts: Sequence[Way], ends: Sequence[Way]
) -> list[LineJourney]:
    policy = snapshot.state.policy
    walk_s = policy.walk_s(policy.may_walk_to_line_m(wish.party.load))
    limits = Limits(MOST_TRANSFERS, walk_s)
    time_s, window_s = wish.party.time_s, _WINDOWS * policy.search_window_s
    if wish.departs:
        return journeys_leaving(lines.day, starts, ends, time_s, time_s + window_s, limits)
    return journeys_arriving(lines.day, starts, ends, time_s - window_s, time_s, limits)


def _candidate(
    kind: Kind, journey: LineJourney, starts: Sequence[Way], ends: Sequence[Way]
) -> Candidate:
    legs = journey.legs
    by_bus_to = kind in (Kind.RIDE_LINE, Kind.RIDE_LINE_RIDE)
    by_bus_from = kind in (Kind.LINE_RIDE, Kind.RIDE_LINE_RIDE)
    if by_bus_to:
        legs = legs[next(k for k, leg in enumerate(legs) if isinstance(leg, Ride)) :]
    if by_bus_from:
        legs = legs[: max(k for k, leg in enumerate(legs) if isinstance(leg, Ride)) + 1]
    return Candidate(
        kind,
        legs,
        starts[journey.access] if by_bus_to else None,
        ends[journey.egress] if by_bus_from else None,
    )


# --- the same trip at a stop nearer to the door ------------------------------------------------------


def nearer(lines: Lines, candidate: Candidate, known: Candidates) -> Candidate:
    """Return the candidate that meets the same trips at the stops to which our rides are shortest."""
    if candidate.access is not None:
        candidate = _boarded_nearer(lines, candidate, known.to_lines)
    if candidate.egress is not None:
        candidate = _left_nearer(lines, candidate, known.from_lines)
    return candidate


def _boarded_nearer(
    lines: Lines, candidate: Candidate, starts: Mapping[int, Sequence[Way]]
) -> Candidate:
    """Board the first trip where the ride to it is shortest and still possible."""
    leg, best = candidate.legs[0], candidate.access
    assert isinstance(leg, Ride) and best is not None  # noqa: S101, PT018  # a ride ends at a line
    chosen = candidate
    run, _, last = _run_of(lines, leg)
    for event, stop in _calls(lines, run, BOARD):
        if event >= last:
            break
        for way in starts.get(stop, ()):
            if way.from_s <= lines.day.net.departure_s[event] and way.seconds < best.seconds:
                best = way
                other = leg_of(lines.day, run, event, last, stays_aboard=leg.stays_aboard)
                chosen = replace(candidate, legs=(other, *candidate.legs[1:]), access=way)
    return chosen


def _left_nearer(
    lines: Lines, candidate: Candidate, ends: Mapping[int, Sequence[Way]]
) -> Candidate:
    """Leave the last trip where the ride from it is shortest and still possible."""
    leg, best = candidate.legs[-1], candidate.egress
    assert isinstance(leg, Ride) and best is not None  # noqa: S101, PT018  # a ride begins at a line
    chosen = candidate
    run, first, _ = _run_of(lines, leg)
    for event, stop in _calls(lines, run, ALIGHT):
        if event <= first:
            continue
        for way in ends.get(stop, ()):
            if way.until_s >= lines.day.net.arrival_s[event] and way.seconds < best.seconds:
                best = way
                other = leg_of(lines.day, run, first, event, stays_aboard=leg.stays_aboard)
                chosen = replace(candidate, legs=(*candidate.legs[:-1], other), egress=way)
    return chosen


def _run_of(lines: Lines, leg: Ride) -> tuple[int, int, int]:
    """Return the run of a leg, and the events at which one boards and leaves."""
    day, net = lines.day, lines.day.net
    begin = int(day.timetable.first_stop_time[leg.trip])
    boards, leaves = leg.first_stop_time - begin, leg.last_stop_time - begin
    runs = np.flatnonzero(day.run_trip == leg.trip).tolist()
    firsts = {run: int(net.first_event[run]) for run in runs}
    run = next(r for r in runs if net.departure_s[firsts[r] + boards] == leg.departure_s)
    return run, firsts[run] + boards, firsts[run] + leaves


def _calls(lines: Lines, run: int, flag: int) -> Iterator[tuple[int, int]]:
    """Yield the events and stops of a run where one may board, or leave, in order."""
    net = lines.day.net
    first, place = int(net.first_event[run]), int(net.first_place[net.run_line[run]])
    for at in range(int(net.first_event[run + 1]) - first):
        if net.place_flags[place + at] & flag:
            yield first + at, int(net.place_stop[place + at])
