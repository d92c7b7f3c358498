"""A party no bus has room for, on two buses: the larger part on one, the rest on another."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from dispatch.events import State
from dispatch.insertion.search import Terms, find_all, tour_with
from dispatch.model import LOAD_KINDS, Booking, BookingId, Load, LoadKind, Offer, Request, persons
from dispatch.offers import offers_for
from dispatch.schedule.snapshot import Snapshot

_PEOPLE = (LoadKind.SEAT, LoadKind.WHEELCHAIR, LoadKind.CHILD_SEAT)


def parts_for(snapshot: Snapshot, request: Request) -> tuple[Offer, ...]:
    """Offer the largest part of the party that fits, and the rest if that fits too.

    The second offer stands once the first is taken; its request has an id of its own.
    """
    for part, rest in _worth_asking(snapshot.state, request.load):
        offers = offers_for(snapshot, replace(request, load=part))
        if offers:
            other = replace(request, id=BookingId(f"{request.id}-2"), load=rest)
            after = Snapshot.at(_with_taken(snapshot, offers[0]), snapshot.now_s)
            return (offers[0], *offers_for(after, other)[:1])
    return ()


def _worth_asking(state: State, load: Load) -> Iterator[tuple[Load, Load]]:
    """Yield one split for each size of the larger part, both parts small enough for some bus."""
    vehicles = {state.vehicles[shift.vehicle] for shift in state.shifts.values()}
    largest = max(
        (limit.at_most for vehicle in vehicles for limit in vehicle.limits), default=persons(load)
    )
    if persons(load) > 2 * largest:
        return
    asked = set()
    for part, rest in sorted(splits(load), key=lambda split: -persons(split[0])):
        roomy = all(any(v.has_room(each) for v in vehicles) for each in (part, rest))
        if roomy and persons(part) not in asked:
            asked.add(persons(part))
            yield part, rest


def splits(load: Load) -> Iterator[tuple[Load, Load]]:
    """Split a party in two, neither empty, no children on their own, things with one of the parts.

    The first part is not the smaller one.
    """
    people = [LOAD_KINDS.index(kind) for kind in _PEOPLE]
    bare = tuple(n if kind in people else 0 for kind, n in enumerate(load))
    things = tuple(n - m for n, m in zip(load, bare, strict=True))
    for counts in product(*(range(n + 1) for n in bare)):
        rest = tuple(n - m for n, m in zip(bare, counts, strict=True))
        if persons(counts) >= persons(rest) and _has_adult(counts) and _has_adult(rest):
            yield _sum(counts, things), rest
            if any(things):
                yield counts, _sum(rest, things)


def _has_adult(load: Load) -> bool:
    return load[LOAD_KINDS.index(LoadKind.SEAT)] + load[LOAD_KINDS.index(LoadKind.WHEELCHAIR)] > 0


def _sum(one: Load, other: Load) -> Load:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _with_taken(snapshot: Snapshot, offer: Offer) -> State:
    """Return the day with an offer taken, as the engine takes it."""
    state, request = snapshot.state, offer.request
    terms = Terms.of_promise(request, offer.promise)
    found = find_all(snapshot, terms)
    place = next((each for each in found if each.shift.id == offer.shift), found[0])
    tour = tour_with(snapshot, terms, place)
    booking = Booking(request.id, request, offer.promise, tour.shift, offer.fare_cents)
    return replace(
        state,
        tours={**state.tours, tour.shift: tour},
        bookings={**state.bookings, booking.id: booking},
    )
