"""Offers and bookings."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from api import keys
from api.errors import Problem
from api.idempotency import Reply
from api.rights import Permission
from api.routes.dependencies import BookingPath, House, Language
from api.routes.documentation import problems
from api.routes.partners import Partner
from api.routes.strict import StrictRoute
from api.schemas.answers import BookingAnswer, FoundRidesAnswer, OffersAnswer
from api.schemas.requests import BookingWish, OfferWish, RideSearch

router = APIRouter(prefix="/v1", tags=["rides"], route_class=StrictRoute)

_JSON = "application/json"
REPLAYED = "Idempotent-Replayed"
"""Header of an answer that was given before."""

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Random text; the same key with the same body gets the same answer again.",
        examples=["6f0b1f0e-6c1f-4e5f-9b0a-2f6f3a1c9d77"],
    ),
]


@router.post(
    "/offers",
    response_model=OffersAnswer,
    operation_id="askForOffers",
    summary="Ask for a ride",
    responses=problems(
        "area-unknown",
        "address-unknown",
        "address-unclear",
        "no-road",
        "key-invalid",
        "idempotency-key-invalid",
        "idempotency-key-reused",
        body=True,
        changes=True,
    ),
)
def ask_for_offers(
    house: House, partner: Partner, wish: OfferWish, language: Language, key: Key = None
) -> Response:
    """Get up to a few offers, or a refusal that says why and what would work instead."""
    if partner is not None:
        partner.require(Permission.BOOK_FOR_OTHERS, wish.area_id)
    if key is None:
        return _written(Reply(house.ask(wish, language)))
    return _written(house.ask_once(wish, key, language))


@router.post(
    "/bookings",
    response_model=BookingAnswer,
    status_code=201,
    operation_id="book",
    summary="Take an offer",
    responses=problems(
        "idempotency-key-missing",
        "idempotency-key-invalid",
        "idempotency-key-reused",
        "idempotency-in-flight",
        "offer-invalid",
        "area-unknown",
        "key-invalid",
        "phone-invalid",
        "offer-expired",
        "offer-gone",
        "offer-taken",
        "plan-refused",
        body=True,
        changes=True,
    ),
)
def book(house: House, partner: Partner, wish: BookingWish, key: Key = None) -> Response:
    """Turn an offer into a booking with a promise. A partner can see and cancel its own ones only.

    `offer-gone` and `offer-expired` carry `alternatives`: offers that can be taken now.
    """
    if key is None:
        raise Problem("idempotency-key-missing")
    keys.check_offer(house.context, partner, wish.offer)
    reply = house.take(wish, key)
    keys.note(house.context, partner, reply.body)
    response = _written(reply, 201)
    response.headers["Location"] = f"/v1/bookings/{reply.body.id}"
    return response


@router.post(
    "/bookings/find",
    operation_id="findRide",
    summary="Find a ride again",
    responses=problems("ride-not-found", "too-many-tries", body=True, changes=True),
)
def find_ride(house: House, request: Request, wish: RideSearch) -> FoundRidesAnswer:
    """Find a booking by its code and telephone number, and the same person's other rides ahead.

    Which of both was wrong is not told. After five wrong tries for a code or from an address none is
    answered for 15 minutes.
    """
    return house.find_ride(wish, address_of(request))


@router.get(
    "/bookings/{booking_id}",
    operation_id="showBooking",
    summary="A booking",
    responses=problems("booking-unknown", "key-invalid", "invalid"),
)
def show_booking(house: House, partner: Partner, booking_id: BookingPath) -> BookingAnswer:
    """Show a booking to whoever knows its unguessable id."""
    keys.check_own(house.context, partner, booking_id)
    return house.booking(booking_id)


@router.delete(
    "/bookings/{booking_id}",
    operation_id="cancelBooking",
    summary="Cancel a booking",
    responses=problems(
        "booking-unknown",
        "key-invalid",
        "cancel-too-late",
        "day-closed",
        "plan-refused",
        "invalid",
        changes=True,
    ),
)
def cancel_booking(house: House, partner: Partner, booking_id: BookingPath) -> BookingAnswer:
    """Cancel a booking; cancelling twice is fine."""
    keys.check_own(house.context, partner, booking_id)
    return house.cancel(booking_id)


def address_of(request: Request) -> str:
    """Return the address a request came from; a proxy must be one that tells it."""
    return request.client.host if request.client else ""


def _written(reply: Reply[OffersAnswer] | Reply[BookingAnswer], status: int = 200) -> Response:
    """Write an answer down where it was found: the framework would take it to another thread first."""
    headers = {REPLAYED: "true"} if reply.replayed else {}
    return Response(reply.body.model_dump_json(), status, headers, _JSON)
