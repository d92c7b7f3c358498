"""Rides of our buses that meet a line: asked of the day exactly, and promised on both sides."""

from collections.abc import Iterator
from dataclasses import replace

from dispatch.connections.candidates import Candidate
from dispatch.connections.found import Journey, JourneyWish, Kind
from dispatch.connections.lines import Lines
from dispatch.connections.reach import transfer_s
from dispatch.engine import decide
from dispatch.events import OfferTaken, RideBooked, State
from dispatch.insertion.search import Slice, Terms, find_best
from dispatch.model import (
    BookingId,
    Connection,
    Offer,
    PlaceIndex,
    Purpose,
    TimeKind,
)
from dispatch.options import Option, cost_of, punctual
from dispatch.policy import Policy
from dispatch.promises import arrives_s, leaves_s, offer_of
from dispatch.schedule.snapshot import Snapshot
from dispatch.wishes import ceil_minute, floor_minute, wished_terms
from gtfs.journey import Ride, Walk

_MINUTE = 60
SECOND = "-2"
"""Ends the id of the second ride of a journey."""


def journey_of(
    snapshot: Snapshot, lines: Lines, wish: JourneyWish, candidate: Candidate
) -> Journey | None:
    """Find places for the rides of a candidate; None if a bus has none in time."""
    legs, first, last = candidate.legs, None, None
    if candidate.access is not None:
        first = _ride_to(snapshot, lines, wish, legs[0])
        if first is None:
            return None
    if candidate.egress is not None:
        then = snapshot if first is None else _with_ride(snapshot, first)
        other = replace(wish, party=replace(wish.party, id=second_id(wish.party.id)))
        last = None if then is None else _ride_from(then, lines, other, legs[-1])
        if last is None:
            return None
    departure_s = leaves_s(first) if first else legs[0].departure_s
    arrival_s = arrives_s(last) if last else legs[-1].arrival_s
    return Journey(candidate.kind, first, legs, last, departure_s, arrival_s)


def line_of(candidate: Candidate) -> Journey | None:
    """Return the journey of a candidate without rides; None if it has some."""
    if candidate.kind is not Kind.LINE:
        return None
    legs = candidate.legs
    return Journey(Kind.LINE, None, legs, None, legs[0].departure_s, legs[-1].arrival_s)


def _ride_to(snapshot: Snapshot, lines: Lines, wish: JourneyWish, leg: Ride | Walk) -> Offer | None:
    """Offer the ride that is at a line's stop in time, not needlessly early."""
    assert isinstance(leg, Ride)  # noqa: S101  # a ride ends where a line is boarded
    policy, end = snapshot.state.policy, wish.origin
    meets = _connection(snapshot, lines, wish, leg, to_line=True)
    request = replace(
        wish.party,
        origin=_known(end.place),
        destination=_place(lines, leg.from_stop),
        time_kind=TimeKind.ARRIVE_BY,
        time_s=floor_minute(_leaves_soonest_s(policy, leg) - meets.transfer_s),
        walk_to_s=end.walk_s,
        walk_from_s=0,
        near_origin=(),
        near_destination=(),
        purpose=wish.party.purpose or Purpose.CONNECTION,
        connection=meets,
    )
    terms = wished_terms(snapshot, request)
    from_s = terms.pickup_from_s
    if wish.departs:
        from_s = max(from_s, ceil_minute(wish.party.time_s + end.walk_s))
    arrive_from_s = terms.arrive_until_s - policy.connection_wait_s
    terms = replace(terms, pickup_from_s=from_s, arrive_from_s=arrive_from_s)
    slices = punctual(policy, terms.times), terms.times
    return _offered(snapshot, terms, _possible(slices))


def _leaves_soonest_s(policy: Policy, leg: Ride) -> int:
    """Seconds at which a line may leave after all: a late one makes up for it, or is on time again.

    Nobody waits at a stop for longer than the area allows because of that.
    """
    if leg.planned_s is None:
        return leg.departure_s
    made_up_s = max(leg.planned_s[0], leg.departure_s - policy.connection_wait_s)
    return min(leg.departure_s, made_up_s)


def _ride_from(
    snapshot: Snapshot, lines: Lines, wish: JourneyWish, leg: Ride | Walk
) -> Offer | None:
    """Offer the ride that begins where a line is left, without a long wait."""
    assert isinstance(leg, Ride)  # noqa: S101  # a ride begins where a line is left
    policy, end = snapshot.state.policy, wish.destination
    meets = _connection(snapshot, lines, wish, leg, to_line=False)
    request = replace(
        wish.party,
        origin=_place(lines, leg.to_stop),
        destination=_known(end.place),
        time_kind=TimeKind.DEPART_AT,
        time_s=ceil_minute(leg.arrival_s + meets.transfer_s),
        walk_to_s=0,
        walk_from_s=end.walk_s,
        near_origin=(),
        near_destination=(),
        purpose=wish.party.purpose or Purpose.CONNECTION,
        connection=meets,
    )
    terms = wished_terms(snapshot, request)
    until_s = min(terms.pickup_until_s, terms.pickup_from_s + policy.connection_wait_s)
    arrive_s = terms.arrive_until_s
    if not wish.departs:
        arrive_s = floor_minute(wish.party.time_s - end.walk_s)
    terms = replace(terms, pickup_until_s=until_s, arrive_until_s=arrive_s)
    return _offered(snapshot, terms, _possible((terms.times,)))


def _offered(snapshot: Snapshot, terms: Terms, slices: Iterator[Slice]) -> Offer | None:
    """Offer the cheapest place in which nobody waits longer than the terms say.

    The promise leaves the bus free to be earlier than the schedule found, where that had it wait.
    """
    found = [each for each in find_best(snapshot, terms, tuple(slices)) if each is not None]
    for option in sorted((Option(each, terms) for each in found), key=cost_of):
        offer = offer_of(snapshot, option)
        if offer.planned_arrival_s > terms.arrive_from_s - _MINUTE:
            return offer
    return None


def _possible(slices: tuple[Slice, ...]) -> Iterator[Slice]:
    for part in slices:
        if part.pickup_from_s <= part.pickup_until_s and part.arrive_from_s <= part.arrive_until_s:
            yield part


def _with_ride(snapshot: Snapshot, first: Offer) -> Snapshot | None:
    """Return the day with the first ride booked, in which the second needs a place, too."""
    after = booked(snapshot.state, first, snapshot.now_s)
    return None if after is None else Snapshot.at(after, snapshot.now_s)


def booked(state: State, offer: Offer, now_s: int) -> State | None:
    """Return the state with an offer taken, None if it is gone."""
    after, effects = decide(state, OfferTaken(offer), now_s)
    return after if any(isinstance(effect, RideBooked) for effect in effects) else None


def _connection(
    snapshot: Snapshot, lines: Lines, wish: JourneyWish, leg: Ride, *, to_line: bool
) -> Connection:
    stop = leg.from_stop if to_line else leg.to_stop
    return Connection(
        to_line=to_line,
        trip=leg.trip_id,
        service_day=leg.service_day,
        stop=lines.day.timetable.stop_id[stop],
        line=f"{leg.route} {leg.headsign}".strip(),
        time_s=leg.departure_s if to_line else leg.arrival_s,
        transfer_s=transfer_s(snapshot, wish.party),
    )


def _place(lines: Lines, stop: int) -> PlaceIndex:
    return PlaceIndex(int(lines.place[stop]))


def _known(place: PlaceIndex | None) -> PlaceIndex:
    assert place is not None  # noqa: S101  # ways by bus are only found where it comes
    return place


def second_id(key: BookingId) -> BookingId:
    """Return the id of the second ride of a journey."""
    return BookingId(key + SECOND)
