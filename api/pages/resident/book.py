"""The last steps of a booking: the name, the confirmation, and cancelling it.

A booking is made by one POST under a key that was drawn when the form was shown: sent twice, it books
once. After it the browser is sent to the confirmation, which can be reloaded.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.i18n import Language
from api.pages.rendering import SEE_OTHER, area_of, language_of, render
from api.pages.resident.again import again
from api.pages.resident.answer import offer_gone
from api.pages.resident.search import Search, one_line
from api.routes.dependencies import BookingPath, House
from api.schemas.answers import OPEN, BookingAnswer
from api.schemas.fields import Email
from api.schemas.requests import BookingWish

router = APIRouter(include_in_schema=False)

_OK, _CONFLICT, _UNPROCESSABLE = 200, 409, 422
_STALE = ("offer-invalid", "offer-expired")
_GONE = ("offer-gone", "offer-expired")
_TWICE = ("idempotency-key-reused", "offer-taken")
"""Somebody went back after booking and sent the form once more, with other words in it."""
KEY_BYTES = 16
_EMAIL: TypeAdapter[str] = TypeAdapter(Email)


async def _posted(request: Request) -> Mapping[str, str]:
    """Return the text fields of a posted form."""
    return {name: v for name, v in (await request.form()).items() if isinstance(v, str)}


Posted = Annotated[Mapping[str, str], Depends(_posted)]


@dataclass(frozen=True, slots=True)
class NameForm:
    """What is sent to book: the offer, who travels, and the key that makes it happen once."""

    token: str
    key: str
    name: str = ""
    telephone: str = ""
    email: str = ""
    call: bool = False

    @classmethod
    def of(cls, form: Mapping[str, str]) -> "NameForm":
        """Read the posted form."""
        return cls(
            token=form.get("angebot", ""),
            key=form.get("schluessel", ""),
            name=one_line(form.get("name", "")),
            telephone=one_line(form.get("telefon", "")),
            email=one_line(form.get("email", "")),
            call=form.get("anruf") == "1",
        )

    def check(self, lang: Language) -> dict[str, str]:
        """Return what is missing, one sentence per field."""
        problems = {}
        if not any(letter.isalpha() for letter in self.name):
            problems["name"] = lang.text("Please tell us your name.")
        if not self.telephone:
            problems["telefon"] = lang.text("Please tell us a telephone number.")
        if self.email and not _is_email(self.email):
            problems["email"] = lang.text(
                "This is no e-mail address. Leave the field empty if you have none."
            )
        return problems

    def contact(self, lang: Language) -> dict[str, Any]:
        """Return how the rider wants to hear of the ride, as the API takes it."""
        return {"email": self.email or None, "call": self.call, "language": lang.code}

    def shown(self, search: Search, problems: Mapping[str, str] | None) -> dict[str, Any]:
        """Return what the form is shown with again: what was typed, what is wrong, what was searched."""
        return {
            "token": self.token,
            "key": self.key,
            "name": self.name,
            "telephone": self.telephone,
            "email": self.email,
            "call": self.call,
            "errors": problems or {},
            "kept": search.pairs,
            "query": search.query,
        }


def _is_email(text: str) -> bool:
    try:
        _EMAIL.validate_python(text)
    except ValidationError:
        return False
    return True


@router.get("/buchen")
def ask_name(request: Request, house: House, angebot: str = "") -> Response:
    """Ask whom to bring; an offer that is no longer good leads back to fresh ones."""
    form = NameForm(token=angebot, key=secrets.token_urlsafe(KEY_BYTES))
    return _name_page(request, house, Search.of(request.query_params), form)


@router.post("/buchen")
def book(request: Request, house: House, posted: Posted) -> Response:
    """Book, then show the confirmation; what is wrong is said beside the field."""
    form, search, lang = NameForm.of(posted), Search.of(posted), language_of(request)
    problems = form.check(lang)
    if problems:
        return _name_page(request, house, search, form, problems)
    try:
        wish = BookingWish(
            offer=form.token, name=form.name, phone=form.telephone, **form.contact(lang)
        )
        booking = house.take(wish, form.key).body
    except ValidationError:
        problems["name"] = lang.text("Name or telephone number is too long.")
        return _name_page(request, house, search, form, problems)
    except Problem as problem:
        if problem.code == "phone-invalid":
            problems["telefon"] = problem.detail(lang.code)
            return _name_page(request, house, search, form, problems)
        if problem.code in _GONE:
            return offer_gone(request, house, search, problem.extra["alternatives"])
        if problem.code in _TWICE:
            return booked_before(request, house, search, lang)
        raise
    return RedirectResponse(booking_url(booking), SEE_OTHER)


def booked_before(request: Request, house: House, search: Search, lang: Language) -> Response:
    """Say that this was booked already, and nothing twice."""
    return render(
        request,
        "message.html",
        _CONFLICT,
        area=area_of(house, search.area),
        heading=lang.text("This ride is booked already"),
        sentence=lang.text(
            "Nothing was booked twice. If you need one more ride, please search again."
        ),
    )


def _name_page(
    request: Request,
    house: House,
    search: Search,
    form: NameForm,
    problems: dict[str, str] | None = None,
) -> Response:
    try:
        offer = house.offer(form.token)
    except Problem as problem:
        if problem.code not in _STALE:
            raise
        return RedirectResponse(f"/angebote?{search.query}", SEE_OTHER)
    area = area_of(house, search.area)
    if area is None:  # an address somebody has shortened
        return RedirectResponse(f"/angebote?{search.query}", SEE_OTHER)
    return render(
        request,
        "resident/name.html",
        _UNPROCESSABLE if problems else _OK,
        area=area,
        offer=offer,
        **form.shown(search, problems),
    )


@router.get("/buchung/{booking_id}")
def confirmation(
    request: Request, house: House, booking_id: BookingPath, reise: str = ""
) -> Response:
    """Show a booking with its promise to whoever knows its address; ``reise`` knows the way beyond it."""
    booking, journey = house.booking(booking_id), house.journey_told(reise, (booking_id,))
    origin, destination = (journey and journey.doors) or (booking.origin, booking.destination)
    return render(
        request,
        "resident/booking.html",
        area=house.area(booking.area_id),
        booking=booking,
        journey=journey,
        again=again(booking, origin, destination).query,
        back=again(booking, destination, origin).query,
        feedback=house.feedback_about(booking_id),
    )


@router.get("/buchung/{booking_id}/stornieren")
def ask_cancel(request: Request, house: House, booking_id: BookingPath) -> Response:
    """Ask whether the ride is really to be cancelled."""
    booking = house.booking(booking_id)
    if booking.status not in OPEN:
        return RedirectResponse(booking_url(booking), SEE_OTHER)
    return render(
        request,
        "resident/cancel.html",
        area=house.area(booking.area_id),
        booking=booking,
        action=f"{booking_url(booking)}/stornieren",
        back_url=booking_url(booking),
    )


@router.post("/buchung/{booking_id}/stornieren")
def cancel(house: House, booking_id: BookingPath) -> Response:
    """Cancel the ride and show the booking as it is then."""
    return RedirectResponse(booking_url(house.cancel(booking_id)), SEE_OTHER)


def booking_url(booking: BookingAnswer) -> str:
    """Return the address of a booking's page."""
    return f"/buchung/{quote(booking.id)}"
