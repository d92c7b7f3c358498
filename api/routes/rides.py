"""Offers and bookings."""

from typing import Annotated

from fastapi import APIRouter, Header, Response

from api.errors import Problem
from api.idempotency import Reply
from api.routes.dependencies import BookingPath, House, Language
from api.routes.documentation import problems
from api.routes.strict import StrictRoute
from api.schemas.answers import BookingAnswer, OffersAnswer
from api.schemas.requests import BookingWish, OfferWish

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
        "idempotency-key-invalid",
        "idempotency-key-reused",
        body=True,
        changes=True,
    ),
)
def ask_for_offers(house: House, wish: OfferWish, language: Language, key: Key = None) -> Response:
    """Get up to a few offers, or a refusal that says why and what would work instead."""
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
        "phone-invalid",
        "offer-expired",
        "offer-gone",
        "offer-taken",
        "plan-refused",
        body=True,
        changes=True,
    ),
)
def book(house: House, wish: BookingWish, key: Key = None) -> Response:
    """Turn an offer into a booking with a promise.

    `offer-gone` and `offer-expired` carry `alternatives`: offers that can be taken now.
    """
    if key is None:
        raise Problem("idempotency-key-missing")
    reply = house.take(wish, key)
    response = _written(reply, 201)
    response.headers["Location"] = f"/v1/bookings/{reply.body.id}"
    return response


@router.get(
    "/bookings/{booking_id}",
    operation_id="showBooking",
    summary="A booking",
    responses=problems("booking-unknown", "invalid"),
)
def show_booking(house: House, booking_id: BookingPath) -> BookingAnswer:
    """Show a booking to whoever knows its unguessable id."""
    return house.booking(booking_id)


@router.delete(
    "/bookings/{booking_id}",
    operation_id="cancelBooking",
    summary="Cancel a booking",
    responses=problems(
        "booking-unknown", "cancel-too-late", "day-closed", "plan-refused", "invalid", changes=True
    ),
)
def cancel_booking(house: House, booking_id: BookingPath) -> BookingAnswer:
    """Cancel a booking; cancelling twice is fine."""
    return house.cancel(booking_id)


def _written(reply: Reply[OffersAnswer] | Reply[BookingAnswer], status: int = 200) -> Response:
    """Write an answer down where it was found: the framework would take it to another thread first."""
    headers = {REPLAYED: "true"} if reply.replayed else {}
    return Response(reply.body.model_dump_json(), status, headers, _JSON)
