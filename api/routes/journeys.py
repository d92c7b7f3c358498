"""Journeys: our bus, public lines, and both together."""

from fastapi import APIRouter, Response

from api import keys
from api.errors import Problem
from api.rights import Permission
from api.routes.dependencies import House, Language
from api.routes.documentation import problems
from api.routes.partners import Partner
from api.routes.rides import REPLAYED, Key
from api.routes.strict import StrictRoute
from api.schemas.journeys import JourneyBooking, JourneyBookingAnswer, JourneysAnswer
from api.schemas.requests import OfferWish

router = APIRouter(prefix="/v1", tags=["rides"], route_class=StrictRoute)


@router.post(
    "/journeys",
    operation_id="askForJourneys",
    summary="Ask how to get there",
    responses=problems(
        "area-unknown",
        "address-unknown",
        "address-unclear",
        "no-road",
        "key-invalid",
        body=True,
        changes=True,
    ),
)
def ask_for_journeys(
    house: House, partner: Partner, wish: OfferWish, language: Language
) -> JourneysAnswer:
    """Get up to five journeys by our bus, by lines, or both, the best first.

    Asking stores nothing. Where the area sends riders to the line first, `refusal` says so.
    """
    if partner is not None:
        partner.require(Permission.BOOK_FOR_OTHERS, wish.area_id)
    return house.journeys(wish, language)


@router.post(
    "/journey-bookings",
    status_code=201,
    operation_id="bookJourney",
    summary="Take a journey",
    responses=problems(
        "idempotency-key-missing",
        "idempotency-key-invalid",
        "idempotency-key-reused",
        "idempotency-in-flight",
        "offer-invalid",
        "area-unknown",
        "key-invalid",
        "phone-invalid",
        "journey-gone",
        "offer-taken",
        "plan-refused",
        body=True,
        changes=True,
    ),
)
def book_journey(
    house: House, partner: Partner, wish: JourneyBooking, response: Response, key: Key = None
) -> JourneyBookingAnswer:
    """Turn the rides of a journey into bookings with promises, all of them or none."""
    if key is None:
        raise Problem("idempotency-key-missing")
    keys.check_journey(house.context, partner, wish.journey)
    reply = house.take_journey(wish, key)
    keys.note(house.context, partner, *reply.body.bookings)
    if reply.replayed:
        response.headers[REPLAYED] = "true"
    return reply.body
