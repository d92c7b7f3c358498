"""How the stops of lines can be reached from a door, and the door from them: on foot, or by a bus of ours.

Times of rides are the least there can be; whether a bus has a place is asked afterwards.
"""

from dataclasses import dataclass, replace

from dispatch.connections.lines import End, Lines
from dispatch.connections.window_kernels import arrivals_at, departures_from
from dispatch.insertion.search import Terms, wanted
from dispatch.model import PlaceIndex, Request
from dispatch.schedule.arrays import FAR
from dispatch.schedule.snapshot import Snapshot
from dispatch.wishes import ceil_minute, soonest_pickup_s
from gtfs.journey import Offer as Way
from gtfs.net import NEVER

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways between a door and stops; ``rides`` are those with a bus of ours, ``driven_s`` their drives."""

    walks: tuple[Way, ...]
    rides: tuple[Way, ...] = ()
    driven_s: tuple[int, ...] = ()

    def short_rides(self, at_most_s: float) -> tuple[Way, ...]:
        """Return the rides with no longer a drive than that."""
        both = zip(self.rides, self.driven_s, strict=True)
        return tuple(way for way, driven_s in both if driven_s <= at_most_s)


def ways_to_lines(snapshot: Snapshot, lines: Lines, party: Request, end: End, from_s: int) -> Ways:
    """Return the ways from a door to the stops of lines, for who may leave it at ``from_s``."""
    policy = snapshot.state.policy
    walks = _walks(snapshot, lines, party, end)
    if end.place is None or _too_far_ahead(snapshot):
        return Ways(walks)
    pickup_s = max(
        ceil_minute(from_s + end.walk_s), soonest_pickup_s(snapshot.state, party, snapshot.now_s)
    )
    terms = _terms(party, end.place, end.place, pickup_s, policy.closes_s)
    stops = lines.served
    spans = arrivals_at(
        snapshot.opened, snapshot.limits, snapshot.road, wanted(snapshot, terms), lines.place[stops]
    )
    board_s = policy.stop_s + policy.boarding_time_s(party.load)
    change_s = transfer_s(snapshot, party)
    rides, driven = [], []
    for at, first_s, last_s in spans.tolist():
        stop = int(stops[at])
        way_s = driving_s(snapshot, end.place, PlaceIndex(int(lines.place[stop])))
        if way_s > policy.ride_at_most_s or way_s == 0:
            continue
        seconds = ceil_minute(end.walk_s + board_s + way_s + change_s)
        driven.append(way_s)
        rides.append(Way(stop, seconds, first_s + change_s, min(last_s + change_s, NEVER)))
    return Ways(walks, tuple(rides), tuple(driven))


def ways_from_lines(
    snapshot: Snapshot, lines: Lines, party: Request, end: End, until_s: int
) -> Ways:
    """Return the ways from the stops of lines to a door, for who must be there by ``until_s``."""
    policy = snapshot.state.policy
    walks = _walks(snapshot, lines, party, end)
    if end.place is None or _too_far_ahead(snapshot):
        return Ways(walks)
    soonest_s = soonest_pickup_s(snapshot.state, party, snapshot.now_s)
    terms = _terms(party, end.place, end.place, soonest_s, FAR, min(until_s - end.walk_s, FAR))
    stops = lines.served
    spans = departures_from(
        snapshot.opened, snapshot.limits, snapshot.road, wanted(snapshot, terms), lines.place[stops]
    )
    board_s = policy.stop_s + policy.boarding_time_s(party.load)
    change_s = transfer_s(snapshot, party)
    rides, driven = [], []
    for at, first_s, last_s in spans.tolist():
        stop = int(stops[at])
        way_s = driving_s(snapshot, PlaceIndex(int(lines.place[stop])), end.place)
        pickup_s = max(first_s, soonest_s)
        if way_s > policy.ride_at_most_s or way_s == 0 or pickup_s > last_s:
            continue
        seconds = ceil_minute(change_s + board_s + way_s + end.walk_s)
        driven.append(way_s)
        rides.append(Way(stop, seconds, pickup_s - change_s, min(last_s - change_s, NEVER)))
    return Ways(walks, tuple(rides), tuple(driven))


def transfer_s(snapshot: Snapshot, party: Request) -> int:
    """Seconds between our bus and a line at one stop: getting in or out, and crossing over."""
    policy = snapshot.state.policy
    return ceil_minute(policy.alighting_time_s(party.load) + policy.transfer_time_s(party.load))


def driving_s(snapshot: Snapshot, origin: PlaceIndex, destination: PlaceIndex) -> int:
    """Planned seconds between two places."""
    return snapshot.state.policy.driving_s(int(snapshot.state.travel.seconds[origin, destination]))


def _too_far_ahead(snapshot: Snapshot) -> bool:
    """Whether nobody can book a ride for this day yet; lines run all the same."""
    return snapshot.now_s < -snapshot.state.policy.booking_horizon_s


def _walks(snapshot: Snapshot, lines: Lines, party: Request, end: End) -> tuple[Way, ...]:
    policy = snapshot.state.policy
    at_most_m = policy.may_walk_to_line_m(party.load)
    found = lines.on_foot(end.lon, end.lat, policy, at_most_m)
    return tuple(Way(stop, ceil_minute(walk_s)) for stop, walk_s in found)


def _terms(
    party: Request,
    origin: PlaceIndex,
    destination: PlaceIndex,
    from_s: int,
    until_s: int,
    arrive_s: int = FAR,
) -> Terms:
    ride = replace(party, origin=origin, destination=destination)
    return Terms(ride, from_s, until_s, -FAR, arrive_s, FAR, from_s)
