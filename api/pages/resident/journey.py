"""Booking a journey with a line: the name, then all its rides or none."""

import secrets
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.i18n import Language
from api.pages.rendering import SEE_OTHER, area_of, language_of, render
from api.pages.resident.again import again
from api.pages.resident.book import KEY_BYTES, NameForm, Posted, booked_before, booking_url
from api.pages.resident.search import Search
from api.routes.dependencies import BookingPath, House
from api.schemas.answers import BookingAnswer
from api.schemas.journeys import JourneyBooking

router = APIRouter(include_in_schema=False)

_OK, _CONFLICT, _UNPROCESSABLE = 200, 409, 422
_GONE = ("offer-invalid", "journey-gone")
_TWICE = ("idempotency-key-reused", "offer-taken")


@router.get("/reise")
def ask_name(request: Request, house: House, reise: str = "") -> Response:
    """Ask whom to bring; a journey that is no longer good leads back to fresh ones."""
    form = NameForm(token=reise, key=secrets.token_urlsafe(KEY_BYTES))
    return _name_page(request, house, Search.of(request.query_params), form)


@router.post("/reise")
def book(request: Request, house: House, posted: Posted) -> Response:
    """Book, then show the confirmation; what is wrong is said beside the field."""
    form, search, lang = NameForm.of(posted), Search.of(posted), language_of(request)
    problems = form.check(lang)
    bookings: tuple[BookingAnswer, ...] = ()
    if not problems:
        try:
            bookings = _take(house, form, lang, problems)
        except Problem as problem:
            if problem.code in _GONE:
                return _gone(request, house, search, problem.detail(lang.code))
            if problem.code in _TWICE:
                return booked_before(request, house, search, lang)
            raise
    if problems:
        return _name_page(request, house, search, form, problems)
    # what was told of the way beyond our rides is in the token only
    told = urlencode({"reise": form.token})
    if len(bookings) == 1:
        return RedirectResponse(f"{booking_url(bookings[0])}?{told}", SEE_OTHER)
    ids = "/".join(quote(each.id) for each in bookings)
    return RedirectResponse(f"/reise/{ids}?{told}", SEE_OTHER)


def _take(
    house: House, form: NameForm, lang: Language, problems: dict[str, str]
) -> tuple[BookingAnswer, ...]:
    """Book; what is wrong with a field is added to the problems."""
    try:
        wish = JourneyBooking(
            journey=form.token, name=form.name, phone=form.telephone, **form.contact(lang)
        )
        return house.take_journey(wish, form.key).body.bookings
    except ValidationError:
        problems["name"] = lang.text("Name or telephone number is too long.")
    except Problem as problem:
        if problem.code != "phone-invalid":
            raise
        problems["telefon"] = problem.detail(lang.code)
    return ()


@router.get("/reise/{booking_id}/{second_id}")
def confirmation(
    request: Request,
    house: House,
    booking_id: BookingPath,
    second_id: BookingPath,
    reise: str = "",
) -> Response:
    """Show both rides of a journey to whoever knows its address, and the way between them."""
    bookings = house.booking(booking_id), house.booking(second_id)
    origin, destination = bookings[0].origin, bookings[1].destination
    return render(
        request,
        "resident/journey.html",
        area=house.area(bookings[0].area_id),
        bookings=bookings,
        journey=house.journey_told(reise, (booking_id, second_id)),
        back=again(bookings[0], destination, origin).query,
    )


def _gone(request: Request, house: House, search: Search, sentence: str) -> Response:
    lang = language_of(request)
    heading = lang.text("Somebody else was a little faster")
    return render(
        request,
        "message.html",
        _CONFLICT,
        area=area_of(house, search.area),
        heading=heading,
        sentence=sentence,
    )


def _name_page(
    request: Request,
    house: House,
    search: Search,
    form: NameForm,
    problems: dict[str, str] | None = None,
) -> Response:
    try:
        rides = house.journey_rides(form.token)
    except Problem as problem:
        if problem.code not in _GONE:
            raise
        return RedirectResponse(f"/angebote?{search.query}", SEE_OTHER)
    return render(
        request,
        "resident/journey_name.html",
        _UNPROCESSABLE if problems else _OK,
        area=area_of(house, search.area),
        rides=rides,
        journey=house.journey_told(form.token),
        **form.shown(search, problems),
    )
