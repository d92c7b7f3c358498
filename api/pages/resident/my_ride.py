"""Somebody without an account finds a ride again: its code, and the number it was booked with."""

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.pages.rendering import SEE_OTHER, language_of, render
from api.pages.resident.book import Posted, booking_url
from api.pages.resident.search import one_line
from api.routes.dependencies import House
from api.routes.rides import address_of
from api.schemas.requests import RideSearch

router = APIRouter(include_in_schema=False)

_SAID = {"ride-not-found", "too-many-tries"}
_UNPROCESSABLE = 422


@router.get("/meine-fahrt")
def ask(request: Request) -> Response:
    """Ask for code and telephone number."""
    return _page(request, {})


@router.post("/meine-fahrt")
def find(request: Request, house: House, posted: Posted) -> Response:
    """Show the ride, or all that lie ahead for the same person; nothing of it is in an address."""
    lang = language_of(request)
    typed = {name: one_line(posted.get(name, "")) for name in ("code", "telefon")}
    errors = {}
    if not typed["code"]:
        errors["code"] = lang.text("Please tell us your booking code.")
    if not typed["telefon"]:
        errors["telefon"] = lang.text("Please tell us a telephone number.")
    if errors:
        return _page(request, errors, typed)
    try:
        found = house.find_ride(_search(**typed), address_of(request))
    except ValidationError:
        errors["code"] = lang.text("The code has six letters and digits.")
        return _page(request, errors, typed)
    except Problem as problem:
        if problem.code not in _SAID:
            raise
        return _page(request, {"code": problem.detail(lang.code)}, typed, problem.status)
    if not found.coming:
        return RedirectResponse(booking_url(found.booking), SEE_OTHER)
    rides = sorted((found.booking, *found.coming), key=lambda ride: ride.promise.pickup_from)
    return render(
        request,
        "resident/my_rides.html",
        area=house.area(found.booking.area_id),
        rides=[(ride, booking_url(ride)) for ride in rides],
    )


def _search(code: str, telefon: str) -> RideSearch:
    """Whoever booked without a number types the name instead."""
    is_number = sum(letter.isdigit() for letter in telefon) > len(telefon) // 2
    return RideSearch(
        code=code,
        phone=telefon if is_number else None,
        name=None if is_number else telefon,
    )


def _page(
    request: Request,
    errors: dict[str, str],
    typed: dict[str, str] | None = None,
    status: int = _UNPROCESSABLE,
) -> Response:
    return render(
        request,
        "resident/my_ride.html",
        status if errors else 200,
        errors=errors,
        typed=typed or {"code": "", "telefon": ""},
    )
