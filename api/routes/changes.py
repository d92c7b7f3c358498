"""Changing a booking: what could be had instead, and taking it."""

from fastapi import APIRouter, Response

from api.errors import Problem
from api.routes.dependencies import BookingPath, House, Language
from api.routes.documentation import problems
from api.routes.rides import REPLAYED, Key
from api.routes.strict import StrictRoute
from api.schemas.answers import BookingAnswer, OffersAnswer
from api.schemas.changes import BookingChange, ChangeWish

router = APIRouter(prefix="/v1/bookings", tags=["rides"], route_class=StrictRoute)


@router.post(
    "/{booking_id}/offers",
    operation_id="askForChange",
    summary="Ask for another time or way",
    responses=problems(
        "booking-unknown",
        "change-too-late",
        "address-unknown",
        "address-unclear",
        "no-road",
        body=True,
        changes=True,
    ),
)
def ask_for_change(
    house: House, booking_id: BookingPath, wish: ChangeWish, language: Language
) -> OffersAnswer:
    """Get offers as if the booking were not there, on its own day; nothing is changed yet."""
    return house.ask_change(booking_id, wish, language)


@router.post(
    "/{booking_id}/change",
    operation_id="changeBooking",
    summary="Take another offer instead",
    responses=problems(
        "idempotency-key-missing",
        "idempotency-key-invalid",
        "idempotency-key-reused",
        "idempotency-in-flight",
        "booking-unknown",
        "change-too-late",
        "change-linked",
        "change-elsewhere",
        "offer-invalid",
        "offer-expired",
        "offer-gone",
        "offer-taken",
        "day-closed",
        "plan-refused",
        body=True,
        changes=True,
    ),
)
def change_booking(
    house: House,
    booking_id: BookingPath,
    change: BookingChange,
    response: Response,
    key: Key = None,
) -> BookingAnswer:
    """Put an offer in place of a booking, both or neither.

    On its own day the booking keeps its id; for another day the answer is a new one, and the old is
    cancelled. After any problem the old ride stands as before.
    """
    if key is None:
        raise Problem("idempotency-key-missing")
    reply = house.change_booking(booking_id, change, key)
    if reply.replayed:
        response.headers[REPLAYED] = "true"
    return reply.body
