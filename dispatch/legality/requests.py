"""Requests nobody could ride and offers nobody can have made."""

from collections.abc import Iterable

from dispatch.errors import IllegalEvent
from dispatch.events import State
from dispatch.legality.places import check_place, check_way
from dispatch.model import (
    LOAD_KINDS,
    Access,
    BookingId,
    Feature,
    Offer,
    Promise,
    Request,
)

_HIGHEST_PRIORITY = 9


def check_request(state: State, request: Request) -> None:
    """Refuse a request nobody could ride.

    Raises
    ------
    IllegalEvent
        ``place-unknown``, ``load-wrong``, ``feature-unknown``, ``walk-negative``,
        ``priority-out-of-range``, ``ride-limit-wrong``, ``outward-itself``. (A way back whose way there
        is not of this day, or cancelled, is a ride like any other.)
    """
    near = (*request.near_origin, *request.near_destination)
    for place in (request.origin, request.destination, *(access.place for access in near)):
        check_place(state.travel, place, f"request {request.id}")
    _check_load(request)
    check_features(request.needs, f"request {request.id}")
    _check_numbers(request, near)
    if request.return_of == request.id:
        raise IllegalEvent(
            "outward-itself",
            f"Request {request.id} is its own way back; name the ride there, or none.",
        )


def check_offer(state: State, offer: Offer, now_s: int) -> None:
    """Refuse an offer nobody can have made.

    Raises
    ------
    IllegalEvent
        ``promise-contradicts``, ``promise-past``, ``offer-open``, ``load-too-big``,
        ``place-unreachable``, and those of :func:`check_request`.
    """
    request = offer.request
    check_request(state, request)
    _check_promise(request.id, offer.promise, now_s)
    if request.near_origin or request.near_destination:
        raise IllegalEvent(
            "offer-open",
            f"The offer for {request.id} leaves open where the rider boards or leaves; name one place for "
            "each and no others near them.",
        )
    check_way(state.travel, request.origin, request.destination, f"request {request.id}")
    if not any(vehicle.has_room(request.load) for vehicle in state.vehicles.values()):
        raise IllegalEvent(
            "load-too-big",
            f"No vehicle of this day has room for {_room(request)} of request {request.id}; split the "
            "party, or open a shift with a larger vehicle.",
        )


def check_booking_is_new(state: State, booking: BookingId) -> None:
    """Refuse to book twice under one id.

    Raises
    ------
    IllegalEvent
        ``booking-exists``.
    """
    if booking in state.bookings:
        raise IllegalEvent("booking-exists", f"There is a booking {booking} on this day already.")


def check_features(features: Iterable[str], whose: str) -> None:
    """Refuse features nobody knows.

    Raises
    ------
    IllegalEvent
        ``feature-unknown``.
    """
    known = {feature.value for feature in Feature}
    unknown = sorted(set(features) - known)
    if unknown:
        raise IllegalEvent(
            "feature-unknown",
            f"{whose.capitalize()} names {', '.join(unknown)}; known features: {', '.join(sorted(known))}.",
        )


def _check_load(request: Request) -> None:
    load = request.load
    if len(load) != len(LOAD_KINDS) or min(load) < 0 or max(load) == 0:
        raise IllegalEvent(
            "load-wrong",
            f"Request {request.id} asks for room {load}; give a number for each of {', '.join(LOAD_KINDS)}, "
            "none of them negative, not all of them 0.",
        )


def _check_numbers(request: Request, near: Iterable[Access]) -> None:
    walks = (request.walk_to_s, request.walk_from_s, *(access.walk_s for access in near))
    if min(walks) < 0:
        raise IllegalEvent(
            "walk-negative", f"A walk of request {request.id} takes {min(walks)} s; give 0 or more."
        )
    if not 0 <= request.priority <= _HIGHEST_PRIORITY:
        raise IllegalEvent(
            "priority-out-of-range",
            f"Request {request.id} has priority {request.priority}; give 0 to {_HIGHEST_PRIORITY}.",
        )
    if request.ride_at_most_s is not None and request.ride_at_most_s <= 0:
        raise IllegalEvent(
            "ride-limit-wrong",
            f"Request {request.id} allows a ride of {request.ride_at_most_s} s; give more than 0, or none.",
        )


def _check_promise(key: BookingId, promise: Promise, now_s: int) -> None:
    window = promise.pickup_from_s <= promise.pickup_until_s
    if not window or promise.arrive_by_s <= promise.pickup_from_s or promise.ride_at_most_s <= 0:
        raise IllegalEvent(
            "promise-contradicts",
            f"What is offered to {key} contradicts itself: pickup from {promise.pickup_from_s} until "
            f"{promise.pickup_until_s} s, arrival by {promise.arrive_by_s} s, at most "
            f"{promise.ride_at_most_s} s aboard; ask for new offers.",
        )
    if promise.pickup_until_s < now_s:
        raise IllegalEvent(
            "promise-past",
            f"What is offered to {key} was to begin by {promise.pickup_until_s} s, which is over ({now_s} "
            "s); ask for new offers.",
        )


def _room(request: Request) -> str:
    """Spell out a load."""
    taken = zip(LOAD_KINDS, request.load, strict=True)
    return ", ".join(f"{number} {kind}" for kind, number in taken if number)
